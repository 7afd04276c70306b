package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/api/signin"
)

// edgeSettings say whom the HTTP interface believes and what it lets in.
type edgeSettings struct {
	TLSCert, TLSKey  string
	BehindProxy      []string
	Hosts            []string
	CORSOrigins      []string
	RateLimits       []string
	SecurityContact  string
	SessionLife      time.Duration
	ClientIssuer     string
	ClientID         string
	ClientSecretFile string
}

// edgeFlags are of every role that listens.
var edgeFlags = []string{
	"public-url", "tls-cert", "tls-key", "behind-proxy", "hosts", "cors-origins", "rate-limits", "security-contact", "session-life",
	"oidc-client-issuer", "oidc-client-id", "oidc-client-secret-file",
}

func (e *edgeSettings) flags() []cli.Flag {
	text := func(name, usage string, dest *string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: usage, Destination: dest, Sources: env(name)}
	}
	list := func(name, usage string, dest *[]string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: usage, Destination: dest, Sources: env(name)}
	}
	return []cli.Flag{
		text("tls-cert", "certificate chain of the HTTP interface, PEM; read again when it changes", &e.TLSCert),
		text("tls-key", "its private key, PEM", &e.TLSKey),
		list("behind-proxy", "addresses or networks of the proxies in front, as in 10.0.0.0/8; X-Forwarded-For and -Proto are believed from them only", &e.BehindProxy),
		list("hosts", "more names under which the interface is reached, beside --listen, localhost and --public-url; on a loopback address, or if given, requests for other names are refused", &e.Hosts),
		list("cors-origins", "origins whose scripts may read answers with a token, as in https://portal.example.vn", &e.CORSOrigins),
		list("rate-limits", "budgets as name=per-second:burst, or name=off: reading, filing, batches, rows (of a token), address, failures (of an address)", &e.RateLimits),
		text("security-contact", "where faults of security are to be told, mailto: or https:, for /.well-known/security.txt", &e.SecurityContact),
		&cli.DurationFlag{Name: "session-life", Value: api.Default().SessionLife, Usage: "longest time that somebody stays signed in at the pages", Destination: &e.SessionLife, Sources: env("session-life")},
		text("oidc-client-issuer", "OpenID provider at which people sign in with a browser; needs --oidc-client-id and --public-url", &e.ClientIssuer),
		text("oidc-client-id", "what that provider knows this installation by", &e.ClientID),
		text("oidc-client-secret-file", "file with the secret of that client; none for a public client", &e.ClientSecretFile),
	}
}

// edges reads the settings for the interface.
func (s *settings) edges() (api.Config, error) {
	c := api.Default()
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, text := range s.BehindProxy {
		network, err := parseNetwork(text)
		if err != nil {
			bad("--behind-proxy %q is no address and no network: %w", text, err)
		}
		c.Proxies = append(c.Proxies, network)
	}
	for _, text := range s.RateLimits {
		if err := setRate(&c.Rates, text); err != nil {
			bad("--rate-limits %q: %w", text, err)
		}
	}
	c.Origins, c.SecurityContact, c.SessionLife = s.CORSOrigins, s.SecurityContact, s.SessionLife
	if u, err := url.Parse(s.PublicURL); err == nil && u.Host != "" {
		c.PublicURL = u.Scheme + "://" + strings.ToLower(u.Host)
	}
	c.Hosts = s.knownHosts()
	if err := c.Validate(); err != nil {
		bad("%w", err)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		bad("--tls-cert and --tls-key belong together")
	}
	if s.ClientIssuer != "" && (s.ClientID == "" || s.PublicURL == "") || s.ClientIssuer == "" && (s.ClientID != "" || s.ClientSecretFile != "") {
		bad("--oidc-client-issuer, --oidc-client-id and --public-url belong together")
	}
	return c, errors.Join(errs...)
}

// knownHosts are the names that a request may be for; nil for every name. A loopback address
// is reached by every browser of this machine, whatever page it shows, so there only ours are
// taken.
func (s *settings) knownHosts() []string {
	listen, _, _ := net.SplitHostPort(s.Listen)
	if !isLoopback(listen) && len(s.Hosts) == 0 {
		return nil
	}
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if listen != "" && listen != "0.0.0.0" && listen != "::" {
		hosts = append(hosts, strings.ToLower(listen))
	}
	if u, err := url.Parse(s.PublicURL); err == nil && u.Hostname() != "" {
		hosts = append(hosts, strings.ToLower(u.Hostname()))
	}
	for _, host := range s.Hosts {
		hosts = append(hosts, strings.ToLower(host))
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func parseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// setRate reads "name=per-second:burst" or "name=off".
func setRate(rates *api.Rates, text string) error {
	name, value, _ := strings.Cut(text, "=")
	rate := rates.Named()[name]
	if rate == nil {
		return errors.New("there is no such budget")
	}
	if value == "off" {
		*rate = api.Rate{}
		return nil
	}
	second, burst, _ := strings.Cut(value, ":")
	perSecond, err1 := strconv.ParseFloat(second, 64)
	most, err2 := strconv.Atoi(burst)
	if err1 != nil || err2 != nil || perSecond <= 0 {
		return errors.New("want name=per-second:burst, as in reading=50:1000")
	}
	*rate = api.Rate{PerSecond: perSecond, Burst: most}
	return nil
}

// openEdges reads what lies in files: the certificate, and where people sign in.
func (p *platform) openEdges(d *api.Deps) error {
	s := p.settings
	if s.TLSCert != "" {
		certificate, err := api.LoadCertificate(s.TLSCert, s.TLSKey, d.Log, p.registry)
		if err != nil {
			return err
		}
		d.Certificate, p.certificate = certificate, certificate
	}
	if s.ClientIssuer != "" {
		secret, err := readSecret(s.ClientSecretFile)
		if err != nil {
			return fmt.Errorf("--oidc-client-secret-file: %w", err)
		}
		d.SignIn = signin.New(signin.Config{
			Issuer: s.ClientIssuer, ClientID: s.ClientID, ClientSecret: secret, Timeout: 10 * time.Second,
			RedirectURL: strings.TrimSuffix(s.PublicURL, "/") + "/sign-in/callback",
		})
	}
	listen, _, _ := net.SplitHostPort(s.Listen)
	if !isLoopback(listen) && s.TLSCert == "" && len(s.BehindProxy) == 0 {
		p.log.Warn("tokens and personal data go over this address unencrypted: give --tls-cert and --tls-key, or --behind-proxy if a proxy does it", "listen", s.Listen)
	}
	return nil
}

// readSecret reads a secret of one line; empty without a file.
func readSecret(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(data))
	if secret == "" {
		return "", errors.New("the file is empty")
	}
	return secret, nil
}

// ownURL is the address of this process's own interface.
func (p *platform) ownURL(address string) string {
	if p.certificate != nil {
		return "https://" + address
	}
	return "http://" + address
}

func (p *platform) selfTransport() *http.Transport {
	t := &http.Transport{}
	if p.certificate != nil {
		t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&tls.Dialer{Config: p.certificate.Self()}).DialContext(ctx, network, address)
		}
	}
	return t
}

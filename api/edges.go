package api

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"atvsld/ingest/intake"
)

// Edges say whom the interface believes and what it lets in. The zero value of each member
// is the strict one, except where it says otherwise.
type Edges struct {
	// CertCheck is the time between two looks at the files of Deps.Certificate.
	CertCheck time.Duration

	// Proxies are the peers whose X-Forwarded-For and X-Forwarded-Proto are believed.
	Proxies []netip.Prefix
	// Hosts are the names, without a port, that may stand in the header Host; nil for every
	// name, which an interface on a loopback address must not have: see [Server.knownHost].
	Hosts []string
	// Origins are the web origins whose scripts may read answers, as in
	// "https://portal.example.vn". They come with a token, never with the session.
	Origins []string
	// PublicURL is the address under which people reach the interface, without a path.
	PublicURL string
	// SecurityContact is where faults of security are to be told (mailto: or https:); with
	// none there is no /.well-known/security.txt.
	SecurityContact string

	// SessionLife bounds a session of the pages; the token within may end it before.
	SessionLife time.Duration

	// MaxUnpacked bounds what a compressed batch may unpack to, in bytes; MaxRatio bounds it
	// by the bytes that came, from the first megabyte on.
	MaxUnpacked, MaxRatio int64

	Rates Rates
}

func defaultEdges() Edges {
	return Edges{
		CertCheck: 10 * time.Second, SessionLife: 8 * time.Hour,
		// The demonstration data of ten years are 0.1 GB and pack to a sixteenth.
		MaxUnpacked: 8 << 30, MaxRatio: 100,
		Rates: DefaultRates(),
	}
}

// validate returns everything that is wrong with e.
func (e Edges) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("api: "+format, args...)) }
	if e.CertCheck <= 0 {
		bad("CertCheck must be positive")
	}
	if e.SessionLife < time.Minute || e.SessionLife > 24*time.Hour {
		bad("SessionLife %s is not from one minute to one day", e.SessionLife)
	}
	if e.MaxUnpacked <= 0 || e.MaxRatio <= 1 {
		bad("MaxUnpacked must be positive and MaxRatio above 1")
	}
	for _, host := range e.Hosts {
		if host == "" || host != hostName(host) {
			bad("host %q is no lower-case name or address without a port", host)
		}
	}
	for _, origin := range e.Origins {
		if err := checkOrigin(origin); err != nil {
			bad("origin %q: %w", origin, err)
		}
	}
	if e.PublicURL != "" {
		if err := checkOrigin(e.PublicURL); err != nil {
			bad("PublicURL %q: %w", e.PublicURL, err)
		}
	}
	if c := e.SecurityContact; c != "" && !strings.HasPrefix(c, "mailto:") && !strings.HasPrefix(c, "https://") || strings.ContainsAny(c, "\r\n") {
		bad("SecurityContact %q is neither mailto: nor https:", c)
	}
	return errors.Join(append(errs, e.Rates.validate())...)
}

// checkOrigin takes scheme, host and port and nothing else: no wildcard, no path, no user.
func checkOrigin(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("cannot be read")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("is neither https nor http")
	case u.Host == "" || strings.ContainsAny(u.Host, "*"):
		return errors.New("names no single host")
	case text != u.Scheme+"://"+strings.ToLower(u.Host):
		return errors.New("is more than scheme, lower-case host and port")
	}
	return nil
}

// Rate is a budget that refills.
type Rate struct {
	// PerSecond is what may be spent on average; 0 for no limit.
	PerSecond float64
	// Burst is what may be spent at once after a pause.
	Burst int
}

// Rates bound how often somebody may ask. Batches and single submissions are counted apart,
// so that a bulk load cannot use up what the declaration of a death needs. An operator's
// token has no limits: it loads, measures and repairs.
type Rates struct {
	// Reading, Filing and Batches count requests of one holder of tokens, Rows the rows of
	// his batches, which then wait and are not refused.
	Reading, Filing, Batches, Rows Rate
	// Address counts requests without a token from one address (IPv6: from one /64).
	Address Rate
	// Failures counts wrong tokens from one address. Afterwards tokens that this process
	// does not know to be good are refused unread from there, and from nowhere else.
	Failures Rate
}

// DefaultRates let people and programs work and stop what only makes load.
func DefaultRates() Rates {
	return Rates{
		Reading: Rate{50, 1000}, Filing: Rate{50, 1000}, Batches: Rate{1, 30}, Rows: Rate{2000, 20_000},
		Address: Rate{20, 400}, Failures: Rate{0.1, 20},
	}
}

// Named returns the budgets by their names, to be set by them.
func (r *Rates) Named() map[string]*Rate {
	return map[string]*Rate{
		"reading": &r.Reading, "filing": &r.Filing, "batches": &r.Batches, "rows": &r.Rows,
		"address": &r.Address, "failures": &r.Failures,
	}
}

func (r *Rates) validate() error {
	var errs []error
	for _, name := range sortedKeys(r.Named()) {
		rate := r.Named()[name]
		least := 1
		if name == "rows" {
			least = intake.MaxChunk // a chunk is taken as a whole
		}
		switch {
		case rate.PerSecond == 0 && rate.Burst == 0:
		case !(rate.PerSecond > 0 && rate.PerSecond <= 1e6):
			errs = append(errs, fmt.Errorf("api: rate %s: %g a second is not above 0 and at most a million", name, rate.PerSecond))
		case rate.Burst < least || rate.Burst > 1e9:
			errs = append(errs, fmt.Errorf("api: rate %s: a burst of %d is not from %d to a thousand million", name, rate.Burst, least))
		}
	}
	return errors.Join(errs...)
}

package identity

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/singleflight"
)

const (
	// keysFresh is how long the keys of an issuer are used without asking again: a key that
	// the issuer takes back is accepted for no longer.
	keysFresh = 15 * time.Minute
	// keysStale is how long they are used when the issuer does not answer.
	keysStale = 12 * time.Hour
	// askAgain is the shortest time between two questions to an issuer, whatever comes:
	// tokens with made-up key ids cause no more.
	askAgain = 10 * time.Second

	// maxDocument bounds what is read of an issuer's document, maxKeys how many of its keys
	// are kept, minRSA how short an RSA key may be (bits; NIST SP 800-131A).
	maxDocument = 512 << 10
	maxKeys     = 100
	minRSA      = 2048
)

// CheckIssuers tells everything that is wrong with the addresses of issuers. They are https;
// plain http only on this machine.
func CheckIssuers(issuers []string) error {
	var errs []error
	for i, issuer := range issuers {
		u, err := url.Parse(issuer)
		switch {
		case err != nil || !secureAddress(u) || u.User != nil || u.RawQuery != "" || u.Fragment != "":
			errs = append(errs, fmt.Errorf("issuer %q: want an https address without query", issuer))
		case slices.Contains(issuers[:i], issuer):
			errs = append(errs, fmt.Errorf("issuer %q is given twice", issuer))
		}
	}
	return errors.Join(errs...)
}

// secureAddress: nobody on the way can put keys of his own in place.
func secureAddress(u *url.URL) bool {
	if u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || (u.Scheme == "http" && (u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())))
}

func newClient() *http.Client {
	return &http.Client{
		Timeout: askTimeout,
		// A redirect could lead to where nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected") },
	}
}

// remoteKeys has the keys of an OpenID provider, by its discovery document.
type remoteKeys struct {
	issuer string
	client *http.Client
	clock  func() time.Time
	flight singleflight.Group

	mu            sync.Mutex
	known         []jose.JSONWebKey
	asked, loaded time.Time
}

func newRemoteKeys(issuer string, client *http.Client, clock func() time.Time) *remoteKeys {
	return &remoteKeys{issuer: issuer, client: client, clock: clock}
}

// keys returns those of an id. An id that is not known, and old keys, cause a question to the
// issuer, but not more often than askAgain.
func (r *remoteKeys) keys(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	found, loaded, again := r.look(id)
	now := r.clock()
	if again && (len(found) == 0 || now.Sub(loaded) >= keysFresh) {
		_, err, _ := r.flight.Do("", func() (any, error) { return nil, r.load(ctx) })
		found, loaded, _ = r.look(id)
		if err != nil && (loaded.IsZero() || len(found) == 0) {
			return nil, err
		}
	}
	switch {
	case loaded.IsZero() || now.Sub(loaded) >= keysStale:
		return nil, fmt.Errorf("%w: %s", ErrUnreachable, r.issuer)
	case len(found) == 0:
		return nil, refused("the issuer has no key of the id")
	}
	return found, nil
}

// look returns the known keys of an id, when they were loaded, and whether the issuer may be
// asked again.
func (r *remoteKeys) look(id string) (found []jose.JSONWebKey, loaded time.Time, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.known {
		if k.KeyID == id {
			found = append(found, k)
		}
	}
	return found, r.loaded, r.asked.IsZero() || r.clock().Sub(r.asked) >= askAgain
}

// load asks the issuer where its keys are, and for them.
func (r *remoteKeys) load(ctx context.Context) error {
	// Others wait for this answer, so it does not end with the one who asked first.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTimeout)
	defer cancel()
	asked := r.clock()
	r.mu.Lock()
	r.asked = asked
	r.mu.Unlock()
	keys, err := r.fetch(ctx)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnreachable, r.issuer, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known, r.loaded = keys, asked
	return nil
}

func (r *remoteKeys) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	var provider struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	if err := r.get(ctx, strings.TrimSuffix(r.issuer, "/")+"/.well-known/openid-configuration", &provider); err != nil {
		return nil, err
	}
	// OpenID Connect Discovery 1.0, 4.3: otherwise one issuer could speak for another.
	if provider.Issuer != r.issuer {
		return nil, errors.New("its discovery document names another issuer")
	}
	if u, err := url.Parse(provider.KeysURL); err != nil || !secureAddress(u) {
		return nil, errors.New("the address of its keys is not https")
	}
	var set struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := r.get(ctx, provider.KeysURL, &set); err != nil {
		return nil, err
	}
	return usable(set.Keys), nil
}

// usable keeps the public keys that verify signatures. Others in the set are for other ends.
func usable(raw []jsontext.Value) []jose.JSONWebKey {
	var keys []jose.JSONWebKey
	for _, text := range raw {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(text) != nil || !k.Valid() || !k.IsPublic() || k.KeyID == "" || (k.Use != "" && k.Use != "sig") {
			continue
		}
		if public, ok := k.Key.(*rsa.PublicKey); ok && public.N.BitLen() < minRSA {
			continue
		}
		if keys = append(keys, k); len(keys) == maxKeys {
			break
		}
	}
	return keys
}

func (r *remoteKeys) get(ctx context.Context, address string, into any) (err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", request.URL.Path, response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err != nil {
		return err
	}
	if len(data) > maxDocument {
		return fmt.Errorf("%s is longer than %d bytes", request.URL.Path, maxDocument)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s cannot be read", request.URL.Path)
	}
	return nil
}

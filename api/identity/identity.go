// Package identity finds out who presents a token: the local token of this machine, a JWT
// access token of the local issuer or of a configured OpenID provider, or an API key.
//
// It trusts nothing that a token says of itself before its signature is verified with a key
// that was obtained from the issuer by name; see docs/IDENTITY.md.
package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// ErrToken says that a token is not accepted. Its text says why and is for the log only:
// whoever presents a wrong token learns nothing from it, and it repeats no value of it.
var ErrToken = errors.New("token is not accepted")

// ErrUnreachable says that the issuer of a token cannot be asked for its keys now.
var ErrUnreachable = errors.New("the issuer of the token cannot be reached")

// LocalID is who holds the local token.
const LocalID = "local"

const (
	// MaxToken is the longest token that is looked at, in bytes.
	MaxToken = 8 << 10
	// Skew is by how much the clock of an issuer may differ from ours.
	Skew = time.Minute
	// MaxValidity is the longest time between the issue and the expiry of a token. It also
	// bounds for how long revocations must be remembered.
	MaxValidity = 24 * time.Hour
	// DefaultAudience is whom a token must be meant for.
	DefaultAudience = "atvsld"

	// fresh is how long an answer of the store about keys and revocations is used without
	// asking again: within this time a revocation reaches every process. Grants are
	// remembered by grant.Desk, for a shorter time and never beyond it.
	fresh = 10 * time.Second
	// stale is how long it is used when the store does not answer. Revocations are written
	// to the same store, so in its outage there are none to miss; only a process that alone
	// is cut off from it can be behind, and by no more than this.
	stale = 15 * time.Minute
)

// Records is the part of *store.Store that knows API keys and revocations.
type Records interface {
	AccessKey(ctx context.Context, id string) (store.AccessKey, error)
	Revocations(ctx context.Context, since time.Time, limit int) ([]store.Revocation, error)
	RevokedBefore(ctx context.Context, values []string) (map[[2]string]time.Time, error)
}

// Config is what a Verifier works with.
type Config struct {
	Keys *seal.Keys
	// Seeds know provinces and sections; [seeds.Default] if nil.
	Seeds *seeds.Data
	// Issuers are the addresses of the OpenID providers whose tokens are accepted.
	Issuers []string
	// Audience must be among those of a token of these issuers; [DefaultAudience] if empty.
	Audience string
	// Records of API keys and revocations. Without them no API key is accepted and nothing
	// is revoked: that is for a process without a store.
	Records Records
	// Granted returns what units let software or a zone board do ("software:acme-ehs");
	// nil gives nothing. It is asked at every use and remembers by itself; see grant.Desk.
	Granted func(ctx context.Context, grantee string) (access.Grants, error)
	// Client asks the issuers; one with short time-outs if nil.
	Client *http.Client
	// Clock is time.Now if nil.
	Clock func() time.Time
}

// Verifier tells who presents a token. It is safe for concurrent use.
type Verifier struct {
	config      Config
	local       *localKeys
	issuers     map[string]keySource
	accessKeys  *remembered[knownKey]
	revocations *remembered[revoked]
}

// New makes a verifier of what this machine gives out itself and needs no store for: the
// local token and the tokens of the local issuer.
func New(keys *seal.Keys) *Verifier { return build(Config{Keys: keys}) }

// Open makes a verifier. It asks no issuer yet: one that cannot be reached does not keep the
// platform from starting. The error names everything that is wrong with the configuration.
func Open(c Config) (*Verifier, error) {
	if err := CheckIssuers(c.Issuers); err != nil {
		return nil, err
	}
	return build(c), nil
}

func build(c Config) *Verifier {
	if c.Seeds == nil {
		c.Seeds = seeds.Default()
	}
	if c.Audience == "" {
		c.Audience = DefaultAudience
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Client == nil {
		c.Client = newClient()
	}
	v := &Verifier{config: c, local: newLocalKeys(c.Keys), issuers: map[string]keySource{}}
	v.issuers[LocalIssuer] = v.local
	for _, address := range c.Issuers {
		v.issuers[address] = newRemoteKeys(address, c.Client, c.Clock)
	}
	v.accessKeys = remember(c.Clock, v.askAccessKey)
	v.revocations = remember(c.Clock, v.askRevocations)
	return v
}

// Identify returns who presents the token. ErrToken when it is not accepted; any other
// error says that it could not be found out now.
func (v *Verifier) Identify(ctx context.Context, token string) (access.Caller, error) {
	switch {
	case len(token) > MaxToken:
		return access.Caller{}, refused("oversized: more than %d bytes", MaxToken)
	case strings.HasPrefix(token, seal.TokenPrefix):
		if !v.config.Keys.CheckLocalToken(token) {
			return access.Caller{}, refused("not the local token")
		}
		return access.Caller{ID: LocalID, Role: access.Operator, Nation: true}, nil
	case strings.HasPrefix(token, KeyPrefix):
		return v.identifyKey(ctx, token)
	}
	return v.identifyJWT(ctx, token)
}

// Forget drops what is remembered of keys and revocations, so that this process
// knows at once what it has just changed.
func (v *Verifier) Forget() {
	v.accessKeys.forget()
	v.revocations.forget()
}

// complete adds what others granted to software and zone boards.
func (v *Verifier) complete(ctx context.Context, c access.Caller) (access.Caller, error) {
	grantee := access.Grantee(c.Role, c.ID)
	if grantee == "" {
		return c, nil
	}
	if v.config.Granted == nil {
		return c.With(access.Grants{}), nil
	}
	granted, err := v.config.Granted(access.System(ctx), grantee)
	if err != nil {
		return access.Caller{}, fmt.Errorf("ask for grants: %w", err)
	}
	return c.With(granted), nil
}

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrToken}, args...)...)
}

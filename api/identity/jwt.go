package identity

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"atvsld/analytics/access"
	"atvsld/ingest/seal"
)

// algorithms are those whose signature only the issuer can make. HMAC is not among them: its
// key would be the one that verifies, and that is published.
var algorithms = []jose.SignatureAlgorithm{
	jose.EdDSA, jose.ES256, jose.ES384, jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
}

// maxName bounds issuer, subject and jti, in bytes.
const maxName = 255

// keySource has the public keys of one issuer.
type keySource interface {
	// keys returns those of an id. ErrToken when the issuer has none.
	keys(ctx context.Context, id string) ([]jose.JSONWebKey, error)
}

// claims are what a token says.
type claims struct {
	jwt.Claims
	Scope
	// Type is what Keycloak says of its tokens: Bearer, ID, Refresh, Logout.
	Type string `json:"typ"`
	// Nonce and AccessTokenHash stand in ID tokens, Events in logout and event tokens.
	Nonce           any `json:"nonce"`
	AccessTokenHash any `json:"at_hash"`
	Events          any `json:"events"`
}

func (v *Verifier) identifyJWT(ctx context.Context, text string) (access.Caller, error) {
	c, err := v.verify(ctx, text)
	if err != nil {
		return access.Caller{}, err
	}
	caller, faults := c.caller(v.config.Keys, v.config.Seeds)
	if len(faults) > 0 {
		return access.Caller{}, refused("claims: %s", joined(faults))
	}
	if caller.ID == "" {
		caller.ID = principal(v.config.Keys, caller.Role, c.Issuer, c.Subject)
	}
	if c.Issuer == LocalIssuer && !localSubject(c.Subject) {
		return access.Caller{}, refused("subject of a local token")
	}
	caller.Token = c.ID
	if err := v.notRevoked(ctx, c, caller.ID); err != nil {
		return access.Caller{}, err
	}
	return v.complete(ctx, caller)
}

// verify checks everything about a token but whose it is. What its header says of keys (jwk,
// jku, x5c, x5u) is never looked at: the key is the issuer's own, by its id.
func (v *Verifier) verify(ctx context.Context, text string) (claims, error) {
	token, err := jwt.ParseSigned(text, algorithms)
	if err != nil {
		// The error could quote the token.
		return claims{}, refused("not a signed JWT of an accepted algorithm")
	}
	header := token.Headers[0]
	if err := checkHeader(header); err != nil {
		return claims{}, err
	}
	var unverified jwt.Claims
	if err := token.UnsafeClaimsWithoutVerification(&unverified); err != nil {
		return claims{}, refused("claims cannot be read")
	}
	// The issuer only chooses the keys: who has not signed with one of them is not he.
	source, known := v.issuers[unverified.Issuer]
	if !known {
		return claims{}, refused("issuer is not accepted")
	}
	keys, err := source.keys(ctx, header.KeyID)
	if err != nil {
		return claims{}, err
	}
	return v.open(token, keys)
}

func checkHeader(h jose.Header) error {
	if _, critical := h.ExtraHeaders["crit"]; critical {
		return refused("critical header: none is understood")
	}
	kind, _ := h.ExtraHeaders[jose.HeaderType].(string)
	switch strings.TrimPrefix(strings.ToLower(kind), "application/") {
	case "at+jwt", "jwt":
	default:
		return refused("type in the header is not that of an access token")
	}
	if h.KeyID == "" || len(h.KeyID) > maxName {
		return refused("no usable key id")
	}
	return nil
}

// open verifies the signature and then what the token says of itself.
func (v *Verifier) open(token *jwt.JSONWebToken, keys []jose.JSONWebKey) (claims, error) {
	var c claims
	err := errors.New("no key")
	for _, key := range keys {
		// A key that is for one algorithm verifies no other.
		if key.Algorithm != "" && key.Algorithm != token.Headers[0].Algorithm {
			continue
		}
		c = claims{}
		if err = token.Claims(key.Key, &c); err == nil {
			break
		}
	}
	if err != nil {
		return claims{}, refused("signature or claims are wrong")
	}
	return c, v.checkClaims(c)
}

func (v *Verifier) checkClaims(c claims) error {
	audience := v.config.Audience
	if c.Issuer == LocalIssuer {
		audience = DefaultAudience
	}
	err := c.ValidateWithLeeway(jwt.Expected{AnyAudience: jwt.Audience{audience}, Time: v.config.Clock()}, Skew)
	switch {
	case errors.Is(err, jwt.ErrInvalidAudience):
		return refused("audience")
	case errors.Is(err, jwt.ErrExpired):
		return refused("expired")
	case errors.Is(err, jwt.ErrNotValidYet), errors.Is(err, jwt.ErrIssuedInTheFuture):
		return refused("not valid yet")
	case err != nil:
		return refused("time")
	case c.Expiry == nil || c.IssuedAt == nil || c.ID == "" || c.Subject == "":
		return refused("exp, iat, jti and sub are needed")
	case c.Expiry.Time().Sub(c.IssuedAt.Time()) > MaxValidity:
		return refused("valid for more than %s", MaxValidity)
	case len(c.ID) > maxName || len(c.Subject) > maxName:
		return refused("jti or sub is too long")
	case c.Nonce != nil || c.AccessTokenHash != nil || c.Events != nil || (c.Type != "" && !strings.EqualFold(c.Type, "Bearer")):
		return refused("not an access token")
	}
	return nil
}

// revoked is what is revoked and could still be presented: what ends before when, by kind
// and value.
type revoked map[[2]string]time.Time

// maxRevocations bounds how many of one day are looked at. When there are more, no token is
// accepted rather than a revoked one.
const maxRevocations = 100_000

func (v *Verifier) askRevocations(ctx context.Context, _ string) (revoked, error) {
	if v.config.Records == nil {
		return nil, nil
	}
	// A token that an earlier revocation ends has expired by now.
	since := v.config.Clock().Add(-MaxValidity - 4*Skew)
	list, err := v.config.Records.Revocations(access.System(ctx), since, maxRevocations)
	if err != nil {
		return nil, err
	}
	if len(list) == maxRevocations {
		return nil, errors.New("too many revocations: replace the key of the issuer")
	}
	found := revoked{}
	for _, r := range list {
		key := [2]string{r.Kind, r.Value}
		if r.IssuedBefore.After(found[key]) {
			found[key] = r.IssuedBefore
		}
	}
	return found, nil
}

func (v *Verifier) notRevoked(ctx context.Context, c claims, id string) error {
	list, err := v.revocations.get(ctx, "")
	if err != nil {
		return err
	}
	for _, key := range namesOf(v.config.Keys, c, id) {
		if c.IssuedAt.Time().Before(list[key]) {
			return refused("revoked")
		}
	}
	return nil
}

// subjectDomain keeps the pseudonyms of token subjects apart from those of persons in reports.
const subjectDomain = "principal"

// subjectKey names a subject without telling who he is.
func subjectKey(keys *seal.Keys, issuer, subject string) string {
	return keys.Pseudonym(subjectDomain, issuer+"\n"+subject)
}

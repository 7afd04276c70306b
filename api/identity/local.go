package identity

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// LocalIssuer is who issues the tokens of atvsld token.
const LocalIssuer = "atvsld-local"

// accessTokenType is the type of an access token in its header (RFC 9068).
const accessTokenType = "at+jwt"

// localKeys has the one key of the local issuer.
type localKeys struct{ key jose.JSONWebKey }

func newLocalKeys(keys *seal.Keys) *localKeys {
	return &localKeys{jose.JSONWebKey{
		Key: keys.IssuerKey().Public().(ed25519.PublicKey), KeyID: keys.IssuerKeyID(), Algorithm: string(jose.EdDSA), Use: "sig",
	}}
}

func (l *localKeys) keys(_ context.Context, id string) ([]jose.JSONWebKey, error) {
	if id != l.key.KeyID {
		return nil, refused("the local issuer has no key of the id")
	}
	return []jose.JSONWebKey{l.key}, nil
}

// Order is what a local token is wished for.
type Order struct {
	Scope
	// Subject names who will hold it, in [a-z0-9:._-]{1,64}; no person's name, because it
	// stands in stored reports and in the audit log.
	Subject string
	// For is how long it is valid, up to MaxValidity.
	For time.Duration
}

// Issue signs a token of the local issuer, or names everything that is wrong with the order.
func Issue(keys *seal.Keys, data *seeds.Data, order Order, now time.Time) (token string, faults []Fault, err error) {
	_, faults = order.caller(keys, data)
	if !localSubject(order.Subject) {
		faults = append(faults, Fault{Member: "subject", VI: "gồm 1 đến 64 ký tự a-z 0-9 : . _ -, không trùng tên đã dành",
			EN: "has 1 to 64 of a-z 0-9 : . _ - and is none of the platform's own names"})
	}
	if order.For < time.Second || order.For > MaxValidity {
		faults = append(faults, Fault{Member: "for", VI: "từ 1 giây đến 24 giờ", EN: fmt.Sprintf("is from 1s to %s", MaxValidity)})
	}
	if len(faults) > 0 {
		return "", faults, nil
	}
	token, err = sign(keys, claimsOf(order, now))
	return token, nil, err
}

func claimsOf(order Order, now time.Time) any {
	return struct {
		jwt.Claims
		Scope
	}{jwt.Claims{
		Issuer: LocalIssuer, Subject: order.Subject, Audience: jwt.Audience{DefaultAudience}, ID: uuid.NewString(),
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(order.For)),
	}, order.Scope}
}

func sign(keys *seal.Keys, what any) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: keys.IssuerKey(), KeyID: keys.IssuerKeyID()}},
		(&jose.SignerOptions{}).WithType(accessTokenType))
	if err != nil {
		return "", fmt.Errorf("set up the local issuer: %w", err)
	}
	token, err := jwt.Signed(signer).Claims(what).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return token, nil
}

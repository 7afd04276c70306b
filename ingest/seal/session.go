package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// A cookie is what a browser keeps for us and cannot read or change: a compact JWE with these
// and no other algorithms.
const (
	cookieAlgorithm  = jose.DIRECT
	cookieEncryption = jose.A256GCM
)

// MaxCookie bounds the compact form, in characters: browsers keep 4096 bytes of a cookie with
// its name and attributes.
const MaxCookie = 3900

// Errors of cookies. None of them repeats anything of the cookie.
var (
	// ErrCookie: not sealed here for this purpose, or damaged.
	ErrCookie = errors.New("not a cookie of this platform")
	// ErrCookieSize: more than a browser keeps.
	ErrCookieSize = errors.New("too much for a cookie")
)

// CookiePurpose keeps cookies apart: what was sealed for one purpose opens for no other.
type CookiePurpose string

// The purposes.
const (
	// SessionCookie holds who is signed in at the pages.
	SessionCookie CookiePurpose = "session"
	// SignInCookie holds a sign-in at an identity provider that is on its way.
	SignInCookie CookiePurpose = "sign-in"
)

// cookieKeys holds one key a purpose, each derived from the key file session.
type cookieKeys map[CookiePurpose][]byte

func (k *Keys) openSession() error {
	secret, err := obtainSymmetric(k.path("session"))
	if err != nil {
		return err
	}
	k.secrets.cookies = cookieKeys{}
	for _, purpose := range []CookiePurpose{SessionCookie, SignInCookie} {
		key, err := hkdf.Key(sha256.New, secret, nil, "atvsld cookie "+string(purpose), keySize)
		if err != nil {
			return fmt.Errorf("derive the key of cookies: %w", err)
		}
		k.secrets.cookies[purpose] = key
	}
	return nil
}

// SealCookie encrypts and authenticates what a browser is to keep. ErrCookieSize when that is
// too much.
//
// Nonces are 96 random bits under one key: 2^32 cookies keep the chance of a repeated one below
// 2^-32 (NIST SP 800-38D §8.3), which is a hundred sign-ins a second for more than a year.
func (k *Keys) SealCookie(purpose CookiePurpose, text []byte) (string, error) {
	encrypter, err := jose.NewEncrypter(cookieEncryption, jose.Recipient{Algorithm: cookieAlgorithm, Key: k.secrets.cookies[purpose]}, nil)
	if err != nil {
		return "", fmt.Errorf("seal a cookie: %w", err)
	}
	object, err := encrypter.Encrypt(text)
	if err != nil {
		return "", fmt.Errorf("seal a cookie: %w", err)
	}
	compact, err := object.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("seal a cookie: %w", err)
	}
	if len(compact) > MaxCookie {
		return "", ErrCookieSize
	}
	return compact, nil
}

// OpenCookie returns what was sealed for the purpose; ErrCookie when nothing was.
func (k *Keys) OpenCookie(purpose CookiePurpose, compact string) ([]byte, error) {
	if len(compact) > MaxCookie {
		return nil, ErrCookie
	}
	object, err := jose.ParseEncryptedCompact(compact, []jose.KeyAlgorithm{cookieAlgorithm}, []jose.ContentEncryption{cookieEncryption})
	if err != nil {
		return nil, ErrCookie
	}
	text, err := object.Decrypt(k.secrets.cookies[purpose])
	if err != nil {
		return nil, ErrCookie
	}
	return text, nil
}

package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
)

const (
	// TokenPrefix begins every local token, so that a leaked one is recognised by scanners.
	TokenPrefix = "atvsld_local_"
	tokenBytes  = 32

	pseudonymBytes = 16
	pemPrivate     = "PRIVATE KEY"
	pemPublic      = "PUBLIC KEY"
)

// Pseudonym returns the keyed pseudonym of the value: 32 hex digits, the first 128 bits of
// HMAC-SHA256(key, domain ‖ 0x00 ‖ value). Equal values of one domain have equal pseudonyms
// for as long as the key lives; different domains cannot be joined. An empty value has the
// empty pseudonym, so that persons without a number are not taken for one person.
//
// A domain is a constant of the program and contains no 0x00. The pseudonym of a guessed value
// can be computed only with the key: identity numbers have so little entropy that a plain hash
// would hide nothing.
func (k *Keys) Pseudonym(domain, value string) string {
	if value == "" {
		return ""
	}
	mac := hmac.New(sha256.New, k.secrets.pseudonym)
	mac.Write([]byte(domain))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil)[:pseudonymBytes])
}

// Mark returns what stands in log and store for the SHA-256 of a whole submission: HMAC-SHA256
// under the key of the pseudonyms. It tells the same content from another, and without the key
// it confirms no guess at what is personal in it, also when the key of the text is destroyed:
// the digest itself would.
func (k *Keys) Mark(sha [32]byte) [32]byte {
	mac := hmac.New(sha256.New, k.secrets.pseudonym)
	mac.Write([]byte("mark\x00"))
	mac.Write(sha[:])
	return [32]byte(mac.Sum(nil))
}

// LocalToken returns the bearer token for local use.
func (k *Keys) LocalToken() string { return k.secrets.localToken }

// CheckLocalToken tells whether the presented bearer token is the local one. The time taken
// tells nothing about the token.
func (k *Keys) CheckLocalToken(presented string) bool {
	// Comparing hashes also hides the length.
	got, want := sha256.Sum256([]byte(presented)), sha256.Sum256([]byte(k.secrets.localToken))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

func (k *Keys) openLocalToken() error {
	path := k.path("local-token")
	data, _, err := obtain(path, func() ([]byte, error) {
		random := make([]byte, tokenBytes)
		if _, err := rand.Read(random); err != nil {
			return nil, err
		}
		return []byte(TokenPrefix + base64.RawURLEncoding.EncodeToString(random) + "\n"), nil
	})
	if err != nil {
		return err
	}
	token := strings.TrimSpace(string(data))
	random, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimPrefix(token, TokenPrefix))
	if !strings.HasPrefix(token, TokenPrefix) || err != nil || len(random) != tokenBytes {
		return fmt.Errorf("key file %s is damaged: want %s and %d random bytes in base64url; remove it and a new one is made", path, TokenPrefix, tokenBytes)
	}
	k.secrets.localToken = token
	return nil
}

// openReceipt opens the key that signs receipts, and writes its public half beside it.
func (k *Keys) openReceipt() (err error) {
	k.secrets.receipt, err = openSigningPair(k.path("receipt"))
	return err
}

// openSigningPair opens an Ed25519 key, and writes its public half beside it.
func openSigningPair(path string) (ed25519.PrivateKey, error) {
	private, err := obtainEd25519(path)
	if err != nil {
		return nil, err
	}
	return private, publishKey(path, private.Public())
}

func newEd25519() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der}), nil
}

func publishKey(path string, public any) error {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return fmt.Errorf("encode the public half of %s: %w", path, err)
	}
	want := pem.EncodeToMemory(&pem.Block{Type: pemPublic, Bytes: der})
	have, _, err := obtain(path+".pub", func() ([]byte, error) { return want, nil })
	if err != nil {
		return err
	}
	if !bytes.Equal(bytes.TrimSpace(have), bytes.TrimSpace(want)) {
		return fmt.Errorf("%s.pub does not belong to the key in %s: if the key was replaced, keep %s.pub published under another name so that what was signed before can be verified, and move it away", path, path, path)
	}
	return nil
}

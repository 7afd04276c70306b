package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// Signed is an entry with its place in the chain.
type Signed struct {
	Entry Entry `json:"entry"`
	// Previous is the hash of the entry before it in the chain, zero of the first.
	Previous  Hash   `json:"previous" doc:"Hash of the entry before it in the chain; zeros for the first"`
	Hash      Hash   `json:"hash" doc:"SHA-256(previous ‖ entry as RFC 8785 writes it)"`
	Signature []byte `json:"signature" doc:"Ed25519 over the 32 bytes of the hash, in base64"`
}

// Head is the entry as another chain names it.
func (s *Signed) Head() Head { return Head{s.Entry.Chain, s.Entry.Number, s.Hash} }

// KeyID names a key: its RFC 7638 thumbprint, SHA-256 in base64url.
func KeyID(key ed25519.PublicKey) string {
	members := fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":"%s"}`, base64.RawURLEncoding.EncodeToString(key))
	sum := sha256.Sum256([]byte(members))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Keys are the public keys by their ids.
type Keys map[string]ed25519.PublicKey

// KeysOf makes the set of some keys.
func KeysOf(all ...ed25519.PublicKey) Keys {
	keys := Keys{}
	for _, key := range all {
		keys[KeyID(key)] = key
	}
	return keys
}

// seal puts an entry behind another one.
func seal(e Entry, previous Hash, key ed25519.PrivateKey) (Signed, error) {
	canonical, err := e.Canonical()
	if err != nil {
		return Signed{}, err
	}
	hash := link(previous, canonical)
	return Signed{Entry: e, Previous: previous, Hash: hash, Signature: ed25519.Sign(key, hash[:])}, nil
}

func link(previous Hash, canonical []byte) Hash {
	h := sha256.New()
	h.Write(previous[:])
	h.Write(canonical)
	return Hash(h.Sum(nil))
}

// What is wrong with one entry by itself.
var (
	errHash      = errors.New("its hash is not that of its content: it was changed")
	errKey       = errors.New("it names a signing key that is not known")
	errSignature = errors.New("its signature is not of the key: it was changed or forged")
)

// check tells whether the entry is what the holder of the key wrote behind Previous.
func (s *Signed) check(keys Keys) error {
	canonical, err := s.Entry.Canonical()
	if err != nil {
		return err
	}
	if link(s.Previous, canonical) != s.Hash {
		return errHash
	}
	key, known := keys[s.Entry.Key]
	if !known {
		return errKey
	}
	if !ed25519.Verify(key, s.Hash[:], s.Signature) {
		return errSignature
	}
	return nil
}

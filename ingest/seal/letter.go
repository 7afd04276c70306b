package seal

import (
	"crypto/ecdsa"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A letter is what an integrator encrypts to us: a compact JWE with these and no other
// algorithms. Its protected header names what it belongs to.
const (
	letterAlgorithm  = jose.ECDH_ES_A256KW
	letterEncryption = jose.A256GCM
	letterType       = "atvsld-private+jwe"
)

// MaxLetter bounds the compact form of a letter, in characters: 256 KiB of text in
// base64, the header and the encrypted key.
const MaxLetter = 360 << 10

// Errors of OpenLetter. None of them repeats anything of the letter.
var (
	// ErrLetter: not a compact JWE with the algorithms and the header that are asked
	// for, or damaged.
	ErrLetter = errors.New("not a letter to this platform")
	// ErrLetterKey: encrypted to a key that is not here, or no longer.
	ErrLetterKey = errors.New("the letter names a key that is not here")
	// ErrLetterAddress: a letter that belongs to another message.
	ErrLetterAddress = errors.New("the letter belongs to another message")
)

// Address says which message a letter belongs to. It is part of what is authenticated,
// so that a letter that was copied out of one message opens in no other.
type Address struct {
	Topic   string `json:"topic"`
	EventID string `json:"ce_id"`
	Key     string `json:"key"`
}

// letterHeader is the protected header, whole: whatever else it names (zip, crit, jwk …)
// refuses the letter before anything is computed.
type letterHeader struct {
	Algorithm  jose.KeyAlgorithm      `json:"alg"`
	Encryption jose.ContentEncryption `json:"enc"`
	Type       string                 `json:"typ"`
	KeyID      string                 `json:"kid"`
	Ephemeral  jsontext.Value         `json:"epk"`
	Address
}

// OpenLetter decrypts a letter that belongs to the message at the address.
// Errors: ErrLetter, ErrLetterKey, ErrLetterAddress.
func (k *Keys) OpenLetter(compact string, at Address) ([]byte, error) {
	header, err := readLetterHeader(compact)
	if err != nil {
		return nil, err
	}
	private := k.inboxPrivate(header.KeyID)
	if private == nil {
		return nil, ErrLetterKey
	}
	object, err := jose.ParseEncryptedCompact(compact,
		[]jose.KeyAlgorithm{letterAlgorithm}, []jose.ContentEncryption{letterEncryption})
	if err != nil {
		return nil, ErrLetter
	}
	text, err := object.Decrypt(private)
	if err != nil {
		return nil, ErrLetter
	}
	// Only now is the header known to be the sender's.
	if header.Address != at {
		return nil, ErrLetterAddress
	}
	return text, nil
}

func readLetterHeader(compact string) (h letterHeader, err error) {
	encoded, _, dots := strings.Cut(compact, ".")
	if !dots || len(compact) > MaxLetter || strings.ContainsAny(compact, "\r\n") {
		return h, ErrLetter
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || json.Unmarshal(raw, &h, json.RejectUnknownMembers(true)) != nil {
		return h, ErrLetter
	}
	if h.Algorithm != letterAlgorithm || h.Encryption != letterEncryption || h.Type != letterType {
		return h, ErrLetter
	}
	return h, nil
}

func (k *Keys) inboxPrivate(id string) *ecdsa.PrivateKey {
	for _, key := range k.secrets.inbox {
		if key.public.KeyID == id {
			return key.private
		}
	}
	return nil
}

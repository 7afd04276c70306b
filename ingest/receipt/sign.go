package receipt

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// tokenType is the JWS header typ. It keeps a receipt from being taken for another kind
	// of token that the same key might sign one day (RFC 8725 section 3.11).
	tokenType = "atvsld-receipt+jws"
	maxLeaves = 1 << 32
	maxJWS    = 4096
)

var (
	// ErrNotGenuine says that a receipt does not verify: it was changed, or never given out.
	ErrNotGenuine = errors.New("receipt is not genuine")
	// ErrUnknownKey says that the key set lacks the key that a receipt names. A newer set may
	// have it; as it stands nothing is proved.
	ErrUnknownKey = errors.New("receipt names a signing key that is not in the key set")
)

// Statement is what the signature is over.
type Statement struct {
	// Issuer names the platform that signed.
	Issuer string `json:"iss"`
	// IssuedAt is when it signed, in seconds since 1970; not when the report was received.
	IssuedAt int64 `json:"iat"`
	// Root is the hash of the whole tree.
	Root Node `json:"root"`
	// Size is the number of receipts in the tree.
	Size uint64 `json:"size"`
}

// Signer signs receipts. It is safe for concurrent use.
type Signer struct {
	issuer string
	now    func() time.Time
	jws    jose.Signer
	public jose.JSONWebKey
	shared rounds
}

// NewSigner returns a signer that names itself issuer. A demonstration platform should have an
// issuer that says so. The clock is time.Now except in tests.
func NewSigner(issuer string, key ed25519.PrivateKey, now func() time.Time) (*Signer, error) {
	if issuer == "" || len(issuer) > 256 {
		return nil, errors.New("issuer of receipts is not 1 to 256 bytes long")
	}
	if len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("key for receipts has %d bytes, want %d (Ed25519)", len(key), ed25519.PrivateKeySize)
	}
	public := jose.JSONWebKey{Key: key.Public(), Algorithm: string(jose.EdDSA), Use: "sig"}
	public.KeyID = KeyID(key.Public().(ed25519.PublicKey))
	options := (&jose.SignerOptions{}).WithType(tokenType).WithHeader("kid", public.KeyID)
	jws, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, options)
	if err != nil {
		return nil, fmt.Errorf("set up signing of receipts: %w", err)
	}
	return &Signer{issuer: issuer, now: now, jws: jws, public: public}, nil
}

// KeyID returns the RFC 7638 thumbprint of the key: SHA-256 in base64url.
func KeyID(key ed25519.PublicKey) string {
	// An Ed25519 key always has a thumbprint, so there is no error to pass on.
	sum, _ := (&jose.JSONWebKey{Key: key}).Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(sum)
}

// JWKS returns the public key set to publish. After a change of key, publish the earlier keys
// beside it for as long as receipts of their time are to be verified.
func (s *Signer) JWKS() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{s.public}}
}

// Sign signs the receipts of one answer, one or many, with one signature, and returns them in
// the order given. It signs all or, with an error, none.
func (s *Signer) Sign(claims []Receipt) ([]Signed, error) {
	if len(claims) == 0 || len(claims) > maxLeaves {
		return nil, fmt.Errorf("sign receipts: %d receipts, want 1 to %d", len(claims), maxLeaves)
	}
	signed := make([]Signed, len(claims))
	leaves := make([]Node, len(claims))
	for i, c := range claims {
		var err error
		if signed[i].Receipt, leaves[i], err = c.leaf(); err != nil {
			return nil, fmt.Errorf("sign receipt %d of report %s: %w", i, c.ReportID, err)
		}
	}
	t := newTree(leaves)
	jws, err := s.signTree(t)
	if err != nil {
		return nil, err
	}
	for i := range signed {
		signed[i].Proof = Proof{JWS: jws, Index: uint64(i), Path: t.path(i)}
	}
	return signed, nil
}

// leaf checks the claims and returns them as receipts write them, with their leaf.
func (r Receipt) leaf() (Receipt, Node, error) {
	if err := r.Validate(); err != nil {
		return Receipt{}, Node{}, err
	}
	r.ReceivedAt = civil(r.ReceivedAt)
	data, err := r.canonical()
	if err != nil {
		return Receipt{}, Node{}, err
	}
	return r, leafHash(data), nil
}

func (s *Signer) signTree(t tree) (string, error) {
	return s.state(Statement{Issuer: s.issuer, IssuedAt: s.now().Unix(), Root: t.root(), Size: uint64(len(t[0]))})
}

func (s *Signer) state(statement Statement) (string, error) {
	payload, err := json.Marshal(statement)
	if err != nil {
		return "", fmt.Errorf("encode statement of receipts: %w", err)
	}
	value := jsontext.Value(payload)
	if err := value.Canonicalize(); err != nil {
		return "", fmt.Errorf("canonicalise statement of receipts: %w", err)
	}
	object, err := s.jws.Sign(value)
	if err != nil {
		return "", fmt.Errorf("sign receipts: %w", err)
	}
	compact, err := object.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("serialise signature of receipts: %w", err)
	}
	return compact, nil
}

// Verify checks a receipt against the platform's published keys, without asking the platform,
// and returns the signed statement. What a verified receipt proves, and what not, stands at
// the top of the package. The key set must come from the platform by a trusted way, and the
// receipt must be as Parse or Sign returned it: received_at in another zone is another text.
//
// Errors: ErrUnknownKey when the key set lacks the signing key, else ErrNotGenuine.
func Verify(s Signed, keys jose.JSONWebKeySet) (Statement, error) {
	if err := s.Validate(); err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	claims, err := s.canonical()
	if err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	if len(s.Proof.Path) > maxPath {
		return Statement{}, fmt.Errorf("%w: path is too long", ErrNotGenuine)
	}
	statement, err := verifyJWS(s.Proof.JWS, keys)
	if err != nil {
		return Statement{}, err
	}
	root, err := fold(leafHash(claims), s.Proof.Index, statement.Size, s.Proof.Path)
	if err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	if root != statement.Root {
		return Statement{}, fmt.Errorf("%w: its claims are not what was signed", ErrNotGenuine)
	}
	return statement, nil
}

func verifyJWS(compact string, keys jose.JSONWebKeySet) (Statement, error) {
	if len(compact) > maxJWS || !strictBase64(compact) {
		return Statement{}, fmt.Errorf("%w: signature is not in its usual form", ErrNotGenuine)
	}
	// The list of algorithms shuts out "none" and a key used with the wrong algorithm.
	object, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	header := object.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != tokenType {
		return Statement{}, fmt.Errorf("%w: signature is of another type", ErrNotGenuine)
	}
	key, err := publicKey(keys, header.KeyID)
	if err != nil {
		return Statement{}, err
	}
	payload, err := object.Verify(key)
	if err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	var statement Statement
	if err := json.Unmarshal(payload, &statement, json.RejectUnknownMembers(true)); err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	if statement.Size == 0 || statement.Size > maxLeaves {
		return Statement{}, fmt.Errorf("%w: signed size is out of range", ErrNotGenuine)
	}
	return statement, nil
}

// strictBase64 refuses what a lenient decoder takes for the same bytes: line breaks and unused
// bits at the end. Otherwise one receipt would have several valid spellings.
func strictBase64(compact string) bool {
	for part := range strings.SplitSeq(compact, ".") {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
			return false
		}
	}
	return true
}

// publicKey finds the Ed25519 key with that id. Keys embedded in a receipt are never used.
func publicKey(keys jose.JSONWebKeySet, id string) (ed25519.PublicKey, error) {
	for _, key := range keys.Key(id) {
		public, ok := key.Key.(ed25519.PublicKey)
		if ok && id != "" && (key.Use == "" || key.Use == "sig") && (key.Algorithm == "" || key.Algorithm == string(jose.EdDSA)) {
			return public, nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownKey, id)
}

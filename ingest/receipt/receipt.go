// Package receipt makes and verifies the receipts that enterprises get for what they file.
//
// # What a receipt proves
//
// A receipt that verifies proves that the holder of the platform's signing key stated: at
// received_at (the platform's clock) the platform had taken over, durably, a submission of
// this kind as this revision of this report, and the SHA-256 of its canonical form (RFC 8785)
// is sha256. Whoever kept the submission can prove with it, without the platform's help, what
// was filed and when.
//
// # What it does not prove
//
//   - That the received_at is the legal one. When the same submission was sent more than once,
//     the legal time is that of the first stored copy; status_url tells it. A later receipt
//     for the same content carries the same tracking number.
//   - That the report was stored, or is current: it may since have been refused by a check
//     against the store, amended or withdrawn. Again status_url tells.
//   - That the content is true, complete or enough in law, or who filed it.
//   - The time against a dishonest platform: this is no qualified timestamp. iat is the time
//     of the signature, which for a repeated receipt is later than received_at.
//   - Anything about the other reports of a batch, except how many there were, or about
//     those that a single report shares a tree with, except how many they may have been.
//
// # Form
//
// Claims are a JSON object; its RFC 8785 form is one leaf of a Merkle tree as in RFC 6962
// (leaf SHA-256(0x00‖claims), node SHA-256(0x01‖left‖right)). The tree's root and size are
// signed as a compact JWS (EdDSA with Ed25519, typ "atvsld-receipt+jws", kid = RFC 7638
// thumbprint) over {iss, iat, root, size}. A receipt is the claims plus
// proof {jws, index, path}. A report filed alone is a tree of size 1 with an empty path, or
// shares a tree with others that were filed at the same moment (see Signer.SignShared), so
// there is one form for single reports and batches.
//
// To verify by other means: take proof out of the receipt, canonicalise the rest (RFC 8785),
// hash it as a leaf, fold the path as in RFC 9162 section 2.1.3.2, compare with root, and
// check the JWS with the key that the platform publishes under kid.
package receipt

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

const (
	maxKind      = 64
	maxStatusURL = 1024
	maxDay       = 10
	// MaxSize bounds a receipt in JSON, in bytes. It holds a path of 32 nodes with room to spare.
	MaxSize = 16 << 10
)

// Digest is a SHA-256 value, in JSON 64 lower-case hex digits.
type Digest [32]byte

// String returns the digest as 64 lower-case hex digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText returns the digest as 64 lower-case hex digits.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hex digits.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return fmt.Errorf("digest has %d characters, want %d hex digits", len(text), hex.EncodedLen(len(d)))
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return fmt.Errorf("read digest: %w", err)
	}
	return nil
}

// Receipt holds the claims of a receipt: what was filed and when.
type Receipt struct {
	// TrackingNumber follows from ReportID, Revision and the content; see Tracking.
	TrackingNumber string    `json:"tracking_number"`
	ReportID       uuid.UUID `json:"report_id"`
	Revision       uint32    `json:"revision"` // from 1
	Kind           string    `json:"kind"`
	// PaperReceivedOn is the day (YYYY-MM-DD) on which the paper came that was entered on
	// behalf of who made it; "" of what was filed by himself.
	PaperReceivedOn string `json:"paper_received_on,omitzero"`
	// ReceivedAt is in Viet Nam's time (+07:00), to the millisecond.
	ReceivedAt time.Time `json:"received_at"`
	// SHA256 is over the RFC 8785 form of the submission.
	SHA256    Digest `json:"sha256"`
	StatusURL string `json:"status_url"`
}

// Signed is a receipt as the filer gets it.
type Signed struct {
	Receipt
	Proof Proof `json:"proof"`
}

// Proof ties the claims to a signature.
type Proof struct {
	// JWS is the signed statement about the tree, in compact form.
	JWS string `json:"jws"`
	// Index is the leaf's place in the tree, from 0.
	Index uint64 `json:"index"`
	// Path holds the sibling hashes from the leaf up to the root.
	Path []Node `json:"path"`
}

// New returns the claims for one submission with its tracking number. mark stands for the
// content, see Tracking. The time is cut to the
// millisecond and put in Viet Nam's time.
func New(reportID uuid.UUID, revision uint32, kind string, receivedAt time.Time, mark, sha256 [32]byte, statusURL string) Receipt {
	return Receipt{
		TrackingNumber: Tracking(reportID, revision, mark),
		ReportID:       reportID,
		Revision:       revision,
		Kind:           kind,
		ReceivedAt:     civil(receivedAt),
		SHA256:         sha256,
		StatusURL:      statusURL,
	}
}

// vietnam needs no time zone database: Asia/Ho_Chi_Minh has been UTC+7 without daylight
// saving time since 13 June 1975.
var vietnam = time.FixedZone("+07", 7*60*60)

// civil returns the time as receipts write it.
func civil(t time.Time) time.Time { return t.Truncate(time.Millisecond).In(vietnam) }

// Validate tells everything that is wrong with the claims.
func (r Receipt) Validate() error {
	var errs []error
	if r.ReportID == uuid.Nil {
		errs = append(errs, errors.New("report_id is missing"))
	}
	if r.Revision == 0 {
		errs = append(errs, errors.New("revision is below 1"))
	}
	if r.Kind == "" || len(r.Kind) > maxKind {
		errs = append(errs, fmt.Errorf("kind is not 1 to %d bytes long", maxKind))
	}
	if len(r.PaperReceivedOn) > maxDay {
		errs = append(errs, fmt.Errorf("paper_received_on is longer than %d bytes", maxDay))
	}
	if r.ReceivedAt.IsZero() {
		errs = append(errs, errors.New("received_at is missing"))
	}
	if r.StatusURL == "" || len(r.StatusURL) > maxStatusURL {
		errs = append(errs, fmt.Errorf("status_url is not 1 to %d bytes long", maxStatusURL))
	}
	if number, err := ParseTracking(r.TrackingNumber); err != nil || number != r.TrackingNumber {
		errs = append(errs, errors.New("tracking_number is not one as the platform writes it"))
	}
	return errors.Join(errs...)
}

// canonical returns the RFC 8785 form of the claims: the members by name, without white
// space. It is written here because every acceptance needs it; a property test compares
// it with that of the JSON library.
func (r Receipt) canonical() (jsontext.Value, error) {
	if year := r.ReceivedAt.Year(); year < 0 || year > 9999 {
		return nil, fmt.Errorf("encode claims: year %d of received_at has not four digits", year)
	}
	b, err := jsontext.AppendQuote(append(make([]byte, 0, 512), `{"kind":`...), r.Kind)
	if err != nil {
		return nil, fmt.Errorf("encode claims: kind: %w", err)
	}
	if r.PaperReceivedOn != "" {
		if b, err = jsontext.AppendQuote(append(b, `,"paper_received_on":`...), r.PaperReceivedOn); err != nil {
			return nil, fmt.Errorf("encode claims: paper_received_on: %w", err)
		}
	}
	b = r.ReceivedAt.AppendFormat(append(b, `,"received_at":"`...), time.RFC3339Nano)
	b = append(append(b, `","report_id":"`...), r.ReportID.String()...)
	b = strconv.AppendUint(append(b, `","revision":`...), uint64(r.Revision), 10)
	b = hex.AppendEncode(append(b, `,"sha256":"`...), r.SHA256[:])
	if b, err = jsontext.AppendQuote(append(b, `","status_url":`...), r.StatusURL); err != nil {
		return nil, fmt.Errorf("encode claims: status_url: %w", err)
	}
	if b, err = jsontext.AppendQuote(append(b, `,"tracking_number":`...), r.TrackingNumber); err != nil {
		return nil, fmt.Errorf("encode claims: tracking_number: %w", err)
	}
	return append(b, '}'), nil
}

// Parse reads a receipt from JSON. It is strict, so that a receipt is valid for every correct
// verifier or for none: no unknown, missing or repeated member, and every value in the one form in
// which receipts write it. It does not verify.
func Parse(data []byte) (Signed, error) {
	if len(data) > MaxSize {
		return Signed{}, fmt.Errorf("%w: longer than %d bytes", ErrNotGenuine, MaxSize)
	}
	var s Signed
	if err := json.Unmarshal(data, &s, json.RejectUnknownMembers(true)); err != nil {
		return Signed{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	again, err := json.Marshal(s)
	if err != nil {
		return Signed{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	got, want := jsontext.Value(data).Clone(), jsontext.Value(again)
	if err := errors.Join(got.Canonicalize(), want.Canonicalize()); err != nil {
		return Signed{}, fmt.Errorf("%w: %w", ErrNotGenuine, err)
	}
	if string(got) != string(want) {
		return Signed{}, fmt.Errorf("%w: a member is missing or not in its usual form", ErrNotGenuine)
	}
	return s, nil
}

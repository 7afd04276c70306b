package audit

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"atvsld/analytics/access"
)

// Kind is what an entry is in its chain.
type Kind string

// The kinds. The chain's own entries carry no caller.
const (
	// First begins a chain and names the newest entries of the others.
	First Kind = "first"
	// Request is one request over HTTP.
	Request Kind = "request"
	// Action is something that was done beside HTTP.
	Action Kind = "act"
	// Checkpoint names the newest entries of the other chains.
	Checkpoint Kind = "checkpoint"
	// Last closes the chain of a process that stopped in order.
	Last Kind = "last"
)

// Outcome is how a request or an act ended.
type Outcome string

// The outcomes.
const (
	// Begun: it is about to be done. Another entry with the same request id says how it ended;
	// without one nobody knows.
	Begun   Outcome = "begun"
	Allowed Outcome = "allowed"
	Denied  Outcome = "denied"
	Failed  Outcome = "failed"
)

// Kinds of what may be touched.
const (
	Report   = "report"   // by report_id; the revision says which
	Accident = "accident" // by accident_id
	Area     = "area"     // "VN", "34:01"
	Unit     = "unit"     // "0100109106/0", "hb:…/0", "commune:00001@2025-07-01"
	Letter   = "letter"   // a message that could not be stored, by its place in the log
	Period   = "period"   // "2025", "2025H1"
	Person   = "person"   // by pseudonym
	Key      = "key"      // a key or token, by its name
	Chains   = "chains"   // the audit log itself; what was asked for
	Rows     = "rows"     // rows of a batch; how many
)

// Touch is one thing that a request or an act was about.
type Touch struct {
	Kind     string `json:"kind" doc:"report, accident, area, unit, letter, period, person, key, chains or rows"`
	ID       string `json:"id"`
	Revision uint32 `json:"revision" doc:"Of a report; 0 for none"`
	// Fields are the personal members that were shown.
	Fields []string `json:"fields" doc:"Personal members that were shown, as JSON Pointers into what was filed; the empty pointer is the whole of it"`
}

// Who is who asked or acted.
type Who struct {
	ID    string      `json:"id" doc:"Stable, and names no person"`
	Role  access.Role `json:"role"`
	Token string      `json:"token" doc:"Name of the token or key that was presented"`
}

// Scope is the scope of the caller's token, counted.
type Scope struct {
	Extent    access.Extent `json:"extent" doc:"How far the role reaches with the action"`
	Nation    bool          `json:"nation"`
	Units     uint32        `json:"units"`
	Provinces uint32        `json:"provinces"`
	Sections  uint32        `json:"sections"`
}

// ScopeOf counts the scope that a caller has with an action.
func ScopeOf(c access.Caller, a access.Action) Scope {
	return Scope{
		Extent: access.ExtentOf(c.Role, a), Nation: c.Nation,
		Units: uint32(len(c.Units)), Provinces: uint32(len(c.Provinces)), Sections: uint32(len(c.Sections)),
	}
}

// WhoOf names a caller.
func WhoOf(c access.Caller) Who { return Who{ID: c.ID, Role: c.Role, Token: c.Token} }

// Head is the newest entry of a chain, as somebody saw it.
type Head struct {
	Chain  uuid.UUID `json:"chain"`
	Number uint64    `json:"number"`
	Hash   Hash      `json:"hash"`
}

// Entry is one line of the audit log. Chain, Number, At and Key are set by the [Writer].
type Entry struct {
	Chain  uuid.UUID `json:"chain" doc:"One for each process that records"`
	Number uint64    `json:"number" doc:"From 1, without gaps"`
	At     time.Time `json:"at" doc:"When it was recorded, to the millisecond; never before the entry before it"`
	Kind   Kind      `json:"kind" enum:"first,request,act,checkpoint,last"`
	Key    string    `json:"key" doc:"The signing key: its RFC 7638 thumbprint"`

	Who       Who           `json:"who"`
	Scope     Scope         `json:"scope"`
	Operation string        `json:"operation" doc:"operationId of the interface's description, or the command"`
	Action    access.Action `json:"action" doc:"What the policy was asked"`
	On        []Touch       `json:"on" doc:"What was touched"`
	Purpose   PurposeCode   `json:"purpose" doc:"Why, as the caller said; empty if nothing was said"`
	Reference string        `json:"reference" doc:"Number of the case or document, as the caller said"`
	Outcome   Outcome       `json:"outcome" enum:"begun,allowed,denied,failed," doc:"Empty for the chain's own entries"`
	Status    uint16        `json:"status" doc:"Status over HTTP, 0 for none"`
	By        string        `json:"by" doc:"Of an act: the name that was given for who decided it"`
	Reason    string        `json:"reason" doc:"Of an act: why"`
	Dropped   uint32        `json:"dropped" doc:"Denials and failures of this process before this one that were too many to record"`
	RequestID uuid.UUID     `json:"request_id" doc:"As in the header X-Request-Id; joins the entries of one request or act"`
	Network   string        `json:"network" doc:"Network the request came from: the first 24 bits of an IPv4 address, 48 of an IPv6 address"`
	Heads     []Head        `json:"heads" doc:"Newest entries of the other chains"`
}

// Hash is a SHA-256.
type Hash [32]byte

// String returns 64 lower-case hex digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns 64 lower-case hex digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 hex digits.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("a hash has %d hex digits, not %d characters", hex.EncodedLen(len(h)), len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Canonical returns the bytes that are hashed: the entry as RFC 8785 writes it. An error says
// that the entry holds text that is not UTF-8.
func (e *Entry) Canonical() ([]byte, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write an audit entry: %w", err)
	}
	value := jsontext.Value(data)
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("write an audit entry: %w", err)
	}
	return value, nil
}

// How much one entry holds: more goes into further entries of the same request, so that a line
// of an export stays below [MaxLine] whatever stands in it.
const (
	// MaxTouches is how many things an entry names at most.
	MaxTouches = 200
	// MaxFields is how many members one thing shows at most; it is named again with the rest.
	MaxFields = 500
	// maxShown is how many members all things of an entry show together.
	maxShown = 5000
)

// Split returns the entry, or several in its place when it holds more than one may. What is
// split already stays as it is.
func (e *Entry) Split() []Entry {
	var all []Entry
	begun, shown := 0, 0
	on := divided(e.On)
	for i, t := range on {
		if i-begun == MaxTouches || shown+len(t.Fields) > maxShown {
			all = append(all, e.with(on[begun:i]))
			begun, shown = i, 0
		}
		shown += len(t.Fields)
	}
	return append(all, e.with(on[begun:]))
}

func (e *Entry) with(on []Touch) Entry {
	one := *e
	one.On = slices.Clip(on)
	return one
}

// divided names things that show too many members several times.
func divided(on []Touch) []Touch {
	var all []Touch
	for _, t := range on {
		for ; len(t.Fields) > MaxFields; t.Fields = t.Fields[MaxFields:] {
			part := t
			part.Fields = slices.Clip(t.Fields[:MaxFields])
			all = append(all, part)
		}
		all = append(all, t)
	}
	return all
}

package sink

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// schema names how messages become rows. It is part of every token: a program that
// makes other rows of the same messages must not be silenced by an older insert.
const schema = "v1"

// Reasons of dead letters. They are stable: officers and programs go by them.
const (
	codeUndecodable = "EVT-001" // not an event of the platform
	codePartition   = "EVT-002" // on another partition than its key belongs to
	codeContent     = "EVT-003" // content that does not fit its kind
	codeIdentity    = "EVT-004" // a later revision changes kind, year, period or unit
	codeEnvelope    = "EVT-005" // the headers contradict the content
)

// fixed is what no revision of a report may change.
type fixed struct {
	Kind     report.Kind
	StatYear int
	Period   string
	Unit     string
}

// otherThan names what differs, without the values: a faulty program may have put
// anything there, and details are shown in lists.
func (f fixed) otherThan(g fixed) string {
	var other []string
	for name, differs := range map[string]bool{
		"another kind": f.Kind != g.Kind, "another year": f.StatYear != g.StatYear,
		"another period": f.Period != g.Period, "another unit": f.Unit != g.Unit,
	} {
		if differs {
			other = append(other, name)
		}
	}
	slices.Sort(other)
	return strings.Join(other, ", ")
}

// stored is an event with its place in the log and its decoded content, which
// is nil for a withdrawal.
type stored struct {
	queue.Event
	Content report.Content
	origin  kafka.Message
}

// decoded is a range after reading its bytes: a pure function of them.
type decoded struct {
	events []stored
	dead   []queue.DeadLetter
}

// decode reads every message of r; what cannot be read becomes a dead letter.
func decode(r queue.Range, partitions int) decoded {
	d := decoded{events: make([]stored, 0, len(r.Messages))}
	for _, m := range r.Messages {
		s, code, err := decodeOne(m, partitions)
		if err != nil {
			d.dead = append(d.dead, queue.DeadLetter{Code: code, Detail: err.Error(), Origin: m})
			continue
		}
		d.events = append(d.events, s)
	}
	return d
}

func decodeOne(m kafka.Message, partitions int) (stored, string, error) {
	e, err := queue.DecodeOpen(m)
	if err != nil {
		return stored{}, codeUndecodable, err
	}
	// One partition is one writer: on another one the revisions of this report
	// could overtake each other.
	if want := queue.PartitionOf(m.Key, partitions); want != m.Partition {
		return stored{}, codePartition, fmt.Errorf("partition %d, its key belongs to %d", m.Partition, want)
	}
	s := stored{Event: e, origin: m}
	if e.Withdrawn {
		return s, "", nil
	}
	if s.Content, err = report.DecodeContent(e.Kind, e.Content); err != nil {
		if _, err := queue.Decode(m); err != nil {
			return stored{}, codeUndecodable, err
		}
		return stored{}, codeContent, misfit(err)
	}
	if err := s.agrees(); err != nil {
		return stored{}, codeEnvelope, err
	}
	return s, "", nil
}

// misfit says where content does not fit its kind, but not what stands there: what did
// not pass the gateway may name people.
func misfit(err error) error {
	at := "its content does not fit its kind"
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Errorf("%s: byte %d", at, semantic.ByteOffset)
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("%s: byte %d", at, syntactic.ByteOffset)
	}
	return errors.New(at)
}

// agrees checks that the headers say of the report what its content says. For a
// periodic report that includes its id, which is made of what it is about: so one
// id can never stand for two years or units.
func (s stored) agrees() error {
	id := s.Content.Identity()
	says := fixed{Kind: s.Kind, StatYear: id.StatYear, Period: id.Period, Unit: id.Unit}
	if says != s.fixed() {
		return fmt.Errorf("the content is about %s than the headers", s.fixed().otherThan(says))
	}
	if d, _ := report.Lookup(s.Kind); !d.Event && report.ReportID(s.Kind, id) != s.ReportID {
		return errors.New("the report id is not that of kind, unit and period")
	}
	return nil
}

func (s stored) fixed() fixed {
	return fixed{Kind: s.Kind, StatYear: s.StatYear, Period: s.Period, Unit: s.Unit}
}

// lookups gives the reports whose earlier copies the store must tell: those whose
// id does not follow from their content, which are events and withdrawals.
func (d decoded) lookups() []store.Key {
	var keys []store.Key
	seen := make(map[uuid.UUID]bool)
	for _, s := range d.events {
		definition, _ := report.Lookup(s.Kind)
		if !definition.Event && !s.Withdrawn || seen[s.ReportID] {
			continue
		}
		keys = append(keys, store.Key{ReportID: s.ReportID, Revision: s.Revision})
		seen[s.ReportID] = true
	}
	return keys
}

// past is what is known of a report before a message.
type past struct {
	fixed
	newest uint32
}

// plan is what is done with a range.
type plan struct {
	dead    []queue.DeadLetter
	current map[report.Kind][]*stored
	log     []*stored
}

// decide makes the plan of a decoded range. known holds what the store had of the
// reports that lookups named, before this range.
func (d decoded) decide(known map[uuid.UUID]past) plan {
	p := plan{dead: d.dead, current: make(map[report.Kind][]*stored), log: make([]*stored, 0, len(d.events))}
	reports := make(map[uuid.UUID]past, len(d.events))
	for i := range d.events {
		s := &d.events[i]
		before, seen := reports[s.ReportID]
		if !seen {
			before, seen = known[s.ReportID]
		}
		if seen && before.fixed != s.fixed() {
			p.contradict(s, before)
			continue
		}
		reports[s.ReportID] = past{fixed: s.fixed(), newest: max(before.newest, s.Revision)}
		p.current[s.Kind] = append(p.current[s.Kind], s)
		p.log = append(p.log, s)
	}
	return p
}

// contradict deals with a revision that is about another year or unit than the
// first copy in the log. Of a revision that is there already it is the loser of a
// race: the log keeps it, and its status says conflict. It must not reach the
// current table, where it would lie in another partition and count as well. A
// later revision was never allowed to say so: a dead letter.
func (p *plan) contradict(s *stored, before past) {
	if s.Revision <= before.newest {
		p.log = append(p.log, s)
		return
	}
	p.dead = append(p.dead, queue.DeadLetter{
		Code:   codeIdentity,
		Detail: fmt.Sprintf("revision %d is about %s than the first", s.Revision, before.otherThan(s.fixed())),
		Origin: s.origin,
	})
}

// step is one thing that the sink does for a range. Each can be repeated without
// another effect than that of once.
type step int

const (
	// recordIntent commits the range's first offset with the intent to store it.
	recordIntent step = iota
	// sendDeadLetters writes to the topic of dead letters, keepDeadLetters to the
	// store: before the proof, so that no message is ever in neither.
	sendDeadLetters
	keepDeadLetters
	storeCurrent
	// storeLog is the proof that the range is stored.
	storeLog
	// lookAgain makes sure that the proof is there: a store that has lost a range may still
	// know its token, and then drops it when it is stored again.
	lookAgain
	// commitBehind commits the offset behind the range.
	commitBehind
)

// steps gives what is done for the range, in order. With more messages at hand the
// commit is left to the next intent, which says the same: of two calls of the broker
// one is enough.
func (p plan) steps(more bool) []step {
	steps := []step{recordIntent}
	if len(p.dead) > 0 {
		steps = append(steps, sendDeadLetters, keepDeadLetters)
	}
	if len(p.log) > 0 {
		steps = append(steps, storeCurrent, storeLog)
	}
	steps = append(steps, lookAgain)
	if !more {
		steps = append(steps, commitBehind)
	}
	return steps
}

// fates tells of every message of r, in order, whether it is a dead letter.
func (p plan) fates(r queue.Range) []bool {
	dead := make(map[int64]bool, len(p.dead))
	for _, l := range p.dead {
		dead[l.Origin.Offset] = true
	}
	fates := make([]bool, len(r.Messages))
	for i, m := range r.Messages {
		fates[i] = dead[m.Offset]
	}
	return fates
}

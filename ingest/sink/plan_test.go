package sink

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

const onePartition = 1

// message makes a withdrawal or a nonsense message: planning looks at the
// envelope, and a withdrawal has no content to fill in.
func message(t require.TestingT, offset int64, id uuid.UUID, revision uint32, year int, kind report.Kind) kafka.Message {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m, err := queue.Encode(queue.Event{
		ReportID: id, Revision: revision, Kind: kind, Withdrawn: true, StatYear: year, Unit: "x/0", SubmittedBy: "t",
		FiledAt: at, ReceivedAt: at, Tracking: "TN", RulesVersion: "1",
	})
	require.NoError(t, err)
	m.Offset = offset
	return m
}

func TestPlanKeepsWhatIsFixed(t *testing.T) {
	id := uuid.New()
	stored := map[uuid.UUID]past{id: {fixed: fixed{Kind: report.AnnexXII, StatYear: 2025, Unit: "x/0"}, newest: 1}}
	// want gives one letter a message: s(tored), l(og only), d(ead).
	f := func(known map[uuid.UUID]past, want string, messages ...kafka.Message) {
		t.Helper()
		p := decode(queue.Range{Messages: messages}, onePartition).decide(known)
		got := make([]byte, len(messages))
		for _, s := range p.log {
			got[s.origin.Offset] = 'l'
		}
		for _, reports := range p.current {
			for _, s := range reports {
				got[s.origin.Offset] = 's'
			}
		}
		for _, d := range p.dead {
			require.Equal(t, codeIdentity, d.Code)
			got[d.Origin.Offset] = 'd'
		}
		require.Equal(t, want, string(got))
	}
	at := func(offset int64, revision uint32, year int) kafka.Message {
		return message(t, offset, id, revision, year, report.AnnexXII)
	}
	f(nil, "s", at(0, 2, 2025))
	f(stored, "s", at(0, 2, 2025))
	f(stored, "d", at(0, 2, 2024))
	f(stored, "d", message(t, 0, id, 2, 2025, report.DiseaseReport))
	// The loser of a race, alone, before and after the winner's next revision.
	f(stored, "l", at(0, 1, 2024))
	f(stored, "ls", at(0, 1, 2024), at(1, 2, 2025))
	f(nil, "sl", at(0, 1, 2025), at(1, 1, 2024))
	f(nil, "slsd", at(0, 1, 2025), at(1, 1, 2024), at(2, 2, 2025), at(3, 3, 2024))
	f(nil, "sdds", at(0, 1, 2025), at(1, 2, 2024), at(2, 3, 2024), at(3, 4, 2025))
}

func TestLookupsAskForWhatTheContentCannotTell(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	d := decode(queue.Range{Messages: []kafka.Message{
		message(t, 0, a, 1, 2025, report.AccidentDeclaration), message(t, 1, a, 2, 2025, report.AccidentDeclaration),
		message(t, 2, b, 3, 2025, report.AnnexXII), message(t, 3, b, 4, 2025, report.AnnexXII),
	}}, onePartition)
	keys := d.lookups()
	require.Len(t, keys, 2, "events, and withdrawals, which these are")
	require.Equal(t, a, keys[0].ReportID)
	require.Equal(t, b, keys[1].ReportID)
}

// Every message of a range ends in exactly one place, whatever the range holds,
// and deciding twice gives the same plan.
func TestPlanLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		var r queue.Range
		for offset := range int64(rapid.IntRange(1, 40).Draw(t, "messages")) {
			id := rapid.SampledFrom(ids).Draw(t, "id")
			m := message(t, offset, id, uint32(rapid.IntRange(1, 4).Draw(t, "revision")),
				rapid.IntRange(2024, 2025).Draw(t, "year"), report.AnnexXII)
			switch rapid.IntRange(0, 9).Draw(t, "spoil") {
			case 0:
				m.Value = rapid.SliceOf(rapid.Byte()).Draw(t, "value")
			case 1:
				m.Headers = m.Headers[:rapid.IntRange(0, len(m.Headers)-1).Draw(t, "headers")]
			}
			r.Messages = append(r.Messages, m)
		}
		known := map[uuid.UUID]past{ids[0]: {fixed: fixed{Kind: report.AnnexXII, StatYear: 2025, Unit: "x/0"}, newest: 1}}
		p, again := decode(r, onePartition).decide(known), decode(r, onePartition).decide(known)
		require.Equal(t, p, again)
		seen := make(map[int64]int)
		for _, s := range p.log {
			seen[s.origin.Offset]++
		}
		for _, d := range p.dead {
			seen[d.Origin.Offset]++
		}
		current := 0
		for _, reports := range p.current {
			current += len(reports)
		}
		require.LessOrEqual(t, current, len(p.log))
		for _, m := range r.Messages {
			require.Equal(t, 1, seen[m.Offset])
		}
	})
}

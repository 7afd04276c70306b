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
	annex := fixed{Kind: report.AnnexXII, StatYear: 2025, Unit: "x/0"}
	f := func(known map[uuid.UUID]fixed, dead int, messages ...kafka.Message) {
		t.Helper()
		p := decode(queue.Range{Messages: messages}, onePartition).decide(known)
		require.Len(t, p.dead, dead)
		require.Len(t, p.log, len(messages)-dead)
		for _, d := range p.dead {
			require.Equal(t, codeIdentity, d.Code)
		}
	}
	same := message(t, 1, id, 2, 2025, report.AnnexXII)
	f(nil, 0, same)
	f(map[uuid.UUID]fixed{id: annex}, 0, same)
	f(map[uuid.UUID]fixed{id: annex}, 1, message(t, 1, id, 2, 2024, report.AnnexXII))
	f(map[uuid.UUID]fixed{id: annex}, 1, message(t, 1, id, 2, 2025, report.DiseaseReport))
	f(nil, 1, message(t, 0, id, 1, 2025, report.AnnexXII), message(t, 1, id, 2, 2024, report.AnnexXII))
	f(nil, 2, message(t, 0, id, 1, 2025, report.AnnexXII), message(t, 1, id, 2, 2024, report.AnnexXII),
		message(t, 2, id, 3, 2024, report.AnnexXII), message(t, 3, id, 4, 2025, report.AnnexXII))
}

func TestLookupsAskOnlyWhatTheRangeCannotTell(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	d := decode(queue.Range{Messages: []kafka.Message{
		message(t, 0, a, 1, 2025, report.AnnexXII), message(t, 1, a, 2, 2025, report.AnnexXII),
		message(t, 2, b, 3, 2025, report.AnnexXII), message(t, 3, b, 4, 2025, report.AnnexXII),
	}}, onePartition)
	keys := d.lookups()
	require.Len(t, keys, 1)
	require.Equal(t, b, keys[0].ReportID)
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
		known := map[uuid.UUID]fixed{ids[0]: {Kind: report.AnnexXII, StatYear: 2025, Unit: "x/0"}}
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
		require.Len(t, p.log, current)
		for _, m := range r.Messages {
			require.Equal(t, 1, seen[m.Offset])
		}
	})
}

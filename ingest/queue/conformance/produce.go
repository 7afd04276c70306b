package conformance

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// Every event of a call has its own answer, and the log holds exactly what was
// acknowledged.
func (s *suite) oneAnswerAnEvent(t *testing.T) {
	p := s.producer(t, queue.DefaultProducer())
	all := events(500)
	all[7] = withContent(all[7], 0)
	all[7].Content = []byte("{") // cannot be encoded
	all[123] = withContent(all[123], queue.MaxEventBytes)
	all[200] = withContent(all[200], 256<<10) // the largest report there is
	want := make(map[uuid.UUID]int)
	for i, err := range p.Produce(t.Context(), all) {
		switch i {
		case 7:
			require.Error(t, err)
			require.NotErrorIs(t, err, queue.ErrUnconfirmed)
		case 123:
			require.ErrorIs(t, err, queue.ErrTooLarge)
		default:
			require.NoError(t, err)
			want[all[i].ReportID]++
		}
	}
	got := make(map[uuid.UUID]int)
	for _, m := range s.log(t, queue.ReportsTopic) {
		e, err := queue.Decode(m)
		require.NoError(t, err)
		got[e.ReportID]++
	}
	require.Equal(t, want, got)
	ends, err := queue.Ends(t.Context(), s.Brokers, partitions)
	require.NoError(t, err)
	var sum int64
	for _, end := range ends {
		require.Positive(t, end)
		sum += end
	}
	require.Equal(t, int64(len(want)), sum)
}

// What the broker will never take is answered at once, as refused and not as
// perhaps written, and the next report is taken.
func (s *suite) refused(t *testing.T) {
	s.alter(t, queue.ReportsTopic, "max.message.bytes", "20000")
	p := s.producer(t, queue.DefaultProducer())
	taken := 0
	s.eventually(t, "the setting holds", func() bool {
		begin := time.Now()
		err := p.Produce(t.Context(), []queue.Event{withContent(event(), 100_000)})[0]
		if err == nil {
			taken++
			return false
		}
		require.ErrorIs(t, err, queue.ErrRefused)
		require.Less(t, time.Since(begin), queue.DefaultProducer().Deadline/2)
		return true
	})
	accepted(t, p.Produce(t.Context(), events(1)))
	require.Len(t, s.log(t, queue.ReportsTopic), taken+1)
}

// A message comes back with the very bytes and headers, in their order, and with
// the time at which the broker wrote it.
func (s *suite) headers(t *testing.T) {
	at := time.Date(2026, 7, 3, 9, 15, 4, 123_000_000, time.FixedZone("+07", 7*3600))
	want := queue.Event{
		ReportID: uuid.New(), Revision: 2, Kind: report.AnnexXII, StatYear: 2026, Period: "2026H1", Unit: "0100109106/0",
		SubmittedBy: "Sở Nội vụ", FiledAt: at.Add(-time.Hour), ReceivedAt: at, SHA256: [32]byte{1, 2, 3}, Tracking: "TN-1",
		RequestID: uuid.New(), RulesVersion: "2026.1", Warnings: []string{"AXII-040", "AXII-041"},
		Content: []byte(`{"name":"Công ty Ầ"}`), Sealed: []byte{0, 255, 1}, SealedKey: "2026",
	}
	sent, err := queue.Encode(want)
	require.NoError(t, err)
	before := time.Now().Add(-time.Minute)
	accepted(t, s.producer(t, queue.DefaultProducer()).Produce(t.Context(), []queue.Event{want}))
	log := s.log(t, queue.ReportsTopic)
	require.Len(t, log, 1)
	require.Equal(t, sent.Key, log[0].Key)
	require.Equal(t, sent.Value, log[0].Value)
	require.Equal(t, sent.Headers, log[0].Headers)
	require.WithinRange(t, log[0].Time, before, time.Now().Add(time.Minute), "not the time of the report")
	got, err := queue.Decode(log[0])
	require.NoError(t, err)
	require.True(t, want.ReceivedAt.Equal(got.ReceivedAt) && want.FiledAt.Equal(got.FiledAt))
	got.ReceivedAt, got.FiledAt = want.ReceivedAt, want.FiledAt
	require.Equal(t, want, got)
}

func (s *suite) partitionOfKey(t *testing.T) {
	accepted(t, s.producer(t, queue.DefaultProducer()).Produce(t.Context(), events(400)))
	log := s.log(t, queue.ReportsTopic)
	require.Len(t, log, 400)
	for _, m := range log {
		require.Equal(t, queue.PartitionOf(m.Key, partitions), m.Partition, "%s", m.Key)
	}
}

// The revisions of a report lie in the log in the order in which they were
// accepted, in one call and over many calls at the same time.
func (s *suite) orderWithinKey(t *testing.T) {
	p := s.producer(t, queue.DefaultProducer())
	const reports, calls, revisions = 20, 10, 15
	var wg sync.WaitGroup
	for range reports {
		e := event()
		wg.Go(func() {
			for range calls {
				batch := make([]queue.Event, revisions)
				for i := range batch {
					batch[i] = e
					e.Revision++
				}
				for _, err := range p.Produce(t.Context(), batch) {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	last := make(map[uuid.UUID]uint32)
	for _, m := range s.log(t, queue.ReportsTopic) {
		e, err := queue.Decode(m)
		require.NoError(t, err)
		require.Equal(t, last[e.ReportID]+1, e.Revision, "report %s", e.ReportID)
		last[e.ReportID] = e.Revision
	}
	require.Len(t, last, reports)
	for id, revision := range last {
		require.Equal(t, uint32(calls*revisions), revision, "report %s", id)
	}
}

// Single reports of many callers travel together: 400 of them take no 400
// round trips.
func (s *suite) manyCallers(t *testing.T) {
	p := s.producer(t, queue.DefaultProducer())
	var wg sync.WaitGroup
	begin := time.Now()
	for range 50 {
		wg.Go(func() {
			for range 8 {
				if err := p.Produce(t.Context(), events(1))[0]; err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("400 single reports of 50 callers took %s", time.Since(begin).Round(time.Millisecond))
	require.Len(t, s.log(t, queue.ReportsTopic), 400)
}

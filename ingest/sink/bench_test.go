package sink_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// noHistory is a ledger that knows nothing.
type noHistory struct{}

func (noHistory) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	return nil, nil
}

func (noHistory) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, nil
}

func (noHistory) Filers(context.Context, []uuid.UUID) (map[uuid.UUID]store.Filer, error) {
	return nil, nil
}

// taker is a producer that keeps the messages.
type taker struct{ messages []kafka.Message }

func (p *taker) Produce(_ context.Context, events []queue.Event) []error {
	errs := make([]error, len(events))
	for i, e := range events {
		var m kafka.Message
		m, errs[i] = queue.Encode(e)
		m.Offset = int64(len(p.messages))
		p.messages = append(p.messages, m)
	}
	return errs
}

// rangeOf gives n messages of one kind as the gateway writes them.
func rangeOf(b *testing.B, n int, raw []byte) queue.Range {
	b.Helper()
	keys, err := seal.Open(b.TempDir() + "/keys")
	require.NoError(b, err)
	signer, err := receipt.NewSigner("test", keys.ReceiptKey(), time.Now)
	require.NoError(b, err)
	kept := &taker{}
	gateway := intake.New(intake.Deps{
		Keys: keys, Signer: signer, Producer: kept, Ledger: noHistory{}, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
	var items []intake.Item
	for i := range n {
		items = append(items, intake.Item{Raw: reporttest.Set(raw, "/content/reporter/tax_code", fmt.Sprintf("%q", taxCode(i))), Row: i + 1})
	}
	for len(items) > 0 {
		part := min(len(items), intake.MaxChunk)
		for _, out := range gateway.Submit(b.Context(), filer, items[:part]) {
			require.Equal(b, intake.Accepted, out.State, "%v", out.Findings)
		}
		items = items[part:]
	}
	return queue.Range{Messages: kept.messages, End: int64(n)}
}

// taxCode is valid in form: its tenth digit checks the first nine.
func taxCode(n int) string {
	digits := fmt.Sprintf("%08d", 12_345_678+n)
	sum := 0
	for i, weight := range []int{31, 29, 23, 19, 17, 13, 7, 5} {
		sum += weight * int(digits[i]-'0')
	}
	ninth := 0
	if sum%11 == 0 {
		ninth = 1
	}
	return fmt.Sprintf("%s%d%d", digits, ninth, 10-(sum+3*ninth)%11)
}

func eachSize(b *testing.B, f func(b *testing.B, r queue.Range)) {
	long := reporttest.Valid(report.AnnexXII)
	short := reporttest.Remove(reporttest.Remove(long, "/content/rows"), "/content/damage")
	for _, raw := range [][]byte{short, long} {
		b.Run(fmt.Sprintf("%dB", len(raw)), func(b *testing.B) {
			r := rangeOf(b, 20_000, raw)
			b.ReportAllocs()
			f(b, r)
		})
	}
}

// processorTime reports what each of n reports a loop takes of the processor, engine
// included: unlike the clock it tells the same on a busy machine.
func processorTime(b *testing.B, n int) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	return func() {
		b.ReportMetric(float64((used()-before).Nanoseconds())/1e3/float64(b.N*n), "cpu-µs/report")
	}
}

func BenchmarkDecode(b *testing.B) {
	eachSize(b, func(b *testing.B, r queue.Range) {
		defer processorTime(b, len(r.Messages))()
		for b.Loop() {
			sink.Decode(r, 1)
		}
	})
}

func BenchmarkHeaders(b *testing.B) {
	eachSize(b, func(b *testing.B, r queue.Range) {
		defer processorTime(b, len(r.Messages))()
		for b.Loop() {
			for _, m := range r.Messages {
				if _, err := queue.Decode(m); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkContent(b *testing.B) {
	eachSize(b, func(b *testing.B, r queue.Range) {
		var events []queue.Event
		for _, m := range r.Messages {
			e, err := queue.Decode(m)
			require.NoError(b, err)
			events = append(events, e)
		}
		defer processorTime(b, len(r.Messages))()
		for b.Loop() {
			for _, e := range events {
				if _, err := report.DecodeContent(e.Kind, e.Content); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkInsert(b *testing.B) {
	st, info := shared.Store(b)
	eachSize(b, func(b *testing.B, r queue.Range) {
		p := sink.Plan(r)
		d, _ := report.Lookup(report.AnnexXII)
		n := 0
		for _, table := range []string{"current", "log"} {
			b.Run(table, func(b *testing.B) {
				defer processorTime(b, len(r.Messages))()
				for b.Loop() {
					n++
					token := fmt.Sprint(strings.Repeat("x", 10), b.Name(), n)
					if table == "current" {
						heads, columns := sink.CurrentRows(d, p, info.Epoch)
						require.NoError(b, st.InsertCurrent(b.Context(), token, d.Table, heads, columns))
						continue
					}
					require.NoError(b, st.InsertLog(b.Context(), token, store.Range{}, sink.LogEntries(p, info.Epoch)))
				}
			})
		}
	})
}

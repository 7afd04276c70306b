package intake

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// countingLog acknowledges everything after encoding it, as the producer does.
type countingLog struct{}

func (countingLog) Produce(_ context.Context, events []queue.Event) []error {
	errs := make([]error, len(events))
	for i, e := range events {
		_, errs[i] = queue.Encode(e)
	}
	return errs
}

type emptyLedger struct{}

func (emptyLedger) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	return nil, nil
}

func (emptyLedger) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, nil
}

func (emptyLedger) Filers(context.Context, []uuid.UUID) (map[uuid.UUID]store.Filer, error) {
	return nil, nil
}

// BenchmarkSubmit files Annex XII reports of ever new establishments without network and
// engines: what the gateway spends on one, alone and in a chunk. cpu-ns is the process's
// own processor time, garbage collection included, which other programs disturb less
// than the time on the wall.
func BenchmarkSubmit(b *testing.B) {
	for _, items := range []int{1, MaxChunk} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) { benchmarkSubmit(b, items) })
	}
}

func benchGateway(b *testing.B) *Gateway {
	b.Helper()
	keys, err := seal.Open(b.TempDir() + "/keys")
	if err != nil {
		b.Fatal(err)
	}
	signer, err := receipt.NewSigner("bench", keys.ReceiptKey(), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	return New(Deps{
		Keys: keys, Signer: signer, Producer: countingLog{}, Ledger: emptyLedger{}, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
}

func benchmarkSubmit(b *testing.B, items int) {
	g := benchGateway(b)
	made := make([]Item, items)
	for i := range made {
		made[i] = Item{Row: i + 1, Raw: []byte(fmt.Sprintf(annex, taxCode(0), table[i%len(table)]))}
	}
	n, before := 0, processorTime()
	b.ReportAllocs()
	for b.Loop() {
		for i := range made {
			copy(made[i].Raw[len(annexHead):], taxCode(n))
			n++
		}
		for _, out := range g.Submit(b.Context(), Principal{Caller: access.Caller{ID: "bench", Role: access.Operator}}, made) {
			if out.State != Accepted {
				b.Fatal(out.State, out.Findings)
			}
		}
	}
	b.ReportMetric(float64((processorTime()-before).Nanoseconds())/float64(n), "cpu-ns/report")
}

// BenchmarkCheck runs every rule on Annex XII reports of units that the principal may file
// for, one and a chunk at a time, without filing: what its scope adds to that.
func BenchmarkCheck(b *testing.B) {
	const units = 100_000
	granted := make([]string, units)
	for n := range granted {
		granted[n] = taxCode(n)
	}
	for _, by := range []access.Caller{
		{ID: "operator", Role: access.Operator},
		{ID: "enterprise", Role: access.Enterprise, Units: granted[:1]},
		access.Caller{ID: "software", Role: access.Software}.With(access.Grants{File: granted}.Sorted()),
	} {
		for _, items := range []int{1, MaxChunk} {
			b.Run(fmt.Sprintf("%s/items=%d", by.ID, items), func(b *testing.B) {
				g := benchGateway(b)
				raw := fmt.Appendf(nil, annex, granted[0], "")
				made := slices.Repeat([]Item{{Raw: raw}}, items)
				before := processorTime()
				b.ReportAllocs()
				for b.Loop() {
					for _, out := range g.Read(Principal{Caller: by}, made).outcomes {
						if out.State != "" {
							b.Fatal(out.State, out.Findings)
						}
					}
				}
				b.ReportMetric(float64((processorTime()-before).Nanoseconds())/float64(b.N*items), "cpu-ns/report")
			})
		}
	}
}

// A report without accidents, as most are, and what one in four has beside it: the
// reports of package bench.
const (
	annexHead = `{"kind":"annex_xii","content":{"reporter":{"type":"establishment","tax_code":"`
	annex     = annexHead + `%s","name":"Công ty TNHH thử tải số 7",` +
		`"address":"Lô A1, khu công nghiệp thử tải","province":{"list":"34","code":"01"}},"period":"2025",` +
		`"report_date":"2026-01-05","industry":{"version":"2025","code":"C"},"workers":{"total":120,"women":12},` +
		`"payroll_million_vnd":14000%s}}`
)

var table = [...]string{"", "", "", `,"rows":[` +
	`{"block":"1","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.1","code":"1","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.2","code":"7","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.3","code":"7111","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"3","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1}],` +
	`"damage":{"days_off":40,"cost_total":60,"cost_medical":10,"cost_wages":20,"cost_compensation":30}`}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// taxCode makes the n-th tax code with its check digit.
func taxCode(n int) string {
	for ninth := range 2 {
		code := fmt.Sprintf("%08d%d", 12_345_678+n, ninth)
		sum := 0
		for i, weight := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
			sum += weight * int(code[i]-'0')
		}
		if r := sum % 11; r > 0 {
			return code + strconv.Itoa(10-r)
		}
	}
	panic("one of two has a check digit")
}

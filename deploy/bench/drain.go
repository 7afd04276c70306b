package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// backlog is what the log holds when its drain is measured.
type backlog struct {
	id, title string
	// accidentEvery and table make the reports: see filings.
	accidentEvery int
	table         string
}

// backlogs are of short reports (368 bytes as filed) and of long ones (1.2 KB).
var backlogs = []backlog{
	{"drain_small", "sink drain, Annex XII without accidents", 0, ""},
	{"drain_annex", "sink drain, Annex XII with nine rows", 1, longTable},
}

func (l backlog) filings() *filings {
	f := newFilings(time.Now(), seeds.Default())
	f.accidentEvery, f.table = l.accidentEvery, l.table
	return f
}

// measureDrain fills the log while no sink runs, then starts the server and watches its
// sink catch up. Afterwards a plain loop stores the same log, and the engine the same
// rows from files.
func (b *bench) measureDrain(ctx context.Context, l backlog) ([]Phase, error) {
	p := Phase{ID: l.id, Title: l.title}
	err := b.drain(ctx, &p, l)
	return []Phase{p}, err
}

func (b *bench) drain(ctx context.Context, p *Phase, l backlog) error {
	at, err := b.place(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := b.fillLog(ctx, at, l.filings()); err != nil {
		return fmt.Errorf("fill the log: %w", err)
	}
	p.number("backlog", "backlog in the log", float64(b.Backlog), "reports")
	p.number("report_bytes", "a report as filed", float64(len(l.filings().append(nil, 1))), "B")
	if len(b.Brokers) == 0 {
		size, err := folderSize(filepath.Join(at.dir, "kafka"))
		if err != nil {
			return err
		}
		p.number("log_bytes", "log (Kafka, LZ4)", float64(size)/float64(b.Backlog), "B/report")
	}
	sink, err := b.drainSink(ctx, p, at)
	if err != nil {
		return err
	}
	if err := b.measureSizes(ctx, p, at, b.Backlog); err != nil {
		return err
	}
	plain, err := b.drainPlain(ctx, at, p.ID)
	if err != nil {
		return fmt.Errorf("plain loop: %w", err)
	}
	limit, err := b.engineLimit(ctx, at, p.ID)
	if err != nil {
		return fmt.Errorf("engine from files: %w", err)
	}
	p.number("plain_rate", "a plain loop: kafka-go's Reader, encoding/json, the driver's batches", plain.rate, "reports/s")
	p.number("plain_cpu", "processor time of loop, broker and engine", plain.cpu, "µs/report")
	p.number("plain_ratio", "the sink stores, of what the plain loop does", sink/plain.rate, "times as much")
	if limit.rate > 0 {
		p.number("limit_rate", "the engine alone: the same rows from files, the same batches", limit.rate, "reports/s")
		p.number("limit_cpu", "processor time of engine and client", limit.cpu, "µs/report")
		p.number("limit_ratio", "the sink stores, of what the engine alone does", 100*sink/limit.rate, "%")
	}
	return b.startAnew(ctx)
}

// drainSink lets the program store the backlog and returns its rate.
func (b *bench) drainSink(ctx context.Context, p *Phase, at *place) (float64, error) {
	server, ready, err := b.serve(ctx, "run", at.dir, b.runArguments(at, "--demo-load=false")...)
	if err != nil {
		return 0, err
	}
	p.number("ready", "start to ready with the backlog", ready.Seconds(), "s")
	rate, err := b.watchDrain(ctx, p, server)
	return rate, errors.Join(err, server.stop())
}

// startAnew empties a log that is not ours alone.
func (b *bench) startAnew(ctx context.Context) error {
	if len(b.Brokers) == 0 {
		return nil
	}
	if err := deleteTopics(ctx, b.Brokers); err != nil {
		return err
	}
	return queue.EnsureTopics(ctx, queue.At(b.Brokers...), queue.Topics(partitions, retention), 1)
}

// noHistory is a ledger that knows nothing: the reports of the backlog are all new.
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

// fillLog writes the backlog through the gateway's own code, so that the messages are
// those of a filer's reports.
func (b *bench) fillLog(ctx context.Context, at *place, forms *filings) error {
	brokers, program, err := b.broker(ctx, at)
	if err != nil {
		return err
	}
	keys, err := seal.Open(filepath.Join(at.dir, "keys"))
	if err != nil {
		return errors.Join(err, stopAll(program))
	}
	signer, err := receipt.NewSigner("atvsld bench", keys.ReceiptKey(), time.Now)
	if err != nil {
		return errors.Join(err, stopAll(program))
	}
	producer := queue.NewProducer(queue.At(brokers...), queue.DefaultProducer())
	gateway := intake.New(intake.Deps{Keys: keys, Signer: signer, Producer: producer, Ledger: noHistory{},
		Seeds: seeds.Default(), Log: slog.New(slog.DiscardHandler)})
	err = file(ctx, gateway, forms, b.Backlog)
	return errors.Join(err, producer.Close(), stopAll(program))
}

func file(ctx context.Context, gateway *intake.Gateway, forms *filings, n int) error {
	by := intake.Principal{Caller: access.Caller{ID: "bench", Role: access.Operator}}
	for first := 0; first < n; first += intake.MaxChunk {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		reports := forms.prepare(first, min(intake.MaxChunk, n-first))
		items := make([]intake.Item, reports.len())
		for i := range items {
			items[i] = intake.Item{Raw: reports.at(i), Row: i + 1}
		}
		for _, out := range gateway.Submit(ctx, by, items) {
			if out.State != intake.Accepted {
				return fmt.Errorf("report %d was answered %s: %v", first+out.Row, out.State, out.Findings)
			}
		}
	}
	return nil
}

// watchDrain looks at the sink's counter until everything is stored, and returns the rate.
func (b *bench) watchDrain(ctx context.Context, p *Phase, server *program) (float64, error) {
	var looks []drained
	for len(looks) == 0 || looks[len(looks)-1].stored < b.Backlog {
		stored, err := server.metric(ctx, storedMetric)
		if err != nil {
			return 0, err
		}
		if stored > 0 {
			looks = append(looks, drained{time.Now(), int(stored), meterOf(server)})
		} else if time.Since(server.started) > readyTimeout {
			return 0, errors.New("the sink stores nothing")
		}
		if err := server.pause(ctx, 10*time.Millisecond); err != nil {
			return 0, fmt.Errorf("watch the sink: %w", err)
		}
	}
	last := looks[len(looks)-1]
	p.number("first", "start of the process to the first stored", looks[0].at.Sub(server.started).Seconds(), "s")
	p.number("total", "start of the process to the last stored", last.at.Sub(server.started).Seconds(), "s")
	rate, from, to := middle(looks, b.Backlog)
	p.number("rate", "stored, over the middle half", rate, "reports/s")
	if cpu := to.meter.before[0].cpu - from.meter.before[0].cpu; to.stored > from.stored {
		p.number("cpu_run", "processor time of `run`", float64(cpu.Microseconds())/float64(to.stored-from.stored), "µs/report")
	}
	last.meter.memory(p)
	return rate, nil
}

// drained is how much was stored at a moment, and what that had taken.
type drained struct {
	at     time.Time
	stored int
	meter  *meter
}

// middle is the rate over the middle half: what is in flight at its two ends is about
// the same, whereas at the first stored range all partitions have one nearly done, and
// at the end none has. Of a backlog of few ranges it tells little.
func middle(looks []drained, n int) (rate float64, from, to drained) {
	from, to = reached(looks, n/4), reached(looks, n/4*3)
	if seconds := to.at.Sub(from.at).Seconds(); seconds > 0 {
		return float64(to.stored-from.stored) / seconds, from, to
	}
	// All at once.
	return float64(n) / time.Since(looks[0].at).Seconds(), from, to
}

// reached returns the first look at which n were stored.
func reached(looks []drained, n int) drained {
	for _, l := range looks {
		if l.stored >= n {
			return l
		}
	}
	return looks[len(looks)-1]
}

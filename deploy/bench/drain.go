package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// measureDrain fills the log while no sink runs, then starts the server and watches its
// sink catch up.
func (b *bench) measureDrain(ctx context.Context) ([]Phase, error) {
	p := Phase{ID: "drain", Title: "sink drain"}
	err := b.drain(ctx, &p)
	return []Phase{p}, err
}

func (b *bench) drain(ctx context.Context, p *Phase) error {
	at, err := b.place(ctx, "drain")
	if err != nil {
		return err
	}
	if err := b.fillLog(ctx, at); err != nil {
		return fmt.Errorf("fill the log: %w", err)
	}
	p.number("backlog", "backlog in the log", float64(b.Backlog), "reports")
	if len(b.Brokers) == 0 {
		size, err := folderSize(filepath.Join(at.dir, "kafka"))
		if err != nil {
			return err
		}
		p.number("log_bytes", "log (Kafka, LZ4)", float64(size)/float64(b.Backlog), "B/report")
	}
	server, ready, err := b.serve(ctx, "run", at.dir, b.runArguments(at, "--demo-load=false")...)
	if err != nil {
		return err
	}
	p.number("ready", "start to ready with the backlog", ready.Seconds(), "s")
	if err := b.watchDrain(ctx, p, server); err != nil {
		return errors.Join(err, server.stop())
	}
	if err := server.stop(); err != nil {
		return err
	}
	return b.measureSizes(ctx, p, at, b.Backlog)
}

// noHistory is a ledger that knows nothing: the reports of the backlog are all new.
type noHistory struct{}

func (noHistory) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	return nil, nil
}

func (noHistory) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, nil
}

// fillLog writes the backlog through the gateway's own code, so that the messages are
// those of a filer's reports.
func (b *bench) fillLog(ctx context.Context, at *place) error {
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
	producer := queue.NewProducer(brokers, queue.DefaultProducer())
	gateway := intake.New(intake.Deps{Keys: keys, Signer: signer, Producer: producer, Ledger: noHistory{},
		Seeds: seeds.Default(), Log: slog.New(slog.DiscardHandler)})
	err = file(ctx, gateway, b.Backlog)
	return errors.Join(err, producer.Close(), stopAll(program))
}

func file(ctx context.Context, gateway *intake.Gateway, n int) error {
	forms := newFilings(time.Now(), seeds.Default())
	by := intake.Principal{ID: "bench"}
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

// leastRanges is how many full ranges a backlog must have for its drain to have a steady part.
const leastRanges = 4 * partitions

// watchDrain looks at the sink's counter until everything is stored. The rate is that of
// the middle half: what is in flight at its two ends is about the same, whereas at the
// first stored range all partitions have one nearly done, and at the end none has.
func (b *bench) watchDrain(ctx context.Context, p *Phase, server *program) error {
	var looks []drained
	for len(looks) == 0 || looks[len(looks)-1].stored < b.Backlog {
		stored, err := server.metric(ctx, storedMetric)
		if err != nil {
			return err
		}
		if stored > 0 {
			looks = append(looks, drained{time.Now(), int(stored), meterOf(server)})
		} else if time.Since(server.started) > readyTimeout {
			return errors.New("the sink stores nothing")
		}
		if err := server.pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("watch the sink: %w", err)
		}
	}
	last := looks[len(looks)-1]
	p.number("first", "start of the process to the first stored", looks[0].at.Sub(server.started).Seconds(), "s")
	p.number("total", "start of the process to the last stored", last.at.Sub(server.started).Seconds(), "s")
	if b.Backlog >= leastRanges*queue.DefaultConsumer().MaxRecords {
		from, to := reached(looks, b.Backlog/4), reached(looks, b.Backlog/4*3)
		p.number("rate", "stored, over the middle half", float64(to.stored-from.stored)/to.at.Sub(from.at).Seconds(), "reports/s")
		cpu := to.meter.before[0].cpu - from.meter.before[0].cpu
		p.number("cpu_run", "processor time of `run`", float64(cpu.Microseconds())/float64(to.stored-from.stored), "µs/report")
	}
	last.meter.memory(p)
	return nil
}

// drained is how much was stored at a moment, and what that had taken.
type drained struct {
	at     time.Time
	stored int
	meter  *meter
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

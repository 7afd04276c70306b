package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"

	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

const million = 1_000_000

// measureLong lets a sink store a log of many millions, and tells rate and memory for
// each of them. Broker, engine and sink are processes of their own, so that the memory
// of each is seen.
func (b *bench) measureLong(ctx context.Context) ([]Phase, error) {
	p := Phase{ID: "long", Title: "a long log"}
	err := b.long(ctx, &p)
	return []Phase{p}, err
}

func (b *bench) long(ctx context.Context, p *Phase) (err error) {
	at, err := b.place(ctx, "long")
	if err != nil {
		return err
	}
	brokers, broker, err := b.broker(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopAll(broker)) }()
	if err := timed(p, "fill", "log filled in", func() error { return b.fillFast(ctx, at, brokers) }); err != nil {
		return fmt.Errorf("fill the log: %w", err)
	}
	p.number("backlog", "backlog in the log", float64(b.Long), "reports")
	dsn, engine, err := b.engine(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopAll(engine)) }()
	s, _, err := openStore(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	args := []string{"--clickhouse", dsn, "--listen", "127.0.0.1:0", "--demonstration"}
	for _, address := range brokers {
		args = append(args, "--brokers", address)
	}
	sink, err := b.launch(ctx, "sink", args...)
	if err != nil {
		return err
	}
	sink.watch()
	_, b.machine.Engine, err = tableSizes(ctx, s)
	if err == nil {
		err = b.watchLong(ctx, p, s, sink, engine, broker)
	}
	return errors.Join(err, sink.stop())
}

const storedSQL = "SELECT count() FROM report_log"

// watchLong counts what is stored until it is everything.
func (b *bench) watchLong(ctx context.Context, p *Phase, s *store.Store, programs ...*program) error {
	var rates []float64
	var merged merges
	before, step := drained{at: time.Now(), meter: meterOf(programs...)}, min(million, b.Long)
	for before.stored < b.Long {
		var stored uint64
		if err := s.Conn().QueryRow(ctx, storedSQL).Scan(&stored); err != nil {
			return fmt.Errorf("count what is stored: %w", err)
		}
		if int(stored) < min(before.stored+step, b.Long) {
			if err := programs[0].pause(ctx, 50*time.Millisecond); err != nil {
				return fmt.Errorf("watch the sink: %w", err)
			}
			continue
		}
		now := drained{time.Now(), int(stored), meterOf(programs...)}
		rates = append(rates, float64(now.stored-before.stored)/now.at.Sub(before.at).Seconds())
		p.million(len(rates), rates[len(rates)-1], before, now)
		if err := merged.add(ctx, s, p, len(rates), now.stored-before.stored); err != nil {
			return err
		}
		before = now
	}
	size, err := rangeSize(ctx, s)
	if err != nil {
		return err
	}
	p.number("range", "stored with one insert, on average", size, "reports")
	// The first million begins with the start of the process, and the last may be a part.
	if len(rates) > 3 {
		p.number("flat", "the last whole million, of the second", 100*rates[len(rates)-2]/rates[1], "% of its rate")
	}
	return nil
}

// million adds the rate of one million, its processor time and the memory at its end.
func (p *Phase) million(n int, rate float64, before, now drained) {
	id := fmt.Sprintf("m%d", n)
	p.number(id, fmt.Sprintf("up to %s stored", digits(float64(now.stored))), rate, "reports/s")
	for i, program := range now.meter.programs {
		u := now.meter.before[i]
		cpu := float64((u.cpu - before.meter.before[i].cpu).Microseconds()) / float64(now.stored-before.stored)
		p.number(id+"_rss_"+program.role, fmt.Sprintf("memory of `%s`, %s µs/report", program.role, digits(cpu)), float64(u.resident)/mib, "MiB")
	}
}

// merges is what the engine's merges had done when last looked at.
type merges struct{ rows, milliseconds uint64 }

const mergesSQL = `
SELECT sumIf(value, event = 'MergedRows'), sumIf(value, event = 'MergeExecuteMilliseconds')
FROM system.events`

// add adds what the merges did since the last look: of all tables together, so that a
// report that is stored in two and rewritten once in each counts as two rows.
func (m *merges) add(ctx context.Context, s *store.Store, p *Phase, n, stored int) error {
	var now merges
	if err := s.Conn().QueryRow(ctx, mergesSQL).Scan(&now.rows, &now.milliseconds); err != nil {
		return fmt.Errorf("read the counters of merges: %w", err)
	}
	id := fmt.Sprintf("m%d_merges", n)
	p.number(id+"_rows", "rows that merges rewrote", float64(now.rows-m.rows)/float64(stored), "/report")
	p.number(id+"_time", "time that merges took", 1000*float64(now.milliseconds-m.milliseconds)/float64(stored), "µs/report")
	*m = now
	return nil
}

// taken is a producer that keeps what the gateway would write.
type taken struct{ events []queue.Event }

// Produce keeps events.
func (t *taken) Produce(_ context.Context, events []queue.Event) []error {
	t.events = append(t.events, events...)
	return make([]error, len(events))
}

// fillFast writes the log without the gateway's work for each report: one report goes
// through it, and the others are copies about other establishments. Only their
// ciphertext and hash are those of the first.
func (b *bench) fillFast(ctx context.Context, at *place, brokers []string) error {
	first, err := firstEvent(ctx, at)
	if err != nil {
		return err
	}
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	writer := &kafka.Writer{
		Addr: kafka.TCP(brokers...), Topic: queue.ReportsTopic, RequiredAcks: kafka.RequireAll, Balancer: kafka.Murmur2Balancer{},
		Compression: kafka.Lz4, BatchSize: 5000, BatchBytes: 900_000, BatchTimeout: 5 * time.Millisecond, Transport: transport,
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	const chunk = 20_000
	for low := 0; low < b.Long && ctx.Err() == nil; low += chunk {
		group.Go(func() error {
			messages := make([]kafka.Message, 0, chunk)
			for n := low; n < min(low+chunk, b.Long); n++ {
				m, err := queue.Encode(copyOf(first, n))
				if err != nil {
					return err
				}
				messages = append(messages, m)
			}
			return writer.WriteMessages(ctx, messages...)
		})
	}
	return errors.Join(group.Wait(), writer.Close())
}

// firstEvent is the report of establishment 0 as the gateway writes it.
func firstEvent(ctx context.Context, at *place) (queue.Event, error) {
	keys, err := seal.Open(filepath.Join(at.dir, "keys"))
	if err != nil {
		return queue.Event{}, err
	}
	signer, err := receipt.NewSigner("atvsld bench", keys.ReceiptKey(), time.Now)
	if err != nil {
		return queue.Event{}, err
	}
	kept := &taken{}
	gateway := intake.New(intake.Deps{Keys: keys, Signer: signer, Producer: kept, Ledger: noHistory{}, Seeds: seeds.Default(), Log: slog.New(slog.DiscardHandler)})
	if err := file(ctx, gateway, backlogs[0].filings(), 1); err != nil {
		return queue.Event{}, err
	}
	return kept.events[0], nil
}

// copyOf is the event about another establishment: tax code and report id are its own.
func copyOf(first queue.Event, n int) queue.Event {
	e, taxCode := first, appendTaxCode(nil, n)
	e.Content = bytes.ReplaceAll(first.Content, appendTaxCode(nil, 0), taxCode)
	e.Unit = string(taxCode) + "/0"
	e.ReportID = report.ReportID(e.Kind, report.Identity{StatYear: e.StatYear, Period: e.Period, Unit: e.Unit})
	e.RequestID = uuid.Nil
	e.Tracking = fmt.Sprintf("%s-%d", first.Tracking, n)
	return e
}

package forward

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"atvsld/ingest/queue"
)

// maxBatchBytes bounds what one partition holds in memory beside the reader's queue.
const maxBatchBytes = 8 << 20

// Run forwards what the inboxes hold and what comes, until ctx ends. It joins the group
// again and again; what was read and not answered is read again by whoever gets the
// partition next.
func (f *Forwarder) Run(ctx context.Context) error {
	err := f.consume(ctx)
	if closeErr := f.answers.close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the writer of outcomes: %w", closeErr)
	}
	return err
}

func (f *Forwarder) consume(ctx context.Context) error {
	topics := make([]string, len(f.config.Integrators))
	for i, id := range f.config.Integrators {
		topics[i] = InboxTopic(id)
	}
	group, err := queue.NewGroup(f.config.Brokers, Group, topics...)
	if err != nil {
		return err
	}
	defer func() {
		if err := group.Close(); err != nil {
			f.Log.Warn("leaving the consumer group", "error", err)
		}
	}()
	for {
		generation, err := group.Next(ctx)
		if ctx.Err() != nil || errors.Is(err, kafka.ErrGroupClosed) {
			return nil
		}
		if err != nil {
			f.Log.Warn("joining the consumer group", "error", err)
			continue
		}
		f.health.forgetOthers(generation.Assignments)
		for topic, assigned := range generation.Assignments {
			for _, a := range assigned {
				generation.Start(func(genCtx context.Context) { f.partition(genCtx, generation, partition{topic, a.ID}, a.Offset) })
			}
		}
	}
}

// partition forwards one partition until the generation ends or something fails, which
// ends the generation; it is then read from the committed offset.
func (f *Forwarder) partition(ctx context.Context, generation *kafka.Generation, p partition, offset int64) {
	log := f.Log.With("topic", p.topic, "partition", p.id)
	for ctx.Err() == nil {
		err := f.from(ctx, generation, p, offset, log)
		if err == nil {
			return
		}
		if !errors.Is(err, kafka.OffsetOutOfRange) {
			f.failed(ctx, p, log, err)
			return
		}
		// To give the partition back would not help: the next one finds the same. What is
		// not there any more nobody can answer; what is there is answered again at worst.
		log.Error("an inbox does not hold the offset that comes next: retention was faster, or the topic is another one; it is read from its first message on", "offset", offset)
		f.metrics.outOfRange.WithLabelValues(strings.TrimPrefix(p.topic, inboxPrefix)).Inc()
		offset = kafka.FirstOffset
		_ = sleep(ctx, time.Second)
	}
}

// from forwards a partition from an offset on until something fails; nil means that a
// commit did, which is how a generation often ends.
func (f *Forwarder) from(ctx context.Context, generation *kafka.Generation, p partition, offset int64, log *slog.Logger) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: f.config.Brokers.Addrs(), Dialer: f.config.Brokers.Dialer(), Topic: p.topic, Partition: p.id,
		MinBytes: 1, MaxBytes: 4 << 20, MaxWait: 250 * time.Millisecond,
		// A message may be large, and every partition of every inbox has such a queue.
		QueueCapacity:  20,
		ReadBackoffMin: 20 * time.Millisecond, ReadBackoffMax: time.Second,
		// The reader would spin without a word.
		OffsetOutOfRangeError: true,
	})
	defer func() { _ = reader.Close() }()
	if err := reader.SetOffset(offset); err != nil {
		return fmt.Errorf("start at offset %d: %w", offset, err)
	}
	for {
		batch, err := f.next(ctx, reader)
		if err != nil {
			return fmt.Errorf("read an inbox: %w", err)
		}
		if err := f.forward(ctx, strings.TrimPrefix(p.topic, inboxPrefix), batch); err != nil {
			return fmt.Errorf("forward a batch: %w", err)
		}
		next := batch[len(batch)-1].Offset + 1
		if err := generation.CommitOffsets(map[string]map[int]int64{p.topic: {p.id: next}}); err != nil {
			log.Warn("committing answered messages", "next", next, "error", err)
			return nil
		}
		f.health.well(p)
	}
}

// failed notes what ended the work on a partition, unless it is the end of the generation.
func (f *Forwarder) failed(ctx context.Context, p partition, log *slog.Logger, err error) {
	if ctx.Err() != nil {
		return
	}
	f.health.fail(p)
	log.Error("giving a partition back", "error", err)
	_ = sleep(ctx, time.Second)
}

// next blocks for the first message and then collects until a limit is reached.
func (f *Forwarder) next(ctx context.Context, reader *kafka.Reader) ([]kafka.Message, error) {
	first, err := reader.FetchMessage(ctx)
	if err != nil {
		return nil, err
	}
	batch, size := []kafka.Message{first}, len(first.Value)
	age, cancel := context.WithTimeout(ctx, f.config.MaxAge)
	defer cancel()
	for len(batch) < f.config.MaxMessages && size < maxBatchBytes {
		m, err := reader.FetchMessage(age)
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) {
			return batch, nil
		}
		if err != nil {
			return nil, err
		}
		batch = append(batch, m)
		size += len(m.Value)
	}
	return batch, nil
}

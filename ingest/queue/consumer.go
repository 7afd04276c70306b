package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"
)

// Range is a run of messages of one partition, in order: what one batch of the
// sink is made of. The messages' offsets lie in [Low, High]; offsets may be
// missing inside (compaction, control records), never repeated.
type Range struct {
	Partition int
	Messages  []kafka.Message
	// End is the high watermark of the partition when the last message was read.
	End int64
}

// Low is the first offset of the range.
func (r Range) Low() int64 { return r.Messages[0].Offset }

// High is the last offset of the range.
func (r Range) High() int64 { return r.Messages[len(r.Messages)-1].Offset }

// Handler stores a range. When it returns nil the range is committed; on an
// error the generation ends, and the range is read again by whoever gets the
// partition next. ctx ends with the generation.
type Handler func(ctx context.Context, r Range) error

// ConsumerConfig says how ranges are cut.
type ConsumerConfig struct {
	// MaxRecords, MaxBytes and MaxAge close a range, whichever comes first.
	MaxRecords int
	MaxBytes   int
	MaxAge     time.Duration
}

// DefaultConsumer cuts at 20,000 records, 24 MB or 200 ms: large inserts under
// load, quick ones when there is little to do.
func DefaultConsumer() ConsumerConfig {
	return ConsumerConfig{MaxRecords: 20_000, MaxBytes: 24 << 20, MaxAge: 200 * time.Millisecond}
}

// Consumer reads ReportsTopic as a member of SinkGroup: one goroutine a
// partition, one range in flight each, offsets committed after the handler.
type Consumer struct {
	brokers []string
	config  ConsumerConfig
	handle  Handler
	note    func(partition int, err error)
	log     *slog.Logger
}

// NewConsumer makes a consumer; Run joins the group. note is told how each range of
// a partition ended, nil for well, and when a partition cannot be read or is given
// back.
func NewConsumer(brokers []string, c ConsumerConfig, handle Handler, note func(partition int, err error), log *slog.Logger) *Consumer {
	return &Consumer{brokers: brokers, config: c, handle: handle, note: note, log: log}
}

// Run joins the group again and again until ctx ends. It returns nil then, after
// the ranges in flight have been stored and committed or given up.
func (c *Consumer) Run(ctx context.Context) error {
	// ConsumerGroup and not Reader with a group id: the latter shares its commit
	// channel across generations and does not drain it on a rebalance.
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: SinkGroup, Brokers: c.brokers, Topics: []string{ReportsTopic},
		StartOffset: kafka.FirstOffset, JoinGroupBackoff: 500 * time.Millisecond,
		SessionTimeout: 10 * time.Second, HeartbeatInterval: 2 * time.Second, RebalanceTimeout: 20 * time.Second,
		// The client waits for its turn to join for so long and the rebalance timeout.
		// The embedded broker begins that anew with everybody who joins: two sinks that
		// each gave up after 25 s and came again kept a dead third in the group for ever.
		Timeout: 30 * time.Second,
	})
	if err != nil {
		return fmt.Errorf("join group %s: %w", SinkGroup, err)
	}
	defer func() {
		if err := group.Close(); err != nil {
			c.log.Warn("leaving the consumer group", "error", err)
		}
	}()
	for {
		generation, err := group.Next(ctx)
		if ctx.Err() != nil || errors.Is(err, kafka.ErrGroupClosed) {
			return nil
		}
		if err != nil {
			// A fresh cluster has no coordinator yet; the group backs off by itself.
			c.log.Warn("joining the consumer group", "error", err)
			continue
		}
		for _, a := range generation.Assignments[ReportsTopic] {
			generation.Start(func(genCtx context.Context) {
				c.partition(genCtx, generation, a)
			})
		}
	}
}

// partition reads one partition until the generation ends or a range fails.
// Returning ends the generation, after which the partition is assigned anew and
// read from the committed offset.
func (c *Consumer) partition(ctx context.Context, generation *kafka.Generation, a kafka.PartitionAssignment) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: c.brokers, Topic: ReportsTopic, Partition: a.ID,
		MinBytes: 1, MaxBytes: 8 << 20, MaxWait: 250 * time.Millisecond, QueueCapacity: 2048,
		ReadBackoffMin: 20 * time.Millisecond, ReadBackoffMax: time.Second,
		// Out of range means that retention overtook the sink: say so, do not spin.
		OffsetOutOfRangeError: true,
	})
	defer func() { _ = reader.Close() }()
	log := c.log.With("partition", a.ID)
	if err := reader.SetOffset(a.Offset); err != nil {
		log.Error("starting at the committed offset", "offset", a.Offset, "error", err)
		return
	}
	for {
		r, err := c.next(ctx, reader, a.ID)
		if ctx.Err() != nil {
			// Somebody else may have it from now on.
			c.note(a.ID, nil)
			return
		}
		if err != nil {
			c.note(a.ID, err)
			log.Error("reading the log", "error", err)
			pause(ctx, time.Second)
			return
		}
		err = c.handle(ctx, r)
		c.note(a.ID, err)
		if err != nil {
			log.Error("storing a range", "low", r.Low(), "high", r.High(), "error", err)
			pause(ctx, time.Second)
			return
		}
		if err := generation.CommitOffsets(map[string]map[int]int64{ReportsTopic: {a.ID: r.High() + 1}}); err != nil {
			log.Warn("committing a range", "high", r.High(), "error", err)
			return
		}
	}
}

// next blocks for the first message and then collects until a limit is reached.
func (c *Consumer) next(ctx context.Context, reader *kafka.Reader, partition int) (Range, error) {
	first, err := reader.FetchMessage(ctx)
	if err != nil {
		return Range{}, err
	}
	r := Range{Partition: partition, Messages: []kafka.Message{first}, End: first.HighWaterMark}
	size := len(first.Value)
	age, cancel := context.WithTimeout(ctx, c.config.MaxAge)
	defer cancel()
	for len(r.Messages) < c.config.MaxRecords && size < c.config.MaxBytes {
		m, err := reader.FetchMessage(age)
		if errors.Is(err, context.DeadlineExceeded) {
			return r, nil
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
		r.Messages = append(r.Messages, m)
		r.End = m.HighWaterMark
		size += len(m.Value)
	}
	return r, nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

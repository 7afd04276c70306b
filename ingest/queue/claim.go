package queue

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/segmentio/kafka-go"
)

// ErrFenced says that the group has given the partition to somebody else, or is about to.
// Nothing was committed.
var ErrFenced = errors.New("the partition is no longer this member's")

// commitTimeout bounds one call of the coordinator or of a partition's leader.
const commitTimeout = 5 * time.Second

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

// backlogAges is how many times MaxAge a range may wait for its messages while a whole
// range more of them lies in the log: then a few large inserts are worth more than many
// quick ones.
const backlogAges = 10

// idle is how long Next waits for a first message before it says that there is none.
const idle = time.Second

// Mark is what a group keeps of a partition: the offset to go on at, -1 for none, and
// a text beside it, which is the holder's own.
type Mark struct {
	Offset   int64
	Metadata string
}

// Claim is a partition in the hands of this member, as long as a generation of the
// group lasts. It is used by one goroutine.
type Claim struct {
	Partition int

	config     ConsumerConfig
	brokers    Brokers
	client     *kafka.Client
	generation *kafka.Generation
	reader     *kafka.Reader
}

// Mark reads what was committed last, by whoever it was.
func (c *Claim) Mark(ctx context.Context) (Mark, error) {
	answer, err := c.client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: SinkGroup, Topics: map[string][]int{ReportsTopic: {c.Partition}}})
	if err == nil {
		err = answer.Error
	}
	if err != nil {
		return Mark{}, fmt.Errorf("read the committed offset of partition %d: %w", c.Partition, err)
	}
	for _, p := range answer.Topics[ReportsTopic] {
		if p.Partition == c.Partition {
			return Mark{Offset: p.CommittedOffset, Metadata: p.Metadata}, p.Error
		}
	}
	return Mark{}, fmt.Errorf("read the committed offset of partition %d: no answer", c.Partition)
}

// Commit replaces the mark, if the generation still holds: ErrFenced otherwise. After
// any other error it may be there or not; the same may be committed again.
func (c *Claim) Commit(ctx context.Context, m Mark) error {
	answer, err := c.client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
		GroupID: SinkGroup, GenerationID: int(c.generation.ID), MemberID: c.generation.MemberID,
		Topics: map[string][]kafka.OffsetCommit{ReportsTopic: {{Partition: c.Partition, Offset: m.Offset, Metadata: m.Metadata}}},
	})
	if err == nil {
		err = commitAnswer(answer)
	}
	if err != nil {
		return fmt.Errorf("commit offset %d of partition %d: %w", m.Offset, c.Partition, err)
	}
	return nil
}

func commitAnswer(answer *kafka.OffsetCommitResponse) error {
	partitions := answer.Topics[ReportsTopic]
	if len(partitions) != 1 {
		return errors.New("no answer")
	}
	err := partitions[0].Error
	for _, fence := range []kafka.Error{kafka.IllegalGeneration, kafka.UnknownMemberId, kafka.RebalanceInProgress, kafka.FencedInstanceID} {
		if errors.Is(err, fence) {
			return fmt.Errorf("%w: %w", ErrFenced, err)
		}
	}
	return err
}

// Bounds gives the offset of the first message that the log still holds and the one
// that the next message will get.
func (c *Claim) Bounds(ctx context.Context) (first, end int64, err error) {
	answer, err := c.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{
		ReportsTopic: {kafka.FirstOffsetOf(c.Partition), kafka.LastOffsetOf(c.Partition)},
	}})
	if err != nil {
		return 0, 0, fmt.Errorf("read the bounds of partition %d: %w", c.Partition, err)
	}
	partitions := answer.Topics[ReportsTopic]
	if len(partitions) != 1 {
		return 0, 0, fmt.Errorf("read the bounds of partition %d: no answer", c.Partition)
	}
	p := partitions[0]
	if p.Error != nil {
		return 0, 0, fmt.Errorf("read the bounds of partition %d: %w", c.Partition, p.Error)
	}
	return p.FirstOffset, p.LastOffset, nil
}

// GoTo makes Next go on at offset.
func (c *Claim) GoTo(offset int64) error {
	if c.reader == nil {
		c.reader = kafka.NewReader(kafka.ReaderConfig{
			Brokers: c.brokers.Addrs(), Dialer: c.brokers.Dialer(), Topic: ReportsTopic, Partition: c.Partition,
			// Few messages wait between fetch and range: they may be 640 kB each.
			MinBytes: 1, MaxBytes: 8 << 20, MaxWait: 250 * time.Millisecond, QueueCapacity: 128,
			ReadBackoffMin: 20 * time.Millisecond, ReadBackoffMax: time.Second,
			// Out of range means that retention overtook the sink: say so, do not spin.
			OffsetOutOfRangeError: true,
		})
	}
	if err := c.reader.SetOffset(offset); err != nil {
		return fmt.Errorf("go to offset %d of partition %d: %w", offset, c.Partition, err)
	}
	return nil
}

// Cluster is the id of the Kafka cluster: another id is another log.
func (c *Claim) Cluster(ctx context.Context) (string, error) { return cluster(ctx, c.client) }

// Next collects the next range, from the first message on until a limit is reached.
// A range without messages means that there was none for a while. What was read
// before an error is read again after GoTo.
func (c *Claim) Next(ctx context.Context) (Range, error) {
	r, err := c.collect(ctx, time.Now().Add(idle))
	if len(r.Messages) == 0 && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return Range{Partition: c.Partition}, nil
	}
	return r, c.broken(err)
}

// Exactly reads the messages of [low, high] that the log still has: the range that an
// earlier owner had in work. It moves the place where Next goes on.
func (c *Claim) Exactly(ctx context.Context, low, high int64) (Range, error) {
	return c.between(ctx, low, high, math.MaxInt)
}

// Some reads messages from low on, at most up to high and at most as many as a range has:
// where it ends follows from the messages alone.
func (c *Claim) Some(ctx context.Context, low, high int64) (Range, error) {
	return c.between(ctx, low, min(high, low+int64(c.config.MaxRecords)-1), c.config.MaxBytes)
}

func (c *Claim) between(ctx context.Context, low, high int64, most int) (Range, error) {
	if err := c.GoTo(low); err != nil {
		return Range{}, err
	}
	r := Range{Partition: c.Partition}
	for size := 0; size < most; {
		m, err := c.reader.FetchMessage(ctx)
		if err != nil {
			return Range{}, c.broken(err)
		}
		if m.Offset <= high {
			r.Messages, r.End = append(r.Messages, m), m.HighWaterMark
			size += len(m.Value)
		}
		if m.Offset >= high {
			break
		}
	}
	return r, nil
}

// collect waits for a first message until the deadline and then takes what comes until
// the range is full or old enough.
func (c *Claim) collect(ctx context.Context, until time.Time) (Range, error) {
	r := Range{Partition: c.Partition}
	waiting, stop := context.WithDeadline(ctx, until)
	defer stop()
	first, err := c.reader.FetchMessage(waiting)
	if err != nil {
		return r, err
	}
	r.Messages, r.End = []kafka.Message{first}, first.HighWaterMark
	size := len(first.Value)
	age, cancel := context.WithTimeout(ctx, c.config.MaxAge)
	defer cancel()
	full, done := context.WithTimeout(ctx, backlogAges*c.config.MaxAge)
	defer done()
	for len(r.Messages) < c.config.MaxRecords && size < c.config.MaxBytes {
		m, err := c.reader.FetchMessage(age)
		if errors.Is(err, context.DeadlineExceeded) {
			if age != full && r.End-r.High() > int64(c.config.MaxRecords) {
				age = full
				continue
			}
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

// broken lets go of a reader that has failed: it does not recover from all errors.
func (c *Claim) broken(err error) error {
	if err == nil {
		return nil
	}
	c.close()
	return fmt.Errorf("read partition %d: %w", c.Partition, err)
}

func (c *Claim) close() {
	if c.reader != nil {
		_ = c.reader.Close()
		c.reader = nil
	}
}

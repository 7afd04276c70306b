package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
)

// ErrOtherLog is returned by Follow when the log ends before the offset that comes
// next: it is another log, or it has lost its end.
var ErrOtherLog = errors.New("the log ends before the offset that comes next")

// What one request of a follower asks for. A request is answered when minFollowed
// bytes are there or after followWait, so that a trickle does not cost a request for
// each report; what is followed is behind by as much.
const (
	minFollowed = 64 << 10
	maxFollowed = 1 << 20
	followWait  = 500 * time.Millisecond
)

// Follower reads ReportsTopic as it grows, outside any group: it commits nothing.
type Follower struct {
	client  *kafka.Client
	release func()
}

// NewFollower makes a follower; it connects at the first request.
func NewFollower(brokers Brokers) *Follower {
	client, done := dial(brokers, 5*time.Second)
	return &Follower{client: client, release: done}
}

// Close closes the connections. No Follow may be running.
func (f *Follower) Close() { f.release() }

// Watcher is told what a follower sees, from one goroutine a partition.
type Watcher interface {
	// Saw is called for every message with what it is keyed by and the request that
	// it was filed with, uuid.Nil if none.
	Saw(report, request uuid.UUID)
	// Current is called whenever everything that was in the partition at that moment
	// has been seen.
	Current(partition int, at time.Time)
}

// Follow tells w what is in a partition from an offset on and what comes, until ctx
// ends, when the error is nil, or something fails. It returns the offset to go on from.
// What retention has deleted by then is left out: nobody can store it any more. With
// ErrOtherLog repeating is no use.
func (f *Follower) Follow(ctx context.Context, partition int, from int64, w Watcher) (next int64, err error) {
	for next = from; ctx.Err() == nil; {
		next, err = f.step(ctx, partition, next, w)
		if errors.Is(err, kafka.OffsetOutOfRange) {
			next, err = f.skip(ctx, partition, next)
		}
		if err != nil && ctx.Err() == nil {
			return next, fmt.Errorf("follow partition %d from %d: %w", partition, next, err)
		}
	}
	return next, nil
}

// step makes one request.
func (f *Follower) step(ctx context.Context, partition int, next int64, w Watcher) (int64, error) {
	asked := time.Now()
	response, err := f.client.Fetch(ctx, &kafka.FetchRequest{
		Topic: ReportsTopic, Partition: partition, Offset: next,
		MinBytes: minFollowed, MaxBytes: maxFollowed, MaxWait: followWait,
	})
	if err != nil {
		return next, err
	}
	if response.Error != nil {
		return next, response.Error
	}
	next, err = tell(response.Records, next, w)
	if err == nil && next >= response.HighWatermark {
		w.Current(partition, asked)
	}
	return next, err
}

// First gives the first offset of a partition that retention has left.
func (f *Follower) First(ctx context.Context, partition int) (int64, error) {
	first, err := bounds(ctx, f.client, []kafka.OffsetRequest{kafka.FirstOffsetOf(partition)})
	return first[partition].FirstOffset, err
}

// skip goes on at the first offset that retention has left.
func (f *Follower) skip(ctx context.Context, partition int, next int64) (int64, error) {
	first, err := f.First(ctx, partition)
	if err != nil {
		return next, err
	}
	if first <= next {
		return next, ErrOtherLog
	}
	return first, nil
}

// tell hands on the messages from an offset on and returns the one that comes next.
func tell(records kafka.RecordReader, next int64, w Watcher) (int64, error) {
	for {
		record, err := records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return next, nil
		}
		if err != nil {
			return next, err
		}
		key, err := kafka.ReadAll(record.Key)
		closeBytes(record.Key)
		closeBytes(record.Value)
		if err != nil {
			return next, err
		}
		if record.Offset < next { // a batch begins where it was written, not where we ask
			continue
		}
		next = record.Offset + 1
		// What cannot be read is no report: the sink puts it aside.
		if report, err := uuid.ParseBytes(key); err == nil {
			w.Saw(report, requestOf(record.Headers))
		}
	}
}

func closeBytes(b kafka.Bytes) {
	if b != nil {
		_ = b.Close()
	}
}

func requestOf(headers []kafka.Header) uuid.UUID {
	for _, h := range headers {
		if h.Key == headerRequestID {
			id, _ := uuid.ParseBytes(h.Value) // Nil if it is none
			return id
		}
	}
	return uuid.Nil
}

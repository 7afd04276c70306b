package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"
)

// HeaderReplayOf marks a message that was produced again from a dead letter and names
// that letter. Decode passes over it.
const HeaderReplayOf = "atvsld_replay_of"

// Replayer writes messages of dead letters to ReportsTopic once more.
type Replayer struct {
	brokers    Brokers
	partitions int
	deadline   time.Duration
}

// NewReplayer makes a replayer for a log of partitions partitions. It connects when
// it is asked to replay, and keeps nothing open.
func NewReplayer(brokers Brokers, partitions int) *Replayer {
	return &Replayer{brokers: brokers, partitions: partitions, deadline: DefaultProducer().Deadline}
}

// Replayable returns ErrTooLarge for a message that no sink would look at, so that
// replaying it is of no use.
func Replayable(m kafka.Message) error {
	if len(m.Value) > MaxEventBytes {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(m.Value), MaxEventBytes)
	}
	return nil
}

// Replay writes the key, value and headers of m to the partition that the key belongs
// to, which need not be the one m lay on, and marks it as the replay of the letter of
// that id. It returns where the message lies now, once every in-sync replica has it.
//
// The error is ErrRefused or that of Replayable when the message is not in the log and
// never will be, and ErrUnconfirmed when it may be: then replay it again. That the log
// may hold it twice does not matter, because the store goes by report and revision.
func (r *Replayer) Replay(ctx context.Context, m kafka.Message, letter string) (partition int, offset int64, err error) {
	// What is small enough for a sink leaves room for the mark in the topic.
	if err := Replayable(m); err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.deadline)
	defer cancel()
	client, done := dial(r.brokers, 5*time.Second)
	defer done()
	partition = PartitionOf(m.Key, r.partitions)
	headers := marked(m.Headers, letter)
	unconfirmed := false
	for wait := minBackoff; ; wait = min(2*wait, maxBackoff) {
		offset, err = produceOne(ctx, client, partition, kafka.Record{
			Key: kafka.NewBytes(m.Key), Value: kafka.NewBytes(m.Value), Headers: headers,
		})
		if err == nil {
			return partition, offset, nil
		}
		if errors.Is(err, ErrRefused) && !unconfirmed {
			return 0, 0, err
		}
		unconfirmed = true
		select {
		case <-ctx.Done():
			// An attempt may have put it there, whatever the last one says.
			return 0, 0, fmt.Errorf("%w: %w", ErrUnconfirmed, err)
		case <-time.After(wait):
		}
	}
}

// marked gives headers with the mark in place of an older one: a header that stands
// twice makes a message undecodable.
func marked(headers []kafka.Header, letter string) []kafka.Header {
	headers = slices.DeleteFunc(slices.Clone(headers), func(h kafka.Header) bool { return h.Key == HeaderReplayOf })
	return append(headers, kafka.Header{Key: HeaderReplayOf, Value: []byte(letter)})
}

// produceOne writes a record. Unlike a Writer, which tells no offset, it is one attempt.
func produceOne(ctx context.Context, client *kafka.Client, partition int, record kafka.Record) (int64, error) {
	response, err := client.Produce(ctx, &kafka.ProduceRequest{
		Topic: ReportsTopic, Partition: partition, RequiredAcks: kafka.RequireAll,
		Records: kafka.NewRecordReader(record), Compression: kafka.Lz4,
	})
	if err == nil {
		err = response.Error
	}
	if err != nil {
		return 0, fmt.Errorf("replay to partition %d: %w", partition, classify(err))
	}
	return response.BaseOffset, nil
}

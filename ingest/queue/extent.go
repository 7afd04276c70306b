package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
)

// Extent is what the broker says of one partition of ReportsTopic.
type Extent struct {
	// Committed is the offset that the sinks go on at, -1 for none; Note is what they
	// wrote beside it. It is read before the bounds.
	Committed int64
	Note      string
	// First is the offset of the oldest message that is still there, End that of the
	// next one to come.
	First, End int64
}

// Extents asks for the extent of every partition.
func Extents(ctx context.Context, brokers []string, partitions int) ([]Extent, error) {
	client, done := dial(brokers, 5*time.Second)
	defer done()
	extents := make([]Extent, partitions)
	if err := readCommitted(ctx, client, extents); err != nil {
		return nil, err
	}
	var requests []kafka.OffsetRequest
	for p := range partitions {
		requests = append(requests, kafka.FirstOffsetOf(p), kafka.LastOffsetOf(p))
	}
	response, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{ReportsTopic: requests}})
	if err != nil {
		return nil, fmt.Errorf("read the bounds of the log: %w", err)
	}
	answered := 0
	for _, p := range response.Topics[ReportsTopic] {
		if p.Error != nil {
			return nil, fmt.Errorf("read the bounds of partition %d: %w", p.Partition, p.Error)
		}
		if p.Partition < partitions {
			extents[p.Partition].First, extents[p.Partition].End = p.FirstOffset, p.LastOffset
			answered++
		}
	}
	if answered != partitions {
		return nil, fmt.Errorf("read the bounds of the log: %d of %d partitions answered", answered, partitions)
	}
	return extents, nil
}

func readCommitted(ctx context.Context, client *kafka.Client, extents []Extent) error {
	all := make([]int, len(extents))
	for i := range all {
		all[i] = i
		extents[i].Committed = -1
	}
	response, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: SinkGroup, Topics: map[string][]int{ReportsTopic: all}})
	if err == nil {
		err = response.Error
	}
	if errors.Is(err, kafka.GroupIdNotFound) {
		return nil // no sink was ever here
	}
	if err != nil {
		return fmt.Errorf("read committed offsets: %w", err)
	}
	for _, p := range response.Topics[ReportsTopic] {
		if p.Error != nil {
			return fmt.Errorf("read the committed offset of partition %d: %w", p.Partition, p.Error)
		}
		if p.Partition < len(extents) {
			extents[p.Partition].Committed, extents[p.Partition].Note = p.CommittedOffset, p.Metadata
		}
	}
	return nil
}

// LoggedAt gives Kafka's own time of the first message at or behind an offset. The error
// wraps io.EOF when there is none.
func LoggedAt(ctx context.Context, brokers []string, partition int, offset int64) (time.Time, error) {
	client, done := dial(brokers, 5*time.Second)
	defer done()
	response, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: ReportsTopic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: maxMessageBytes, MaxWait: 100 * time.Millisecond,
	})
	if err == nil {
		err = response.Error
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the message at offset %d of partition %d: %w", offset, partition, err)
	}
	for {
		record, err := response.Records.ReadRecord()
		if err != nil {
			return time.Time{}, fmt.Errorf("read the message at offset %d of partition %d: %w", offset, partition, err)
		}
		err = errors.Join(discard(record.Key), discard(record.Value))
		// A batch comes as a whole, also what lies before the offset in it.
		if record.Offset >= offset {
			return record.Time, err
		}
	}
}

func discard(b kafka.Bytes) error {
	if b == nil {
		return nil
	}
	_, err := io.Copy(io.Discard, b)
	return errors.Join(err, b.Close())
}

package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
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

// Of leaves out a commit of another log than that of epoch: its offset says nothing about
// this one. The sinks write the epoch beside every offset; an offset without a note
// comes from a tool, or from a program before that.
func (e Extent) Of(epoch uuid.UUID) Extent {
	if e.Note != "" && !slices.Contains(strings.Fields(e.Note), epoch.String()) {
		e.Committed = -1
	}
	return e
}

// Extents asks for the extent of every partition.
func Extents(ctx context.Context, brokers Brokers, partitions int) ([]Extent, error) {
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
	found, err := bounds(ctx, client, requests)
	if err != nil {
		return nil, err
	}
	for p := range extents {
		extents[p].First, extents[p].End = found[p].FirstOffset, found[p].LastOffset
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
func LoggedAt(ctx context.Context, brokers Brokers, partition int, offset int64) (time.Time, error) {
	client, done := dial(brokers, 5*time.Second)
	defer done()
	return loggedAt(ctx, client, partition, offset)
}

func loggedAt(ctx context.Context, client *kafka.Client, partition int, offset int64) (time.Time, error) {
	// A broker gives one whole batch, however little is asked for.
	response, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: ReportsTopic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: 1, MaxWait: 100 * time.Millisecond,
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
		closeBytes(record.Key)
		closeBytes(record.Value)
		// Also what lies before the offset in the batch.
		if record.Offset >= offset {
			return record.Time, nil
		}
	}
}

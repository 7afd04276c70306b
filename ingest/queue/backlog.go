package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// Unstored is what of a partition of ReportsTopic the sinks have not stored yet.
type Unstored struct {
	Partition int
	Records   int64
	// Oldest is when the first of them came into the log; zero if there is none.
	Oldest time.Time
}

// Backlog reads what is not stored of each partition. Records that retention has
// deleted do not count: they are lost.
func Backlog(ctx context.Context, brokers []string, partitions int) ([]Unstored, error) {
	// First what is stored: what comes between the questions is counted, not forgotten.
	committed, err := Committed(ctx, brokers, partitions)
	if err != nil {
		return nil, err
	}
	client, done := dial(brokers, 5*time.Second)
	defer done()
	var requests []kafka.OffsetRequest
	for p := range partitions {
		requests = append(requests, kafka.FirstOffsetOf(p), kafka.LastOffsetOf(p))
	}
	found, err := bounds(ctx, client, requests)
	if err != nil {
		return nil, err
	}
	all := make([]Unstored, partitions)
	for p := range all {
		from := max(committed[p], found[p].FirstOffset) // -1: nothing was ever stored
		all[p] = Unstored{Partition: p, Records: max(0, found[p].LastOffset-from)}
		if all[p].Records == 0 {
			continue
		}
		if all[p].Oldest, err = writtenAt(ctx, client, p, from); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// writtenAt tells when the record at an offset, or the next one that is there, was
// written.
func writtenAt(ctx context.Context, client *kafka.Client, partition int, offset int64) (time.Time, error) {
	// A broker gives one whole batch, however little is asked for.
	response, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: ReportsTopic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: 1, MaxWait: time.Second,
	})
	if err == nil {
		err = response.Error
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the oldest record of partition %d: %w", partition, err)
	}
	for {
		record, err := response.Records.ReadRecord()
		if err != nil {
			return time.Time{}, fmt.Errorf("read the oldest record of partition %d: %w", partition, errors.Join(err, ctx.Err()))
		}
		closeBytes(record.Key)
		closeBytes(record.Value)
		if record.Offset >= offset {
			return record.Time, nil
		}
	}
}

package queue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// DeadLetter is a message that could not be stored: the original bytes with the
// coded reason and where it came from.
type DeadLetter struct {
	// Code is stable, for example EVT-001; Detail explains it.
	Code, Detail string
	Origin       kafka.Message
}

// Headers of a dead letter beside the original ones, which are kept.
const (
	headerReason    = "atvsld_reason"
	headerDetail    = "atvsld_detail"
	headerTopic     = "atvsld_topic"
	headerPartition = "atvsld_partition"
	headerOffset    = "atvsld_offset"
)

// maxDetail bounds the detail: errors may quote what they refuse.
const maxDetail = 500

// DeadLetters writes to RejectedTopic.
type DeadLetters struct {
	writer  *kafka.Writer
	release func()
}

// NewDeadLetters makes the writer; it connects at the first write.
func NewDeadLetters(brokers Brokers) *DeadLetters {
	transport := brokers.Transport()
	return &DeadLetters{release: transport.CloseIdleConnections, writer: &kafka.Writer{
		Transport: transport,
		Addr:      brokers.Addr(), Topic: RejectedTopic, RequiredAcks: kafka.RequireAll,
		Balancer: kafka.Murmur2Balancer{}, BatchTimeout: 2 * time.Millisecond, BatchBytes: maxDeadLetterBytes - 64<<10,
		Compression: kafka.Lz4, WriteTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
	}}
}

// Write returns when every letter is acknowledged by all replicas. Letters go
// one by one when they are large, because a batch of them could pass the
// topic's limit.
func (d *DeadLetters) Write(ctx context.Context, letters []DeadLetter) error {
	messages := make([]kafka.Message, len(letters))
	for i, l := range letters {
		messages[i] = l.message()
	}
	if err := d.writer.WriteMessages(ctx, messages...); err != nil {
		// WriteErrors repeats every message's text; the first one tells enough.
		return fmt.Errorf("write %d dead letters: %w", len(letters), firstError(deliveryErrors(err, len(letters))))
	}
	return nil
}

func firstError(errs []error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

// ShortDetail is as much of the detail as is kept.
func (l DeadLetter) ShortDetail() string {
	if len(l.Detail) <= maxDetail {
		return l.Detail
	}
	return strings.ToValidUTF8(l.Detail[:maxDetail], "")
}

func (l DeadLetter) message() kafka.Message {
	m := kafka.Message{Key: l.Origin.Key, Value: l.Origin.Value, Headers: slices.Clone(l.Origin.Headers)}
	for _, h := range []struct{ key, value string }{
		{headerReason, l.Code}, {headerDetail, l.ShortDetail()}, {headerTopic, l.Origin.Topic},
		{headerPartition, strconv.Itoa(l.Origin.Partition)}, {headerOffset, strconv.FormatInt(l.Origin.Offset, 10)},
	} {
		m.Headers = append(m.Headers, kafka.Header{Key: h.key, Value: []byte(h.value)})
	}
	return m
}

// Close waits for what is in flight.
func (d *DeadLetters) Close() error {
	defer d.release()
	return d.writer.Close()
}

package forward

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"atvsld/ingest/queue"
)

// answers writes to the outcome topics.
type answers struct {
	writer  *kafka.Writer
	release func()
}

func newAnswers(brokers queue.Brokers) *answers {
	transport := brokers.Transport()
	transport.MetadataTTL = 2 * time.Second
	return &answers{release: transport.CloseIdleConnections, writer: &kafka.Writer{
		Transport: transport, Addr: brokers.Addr(), RequiredAcks: kafka.RequireAll,
		Balancer: kafka.BalancerFunc(besideCause), BatchTimeout: 2 * time.Millisecond, BatchBytes: 900_000,
		// The forwarder repeats, for as long as it takes.
		Compression: kafka.Lz4, MaxAttempts: 1, WriteTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
	}}
}

// besideCause gives an outcome the partition of its cause, whatever the key: that of a
// message with a key of another form is not in the outcome. The two topics have as many
// partitions; should an operator give the inbox more, the outcomes go somewhere rather
// than nowhere.
func besideCause(m kafka.Message, partitions ...int) int {
	return partitions[m.Partition%len(partitions)]
}

// write tries once and returns what is not acknowledged by all replicas. That may be in
// the topic all the same: who reads it goes by the id of the event.
func (a *answers) write(ctx context.Context, messages []kafka.Message) (left []kafka.Message, err error) {
	err = a.writer.WriteMessages(ctx, messages...)
	if err == nil {
		return nil, nil
	}
	var each kafka.WriteErrors
	if !errors.As(err, &each) || len(each) != len(messages) {
		return messages, err
	}
	var first error
	for i, e := range each {
		if e != nil {
			left = append(left, messages[i])
			first = e
		}
	}
	// WriteErrors repeats every message's text; one of them tells enough.
	return left, fmt.Errorf("%d of %d: %w", len(left), len(messages), first)
}

func (a *answers) close() error {
	defer a.release()
	return a.writer.Close()
}

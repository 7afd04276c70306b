package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/semaphore"
)

// Errors of Produce, each per event.
var (
	// ErrBusy: too much is in flight; nothing was sent. Try again later.
	ErrBusy = errors.New("too many reports are being written")
	// ErrUnconfirmed: the broker did not acknowledge in time. The event may or
	// may not be in the log; filing the very same again is safe.
	ErrUnconfirmed = errors.New("the log did not confirm the report")
)

// ProducerConfig bounds the producer.
type ProducerConfig struct {
	// MaxInFlight is the number of events that may wait for an acknowledgement.
	MaxInFlight int64
	// Linger is how long an incomplete batch waits for more events.
	Linger time.Duration
	// Deadline bounds the wait for acks=all, retries included.
	Deadline time.Duration
}

// DefaultProducer gives the bounds for one gateway on a small machine.
func DefaultProducer() ProducerConfig {
	return ProducerConfig{MaxInFlight: 20_000, Linger: 3 * time.Millisecond, Deadline: 20 * time.Second}
}

// Producer writes events to ReportsTopic and waits for acks=all.
type Producer struct {
	writer   *kafka.Writer
	release  func()
	inFlight *semaphore.Weighted
	deadline time.Duration
	limit    int64
}

// NewProducer makes a producer; it connects at the first write.
func NewProducer(brokers []string, c ProducerConfig) *Producer {
	transport := &kafka.Transport{}
	return &Producer{
		release: transport.CloseIdleConnections,
		writer: &kafka.Writer{
			Transport: transport,
			Addr:      kafka.TCP(brokers...), Topic: ReportsTopic,
			// A literal Writer acknowledges nothing by default; a receipt needs all replicas.
			RequiredAcks: kafka.RequireAll,
			Balancer:     kafka.Murmur2Balancer{},
			BatchSize:    1000, BatchBytes: 900_000, BatchTimeout: c.Linger,
			Compression: kafka.Lz4, MaxAttempts: 10,
			WriteTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		},
		inFlight: semaphore.NewWeighted(c.MaxInFlight),
		deadline: c.Deadline,
		limit:    c.MaxInFlight,
	}
}

// Produce writes events and gives one error per event, nil for those that every
// in-sync replica has acknowledged. The caller's cancellation is not passed on:
// a message handed to the broker is delivered anyway, and an answer that says
// otherwise would be wrong.
func (p *Producer) Produce(ctx context.Context, events []Event) []error {
	errs := make([]error, len(events))
	weight := min(int64(len(events)), p.limit)
	if !p.inFlight.TryAcquire(weight) {
		return fill(errs, ErrBusy)
	}
	defer p.inFlight.Release(weight)

	messages := make([]kafka.Message, 0, len(events))
	origin := make([]int, 0, len(events))
	for i, e := range events {
		m, err := Encode(e)
		if err != nil {
			errs[i] = err
			continue
		}
		messages = append(messages, m)
		origin = append(origin, i)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.deadline)
	defer cancel()
	for i, err := range deliveryErrors(p.writer.WriteMessages(ctx, messages...), len(messages)) {
		errs[origin[i]] = err
	}
	return errs
}

// deliveryErrors spreads the error of WriteMessages over its n messages.
func deliveryErrors(err error, n int) []error {
	errs := make([]error, n)
	if err == nil {
		return errs
	}
	var each kafka.WriteErrors
	if !errors.As(err, &each) || len(each) != n {
		return fill(errs, fmt.Errorf("%w: %w", ErrUnconfirmed, err))
	}
	for i, e := range each {
		if e != nil {
			errs[i] = fmt.Errorf("%w: %w", ErrUnconfirmed, e)
		}
	}
	return errs
}

func fill(errs []error, err error) []error {
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// Close waits for what is in flight.
func (p *Producer) Close() error {
	defer p.release()
	return p.writer.Close()
}

package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
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
	// ErrTooLarge: the event is larger than the log takes; it was not sent.
	ErrTooLarge = errors.New("the report is too large for the log")
	// ErrRefused: the broker refuses the event and would do so again; it is not
	// in the log.
	ErrRefused = errors.New("the log refused the report")
)

// maxHeaderBytes bounds the headers of an event. With MaxEventBytes it stays
// below a batch, so that one event cannot make the broker refuse others with it.
const maxHeaderBytes = 64 << 10

// ProducerConfig bounds the producer.
type ProducerConfig struct {
	// MaxInFlight is the number of events that may wait for an acknowledgement.
	MaxInFlight int64
	// Linger is how long an incomplete batch waits for more events.
	Linger time.Duration
	// Deadline bounds the wait for acks=all, repetitions included. It is longer
	// than a change of leader takes: 9 s until Kafka misses a dead broker, a few
	// more when the controller died with it.
	Deadline time.Duration
}

// DefaultProducer gives the bounds for one gateway on a small machine.
func DefaultProducer() ProducerConfig {
	return ProducerConfig{MaxInFlight: 20_000, Linger: 3 * time.Millisecond, Deadline: 20 * time.Second}
}

// Pauses between the attempts to write what is not acknowledged.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = 500 * time.Millisecond
)

// Producer writes events to ReportsTopic and waits for acks=all.
type Producer struct {
	writer   *kafka.Writer
	release  func()
	inFlight *semaphore.Weighted
	deadline time.Duration
	limit    int64
}

// NewProducer makes a producer; it connects at the first write.
func NewProducer(brokers Brokers, c ProducerConfig) *Producer {
	// By default the client learns of a new leader up to six seconds late.
	transport := brokers.Transport()
	transport.MetadataTTL = 2 * time.Second
	return &Producer{
		release: transport.CloseIdleConnections,
		writer: &kafka.Writer{
			Transport: transport,
			Addr:      brokers.Addr(), Topic: ReportsTopic,
			// A literal Writer acknowledges nothing by default; a receipt needs all replicas.
			RequiredAcks: kafka.RequireAll,
			Balancer:     kafka.Murmur2Balancer{},
			// The Writer reserves room for a whole batch at its first message: at 250
			// that is 38 kB, and larger batches were not faster.
			BatchSize: 250, BatchBytes: 900_000, BatchTimeout: c.Linger,
			// The Writer's own repetitions end long before a new leader stands, and
			// while a batch repeats, those behind it wait: delivery.run repeats.
			Compression: kafka.Lz4, MaxAttempts: 1,
			WriteTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		},
		inFlight: semaphore.NewWeighted(c.MaxInFlight),
		deadline: c.Deadline,
		limit:    c.MaxInFlight,
	}
}

// Produce writes events and gives one error per event, nil for those that every
// in-sync replica has acknowledged. What a broker does not acknowledge is sent
// again until the deadline, to the leader that then stands; so an event may be
// in the log twice, and after a repetition the revisions of one report may have
// changed places. Neither matters to the store, which goes by report and revision.
//
// The caller's cancellation is not passed on: a message handed to the broker is
// delivered anyway, and an answer that says otherwise would be wrong.
func (p *Producer) Produce(ctx context.Context, events []Event) []error {
	weight := min(int64(len(events)), p.limit)
	if !p.inFlight.TryAcquire(weight) {
		return fill(make([]error, len(events)), ErrBusy)
	}
	d := newDelivery(events)
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.deadline)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Not before the writer has let go of the events: a broker that hangs
		// would otherwise fill the memory with what nobody waits for any more.
		defer p.inFlight.Release(weight)
		d.run(deadline, p.writer)
	}()
	select {
	case <-done:
	case <-deadline.Done():
	}
	return d.answers()
}

// delivery is a call of Produce on its way.
type delivery struct {
	mu   sync.Mutex
	errs []error // one per event

	messages []kafka.Message // still to be acknowledged
	origin   []int           // their places in errs
	repeated bool
}

// newDelivery encodes events; those that cannot be sent have their answer already.
func newDelivery(events []Event) *delivery {
	d := &delivery{errs: make([]error, len(events))}
	for i, e := range events {
		m, err := Encode(e)
		if err == nil {
			err = fits(m)
		}
		if err != nil {
			d.errs[i] = err
			continue
		}
		d.errs[i] = ErrUnconfirmed
		d.messages = append(d.messages, m)
		d.origin = append(d.origin, i)
	}
	return d
}

func fits(m kafka.Message) error {
	headers := 0
	for _, h := range m.Headers {
		headers += len(h.Key) + len(h.Value)
	}
	if len(m.Value) > MaxEventBytes || headers > maxHeaderBytes {
		return fmt.Errorf("%w: %d bytes and %d of headers, at most %d and %d",
			ErrTooLarge, len(m.Value), headers, MaxEventBytes, maxHeaderBytes)
	}
	return nil
}

// run writes until every event has its answer or the deadline has passed.
func (d *delivery) run(deadline context.Context, w *kafka.Writer) {
	for wait := minBackoff; len(d.messages) > 0; wait = min(2*wait, maxBackoff) {
		// Without the deadline: it would end the call with one error for all.
		// An attempt is bounded by the timeouts of the writer.
		err := w.WriteMessages(context.WithoutCancel(deadline), d.messages...)
		d.settle(deliveryErrors(err, len(d.messages)))
		if len(d.messages) == 0 {
			return
		}
		select {
		case <-deadline.Done():
			return
		case <-time.After(wait):
		}
	}
}

// settle notes the answers of one attempt and keeps what is worth another one.
func (d *delivery) settle(errs []error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := 0
	for i, err := range errs {
		again := errors.Is(err, ErrUnconfirmed) && !errors.Is(err, io.ErrClosedPipe)
		if d.repeated && errors.Is(err, ErrRefused) {
			// An earlier attempt may have put it there.
			err = fmt.Errorf("%w: %w", ErrUnconfirmed, err)
		}
		d.errs[d.origin[i]] = err
		if again {
			d.messages[kept], d.origin[kept] = d.messages[i], d.origin[i]
			kept++
		}
	}
	d.messages, d.origin, d.repeated = d.messages[:kept], d.origin[:kept], true
}

func (d *delivery) answers() []error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]error(nil), d.errs...)
}

// deliveryErrors spreads the error of WriteMessages over its n messages.
func deliveryErrors(err error, n int) []error {
	errs := make([]error, n)
	if err == nil {
		return errs
	}
	var each kafka.WriteErrors
	if !errors.As(err, &each) || len(each) != n {
		return fill(errs, classify(err))
	}
	for i, e := range each {
		if e != nil {
			errs[i] = classify(e)
		}
	}
	return errs
}

// classify tells what a broker will never take from what it may have taken or
// may yet take. Only the former is named: the client has errors of its own for a
// partition without leader, a closed connection and the like.
func classify(err error) error {
	for _, refusal := range []kafka.Error{
		kafka.MessageSizeTooLarge, kafka.RecordListTooLarge, kafka.InvalidTopic, kafka.InvalidRecord,
		kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed, kafka.SASLAuthenticationFailed,
	} {
		if errors.Is(err, refusal) {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
	}
	return fmt.Errorf("%w: %w", ErrUnconfirmed, err)
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

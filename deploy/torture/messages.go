package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/forward"
	"atvsld/ingest/queue"
)

// client speaks to the brokers past every proxy.
func (p *platform) client() (client *kafka.Client, done func()) {
	transport := &kafka.Transport{MetadataTTL: time.Second}
	return &kafka.Client{Addr: kafka.TCP(p.brokers...), Timeout: 10 * time.Second, Transport: transport}, transport.CloseIdleConnections
}

// topics are those of the platform and of its one integrator.
func topics() []queue.Topic {
	return append(queue.Topics(partitions, retention), forward.Topics([]string{integratorID}, partitions, retention)...)
}

func topicNames() []string {
	var names []string
	for _, t := range topics() {
		names = append(names, t.Name)
	}
	return names
}

// bound is a part of the log: [begin, end).
type bound struct{ begin, end int64 }

// bounds gives what each partition of the log holds.
func (p *platform) bounds(ctx context.Context) (map[int]bound, error) {
	client, done := p.client()
	defer done()
	var requests []kafka.OffsetRequest
	for i := range partitions {
		requests = append(requests, kafka.FirstOffsetOf(i), kafka.LastOffsetOf(i))
	}
	answer, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{queue.ReportsTopic: requests}})
	if err != nil {
		return nil, fmt.Errorf("read the bounds of the log: %w", err)
	}
	bounds := make(map[int]bound, partitions)
	for _, o := range answer.Topics[queue.ReportsTopic] {
		if o.Error != nil {
			return nil, fmt.Errorf("read the bounds of partition %d: %w", o.Partition, o.Error)
		}
		bounds[o.Partition] = bound{o.FirstOffset, o.LastOffset}
	}
	if len(bounds) != partitions {
		return nil, fmt.Errorf("the log has %d partitions, not %d", len(bounds), partitions)
	}
	return bounds, nil
}

// repeat writes some messages of the log once more, as a producer does that was not
// answered: later ones may come before earlier ones.
func (p *platform) repeat(ctx context.Context, f planned) (word string, err error) {
	r := chance(p.config.Seed, streamFaults, f.number)
	var messages []kafka.Message
	for range 10 {
		if messages, err = p.some(ctx, r, f.amount); err == nil {
			break
		}
		sleep(ctx, time.Second) // another fault is at work
	}
	if err != nil || len(messages) == 0 {
		return "", errors.Join(errors.New("nothing could be read from the log"), err)
	}
	r.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
	return "", p.write(ctx, messages)
}

// some reads a run of messages from anywhere in the log.
func (p *platform) some(ctx context.Context, r *rand.Rand, n int) ([]kafka.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	bounds, err := p.bounds(ctx)
	if err != nil {
		return nil, err
	}
	partition := r.IntN(partitions)
	b := bounds[partition]
	if b.begin == b.end {
		return nil, nil
	}
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: p.brokers, Topic: queue.ReportsTopic, Partition: partition, MaxWait: 100 * time.Millisecond})
	defer reader.Close()
	from := b.begin + r.Int64N(b.end-b.begin)
	if err := reader.SetOffset(from); err != nil {
		return nil, err
	}
	var messages []kafka.Message
	for range min(int64(n), b.end-from) {
		m, err := reader.FetchMessage(ctx)
		if err != nil {
			return nil, err
		}
		messages = append(messages, kafka.Message{Topic: m.Topic, Key: m.Key, Value: m.Value, Headers: m.Headers})
	}
	return messages, nil
}

// poison writes messages that no sink can store.
func (p *platform) poison(ctx context.Context, f planned) error {
	r := chance(p.config.Seed, streamFaults, f.number)
	messages := make([]kafka.Message, f.amount)
	for i := range messages {
		messages[i] = kafka.Message{Topic: queue.ReportsTopic, Key: []byte(uuid.NewString()), Value: fmt.Appendf(nil, "poison %d", r.Uint64())}
	}
	return p.write(ctx, messages)
}

// write adds messages to their topics, for as long as other faults let it wait.
func (p *platform) write(ctx context.Context, messages []kafka.Message) error {
	transport := &kafka.Transport{MetadataTTL: time.Second}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{
		Addr: kafka.TCP(p.brokers...), Transport: transport, RequiredAcks: kafka.RequireAll,
		Balancer: kafka.Murmur2Balancer{}, BatchTimeout: time.Millisecond, MaxAttempts: 100,
		WriteBackoffMin: 50 * time.Millisecond, WriteBackoffMax: 500 * time.Millisecond,
	}
	defer w.Close()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		// Not every error is one that the client tries again after; a message that is
		// there twice is part of the fault.
		err := w.WriteMessages(ctx, messages...)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("write %d messages: %w", len(messages), err)
		}
		sleep(ctx, 200*time.Millisecond)
	}
}

// electLeaders gives every partition back to its preferred broker.
func (p *platform) electLeaders(ctx context.Context) error {
	client, done := p.client()
	defer done()
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	_, err := client.ElectLeaders(ctx, &kafka.ElectLeadersRequest{Topic: queue.ReportsTopic, Partitions: all, Timeout: 10 * time.Second})
	if err != nil {
		return fmt.Errorf("elect leaders: %w", err)
	}
	return nil
}

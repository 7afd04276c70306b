package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"
)

// Times of the group. A member that does not answer for sessionTimeout is taken for
// dead; one that knows of a rebalance has rebalanceTimeout to let go. The embedded
// broker waits for it once more when who should divide the partitions has died while
// it joined, so after several deaths in a row nothing is stored for three times as long.
const (
	sessionTimeout   = 10 * time.Second
	rebalanceTimeout = 12 * time.Second
	// joinPatience is how long a member waits beyond that for its turn to join, and for
	// other answers of the coordinator. The embedded broker begins a rebalance anew with
	// everybody who joins: two sinks that each gave up after 25 s and came again kept a
	// dead third in the group for ever.
	joinPatience = 30 * time.Second
	// Grace is how long work on a range may go on after its generation has ended: a
	// range that is finished need not be done again by the next owner, but a member
	// that never lets go is thrown out of the group.
	Grace = rebalanceTimeout / 2
)

// NewGroup makes a member of a group that reads topics from their beginning. It is a
// ConsumerGroup and not a Reader with a group id: the latter shares its commit channel
// across generations and does not drain it on a rebalance.
func NewGroup(brokers Brokers, id string, topics ...string) (*kafka.ConsumerGroup, error) {
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: id, Brokers: brokers.Addrs(), Dialer: brokers.Dialer(), Topics: topics,
		StartOffset: kafka.FirstOffset, JoinGroupBackoff: 500 * time.Millisecond,
		SessionTimeout: sessionTimeout, HeartbeatInterval: 2 * time.Second, RebalanceTimeout: rebalanceTimeout,
		Timeout: joinPatience,
	})
	if err != nil {
		return nil, fmt.Errorf("join group %s: %w", id, err)
	}
	return group, nil
}

// Work carries one partition. It returns nil when ctx has ended or the claim is lost
// (ErrFenced): others may have the partition by then. An error ends the consumer, so
// it is for what trying again cannot help.
type Work func(ctx context.Context, c *Claim) error

// Consumer reads ReportsTopic as a member of SinkGroup: one goroutine a partition.
type Consumer struct {
	brokers Brokers
	config  ConsumerConfig
	work    Work
	joined  func()
	log     *slog.Logger
}

// NewConsumer makes a consumer; Run joins the group. joined is told of every
// generation, which is also each rebalance.
func NewConsumer(brokers Brokers, c ConsumerConfig, work Work, joined func(), log *slog.Logger) *Consumer {
	return &Consumer{brokers: brokers, config: c, work: work, joined: joined, log: log}
}

// Run joins the group again and again until ctx ends, when it returns nil after the
// work has ended, or until work fails, whose error it returns.
func (c *Consumer) Run(ctx context.Context) error {
	// Closed last: the work still commits while the group is left.
	client, done := dial(c.brokers, commitTimeout)
	defer done()
	group, err := NewGroup(c.brokers, SinkGroup, ReportsTopic)
	if err != nil {
		return err
	}
	defer func() {
		if err := group.Close(); err != nil {
			c.log.Warn("leaving the consumer group", "error", err)
		}
	}()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	for {
		generation, err := group.Next(ctx)
		if ctx.Err() != nil || errors.Is(err, kafka.ErrGroupClosed) {
			return failure(ctx)
		}
		if err != nil {
			// A fresh cluster has no coordinator yet; the group backs off by itself.
			c.log.Warn("joining the consumer group", "error", err)
			continue
		}
		c.joined()
		for _, a := range generation.Assignments[ReportsTopic] {
			claim := &Claim{Partition: a.ID, config: c.config, brokers: c.brokers, client: client, generation: generation}
			generation.Start(func(ctx context.Context) {
				defer claim.close()
				if err := c.work(ctx, claim); err != nil {
					fail(&workError{err})
				}
			})
		}
	}
}

// workError tells what work returned from an ordinary end.
type workError struct{ error }

func (e *workError) Unwrap() error { return e.error }

func failure(ctx context.Context) error {
	if failed, ok := errors.AsType[*workError](context.Cause(ctx)); ok {
		return failed.error
	}
	return nil
}

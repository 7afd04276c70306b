package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"

	"atvsld/analytics/access"
	"atvsld/ingest/fault"
	"atvsld/ingest/intake"
	"atvsld/ingest/seal"
)

// gateway files submissions; *intake.Gateway does.
type gateway interface {
	Submit(ctx context.Context, by intake.Principal, items []intake.Item) []intake.Outcome
}

// Deps is what a Forwarder works with.
type Deps struct {
	Gateway gateway
	Keys    *seal.Keys
	// Grants returns what units let a grantee do; see grant.Desk. It may be nil if every
	// integrator is unlimited.
	Grants   func(ctx context.Context, grantee string) (access.Grants, error)
	Log      *slog.Logger
	Registry prometheus.Registerer
}

// Forwarder is one member of the group of forwarders.
type Forwarder struct {
	Deps
	config  Config
	metrics *metrics
	answers *answers
	health  health
}

// New makes a forwarder. It starts nothing.
func New(c Config, d Deps) (*Forwarder, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.Grants == nil && len(c.Unlimited) < len(c.Integrators) {
		return nil, errors.New("forwarder: it cannot tell for whom its integrators may file")
	}
	m, err := newMetrics(d.Registry)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of the forwarder: %w", err)
	}
	return &Forwarder{Deps: d, config: c, metrics: m, answers: newAnswers(c.Brokers)}, nil
}

// Pauses between the attempts to decide or to answer.
const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// forward files a batch of one partition and answers every message of it. An error
// means that ctx ended first; what was not answered is delivered again then.
func (f *Forwarder) forward(ctx context.Context, integrator string, batch []kafka.Message) error {
	start := time.Now()
	for _, r := range rounds(f.decodeAll(batch)) {
		outcomes, err := f.decide(ctx, integrator, r)
		if err != nil {
			return err
		}
		fault.At(fault.ForwarderAfterSubmit)
		if err := f.answer(ctx, integrator, outcomes); err != nil {
			return err
		}
		fault.At(fault.ForwarderAfterAnswer)
	}
	f.metrics.observe(integrator, batch, time.Since(start))
	return nil
}

func (f *Forwarder) decodeAll(batch []kafka.Message) []message {
	all := make([]message, len(batch))
	for i, m := range batch {
		all[i] = decode(m, f.config.Partitions, f.Keys)
	}
	return all
}

// rounds cuts a batch so that no key is twice in a round. A revision must not be filed
// while the one before it may still have to be tried again: it would then contradict.
func rounds(all []message) [][]message {
	var cut [][]message
	var seen map[string]bool
	for _, d := range all {
		if len(cut) == 0 || d.cause.key != "" && seen[d.cause.key] {
			cut, seen = append(cut, nil), map[string]bool{}
		}
		seen[d.cause.key] = true
		cut[len(cut)-1] = append(cut[len(cut)-1], d)
	}
	return cut
}

// decide files what can be filed until every message of the round has its outcome.
func (f *Forwarder) decide(ctx context.Context, integrator string, round []message) ([]Outcome, error) {
	outcomes := make([]Outcome, len(round))
	var open []undecided
	for i, d := range round {
		if len(d.findings) > 0 {
			outcomes[i] = refusal(d, f.config.Demonstration)
			continue
		}
		open = append(open, undecided{at: i})
	}
	for pause := minPause; len(open) > 0; pause = min(2*pause, maxPause) {
		items := make([]intake.Item, len(open))
		for n, u := range open {
			items[n] = round[u.at].item
		}
		left := open[:0]
		for n, out := range f.submit(ctx, integrator, items) {
			u := open[n]
			if u.again(out.State, time.Now(), f.config.Patience) {
				f.metrics.retries.WithLabelValues(integrator, string(out.State)).Inc()
				left = append(left, u)
				continue
			}
			outcomes[u.at] = outcomeOf(round[u.at], out, f.config.Demonstration)
		}
		open = left
		if len(open) == 0 {
			break
		}
		at := round[open[0].at].cause
		f.health.fail(at.partition())
		f.Log.Log(ctx, urgency(pause), "messages are not decided yet", "topic", at.Topic, "partition", at.Partition, "offset", at.Offset, "messages", len(open))
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// submit files in the name of an integrator, for whom it may at this moment. While that
// cannot be found out the platform is busy: nobody files by what was granted once.
func (f *Forwarder) submit(ctx context.Context, integrator string, items []intake.Item) []intake.Outcome {
	by, err := f.principal(ctx, integrator)
	if err != nil {
		f.Log.Warn("looking up for whom an integrator may file", "integrator", integrator, "error", err)
		return slices.Repeat([]intake.Outcome{{State: intake.Busy}}, len(items))
	}
	return f.Gateway.Submit(ctx, by, items)
}

// principal is an integrator as who files: filing software that has another door. Units
// grant to it under the name of software, whichever door it takes. Who files has a name of
// its own all the same: the ids of what was filed without one are made of it.
func (f *Forwarder) principal(ctx context.Context, integrator string) (intake.Principal, error) {
	by := intake.Principal{Caller: access.Caller{ID: PrincipalOf(integrator), Role: access.Software}}
	if slices.Contains(f.config.Unlimited, integrator) {
		by.Unlimited = true
		return by, nil
	}
	granted, err := f.Grants(ctx, access.Grantee(access.Software, integrator))
	by.Caller = by.With(granted)
	return by, err
}

// undecided is a message of a round that has no outcome yet.
type undecided struct {
	at int // its index in the round
	// troubled is since when the gateway has said stale or failed without a break.
	troubled time.Time
	// unsure: the log may have it, so that nobody may say that nothing was filed.
	unsure bool
}

// again takes the gateway's word and tells what trying again can change: a busy platform
// for as long as it is, a revision without the one before it and a fault within the
// patience. That runs from when the message first met one of these: how long the
// platform was busy before says nothing about them.
func (u *undecided) again(s intake.State, now time.Time, patience time.Duration) bool {
	switch s {
	case intake.Busy, intake.Unconfirmed:
		u.troubled = time.Time{}
		u.unsure = u.unsure || s == intake.Unconfirmed
		return true
	case intake.Stale, intake.Failed:
		if u.troubled.IsZero() {
			u.troubled = now
		}
		return now.Sub(u.troubled) < patience || s == intake.Failed && u.unsure
	default:
		return false
	}
}

// answer writes outcomes until every replica of the outcome topic has them.
func (f *Forwarder) answer(ctx context.Context, integrator string, outcomes []Outcome) error {
	messages := make([]kafka.Message, len(outcomes))
	for i, o := range outcomes {
		var err error
		if messages[i], err = o.encode(OutcomeTopic(integrator), time.Now()); err != nil {
			return err
		}
	}
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		left, err := f.answers.write(ctx, messages)
		if err == nil {
			break
		}
		messages = left
		f.health.fail(outcomes[0].Cause.partition())
		f.metrics.retries.WithLabelValues(integrator, "answer").Add(float64(len(left)))
		f.Log.Warn("outcomes are not written yet", "integrator", integrator, "outcomes", len(left), "error", err)
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
	for _, o := range outcomes {
		f.metrics.outcomes.WithLabelValues(integrator, string(o.State)).Inc()
	}
	return nil
}

// urgency keeps a short wait for the store out of the log.
func urgency(pause time.Duration) slog.Level {
	if pause < time.Second {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

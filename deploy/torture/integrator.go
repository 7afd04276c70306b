package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/forward"
	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/seal"
)

// integratorID names the one integrator. It files through the second door: into its
// topic, from where the forwarder files, which answers in another topic.
const integratorID = "torture"

const (
	// mostMessages bounds what the integrator files at once.
	mostMessages = 40
	// outcomePatience is how long it waits before it sends the very same again.
	outcomePatience = 40 * time.Second
)

type integrator struct {
	*filers
	platform *platform
	sender   forwardtest.Sender
	outcomes chan forward.Outcome
}

// startIntegrator files and reads its answers until ctx ends.
func (p *platform) startIntegrator(ctx context.Context, f *filers) error {
	keys, err := seal.Open(p.keys())
	if err != nil {
		return fmt.Errorf("the integrator's key: %w", err)
	}
	i := &integrator{
		filers: f, platform: p, outcomes: make(chan forward.Outcome),
		sender: forwardtest.Sender{ID: integratorID, Key: keys.InboxKeys().Keys[0]},
	}
	for partition := range partitions {
		f.wg.Go(func() { i.listen(ctx, partition) })
	}
	f.wg.Go(func() { i.work(ctx, chance(f.seed, streamFilers, mostOpen)) })
	return nil
}

// listen reads the answers of one partition.
func (i *integrator) listen(ctx context.Context, partition int) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: i.platform.brokers, Topic: forward.OutcomeTopic(integratorID), Partition: partition, MaxWait: 200 * time.Millisecond,
	})
	defer reader.Close()
	for ctx.Err() == nil {
		m, err := reader.ReadMessage(ctx)
		if err != nil {
			sleep(ctx, 100*time.Millisecond)
			continue
		}
		var o forward.Outcome
		if err := json.Unmarshal(m.Value, &o); err != nil {
			i.ledger.note("an outcome that cannot be read: %v: %.400s", err, m.Value)
			continue
		}
		select {
		case i.outcomes <- o:
		case <-ctx.Done():
		}
	}
}

func (i *integrator) work(ctx context.Context, r *rand.Rand) {
	for i.begin(ctx) {
		i.file(ctx, i.takeAccidents(1+r.IntN(mostMessages)))
		i.working.Done()
		i.discard(ctx, time.Duration(r.Int64N(int64(bulkPause))))
	}
}

// takeAccidents begins new lives; those of another kind are left to others, because
// only an accident says its id itself.
func (i *integrator) takeAccidents(n int) map[uuid.UUID]*life {
	lives := make(map[uuid.UUID]*life)
	for _, l := range i.takeMany(n) {
		if id := l.steps[0].contents[0].id; id != uuid.Nil {
			lives[id] = l
			continue
		}
		i.giveBack(l, false)
	}
	return lives
}

// file sends the first revision of every life until each has its receipt.
func (i *integrator) file(ctx context.Context, lives map[uuid.UUID]*life) {
	for len(lives) > 0 && ctx.Err() == nil {
		var messages []kafka.Message
		for id, l := range lives {
			messages = append(messages, i.sender.Message("event-"+id.String(), id.String(), l.steps[0].contents[0].raw))
		}
		if err := i.platform.write(ctx, messages); err != nil {
			continue // nobody knows which of them are there: all again
		}
		i.receive(ctx, lives)
	}
}

// receive takes those lives out that are answered.
func (i *integrator) receive(ctx context.Context, lives map[uuid.UUID]*life) {
	patience := time.NewTimer(outcomePatience)
	defer patience.Stop()
	for len(lives) > 0 {
		select {
		case o := <-i.outcomes:
			i.take(o, lives)
		case <-patience.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// take notes an outcome. One that comes again is held against the first.
func (i *integrator) take(o forward.Outcome, lives map[uuid.UUID]*life) {
	if o.ReportID == nil || o.State != forward.Accepted {
		i.ledger.note("the integrator is answered %s: %v", o.State, o.Errors)
		return
	}
	l, waiting := lives[*o.ReportID]
	if !waiting {
		return
	}
	i.ledger.outcome()
	if err := i.ledger.accept(l.steps[0].contents[0], false, o.Receipt.Receipt); err != nil {
		i.ledger.note("%v", err)
	}
	delete(lives, *o.ReportID)
	l.next++
	i.giveBack(l, l.next == len(l.steps))
}

// discard pauses; answers that come once more meanwhile are read and thrown away.
func (i *integrator) discard(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-i.outcomes:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

package torture

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"atvsld/deploy/torture/proxy"
	"atvsld/ingest/fault"
)

// How long a process may take to come to its point, and to stop in order.
const (
	pointPatience = 20 * time.Second
	stopPatience  = 10 * time.Second
)

// insertText stands in the address of an insert into the proof over HTTP.
const insertText = "INSERT+INTO+report_log"

// inject does one fault and returns when it is over. The word, if any, says how it went.
func (p *platform) inject(ctx context.Context, f planned) (word string, err error) {
	if r, found := p.roles[f.target]; found {
		r.turn.Lock()
		defer r.turn.Unlock()
		return p.injectRole(ctx, f, r)
	}
	if l, found := p.links[f.target]; found {
		l.turn.Lock()
		defer l.turn.Unlock()
		return p.injectLink(ctx, f, l)
	}
	switch f.kind {
	case kindBlackout:
		p.blackout(ctx, f)
		return "", nil
	case kindBroker:
		return "", p.killBroker(ctx, f)
	case kindRepeat:
		return p.repeat(ctx, f)
	case kindPoison:
		return "", p.poison(ctx, f)
	case kindLeader:
		return "", p.electLeaders(ctx)
	default:
		return "", fmt.Errorf("fault %d: nothing is called %q", f.number, f.target)
	}
}

// blackout kills every role within a moment. What a role's own fault was at work on is
// taken from it.
func (p *platform) blackout(ctx context.Context, f planned) {
	for _, name := range p.names() {
		if name != spareSink {
			p.roles[name].hold()
			defer p.roles[name].release()
		}
	}
	for _, name := range p.names() {
		p.roles[name].kill()
	}
	sleep(ctx, f.hold)
}

func (p *platform) injectRole(ctx context.Context, f planned, r *role) (word string, err error) {
	switch f.kind {
	case kindKill:
		r.hold()
		defer r.release()
		r.kill()
		sleep(ctx, f.hold)
	case kindPoint:
		stop := p.feed(ctx, f)
		defer stop()
		if !r.dieAt(ctx, f.point, f.amount, pointPatience) {
			word = fmt.Sprintf("did not come there within %s, killed all the same", pointPatience)
		}
	case kindPause:
		if c := r.process(false); c != nil {
			c.signal(signalPause)
			sleep(ctx, f.hold)
			c.signal(signalResume)
		}
	case kindLeave:
		r.hold()
		defer r.release()
		r.orderly(stopPatience)
		sleep(ctx, f.hold)
	case kindJoin:
		r.release()
		sleep(ctx, f.hold)
		r.hold()
		r.orderly(stopPatience)
	case kindError:
		if err := p.control.ask(brokerError{Key: int16(f.request), Code: f.code.Code, Times: f.amount}); err != nil {
			word = "it was not there to be told"
		}
	case kindDisk:
		return p.fillDisk(ctx, f)
	}
	return word, nil
}

// feed writes what makes a role pass its point, if reports do not.
func (p *platform) feed(ctx context.Context, f planned) (stop func()) {
	if f.point != fault.SinkAfterDeadLetters {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			// On every partition, whichever this sink has.
			_ = p.poison(ctx, planned{number: f.number, amount: partitions})
			sleep(ctx, time.Second)
		}
	})
	return func() { cancel(); wg.Wait() }
}

func (p *platform) fillDisk(ctx context.Context, f planned) (word string, err error) {
	d := p.disks[f.target]
	if err := d.fill(ctx); err != nil {
		return "", err
	}
	sleep(ctx, f.hold)
	return "", d.empty()
}

func (p *platform) injectLink(ctx context.Context, f planned, l *link) (word string, err error) {
	defer l.Heal()
	switch f.kind {
	case kindCut:
		l.Cut()
		return "", nil
	case kindRefuse:
		l.Set(proxy.Fault{Refuse: true})
		l.Cut()
	case kindAnswers:
		l.Set(proxy.Fault{CutAnswers: true, CutAfter: f.amount})
	case kindInsert:
		l.Set(proxy.Fault{CutAnswerTo: insertText})
	case kindDelay:
		l.Set(proxy.Fault{Delay: time.Duration(f.amount) * time.Millisecond})
	case kindThrottle:
		l.Set(proxy.Fault{BytesPerSecond: f.amount})
	case kindHole:
		l.Set(proxy.Fault{BlackHole: true})
	}
	before := l.Cuts()
	sleep(ctx, f.hold)
	if f.kind == kindAnswers || f.kind == kindInsert {
		word = fmt.Sprintf("%d answers cut", l.Cuts()-before)
	}
	return word, nil
}

// killBroker kills one broker of several, one at a time: two of three would be the end
// of every promise that Kafka makes.
func (p *platform) killBroker(ctx context.Context, f planned) error {
	id, err := strconv.Atoi(strings.TrimPrefix(f.target, brokerRole+"-"))
	if err != nil {
		return fmt.Errorf("fault %d: no broker is called %q", f.number, f.target)
	}
	p.down.Lock()
	defer p.down.Unlock()
	if err := p.config.Kafka.Kill(id); err != nil {
		return err
	}
	sleep(ctx, f.hold)
	if err := p.config.Kafka.Restart(context.WithoutCancel(ctx), id); err != nil {
		return err
	}
	return p.inSync(ctx)
}

// inSync waits until every replica has everything, so that the next broker may die.
func (p *platform) inSync(ctx context.Context) error {
	client, done := p.client()
	defer done()
	for {
		meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: topicNames()})
		if err == nil && allInSync(meta, len(p.brokers)) {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("replicas are not in sync: %w", ctx.Err())
		}
		sleep(ctx, 100*time.Millisecond)
	}
}

func allInSync(meta *kafka.MetadataResponse, replicas int) bool {
	for _, t := range meta.Topics {
		for _, partition := range t.Partitions {
			if len(partition.Isr) < replicas {
				return false
			}
		}
	}
	return true
}

package sink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/fault"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// insertDeadline bounds the attempts to store one range. It is far below the
// window in which the store recognises a token.
const insertDeadline = 2 * time.Minute

// carrier carries one partition from its recovery on until something ends it.
type carrier struct {
	*Sink
	claim *queue.Claim
	log   *slog.Logger

	// next is the offset that the next range should begin with.
	next int64
	// loss names what the store lost last; see store.LastLoss.
	loss uuid.UUID
	// owed is set while everything below next is stored and the group was not told.
	owed   bool
	tally  tally
	stored int // ranges
}

// run takes the partition up and carries it until ctx ends or something fails.
func (c *carrier) run(ctx context.Context) error {
	// A range that has begun is finished even when the claim ends: the next owner
	// would have to do it all again. But not for longer than the group waits.
	work, done := withGrace(ctx, queue.Grace)
	defer done()
	if err := c.takeUp(work); err != nil {
		return err
	}
	if err := c.claim.GoTo(c.next); err != nil {
		return err
	}
	for {
		r, err := c.claim.Next(ctx)
		if ctx.Err() != nil {
			return c.settle(work)
		}
		if err != nil {
			return err
		}
		if len(r.Messages) == 0 {
			err = c.rest(work)
		} else {
			err = c.store(work, r)
		}
		if err != nil {
			return err
		}
		c.note(c.claim.Partition, nil)
	}
}

// withGrace gives a context that outlives ctx by d.
func withGrace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-work.Done():
		case <-timer.C:
			cancel()
		}
	})
	return work, func() { stop(); cancel() }
}

// rest is for a log without news. It tells the group what it is owed, and makes sure
// that the log is still the one that was read: a reader that stands behind the end of
// a shorter log waits without a word.
func (c *carrier) rest(ctx context.Context) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	_, end, err := c.claim.Bounds(ctx)
	if err != nil {
		return err
	}
	if end < c.next {
		return fmt.Errorf("the log ends at %d, but it was read up to %d: %w", end, c.next, ErrForeignLog)
	}
	c.metrics.rest(c.claim.Partition, end-c.next)
	return nil
}

// settle commits what is owed.
func (c *carrier) settle(ctx context.Context) error {
	if !c.owed {
		return nil
	}
	if err := c.commit(ctx, mark{Epoch: c.epoch}.at(c.next)); err != nil {
		return err
	}
	c.owed = false
	fault.At(fault.SinkAfterCommit)
	return nil
}

// store stores one range. When it returns nil the range is stored for good; the group
// may be told with the next one.
func (c *carrier) store(ctx context.Context, r queue.Range) error {
	ctx, cancel := context.WithTimeout(ctx, insertDeadline)
	defer cancel()
	start := time.Now()
	c.noteSkipped(r)
	p, err := c.plan(ctx, r)
	if err != nil {
		return err
	}
	tally, err := c.tally.add(c.config.Limits, p.fates(r))
	if err != nil {
		return err
	}
	more := r.High()+1 < r.End
	if err := c.execute(ctx, r, intent{Low: r.Low(), High: r.High(), Schema: schema}, p, p.steps(more)); err != nil {
		return err
	}
	c.tally, c.next, c.owed = tally, r.High()+1, more
	c.stored++
	c.metrics.observe(r, p, time.Since(start))
	return nil
}

// noteSkipped tells of offsets that the log has jumped over. The platform's topic has
// neither transactions nor compaction, so retention must have taken them.
func (c *carrier) noteSkipped(r queue.Range) {
	expected := r.High() - c.next + 1
	if missing := expected - int64(len(r.Messages)); missing > 0 {
		c.metrics.gone.Add(float64(missing))
		c.log.Error("messages are missing in the log", "from", c.next, "to", r.High(), "missing", missing)
	}
}

// plan decodes a range and decides what becomes of each message.
func (c *carrier) plan(ctx context.Context, r queue.Range) (plan, error) {
	d := decode(r, c.config.Partitions)
	known, err := c.known(ctx, r, d.lookups())
	if err != nil {
		return plan{}, err
	}
	return d.decide(known), nil
}

// execute does the steps of a range. in names the range, also where r has only a part
// of its messages because the others are stored already.
func (c *carrier) execute(ctx context.Context, r queue.Range, in intent, p plan, steps []step) error {
	if fault.Has(fault.CommitBeforeInsert) && steps[0] == recordIntent {
		steps = append([]step{commitBehind}, steps[1:]...)
	}
	for i, s := range steps {
		err := c.step(ctx, r, in, p, s)
		if errors.Is(err, errDropped) {
			err = c.insist(ctx, r, in, p, steps[:i+1])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errDropped says that the store has answered an insert and does not have its rows.
var errDropped = errors.New("the store took a range for one that it has, and does not have it")

// insist stores a range again that the store has dropped for the sake of a token whose
// rows it has lost. The loss is recorded first, and is part of every token from then on.
func (c *carrier) insist(ctx context.Context, r queue.Range, in intent, p plan, done []step) error {
	loss, err := c.Sink.store.RecordLoss(ctx, c.epoch, uint16(c.claim.Partition), store.Range{Low: uint64(in.Low), High: uint64(in.High)})
	if err != nil {
		return err
	}
	c.loss = loss
	c.metrics.dropped.Inc()
	c.log.Error("the store has lost a range and dropped it when it came again; it is stored under another token", "low", in.Low, "high", in.High, "loss", loss)
	for _, s := range done {
		if s == recordIntent || s == commitBehind {
			continue
		}
		if err := c.step(ctx, r, in, p, s); err != nil {
			return err
		}
	}
	return nil
}

func (c *carrier) step(ctx context.Context, r queue.Range, in intent, p plan, s step) error {
	switch s {
	case recordIntent:
		fault.At(fault.SinkBeforeIntent)
		err := c.commit(ctx, mark{Epoch: c.epoch, Intent: &in}.at(in.Low))
		fault.At(fault.SinkAfterIntent)
		return err
	case sendDeadLetters:
		return c.sendDeadLetters(ctx, p.dead)
	case keepDeadLetters:
		letters := deadLetterRows(p.dead, c.epoch)
		err := c.retry(ctx, func() error { return c.Sink.store.InsertDeadLetters(ctx, c.token(in), letters) })
		fault.At(fault.SinkAfterDeadLetters)
		return err
	case storeCurrent:
		err := c.storeCurrent(ctx, in, p)
		fault.At(fault.SinkAfterCurrent)
		return err
	case storeLog:
		entries := logEntries(p.log, c.epoch)
		whole := store.Range{Low: uint64(in.Low), High: uint64(in.High)}
		err := c.retry(ctx, func() error { return c.Sink.store.InsertLog(ctx, c.token(in), whole, entries) })
		fault.At(fault.SinkAfterLog)
		return err
	case lookAgain:
		return c.lookAgain(ctx, p)
	case commitBehind:
		err := c.commit(ctx, mark{Epoch: c.epoch}.at(r.High()+1))
		fault.At(fault.SinkAfterCommit)
		return err
	}
	return fmt.Errorf("no such step: %d", s)
}

// lookAgain looks for one row of what was just stored. One is enough: an insert is there
// whole or not at all.
func (c *carrier) lookAgain(ctx context.Context, p plan) error {
	return c.retry(ctx, func() error {
		there := true
		var err error
		if len(p.log) > 0 {
			there, err = c.Sink.store.LogHas(ctx, head(p.log[0], c.epoch))
		}
		if there && err == nil && len(p.dead) > 0 {
			m := p.dead[0].Origin
			there, err = c.Sink.store.HasDeadLetter(ctx, store.Position{Epoch: c.epoch, Partition: uint16(m.Partition), Offset: uint64(m.Offset)})
		}
		if err == nil && !there {
			err = errDropped
		}
		return err
	})
}

// token names the inserts of a range for the store: the same token is the same rows.
// So it is made of what the rows are made of, and of nothing that an attempt changes.
func (c *carrier) token(in intent) string {
	token := fmt.Sprintf("%s/%s/%d/%d-%d/%s", c.epoch, queue.ReportsTopic, c.claim.Partition, in.Low, in.High, schema)
	if c.loss != uuid.Nil {
		token += "/" + c.loss.String()
	}
	if fault.Has(fault.TokenFromTime) {
		token = strconv.FormatInt(time.Now().UnixNano(), 10)
	}
	return token
}

func (c *carrier) storeCurrent(ctx context.Context, in intent, p plan) error {
	for _, d := range report.Definitions() {
		reports := p.current[d.Kind]
		if len(reports) == 0 {
			continue
		}
		heads, columns := currentRows(d, reports, c.epoch)
		err := c.retry(ctx, func() error { return c.Sink.store.InsertCurrent(ctx, c.token(in), d.Table, heads, columns) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *carrier) sendDeadLetters(ctx context.Context, dead []queue.DeadLetter) error {
	for _, l := range dead {
		c.metrics.dead.WithLabelValues(l.Code).Inc()
		// Not the detail: the log is read by more people than the dead letters are.
		c.log.Warn("a message cannot be stored", "code", l.Code, "offset", l.Origin.Offset)
	}
	return c.dead.Write(ctx, dead)
}

// known asks for the fixed facts of reports as of the range's first message, so
// that a replay of the range decides as the first attempt did.
func (c *carrier) known(ctx context.Context, r queue.Range, keys []store.Key) (map[uuid.UUID]past, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	at := store.Position{Epoch: c.epoch, Partition: uint16(r.Partition), Offset: uint64(r.Low())}
	var before map[store.Key]*store.Known
	err := c.retry(ctx, func() (err error) {
		before, err = c.Sink.store.KnownAt(ctx, at, keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up %d reports: %w", len(keys), err)
	}
	known := make(map[uuid.UUID]past, len(before))
	for key, k := range before {
		known[key.ReportID] = past{
			fixed:  fixed{Kind: report.Kind(k.Kind), StatYear: int(k.StatYear), Period: k.Period, Unit: k.Unit},
			newest: k.Latest.Revision,
		}
	}
	return known, nil
}

// commit tells the group, again and again while the coordinator does not answer.
func (c *carrier) commit(ctx context.Context, m queue.Mark) error {
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := c.claim.Commit(ctx, m)
		if err == nil || errors.Is(err, queue.ErrFenced) {
			return err
		}
		c.note(c.claim.Partition, err)
		c.log.Warn("the group did not take an offset, trying again", "offset", m.Offset, "error", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(wait):
		}
	}
}

// retry repeats what may succeed later, with the very same arguments, until ctx ends.
func (c *carrier) retry(ctx context.Context, do func() error) error {
	wait := 50 * time.Millisecond
	for {
		err := do()
		if err == nil || !store.Retryable(err) {
			return err
		}
		code, _ := store.Code(err)
		c.metrics.retries.WithLabelValues(strconv.Itoa(int(code))).Inc()
		c.note(c.claim.Partition, err)
		c.log.Warn("the store did not take a range, trying again", "error", err, "wait", wait)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(wait):
		}
		wait = min(2*wait, 5*time.Second)
	}
}

package sink

import (
	"context"
	"fmt"
	"strconv"

	"atvsld/analytics/store"
	"atvsld/ingest/fault"
	"atvsld/ingest/queue"
)

// maxHoles is how many holes are stored again before a partition is taken up; more
// are left to the next time.
const maxHoles = 1000

// takeUp makes good what an earlier owner, the broker or the store left open, and
// finds where to go on.
func (c *carrier) takeUp(ctx context.Context) error {
	f, err := c.find(ctx)
	if err != nil {
		return err
	}
	r, err := f.recover()
	if err != nil {
		return err
	}
	if fault.Has(fault.NoReplay) {
		c.next = max(f.Committed, f.First)
		if f.Intent != nil {
			c.next = f.Intent.High + 1
		}
		return nil
	}
	holes, err := c.holes(ctx, f.First, r.proven())
	if err != nil {
		return err
	}
	c.tell(f, r, len(holes))
	if c.loss, err = c.Sink.store.LastLoss(ctx, c.epoch, uint16(c.claim.Partition)); err != nil {
		return err
	}
	if err := c.repair(ctx, f, holes); err != nil {
		return err
	}
	if r.Replay != nil {
		if err := c.replay(ctx, r); err != nil {
			return err
		}
	}
	run, err := c.Sink.store.DeadRun(ctx, c.epoch, uint16(c.claim.Partition), uint64(r.Next), c.config.Limits.MaxRun)
	if err != nil {
		return err
	}
	c.next, c.tally.run, c.owed = r.Next, run, r.Next != f.Committed || f.Intent != nil
	return nil
}

// find asks the group, the log and the store.
func (c *carrier) find(ctx context.Context) (found, error) {
	if err := c.sameCluster(ctx); err != nil {
		return found{}, err
	}
	var f found
	var err error
	if f.First, f.End, err = c.claim.Bounds(ctx); err != nil {
		return found{}, err
	}
	if err := c.Sink.store.RecordBeginning(ctx, c.epoch, uint16(c.claim.Partition), f.First); err != nil {
		return found{}, err
	}
	m, err := c.claim.Mark(ctx)
	if err != nil {
		return found{}, err
	}
	if f.Committed, f.Intent, err = ofEpoch(m.Offset, m.Metadata, c.epoch); err != nil {
		return found{}, fmt.Errorf("partition %d: %w", c.claim.Partition, err)
	}
	f.Log, f.Rejected = none, none
	positions, err := c.Sink.store.Positions(ctx, c.epoch)
	if err != nil {
		return found{}, err
	}
	partition := uint16(c.claim.Partition)
	p, stored := positions[partition]
	if !stored {
		return f, nil
	}
	f.Log, f.Rejected = p.Log, p.Rejected
	if p.Log < 0 {
		return f, nil
	}
	top, err := c.Sink.store.Top(ctx, c.epoch, partition, uint64(p.Log))
	if err != nil {
		return found{}, err
	}
	f.Log = int64(top.RangeEnd)
	return f, c.sameLog(ctx, f, p.Log, top)
}

// sameLog refuses a log that has another message where the store has its last one: it lost
// its end and has grown again, or was made anew. Then the offsets in between stand for
// reports that the store does not have.
func (c *carrier) sameLog(ctx context.Context, f found, at int64, top store.Top) error {
	if at < f.First || at >= f.End {
		return nil
	}
	r, err := c.claim.Exactly(ctx, at, at)
	if err != nil || len(r.Messages) == 0 {
		return err
	}
	e, err := queue.Decode(r.Messages[0])
	if err != nil || e.ReportID != top.ReportID || e.Revision != top.Revision || e.SHA256 != top.SHA256 {
		return fmt.Errorf("offset %d of partition %d holds another message than the store has from there: %w", at, c.claim.Partition, ErrForeignLog)
	}
	return nil
}

// sameCluster refuses to go on when another epoch is in force than this process knows, and
// another Kafka cluster than the one that the epoch began on, also when its log has
// grown beyond what is stored of the old one.
func (c *carrier) sameCluster(ctx context.Context) error {
	info, err := c.Sink.store.Info(ctx)
	if err != nil {
		return err
	}
	if info.Epoch != c.epoch {
		return fmt.Errorf("epoch %s is in force now, this process began with %s: start it again: %w", info.Epoch, c.epoch, ErrForeignLog)
	}
	id, err := c.claim.Cluster(ctx)
	if err != nil {
		return err
	}
	origin, err := c.Sink.store.Origin(ctx, c.epoch, id)
	if err != nil {
		return err
	}
	if origin != id {
		return fmt.Errorf("the broker belongs to cluster %s, but the log began on cluster %s: %w", id, origin, ErrForeignLog)
	}
	return nil
}

// tell counts and logs what an operator should know of a recovery.
func (c *carrier) tell(f found, r recovery, holes int) {
	c.metrics.ahead.Add(float64(r.Ahead))
	c.metrics.behind.Add(float64(r.Behind))
	c.metrics.gone.Add(float64(r.Gone))
	log := c.log.With("committed", f.Committed, "stored", f.Log, "next", r.Next)
	if r.Behind > 0 {
		log.Error("the store has lost messages that it had acknowledged; they are stored again", "messages", r.Behind)
	}
	if holes > 0 {
		log.Error("the store has holes; they are filled again", "holes", holes)
	}
	if r.Gone > 0 {
		log.Error("messages that the store does not have are no longer in the log", "messages", r.Gone)
	}
	if r.Ahead > 0 && f.Committed != none {
		log.Warn("the store has messages that were not committed; they are not stored again", "messages", r.Ahead)
	}
	if r.Replay != nil {
		log.Info("a range was in work; it is stored again", "low", r.Replay.Low, "high", r.Replay.High)
	}
}

// holes looks for what is missing from first up to below, which all is said to be
// stored: parts that a store lost from its middle.
func (c *carrier) holes(ctx context.Context, first, below int64) ([]store.Range, error) {
	if below <= first {
		return nil, nil
	}
	return c.Sink.store.Gaps(ctx, c.epoch, uint16(c.claim.Partition), uint64(first), uint64(below-1), maxHoles)
}

// repair fills holes.
func (c *carrier) repair(ctx context.Context, f found, holes []store.Range) error {
	if len(holes) == 0 {
		return nil
	}
	// Who is fenced must not fill anything beside the new owner.
	if err := c.commit(ctx, mark{Epoch: c.epoch, Intent: f.Intent}.at(max(f.Committed, 0))); err != nil {
		return err
	}
	for _, hole := range holes {
		if err := c.fill(ctx, hole); err != nil {
			return err
		}
		c.metrics.repaired.Inc()
	}
	return nil
}

// fill stores a hole in pieces that fit into memory.
func (c *carrier) fill(ctx context.Context, hole store.Range) error {
	high := int64(hole.High)
	for low := int64(hole.Low); low <= high; {
		r, err := c.claim.Some(ctx, low, high)
		if err != nil {
			return err
		}
		if len(r.Messages) == 0 {
			return nil // the log has jumped over it
		}
		if err := c.again(ctx, r, intent{Low: low, High: r.High(), Schema: schema}); err != nil {
			return err
		}
		low = r.High() + 1
	}
	return nil
}

// replay stores the range that was in work.
func (c *carrier) replay(ctx context.Context, r recovery) error {
	c.metrics.replays.Inc()
	messages, err := c.claim.Exactly(ctx, r.From, r.Replay.High)
	if err != nil || len(messages.Messages) == 0 {
		return err
	}
	return c.again(ctx, messages, intent{Low: r.Replay.Low, High: r.Replay.High, Schema: schema})
}

// again stores messages under the name of the range that they are of. The intent, if
// there is one, is committed already.
func (c *carrier) again(ctx context.Context, r queue.Range, in intent) error {
	ctx, cancel := context.WithTimeout(ctx, insertDeadline)
	defer cancel()
	p, err := c.plan(ctx, r)
	if err != nil {
		return err
	}
	return c.execute(ctx, r, in, p, p.steps(true)[1:])
}

// label is a partition as metrics name it.
func label(partition int) string { return strconv.Itoa(partition) }

package sink

import (
	"context"
	"fmt"
	"strconv"

	"atvsld/analytics/store"
	"atvsld/ingest/fault"
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
	if err := c.recordLoss(ctx, r, holes); err != nil {
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
	if p.Log >= 0 {
		end, err := c.Sink.store.RangeEnd(ctx, c.epoch, partition, uint64(p.Log))
		if err != nil {
			return found{}, err
		}
		f.Log = int64(end)
	}
	return f, nil
}

// sameCluster refuses another Kafka cluster than the one that the epoch began on, also
// when its log has grown beyond what is stored of the old one.
func (c *carrier) sameCluster(ctx context.Context) error {
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

// recordLoss puts on record what the store has lost, and finds out the name that tokens
// have to carry since the last loss, be it this one.
func (c *carrier) recordLoss(ctx context.Context, r recovery, holes []store.Range) (err error) {
	partition := uint16(c.claim.Partition)
	if r.Behind == 0 && len(holes) == 0 {
		c.loss, err = c.Sink.store.LastLoss(ctx, c.epoch, partition)
		return err
	}
	c.loss, err = c.Sink.store.RecordLoss(ctx, store.Loss{
		Epoch: c.epoch, Partition: partition, Behind: uint64(r.Behind), Holes: uint64(len(holes)),
	})
	return err
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
		for low := int64(hole.Low); low <= int64(hole.High); low += int64(c.config.Consumer.MaxRecords) {
			high := min(int64(hole.High), low+int64(c.config.Consumer.MaxRecords)-1)
			if err := c.again(ctx, low, intent{Low: low, High: high, Schema: schema}); err != nil {
				return err
			}
		}
		c.metrics.repaired.Inc()
	}
	return nil
}

// replay stores the range that was in work.
func (c *carrier) replay(ctx context.Context, r recovery) error {
	c.metrics.replays.Inc()
	return c.again(ctx, r.From, intent{Low: r.Replay.Low, High: r.Replay.High, Schema: schema})
}

// again stores the messages of a range from one on, under the name of the whole range.
func (c *carrier) again(ctx context.Context, from int64, in intent) error {
	ctx, cancel := context.WithTimeout(ctx, insertDeadline)
	defer cancel()
	r, err := c.claim.Exactly(ctx, from, in.High)
	if err != nil || len(r.Messages) == 0 {
		return err
	}
	p, err := c.plan(ctx, r)
	if err != nil {
		return err
	}
	// The intent, if there is one, is committed already.
	return c.execute(ctx, r, in, p, p.steps(true)[1:])
}

// label is a partition as metrics name it.
func label(partition int) string { return strconv.Itoa(partition) }

package sink

import (
	"errors"
	"fmt"
)

// ErrFlood says that too many messages in a row, or too large a share, cannot be stored. Then
// something is wrong with the program or the log and not with single messages, and
// the partition stops rather than turn its whole content into dead letters.
var ErrFlood = errors.New("too many messages cannot be stored: the partition stops")

// Limits say how many dead letters are taken for single mistakes.
type Limits struct {
	// MaxRun is the longest run of dead letters without a stored message between.
	MaxRun int
	// MaxRatio is the largest share of dead letters among the last Window messages,
	// looked at once there are that many.
	MaxRatio float64
	Window   int
}

// DefaultLimits gives limits that no report which passed the gateway ever touches.
// They are parameters without a source: choose by what integrators really send.
func DefaultLimits() Limits { return Limits{MaxRun: 1000, MaxRatio: 0.5, Window: 10_000} }

// Validate returns everything that is wrong with l.
func (l Limits) Validate() error {
	var errs []error
	if l.MaxRun < 1 {
		errs = append(errs, fmt.Errorf("a run of %d dead letters: at least one must be allowed", l.MaxRun))
	}
	if !(l.MaxRatio > 0 && l.MaxRatio <= 1) {
		errs = append(errs, fmt.Errorf("a share of %v dead letters is not above 0 and at most 1", l.MaxRatio))
	}
	if l.Window < 1 {
		errs = append(errs, fmt.Errorf("a window of %d messages: at least one is needed", l.Window))
	}
	return errors.Join(errs...)
}

// tally is how the last messages of a partition ended. It is a value: a range that is
// refused leaves the old one as it was.
type tally struct {
	run    int     // dead letters at the end, in a row
	blocks []block // the last ranges, oldest first, Window messages or a little more
}

// block is a range in short.
type block struct{ messages, dead int }

// add gives the tally after a range whose messages ended as dead tells, in order. The
// error wraps ErrFlood.
func (t tally) add(l Limits, dead []bool) (tally, error) {
	next := tally{run: t.run, blocks: append([]block(nil), t.blocks...)}
	b := block{messages: len(dead)}
	longest := 0
	for _, d := range dead {
		next.run++
		if !d {
			next.run = 0
			continue
		}
		b.dead++
		longest = max(longest, next.run)
	}
	if longest > l.MaxRun {
		return t, fmt.Errorf("%w: %d dead letters in a row, at most %d", ErrFlood, longest, l.MaxRun)
	}
	next.blocks = append(next.blocks, b)
	sum := next.trim(l.Window)
	if sum.messages >= l.Window && float64(sum.dead) > l.MaxRatio*float64(sum.messages) {
		return t, fmt.Errorf("%w: %d of the last %d messages are dead letters, at most %v of them", ErrFlood, sum.dead, sum.messages, l.MaxRatio)
	}
	return next, nil
}

// trim forgets the oldest ranges as long as the others fill the window, and adds up
// the rest.
func (t *tally) trim(window int) block {
	var sum block
	for _, b := range t.blocks {
		sum.messages += b.messages
		sum.dead += b.dead
	}
	for len(t.blocks) > 1 && sum.messages-t.blocks[0].messages >= window {
		sum.messages -= t.blocks[0].messages
		sum.dead -= t.blocks[0].dead
		t.blocks = t.blocks[1:]
	}
	return sum
}

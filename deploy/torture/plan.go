package torture

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"atvsld/ingest/fault"
)

// possible is what faults can hit on this machine.
type possible struct {
	roles, links, disks []string
	// brokers are several that can be killed; none means that there is the embedded
	// one, which is a role and takes orders to fail.
	brokers []string
	flaw    fault.Flaw
}

// weights say how often a kind is drawn.
var weights = []struct {
	kind   kind
	weight int
}{
	{kindKill, 22}, {kindBlackout, 3}, {kindPoint, 22}, {kindPause, 8},
	{kindCut, 5}, {kindAnswers, 6}, {kindInsert, 5}, {kindDelay, 4}, {kindThrottle, 3}, {kindHole, 4}, {kindRefuse, 3},
	{kindError, 12}, {kindJoin, 4}, {kindLeave, 4}, {kindRepeat, 5}, {kindPoison, 2}, {kindDisk, 5},
	{kindBroker, 25}, {kindLeader, 6},
}

func (p possible) allows(k kind) bool {
	switch k {
	case kindError:
		return len(p.brokers) == 0
	case kindBroker, kindLeader:
		return len(p.brokers) > 0
	case kindDisk:
		return len(p.disks) > 0
	default:
		return true
	}
}

// plan draws the faults of a campaign, in rounds. The i-th fault depends on the seed
// and on what is possible, not on those before it.
func plan(seed uint64, n, perRound int, p possible) [][]planned {
	var rounds [][]planned
	var at time.Duration
	for i := range n {
		if i%perRound == 0 {
			rounds, at = append(rounds, nil), 0
		}
		r := chance(seed, streamFaults, i)
		at += between(r, 100*time.Millisecond, 1500*time.Millisecond)
		f := p.draw(r)
		f.number, f.at = i+1, at
		rounds[len(rounds)-1] = append(rounds[len(rounds)-1], f)
	}
	return rounds
}

func (p possible) draw(r *rand.Rand) planned {
	if p.flaw != "" {
		return p.aimed(r)
	}
	total := 0
	for _, w := range weights {
		if p.allows(w.kind) {
			total += w.weight
		}
	}
	drawn := r.IntN(total)
	for _, w := range weights {
		if !p.allows(w.kind) {
			continue
		}
		if drawn -= w.weight; drawn < 0 {
			return p.detail(r, planned{kind: w.kind})
		}
	}
	panic("weights do not add up")
}

// detail draws what a fault of a kind hits, and how hard.
func (p possible) detail(r *rand.Rand, f planned) planned {
	f.hold = between(r, 100*time.Millisecond, 2500*time.Millisecond)
	switch f.kind {
	case kindKill:
		f.target = pick(r, p.roles)
	case kindPoint:
		f.point = pick(r, pointsOf("sink", "gateway", "forwarder"))
		f.target = pick(r, matching(p.roles, roleOf(f.point), ""))
		f.amount = r.IntN(6)
	case kindPause:
		f.target = pick(r, p.roles)
		if r.IntN(4) == 0 {
			// Longer than a session: the group goes on without it, and it comes back
			// not knowing.
			f.hold += 11 * time.Second
		}
	case kindJoin:
		f.target = spareSink
		f.hold *= 3
	case kindLeave:
		f.target = pick(r, matching(p.roles, "sink", ""))
	case kindError:
		e := pick(r, brokerErrors)
		f.target, f.request, f.code, f.amount = brokerRole, e.request, pick(r, e.codes), 1+r.IntN(10)
	case kindRepeat:
		f.amount = 1 + r.IntN(40)
	case kindPoison:
		f.amount = 1 + r.IntN(3)
	case kindDisk:
		f.target = pick(r, p.disks)
	case kindBroker:
		f.target = pick(r, p.brokers)
	case kindLeader, kindBlackout:
		// They hit everything.
	default:
		f = p.detailLink(r, f)
	}
	return f
}

func (p possible) detailLink(r *rand.Rand, f planned) planned {
	f.target = pick(r, p.links)
	switch f.kind {
	case kindAnswers:
		f.amount = r.IntN(4) * r.IntN(2000)
	case kindInsert:
		f.target = pick(r, matching(p.links, "sink", ">store"))
	case kindDelay:
		f.amount = 5 + r.IntN(400)
	case kindThrottle:
		f.amount = 2_000 + r.IntN(100_000)
	}
	return f
}

// aimed draws the faults that show a flaw.
func (p possible) aimed(r *rand.Rand) planned {
	f := planned{hold: between(r, 100*time.Millisecond, 500*time.Millisecond), amount: r.IntN(3)}
	sinksOnly := matching(p.roles, "sink", "")
	switch p.flaw {
	case fault.TokenFromTime:
		f.kind, f.target, f.hold = kindInsert, pick(r, matching(p.links, "sink", ">store")), 1500*time.Millisecond
	default:
		f.kind, f.target = kindPoint, pick(r, sinksOnly)
		f.point = pick(r, []fault.Point{fault.SinkAfterIntent, fault.SinkAfterCurrent})
	}
	return f
}

func pointsOf(roles ...string) []fault.Point {
	var points []fault.Point
	for _, p := range fault.Points() {
		if slices.Contains(roles, roleOf(p)) {
			points = append(points, p)
		}
	}
	return points
}

// roleOf tells which roles pass a point.
func roleOf(p fault.Point) string {
	role, _, _ := strings.Cut(string(p), ".")
	return role
}

func matching(names []string, prefix, suffix string) []string {
	var found []string
	for _, n := range names {
		if strings.HasPrefix(n, prefix) && strings.HasSuffix(n, suffix) {
			found = append(found, n)
		}
	}
	return found
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func between(r *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(to-from))).Round(time.Millisecond)
}

package torture

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/fault"
)

func everything() possible {
	return possible{
		roles: []string{"api-1", "broker", "engine", "forwarder-1", "gateway-1", "gateway-2", "sink-1", "sink-2"},
		links: []string{"api-1>store", "filer>gateway-1", "gateway-1>broker", "gateway-1>store", "sink-1>broker", "sink-1>store"},
		disks: []string{"broker", "engine"},
	}
}

// A seed is a plan: the same one, and a longer campaign begins as a shorter one.
func TestAPlanFollowsFromTheSeed(t *testing.T) {
	long, short := plan(42, 60, 10, everything()), plan(42, 20, 10, everything())
	require.Equal(t, plan(42, 60, 10, everything()), long)
	require.Equal(t, short, long[:len(short)])
	require.NotEqual(t, plan(43, 20, 10, everything()), short)
}

func TestAPlanHasEveryFaultAndHitsOnlyWhatIsThere(t *testing.T) {
	can := everything()
	several := can
	several.brokers, several.disks = []string{"broker-1", "broker-2", "broker-3"}, nil
	several.roles = append([]string{"api-1"}, can.roles[2:]...)
	f := func(can possible, never ...kind) {
		t.Helper()
		seen := make(map[kind]bool)
		points := make(map[fault.Point]bool)
		number := 0
		for _, round := range plan(7, 2000, 10, can) {
			require.Len(t, round, 10)
			var before time.Duration
			for _, f := range round {
				number++
				require.Equal(t, number, f.number)
				require.Greater(t, f.at, before)
				require.LessOrEqual(t, f.hold, 14*time.Second)
				before = f.at
				seen[f.kind], points[f.point] = true, true
				require.NotEmpty(t, f.String())
				switch f.kind {
				case kindJoin:
					require.Equal(t, spareSink, f.target)
				case kindError:
					require.Equal(t, brokerRole, f.target)
				case kindRepeat, kindPoison, kindLeader, kindBlackout:
					require.Empty(t, f.target)
				default:
					require.Contains(t, slices.Concat(can.roles, can.links, can.disks, can.brokers), f.target)
				}
			}
		}
		for _, w := range weights {
			expected := true
			for _, n := range never {
				expected = expected && n != w.kind
			}
			require.Equal(t, expected, seen[w.kind], "%s", w.kind)
		}
		for _, p := range fault.Points() {
			require.True(t, points[p], "%s", p)
		}
	}
	f(can, kindBroker, kindLeader)
	f(several, kindError, kindDisk)
}

func TestAimedFaultsShowTheirFlaw(t *testing.T) {
	for _, flaw := range fault.Flaws() {
		can := everything()
		can.flaw = flaw
		for _, f := range plan(1, aimedFaults, aimedFaults, can)[0] {
			if flaw == fault.TokenFromTime {
				require.Equal(t, kindInsert, f.kind)
				continue
			}
			require.Equal(t, kindPoint, f.kind)
			require.Contains(t, []fault.Point{fault.SinkAfterIntent, fault.SinkAfterCurrent}, f.point)
		}
	}
}

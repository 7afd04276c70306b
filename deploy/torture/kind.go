package torture

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"atvsld/ingest/fault"
)

// kind is a sort of fault.
type kind string

const (
	kindKill     kind = "kill"      // SIGKILL at any instant
	kindBlackout kind = "blackout"  // SIGKILL for every role at once
	kindPoint    kind = "point"     // SIGKILL at a named point
	kindPause    kind = "pause"     // SIGSTOP, later SIGCONT
	kindCut      kind = "cut"       // every connection of a link breaks
	kindAnswers  kind = "answers"   // the answers on a link are cut
	kindInsert   kind = "insert"    // the answer to an insert into report_log is cut
	kindDelay    kind = "delay"     // a slow link
	kindThrottle kind = "throttle"  // a thin link
	kindHole     kind = "blackhole" // a silent link
	kindRefuse   kind = "refuse"    // nobody listens
	kindError    kind = "error"     // the broker answers with an error
	kindJoin     kind = "join"      // one sink more for a while
	kindLeave    kind = "leave"     // a sink stops in order
	kindRepeat   kind = "repeat"    // messages of the log once more, in another order
	kindPoison   kind = "poison"    // messages that nobody can store
	kindDisk     kind = "disk"      // a full disk
	kindBroker   kind = "broker"    // SIGKILL for one broker of several
	kindLeader   kind = "leader"    // of several brokers, the preferred lead again
)

// planned is one fault of a campaign.
type planned struct {
	number int
	// at is how long after the begin of its round it begins, hold how long it lasts.
	at, hold time.Duration
	kind     kind
	target   string // role, link or disk
	point    fault.Point
	amount   int // how often, how much or how many; depends on the kind
	request  kmsg.Key
	code     *kerr.Error
}

func (f planned) String() string {
	switch f.kind {
	case kindKill, kindBroker:
		return fmt.Sprintf("kill -9 %s, back after %s", f.target, f.hold)
	case kindBlackout:
		return fmt.Sprintf("kill -9 everything at once, back after %s", f.hold)
	case kindPoint:
		return fmt.Sprintf("kill -9 %s at %s, passed %d times before", f.target, f.point, f.amount)
	case kindPause:
		return fmt.Sprintf("stop %s, continue after %s", f.target, f.hold)
	case kindCut:
		return "cut " + f.target
	case kindAnswers:
		return fmt.Sprintf("cut %s after %d bytes of answers, for %s", f.target, f.amount, f.hold)
	case kindInsert:
		return fmt.Sprintf("cut %s before the answer to an insert into report_log, for %s", f.target, f.hold)
	case kindDelay:
		return fmt.Sprintf("delay %s by %d ms, for %s", f.target, f.amount, f.hold)
	case kindThrottle:
		return fmt.Sprintf("throttle %s to %d bytes/s, for %s", f.target, f.amount, f.hold)
	case kindHole:
		return fmt.Sprintf("let nothing through %s, for %s", f.target, f.hold)
	case kindRefuse:
		return fmt.Sprintf("cut %s and refuse connections, for %s", f.target, f.hold)
	case kindError:
		return fmt.Sprintf("broker answers %d × %s with %s", f.amount, f.request.Name(), f.code.Message)
	case kindJoin:
		return fmt.Sprintf("%s joins, and leaves after %s", f.target, f.hold)
	case kindLeave:
		return fmt.Sprintf("%s leaves in order, back after %s", f.target, f.hold)
	case kindRepeat:
		return fmt.Sprintf("%d messages of the log once more, in another order", f.amount)
	case kindPoison:
		return fmt.Sprintf("%d messages that nobody can store", f.amount)
	case kindDisk:
		return fmt.Sprintf("the disk of %s is full, for %s", f.target, f.hold)
	case kindLeader:
		return "the preferred brokers lead again"
	default:
		return string(f.kind)
	}
}

// brokerErrors are what a broker may answer in a bad hour, by request. None says that
// a message can never be taken: that would be the truth about a message, not a fault.
var brokerErrors = []struct {
	request kmsg.Key
	codes   []*kerr.Error
}{
	// After the last of Produce the message is in the log all the same.
	{kmsg.Produce, []*kerr.Error{kerr.NotLeaderForPartition, kerr.NotEnoughReplicas, kerr.KafkaStorageError, kerr.NotEnoughReplicasAfterAppend}},
	{kmsg.Fetch, []*kerr.Error{kerr.NotLeaderForPartition, kerr.UnknownTopicOrPartition, kerr.KafkaStorageError}},
	{kmsg.OffsetCommit, []*kerr.Error{kerr.CoordinatorNotAvailable, kerr.NotCoordinator, kerr.IllegalGeneration, kerr.RebalanceInProgress, kerr.UnknownMemberID}},
	{kmsg.OffsetFetch, []*kerr.Error{kerr.CoordinatorLoadInProgress, kerr.NotCoordinator}},
	{kmsg.FindCoordinator, []*kerr.Error{kerr.CoordinatorNotAvailable}},
	{kmsg.JoinGroup, []*kerr.Error{kerr.CoordinatorLoadInProgress, kerr.NotCoordinator, kerr.UnknownMemberID}},
	{kmsg.SyncGroup, []*kerr.Error{kerr.RebalanceInProgress, kerr.UnknownMemberID}},
	{kmsg.Heartbeat, []*kerr.Error{kerr.IllegalGeneration, kerr.RebalanceInProgress, kerr.UnknownMemberID, kerr.NotCoordinator}},
	{kmsg.Metadata, []*kerr.Error{kerr.LeaderNotAvailable}},
	{kmsg.ListOffsets, []*kerr.Error{kerr.NotLeaderForPartition}},
}

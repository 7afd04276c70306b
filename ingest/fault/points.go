package fault

// Points of the gateway, the sink and the forwarder, in the order in which a report
// passes them.
const (
	GatewayBeforeWrite   Point = "gateway.before-write"
	GatewayAfterWrite    Point = "gateway.after-write" // in the log, no receipt yet
	SinkBeforeIntent     Point = "sink.before-intent"
	SinkAfterIntent      Point = "sink.after-intent"
	SinkAfterDeadLetters Point = "sink.after-dead-letters"
	SinkAfterCurrent     Point = "sink.after-current" // current tables, report_log not yet
	SinkAfterLog         Point = "sink.after-log"     // stored, not committed
	SinkAfterCommit      Point = "sink.after-commit"
	ForwarderAfterSubmit Point = "forwarder.after-submit" // accepted, no outcome written
	ForwarderAfterAnswer Point = "forwarder.after-answer" // outcome written, not committed
)

// Points lists every point.
func Points() []Point {
	return []Point{
		GatewayBeforeWrite, GatewayAfterWrite,
		SinkBeforeIntent, SinkAfterIntent, SinkAfterDeadLetters, SinkAfterCurrent, SinkAfterLog, SinkAfterCommit,
		ForwarderAfterSubmit, ForwarderAfterAnswer,
	}
}

// Flaws of a sink that loses or doubles reports; each is a design that programs of
// this kind really have.
const (
	// CommitBeforeInsert moves the offset on before the rows are stored.
	CommitBeforeInsert Flaw = "commit-before-insert"
	// TokenFromTime makes another deduplication token at each attempt.
	TokenFromTime Flaw = "token-from-time"
	// NoReplay takes an intent for a deed: after a crash it goes on behind the range.
	NoReplay Flaw = "no-replay"
)

// Flaws lists every flaw.
func Flaws() []Flaw { return []Flaw{CommitBeforeInsert, TokenFromTime, NoReplay} }

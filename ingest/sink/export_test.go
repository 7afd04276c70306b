package sink

import "atvsld/ingest/queue"

// For the benchmarks of the batch path.
var (
	Decode      = decode
	CurrentRows = currentRows
	LogEntries  = logEntries
)

func Plan(r queue.Range) []*stored { return decode(r, 1).decide(nil).log }

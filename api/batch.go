package api

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"atvsld/ingest/intake"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

const ndjsonType = "application/x-ndjson"

// BatchRow is the answer to one row of a batch.
type BatchRow struct {
	Row             int              `json:"row" doc:"Line number in the batch, from 1; blank lines count"`
	Status          int              `json:"status" doc:"The status that the row would have had alone"`
	State           string           `json:"state" enum:"accepted,unreadable,refused,conflict,key_reused,stale,busy,unconfirmed,failed,too_large"`
	ReportID        *uuid.UUID       `json:"report_id,omitzero"`
	Revision        uint32           `json:"revision,omitzero"`
	CurrentRevision uint32           `json:"current_revision,omitzero" doc:"Newest revision on file"`
	Replayed        bool             `json:"replayed,omitzero" doc:"The very same was filed before"`
	RetryAfter      int              `json:"retry_after,omitzero" doc:"Seconds after which trying again can help"`
	Receipt         *receipt.Signed  `json:"receipt,omitempty"`
	Warnings        []report.Finding `json:"warnings,omitempty"`
	Errors          []report.Finding `json:"errors,omitempty"`
}

// BatchEnd is the last line of an answer. Without it the stream broke off.
type BatchEnd struct {
	Summary *BatchSummary `json:"summary,omitempty"`
	// Error stands in its place when the rest of the batch could not be read.
	Error *Problem `json:"error,omitempty"`
}

// BatchSummary counts the rows by state.
type BatchSummary struct {
	Rows          int            `json:"rows"`
	Accepted      int            `json:"accepted" doc:"Rows with a receipt, replayed ones included"`
	Replayed      int            `json:"replayed"`
	Failed        int            `json:"failed" doc:"Rows without a receipt"`
	States        map[string]int `json:"states"`
	DryRun        bool           `json:"dry_run"`
	Demonstration bool           `json:"demonstration"`
}

// stateTooLarge is of a row that the gateway never saw.
const stateTooLarge intake.State = "too_large"

// batchRun is one batch being answered.
type batchRun struct {
	server  *Server
	by      intake.Principal
	ask     filing
	control *http.ResponseController
	outbox  *outbox
	out     *bufio.Writer // collects a chunk's answers for the outbox
	summary BatchSummary
}

// batch takes a stream of submissions, one a line, and answers each in its order
// while the rest still arrives. The status is 200 as soon as the stream can be read:
// every row carries its own.
func (s *Server) batch(c *gin.Context) {
	ask, problem := readFiling(c.Request, ndjsonType)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.config.BatchTimeout)
	defer cancel()
	b := &batchRun{
		server: s, by: *callOf(ctx).by, ask: ask, control: http.NewResponseController(c.Writer),
		summary: BatchSummary{States: map[string]int{}, DryRun: ask.dryRun, Demonstration: s.Demonstration},
	}
	b.outbox = newOutbox(c.Writer, b.control, s.config.WriteTimeout, s.unread)
	b.out = bufio.NewWriterSize(b.outbox, 64<<10)
	// HTTP/1.1: answers flow while rows still come. Newer protocols always do.
	_ = b.control.EnableFullDuplex()
	rows, failed := newLineReader(pacedReader{c.Request.Body, b.control, s.config.ReadTimeout}, report.MaxBytes).pump(ctx)
	defer func() {
		cancel()
		b.stop(rows)
	}()
	problem = b.run(ctx, c, rows, failed)
	// A caller who is gone is no fault of ours. Nothing may write after this.
	_ = b.outbox.Close()
	if problem != nil {
		s.refuse(c, problem)
	}
}

// stop waits until nobody reads the body, which the server may then use again. A
// stream that was read to its end keeps its connection.
func (b *batchRun) stop(rows <-chan line) {
	select {
	case _, more := <-rows:
		if !more {
			return
		}
	default:
	}
	_ = b.control.SetReadDeadline(time.Unix(1, 0))
	for range rows {
		continue
	}
}

// pacedReader gives every piece of a stream its own time.
type pacedReader struct {
	from    io.Reader
	control *http.ResponseController
	timeout time.Duration
}

func (p pacedReader) Read(to []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(p.timeout))
	return p.from.Read(to)
}

// run answers chunk by chunk. It returns a problem only while nothing is answered.
func (b *batchRun) run(ctx context.Context, c *gin.Context, rows <-chan line, failed <-chan error) *Problem {
	chunk := b.collect(rows)
	if len(chunk) == 0 {
		if err := <-failed; err != nil {
			return problemOfReading(err)
		}
		return problemUnreadable.new(ruleEmptyBatch.finding())
	}
	if first := chunk[0]; !first.tooLong && !jsontext.Value(first.raw).IsValid() {
		return problemUnreadable.new(ruleFirstRow.finding())
	}
	c.Header("Content-Type", ndjsonType)
	c.Header("Trailer", "Atvsld-Rows, Atvsld-Accepted")
	c.Status(http.StatusOK)
	for ; len(chunk) > 0; chunk = b.collect(rows) {
		if !b.answer(ctx, chunk) {
			return nil // the caller is gone
		}
	}
	b.finish(ctx, c, <-failed)
	return nil
}

// collect waits for a row and takes what comes with it.
func (b *batchRun) collect(rows <-chan line) []line {
	first, ok := <-rows
	if !ok {
		return nil
	}
	config := b.server.config
	chunk, size := []line{first}, len(first.raw)
	delay := time.NewTimer(config.ChunkDelay)
	defer delay.Stop()
	for len(chunk) < config.ChunkRows && size < config.ChunkBytes {
		select {
		case one, ok := <-rows:
			if !ok {
				return chunk
			}
			chunk, size = append(chunk, one), size+len(one.raw)
		case <-delay.C:
			return chunk
		}
	}
	return chunk
}

// answer files a chunk and writes its results.
func (b *batchRun) answer(ctx context.Context, chunk []line) bool {
	var items []intake.Item
	for _, one := range chunk {
		if !one.tooLong {
			items = append(items, intake.Item{Raw: one.raw, Row: one.row, IdempotencyKey: b.ask.key})
		}
	}
	outcomes := b.file(ctx, items)
	for _, one := range chunk {
		if one.tooLong {
			b.write(b.count(BatchRow{Row: one.row, Status: http.StatusRequestEntityTooLarge, State: string(stateTooLarge),
				Errors: []report.Finding{ruleTooLarge.finding(report.MaxBytes, report.MaxBytes)}}))
			continue
		}
		b.server.metrics.outcome(outcomes[0])
		b.write(b.count(rowOf(outcomes[0])))
		outcomes = outcomes[1:]
	}
	b.server.metrics.rows.Add(float64(len(chunk)))
	return b.out.Flush() == nil
}

func rowOf(out intake.Outcome) BatchRow {
	row := BatchRow{Row: out.Row, State: string(out.State), Revision: out.Revision, CurrentRevision: out.Current, Replayed: out.Replayed}
	if out.ReportID != uuid.Nil {
		row.ReportID = &out.ReportID
	}
	if out.State == intake.Accepted {
		row.Status, row.Receipt, row.Warnings = http.StatusAccepted, out.Receipt, out.Findings
		return row
	}
	row.Status, row.Errors = problemOfState(out.State).status, explained(out)
	row.RetryAfter = int(out.RetryAfter.Seconds())
	return row
}

func (b *batchRun) count(row BatchRow) BatchRow {
	b.summary.Rows++
	b.summary.States[row.State]++
	switch {
	case row.Status != http.StatusAccepted:
		b.summary.Failed++
	case row.Replayed:
		b.summary.Accepted++
		b.summary.Replayed++
	default:
		b.summary.Accepted++
	}
	return row
}

// write adds a line; the buffer keeps an error until it is flushed.
func (b *batchRun) write(v any) {
	if err := json.MarshalWrite(b.out, v, json.Deterministic(true)); err != nil {
		b.server.Log.Error("encoding a row of a batch", "error", err)
	}
	_ = b.out.WriteByte('\n')
}

// finish writes the last line: the summary, or why the rest was not read.
func (b *batchRun) finish(ctx context.Context, c *gin.Context, err error) {
	end := BatchEnd{Summary: &b.summary}
	if err != nil {
		p := problemOfReading(err)
		p.Errors = append(p.Errors, ruleBatchBroken.finding())
		end = BatchEnd{Error: b.server.stamp(p, callOf(ctx).id)}
	}
	b.write(end)
	_ = b.out.Flush()
	_ = b.outbox.Close()
	// Trailers: they are sent after the last byte of the answer.
	c.Header("Atvsld-Rows", strconv.Itoa(b.summary.Rows))
	c.Header("Atvsld-Accepted", strconv.Itoa(b.summary.Accepted))
}

// file submits a chunk. What the log could not take now is tried again for a while,
// and with it what was refused only because its forerunner was not taken.
func (b *batchRun) file(ctx context.Context, items []intake.Item) []intake.Outcome {
	outcomes := b.try(ctx, items)
	patience := time.Now().Add(b.server.config.BatchPatience)
	for wait := 100 * time.Millisecond; time.Now().Before(patience); wait = min(2*wait, time.Second) {
		again := unsettled(outcomes)
		if len(again) == 0 || !sleep(ctx, wait) {
			break
		}
		repeated := make([]intake.Item, len(again))
		for i, at := range again {
			repeated[i] = items[at]
		}
		for i, out := range b.try(ctx, repeated) {
			outcomes[again[i]] = out
		}
	}
	return outcomes
}

func (b *batchRun) try(ctx context.Context, items []intake.Item) []intake.Outcome {
	release, ok := b.server.chunks.acquire(ctx)
	if !ok {
		outcomes := make([]intake.Outcome, len(items))
		for i, item := range items {
			outcomes[i] = intake.Outcome{Row: item.Row, State: intake.Busy, RetryAfter: defaultRetry}
		}
		return outcomes
	}
	defer release()
	if b.ask.dryRun {
		return b.check(items)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.server.config.SubmitTimeout)
	defer cancel()
	return b.server.Gateway.Submit(ctx, b.by, items)
}

func (b *batchRun) check(items []intake.Item) []intake.Outcome {
	outcomes := make([]intake.Outcome, len(items))
	for i, item := range items {
		outcomes[i] = b.server.Gateway.Check(b.by, item)
		outcomes[i].Row = item.Row
	}
	return outcomes
}

// unsettled returns the places of the rows worth another try. Unconfirmed ones are:
// filing the very same again is safe.
func unsettled(outcomes []intake.Outcome) []int {
	var again, stale []int
	for i, out := range outcomes {
		switch out.State {
		case intake.Busy, intake.Unconfirmed:
			again = append(again, i)
		case intake.Stale:
			stale = append(stale, i)
		}
	}
	if len(again) == 0 {
		return nil
	}
	return append(again, stale...)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

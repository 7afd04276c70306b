package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"atvsld/analytics/audit"
	"atvsld/ingest/intake"
	"atvsld/ingest/report"
)

const ndjsonType = "application/x-ndjson"

// batchRun is one batch being answered.
type batchRun struct {
	server  *Server
	by      intake.Principal
	ask     filing
	reading *pace
	outbox  *outbox
	out     *bufio.Writer // collects a chunk's answers for the outbox
	summary BatchSummary
	// stopped: rows were left because the server stops.
	stopped bool
	// ahead reads the chunks that come next.
	ahead sync.WaitGroup
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
	control := http.NewResponseController(c.Writer)
	b := &batchRun{
		server: s, by: callOf(ctx).principal(), ask: ask,
		reading: &pace{set: control.SetReadDeadline, each: s.config.ReadTimeout},
		summary: BatchSummary{States: map[string]int{}, DryRun: ask.dryRun, Demonstration: s.Demonstration},
	}
	release := b.openOutbox(ctx, c, control)
	defer release()
	// HTTP/1.1: answers flow while rows still come. Newer protocols always do.
	_ = control.EnableFullDuplex()
	var body io.Reader = pacedReader{c.Request.Body, b.reading}
	if ask.packed {
		body = newUnpacker(body, s.config.MaxUnpacked, s.config.MaxRatio)
	}
	defer b.noteForbidden(c)
	rows, failed := newLineReader(body, report.MaxBytes).pump(ctx)
	defer func() {
		cancel()
		b.stop(rows)
		b.ahead.Wait()
	}()
	problem = b.run(ctx, c, rows, failed)
	// A caller who is gone is no fault of ours. Nothing may write after this.
	_ = b.outbox.Close()
	if problem != nil {
		s.refuse(c, problem)
	}
}

// noteForbidden records that rows were refused which the caller may not file, once for all of
// them: how many. The batch itself is answered 200 whatever became of its rows.
func (b *batchRun) noteForbidden(c *gin.Context) {
	n := b.summary.States[string(intake.Forbidden)]
	if n == 0 {
		return
	}
	callOf(c.Request.Context()).touched(audit.Touch{Kind: audit.Rows, ID: strconv.Itoa(n)})
	g := b.server.gates[c.Request.Method+" "+c.FullPath()]
	b.server.note(b.server.entryOf(c, g, audit.Denied, http.StatusForbidden))
}

// openOutbox begins the answer. When the server stops, all of it has to be read in a
// part of the time that there is for that.
func (b *batchRun) openOutbox(ctx context.Context, c *gin.Context, control *http.ResponseController) (release func()) {
	config := b.server.config
	writing := &pace{set: control.SetWriteDeadline, each: config.WriteTimeout}
	b.outbox = newOutbox(ctx, c.Writer, control.Flush, writing, b.server.unread)
	b.out = bufio.NewWriterSize(b.outbox, 64<<10)
	forget := b.server.onStop(func() { writing.endAt(time.Now().Add(config.ShutdownTimeout * 3 / 4)) })
	return func() {
		forget()
		writing.leave()
	}
}

// linger is how long the rest of a stream that we no longer read is thrown away: a
// connection closed at once would take with it what the caller has not read yet.
const linger = 500 * time.Millisecond

// stop waits until nobody reads the body, which the server may then use again. A
// stream that was read to its end keeps its connection.
func (b *batchRun) stop(rows <-chan line) {
	if ended(rows) {
		return
	}
	b.reading.endAt(time.Now().Add(linger))
	for range rows {
		continue
	}
}

// ended tells whether all rows were taken. A row that waits is lost.
func ended(rows <-chan line) bool {
	select {
	case _, more := <-rows:
		return !more
	default:
		return false
	}
}

// pacedReader gives every piece of a stream its own time.
type pacedReader struct {
	from io.Reader
	pace *pace
}

func (p pacedReader) Read(to []byte) (int, error) {
	p.pace.next()
	return p.from.Read(to)
}

// run answers chunk by chunk. It returns a problem only while nothing is answered.
func (b *batchRun) run(ctx context.Context, c *gin.Context, rows <-chan line, failed <-chan error) *Problem {
	chunk := b.collect(rows)
	if len(chunk) == 0 {
		if b.stopped {
			return problemStopping.new(ruleStopping.finding()).header("Connection", "close")
		}
		if err := <-failed; err != nil {
			return b.broken(err)
		}
		return problemUnreadable.new(ruleEmptyBatch.finding())
	}
	if !slices.ContainsFunc(chunk, line.maybe) {
		return problemUnreadable.new(ruleNoRow.finding())
	}
	c.Header("Content-Type", ndjsonType)
	c.Header("Trailer", "Atvsld-Rows, Atvsld-Accepted")
	c.Status(http.StatusOK)
	var left *Problem
	for next := range b.readAhead(ctx, chunk, rows) {
		if left = next.problem; left != nil {
			left.Errors = append(left.Errors, ruleBatchBroken.finding())
			break
		}
		if !b.answer(ctx, next) {
			return nil // the caller is gone
		}
	}
	if left == nil {
		left = b.ending(failed)
	}
	b.finish(ctx, c, left)
	return nil
}

// ending tells why rows were left; nil when none was.
func (b *batchRun) ending(failed <-chan error) *Problem {
	if b.stopped {
		return problemStopping.new(ruleStopping.finding())
	}
	if err := <-failed; err != nil {
		p := b.broken(err)
		p.Errors = append(p.Errors, ruleBatchBroken.finding())
		return p
	}
	return nil
}

// broken says why the stream could not be read to its end.
func (b *batchRun) broken(err error) *Problem {
	if errors.Is(err, errBomb) {
		most, ratio := b.server.config.MaxUnpacked, b.server.config.MaxRatio
		return problemTooLarge.new(ruleBomb.finding(most, ratio, most, ratio)).header("Connection", "close")
	}
	return problemOfReading(err)
}

// maybe tells whether a row could be a submission. A file that begins with many rows
// that cannot is something else, a table perhaps; one such row is just a bad row.
func (l line) maybe() bool { return l.tooLong || jsontext.Value(l.raw).IsValid() }

// collect waits for a row and takes what comes with it; nothing once the server stops.
func (b *batchRun) collect(rows <-chan line) []line {
	first, ok := b.first(rows)
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
		case <-b.server.stopping.Done():
			return chunk
		}
	}
	return chunk
}

// first waits for a row. After the server began to stop, none is taken any more.
func (b *batchRun) first(rows <-chan line) (line, bool) {
	select {
	case one, ok := <-rows:
		b.stopped = ok && b.server.stopping.Err() != nil
		return one, ok && !b.stopped
	case <-b.server.stopping.Done():
		b.stopped = !ended(rows)
		return line{}, false
	}
}

// answer files a chunk and writes its results.
func (b *batchRun) answer(ctx context.Context, chunk readChunk) bool {
	b.awaitRows(ctx, len(chunk.lines))
	outcomes := b.file(ctx, chunk)
	for _, one := range chunk.lines {
		if one.tooLong {
			b.write(b.count(BatchRow{Row: one.row, Status: http.StatusRequestEntityTooLarge, State: string(stateTooLarge),
				Errors: []report.Finding{ruleTooLarge.finding(report.MaxBytes, report.MaxBytes)}}))
			continue
		}
		b.server.metrics.outcome(outcomes[0])
		b.write(b.count(rowOf(outcomes[0])))
		outcomes = outcomes[1:]
	}
	b.server.metrics.rows.Add(float64(len(chunk.lines)))
	return b.out.Flush() == nil
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

// finish writes the last line: the summary, or why rows were left.
func (b *batchRun) finish(ctx context.Context, c *gin.Context, problem *Problem) {
	end := BatchEnd{Summary: &b.summary}
	if problem != nil {
		end = BatchEnd{Error: b.server.stamp(problem, callOf(ctx).id)}
	}
	b.write(end)
	_ = b.out.Flush()
	_ = b.outbox.Close()
	// Trailers: they are sent after the last byte of the answer.
	c.Header("Atvsld-Rows", strconv.Itoa(b.summary.Rows))
	c.Header("Atvsld-Accepted", strconv.Itoa(b.summary.Accepted))
}

package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// batchAnswer is the answer to a batch, read.
type batchAnswer struct {
	rows    []BatchRow
	summary *BatchSummary
	broken  *Problem
	trailer http.Header
}

func (p *platform) batch(path string, body io.Reader, headers ...string) (batchAnswer, answer) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+path, body)
	require.NoError(p.t, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", ndjsonType)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(p.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	plain := answer{p.t, response.StatusCode, response.Header, data}
	if response.StatusCode != http.StatusOK {
		return batchAnswer{}, plain
	}
	plain.is(ndjsonType)
	return readBatch(p.t, data, response.Trailer), plain
}

func readBatch(t *testing.T, data []byte, trailer http.Header) batchAnswer {
	t.Helper()
	out := batchAnswer{trailer: trailer}
	for text := range bytes.Lines(data) {
		if bytes.HasPrefix(text, []byte(`{"summary"`)) || bytes.HasPrefix(text, []byte(`{"error"`)) {
			var end BatchEnd
			require.NoError(t, json.Unmarshal(text, &end))
			out.summary, out.broken = end.Summary, end.Error
			continue
		}
		require.Nil(t, out.summary, "the summary is the last line")
		var row BatchRow
		require.NoError(t, json.Unmarshal(text, &row), string(text))
		out.rows = append(out.rows, row)
	}
	return out
}

// Many clients send a whole file before they read the first byte of the answer.
func TestBatchOfACallerWhoReadsLast(t *testing.T) {
	p := newPlatform(t)
	const rows = 8_000
	row := oneLine(declaration(t)) + "\n" // the same again and again: its receipt fills the way back
	connection, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(t, err)
	defer connection.Close()
	// Small buffers of the system, so that the answers must wait in ours.
	require.NoError(t, connection.(*net.TCPConn).SetReadBuffer(32<<10))
	_, err = fmt.Fprintf(connection, "POST /v1/reports:batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
		p.token, ndjsonType, rows*len(row))
	require.NoError(t, err)
	require.NoError(t, connection.SetDeadline(time.Now().Add(time.Minute)))
	for range rows {
		_, err = io.WriteString(connection, row)
		require.NoError(t, err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	got := readBatch(t, data, response.Trailer)
	require.Len(t, got.rows, rows)
	require.NotNil(t, got.summary)
	require.Equal(t, strconv.Itoa(rows), response.Trailer.Get("Atvsld-Rows"))
}

func TestBatchAnswersEveryRow(t *testing.T) {
	p := newPlatform(t)
	one, two := declaration(t), declaration(t)
	amended := reporttest.Set(reporttest.Set(one, "/revision", "2"), "/reason", `"x"`)
	body := strings.Join([]string{
		oneLine(one),                // 1
		"",                          // 2: blank lines count
		"  \r",                      // 3
		oneLine(two) + "\r",         // 4
		`{"kind":`,                  // 5
		strings.Repeat("x", 300000), // 6
		`{"kind":"nothing"}`,        // 7
		oneLine(two),                // 8: the same as 4
		oneLine(amended),            // 9: its forerunner is in the same chunk
		oneLine(reporttest.Set(two, "/content/commuting", "true")), // 10
	}, "\n") // no line feed at the end
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(body))
	var lines []string
	for _, r := range got.rows {
		lines = append(lines, fmt.Sprint(r.Row, " ", r.Status, " ", r.State, " ", r.Receipt != nil))
		require.Equal(t, r.Receipt == nil, len(r.Errors) > 0)
	}
	require.Equal(t, []string{
		"1 202 accepted true", "4 202 accepted true", "5 400 unreadable false", "6 413 too_large false",
		"7 422 refused false", "8 202 accepted true", "9 202 accepted true", "10 409 conflict false",
	}, lines)
	require.Equal(t, got.rows[1].Receipt.TrackingNumber, got.rows[5].Receipt.TrackingNumber)
	require.Equal(t, 8, got.summary.Rows)
	require.Equal(t, 4, got.summary.Accepted)
	require.Equal(t, 4, got.summary.Failed)
	require.Equal(t, map[string]int{"accepted": 4, "unreadable": 1, "too_large": 1, "refused": 1, "conflict": 1}, got.summary.States)
	require.Equal(t, "8", got.trailer.Get("Atvsld-Rows"))
	require.Equal(t, "4", got.trailer.Get("Atvsld-Accepted"))

	// A receipt of a batch verifies alone.
	raw, err := json.Marshal(got.rows[1].Receipt)
	require.NoError(t, err)
	require.True(t, read[Verification](p.post("/v1/receipts/verify", raw).ok()).Genuine)
}

func TestBatchOfManyChunksKeepsOrder(t *testing.T) {
	p := newPlatform(t, func(_ *Deps, c *Config) { c.ChunkRows = 7 })
	var body strings.Builder
	const rows = 50
	for range rows {
		body.WriteString(oneLine(declaration(t)) + "\n")
	}
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(body.String()), "Idempotency-Key", "one file")
	require.Len(t, got.rows, rows)
	for i, r := range got.rows {
		require.Equal(t, i+1, r.Row)
		require.Equal(t, http.StatusAccepted, r.Status)
	}
	again, _ := p.batch("/v1/reports:batch", strings.NewReader(body.String()), "Idempotency-Key", "one file")
	require.Equal(t, rows, again.summary.Replayed)
	dry, _ := p.batch("/v1/reports:batch?dry_run=true", strings.NewReader(body.String()))
	require.True(t, dry.summary.DryRun)
	require.Equal(t, rows, dry.summary.Accepted)
	require.Nil(t, dry.rows[0].Receipt)
}

func TestBatchThatCannotStart(t *testing.T) {
	p := newPlatform(t)
	f := func(body string, status int, code string, headers ...string) {
		t.Helper()
		_, plain := p.batch("/v1/reports:batch", strings.NewReader(body), headers...)
		plain.problem(status, code)
	}
	f("", http.StatusBadRequest, "API-018")
	f("\n \n", http.StatusBadRequest, "API-018")
	f("tax_code;name\n", http.StatusBadRequest, "API-019")
	f("{}\n", http.StatusUnsupportedMediaType, "API-003", "Content-Type", "text/csv")
	f("{}\n", http.StatusUnauthorized, "API-001", "Authorization", "Bearer x")
	f("{}\n", http.StatusUnprocessableEntity, "API-005", "Idempotency-Key", strings.Repeat("x", 201))
	p.get("/v1/reports:batch").problem(http.StatusMethodNotAllowed, "API-010")
	p.post("/v1/reports:bat", nil).problem(http.StatusNotFound, "API-009")
	p.post("/v1/reports:batch2", nil).problem(http.StatusNotFound, "API-009")
	p.post("/v1/reports%3Abatch", nil, "Content-Type", ndjsonType).problem(http.StatusBadRequest, "API-018")
}

// One bad row does not take the others with it, wherever it stands; and a byte
// order mark is no part of a row.
func TestBatchThatBeginsBadly(t *testing.T) {
	p := newPlatform(t)
	good := declaration(t)
	got, _ := p.batch("/v1/reports:batch", strings.NewReader("{broken\n"+oneLine(good)+"\n"))
	require.Equal(t, []int{http.StatusBadRequest, http.StatusAccepted}, []int{got.rows[0].Status, got.rows[1].Status})
	got, _ = p.batch("/v1/reports:batch", strings.NewReader("\uFEFF"+oneLine(declaration(t))+"\n"))
	require.Equal(t, http.StatusAccepted, got.rows[0].Status)
}

// While the first rows are answered the rest is still to come.
func TestBatchStreams(t *testing.T) {
	noLeaks(t)
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) { c.ChunkDelay = 20 * time.Millisecond })
	from, to := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v1/reports:batch", from)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", ndjsonType)
	sent := make(chan struct{})
	go func() {
		fmt.Fprintln(to, oneLine(declaration(t)))
		<-sent
		fmt.Fprintln(to, oneLine(declaration(t)))
		to.Close()
	}()
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer response.Body.Close()
	answers := bufio.NewReader(response.Body)
	first, err := answers.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, first, `"row":1`)
	close(sent)
	rest, err := io.ReadAll(answers)
	require.NoError(t, err)
	got := readBatch(t, rest, response.Trailer)
	require.Equal(t, 2, got.rows[0].Row)
	require.Equal(t, 2, got.summary.Accepted)
}

func TestBatchWaitsForABusyLog(t *testing.T) {
	var calls atomic.Int32
	log := &troubledLog{func(events []queue.Event) []error {
		if calls.Add(1) <= 2 {
			return failing(queue.ErrBusy).produce(events)
		}
		return make([]error, len(events))
	}}
	p := newSmall(t, withLog(t, log))
	one := declaration(t)
	two := reporttest.Set(reporttest.Set(one, "/revision", "2"), "/reason", `"x"`)
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(oneLine(one)+"\n"+oneLine(two)))
	require.Equal(t, 2, got.summary.Accepted, "%+v", got.rows)

	p = newSmall(t, withLog(t, failing(queue.ErrBusy)), func(_ *Deps, c *Config) { c.BatchPatience = 200 * time.Millisecond })
	got, _ = p.batch("/v1/reports:batch", strings.NewReader(oneLine(declaration(t))))
	require.Equal(t, http.StatusServiceUnavailable, got.rows[0].Status)
	require.Equal(t, string(intake.Busy), got.rows[0].State)
	require.Equal(t, 2, got.rows[0].RetryAfter)
	require.Equal(t, "API-011", got.rows[0].Errors[0].Code)
}

// Rows full of unknown members are not answered with many times their size.
func TestBatchBoundsTheFindingsOfARow(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	bad := oneLine([]byte(`{"kind":"annex_xii","content":{` + manyMembers(500) + `}}`))
	alone := p.post("/v1/reports?dry_run=true", []byte(bad)).problem(http.StatusUnprocessableEntity, firstCode(t, p, []byte(bad)))
	require.Greater(t, len(alone.Errors), 500)
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(bad+"\n"+oneLine(declaration(t))))
	findings := got.rows[0].Errors
	require.Len(t, findings, maxFindings+1)
	require.Equal(t, alone.Errors[:maxFindings], findings[:maxFindings])
	last := findings[maxFindings]
	require.Equal(t, "API-028", last.Code)
	require.Equal(t, report.Hint, last.Severity)
	require.Contains(t, last.Message, strconv.Itoa(len(alone.Errors)-maxFindings)+" more findings")
	require.Contains(t, last.MessageVI, strconv.Itoa(len(alone.Errors)-maxFindings))
	require.Equal(t, http.StatusAccepted, got.rows[1].Status)

	few := make([]report.Finding, maxFindings)
	require.Len(t, bounded(few), maxFindings)
	// An error is not left out for the sake of a hint.
	mixed := append(slices.Repeat([]report.Finding{{Severity: report.Hint}}, maxFindings), report.Finding{Severity: report.Error, Code: "X"})
	require.Equal(t, "X", bounded(mixed)[0].Code)
	require.Empty(t, mixed[0].Code, "the caller's list stays as it is")
}

// A stream that breaks off is answered as far as it was whole, and has no summary.
func TestBrokenBatch(t *testing.T) {
	noLeaks(t)
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) { c.ReadTimeout, c.ChunkDelay = 300*time.Millisecond, 20*time.Millisecond })
	row := oneLine(declaration(t)) + "\n"
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	piece := row + `{"kind":"accident_decl`
	fmt.Fprintf(conn, "POST /v1/reports:batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n%s\r\n",
		p.token, ndjsonType, strconv.FormatInt(int64(len(piece)), 16), piece)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	data, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	got := readBatch(t, data, response.Trailer)
	require.Len(t, got.rows, 1)
	require.Equal(t, http.StatusAccepted, got.rows[0].Status)
	require.Nil(t, got.summary)
	require.Equal(t, http.StatusRequestTimeout, got.broken.Status)
	require.Equal(t, "API-024", got.broken.Errors[1].Code)
}

func TestLinesOfBoundedMemory(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		lines := newLineReader(strings.NewReader(text), 10)
		var got []string
		for {
			one, err := lines.next()
			if err != nil {
				require.ErrorIs(t, err, io.EOF)
				break
			}
			got = append(got, fmt.Sprintf("%d:%s:%t", one.row, one.raw, one.tooLong))
		}
		require.Equal(t, want, got)
	}
	f("")
	f("\n\n")
	f("a", "1:a:false")
	f("a\n", "1:a:false")
	f("a\n\nb\n", "1:a:false", "3:b:false")
	f("1234567890\n12345678901\nc", "1:1234567890:false", "2::true", "3:c:false")
	f("1234567890", "1:1234567890:false")
	f("12345678901", "1::true")
	f(strings.Repeat("x", 200_000)+"\nb", "1::true", "2:b:false")
}

func FuzzLines(f *testing.F) {
	f.Add("a\n\nb", 3)
	f.Add(strings.Repeat("x", 100)+"\n{}", 10)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = 1 + max(most, -most)%1000
		lines, row := newLineReader(strings.NewReader(text), most), 0
		for {
			one, err := lines.next()
			if err != nil {
				return
			}
			require.Greater(t, one.row, row)
			require.LessOrEqual(t, len(one.raw), most)
			require.NotContains(t, string(one.raw), "\n")
			row = one.row
		}
	})
}

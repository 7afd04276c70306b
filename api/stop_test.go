package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

// stream is a batch whose rows are sent one by one.
type stream struct {
	t       *testing.T
	to      *io.PipeWriter
	answers *bufio.Reader
	status  int
}

// openStream sends the first rows and waits until the answer begins.
func openStream(t *testing.T, p *platform, rows ...string) *stream {
	t.Helper()
	from, to := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v1/reports:batch", from)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", ndjsonType)
	go func() {
		for _, row := range rows {
			_, _ = io.WriteString(to, row+"\n")
		}
	}()
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	t.Cleanup(func() { to.Close(); response.Body.Close() })
	return &stream{t, to, bufio.NewReader(response.Body), response.StatusCode}
}

func (s *stream) line() string {
	s.t.Helper()
	text, err := s.answers.ReadString('\n')
	require.NoError(s.t, err)
	return text
}

// A stop lets the chunk in work be answered, takes no further rows and says so.
func TestStopEndsABatch(t *testing.T) {
	noLeaks(t)
	inside, leave := make(chan struct{}), make(chan struct{})
	filed := 0
	log := &troubledLog{func(events []queue.Event) []error {
		filed += len(events)
		if filed > 1 {
			inside <- struct{}{}
			<-leave
		}
		return make([]error, len(events))
	}}
	p := newSmall(t, func(d *Deps, c *Config) {
		d.Gateway, c.ChunkRows = newGateway(t, d.Keys, emptyLedger{}, log), 1
	})
	url, stop := serveReal(t, p)
	p.url = url
	s := openStream(t, p, oneLine(declaration(t)))
	require.Contains(t, s.line(), `"row":1`)
	fmt.Fprintln(s.to, oneLine(declaration(t)))
	<-inside
	start := time.Now()
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	<-p.server.stopping.Done()
	go func() { _, _ = io.WriteString(s.to, strings.Repeat(oneLine(declaration(t))+"\n", 100)) }()
	close(leave)
	rest, err := io.ReadAll(s.answers)
	require.NoError(t, err)
	got := readBatch(t, rest, nil)
	require.Len(t, got.rows, 1)
	require.Equal(t, 2, got.rows[0].Row)
	require.Equal(t, http.StatusAccepted, got.rows[0].Status)
	require.Nil(t, got.summary)
	require.Equal(t, http.StatusServiceUnavailable, got.broken.Status)
	require.Equal(t, "API-027", got.broken.Errors[0].Code)
	require.Contains(t, got.broken.Errors[0].Message, "must be filed again")
	require.NoError(t, <-stopped)
	require.Less(t, time.Since(start), 5*time.Second)
	require.Equal(t, 2, filed)
}

func TestStopBeforeTheFirstRow(t *testing.T) {
	noLeaks(t)
	p := newSmall(t, acceptingAll(t))
	p.server.stop()
	s := openStream(t, p)
	require.Equal(t, http.StatusServiceUnavailable, s.status)
	answer, err := io.ReadAll(s.answers)
	require.NoError(t, err)
	require.Contains(t, string(answer), `"API-027"`)
}

// Who waits for a busy log is told so at once.
func TestStopEndsPatience(t *testing.T) {
	noLeaks(t)
	begun := make(chan struct{}, 1000)
	log := &troubledLog{func(events []queue.Event) []error {
		begun <- struct{}{}
		return failing(queue.ErrBusy).produce(events)
	}}
	p := newSmall(t, func(d *Deps, c *Config) {
		d.Gateway, c.BatchPatience = newGateway(t, d.Keys, emptyLedger{}, log), time.Minute
	})
	go func() { <-begun; p.server.stop() }()
	start := time.Now()
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(oneLine(declaration(t))))
	require.Less(t, time.Since(start), 30*time.Second)
	require.Equal(t, "busy", got.rows[0].State)
}

// A caller who does not read cannot hold the stop up.
func TestStopWithACallerWhoDoesNotRead(t *testing.T) {
	noLeaks(t)
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) { c.ShutdownTimeout, c.SubmitTimeout = 4*time.Second, 2*time.Second })
	url, stop := serveReal(t, p)
	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	defer connection.Close()
	require.NoError(t, connection.(*net.TCPConn).SetReadBuffer(4<<10))
	require.NoError(t, connection.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(connection, "POST /v1/reports:batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", p.token, ndjsonType)
	require.NoError(t, err)
	const rows = 1000
	piece := strings.Repeat(`{"kind":"annex_xii","content":{`+manyMembers(200)+"}}\n", rows) // short to send, long to answer
	_, err = io.WriteString(connection, strconv.FormatInt(int64(len(piece)), 16)+"\r\n"+piece+"\r\n")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		text := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+p.token)
		p.server.Handler().ServeHTTP(text, r)
		return strings.Contains(text.Body.String(), "atvsld_intake_batch_rows_total "+strconv.Itoa(rows))
	}, 2*time.Minute, 50*time.Millisecond)
	require.False(t, p.server.unread.all.TryAcquire(maxUnread), "answers wait to be read")
	start := time.Now()
	require.NoError(t, stop())
	require.Less(t, time.Since(start), 4*time.Second)
	require.True(t, p.server.unread.all.TryAcquire(maxUnread))
}

func TestStopEndsTheWaitForStorage(t *testing.T) {
	asked := make(chan struct{}, 1000)
	p := newSmall(t, func(d *Deps, _ *Config) { d.Store = watchedStore{asked: asked} })
	go func() { <-asked; p.server.stop() }()
	start := time.Now()
	p.ask(http.MethodGet, "/v1/reports/"+uuid.NewString(), nil, "Prefer", "wait=30").problem(http.StatusNotFound, "API-014")
	require.Less(t, time.Since(start), 15*time.Second)
}

// watchedStore is empty and tells when it is asked.
type watchedStore struct {
	closings
	asked chan<- struct{}
}

func (w watchedStore) Revisions(ctx context.Context, id uuid.UUID, shown store.Presented) ([]store.Revision, error) {
	w.asked <- struct{}{}
	return w.closings.Revisions(ctx, id, shown)
}

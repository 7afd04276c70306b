package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

func TestPathTricks(t *testing.T) {
	p := newSmall(t)
	for _, path := range []string{
		"/nothing", "/v1", "/v1/", "//v1/rules", "/v1//rules", "/v1/rules/", "/V1/rules", "/v1/codelists/..%2f..%2fetc",
		"/web/..%2fweb.go", "/web/", "/web/../docs.go", "/docs/", "/debug/pprof/", "/metrics/", "/schemas/Problem.json", "/%00", "/openapi-3.0.json",
	} {
		a := p.get(path)
		require.Equal(t, http.StatusNotFound, a.status, path)
		require.Equal(t, problemType, a.header.Get("Content-Type"), path)
		require.NotContains(t, a.header, "Location", path)
	}
	p.ask(http.MethodDelete, "/v1/rules", nil).problem(http.StatusMethodNotAllowed, "API-010")
	p.ask("BREW", "/v1/rules", nil).problem(http.StatusMethodNotAllowed, "API-010")
	p.ask(http.MethodTrace, "/", nil).problem(http.StatusMethodNotAllowed, "API-010")
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	p := newSmall(t)
	for _, path := range []string{plainPath, "/docs", "/v1/rules", "/nothing", "/livez", "/metrics", "/web/style.css"} {
		h := p.get(path).header
		require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'self'", path)
		require.Contains(t, h.Get("Content-Security-Policy"), "script-src 'none'", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "DENY", h.Get("X-Frame-Options"), path)
		require.NotEmpty(t, h.Get("Cache-Control"), path)
		require.Len(t, h.Get("X-Request-Id"), 36, path)
		require.NotContains(t, h, "Server", path)
	}
}

// raw sends bytes as they are and reads the answer's status line.
func (p *platform) raw(request string) string {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(p.t, err)
	defer conn.Close()
	require.NoError(p.t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	// The server may hang up before everything is sent.
	_, _ = io.WriteString(conn, request)
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(status)
}

func TestMalformedRequests(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	f := func(request, want string) {
		t.Helper()
		require.Contains(t, p.raw(request), want)
	}
	f("GET / HTTP/1.1\r\nHost: x\r\nX-Large: "+strings.Repeat("x", 1<<20)+"\r\n\r\n", "431")
	f("GET /"+strings.Repeat("x", 1<<20)+" HTTP/1.1\r\nHost: x\r\n\r\n", "431")
	f("GET / HTTP/1.1\r\n\r\n", "400") // no host
	f("nonsense\r\n\r\n", "400")
	f("POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "400")
	head := "POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + p.token + "\r\n"
	f(head+"Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n\r\n{}", "422")
	f(head+"Authorization: Bearer x\r\nContent-Length: 2\r\n\r\n{}", "401")
	f(head+"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400")
	f(head+"Content-Length: 999999999999\r\n\r\n{}", "413")
}

// A sender who does not finish holds no place and is answered in time.
func TestSlowSenders(t *testing.T) {
	p := newSmall(t, acceptingAll(t), func(_ *Deps, c *Config) {
		c.Singles, c.Waiting, c.Wait, c.ReadTimeout, c.HeaderTimeout = 1, 1, 100*time.Millisecond, 700*time.Millisecond, 400*time.Millisecond
	})
	head := "POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + p.token + "\r\nContent-Length: 1000\r\n\r\n{"
	answers := make(chan string, 20)
	for range cap(answers) {
		go func() { answers <- p.raw(head) }()
	}
	time.Sleep(200 * time.Millisecond)
	require.Equal(t, http.StatusAccepted, p.post("/v1/reports", declaration(t)).status)
	for range cap(answers) {
		require.Contains(t, <-answers, "408")
	}
	require.NotContains(t, p.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), "200") // a head that never ends
}

func TestJSONBombs(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	bombs := map[string]string{
		"deep lists":      strings.Repeat("[", report.MaxBytes),
		"deep objects":    strings.Repeat(`{"content":`, report.MaxBytes/20),
		"many duplicates": `{` + strings.Repeat(`"kind":"annex_xii",`, 10_000) + `"kind":"annex_xii"}`,
		"many unknown":    `{"kind":"annex_xii","content":{` + manyMembers(20_000) + `}}`,
		"long number":     `{"kind":"annex_xii","revision":1` + strings.Repeat("0", 200_000) + `}`,
		"many rows":       `{"kind":"annex_xii","content":{"rows":[{}` + strings.Repeat(",{}", 80_000) + `]}}`,
		"not UTF-8":       "{\"kind\":\"annex_xii\xff\"}",
		"lone surrogate":  `{"kind":"\ud800"}`,
		"trailing":        `{} {}`,
	}
	for name, bomb := range bombs {
		start := time.Now()
		a := p.post("/v1/reports", []byte(bomb))
		require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge}, a.status, name)
		require.Equal(t, problemType, a.header.Get("Content-Type"), name)
		require.NotEmpty(t, read[Problem](a).Errors, name)
		require.Less(t, len(a.body), 1<<20, name)
		require.Less(t, time.Since(start), 5*time.Second, name)
	}
}

func manyMembers(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, `"m%d":1,`, i)
	}
	return strings.TrimSuffix(out.String(), ",")
}

func TestPanicBecomesAProblem(t *testing.T) {
	p := newSmall(t)
	p.server.engine.GET("/test-panic", func(*gin.Context) { panic("secret words") })
	p.server.gates["GET /test-panic"] = gate{action: access.ReadPublic}
	a := p.get("/test-panic")
	a.problem(http.StatusInternalServerError, "API-012")
	require.NotContains(t, string(a.body), "secret")
	require.Contains(t, p.logged(), "secret words")
	p.get("/livez").ok()
}

// What a log or a metric holds may be read by more people than a report.
func TestLogsAndMetricsHoldNoSecret(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	raw := declaration(t)
	p.post("/v1/reports?secret=query", raw)
	filed := read[Acceptance](p.post("/v1/reports", raw, "Idempotency-Key", "a private key", "X-Request-Id", strings.Repeat("long", 500)))
	p.get("/livez", "X-Request-Id", "mistyped 012345678901")
	p.get("/Nguy%E1%BB%85n/of-the-path", "X-Request-Id", "batch-7_of.9")
	p.get("/of-the-path/012345678901")
	p.get("/v1/reports/" + filed.ReportID.String() + "?tracking=" + filed.TrackingNumber)
	p.ask("INVENTED", "/"+strings.Repeat("y", 4000), nil)
	metrics := string(p.ask(http.MethodGet, "/metrics", nil).ok().body)
	for _, text := range []string{p.logged(), metrics} {
		for _, secret := range []string{p.token, "secret=query", "a private key", filed.TrackingNumber, "Nguyễn", "127.0.0.1", "of-the-path", "012345678901", "longlong", "INVENTED", filed.ReportID.String()} {
			require.NotContains(t, text, secret)
		}
	}
	require.Contains(t, p.logged(), "client_request_id=batch-7_of.9")
	require.Contains(t, metrics, `atvsld_intake_submissions_total{kind="accident_declaration",state="accepted"} 1`)
	require.Contains(t, metrics, `route="/v1/reports"`)
	require.Contains(t, metrics, `route="none"`)
	for line := range bytes.Lines([]byte(p.logged())) {
		require.Less(t, len(line), 1200)
	}
}

func TestClientID(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		require.Equal(t, want, clientID(text))
	}
	f("", "")
	f("a-B_c.9", "a-B_c.9")
	f(strings.Repeat("x", 64), strings.Repeat("x", 64))
	f(strings.Repeat("x", 65), "")
	f("two words", "")
	f("Nguyễn", "")
	f("a\nb", "")
	f("a=b", "")
}

// The counts by kind move with each filing: on a real store they are for its operator.
func TestWhoMayReadMetrics(t *testing.T) {
	private := newSmall(t)
	a := private.get("/metrics")
	a.problem(http.StatusUnauthorized, "API-001")
	require.Equal(t, `Bearer realm="atvsld"`, a.header.Get("WWW-Authenticate"))
	require.NotContains(t, string(a.body), "atvsld_http")
	private.ask(http.MethodGet, "/metrics", nil, "Authorization", "Bearer x").problem(http.StatusUnauthorized, "API-001")
	require.Contains(t, string(private.ask(http.MethodGet, "/metrics", nil).ok().body), "atvsld_http_requests_in_flight")

	open := func(change func(*Deps, *Config)) {
		t.Helper()
		require.Contains(t, string(newSmall(t, change).get("/metrics").ok().body), "atvsld_http_requests_in_flight")
	}
	open(func(d *Deps, _ *Config) { d.Demonstration = true })
	open(func(d *Deps, _ *Config) { d.Identity = nil })
}

func TestEveryAnswer503IsCounted(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Demonstration, d.Store = true, brokenStore{}
		d.Ready = func(context.Context) []Check { return []Check{{Name: "store", Err: errors.New("no answer")}} }
	})
	require.Equal(t, http.StatusServiceUnavailable, p.get("/readyz").status)
	p.ask(http.MethodGet, "/v1/reports/"+uuid.NewString(), nil).problem(http.StatusServiceUnavailable, "API-017")
	require.Contains(t, string(p.get("/metrics").ok().body), "atvsld_http_unavailable_total 2\n")
}

// brokenStore stands for one that does not answer.
type brokenStore struct{ closings }

func (brokenStore) Revisions(context.Context, uuid.UUID, store.Presented) ([]store.Revision, error) {
	return nil, errors.New("no answer")
}

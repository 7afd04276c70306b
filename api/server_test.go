package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
)

func TestReadiness(t *testing.T) {
	checks := []Check{{Name: "broker"}, {Name: "store"}}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Ready = func(context.Context) []Check { return checks } })
	require.Equal(t, map[string]string{"broker": "ok", "store": "ok"}, read[readiness](p.get("/readyz").ok()).Checks)
	// The text of a driver is for the operator, a sentence of ours for everybody.
	checks[1].Err = errors.New("dial clickhouse://admin@10.0.0.7: no answer")
	checks = append(checks, Check{Name: "demonstration", Err: fmt.Errorf("10.0.0.7: %w", PublicError("being loaded"))})
	f := func(a answer, store string) {
		t.Helper()
		require.Equal(t, http.StatusServiceUnavailable, a.status)
		require.Equal(t, "2", a.header.Get("Retry-After"))
		require.Equal(t, readiness{Checks: map[string]string{"broker": "ok", "store": store, "demonstration": "being loaded"}}, read[readiness](a))
	}
	f(p.get("/readyz"), "failed")
	require.Contains(t, p.logged(), "dial clickhouse://admin@10.0.0.7: no answer")
	f(p.ask(http.MethodGet, "/readyz", nil), checks[1].Err.Error())
	p.get("/livez").ok()
}

// serveReal runs the server as the program does.
func serveReal(t *testing.T, p *platform) (url string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.server.Run(ctx, listener) }()
	return "http://" + listener.Addr().String(), func() error { cancel(); return <-done }
}

func TestStopFinishesWhatIsRunning(t *testing.T) {
	noLeaks(t)
	inside, leave := make(chan struct{}), make(chan struct{})
	log := &troubledLog{func(events []queue.Event) []error {
		close(inside)
		<-leave
		return make([]error, len(events))
	}}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Gateway = newGateway(t, d.Keys, emptyLedger{}, log) })
	url, stop := serveReal(t, p)
	p.url = url
	answered := make(chan answer, 1)
	go func() { answered <- p.post("/v1/reports", declaration(t)) }()
	<-inside
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, 2*time.Minute, 10*time.Millisecond)
	close(leave)
	require.Equal(t, http.StatusAccepted, (<-answered).status)
	require.NoError(t, <-stopped)
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	log := &troubledLog{func(events []queue.Event) []error {
		close(inside)
		<-leave
		return make([]error, len(events))
	}}
	p := newSmall(t, func(d *Deps, c *Config) {
		d.Gateway = newGateway(t, d.Keys, emptyLedger{}, log)
		c.ShutdownTimeout, c.SubmitTimeout = 100*time.Millisecond, 50*time.Millisecond
	})
	url, stop := serveReal(t, p)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/reports", bytes.NewReader(declaration(t)))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", jsonType)
	gone := make(chan error, 1)
	go func() {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			response.Body.Close()
		}
		gone <- err
	}()
	<-inside
	require.ErrorIs(t, stop(), context.DeadlineExceeded)
	require.Error(t, <-gone)
	close(leave)
}

func TestRunFailsWithItsListener(t *testing.T) {
	p := newSmall(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	require.ErrorIs(t, p.server.Run(t.Context(), listener), net.ErrClosed)
}

func TestConfig(t *testing.T) {
	require.NoError(t, Default().Validate())
	err := Config{}.Validate()
	for _, name := range []string{"Singles", "Chunks", "Wait", "HeaderTimeout", "ChunkRows", "ShutdownTimeout must be longer", "WriteTimeout must be longer"} {
		require.ErrorContains(t, err, name)
	}
	c := Default()
	c.ChunkRows = 100_000
	require.ErrorContains(t, c.Validate(), "ChunkRows")
	_, err = New(Deps{Registry: prometheus.NewRegistry()}, c)
	require.Error(t, err)
}

func TestLimiter(t *testing.T) {
	l := newLimiter(1, 1, 30*time.Millisecond)
	release, ok := l.acquire(t.Context())
	require.True(t, ok)
	start := time.Now()
	_, ok = l.acquire(t.Context())
	require.False(t, ok)
	require.GreaterOrEqual(t, time.Since(start), 30*time.Millisecond)
	waiting := make(chan bool)
	l.wait = time.Minute
	go func() { _, ok := l.acquire(t.Context()); waiting <- ok }()
	require.Eventually(t, func() bool { return l.waiting.Load() == 1 }, time.Second, time.Millisecond)
	_, ok = l.acquire(t.Context()) // nobody may wait behind
	require.False(t, ok)
	release()
	require.True(t, <-waiting)
	require.Zero(t, l.waiting.Load())
}

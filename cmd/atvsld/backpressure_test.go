package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// wire is a TCP proxy that can be cut: then it ends every connection and takes no new one.
type wire struct {
	net.Listener
	to    string
	isCut atomic.Bool
	mu    sync.Mutex
	open  map[net.Conn]bool
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{Listener: l, to: to, open: make(map[net.Conn]bool)}
	go w.serve()
	t.Cleanup(func() { w.cut(); w.Close() })
	return w
}

func (w *wire) serve() {
	for {
		from, err := w.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", w.to)
		if err != nil || !w.keep(from, to) {
			from.Close()
			continue
		}
		go w.carry(from, to)
		go w.carry(to, from)
	}
}

// keep notes connections to be ended by cut, unless it is cut already.
func (w *wire) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range conns {
		if w.isCut.Load() {
			c.Close()
			continue
		}
		w.open[c] = true
	}
	return !w.isCut.Load()
}

func (w *wire) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	w.mu.Lock()
	defer w.mu.Unlock()
	from.Close()
	to.Close()
	delete(w.open, from)
	delete(w.open, to)
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut.Store(true)
	for c := range w.open {
		c.Close()
	}
}

func (w *wire) heal() { w.isCut.Store(false) }

// memory is the resident memory of the program now and at its peak, in MiB.
func (p *process) memory() (now, peak int) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(p.t, err)
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		switch fields[0] {
		case "VmRSS:":
			now, err = strconv.Atoi(fields[1])
		case "VmHWM:":
			peak, err = strconv.Atoi(fields[1])
		}
		require.NoError(p.t, err)
	}
	return now >> 10, peak >> 10
}

func siteReport(n int) []byte {
	return fmt.Appendf(nil, `{"kind":"annex_xii","acknowledge":["REP-019"],"content":{"reporter":{"type":"establishment","tax_code":%q,"site":"%d",`+
		`"name":"Công ty thử","province":{"list":"34","code":"01"}},"period":"2024","report_date":"2025-01-05",`+
		`"industry":{"version":"2018","code":"F"},"workers":{"total":10,"women":4}}}`, employerA, n+1)
}

// The store cannot be reached: reports are taken until the log holds as much as it may,
// then they are refused with Retry-After; the memory stays bounded; and when the store
// is back, everything that was taken is stored without anybody's help.
func TestStoreOutOfReach(t *testing.T) {
	t.Parallel()
	needEngine(t)
	const most, chunk = 30_000, 3000
	engine := command(t, "engine", "--data", t.TempDir())
	stdout, err := engine.StdoutPipe()
	require.NoError(t, err)
	background(t, engine)
	dsn, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	dsn = strings.TrimSpace(dsn)
	address, err := url.Parse(dsn)
	require.NoError(t, err)
	w := newWire(t, address.Host)
	address.Host = w.Addr().String()
	p := start(t, t.TempDir(), "--clickhouse", address.String(), "--demonstration", "--demo-load=false", "--max-backlog", strconv.Itoa(most))

	taken := 0
	take := func(n int) {
		t.Helper()
		var lines [][]byte
		for range n {
			lines = append(lines, siteReport(taken))
			taken++
		}
		for _, row := range p.batch(lines) {
			require.Equal(t, http.StatusAccepted, row.Status, "%+v", row)
		}
	}
	require.Eventually(t, func() bool {
		behind := p.metric("atvsld_gateway_known_ids_behind_seconds")
		return behind >= 0 && behind < 3
	}, time.Minute, 50*time.Millisecond)
	take(chunk)
	p.drained(chunk)
	before, _ := p.memory()

	w.cut()
	for p.metric("atvsld_gateway_backlog_level") == 0 {
		require.Less(t, taken, 3*most, "the backlog was never noticed")
		take(chunk)
		time.Sleep(2 * time.Second) // the gateway looks every two seconds
	}
	now, peak := p.memory()
	t.Logf("resident memory: %d MiB before, %d MiB with %d reports waiting, %d MiB at the peak", before, now, taken-chunk, peak)
	require.Less(t, peak-before, 600)
	request, err := http.NewRequest(http.MethodPost, "http://"+p.address+"/v1/reports", strings.NewReader(string(siteReport(taken))))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, "30", response.Header.Get("Retry-After"))

	w.heal()
	start := time.Now()
	require.Eventually(t, func() bool { return p.metric("atvsld_gateway_backlog_level") == 0 }, 3*time.Minute, 100*time.Millisecond)
	take(1)
	c := store.Default()
	c.DSN = dsn
	s, err := store.Open(t.Context(), c)
	require.NoError(t, err)
	defer s.Close()
	var stored, reports uint64
	require.Eventually(t, func() bool {
		err := s.Conn().QueryRow(t.Context(), "SELECT count(), uniqExact(report_id) FROM report_log").Scan(&stored, &reports)
		return err == nil && reports >= uint64(taken)
	}, 3*time.Minute, 100*time.Millisecond)
	require.EqualValues(t, taken, reports)
	require.EqualValues(t, taken, stored, "nothing twice")
	t.Logf("drained in %s", time.Since(start).Round(100*time.Millisecond))
	p.stop()
}

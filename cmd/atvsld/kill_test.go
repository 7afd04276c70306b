package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report/reporttest"
)

// life is what happens to one report: its revisions, filed one after the other.
type life struct {
	steps [][]byte
	done  int
	id    string
	// accidents and deaths of 2024 and annexes of 2024 that count in the end.
	accidents, deaths, annexes int64
}

// newLife makes the n-th life: declared; declared and amended to two deaths;
// declared and withdrawn; or a periodic report and its amendment.
func newLife(t *testing.T, n int) *life {
	if n%4 == 3 {
		first := fmt.Appendf(nil, `{"kind":"annex_xii","acknowledge":["REP-019"],"content":{"reporter":{"type":"establishment","tax_code":%q,"site":"%d",`+
			`"name":"Công ty thử","province":{"list":"34","code":"01"}},"period":"2024","report_date":"2025-01-05",`+
			`"industry":{"version":"2018","code":"F"},"workers":{"total":10,"women":4}}}`, employerA, n+1)
		second := reporttest.Set(reporttest.Set(reporttest.Set(first, "/revision", "2"), "/reason", `"sửa số lao động"`), "/content/workers/total", "11")
		return &life{steps: [][]byte{first, second}, annexes: 1}
	}
	a := accident{
		id: eventID(t), reporter: employerA, province: "24", occurred: "2024-05-20T08:00:00+07:00", diedOn: "2024-05-20",
		victims: []victim{{fmt.Sprintf("Nạn nhân %d", n), "dead", "contract"}, {fmt.Sprintf("Đồng nghiệp %d", n), "serious", "contract"}},
	}
	l := &life{steps: [][]byte{a.json()}, accidents: 1, deaths: 1}
	switch n % 4 {
	case 1:
		a.revision, a.victims[1].severity, l.deaths = 2, "dead", 2
		l.steps = append(l.steps, a.json())
	case 2:
		l.steps = append(l.steps, withdrawal(a.id, 2))
		l.accidents, l.deaths = 0, 0
	}
	return l
}

// live files the steps that are left. It stops at the first that the platform does
// not answer; the very same is filed again later, like a careful client does.
func (l *life) live(p *process) (finished bool) {
	for l.done < len(l.steps) {
		status, body, err := p.tryPost(l.steps[l.done])
		switch {
		case err != nil:
			return false
		case status == http.StatusServiceUnavailable, status == http.StatusPreconditionFailed:
			// Busy, or the store does not show the revision before yet.
			time.Sleep(20 * time.Millisecond)
			continue
		case status != http.StatusAccepted:
			p.t.Errorf("answered %d: %s", status, body)
			return false
		}
		var receipt struct {
			ReportID string `json:"report_id"`
		}
		if err := json.Unmarshal(body, &receipt); err != nil {
			return false
		}
		l.id = receipt.ReportID
		l.done++
	}
	return true
}

// crowd files from several sides.
type crowd struct {
	t *testing.T

	mu      sync.Mutex
	made    int
	waiting []*life
	over    []*life
}

func (c *crowd) next() *life {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.waiting); n > 0 {
		l := c.waiting[n-1]
		c.waiting = c.waiting[:n-1]
		return l
	}
	c.made++
	return newLife(c.t, c.made)
}

// file lives until the platform is gone.
func (c *crowd) file(p *process) {
	for {
		l := c.next()
		finished := l.live(p)
		c.mu.Lock()
		if finished {
			c.over = append(c.over, l)
		} else {
			c.waiting = append(c.waiting, l)
		}
		c.mu.Unlock()
		if !finished {
			return
		}
	}
}

// crowdFor lets four sides file until some more lives are over and then a while
// longer, when end ends the platform.
func (c *crowd) crowdFor(p *process, lives int, d time.Duration, end func()) {
	c.t.Helper()
	before := c.finished()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { c.file(p) })
	}
	require.Eventually(c.t, func() bool { return c.finished() >= before+lives }, time.Minute, 5*time.Millisecond)
	time.Sleep(d)
	end()
	wg.Wait()
}

func (c *crowd) finished() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.over)
}

// settle finishes what was interrupted and checks every figure and every receipt.
func (c *crowd) settle(p *process) {
	c.t.Helper()
	for len(c.waiting) > 0 {
		l := c.next()
		require.True(c.t, l.live(p))
		c.over = append(c.over, l)
	}
	var want life
	for _, l := range c.over {
		want.accidents += l.accidents
		want.deaths += l.deaths
		want.annexes += l.annexes
	}
	p.requireFatal(2024, want.accidents, want.deaths)
	for _, l := range c.over {
		require.Eventually(c.t, func() bool { return p.newest(l.id) == len(l.steps) }, 2*time.Minute, 50*time.Millisecond)
	}
	var f figures
	p.get("/v1/indicators/A1/series?from=2024&to=2024&view=live", &f)
	require.Equal(c.t, 11*want.annexes, *f.Values[0].Denominator, "the amended number of workers of every annex, once")
}

// newest gives the newest stored revision of a report, each being there once.
func (p *process) newest(id string) int {
	var status struct {
		Revisions []struct {
			Revision int    `json:"revision"`
			State    string `json:"state"`
		} `json:"revisions"`
	}
	if p.ask("/v1/reports/"+id, p.token, nil) != http.StatusOK {
		return 0
	}
	p.get("/v1/reports/"+id, &status)
	for i, r := range status.Revisions {
		if r.State != "stored" || r.Revision != i+1 {
			return -1
		}
	}
	return len(status.Revisions)
}

// An orderly stop while reports are filed: whoever was answered has a receipt,
// whoever was not knows it, and nothing that has a receipt is missing afterwards.
func TestOrderlyStopLosesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	c := &crowd{t: t}
	for range 3 {
		p := start(t, data)
		c.crowdFor(p, 20, 100*time.Millisecond, p.stop)
	}
	p := start(t, data)
	c.settle(p)
	p.stop()
}

// Ten times the whole process dies at a random instant while reports are filed,
// amended and withdrawn. In the end every report has exactly one current row, and
// every figure is right.
func TestKillNine(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	data := t.TempDir()
	c := &crowd{t: t}
	for range 10 {
		p := start(t, data)
		c.crowdFor(p, 10, time.Duration(random.IntN(700))*time.Millisecond, p.kill)
	}
	p := start(t, data)
	c.settle(p)
	p.stop()

	openStopped(t, data, func(dsn string) {
		config := store.Default()
		config.DSN = dsn
		s, err := store.Open(context.Background(), config)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		count := func(query string) (n uint64) {
			// As figures are read: each partition for itself.
			query += " SETTINGS do_not_merge_across_partitions_select_final = 1"
			require.NoError(t, s.Conn().QueryRow(context.Background(), query).Scan(&n))
			return n
		}
		var declared, annexes uint64
		for _, l := range c.over {
			declared += uint64(l.accidents)
			annexes += uint64(l.annexes)
		}
		require.Equal(t, declared, count("SELECT count() FROM accident_declaration FINAL"))
		require.Equal(t, declared, count("SELECT uniqExact(report_id) FROM accident_declaration FINAL"))
		require.Equal(t, annexes, count("SELECT count() FROM annex_xii FINAL"))
		require.Equal(t, uint64(len(c.over)), count("SELECT uniqExact(report_id) FROM report_log"), "nothing missing, nothing that nobody filed")
		t.Logf("%d reports; the log holds %d rows of %d messages", len(c.over),
			count("SELECT count() FROM report_log"), count("SELECT uniqExact(kafka_partition, kafka_offset) FROM report_log"))
	})
}

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
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// crowd files declarations from several sides until it is told to stop. What was
// not answered is filed again, unchanged, like a careful client does.
type crowd struct {
	t *testing.T

	mu       sync.Mutex
	receipts map[string]bool // report ids with a receipt
	waiting  [][]byte        // sent, not answered
	made     int
}

func (c *crowd) next() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.waiting); n > 0 {
		raw := c.waiting[n-1]
		c.waiting = c.waiting[:n-1]
		return raw
	}
	c.made++
	id, err := uuid.NewV7()
	if err != nil {
		c.t.Error(err)
	}
	return accident{
		id: id.String(), reporter: employerA, province: "24", occurred: "2024-05-20T08:00:00+07:00", diedOn: "2024-05-20",
		victims: []victim{{fmt.Sprintf("Nạn nhân %d", c.made), "dead", "contract"}},
	}.json()
}

func (c *crowd) file(ctx context.Context, p *process) {
	for ctx.Err() == nil {
		raw := c.next()
		status, body, err := p.tryPost(raw)
		var receipt struct {
			ReportID string `json:"report_id"`
		}
		c.mu.Lock()
		switch {
		case err == nil && status == http.StatusAccepted && json.Unmarshal(body, &receipt) == nil:
			c.receipts[receipt.ReportID] = true
		case err != nil || status == http.StatusServiceUnavailable:
			c.waiting = append(c.waiting, raw)
		default:
			c.t.Errorf("answered %d: %s", status, body)
		}
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// An orderly stop while reports are filed: whoever was answered has a receipt,
// whoever was not knows it, and nothing that has a receipt is missing afterwards.
func TestOrderlyStopLosesNothing(t *testing.T) {
	data := t.TempDir()
	c := &crowd{t: t, receipts: make(map[string]bool)}
	for range 3 {
		p := start(t, data)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { c.file(t.Context(), p) })
		}
		time.Sleep(300 * time.Millisecond)
		p.stop()
		wg.Wait()
	}
	p := start(t, data)
	require.Greater(t, len(c.receipts), 30)
	require.Eventually(t, func() bool {
		accidents, _ := p.fatal(2024)
		return accidents >= int64(len(c.receipts))
	}, 20*time.Second, 100*time.Millisecond, "what the log kept is stored after the next start")
	for id := range c.receipts {
		var status struct{ State string }
		p.get("/v1/reports/"+id, &status)
		require.Equal(t, "stored", status.State)
	}
	p.stop()
}

// Ten times the whole process dies at a random instant while reports are filed.
// In the end every receipt has exactly one current row and every figure is right.
func TestKillNine(t *testing.T) {
	const rounds, sides = 10, 4
	random := rand.New(rand.NewPCG(9, 9))
	data := t.TempDir()
	c := &crowd{t: t, receipts: make(map[string]bool)}
	for range rounds {
		p := start(t, data)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range sides {
			wg.Go(func() { c.file(ctx, p) })
		}
		time.Sleep(time.Duration(100+random.IntN(900)) * time.Millisecond)
		p.kill()
		wg.Wait()
		cancel()
	}
	p := start(t, data)
	for len(c.waiting) > 0 {
		status, body := p.post(c.next())
		require.Equal(t, http.StatusAccepted, status, "%s", body)
		var receipt struct {
			ReportID string `json:"report_id"`
		}
		require.NoError(t, json.Unmarshal(body, &receipt))
		c.receipts[receipt.ReportID] = true
	}
	require.Greater(t, len(c.receipts), rounds*10, "too few reports to prove anything")
	n := int64(len(c.receipts))
	p.requireFatal(2024, n, n)
	for id := range c.receipts {
		var status struct {
			State     string
			Revisions []struct{ State string }
		}
		p.get("/v1/reports/"+id, &status)
		require.Len(t, status.Revisions, 1)
		require.Equal(t, "stored", status.Revisions[0].State)
	}
	p.stop()

	openStopped(t, data, func(dsn string) {
		config := store.Default()
		config.DSN = dsn
		s, err := store.Open(context.Background(), config)
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		var rows, ids uint64
		query := "SELECT count(), uniqExact(report_id) FROM accident_declaration FINAL"
		require.NoError(t, s.Conn().QueryRow(context.Background(), query).Scan(&rows, &ids))
		require.Equal(t, uint64(n), rows)
		require.Equal(t, uint64(n), ids)
		var logged, distinct, messages uint64
		query = "SELECT count(), uniqExact(report_id), uniqExact(kafka_partition, kafka_offset) FROM report_log"
		require.NoError(t, s.Conn().QueryRow(context.Background(), query).Scan(&logged, &distinct, &messages))
		require.Equal(t, uint64(n), distinct, "nothing that nobody has a receipt for, nothing missing")
		t.Logf("%d receipts; the log holds %d rows of %d messages", n, logged, messages)
	})
}

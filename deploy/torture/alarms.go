package torture

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// alarmMetrics are the counters by which a sink says that it had to heal a loss. Short
// of a power cut that took synced data, they stay 0.
var alarmMetrics = []string{"atvsld_sink_behind_total", "atvsld_sink_repaired_ranges_total", "atvsld_sink_gone_total", "atvsld_sink_dropped_total"}

// alarms adds these up over all sinks and all their lives.
type alarms struct {
	mu    sync.Mutex
	seen  map[string]bool    // metrics that a sink really has
	last  map[string]float64 // by role and metric, of the running process
	total map[string]float64 // by metric
}

func newAlarms() *alarms {
	return &alarms{seen: make(map[string]bool), last: make(map[string]float64), total: make(map[string]float64)}
}

// watch reads the counters until ctx ends: a process takes its own with it.
func (a *alarms) watch(ctx context.Context, p *platform) {
	for ctx.Err() == nil {
		for _, name := range matching(p.names(), "sink", "") {
			a.look(ctx, p.web, name, p.roles[name].address)
		}
		sleep(ctx, 100*time.Millisecond)
	}
}

func (a *alarms) look(ctx context.Context, web *http.Client, name, address string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	now, err := scrape(ctx, web, address)
	if err != nil {
		return // it is down, or stopped
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, metric := range alarmMetrics {
		before, at := a.last[name+metric], now[metric]
		_, there := now[metric]
		a.seen[metric] = a.seen[metric] || there
		if at < before {
			before = 0 // another process
		}
		a.total[metric] += at - before
		a.last[name+metric] = at
	}
}

func (a *alarms) raised() (n int, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var parts []string
	for _, metric := range alarmMetrics {
		if !a.seen[metric] {
			// No alarm can come by a counter that is not there.
			n++
			parts = append(parts, metric+" was never seen")
			continue
		}
		n += int(a.total[metric])
		parts = append(parts, fmt.Sprintf("%s %d", metric, int(a.total[metric])))
	}
	return n, strings.Join(parts, ", ")
}

// scrape sums each metric over its labels.
func scrape(ctx context.Context, web *http.Client, address string) (map[string]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := web.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("metrics of %s: %s", address, response.Status)
	}
	sums := make(map[string]float64)
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		sample, value, ok := strings.Cut(lines.Text(), " ")
		if !ok || strings.HasPrefix(sample, "#") {
			continue
		}
		name, _, _ := strings.Cut(sample, "{")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			sums[name] += n
		}
	}
	return sums, lines.Err()
}

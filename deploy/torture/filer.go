package torture

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"atvsld/ingest/receipt"
)

// filers file lives under load, as careful clients do: whatever is not answered with a
// receipt is filed again, the very same, at whichever gateway answers.
type filers struct {
	seed   uint64
	doors  []string // addresses of the gateways
	token  string
	pace   time.Duration
	ledger *ledger
	client *http.Client
	wg     sync.WaitGroup

	mu      sync.Mutex
	lives   int // made so far
	turn    int
	open    []*life
	paused  chan struct{} // not nil: nobody begins a step before it is closed
	working sync.WaitGroup
}

// answerTimeout is how patient a filer is. The gateway works longer than that on a
// report, so that the same one may be under way twice.
const answerTimeout = 6 * time.Second

func newFilers(seed uint64, doors []string, token string, pace time.Duration, l *ledger) *filers {
	return &filers{
		seed: seed, doors: doors, token: token, pace: pace, ledger: l,
		client: &http.Client{Timeout: answerTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
	}
}

// start lets n filers work until ctx ends, of whom one files in bulk.
func (f *filers) start(ctx context.Context, n int) {
	for i := range n {
		r := chance(f.seed, streamFilers, i)
		if i == 0 {
			f.wg.Go(func() { f.workInBulk(ctx, r) })
			continue
		}
		f.wg.Go(func() { f.work(ctx, r) })
	}
}

func (f *filers) stop() {
	f.wg.Wait()
	f.client.CloseIdleConnections()
}

// work takes one step of one life after the other.
func (f *filers) work(ctx context.Context, r *rand.Rand) {
	for f.begin(ctx) {
		l := f.take()
		done := f.step(ctx, r, l)
		if done {
			l.next++
		}
		f.giveBack(l, done && l.next == len(l.steps))
		f.working.Done()
		sleep(ctx, rand.N(2*f.pace+1))
	}
}

// begin waits while filing is paused.
func (f *filers) begin(ctx context.Context) bool {
	for {
		f.mu.Lock()
		gate := f.paused
		if gate == nil && ctx.Err() == nil {
			f.working.Add(1)
			f.mu.Unlock()
			return true
		}
		f.mu.Unlock()
		if ctx.Err() != nil {
			return false
		}
		select {
		case <-gate:
		case <-ctx.Done():
		}
	}
}

// pause returns true when every step that was begun has its receipt, and false when
// that takes too long: who amends what was lost is told for ever to come again.
func (f *filers) pause(within time.Duration) bool {
	f.mu.Lock()
	f.paused = make(chan struct{})
	f.mu.Unlock()
	done := make(chan struct{})
	go func() { f.working.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(within):
		return false
	}
}

func (f *filers) resume() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.paused)
	f.paused = nil
}

// mostOpen bounds the lives that have begun and are not over.
const mostOpen = 200

func (f *filers) take() *life {
	f.mu.Lock()
	defer f.mu.Unlock()
	// Half of the time an old one goes on, so that revisions lie apart.
	f.turn++
	if n := len(f.open); n > 0 && (f.turn%2 == 0 || n > mostOpen) {
		l := f.open[0]
		f.open = f.open[1:]
		return l
	}
	f.lives++
	return newLife(f.seed, f.lives)
}

func (f *filers) giveBack(l *life, over bool) {
	if over {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open = append(f.open, l)
}

// step files one revision and returns true when it has its receipt.
func (f *filers) step(ctx context.Context, r *rand.Rand, l *life) bool {
	s := l.steps[l.next]
	doors := r.Perm(len(f.doors))
	if len(s.contents) > 1 {
		return f.race(ctx, doors, s.contents)
	}
	if s.early {
		// Out of order: the gateway has to ask for the revision before it.
		f.tooEarly(ctx, f.doors[doors[0]], l.steps[l.next+1].contents[0])
	}
	if !f.file(ctx, doors, s.contents[0], false) {
		return false
	}
	if s.repeat {
		slices.Reverse(doors)
		f.file(ctx, doors, s.contents[0], false)
	}
	return true
}

// race files several contents of one revision at once, each at a gateway of its own.
func (f *filers) race(ctx context.Context, doors []int, contents []content) bool {
	var wg sync.WaitGroup
	done := make([]bool, len(contents))
	for i, c := range contents {
		if err := f.ledger.contend(c); err != nil {
			f.ledger.note("%v", err)
		}
		from := append(append([]int{}, doors[i%len(doors):]...), doors[:i%len(doors)]...)
		wg.Go(func() { done[i] = f.file(ctx, from, c, true) })
	}
	wg.Wait()
	for _, d := range done {
		if !d {
			return false
		}
	}
	return true
}

func (f *filers) tooEarly(ctx context.Context, door string, c content) {
	status, _, err := f.post(ctx, door, c.raw)
	if err == nil && status == http.StatusAccepted {
		f.ledger.note("a revision was accepted before the one that it amends")
	}
}

// file files one content again and again until it is accepted, or refused because it
// lost a race.
func (f *filers) file(ctx context.Context, doors []int, c content, raced bool) bool {
	wait := 20 * time.Millisecond
	for attempt := 0; ctx.Err() == nil; attempt++ {
		status, body, err := f.post(ctx, f.doors[doors[attempt%len(doors)]], c.raw)
		switch {
		case err != nil:
		case status == http.StatusAccepted:
			return f.accepted(c, raced, body)
		case status == http.StatusConflict && raced:
			return true
		case status != http.StatusServiceUnavailable && status != http.StatusPreconditionFailed && status != http.StatusTooManyRequests:
			f.ledger.note("answered %d: %.400s", status, body)
			if status < http.StatusInternalServerError {
				return true // it would be answered so for ever
			}
		}
		sleep(ctx, wait)
		wait = min(2*wait, 500*time.Millisecond)
	}
	return false
}

func (f *filers) accepted(c content, raced bool, body []byte) bool {
	var r receipt.Signed
	if err := json.Unmarshal(body, &r); err != nil {
		f.ledger.note("a receipt that cannot be read: %v: %.400s", err, body)
		return true
	}
	if err := f.ledger.accept(c, raced, r.Receipt); err != nil {
		f.ledger.note("%v", err)
	}
	return true
}

func (f *filers) post(ctx context.Context, door string, raw []byte) (status int, body []byte, err error) {
	defer func() { f.ledger.answered(status) }()
	request, err := f.request(ctx, "http://"+door+"/v1/reports", "application/json", raw)
	if err != nil {
		return 0, nil, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	if err != nil {
		// The status came, the receipt did not: no receipt.
		return 0, nil, err
	}
	return response.StatusCode, body, nil
}

func (f *filers) request(ctx context.Context, address, contentType string, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+f.token)
	return request, nil
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

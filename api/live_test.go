package api

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
)

// tide is a store whose moment a test sets.
type tide struct {
	mu    sync.Mutex
	at    store.AsOf
	err   error
	looks atomic.Int64
}

func (m *tide) AsOf(context.Context) (store.AsOf, error) {
	m.looks.Add(1)
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at, m.err
}

func (m *tide) set(at time.Time, messages uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.err = store.AsOf{StoredAt: at, Messages: messages}, err
}

// living are people whose tokens a test ends.
type living struct {
	mu sync.Mutex
	people
}

func (k *living) Identify(ctx context.Context, token string) (access.Caller, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.people.Identify(ctx, token)
}

func (k *living) change(token string, by access.Caller) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if by.Role == "" {
		delete(k.people, token)
		return
	}
	k.people[token] = by
}

// withTide is an interface on a store that moves when the test says so.
func withTide(t *testing.T, change ...func(*Deps, *Config)) (*platform, *tide, *living) {
	t.Helper()
	sea, who := &tide{}, &living{people: somebody()}
	p := newSmall(t, append([]func(*Deps, *Config){func(d *Deps, c *Config) {
		d.Watermark, d.Identity = sea, who
		c.LiveEvery, c.LiveBeat = 5*time.Millisecond, 20*time.Millisecond
	}}, change...)...)
	return p, sea, who
}

// listening is a live stream as its reader sees it.
type listening struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Reader
	leave    context.CancelFunc
}

func listen(p *platform, headers ...string) *listening {
	p.t.Helper()
	ctx, leave := context.WithCancel(p.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+livePath, http.NoBody)
	require.NoError(p.t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(p.t, err)
	l := &listening{p.t, response, bufio.NewReader(response.Body), leave}
	p.t.Cleanup(func() { leave(); response.Body.Close() })
	return l
}

func presenting(token string) []string { return []string{"Authorization", "Bearer " + token} }

// next returns the next state; comments and the advice when to come back are left out.
func (l *listening) next() LiveState {
	l.t.Helper()
	for {
		line, err := l.lines.ReadString('\n')
		require.NoError(l.t, err)
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var state LiveState
			require.NoError(l.t, json.Unmarshal([]byte(data), &state))
			return state
		}
	}
}

// ends waits for the end of the stream and returns what came before.
func (l *listening) ends() string {
	l.t.Helper()
	var rest strings.Builder
	for {
		line, err := l.lines.ReadString('\n')
		rest.WriteString(line)
		if err != nil {
			return rest.String()
		}
	}
}

func TestLiveStream(t *testing.T) {
	noLeaks(t)
	p, sea, _ := withTide(t)
	first := time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC)
	sea.set(first, 1, nil)
	l := listen(p, presenting("ministry")...)
	require.Equal(t, http.StatusOK, l.response.StatusCode)
	require.Equal(t, eventStreamType, l.response.Header.Get("Content-Type"))
	require.Equal(t, "no-store", l.response.Header.Get("Cache-Control"))
	require.Empty(t, l.response.Header.Get("Etag"))
	require.Equal(t, first, *l.next().AsOf)
	sea.set(first.Add(time.Second), 2, nil)
	require.Equal(t, first.Add(time.Second), *l.next().AsOf)
	// Two reports of the same moment are two changes; a store that does not answer is none.
	sea.set(first.Add(time.Second), 3, nil)
	require.Equal(t, first.Add(time.Second), *l.next().AsOf)
	sea.set(time.Time{}, 0, errors.New("away"))
	line, err := l.lines.ReadString('\n')
	for err == nil && line != ":\n" {
		require.NotContains(t, line, "data")
		line, err = l.lines.ReadString('\n')
	}
	require.NoError(t, err)
	sea.set(first.Add(time.Minute), 4, nil)
	require.Equal(t, first.Add(time.Minute), *l.next().AsOf)
}

func TestLiveStreamOfAnEmptyStore(t *testing.T) {
	p, _, _ := withTide(t)
	require.Nil(t, listen(p, presenting("ministry")...).next().AsOf)
	once := string(p.ask(http.MethodGet, livePath+"?once=true", nil, presenting("ministry")...).ok().body)
	require.Contains(t, once, "event: state\ndata: {\"as_of\":null,")
	require.Equal(t, 1, strings.Count(once, "event:"))
	require.Empty(t, p.ask(http.MethodHead, livePath, nil, presenting("ministry")...).ok().body)
}

// All who listen have the store looked at once, and nobody has it looked at when they have gone.
func TestLiveStreamsShareOneReader(t *testing.T) {
	noLeaks(t)
	p, sea, _ := withTide(t, func(_ *Deps, c *Config) { c.LiveEvery = time.Hour })
	var all []*listening
	for _, token := range []string{"ministry", "operator", "officer"} {
		l := listen(p, presenting(token)...)
		l.next()
		all = append(all, l)
	}
	require.EqualValues(t, 1, sea.looks.Load())
	for _, l := range all {
		l.leave()
	}
	require.Eventually(t, func() bool {
		p.server.feed.mu.Lock()
		defer p.server.feed.mu.Unlock()
		return p.server.feed.streams == 0 && len(p.server.feed.listeners) == 0
	}, 10*time.Second, time.Millisecond)
	listen(p, presenting("ministry")...).next()
	require.EqualValues(t, 2, sea.looks.Load())
}

func TestLiveStreamIsForEntitledRoles(t *testing.T) {
	p, _, _ := withTide(t)
	p.get(livePath).problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, livePath, nil, presenting("enterprise")...).problem(http.StatusForbidden, "API-085")
	newSmall(t).ask(http.MethodGet, livePath, nil).problem(http.StatusNotImplemented, "API-016")
}

// A stream ends with what let it begin, and shows nothing that comes afterwards.
func TestLiveStreamEnds(t *testing.T) {
	at := time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC)
	f := func(end func(p *platform, who *living, clock *hands)) {
		t.Helper()
		clock := &hands{now: time.Now()}
		p, sea, who := withTide(t, func(d *Deps, _ *Config) { d.Clock = clock.clock })
		sea.set(at, 1, nil)
		l := listen(p, "Cookie", signedIn(p, "ministry"))
		l.next()
		end(p, who, clock)
		sea.set(at.Add(time.Second), 2, nil)
		require.NotContains(t, l.ends(), at.Add(time.Second).Format(time.RFC3339))
	}
	f(func(_ *platform, who *living, _ *hands) { who.change("ministry", access.Caller{}) })
	f(func(_ *platform, who *living, _ *hands) {
		who.change("ministry", access.Caller{ID: "ministry-1", Role: access.Enterprise})
	})
	f(func(_ *platform, _ *living, clock *hands) { clock.move(9 * time.Hour) })
	f(func(p *platform, _ *living, _ *hands) { p.server.stop() })

	// It is noticed without a change of the store, too.
	p, _, who := withTide(t)
	l := listen(p, presenting("ministry")...)
	l.next()
	who.change("ministry", access.Caller{})
	l.ends()
}

func TestLiveStreamEndsBySignOut(t *testing.T) {
	p, _, _ := withTide(t)
	cookie := signedIn(p, "ministry")
	l := listen(p, "Cookie", cookie)
	l.next()
	require.Equal(t, http.StatusSeeOther, p.form(signOutPath, nil, "Cookie", cookie).status)
	l.ends()
}

func TestLiveStreamsAreCounted(t *testing.T) {
	p, _, _ := withTide(t, func(_ *Deps, c *Config) { c.LiveStreams, c.LiveStreamsEach = 3, 2 })
	first := listen(p, presenting("ministry")...)
	first.next()
	listen(p, presenting("ministry")...).next()
	refused := p.ask(http.MethodGet, livePath, nil, presenting("ministry")...)
	refused.problem(http.StatusTooManyRequests, "API-180")
	require.Equal(t, "30", refused.header.Get("Retry-After"))
	listen(p, presenting("operator")...).next()
	full := p.ask(http.MethodGet, livePath, nil, presenting("officer")...)
	full.problem(http.StatusServiceUnavailable, "API-181")
	require.Equal(t, "30", full.header.Get("Retry-After"))
	first.leave()
	require.Eventually(t, func() bool {
		return p.ask(http.MethodGet, livePath+"?once=true", nil, presenting("ministry")...).status == http.StatusOK
	}, 10*time.Second, 5*time.Millisecond)
}

// A stream outlives the time for reading a request and that for writing an answer.
func TestLiveStreamHasNoDeadline(t *testing.T) {
	p, sea, _ := withTide(t, func(_ *Deps, c *Config) {
		c.ReadTimeout, c.WriteTimeout, c.SubmitTimeout = 100*time.Millisecond, 31*time.Second, 10*time.Second
	})
	sea.set(time.Now(), 1, nil)
	l := listen(p, presenting("ministry")...)
	l.next()
	time.Sleep(300 * time.Millisecond)
	sea.set(time.Now(), 2, nil)
	l.next()
}

// It is on record once, before anything of it is seen.
func TestLiveStreamIsRecorded(t *testing.T) {
	log := &memory{}
	p, _, _ := withTide(t, func(d *Deps, _ *Config) { d.Audit = recordTo(t, log, d.Keys) })
	l := listen(p, presenting("ministry")...)
	l.next()
	log.mu.Lock()
	defer log.mu.Unlock()
	var found []audit.Entry
	for _, e := range log.entries {
		if e.Entry.Operation == "listen" {
			found = append(found, e.Entry)
		}
	}
	require.Len(t, found, 1)
	require.Equal(t, access.ReadLive, found[0].Action)
	require.Equal(t, audit.Allowed, found[0].Outcome)
}

// What is filed is told to who listens, seconds later, on the real store.
func TestLiveStreamTellsOfAReport(t *testing.T) {
	p := newPlatform(t, func(d *Deps, c *Config) {
		d.Watermark, c.LiveEvery = d.Store.(*store.Store), 50*time.Millisecond
	})
	p.startLog()
	l := listen(p, presenting(p.token)...)
	before := l.next()
	p.accept(declaration(t))
	after := l.next()
	require.NotNil(t, after.AsOf)
	require.True(t, before.AsOf == nil || after.AsOf.After(*before.AsOf))
	held, err := p.store.AsOf(access.With(t.Context(), access.Nobody()))
	require.NoError(t, err)
	require.WithinDuration(t, held.StoredAt, *after.AsOf, 0)
}

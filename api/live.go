package api

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

const (
	livePath = "/v1/live"
	// eventStreamType is that of server-sent events.
	eventStreamType = "text/event-stream"
)

// retryListening is when another place among the listeners may be free.
const retryListening = 30 * time.Second

// Watermark tells how far the store is; *store.Store does.
type Watermark interface {
	AsOf(ctx context.Context) (store.AsOf, error)
}

// LiveState is what a live stream tells: that figures of this moment have changed, and nothing
// of what changed them. The answers with live figures say the same moment to the same callers.
type LiveState struct {
	AsOf          *time.Time `json:"as_of" doc:"Moment that live figures stand for: when the store changed last; null in an empty one"`
	At            time.Time  `json:"at" doc:"When the store was looked at"`
	Demonstration bool       `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeLive() {
	op := operation("listen", access.ReadLive, http.MethodGet, livePath, "Số liệu vừa thay đổi / Figures have changed",
		"Luồng sự kiện (text/event-stream): sự kiện state gửi ngay và mỗi khi kho thay đổi; dòng chú thích giữ kết nối. Luồng kết thúc khi mã truy cập hết hiệu lực. once=true: một sự kiện rồi kết thúc. / "+
			"Server-sent events: the event state comes at once and whenever the store has changed; comment lines keep the connection. The stream ends with the token. once=true: one event, then the end.",
		tagFigures, readProblems()...)
	offered(&op, func() bool { return s.Watermark != nil })
	op.Responses = map[string]*huma.Response{"200": {
		Description: "OK. Each event state has this object as its data",
		Content:     map[string]*huma.MediaType{eventStreamType: {Schema: s.api.OpenAPI().Components.Schemas.Schema(typeOf[LiveState](), true, "")}},
	}}
	huma.Register(s.api, op, func(_ context.Context, in *liveInput) (*liveOutput, error) {
		return &liveOutput{func(c huma.Context) { s.listen(c, in.Once) }}, nil //nolint:contextcheck // the stream goes by the context of its own request
	})
}

type liveInput struct {
	Once bool `query:"once" doc:"One event, then the end"`
}

type liveOutput struct{ Body func(huma.Context) }

// listen streams the state of the store until the caller goes or may no longer listen, or the
// server stops.
func (s *Server) listen(c huma.Context, once bool) {
	leave, problem := s.feed.join(callOf(c.Context()).by.ID)
	if problem != nil {
		s.refuse(humagin.Unwrap(c), problem)
		return
	}
	defer leave()
	ctx, giveUp := s.untilStop(c.Context())
	defer giveUp()
	if once {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.config.QueryTimeout)
		defer cancel()
	}
	out := s.beginEvents(c)
	if out.send("retry: 3000\n\n") != nil || headOnly(ctx) {
		return
	}
	beat := time.NewTicker(s.config.LiveBeat)
	defer beat.Stop()
	var last *LiveState
	for {
		state, moved := s.feed.now()
		if state != nil && state != last {
			if s.tell(ctx, out, state) != nil || once {
				return
			}
			last = state
		}
		select {
		case <-ctx.Done():
			return
		case <-moved:
		case <-beat.C:
			// Whoever may no longer listen is not kept until something happens.
			if _, problem := s.stillMay(ctx, access.ReadLive); problem != nil || out.send(":\n\n") != nil {
				return
			}
		}
	}
}

// tell sends a state to who may still see it.
func (s *Server) tell(ctx context.Context, out *events, state *LiveState) error {
	if _, problem := s.stillMay(ctx, access.ReadLive); problem != nil {
		return problem
	}
	data, err := marshal(state)
	if err != nil {
		return err
	}
	return out.send("event: state\ndata: " + string(data) + "\n\n")
}

// events writes server-sent events. Each has the time of an answer to be read.
type events struct {
	w        io.Writer
	control  *http.ResponseController
	patience time.Duration
}

func (s *Server) beginEvents(c huma.Context) *events {
	w := humagin.Unwrap(c).Writer
	c.SetHeader("Content-Type", eventStreamType)
	c.SetHeader("X-Accel-Buffering", "no") // a proxy that collects answers would keep the events
	out := &events{w: w, control: http.NewResponseController(w), patience: s.config.WriteTimeout}
	// The time for reading a request would end the stream otherwise.
	if err := out.control.SetReadDeadline(time.Time{}); err != nil {
		s.Log.Warn("a live stream may be cut off: no deadline can be set", "error", err)
	}
	return out
}

func (e *events) send(text string) error {
	if err := e.control.SetWriteDeadline(time.Now().Add(e.patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(e.w, text); err != nil {
		return err
	}
	return e.control.Flush()
}

// liveFeed looks at the store for all who listen, and not at all while nobody does.
type liveFeed struct {
	look  func(ctx context.Context) (store.AsOf, error)
	every time.Duration
	most  int // of all
	each  int // of one caller
	clock func() time.Time
	made  bool

	mu        sync.Mutex
	listeners map[string]int // how many streams, by caller
	streams   int
	stop      context.CancelFunc
	seen      store.AsOf
	state     *LiveState // nil until the store has answered
	moved     chan struct{}
}

func newLiveFeed(d *Deps, c *Config) *liveFeed {
	f := &liveFeed{every: c.LiveEvery, most: c.LiveStreams, each: c.LiveStreamsEach, clock: d.Clock, made: d.Demonstration, listeners: map[string]int{}, moved: make(chan struct{})}
	f.look = func(ctx context.Context) (store.AsOf, error) {
		asOf, err := d.Watermark.AsOf(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("the store does not say how far it is; who listens hears nothing new", "error", err)
		}
		return asOf, err
	}
	return f
}

// join counts a stream, unless there are too many; leave ends it.
func (f *liveFeed) join(who string) (leave func(), problem *Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.listeners[who] >= f.each:
		return nil, problemLimited.new(ruleListensTwice.finding(f.each, f.each)).after(retryListening)
	case f.streams >= f.most:
		return nil, problemListeners.new(ruleListeners.finding()).after(retryListening)
	}
	f.listeners[who]++
	if f.streams++; f.streams == 1 {
		// How far the store is says nothing of what is in it: everybody may ask it.
		ctx, stop := context.WithCancel(access.With(context.Background(), access.Nobody()))
		f.stop = stop
		go f.watch(ctx)
	}
	return func() { f.leave(who) }, nil
}

func (f *liveFeed) leave(who string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners[who]--; f.listeners[who] == 0 {
		delete(f.listeners, who)
	}
	if f.streams--; f.streams == 0 {
		f.stop()
		f.state = nil // by the next time it will be old
	}
}

// now returns the state, nil if it is not known yet, and what is closed when another one comes.
func (f *liveFeed) now() (state *LiveState, moved <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state, f.moved
}

func (f *liveFeed) watch(ctx context.Context) {
	again := time.NewTicker(f.every)
	defer again.Stop()
	for {
		if asOf, err := f.look(ctx); err == nil {
			f.saw(ctx, asOf)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// saw takes what the store said, and tells everybody if it is new.
func (f *liveFeed) saw(ctx context.Context, asOf store.AsOf) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil || f.state != nil && asOf.Messages == f.seen.Messages && asOf.StoredAt.Equal(f.seen.StoredAt) {
		return
	}
	f.seen, f.state = asOf, &LiveState{At: f.clock().UTC().Truncate(time.Millisecond), Demonstration: f.made}
	if !asOf.StoredAt.IsZero() {
		at := asOf.StoredAt.UTC()
		f.state.AsOf = &at
	}
	close(f.moved)
	f.moved = make(chan struct{})
}

package api

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"atvsld/ingest/intake"
)

// Config bounds what the interface spends on its callers.
type Config struct {
	// Singles is how many single submissions are worked on at once. Most of their
	// time is spent waiting for the log to acknowledge, so it is far more than cores.
	Singles int
	// Chunks is how many chunks of batches are worked on at once. They are mostly
	// computing, and counted apart from single submissions, so that a bulk load
	// cannot keep out the declaration of a death.
	Chunks int
	// Waiting is how many submissions may wait for a free place, each for at most
	// Wait; whoever comes then is answered 503 with Retry-After.
	Waiting int
	Wait    time.Duration

	// HeaderTimeout bounds the reading of a request's head, ReadTimeout that of a
	// body (of a batch: of each piece), WriteTimeout the answer (of a batch: of each
	// piece), IdleTimeout an open connection without a request.
	HeaderTimeout, ReadTimeout, WriteTimeout, IdleTimeout time.Duration
	// MaxHeaderBytes bounds the request line and all headers.
	MaxHeaderBytes int

	// ChunkRows and ChunkBytes end a chunk of a batch; ChunkDelay ends one that a
	// slow sender does not fill.
	ChunkRows, ChunkBytes int
	ChunkDelay            time.Duration
	// BatchPatience is how long rows that the log could not take are tried again
	// before they are answered 503; BatchTimeout ends a batch as a whole.
	BatchPatience, BatchTimeout time.Duration

	// SubmitTimeout ends the work on one submission or chunk.
	SubmitTimeout time.Duration
	// QueryTimeout ends the work on one question to the store.
	QueryTimeout time.Duration
	// VerifyTimeout ends a verification, which reads the whole store.
	VerifyTimeout time.Duration
	// LiveEvery is the time between two looks at the store for who listens to it, LiveBeat that
	// between two signs of life. LiveStreams is how many listen at once, LiveStreamsEach how
	// often one caller does.
	LiveEvery, LiveBeat          time.Duration
	LiveStreams, LiveStreamsEach int
	// ShutdownTimeout is how long running requests may take to finish on stop.
	ShutdownTimeout time.Duration

	Edges
}

// Default returns the limits of a machine of ordinary size.
func Default() Config {
	return Config{
		Singles: 256, Chunks: 2 * runtime.GOMAXPROCS(0), Waiting: 256, Wait: time.Second,
		HeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ChunkRows: intake.MaxChunk, ChunkBytes: 1 << 20, ChunkDelay: 200 * time.Millisecond,
		BatchPatience: 10 * time.Second, BatchTimeout: time.Hour,
		SubmitTimeout: 25 * time.Second, QueryTimeout: 30 * time.Second, VerifyTimeout: time.Hour, ShutdownTimeout: 30 * time.Second,
		LiveEvery: time.Second, LiveBeat: 15 * time.Second, LiveStreams: 500, LiveStreamsEach: 8,
		Edges: defaultEdges(),
	}
}

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	positive := func(name string, value int64) {
		if value <= 0 {
			errs = append(errs, fmt.Errorf("api: %s must be positive", name))
		}
	}
	for name, n := range map[string]int{
		"Singles": c.Singles, "Chunks": c.Chunks, "Waiting": c.Waiting, "MaxHeaderBytes": c.MaxHeaderBytes,
		"ChunkRows": c.ChunkRows, "ChunkBytes": c.ChunkBytes, "LiveStreams": c.LiveStreams, "LiveStreamsEach": c.LiveStreamsEach,
	} {
		positive(name, int64(n))
	}
	for name, d := range map[string]time.Duration{
		"Wait": c.Wait, "HeaderTimeout": c.HeaderTimeout, "ReadTimeout": c.ReadTimeout, "WriteTimeout": c.WriteTimeout,
		"IdleTimeout": c.IdleTimeout, "ChunkDelay": c.ChunkDelay, "BatchPatience": c.BatchPatience,
		"BatchTimeout": c.BatchTimeout, "SubmitTimeout": c.SubmitTimeout, "QueryTimeout": c.QueryTimeout, "VerifyTimeout": c.VerifyTimeout,
		"ShutdownTimeout": c.ShutdownTimeout, "LiveEvery": c.LiveEvery, "LiveBeat": c.LiveBeat,
	} {
		positive(name, int64(d))
	}
	if c.ChunkRows > intake.MaxChunk {
		errs = append(errs, fmt.Errorf("api: ChunkRows %d is above the gateway's %d", c.ChunkRows, intake.MaxChunk))
	}
	if c.WriteTimeout <= c.SubmitTimeout || c.WriteTimeout <= maxPreferWait {
		errs = append(errs, errors.New("api: WriteTimeout must be longer than SubmitTimeout and than the longest Prefer: wait, or answers are cut off"))
	}
	if c.ShutdownTimeout <= c.SubmitTimeout {
		errs = append(errs, errors.New("api: ShutdownTimeout must be longer than SubmitTimeout, or what is being filed is left without an answer"))
	}
	return errors.Join(append(errs, c.validate())...)
}

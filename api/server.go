package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/analytics/summary"
	"atvsld/api/web"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/intake"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// Deps is what a Server works with. What is nil is not offered by this process and
// is answered 501.
type Deps struct {
	// Gateway takes in reports.
	Gateway *intake.Gateway
	// Keys check the local token.
	Keys *seal.Keys
	// ReceiptKeys are published, and receipts are verified against them.
	ReceiptKeys jose.JSONWebKeySet
	// InboxKeys are published for integrators to encrypt to.
	InboxKeys jose.JSONWebKeySet
	// Store tells what is stored of a report and which periods are closed;
	// *store.Store does.
	Store Store
	// Accidents tells of single accidents and their investigations; *store.Store does.
	Accidents Accidents
	// Reports gives back what was filed; *store.Store does. Keys open it.
	Reports Reports
	// DeadLetters is where officers decide about what could not be stored.
	DeadLetters *deadletter.Desk
	// Register tells who owes which report; *store.Store does.
	Register Register
	// Indicators computes figures.
	Indicators *indicator.Engine
	// Health counts what the health system reports; *store.Store does.
	Health HealthFigures
	// Summaries derives the provinces' summaries.
	Summaries *summary.Maker
	// BaseFigures lists imported figures; *store.Store does.
	BaseFigures BaseFigureReader
	// Prover verifies that the store holds what the log took.
	Prover Prover
	Seeds  *seeds.Data
	// Ready runs every check of readiness; see Check.
	Ready    func(ctx context.Context) []Check
	Registry *prometheus.Registry
	// Demonstration: the store holds made-up data. Every answer says so.
	Demonstration bool
	// Version of the program, for the OpenAPI document.
	Version string
	Log     *slog.Logger
	// Clock is time.Now if nil.
	Clock func() time.Time
}

// Store is the part of *store.Store that the interface asks itself.
type Store interface {
	Revisions(ctx context.Context, id uuid.UUID) ([]store.Revision, error)
	ClosedPeriods(ctx context.Context) ([]store.Closing, error)
	safetyStore
}

// Reports is the part of *store.Store that gives back what was filed.
type Reports interface {
	Filings(ctx context.Context, id uuid.UUID, low, high uint32, limit int) ([]store.Filing, error)
	Reports(ctx context.Context, f store.ReportFilter) (page []store.ListedReport, more bool, err error)
	Declared(ctx context.Context, unit string, year, months int) ([]store.Declared, error)
}

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	Deps
	config  Config
	metrics *metrics
	singles *limiter
	chunks  *limiter
	unread  *budget
	engine  *gin.Engine
	api     huma.API
	pages   *web.Pages
	// stopping ends when Run begins to stop, for those who would otherwise work or
	// wait for long.
	stopping context.Context
	stop     context.CancelFunc
}

// New builds the server. It starts nothing.
func New(d Deps, c Config) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if d.Clock == nil {
		d.Clock = time.Now
	}
	m, err := newMetrics(d.Registry)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of the interface: %w", err)
	}
	pages, err := web.New()
	if err != nil {
		return nil, fmt.Errorf("prepare the pages: %w", err)
	}
	s := &Server{
		Deps: d, config: c, metrics: m, pages: pages,
		unread:  newBudget(maxUnread),
		singles: newLimiter(c.Singles, c.Waiting, c.Wait),
		// Every chunk in work may have one waiting behind it.
		chunks: newLimiter(c.Chunks, c.Waiting, c.BatchPatience),
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	if err := s.route(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler returns the whole interface.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			// Answered like GET; net/http knows that it was HEAD and sends no body.
			get := *r
			get.Method, r = http.MethodGet, &get
		}
		s.engine.ServeHTTP(w, r)
	})
}

// Run serves the listener until ctx ends. Then it accepts nothing more, lets running
// requests finish within the configured time and returns nil, or an error when some
// did not finish. Batches take no further rows and say so. It may be called once.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: s.config.HeaderTimeout,
		ReadTimeout:       s.config.ReadTimeout,
		WriteTimeout:      s.config.WriteTimeout,
		IdleTimeout:       s.config.IdleTimeout,
		MaxHeaderBytes:    s.config.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	s.stop()
	s.Log.Info("the interface stops accepting", "address", listener.Addr().String())
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.ShutdownTimeout)
	defer cancel()
	err := server.Shutdown(finish)
	if err != nil {
		err = errors.Join(fmt.Errorf("finish running requests: %w", err), server.Close())
	}
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}

// onStop calls do when the server stops, unless it is told to forget before.
func (s *Server) onStop(do func()) (forget func() bool) {
	return context.AfterFunc(s.stopping, do)
}

// untilStop ends with ctx, or earlier when the server stops.
func (s *Server) untilStop(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	forget := s.onStop(cancel)
	return ctx, func() {
		forget()
		cancel()
	}
}

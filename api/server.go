package api

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/cors"
	"golang.org/x/sync/semaphore"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/analytics/summary"
	"atvsld/api/identity"
	"atvsld/api/signin"
	"atvsld/api/web"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/grant"
	"atvsld/ingest/intake"
	"atvsld/ingest/rebuild"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// Deps is what a Server works with. What is nil is not offered by this process and
// is answered 501.
type Deps struct {
	// Gateway takes in reports.
	Gateway *intake.Gateway
	// Identity tells who presents a token; nil accepts none. *identity.Verifier does.
	Identity Identifier
	// Access is where API keys are made and tokens revoked.
	Access *identity.Desk
	// Keys open what is sealed of reports.
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
	// Persons finds the reports that speak of a person; *store.Store does.
	Persons PersonFinder
	// Erasures tells what was erased; *store.Store does.
	Erasures Erasures
	// DeadLetters is where officers decide about what could not be stored.
	DeadLetters *deadletter.Desk
	// Grants is where units let others act for them.
	Grants *grant.Desk
	// Register tells who owes which report; *store.Store does.
	Register Register
	// FollowUp reads the year reports that may look odd; *store.Store does.
	FollowUp YearReports
	// Indicators computes figures.
	Indicators *indicator.Engine
	// Past shows figures as they were at earlier moments.
	Past *rebuild.Past
	// Fates tells what became of reports in a figure; *store.Store does.
	Fates Fates
	// Watermark tells those who listen when the store has changed; *store.Store does.
	Watermark Watermark
	// Boundaries of the provinces of a list, as [ReadBoundaries] made them; none if the
	// operator has none.
	Boundaries map[seeds.ProvinceList][]byte
	// Health counts what the health system reports; *store.Store does.
	Health HealthFigures
	// Summaries derives the provinces' summaries.
	Summaries *summary.Maker
	// BaseFigures lists imported figures; *store.Store does.
	BaseFigures BaseFigureReader
	// Audit records who looks at what. It is needed wherever anybody is let in to more than
	// public data: nothing is shown without a record.
	Audit *audit.Writer
	// AuditLog gives the record back; *store.Store does.
	AuditLog AuditLog
	// AuditKeys are published, to verify the record with.
	AuditKeys []ed25519.PublicKey
	// Certificate turns TLS on; nil for plain HTTP.
	Certificate *Certificate
	// SignIn is where people sign in with a browser; nil leaves them the token.
	SignIn *signin.Provider
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
	Revisions(ctx context.Context, id uuid.UUID, shown store.Presented) ([]store.Revision, error)
	ClosedPeriods(ctx context.Context) ([]store.Closing, error)
	Closings(ctx context.Context) ([]store.Closing, error)
	safetyStore
}

// Reports is the part of *store.Store that gives back what was filed.
type Reports interface {
	Filings(ctx context.Context, id uuid.UUID, low, high uint32, limit int) ([]store.Filing, error)
	Reports(ctx context.Context, f store.ReportFilter) (page []store.ListedReport, more bool, err error)
	Declared(ctx context.Context, unit string, year, months int) ([]store.Declared, error)
}

// Identifier tells who presents a token. Its error is identity.ErrToken when the token is
// not accepted.
type Identifier interface {
	Identify(ctx context.Context, token string) (access.Caller, error)
}

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	Deps
	config  Config
	metrics *metrics
	singles *limiter
	chunks  *limiter
	exports exports
	unread  *budget
	// waiters and strangers bound those who wait for a report to be stored.
	waiters, strangers *semaphore.Weighted
	engine             *gin.Engine
	api                huma.API
	pages              *web.Pages
	app                *web.App
	// ofPage are the routes of the page's document and files.
	ofPage  map[string]bool
	answers keptAnswers
	feed    *liveFeed
	// gates say who may call what, by method and route.
	gates map[string]gate

	rates    *rates
	cors     *cors.Cors // nil: no script of another origin reads anything
	sessions *sessions  // nil without keys
	// unnamedProxy is told once.
	unnamedProxy sync.Once

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
	if d.Identity != nil && d.Audit == nil && (d.Store != nil || d.Reports != nil) {
		return nil, errors.New("api: Audit is missing: nothing may be shown without a record")
	}
	if d.Clock == nil {
		d.Clock = time.Now
	}
	m, err := newMetrics(d.Registry)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of the interface: %w", err)
	}
	app, err := web.OpenApp()
	if err != nil {
		return nil, err
	}
	pages, err := web.New(app)
	if err != nil {
		return nil, fmt.Errorf("prepare the pages: %w", err)
	}
	held, err := newSessions(d.Keys, c.Edges)
	if err != nil {
		return nil, fmt.Errorf("prepare the sessions: %w", err)
	}
	s := &Server{
		rates: newRates(c.Rates), cors: newCORS(c.Origins), sessions: held,
		Deps: d, config: c, metrics: m, pages: pages, app: app, answers: newKeptAnswers(),
		unread:  newBudget(maxUnread),
		waiters: semaphore.NewWeighted(maxWaiters), strangers: semaphore.NewWeighted(maxStrangers),
		exports: newExports(),
		singles: newLimiter(c.Singles, c.Waiting, c.Wait),
		// Every chunk in work may have one waiting behind it.
		chunks: newLimiter(c.Chunks, c.Waiting, c.BatchPatience),
	}
	s.feed = newLiveFeed(&s.Deps, &s.config)
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
			get := r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			get.Method, r = http.MethodGet, get
		}
		s.engine.ServeHTTP(w, r)
	})
}

// headKey marks requests for the head of an answer.
type headKey struct{}

// headOnly tells whether nobody will read what an answer goes on with.
func headOnly(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }

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
	go func() { served <- s.serve(server, listener) }()
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

// serve answers on the listener, with TLS if there is a certificate.
func (s *Server) serve(server *http.Server, listener net.Listener) error {
	if s.Certificate == nil {
		return server.Serve(listener)
	}
	go s.Certificate.Watch(s.stopping, s.config.CertCheck)
	server.TLSConfig = s.Certificate.Server()
	return server.ServeTLS(listener, "", "")
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

// Package engine runs ClickHouse as a library inside the process, behind
// ClickHouse's own HTTP interface on a loopback address, so that the driver, the
// SQL and the migrations are the same as against a server.
//
// Limits of the library (libchdb 26.7.3): linux/amd64 only; one data folder per
// process at a time (see Open); the interface has no sessions, no external
// tables, no INSERT … SELECT … FROM input(), and KILL QUERY finds a query by
// log_comment, which holds the query id, not by query_id. Formats that frame
// their answer (JSON, Pretty, Parquet …) are built in memory before they are
// sent; row formats and Native are streamed. An empty SELECT in Native answers an
// empty body.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"atvsld/deploy/embedded/datadir"
)

// ErrAlreadyOpen says that this process already runs an engine: the library
// knows one data folder per process at a time.
var ErrAlreadyOpen = errors.New("this process already runs an embedded engine: close it first")

// process is what the library imposes on us: it is mapped once, never unloaded,
// and serves one data folder at a time.
var process struct {
	sync.Mutex
	lib  *library
	open bool
}

// claimLibrary loads the library at the first call and takes it for one engine.
func claimLibrary(path string) (*library, error) {
	process.Lock()
	defer process.Unlock()
	if process.open {
		return nil, ErrAlreadyOpen
	}
	if process.lib == nil {
		lib, err := loadLibrary(path)
		if err != nil {
			return nil, err
		}
		process.lib = lib
	}
	if process.lib.path != path {
		return nil, fmt.Errorf("this process has already loaded %s, it cannot load %s too", process.lib.path, path)
	}
	process.open = true
	return process.lib, nil
}

func releaseLibrary() {
	process.Lock()
	defer process.Unlock()
	process.open = false
}

// Engine is a running ClickHouse with its HTTP interface.
type Engine struct {
	cfg      Config
	lib      *library
	lock     *datadir.Lock
	anchor   *session // keeps the library's engine up between requests
	listener net.Listener
	http     *http.Server
	served   chan error
	slots    chan struct{}
	unguard  func() // ends the watch over the disk
	name     string // displayName()
	timezone string

	mu      sync.Mutex
	running map[string]context.CancelFunc // by query id
	active  sync.WaitGroup                // requests that hold a session
	closed  bool
}

// Open starts the engine on cfg.DataDir and listens. A process holds one engine
// at a time (ErrAlreadyOpen); after Close it may open the same or another folder.
// Errors: ErrUnsupportedPlatform, ErrNoLibrary, datadir.ErrInUse (wrapped) when
// another process has the folder.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open the engine: %w", err)
	}
	path, err := Locate(cfg.Library)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return nil, fmt.Errorf("open the engine: %w", err)
	}
	cfg.DataDir = dir
	if cfg.Password == "" {
		cfg.Password = newPassword()
	}
	lib, err := claimLibrary(path)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		cfg: cfg, lib: lib,
		served:  make(chan error, 1),
		slots:   make(chan struct{}, cfg.MaxQueries),
		running: make(map[string]context.CancelFunc),
	}
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.release())
	}
	if version := lib.version(); version != LibraryVersion {
		cfg.Logger.Warn("engine library of another version", "version", version, "tested", LibraryVersion)
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context) error {
	var err error
	if e.lock, err = datadir.Acquire(e.cfg.DataDir); err != nil {
		return err
	}
	if err := os.WriteFile(e.configPath(), []byte(e.cfg.serverConfig()), 0o600); err != nil {
		return fmt.Errorf("write the engine's configuration: %w", err)
	}
	if e.anchor, err = e.openSession(""); err != nil {
		return fmt.Errorf("start the engine on %s: %w (the library writes the reason to standard error)", e.cfg.DataDir, err)
	}
	if err := e.anchor.exec("CREATE DATABASE IF NOT EXISTS " + e.cfg.Database + " ENGINE = Atomic"); err != nil {
		return fmt.Errorf("create database %s: %w", e.cfg.Database, err)
	}
	hello, err := e.anchor.text("SELECT displayName(), timezone()")
	if err != nil {
		return fmt.Errorf("ask the engine for its name: %w", err)
	}
	e.name, e.timezone, _ = strings.Cut(hello, "\t")
	if e.unguard, err = e.guardSpace(); err != nil {
		return err
	}
	if e.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", e.cfg.Addr); err != nil {
		return fmt.Errorf("listen for the engine: %w", err)
	}
	e.serve()
	return nil
}

func (e *Engine) serve() {
	e.http = &http.Server{
		Handler:           e.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    mib,
		ErrorLog:          slog.NewLogLogger(e.cfg.Logger.Handler(), slog.LevelWarn),
	}
	go func() {
		err := e.http.Serve(e.listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		e.served <- err
	}()
}

func (e *Engine) configPath() string { return filepath.Join(e.cfg.DataDir, "atvsld-engine.xml") }

// openSession connects to the engine. The query id is how a running statement
// is found again to be cancelled.
func (e *Engine) openSession(queryID string) (*session, error) {
	return openSession(e.lib,
		"--path="+filepath.Join(e.cfg.DataDir, "store"),
		"--config-file="+e.configPath(),
		"--async_insert=0",
		"--log_comment="+queryID,
	)
}

// Addr returns host and port of the HTTP interface.
func (e *Engine) Addr() string { return e.listener.Addr().String() }

// DSN returns the address for the driver, credentials included.
func (e *Engine) DSN() string {
	dsn := url.URL{
		Scheme: "http",
		User:   url.UserPassword(e.cfg.User, e.cfg.Password),
		Host:   e.Addr(),
		Path:   "/" + e.cfg.Database,
	}
	return dsn.String()
}

// Options returns the driver's options for this engine: HTTP, credentials, LZ4.
func (e *Engine) Options() *clickhouse.Options {
	return &clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Addr:        []string{e.Addr()},
		Auth:        clickhouse.Auth{Database: e.cfg.Database, Username: e.cfg.User, Password: e.cfg.Password},
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionLZ4},
	}
}

// cancelGrace is how long a cancelled query may take to stop.
const cancelGrace = 10 * time.Second

// Close stops in order: no new requests, running ones finish until ctx ends, the
// rest is cancelled, the engine closes. What was acknowledged is stored in any
// case. A query that does not stop leaves the engine up, and Close says so.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.mu.Unlock()

	var errs []error
	if err := e.http.Shutdown(ctx); err != nil {
		e.cancelAll()
		errs = append(errs, fmt.Errorf("stop the engine's interface: %w", err))
	}
	if !e.idleWithin(cancelGrace) {
		errs = append(errs, errors.New("a query does not stop: the engine stays open until the process ends"), e.http.Close())
		return errors.Join(errs...)
	}
	errs = append(errs, e.http.Close(), <-e.served, e.release())
	return errors.Join(errs...)
}

func (e *Engine) cancelAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, cancel := range e.running {
		cancel()
	}
}

func (e *Engine) idleWithin(limit time.Duration) bool {
	idle := make(chan struct{})
	go func() {
		e.active.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return true
	case <-time.After(limit):
		return false
	}
}

// release gives back what start took, in reverse.
func (e *Engine) release() error {
	var errs []error
	if e.http == nil && e.listener != nil {
		errs = append(errs, e.listener.Close())
	}
	if e.unguard != nil {
		e.unguard()
	}
	if e.anchor != nil {
		e.anchor.close()
	}
	if e.lock != nil {
		errs = append(errs, e.lock.Release())
	}
	releaseLibrary()
	return errors.Join(errs...)
}

// Package storetest opens a real store for tests: the embedded engine, once per test
// binary because the library serves one data folder per process, with a database for
// each test. With ATVSLD_TEST_STORE set to the address of a ClickHouse server
// (clickhouse://… or http://…), tests run there instead; that is how the native
// protocol is tested.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"atvsld/analytics/store"
	"atvsld/deploy/embedded/engine"
)

// Run is the body of TestMain: it starts the server when the first test asks for it,
// runs the tests, stops it and looks for goroutines that were left behind.
//
//	func TestMain(m *testing.M) { storetest.Run(m, &shared) }
func Run(m *testing.M, s *Shared) {
	code := m.Run()
	if err := errors.Join(s.close(), goleak.Find()); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		code = 1
	}
	os.Exit(code)
}

// Shared is the ClickHouse of one test binary. It starts at the first use. The zero value is ready.
type Shared struct {
	once sync.Once
	dsn  string
	err  error
	stop func() error
}

func (s *Shared) start() {
	if dsn := os.Getenv("ATVSLD_TEST_STORE"); dsn != "" {
		s.dsn = dsn
		return
	}
	dir, err := os.MkdirTemp("", "atvsld-storetest-")
	if err != nil {
		s.err = err
		return
	}
	config := engine.Default()
	config.DataDir = dir
	config.Library = os.Getenv("ATVSLD_ENGINE_LIBRARY")
	e, err := engine.Open(context.Background(), config)
	if err != nil {
		s.err = err
		return
	}
	s.dsn = e.DSN()
	s.stop = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			return err
		}
		return os.RemoveAll(dir)
	}
}

func (s *Shared) close() error {
	if s.stop == nil {
		return nil
	}
	return s.stop()
}

// Config returns the configuration of a new, empty database, which is dropped when the
// test ends.
func (s *Shared) Config(tb testing.TB) store.Config {
	tb.Helper()
	if os.Getenv("ATVSLD_TEST_STORE") == "" && (runtime.GOOS != "linux" || runtime.GOARCH != "amd64") {
		tb.Skip("the engine library exists for linux/amd64 only; set ATVSLD_TEST_STORE to the address of a ClickHouse server")
	}
	s.once.Do(s.start)
	if s.err != nil {
		tb.Fatal("start the engine: ", s.err)
	}
	name := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	s.exec(tb, "CREATE DATABASE "+name)
	tb.Cleanup(func() { s.exec(tb, "DROP DATABASE "+name+" SYNC") })
	config := store.Default()
	config.DSN = inDatabase(tb, s.dsn, name)
	return config
}

// Empty opens a store on a new database without a schema.
func (s *Shared) Empty(tb testing.TB) *store.Store {
	tb.Helper()
	return Open(tb, s.Config(tb))
}

// Store opens a store with schema on a new database, initialised as a real one.
func (s *Shared) Store(tb testing.TB) (*store.Store, store.Info) {
	tb.Helper()
	st := s.Empty(tb)
	if err := st.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	info, err := st.Init(tb.Context(), false)
	if err != nil {
		tb.Fatal(err)
	}
	return st, info
}

// Open opens a store and closes it when the test ends.
func Open(tb testing.TB, config store.Config) *store.Store {
	tb.Helper()
	st, err := store.Open(tb.Context(), config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Error(err)
		}
	})
	return st
}

func (s *Shared) exec(tb testing.TB, statement string) {
	tb.Helper()
	options, err := clickhouse.ParseDSN(s.dsn)
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		tb.Fatal(err)
	}
	// Not the test's context: it is over when the test cleans up.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := conn.Exec(ctx, statement); err != nil {
		tb.Fatal(statement, ": ", err)
	}
	if err := conn.Close(); err != nil {
		tb.Fatal(err)
	}
}

func inDatabase(tb testing.TB, dsn, database string) string {
	tb.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		tb.Fatal(err)
	}
	u.Path = "/" + database
	return u.String()
}

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
	"runtime/debug"
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
	// Tests live shortly and the race detector makes collecting dear: rather more memory.
	debug.SetGCPercent(400)
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

	migrated sync.Once
	template string // a database with the schema
	tables   []string
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
	var err error
	if s.template != "" {
		err = s.run("DROP DATABASE " + s.template + " SYNC")
	}
	if s.stop != nil {
		err = errors.Join(err, s.stop())
	}
	return err
}

// Config returns the configuration of a new, empty database, which is dropped when the
// test ends.
func (s *Shared) Config(tb testing.TB) store.Config {
	tb.Helper()
	config, name := s.config(tb)
	tb.Cleanup(func() { s.exec(tb, "DROP DATABASE "+name+" SYNC") })
	return config
}

// config returns the configuration and the name of a new, empty database.
func (s *Shared) config(tb testing.TB) (store.Config, string) {
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
	config := store.Default()
	config.DSN = inDatabase(tb, s.dsn, name)
	return config, name
}

// Empty opens a store on a new database without a schema.
func (s *Shared) Empty(tb testing.TB) *store.Store {
	tb.Helper()
	return Open(tb, s.Config(tb))
}

// Store opens a store with schema on a new database, initialised as a real one. The schema is
// migrated to once and copied then: that takes half the time, and most tests ask for a store.
func (s *Shared) Store(tb testing.TB) (*store.Store, store.Info) {
	tb.Helper()
	s.migrated.Do(func() { s.migrate(tb) })
	if s.tables == nil {
		tb.Fatal("the schema could not be migrated to in the first test that asked for a store")
	}
	config, name := s.config(tb)
	tb.Cleanup(func() { s.exec(tb, "DROP DATABASE "+name+" SYNC") })
	s.exec(tb, s.copyOfSchema(name)...)
	st := Open(tb, config)
	info, err := st.Init(tb.Context(), false)
	if err != nil {
		tb.Fatal(err)
	}
	return st, info
}

// migrate makes the database whose schema is copied.
func (s *Shared) migrate(tb testing.TB) {
	tb.Helper()
	config, name := s.config(tb)
	st := Open(tb, config)
	if err := st.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	tables, err := store.Tables()
	if err != nil {
		tb.Fatal(err)
	}
	s.template, s.tables = name, tables
}

// copyOfSchema are the statements that give a database what Migrate would.
func (s *Shared) copyOfSchema(database string) (statements []string) {
	for _, table := range s.tables {
		statements = append(statements, "CREATE TABLE "+database+"."+table+" AS "+s.template+"."+table)
	}
	return append(statements, "INSERT INTO "+database+".schema_migration SELECT * FROM "+s.template+".schema_migration")
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

func (s *Shared) exec(tb testing.TB, statements ...string) {
	tb.Helper()
	if err := s.run(statements...); err != nil {
		tb.Fatal(err)
	}
}

// run is not bound to the context of a test: that is over when the test cleans up.
func (s *Shared) run(statements ...string) error {
	options, err := clickhouse.ParseDSN(s.dsn)
	if err != nil {
		return err
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, statement := range statements {
		if err := conn.Exec(ctx, statement); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", statement, err), conn.Close())
		}
	}
	return conn.Close()
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

package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

var vietnam = time.FixedZone("+07", 7*3600)

func day(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 8, 0, 0, 0, vietnam)
}

func count(t *testing.T, s *store.Store, query string) (n uint64) {
	t.Helper()
	require.NoError(t, s.Conn().QueryRow(t.Context(), query).Scan(&n))
	return n
}

func TestConfigValidate(t *testing.T) {
	c := store.Default()
	c.DSN = "http://user:secret@127.0.0.1:8123/db"
	require.NoError(t, c.Validate())
	bad := store.Config{DSN: "http://user:se cret@%zz", QueryThreads: -1}
	err := bad.Validate()
	require.Error(t, err)
	for _, part := range []string{"address", "insert timeout", "query timeout", "writing", "reading", "threads"} {
		require.ErrorContains(t, err, part)
	}
	require.NotContains(t, err.Error(), "se cret")
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	c := store.Default()
	c.DSN = "http://127.0.0.1:1/db"
	_, err := store.Open(t.Context(), c)
	require.ErrorContains(t, err, "ping store")
	require.True(t, store.Retryable(err))
}

// The stores of tests have a copy of the schema: it is the one that Migrate makes, in every word.
func TestCopiedSchemaIsTheMigratedOne(t *testing.T) {
	copied, _ := shared.Store(t)
	migrated := shared.Empty(t)
	require.NoError(t, migrated.Migrate(t.Context()))
	tables := func(s *store.Store) (all []string) {
		require.NoError(t, s.Conn().QueryRow(t.Context(), `SELECT arraySort(groupArray(replaceAll(create_table_query, currentDatabase(), '')))
			FROM system.tables WHERE database = currentDatabase()`).Scan(&all))
		return all
	}
	require.NotEmpty(t, tables(migrated))
	require.Equal(t, tables(migrated), tables(copied))
	require.NoError(t, copied.Migrate(t.Context()), "nothing is left to migrate")
	require.Equal(t, tables(migrated), tables(copied))
}

func TestMigrateIsIdempotent(t *testing.T) {
	s := shared.Empty(t)
	require.NoError(t, s.Migrate(t.Context()))
	n := count(t, s, "SELECT count() FROM schema_migration")
	require.Positive(t, n)
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, n, count(t, s, "SELECT count() FROM schema_migration"))
}

func TestMigrateAndInitAtOnce(t *testing.T) {
	config := shared.Config(t)
	const processes = 6
	infos := make([]store.Info, processes)
	errs := make([]error, processes)
	var wait sync.WaitGroup
	for i := range processes {
		s := storetest.Open(t, config)
		wait.Go(func() {
			if errs[i] = s.Migrate(t.Context()); errs[i] == nil {
				infos[i], errs[i] = s.Init(t.Context(), i%2 == 0)
			}
		})
	}
	wait.Wait()
	s := storetest.Open(t, config)
	won, err := s.Info(t.Context())
	require.NoError(t, err)
	for i := range processes {
		if i%2 == 0 == won.Demonstration {
			require.NoError(t, errs[i])
		} else {
			require.ErrorIs(t, errs[i], store.ErrDemonstration)
		}
		require.Equal(t, won, infos[i])
	}
	require.Equal(t, uint64(1), count(t, s, "SELECT count() FROM store_info"))
	require.Equal(t, uint64(1), count(t, s, "SELECT count() FROM log_epoch"))
	require.Equal(t, count(t, s, "SELECT uniqExact(version) FROM schema_migration"), count(t, s, "SELECT count() FROM schema_migration"))
}

func TestInitIsForLife(t *testing.T) {
	s := shared.Empty(t)
	require.NoError(t, s.Migrate(t.Context()))
	_, err := s.Info(t.Context())
	require.ErrorIs(t, err, store.ErrNotInitialised)
	first, err := s.Init(t.Context(), true)
	require.NoError(t, err)
	require.True(t, first.Demonstration)
	require.NotEqual(t, uuid.Nil, first.StoreID)
	require.NotEqual(t, uuid.Nil, first.Epoch)
	again, err := s.Init(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, first, again)
	_, err = s.Init(t.Context(), false)
	require.ErrorIs(t, err, store.ErrDemonstration)

	next, err := s.NewEpoch(t.Context(), "test", "another log")
	require.NoError(t, err)
	require.Equal(t, first.StoreID, next.StoreID)
	require.NotEqual(t, first.Epoch, next.Epoch)
}

func TestRetryable(t *testing.T) {
	f := func(err error, want bool) {
		t.Helper()
		require.Equal(t, want, store.Retryable(fmt.Errorf("insert: %w", err)))
	}
	for _, code := range []int32{3, 107, 159, 164, 202, 203, 209, 210, 241, 242, 252, 285, 319, 425, 999} {
		f(&clickhouse.Exception{Code: code}, true)
		f(&clickhouse.HTTPError{StatusCode: 500, Err: &clickhouse.Exception{Code: code}}, true)
	}
	f(&clickhouse.Exception{Code: 60}, false)
	f(&clickhouse.HTTPError{StatusCode: 503, Err: &clickhouse.Exception{Code: 53}}, false)
	f(&clickhouse.HTTPError{StatusCode: 503, Err: errors.New("a proxy's page")}, true)
	f(&clickhouse.HTTPError{StatusCode: 404, Err: errors.New("a proxy's page")}, false)
	f(context.DeadlineExceeded, true)
	f(context.Canceled, false)
	f(clickhouse.ErrAcquireConnTimeout, true)
	f(clickhouse.ErrBatchInvalid, false)
	f(store.ErrRow, false)
}

func TestVersion(t *testing.T) {
	version := func(revision uint32, epoch uint8, offset uint64) uint64 {
		v, err := store.Version(revision, epoch, offset)
		require.NoError(t, err)
		return v
	}
	require.Equal(t, uint64(3<<48+1<<48-1-77), version(3, 0, 77))
	require.Greater(t, version(2, 0, 9), version(1, 0, 0), "a higher revision wins")
	require.Greater(t, version(1, 0, 4), version(1, 0, 5), "the first copy wins")
	require.Greater(t, version(1, 0, 1<<40-1), version(1, 1, 0), "a new log does not overrule an old one")
	require.Greater(t, version(65535, 0, 0), version(65534, 0, 0))
	for _, bad := range []struct {
		revision uint32
		offset   uint64
	}{{0, 0}, {65536, 0}, {1, 1 << 40}} {
		_, err := store.Version(bad.revision, 0, bad.offset)
		require.ErrorIs(t, err, store.ErrRow)
	}
}

func TestReadingPoolCannotWrite(t *testing.T) {
	s, _ := shared.Store(t)
	err := s.Conn().Exec(t.Context(), "INSERT INTO log_epoch (number, epoch) VALUES (9, generateUUIDv4())")
	code, ok := store.Code(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, int32(164), code)
}

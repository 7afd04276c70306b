package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/store"
)

// folderSize sums the files of a folder.
func folderSize(dir string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("size of %s: %w", dir, err)
	}
	return sum, nil
}

// tableSize is what the active parts of a table take on disk.
type tableSize struct {
	Table       string
	Rows, Bytes uint64
	Parts       uint64
}

const sizesSQL = `
SELECT table, sum(rows), sum(bytes_on_disk), count()
FROM system.parts
WHERE active AND database = currentDatabase()
GROUP BY table`

// rangeSize is how many reports were stored with one range of the log, on average.
func rangeSize(ctx context.Context, s *store.Store) (float64, error) {
	var size float64
	err := s.Conn().QueryRow(ctx, "SELECT count() / uniqExact(kafka_partition, range_low) FROM report_log").Scan(&size)
	if err != nil {
		return 0, fmt.Errorf("ask for the ranges: %w", err)
	}
	return size, nil
}

// tableSizes returns the sizes by table, and the version of ClickHouse.
func tableSizes(ctx context.Context, s *store.Store) (sizes map[string]tableSize, version string, err error) {
	conn := s.Conn()
	if err := conn.QueryRow(ctx, "SELECT version()").Scan(&version); err != nil {
		return nil, "", fmt.Errorf("ask for the version: %w", err)
	}
	rows, err := conn.Query(ctx, sizesSQL)
	if err != nil {
		return nil, "", fmt.Errorf("ask for the sizes of tables: %w", err)
	}
	sizes = map[string]tableSize{}
	for rows.Next() {
		var t tableSize
		if err := rows.Scan(&t.Table, &t.Rows, &t.Bytes, &t.Parts); err != nil {
			return nil, "", errors.Join(fmt.Errorf("read the sizes of tables: %w", err), rows.Close())
		}
		sizes[t.Table] = t
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, "", fmt.Errorf("read the sizes of tables: %w", err)
	}
	return sizes, version, nil
}

// measureSizes tells what n stored Annex XII reports take in the store of a place whose
// server has stopped.
func (b *bench) measureSizes(ctx context.Context, p *Phase, at *place, n int) error {
	dsn, program, err := b.engine(ctx, at)
	if err != nil {
		return err
	}
	s, _, err := openStore(ctx, dsn)
	if err != nil {
		return errors.Join(err, stopAll(program))
	}
	sizes, version, err := tableSizes(ctx, s)
	size, sizeErr := rangeSize(ctx, s)
	err = errors.Join(err, sizeErr, s.Close(), stopAll(program))
	if err != nil {
		return err
	}
	p.number("range", "stored with one insert, on average", size, "reports")
	b.machine.Engine = version
	for _, table := range []string{"report_log", "annex_xii"} {
		if rows := sizes[table].Rows; rows != uint64(n) {
			return fmt.Errorf("%s has %d rows, filed were %d", table, rows, n)
		}
		p.number(table+"_bytes", fmt.Sprintf("`%s` in ClickHouse, %d parts", table, sizes[table].Parts), float64(sizes[table].Bytes)/float64(n), "B/report")
	}
	return nil
}

// connect opens a connection that may change things and has time for it.
func connect(dsn string) (driver.Conn, error) {
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("ClickHouse address: %w", err)
	}
	options.ReadTimeout = time.Hour
	options.MaxOpenConns = partitions + 1
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("connect to ClickHouse: %w", err)
	}
	return conn, nil
}

// inDatabase returns the address with another database.
func inDatabase(dsn, database string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("ClickHouse address: %w", err)
	}
	u.Path = "/" + database
	return u.String(), nil
}

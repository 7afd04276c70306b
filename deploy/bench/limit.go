package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"atvsld/ingest/queue"
)

// storedRows are the two inserts of a batch, as files in ClickHouse's Native form.
type storedRows struct{ current, log string }

// engineLimit writes the rows of a drained place to files, one for each insert of the
// batch size of the sink, and inserts them into new tables: the rate at which this
// ClickHouse stores such rows when nothing has to be read, decoded or built. It is 0,
// not measured, for a ClickHouse that was given by a native address: only HTTP takes files.
func (b *bench) engineLimit(ctx context.Context, drained *place, id string) (rate float64, err error) {
	if drained.dsn != "" && !strings.HasPrefix(drained.dsn, "http") {
		return 0, nil
	}
	dir := filepath.Join(drained.dir, "rows")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("make a folder: %w", err)
	}
	batches, err := b.export(ctx, drained, dir)
	if err != nil {
		return 0, err
	}
	at, err := b.place(ctx, id+"_limit")
	if err != nil {
		return 0, err
	}
	conn, done, err := b.tables(ctx, at)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, done()) }()
	start := time.Now()
	if err := insertFiles(ctx, conn, batches); err != nil {
		return 0, err
	}
	seconds := time.Since(start).Seconds()
	return float64(b.Backlog) / seconds, os.RemoveAll(dir)
}

// tables opens a connection to the store of a place, with its engine if it is ours.
// done closes both.
func (b *bench) tables(ctx context.Context, at *place) (conn driver.Conn, done func() error, err error) {
	dsn, engine, err := b.engine(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	s, _, err := openStore(ctx, dsn)
	if err != nil {
		return nil, nil, errors.Join(err, stopAll(engine))
	}
	if conn, err = connect(dsn); err != nil {
		return nil, nil, errors.Join(err, s.Close(), stopAll(engine))
	}
	return conn, func() error { return errors.Join(conn.Close(), s.Close(), stopAll(engine)) }, nil
}

// export writes the rows of every partition in the order of the log.
func (b *bench) export(ctx context.Context, at *place, dir string) (batches []storedRows, err error) {
	conn, done, err := b.tables(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	step := uint64(queue.DefaultConsumer().MaxRecords)
	for partition := range partitions {
		var end uint64
		row := conn.QueryRow(ctx, "SELECT if(count() = 0, 0, max(kafka_offset) + 1) FROM report_log WHERE kafka_partition = {p:UInt16}", clickhouse.Named("p", partition))
		if err := row.Scan(&end); err != nil {
			return nil, fmt.Errorf("ask how far partition %d is stored: %w", partition, err)
		}
		for low := uint64(0); low < end; low += step {
			files := storedRows{filepath.Join(dir, fmt.Sprintf("%d-%d-current", partition, low)), filepath.Join(dir, fmt.Sprintf("%d-%d-log", partition, low))}
			where := fmt.Sprintf("WHERE kafka_partition = %d AND kafka_offset >= %d AND kafka_offset < %d ORDER BY kafka_offset", partition, low, low+step)
			if err := errors.Join(exportFile(ctx, conn, "annex_xii", where, files.current), exportFile(ctx, conn, "report_log", where, files.log)); err != nil {
				return nil, err
			}
			batches = append(batches, files)
		}
	}
	return batches, nil
}

func exportFile(ctx context.Context, conn driver.Conn, table, where, path string) error {
	// One block, as the sink sends it, and of the revision that an INSERT takes.
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"max_block_size": 1 << 20, "wait_end_of_query": 1, "client_protocol_version": 0,
	}))
	rows, err := conn.QueryFormat(ctx, "Native", "SELECT * FROM "+table+" "+where)
	if err != nil {
		return fmt.Errorf("read rows of %s: %w", table, err)
	}
	file, err := os.Create(path)
	if err != nil {
		return errors.Join(fmt.Errorf("write rows of %s: %w", table, err), rows.Close())
	}
	_, err = io.Copy(file, rows)
	return errors.Join(err, rows.Close(), file.Close())
}

// insertFiles inserts as many batches at once as the sink has partitions, the current
// table before the log.
func insertFiles(ctx context.Context, conn driver.Conn, batches []storedRows) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(partitions)
	for _, files := range batches {
		group.Go(func() error {
			if err := insertFile(ctx, conn, "annex_xii", files.current); err != nil {
				return err
			}
			return insertFile(ctx, conn, "report_log", files.log)
		})
	}
	return group.Wait()
}

func insertFile(ctx context.Context, conn driver.Conn, table, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("insert rows: %w", err)
	}
	defer file.Close()
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"async_insert": 0, "insert_deduplication_token": path, "max_insert_block_size": 1 << 20,
		"min_insert_block_size_rows": 1 << 20, "min_insert_block_size_bytes": 0,
	}))
	if err := conn.InsertFormat(ctx, "Native", "INSERT INTO "+table, file); err != nil {
		return fmt.Errorf("insert rows into %s: %w", table, err)
	}
	return nil
}

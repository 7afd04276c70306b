package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// scratchMark stands between a database's name and the second in which its scratch was
// made; scratchLife is how long one may be in use.
const (
	scratchMark = "_scratch_"
	scratchLife = 24 * time.Hour
)

// Scratch makes an empty store beside s, on the same server and in a database of its own:
// of the same kind, and with the same epochs, so that a copy of a revision has the same
// version in both. drop closes it and takes the database away; what a process that died
// left behind is taken away after a day.
func (s *Store) Scratch(ctx context.Context) (scratch *Store, drop func(ctx context.Context) error, err error) {
	var database string
	if err := each(ctx, s.write, "SELECT currentDatabase()", nil, func(rows driver.Rows) error { return rows.Scan(&database) }); err != nil {
		return nil, nil, fmt.Errorf("make a scratch database: %w", err)
	}
	if err := s.dropStale(ctx, database); err != nil {
		return nil, nil, err
	}
	now := time.Now()
	// Two at the same second do not share one.
	name := database + scratchMark + strconv.FormatInt(now.Unix(), 10) + "_" + strconv.Itoa(now.Nanosecond())
	if err := s.write.Exec(ctx, "CREATE DATABASE "+identifier(name)); err != nil {
		return nil, nil, fmt.Errorf("make a scratch database: %w", err)
	}
	scratch, err = s.openScratch(ctx, database, name)
	if err != nil {
		return nil, nil, errors.Join(err, s.dropDatabase(context.WithoutCancel(ctx), name))
	}
	return scratch, func(ctx context.Context) error { return errors.Join(scratch.Close(), s.dropDatabase(ctx, name)) }, nil
}

func (s *Store) openScratch(ctx context.Context, database, name string) (*Store, error) {
	config := s.config
	address, err := url.Parse(config.DSN)
	if err != nil {
		// Not its text: the address holds a password.
		return nil, errors.New("open a scratch database: the address of the store is no URL")
	}
	address.Path = "/" + name
	config.DSN = address.String()
	// The reading user knows nothing of a database that comes and goes.
	config.ReadDSN = ""
	config.FiguresLag = 0
	scratch, err := Open(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := scratch.Migrate(ctx); err != nil {
		return nil, errors.Join(err, scratch.Close())
	}
	for _, table := range []string{"log_epoch", "store_info"} {
		copied := fmt.Sprintf("INSERT INTO %s SELECT * FROM %s.%s", table, identifier(database), table)
		if err := scratch.write.Exec(ctx, copied); err != nil {
			return nil, errors.Join(fmt.Errorf("copy %s to a scratch database: %w", table, err), scratch.Close())
		}
	}
	return scratch, nil
}

// dropStale takes away what processes that died left behind.
func (s *Store) dropStale(ctx context.Context, database string) error {
	prefix := database + scratchMark
	var stale []string
	err := each(ctx, s.write, "SELECT name FROM system.databases WHERE startsWith(name, {prefix:String})", parameters{"prefix": prefix},
		func(rows driver.Rows) error {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			second, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
			made, err := strconv.ParseInt(second, 10, 64)
			if err == nil && time.Since(time.Unix(made, 0)) > scratchLife {
				stale = append(stale, name)
			}
			return nil
		})
	if err != nil {
		return fmt.Errorf("look for old scratch databases: %w", err)
	}
	for _, name := range stale {
		if err := s.dropDatabase(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) dropDatabase(ctx context.Context, name string) error {
	if err := s.write.Exec(ctx, "DROP DATABASE IF EXISTS "+identifier(name)+" SYNC"); err != nil {
		return fmt.Errorf("drop the scratch database %s: %w", name, err)
	}
	return nil
}

func identifier(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

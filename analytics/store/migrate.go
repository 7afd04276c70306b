package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed sql
var sqlFiles embed.FS

// migration is one file sql/migration/NNNN_name.sql. Files are forward-only: once
// released, a file is never changed.
type migration struct {
	version    uint32
	name       string
	checksum   string
	statements []string
}

const createMigrationTable = `
CREATE TABLE IF NOT EXISTS schema_migration
(
    version    UInt32,
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY version
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1`

// Migrate brings the schema up to this program. Where nothing is to be done it only reads,
// so that roles can work with a user who may change no schema. ClickHouse has neither transactions
// nor locks for this, so every statement is idempotent and migrations are recorded
// after they ran: a crash repeats some, and two processes may run them at once. The error
// is ErrMigration when the store's history is not a prefix of this program's.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := migrations(sqlFiles)
	if err != nil {
		return err
	}
	return s.migrate(ctx, all)
}

func (s *Store) migrate(ctx context.Context, all []migration) error {
	if err := s.ensureMigrationTable(ctx); err != nil {
		return err
	}
	applied, err := s.applied(ctx)
	if err != nil {
		return err
	}
	if err := checkHistory(all, applied); err != nil {
		return err
	}
	var done []migration
	for _, m := range all[len(applied):] {
		if err = s.apply(ctx, m); err != nil {
			break
		}
		done = append(done, m)
	}
	return errors.Join(err, s.record(ctx, done))
}

// ensureMigrationTable makes the table of what was applied, if there is none.
func (s *Store) ensureMigrationTable(ctx context.Context) error {
	there := false
	err := each(ctx, s.write, "SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migration'", nil,
		func(driver.Rows) error {
			there = true
			return nil
		})
	if err == nil && !there {
		err = s.write.Exec(ctx, createMigrationTable)
	}
	if err != nil {
		return fmt.Errorf("create schema_migration: %w", err)
	}
	return nil
}

// createTable finds the tables that a migration makes.
var createTable = regexp.MustCompile(`(?m)^CREATE TABLE IF NOT EXISTS (\w+)`)

// Tables names every table of the schema, in order of their names: what users are granted
// rights on.
func Tables() ([]string, error) {
	all, err := migrations(sqlFiles)
	if err != nil {
		return nil, err
	}
	names := []string{"schema_migration"}
	for _, m := range all {
		for _, statement := range m.statements {
			for _, found := range createTable.FindAllStringSubmatch(statement, -1) {
				names = append(names, found[1])
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func (s *Store) apply(ctx context.Context, m migration) error {
	for _, statement := range m.statements {
		if err := s.write.Exec(ctx, statement); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.version, m.name, err)
		}
	}
	return nil
}

// record writes down what was applied, in one statement: a new store has dozens, and each
// statement of its own would be a part to write and sync.
func (s *Store) record(ctx context.Context, done []migration) error {
	if len(done) == 0 {
		return nil
	}
	var versions []uint32
	var names, checksums []string
	for _, m := range done {
		versions, names, checksums = append(versions, m.version), append(names, m.name), append(checksums, m.checksum)
	}
	return s.once(ctx, fmt.Sprintf("migrations/%d-%d", versions[0], versions[len(versions)-1]),
		`INSERT INTO schema_migration (version, name, checksum)
		SELECT m.1, m.2, m.3 FROM (SELECT arrayJoin(arrayZip({versions:Array(UInt32)}, {names:Array(String)}, {checksums:Array(String)})) AS m)`,
		parameters{"versions": versions, "names": names, "checksums": checksums})
}

// once runs an INSERT that stores its row only if no other INSERT with the token
// did: the compare-and-set of this package.
func (s *Store) once(ctx context.Context, token, query string, params parameters) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(dedupSettings(token, 1)))
	if err := s.write.Exec(ctx, query, params.args()...); err != nil {
		return fmt.Errorf("record %s: %w", token, err)
	}
	return nil
}

func (s *Store) applied(ctx context.Context) ([]migration, error) {
	var applied []migration
	err := each(ctx, s.write, "SELECT version, any(name), groupUniqArray(checksum) FROM schema_migration GROUP BY version ORDER BY version", nil,
		func(rows driver.Rows) error {
			var m migration
			var checksums []string
			if err := rows.Scan(&m.version, &m.name, &checksums); err != nil {
				return err
			}
			m.checksum = strings.Join(checksums, "+")
			applied = append(applied, m)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read schema_migration: %w", err)
	}
	return applied, nil
}

func checkHistory(all, applied []migration) error {
	for i, a := range applied {
		if i >= len(all) {
			return fmt.Errorf("%w: it has migration %04d_%s, this program knows only %d: start a newer program", ErrMigration, a.version, a.name, len(all))
		}
		m := all[i]
		if a.version != m.version {
			return fmt.Errorf("%w: migration %04d_%s was never applied, but %04d_%s was: start the program that fits", ErrMigration, m.version, m.name, a.version, a.name)
		}
		if a.checksum != m.checksum {
			return fmt.Errorf("%w: migration %04d_%s was changed after it had been applied (then %.12s, now %.12s): restore the file and add a new migration", ErrMigration, m.version, m.name, a.checksum, m.checksum)
		}
	}
	return nil
}

// migrations reads sql/migration, ordered by number. Numbers may leave gaps, so that
// several can be written at once; a store's history is still a prefix of them.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "sql/migration/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(names)
	all := make([]migration, len(names))
	for i, name := range names {
		if all[i], err = readMigration(files, name); err != nil {
			return nil, err
		}
		if i > 0 && all[i].version <= all[i-1].version {
			return nil, fmt.Errorf("migration %s: its number is %04d's", name, all[i-1].version)
		}
	}
	return all, nil
}

func readMigration(files fs.FS, name string) (migration, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return migration{}, fmt.Errorf("read migration: %w", err)
	}
	number, title, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
	version, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return migration{}, fmt.Errorf("migration %s: the name must begin with a number", name)
	}
	sum := sha256.Sum256(text)
	return migration{version: uint32(version), name: title, checksum: hex.EncodeToString(sum[:]), statements: statements(string(text))}, nil
}

// statements splits at semicolons that end a line; no text in a migration has one.
func statements(text string) []string {
	var all []string
	for statement := range strings.SplitSeq(text, ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			all = append(all, statement)
		}
	}
	return all
}

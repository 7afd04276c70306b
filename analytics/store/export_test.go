package store

import (
	"context"
	"fmt"
	"io/fs"
)

// What the tests of the package's outside see of its inside.

const (
	KnownSQL   = knownSQL
	RequestSQL = requestSQL

	RegisterYear = registerYear
)

// Queries that a projection answers.
var (
	PositionsSQL = positionsSQL
	WindowsSQL   = windowsSQL
)

// ObligedSQL is the query of Obliged.
var ObligedSQL = obligedSQL

// Files are the SQL files of the program.
var Files fs.FS = sqlFiles

// MigrateFrom migrates with other files than those of the program.
func (s *Store) MigrateFrom(ctx context.Context, files fs.FS) error {
	all, err := migrations(files)
	if err != nil {
		return err
	}
	return s.migrate(ctx, all)
}

// Statements are all statements of the program's migrations.
func Statements() ([]string, error) {
	all, err := migrations(sqlFiles)
	var statements []string
	for _, m := range all {
		statements = append(statements, m.statements...)
	}
	return statements, err
}

// CellSQL is the text of a query for cells.
func CellSQL(q CellQuery) (string, error) {
	text, _, err := cellSQL(q)
	return text, err
}

// FreezeSQL is the text of a closing.
func FreezeSQL() (string, error) {
	text, _, err := freezeSQL(false)
	return text, err
}

// Freeze is the first half of closing a year.
func (s *Store) Freeze(ctx context.Context, id string, year int) error {
	return s.freeze(ctx, id, year, false)
}

// InColumns lets inserts go through the driver's own columns, as with the native
// protocol.
func (s *Store) InColumns() { s.http = false }

// CurrentTables are the tables that drift is looked for in.
var CurrentTables = currentTables

// Exec runs a statement through the writing pool.
func (s *Store) Exec(ctx context.Context, statement string) error {
	return s.write.Exec(ctx, statement)
}

// FunnelSQL and TreatedSQL are the queries as they are sent.
func FunnelSQL(q FunnelQuery) string { return q.sql() }

func TreatedSQL(on Geography) string { return fmt.Sprintf(treatedSQL, on.sql()) + finalSettings }

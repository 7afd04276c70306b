package store

import (
	"context"
	"io/fs"
	"time"

	"atvsld/analytics/access"
	"atvsld/analytics/obligation"
	"atvsld/seeds"
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
func ObligedSQL(owed []obligation.Owed) (string, error) { return obligedSQL(owed, everything) }

// Actions are the actions of the methods.
var Actions = actions

// Ask tells how far somebody reaches with a method.
func Ask(ctx context.Context, method string) (access.Reach, error) {
	sc, err := new(Store).ask(ctx, method)
	return sc.Reach, err
}

// UnitReached is the condition on a unit.
const UnitReached = unitReached

// everything is the scope of who reaches all.
var everything = scope{Reach: access.Reach{Extent: access.All}}

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
	q.owing = owingOf(seeds.Default(), q.Measures, q.From, q.To, periodTypes[q.Span], seeds.MustDate(2026, time.January, 1))
	return cellSQL(q)
}

// IsDue tells measures that need a register.
var IsDue = isDue

// FreezeSQL is the text of a closing.
func FreezeSQL() (string, error) {
	return freezeSQL(false, Measures(), owingOf(seeds.Default(), Measures(), 2024, 2024, nil, seeds.MustDate(2026, time.January, 1)))
}

// Freeze is the first half of closing a year.
func (s *Store) Freeze(ctx context.Context, id string, year int) error {
	return s.freeze(ctx, []closing{{id: id, year: year}}, time.Now())
}

// Twin opens the same store once more, with another configuration.
func (s *Store) Twin(ctx context.Context, change func(*Config)) (*Store, error) {
	config := s.config
	change(&config)
	return Open(ctx, config)
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
func FunnelSQL(q FunnelQuery) string { return q.sql(everything) }

func TreatedSQL(on Geography) string { return treatedQuery(on, everything) }

// FilingsSQL and CurrentSQL are what ReportFates reads.
func FilingsSQL(q FateQuery) (string, error) {
	return fateQuestion{FateQuery: q, scope: everything}.from(ofLog)
}

func CurrentSQL(q FateQuery) (string, error) {
	return fateQuestion{FateQuery: q, scope: everything}.from(ofCurrent)
}

// MigrateReading is Migrate with the pool that may only read.
func MigrateReading(ctx context.Context, s *Store) error {
	reading := &Store{config: s.config, write: s.read, read: s.read}
	return reading.Migrate(ctx)
}

// Queries and conditions within an extent.

func CellSQLInArea(q CellQuery) (string, error) {
	q.within = []string{}
	return CellSQL(q)
}

func FunnelSQLInArea(q FunnelQuery) string {
	return q.sql(scope{Reach: access.Reach{Extent: access.Area}})
}

func ReportsReached(extent access.Extent, kinds []string) string {
	return scope{Reach: access.Reach{Extent: extent, Kinds: kinds}}.reports("{id:UInt128}")
}

// YearlySQLInArea is the query of Yearly for an officer of an area.
func YearlySQLInArea() (string, error) {
	return yearlySQL(scope{Reach: access.Reach{Extent: access.Area}}.rows(scopedTable{places: []string{"province"}}))
}

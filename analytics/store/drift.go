package store

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"
	"text/template"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// currentTables are the tables that hold the newest revision of each report, one a kind
// and of its name.
var currentTables = []string{
	"accident_declaration", "annex_xii", "base_figures", "case_link", "clinic_report", "commune_report",
	"disease_case", "disease_report", "equipment_inspection_report", "examination_report", "health_summary",
	"inspection", "insurance_report", "investigation", "monitoring_report", "obligation_relief", "osh_report",
	"registration", "technical_incident", "training_report",
}

// Copy is one stored copy of a revision and where it lies in the log.
type Copy struct {
	Kind      string `json:"kind"`
	StatYear  uint16 `json:"stat_year"`
	Revision  uint32 `json:"revision"`
	Partition uint16 `json:"partition"`
	Offset    uint64 `json:"offset"`
	// Log is the number of the log's epoch.
	Log uint8 `json:"log"`
}

// Drift is a report whose current row is not the one that report_log asks for.
type Drift struct {
	ReportID uuid.UUID `json:"report_id"`
	// Logged is the copy that should be current, none if the report is withdrawn or not
	// in the log; Current are the rows that figures count, at most one if all is well.
	Logged  []Copy `json:"logged"`
	Current []Copy `json:"current"`
}

// Scope chooses reports: those of a list, or all ids from Low to High.
type Scope struct {
	IDs       []uuid.UUID
	Low, High uuid.UUID
}

// LastID is the highest id that a report can have.
var LastID = uuid.Max

// All is every report.
func All() Scope { return Scope{High: LastID} }

const (
	sliceScope = "report_id BETWEEN {low:UInt128} AND {high:UInt128}"
	listScope  = "report_id IN {ids:Array(UInt128)}"
)

func (c Scope) condition() string {
	if c.IDs != nil {
		return listScope
	}
	return sliceScope
}

func (c Scope) parameters() parameters {
	if c.IDs != nil {
		return parameters{"ids": idNumbers(c.IDs)}
	}
	return parameters{"low": idNumber(c.Low), "high": idNumber(c.High)}
}

// driftHash is of what a current row must have in common with the log.
const driftHash = "cityHash64(report_id, version, kafka_partition)"

var driftTemplates = sync.OnceValue(func() *template.Template {
	t := template.New("drift")
	template.Must(t.New("hash").Parse(driftHash))
	for _, name := range []string{"beyond", "logged", "current", "sums", "details"} {
		text, err := sqlFiles.ReadFile("sql/drift/" + name + ".sql")
		if err != nil {
			panic(err) // a file of the program itself
		}
		template.Must(t.New(name).Parse(string(bytes.TrimSpace(text))))
	}
	return t
})

func driftSQL(name string, scope Scope) (string, error) {
	var b bytes.Buffer
	err := driftTemplates().ExecuteTemplate(&b, name, struct {
		Scope  string
		Tables []string
	}{scope.condition(), currentTables})
	if err != nil {
		return "", fmt.Errorf("write query %s: %w", name, err)
	}
	return b.String() + finalSettings, nil
}

// Drifting returns the reports of scope whose current row is not the one that report_log
// asks for: how many, and the first limit of them. Sums of hashes by kind and year are
// compared first; only what differs is looked into. Reports that the sink writes
// meanwhile are left out: whatever lies behind the positions stored at the start. A range
// that is stored anew below them may still show; it is gone when asked again.
func (s *Store) Drifting(ctx context.Context, epoch uuid.UUID, scope Scope, limit int) (total uint64, first []Drift, err error) {
	if scope.IDs != nil && len(scope.IDs) == 0 {
		return 0, nil, nil
	}
	positions, err := s.Positions(ctx, epoch)
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	params := with(scope.parameters(), "epoch", epoch.String())
	params["partitions"], params["offsets"] = upTo(positions)
	kinds, years, err := s.driftSums(ctx, scope, params)
	if err != nil || len(kinds) == 0 {
		return 0, nil, err
	}
	params["kinds"], params["years"], params["limit"] = kinds, years, limit
	return s.driftDetails(ctx, scope, params)
}

func upTo(positions map[uint16]StoredPosition) (partitions []uint16, offsets []int64) {
	for partition, p := range positions {
		partitions, offsets = append(partitions, partition), append(offsets, p.Log)
	}
	if len(partitions) == 0 {
		// The list must have a type; nothing is stored under this number.
		return []uint16{math.MaxUint16}, []int64{-1}
	}
	return partitions, offsets
}

func (s *Store) driftSums(ctx context.Context, scope Scope, params parameters) (kinds []string, years []uint16, err error) {
	query, err := driftSQL("sums", scope)
	if err != nil {
		return nil, nil, err
	}
	err = each(ctx, s.write, query, params, func(rows driver.Rows) error {
		var kind string
		var year uint16
		var logged, current uint64
		if err := rows.Scan(&kind, &year, &logged, &current); err != nil {
			return err
		}
		kinds, years = append(kinds, kind), append(years, year)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("compare current tables with the log: %w", err)
	}
	return kinds, years, nil
}

func (s *Store) driftDetails(ctx context.Context, scope Scope, params parameters) (total uint64, first []Drift, err error) {
	query, err := driftSQL("details", scope)
	if err != nil {
		return 0, nil, err
	}
	err = each(ctx, s.write, query, params, func(rows driver.Rows) error {
		var number big.Int
		var logged, current [][]any
		if err := rows.Scan(&number, &logged, &current, &total); err != nil {
			return err
		}
		d := Drift{ReportID: idOf(&number)}
		if d.Logged, err = copies(logged); err != nil {
			return err
		}
		d.Current, err = copies(current)
		first = append(first, d)
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("list the reports that drift: %w", err)
	}
	return total, first, nil
}

// copies reads tuples of kind, year, version and partition.
func copies(tuples [][]any) ([]Copy, error) {
	all := make([]Copy, len(tuples))
	for i, t := range tuples {
		kind, isKind := t[0].(string)
		year, isYear := t[1].(uint16)
		version, isVersion := t[2].(uint64)
		partition, isPartition := t[3].(uint16)
		if !isKind || !isYear || !isVersion || !isPartition {
			return nil, fmt.Errorf("a copy of %T, %T, %T, %T", t[0], t[1], t[2], t[3])
		}
		all[i] = Copy{Kind: kind, StatYear: year, Partition: partition}
		all[i].Revision, all[i].Log, all[i].Offset = splitVersion(version)
	}
	return all, nil
}

// splitVersion undoes Version.
func splitVersion(version uint64) (revision uint32, epoch uint8, offset uint64) {
	place := revisionUnit - 1 - version%revisionUnit
	return uint32(version / revisionUnit), uint8(place >> offsetBits), place & maxOffset
}

const sliceSQL = `
SELECT max(report_id), toUInt64(count())
FROM (SELECT report_id FROM report_log WHERE report_id >= {low:UInt128} ORDER BY report_id LIMIT {rows:UInt64})`

// Slice returns the reports from low on, about as many as rows of report_log, and whether
// they are the last. The slices of a walk cover all ids, also those that the log does not
// have.
func (s *Store) Slice(ctx context.Context, low uuid.UUID, rows int) (slice Scope, last bool, err error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var high big.Int
	var found uint64
	err = each(ctx, s.write, sliceSQL, parameters{"low": idNumber(low), "rows": rows}, func(r driver.Rows) error { return r.Scan(&high, &found) })
	if err != nil {
		return Scope{}, false, fmt.Errorf("cut a slice of reports: %w", err)
	}
	if found < uint64(rows) {
		return Scope{Low: low, High: LastID}, true, nil
	}
	return Scope{Low: low, High: idOf(&high)}, false, nil
}

// Next is the lowest id behind the slice, which must not be the last.
func (c Scope) Next() uuid.UUID {
	next := c.High
	for i := len(next) - 1; i >= 0; i-- {
		next[i]++
		if next[i] != 0 {
			break
		}
	}
	return next
}

// recentReports is how many Recent chooses. Ids of periodic reports are scattered, so that
// each costs a granule of every large part.
const recentReports = 400

const recentSQL = `
SELECT DISTINCT report_id
FROM report_log
WHERE epoch = {epoch:UUID}
    AND toInt64(kafka_offset) > transform(kafka_partition, {partitions:Array(UInt16)}, {offsets:Array(Int64)}, toInt64(0)) - {newest:Int64}
LIMIT {limit:UInt32}`

// Recent chooses the reports that were stored last, from every partition, at most
// recentReports of them.
func (s *Store) Recent(ctx context.Context, epoch uuid.UUID) (Scope, error) {
	positions, err := s.Positions(ctx, epoch)
	if err != nil {
		return Scope{}, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	partitions, offsets := upTo(positions)
	recent := Scope{IDs: []uuid.UUID{}}
	params := parameters{
		"epoch": epoch.String(), "partitions": partitions, "offsets": offsets,
		"newest": max(1, recentReports/len(partitions)), "limit": recentReports,
	}
	err = each(ctx, s.write, recentSQL, params, func(rows driver.Rows) error {
		var number big.Int
		if err := rows.Scan(&number); err != nil {
			return err
		}
		recent.IDs = append(recent.IDs, idOf(&number))
		return nil
	})
	if err != nil {
		return Scope{}, fmt.Errorf("list the newest reports: %w", err)
	}
	slices.SortFunc(recent.IDs, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return recent, nil
}

// Holds tells whether a report belongs to the scope.
func (c Scope) Holds(id uuid.UUID) bool {
	if c.IDs != nil {
		return slices.Contains(c.IDs, id)
	}
	return bytes.Compare(c.Low[:], id[:]) <= 0 && bytes.Compare(id[:], c.High[:]) <= 0
}

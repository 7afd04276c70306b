package store_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".sql")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got+"\n"), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got+"\n")
}

// The text of a query depends on measures and dimensions only. Read a change of these
// files as closely as a change of code.
func TestGoldenQueries(t *testing.T) {
	on34 := store.On(seeds.List34, seeds.Default())
	f := func(name string, q store.CellQuery) {
		t.Helper()
		q.From, q.To = 2024, 2025
		if q.Span == "" {
			q.Span = store.Year
		}
		if q.Basis == "" {
			q.Basis = store.Live
		}
		require.NoError(t, q.Validate())
		text, err := store.CellSQL(q)
		require.NoError(t, err)
		golden(t, name, text)
	}
	provinceYear := []store.Dim{store.ByYear, store.ByProvince}
	f("attainment", store.CellQuery{Measures: []string{store.FatalAccidents, store.Deaths, store.ExaminedPersons, store.MonitoredSites}, GroupBy: provinceYear, Geography: on34})
	f("attainment_closed", store.CellQuery{Measures: []string{store.FatalAccidents, store.Deaths, store.ExaminedPersons, store.MonitoredSites}, GroupBy: provinceYear, Geography: on34, Basis: store.Closed})
	f("shares", store.CellQuery{Measures: []string{store.HoursWorked, store.DaysOffWithHours, store.OSHStaff, store.OSHStaffTrained, store.LocalOfficers, store.LocalOfficersTrained,
		store.VictimsEntitled, store.VictimsEntitledPaid, store.HazardEstablishments, store.HazardEstablishmentsMonitored}, GroupBy: provinceYear, Geography: on34})
	f("investigations", store.CellQuery{Measures: []string{store.FatalAccidentsDue, store.FatalAccidentsInvestigated, store.InvestigationsDue, store.InvestigationsInTime}, GroupBy: provinceYear, Geography: on34})
	f("accidents_by_cause", store.CellQuery{Measures: []string{store.Accidents, store.Victims}, GroupBy: []store.Dim{store.ByYear, store.ByCause, store.ByEmployment}})
	f("accidents_by_size_class", store.CellQuery{Measures: []string{store.Accidents, store.ExaminedPersons}, GroupBy: []store.Dim{store.ByYear, store.BySizeClass}})
	f("victims_by_sex", store.CellQuery{Measures: []string{store.Victims, store.WorkersReporting}, GroupBy: []store.Dim{store.ByYear, store.BySection, store.BySex}})
	f("deaths_by_age_group", store.CellQuery{Measures: []string{store.Deaths}, GroupBy: []store.Dim{store.ByYear, store.ByAgeGroup}})
	f("deaths_by_factor_closed", store.CellQuery{Measures: []string{store.Deaths}, GroupBy: []store.Dim{store.ByYear, store.ByFactor}, Basis: store.Closed})
	f("accidents_by_section_half_year", store.CellQuery{Measures: []string{store.Accidents}, GroupBy: []store.Dim{store.BySection}, Span: store.FirstHalf})
	f("accidents_second_half", store.CellQuery{Measures: []string{store.Accidents}, GroupBy: []store.Dim{store.ByEmployment}, Span: store.SecondHalf})
	f("deaths_earlier_closing", store.CellQuery{Measures: []string{store.Deaths}, GroupBy: []store.Dim{store.ByYear}, Basis: store.Earlier, Until: day(2026, 2, 1)})
	f("coverage", store.CellQuery{Measures: []string{store.EstablishmentsDue, store.ReportsOfDue, store.MonitoringDue}, GroupBy: provinceYear, Geography: on34})
	f("deaths_closed_half_year", store.CellQuery{Measures: []string{store.Deaths}, GroupBy: []store.Dim{store.ByMonth}, Span: store.FirstHalf, Basis: store.Closed})
}

// What a scope adds to a query holds no value of it.
func TestGoldenQueriesWithinAScope(t *testing.T) {
	on34 := store.On(seeds.List34, seeds.Default())
	text, err := store.CellSQLInArea(store.CellQuery{Measures: []string{store.Exposed}, From: 2024, To: 2025, Span: store.Year, Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: on34})
	require.NoError(t, err)
	golden(t, "exposed_area", text)
	yearly, err := store.YearlySQLInArea()
	require.NoError(t, err)
	golden(t, "yearly_area", yearly)
	golden(t, "funnel_area", store.FunnelSQLInArea(store.FunnelQuery{GroupBy: []store.Dim{store.ByProvince}, Geography: on34}))
	golden(t, "reports_area", store.ReportsReached(access.Area, []string{"annex_xii"}))
	golden(t, "reports_own", store.ReportsReached(access.Own, nil))
	golden(t, "reports_sector", store.ReportsReached(access.Sector, nil))
	require.Empty(t, store.ReportsReached(access.All, nil))
}

func TestGoldenQueriesOfTheHealthSystem(t *testing.T) {
	on34 := store.On(seeds.List34, seeds.Default())
	golden(t, "funnel", store.FunnelSQL(store.FunnelQuery{GroupBy: []store.Dim{store.ByYear, store.ByProvince}, Geography: on34}))
	golden(t, "funnel_reported", store.FunnelSQL(store.FunnelQuery{GroupBy: []store.Dim{store.ByDisease}}))
	golden(t, "treated", store.TreatedSQL(on34))
}

func TestGoldenQueriesOfFates(t *testing.T) {
	q := store.FateQuery{Kinds: store.FateKinds(), Year: 2025, Span: store.Year, Basis: store.Live, Employment: []string{store.Contract}}
	current, err := store.CurrentSQL(q)
	require.NoError(t, err)
	golden(t, "fates_current", current)
	q.Basis, q.Geography, q.Province = store.Closed, store.On(seeds.List34, seeds.Default()), province(seeds.List34, "01")
	filings, err := store.FilingsSQL(q)
	require.NoError(t, err)
	golden(t, "fates_filings_closed_area", filings)
}

func TestOnlyAskedSourcesAreRead(t *testing.T) {
	q := store.CellQuery{Measures: []string{store.Exposed}, From: 2025, To: 2025, Span: store.Year, Basis: store.Live}
	text, err := store.CellSQL(q)
	require.NoError(t, err)
	require.Contains(t, text, "disease_report")
	for _, table := range []string{"accident_declaration", "annex_xii", "commune_report", "monitoring_report", "closed_cell"} {
		require.NotContains(t, text, table)
	}
	require.NotContains(t, text, "examined_persons)")
}

// FINAL with PREWHERE chooses by values that an amendment has replaced.
func TestNoPrewhere(t *testing.T) {
	all, err := store.FreezeSQL()
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(all), "prewhere ")
	require.Contains(t, all, "optimize_move_to_prewhere_if_final = 0")
	require.Contains(t, all, "do_not_merge_across_partitions_select_final = 1")
	current := regexp.MustCompile(`FROM (?:accident_declaration|annex_xii|commune_report|disease_report|monitoring_report|osh_report|training_report|equipment_inspection_report|insurance_report|inspection|investigation|registration|case_link)\b(\s.*)`)
	// Without FINAL: supersets of keys, and the newest version of a few reports.
	plain := regexp.MustCompile(`^( WHERE joined\)| WHERE stat_year = \{register:UInt16\}\)|.*notEmpty\(covers_branches\)\)|\n\s+WHERE (stat_year .*|report_id IN|joined AND NOT withdrawn))$`)
	for _, match := range current.FindAllStringSubmatch(all, -1) {
		if !strings.HasPrefix(match[1], " FINAL") {
			require.Regexp(t, plain, match[1])
		}
	}
}

// A migration may run twice: after a crash, or in two processes.
func TestStatementsAreIdempotent(t *testing.T) {
	statements, err := store.Statements()
	require.NoError(t, err)
	comment := regexp.MustCompile(`(?m)^\s*--.*$`)
	idempotent := regexp.MustCompile(`^(CREATE (TABLE|MATERIALIZED VIEW|VIEW|DICTIONARY) IF NOT EXISTS|DROP (TABLE|VIEW) IF EXISTS|` +
		`ALTER TABLE \w+ ((ADD (COLUMN|INDEX|PROJECTION) IF NOT EXISTS|(DROP (COLUMN|INDEX|PROJECTION)|RENAME COLUMN) IF EXISTS)|MODIFY|MATERIALIZE PROJECTION)) `)
	for _, s := range statements {
		s = strings.TrimSpace(comment.ReplaceAllString(s, ""))
		require.Regexp(t, idempotent, s)
		if strings.Contains(s, "ENGINE") {
			for _, setting := range []string{"non_replicated_deduplication_window = 10000", "fsync_after_insert = 1", "fsync_part_directory = 1"} {
				require.Contains(t, s, setting)
			}
		}
	}
}

func TestMigrationHistoryIsGuarded(t *testing.T) {
	file := func(n, text string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("CREATE TABLE IF NOT EXISTS " + n + text + " ENGINE = Memory;\n")}
	}
	files := fstest.MapFS{"sql/migration/0001_a.sql": file("a", "(x UInt8)"), "sql/migration/0002_b.sql": file("b", "(x UInt8)")}
	s := shared.Empty(t)
	require.NoError(t, s.MigrateFrom(t.Context(), files))

	f := func(change func(fstest.MapFS), want string) {
		t.Helper()
		changed := maps.Clone(files)
		change(changed)
		err := s.MigrateFrom(t.Context(), changed)
		require.ErrorContains(t, err, want)
	}
	f(func(fs fstest.MapFS) { fs["sql/migration/0001_a.sql"] = file("a", "(x UInt16)") }, "0001_a was changed after it had been applied")
	f(func(fs fstest.MapFS) { delete(fs, "sql/migration/0002_b.sql") }, "start a newer program")
	f(func(fs fstest.MapFS) { fs["sql/migration/0002_d.sql"] = file("d", "(x UInt8)") }, "its number is 0002's")
	f(func(fs fstest.MapFS) { fs["sql/migration/x_d.sql"] = file("d", "(x UInt8)") }, "must begin with a number")

	files["sql/migration/0003_c.sql"] = file("c", "(x UInt8)")
	require.NoError(t, s.MigrateFrom(t.Context(), files))
	require.Equal(t, uint64(3), count(t, s, "SELECT count() FROM schema_migration"))
	files["sql/migration/0004_d.sql"] = file("d", "(x NoSuchType)")
	require.ErrorContains(t, s.MigrateFrom(t.Context(), files), "migration 0004_d")
	require.Equal(t, uint64(3), count(t, s, "SELECT count() FROM schema_migration"))
}

// The hot look-ups read a few granules, not the table.
func TestIndexesAreUsed(t *testing.T) {
	f := newFiler(t)
	// Enough rows that the projection is plainly the shorter way.
	var many []filing
	for range 500 {
		id := uuid.New()
		many = append(many, event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))))
	}
	f.file(many...)
	explain := func(query string) string {
		t.Helper()
		rows, err := f.store.Conn().Query(t.Context(), "EXPLAIN indexes = 1 "+query, clickhouse.Named("ids", []uint64{1, 2}))
		require.NoError(t, err)
		var text strings.Builder
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			text.WriteString(line + "\n")
		}
		require.NoError(t, rows.Err())
		return text.String()
	}
	require.Regexp(t, `report_id in 2-element set(.|\n)*Granules: 0/1`, explain(store.KnownSQL))
	require.Regexp(t, `Name: request_id\n(.|\n)*Granules: 0/1`, explain(store.RequestSQL))

	// How far the log is stored, and what a proof counts, comes from the projection.
	ctx := clickhouse.Context(access.System(t.Context()), clickhouse.WithSettings(clickhouse.Settings{"force_optimize_projection": 1}))
	_, err := f.store.AsOf(ctx)
	require.NoError(t, err)
	for _, query := range []string{store.PositionsSQL, store.WindowsSQL} {
		rows, err := f.store.Conn().Query(ctx, query, clickhouse.Named("epoch", f.epoch.String()), clickhouse.Named("partition", 0),
			clickhouse.Named("from", 0), clickhouse.Named("to", 1<<20))
		require.NoError(t, err)
		for rows.Next() {
			continue
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
}

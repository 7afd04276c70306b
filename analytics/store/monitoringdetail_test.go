package store_test

import (
	"io/fs"
	"path"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/store/native"
	"atvsld/analytics/store/storetest"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// migrationsUpTo are the files of the program whose number is not above one.
func migrationsUpTo(t *testing.T, last string) fs.FS {
	t.Helper()
	names, err := fs.Glob(store.Files, "sql/migration/*.sql")
	require.NoError(t, err)
	files := fstest.MapFS{}
	for _, name := range names {
		if path.Base(name)[:len(last)] <= last {
			text, err := fs.ReadFile(store.Files, name)
			require.NoError(t, err)
			files[name] = &fstest.MapFile{Data: text}
		}
	}
	return files
}

// Reports that were stored before the columns of migration 0034 existed are read and
// merged beside new ones, with as many empty values as they have factors.
func TestOldMonitoringReportsHaveNoDetail(t *testing.T) {
	config := shared.Config(t)
	before := storetest.Open(t, config)
	require.NoError(t, before.MigrateFrom(t.Context(), migrationsUpTo(t, "0015")))
	info, err := before.Init(t.Context(), false)
	require.NoError(t, err)
	f := &filer{t: t, store: before, epoch: info.Epoch, now: day(2026, 1, 8)}
	m := &report.Monitoring{Reporter: establishment("0100109106", "0"), SiteProvince: province(seeds.List34, "01"), Period: "2025",
		PerformedOn: seeds.MustDate(2025, 10, 1), Industry: industry, Body: report.Body{TaxCode: "0200109107"},
		Factors: []report.Factor{{Factor: "noise", Samples: 3, Highest: "91.5", Unit: "dBA"}, {Factor: "dust", Samples: 2}}}
	one := periodic(report.MonitoringReport, m)
	r, _ := f.row(one, 0)
	definition, _ := report.Lookup(report.MonitoringReport)
	detail := []string{"published_on", "body_kind", "factors.highest", "factors.unit"}
	var old []native.Column
	for _, c := range definition.Columns {
		if !slices.Contains(detail, c.Name) {
			old = append(old, native.Column{Name: c.Name, Write: func(cells *native.Cells, _ int) { c.Write(cells, m) }})
		}
	}
	require.NoError(t, f.store.InsertCurrent(t.Context(), "old", definition.Table, []store.Head{r.Head}, old))
	// The next start of the program.
	f.store = storetest.Open(t, config)
	require.NoError(t, f.store.Migrate(t.Context()))
	one.id = uuid.New()
	f.offset = 1
	f.file(one)
	rows, err := f.store.Conn().Query(t.Context(), "SELECT toString(published_on), `factors.samples`, `factors.highest`, `factors.unit` FROM monitoring_report FINAL ORDER BY kafka_offset")
	require.NoError(t, err)
	var highest [][]string
	for rows.Next() {
		var day string
		var samples []uint32
		var values, units []string
		require.NoError(t, rows.Scan(&day, &samples, &values, &units))
		require.Equal(t, "1970-01-01", day)
		require.Equal(t, []uint32{3, 2}, samples)
		highest = append(highest, values)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	require.Equal(t, [][]string{{"", ""}, {"91.5", ""}}, highest)
}

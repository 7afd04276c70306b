package store_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// The query chooses whom the rules may say something of, within the caller's scope; what the
// rules say is tested in analytics/trend.
func TestYearly(t *testing.T) {
	f := newFiler(t)
	file := func(taxCode string, year int, workers, accidents uint32, covers ...report.TaxCode) filing {
		a := annex(taxCode, accidents, covers...)
		a.Period, a.Workers.Total = report.Period(strconv.Itoa(year)), workers
		return periodic(report.AnnexXII, a)
	}
	years := func(taxCode string, accidents uint32, workers ...uint32) (all []filing) {
		for i, n := range workers {
			all = append(all, file(taxCode, 2026-len(workers)+i, n, accidents))
		}
		return all
	}
	const shrank, large, harmed, small, branch, parent, registered = "0100109106", "0100112437", "0100100079", "0100110581", "0100111761-001", "0100111761", "0315551233"
	entry := registration(registered, province(seeds.List34, "79"))
	entry.Workers = []report.YearWorkers{{Year: 2025, Total: 900}}
	f.file(years(shrank, 0, 100, 100, 49)...)
	f.file(years(large, 0, 300, 300, 300)...)
	f.file(years(harmed, 0, 10, 10)...)
	f.file(years(small, 0, 60, 60, 30)...)
	f.file(years(branch, 0, 400, 400, 400)...)
	f.file(file(parent, 2025, 400, 0, branch), periodic(report.RegistrationEntry, entry))
	f.file(years(registered, 0, 5, 5, 5)...)
	// An amendment counts, and the year before it is not this year's.
	amended := file(harmed, 2025, 10, 5)
	amended.revision = 2
	f.file(amended)
	half := annex(large, 7)
	half.Period = "2025H1"
	f.file(periodic(report.AnnexXII, half))

	q := store.YearlyQuery{From: 2023, To: 2025, Large: 300, Shrinking: 50, Fall: 50, Victims: 3, Limit: 9}
	units := func(c access.Caller, q store.YearlyQuery) (units []string, more bool) {
		t.Helper()
		page, more, err := f.store.Yearly(f.as(c), q)
		require.NoError(t, err)
		for _, y := range page {
			units = append(units, y.Unit)
		}
		return units, more
	}
	everything := access.Caller{ID: "ministry", Role: access.Ministry}
	found, more := units(everything, q)
	require.Equal(t, []string{harmed + "/0", shrank + "/0", large + "/0", registered + "/0"}, found,
		"half of the workers is no fall, and a branch is in its parent's report")
	require.False(t, more)

	page, more, err := f.store.Yearly(f.as(everything), store.YearlyQuery{From: 2023, To: 2025, Large: 300, Shrinking: 50, Fall: 50, Victims: 3, Limit: 1, After: large + "/0"})
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, page, 1)
	one := page[0]
	require.Equal(t, int64(900), one.Registered)
	require.Equal(t, province(seeds.List34, "01"), one.Province)
	require.Equal(t, "2018:F", one.VSICVersion+":"+one.VSICSection)
	require.Len(t, one.Years, 3)
	require.Equal(t, store.YearReport{Year: 2025, ReportID: years(registered, 0, 5)[0].id, Revision: 1, Workers: 5}, one.Years[2])

	q.Limit = 1
	found, more = units(everything, q)
	require.Equal(t, []string{harmed + "/0"}, found)
	require.True(t, more)
	q.Limit = 9
	found, _ = units(officer(access.LabourOfficer, "01"), q)
	require.Len(t, found, 4)
	found, _ = units(officer(access.LabourOfficer, "79"), q)
	require.Empty(t, found, "where the reporters are seated, not where the register has them")
	found, _ = units(access.Caller{Role: access.SectorMinistry, Sections: []string{"2018:F"}}, q)
	require.Len(t, found, 4)
	found, _ = units(access.Caller{Role: access.SectorMinistry, Sections: []string{"2018:C"}}, q)
	require.Empty(t, found)
	q.Provinces = []seeds.ProvinceRef{province(seeds.List34, "01")}
	found, _ = units(everything, q)
	require.Len(t, found, 4)
	_, _, err = f.store.Yearly(f.as(officer(access.LabourOfficer, "79")), q)
	require.ErrorIs(t, err, access.ErrDenied)
	for _, role := range []access.Role{access.HealthOfficer, access.Auditor, access.Insurance, access.Public} {
		_, _, err = f.store.Yearly(f.as(access.Caller{Role: role, Provinces: []string{"01"}}), q)
		require.ErrorIs(t, err, access.ErrDenied, role)
	}
}

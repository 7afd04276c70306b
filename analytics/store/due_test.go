package store_test

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/obligation"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// fileMoreDue adds to the register of TestObliged whoever is counted in another way: exempt,
// in time by an extension only, moved between the lists, a parent's late report, others than
// establishments, and filers who owe nothing.
func (f *filer) fileMoreDue() {
	from := seeds.MustDate(2016, time.July, 1)
	unit := func(u report.UnitRef, at seeds.ProvinceRef) *report.Registration {
		r := registration("", at)
		r.Registered.UnitRef = u
		return r
	}
	moved := registration("0100112684", province(seeds.List63, "74"))
	moved.HeadOffice[0].To = seeds.MustDate(2025, time.August, 31)
	moved.HeadOffice = append(moved.HeadOffice, report.Stay{Province: province(seeds.List34, "01"), Span: report.Span{From: seeds.MustDate(2025, time.September, 1)}})
	moved.Industry = &industry
	ended := registration("0100112596", province(seeds.List34, "01"))
	ended.Active.To = seeds.MustDate(2025, time.July, 31)
	hazardous := registration("0100112613", province(seeds.List34, "79"))
	hazardous.Hazard = []report.Span{{From: from, To: seeds.MustDate(2025, time.January, 1)}}
	branch := registration("0100112613-002", province(seeds.List34, "24"))
	communeAt := report.CommuneRef{Code: "00004", ValidFrom: seeds.MustDate(2004, time.July, 8)}
	commune := unit(report.UnitRef{Type: report.CommuneReporter, Commune: &communeAt}, province(seeds.List34, "01"))
	facility := unit(report.UnitRef{Type: report.Clinic, TaxCode: "0100112757"}, province(seeds.List34, "79"))

	annex := func(taxCode string, period report.Period, covers ...report.TaxCode) filing {
		return periodic(report.AnnexXII, &report.Annex{Reporter: establishment(taxCode, ""), Period: period, CoversBranches: covers})
	}
	exemptions := []*report.Relief{relief("0100112596", "2025H1", report.GrantExempt, seeds.Date{}), relief("0100112684", "2025", report.GrantExempt, seeds.Date{}),
		relief("0100112684", "2025H1", report.GrantExempt, seeds.Date{})}
	f.now = day(2025, 7, 4)
	for _, r := range []*report.Registration{moved, ended, hazardous, branch, commune, facility} {
		f.file(periodic(report.RegistrationEntry, r))
	}
	for _, r := range exemptions {
		f.file(periodic(report.ObligationRelief, r))
	}
	f.file(annex("0100112596", "2025H1"), annex("0100109106", "2025H1"), clinic("0100112757", province(seeds.List34, "79"), "2025H1", 3, 0))
	f.now = day(2026, 3, 31)
	f.file(annex("0100100079", "2025"), annex("0100112684", "2025H1"), annex("0100112613", "2025", "0100112613-002"), annex("0100112613-002", "2025"),
		annex("0100112596", "2025"), annex("0100112620", "2025"), // neither owes it: ended, and not registered
		clinic("0100112757", province(seeds.List34, "79"), "2025", 7, 0),
		periodic(report.MonitoringReport, &report.Monitoring{Reporter: establishment("0100112613", "7"), SiteProvince: province(seeds.List34, "79"), Period: "2025",
			Body: report.Body{TaxCode: "0100112437"}}),
		periodic(report.CommuneReport, &report.Commune{Reporter: report.Reporter{Type: report.CommuneReporter, Province: province(seeds.List34, "01"), Commune: &communeAt}, Period: "2025"}))
}

// requireDue holds the sums against what is told of each unit, on every list of provinces,
// within an area, and after closing.
func (f *filer) requireDue(at time.Time) {
	f.t.Helper()
	f.store.SetPresent(at)
	var measures []string
	for _, d := range store.Dues() {
		measures = append(measures, d.Due, d.Reported, d.OnTime)
	}
	for span, want := range f.standingCounts(at) {
		q := store.CellQuery{Measures: measures, From: 2024, To: 2026, Span: span, GroupBy: []store.Dim{store.ByYear, store.ByProvince}}
		got := f.cells(q)
		require.Equal(f.t, want, keyed(got), span)
		require.NotEmpty(f.t, got)
		total := f.cells(store.CellQuery{Measures: measures, From: 2024, To: 2026, Span: span})
		for _, q.Geography = range []store.Geography{store.On(seeds.List34, seeds.Default()), store.On(seeds.List63, seeds.Default())} {
			sums := map[string]int64{}
			for _, c := range f.cells(q) {
				sums[c.Measure] += c.Value
			}
			require.Len(f.t, sums, len(total))
			for _, c := range total {
				require.Equal(f.t, c.Value, sums[c.Measure], "%s on %s", c.Measure, q.Geography)
			}
		}
		q.Geography, q.Basis = store.AsReported(), store.Live
		city := officer(access.LabourOfficer, "79")
		reach, err := city.Reach(access.ReadLive, seeds.Default())
		require.NoError(f.t, err)
		mine, err := f.store.Cells(f.as(city), q)
		require.NoError(f.t, err)
		require.Equal(f.t, within(got, reach), mine)
	}
	// In the section of the registration; what is not told is in none.
	sections := map[string]int64{}
	for _, c := range f.cells(store.CellQuery{Measures: []string{store.EstablishmentsDue}, From: 2025, To: 2025, Span: store.FirstHalf, GroupBy: []store.Dim{store.BySection}}) {
		sections[c.VSICVersion+"/"+c.VSICSection] = c.Value
	}
	require.Equal(f.t, int64(1), sections["2018/F"])
	require.Len(f.t, sections, 2)

	// A closing keeps them as they were.
	require.NoError(f.t, f.store.ClosePeriod(f.t.Context(), "2025", "officer", "", at))
	f.file(periodic(report.AnnexXII, &report.Annex{Reporter: establishment("0100109106-001", ""), Period: "2025H1"}))
	q := store.CellQuery{Measures: []string{store.ReportsOfDue}, From: 2025, To: 2025, Span: store.FirstHalf}
	live := f.cells(q)
	q.Basis = store.Closed
	require.Equal(f.t, live[0].Value, f.cells(q)[0].Value+1)

	f.store.SetPresent(day(2025, 12, 31))
	for _, span := range []store.Span{store.Year, store.SecondHalf} {
		require.Empty(f.t, f.cells(store.CellQuery{Measures: measures, From: 2025, To: 2026, Span: span}), "nothing is due before the year is over")
	}
}

// standingCounts counts, unit by unit, what Assess says of the kinds whose reporters are
// counted.
func (f *filer) standingCounts(at time.Time) map[store.Span]map[store.Cell]int64 {
	f.t.Helper()
	owed := obligation.Of(seeds.Default(), 2024, 2025)
	counts := map[store.Span]map[store.Cell]int64{store.Year: {}, store.FirstHalf: {}}
	require.NoError(f.t, f.store.Obliged(access.System(f.t.Context()), store.ObligedQuery{Owed: owed}, func(entry *store.Obliged) error {
		for _, o := range owed {
			kind := slices.IndexFunc(store.Dues(), func(d store.DueMeasures) bool { return d.Kind == o.Kind })
			s, owes := o.Assess(&entry.Unit, at)
			if kind < 0 || !owes {
				continue
			}
			span := store.Year
			if o.PeriodType == seeds.PeriodHalf {
				span = store.FirstHalf
			}
			d := store.Dues()[kind]
			for measure, is := range map[string]bool{d.Due: s.Counts(), d.Reported: s.Reported(), d.OnTime: s.InTime()} {
				if is {
					counts[span][store.Cell{Measure: measure, Year: o.Last.Year(), Province: s.Province}]++
				}
			}
		}
		return nil
	}))
	return counts
}

package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/obligation"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

func registration(taxCode string, at seeds.ProvinceRef) *report.Registration {
	from := seeds.MustDate(2016, time.July, 1)
	return &report.Registration{
		Reporter:   report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, "01")},
		Registered: report.Registered{UnitRef: report.UnitRef{Type: report.Establishment, TaxCode: report.TaxCode(taxCode)}},
		Active:     report.Span{From: from},
		HeadOffice: []report.Stay{{Province: at, Span: report.Span{From: from}}},
	}
}

func relief(taxCode, period, grant string, due seeds.Date) *report.Relief {
	return &report.Relief{
		Reporter:   report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, "01")},
		Relieved:   report.UnitRef{Type: report.Establishment, TaxCode: report.TaxCode(taxCode)},
		Obligation: report.AnnexXII, Period: report.Period(period), Grant: grant, DueBy: due, DecidedOn: seeds.MustDate(2026, time.January, 5),
	}
}

// standings assesses what Obliged finds, by unit, kind and period.
func (f *filer) standings(q store.ObligedQuery, at time.Time) (map[string]obligation.Standing, []string) {
	f.t.Helper()
	all := map[string]obligation.Standing{}
	var order []string
	require.NoError(f.t, f.store.Obliged(access.System(f.t.Context()), q, func(entry *store.Obliged) error {
		order = append(order, entry.Unit.Unit)
		for i := range q.Owed {
			if s, owes := q.Owed[i].Assess(&entry.Unit, at); owes {
				all[entry.Unit.Unit+" "+q.Owed[i].Code+" "+q.Owed[i].Period] = s
			}
		}
		return nil
	}))
	return all, order
}

func TestObliged(t *testing.T) {
	f := newFiler(t)
	f.now = day(2026, 1, 5)
	on02 := province(seeds.List63, "02")
	parent, branch, late, silent := registration("0100109106", on02), registration("0100109106-001", on02), registration("0100112437", on02), registration("0100100079", on02)
	branch.Covered = []report.ReportedSpan{{By: "0100109106", Span: branch.Active}}
	silent.Hazard = []report.Span{silent.Active}
	elsewhere := registration("0100110581", province(seeds.List34, "01"))
	gone := registration("0100111761", on02)
	goneFiling := periodic(report.RegistrationEntry, gone)

	annex := func(taxCode string, covers ...report.TaxCode) filing {
		a := &report.Annex{Reporter: establishment(taxCode, ""), Period: "2025", CoversBranches: covers}
		return periodic(report.AnnexXII, a)
	}
	monitoring := &report.Monitoring{Reporter: establishment("0100100079", "7"), SiteProvince: on02, Period: "2025", Body: report.Body{TaxCode: "0100112437"}}
	f.file(periodic(report.RegistrationEntry, parent), periodic(report.RegistrationEntry, branch), periodic(report.RegistrationEntry, late),
		periodic(report.RegistrationEntry, silent), periodic(report.RegistrationEntry, elsewhere), goneFiling,
		annex("0100109106", "0100109106-001", "0100100079-002"), periodic(report.MonitoringReport, monitoring),
		periodic(report.ObligationRelief, relief("0100100079", "2025", report.GrantExtend, seeds.MustDate(2026, time.March, 31))))
	f.now = day(2026, 2, 1)
	f.file(annex("0100112437"), filing{kind: report.RegistrationEntry, id: goneFiling.id, of: gone, revision: 2})
	// A withdrawn report is not filed.
	withdrawn := annex("0100110581")
	f.file(withdrawn)
	f.file(filing{kind: report.AnnexXII, id: withdrawn.id, of: withdrawn.content, revision: 2})

	owed := obligation.Of(seeds.Default(), 2025)
	q := store.ObligedQuery{Owed: owed, Provinces: []seeds.ProvinceRef{{List: "34", Code: "08"}, {List: "63", Code: "02"}}}
	got, order := f.standings(q, day(2026, 6, 1))
	require.Equal(t, []string{"0100100079/0", "0100109106-001/0", "0100109106/0", "0100112437/0"}, order, "in order, of the province, and not withdrawn")
	states := map[string]obligation.State{}
	for name, s := range got {
		states[name] = s.State
	}
	f2 := func(name string, want obligation.State) {
		t.Helper()
		require.Equal(t, want, states[name], name)
	}
	f2("0100109106/0 annex_xii_year 2025", obligation.Filed)
	f2("0100109106/0 annex_xii_half 2025H1", obligation.Missing)
	f2("0100109106-001/0 annex_xii_year 2025", obligation.Replaced)
	f2("0100109106-001/0 annex_xii_half 2025H1", obligation.Missing)
	f2("0100112437/0 annex_xii_year 2025", obligation.Late)
	f2("0100100079/0 annex_xii_year 2025", obligation.Missing)
	f2("0100100079/0 monitoring_year 2025", obligation.Filed)
	require.Equal(t, "0100109106/0", got["0100109106-001/0 annex_xii_year 2025"].By)
	require.Equal(t, "0100109106/0", got["0100109106-001/0 annex_xii_half 2025H1"].By)
	require.Equal(t, "2026-03-31", got["0100100079/0 annex_xii_year 2025"].ExtendedTo.String())
	require.Equal(t, day(2026, 1, 5).UnixMilli(), got["0100109106/0 annex_xii_year 2025"].FiledAt.UnixMilli())
	require.NotContains(t, states, "0100109106/0 monitoring_year 2025")

	then, _ := f.standings(q, day(2026, 3, 1))
	require.Equal(t, obligation.Extended, then["0100100079/0 annex_xii_year 2025"].State)

	one, order := f.standings(store.ObligedQuery{Owed: owed, Units: []string{"0100110581/0"}}, day(2026, 6, 1))
	require.Equal(t, []string{"0100110581/0"}, order)
	require.Equal(t, obligation.Missing, one["0100110581/0 annex_xii_year 2025"].State)
	require.Equal(t, province(seeds.List34, "01"), one["0100110581/0 annex_xii_year 2025"].Province)

	f.fileMoreDue()
	f.requireDue(day(2026, 6, 1))
}

func TestSealedOfTheRevisionThatCounts(t *testing.T) {
	f := newFiler(t)
	r := periodic(report.RegistrationEntry, registration("0100109106", province(seeds.List63, "02")))
	_, entry := f.row(r, f.offset)
	entry.Sealed, entry.SealedKey = []byte("\x01secret"), "1900-0123456789abcdef"
	second := entry
	second.Offset, second.Sealed = entry.Offset+1, []byte("a loser of a race")
	none := entry
	none.ReportID, none.Offset, none.Sealed = uuid.New(), entry.Offset+2, nil
	require.NoError(t, f.store.InsertLog(t.Context(), uuid.NewString(), store.Range{Low: f.offset, High: f.offset + 2}, []store.LogEntry{entry, second, none}))

	key := store.Key{ReportID: r.id, Revision: 1}
	texts, err := f.store.Sealed(access.System(t.Context()), []store.Key{key, {ReportID: r.id, Revision: 2}, {ReportID: none.ReportID, Revision: 1}})
	require.NoError(t, err)
	require.Equal(t, map[store.Key]store.SealedText{key: {Text: []byte("\x01secret"), Key: "1900-0123456789abcdef", Content: entry.Payload}}, texts)
	none2, err := f.store.Sealed(access.System(t.Context()), nil)
	require.NoError(t, err)
	require.Empty(t, none2)
}

func TestGoldenObliged(t *testing.T) {
	f := func(name string, kinds ...string) {
		t.Helper()
		owed := slices.DeleteFunc(obligation.Of(seeds.Default(), 2025), func(o obligation.Owed) bool { return !slices.Contains(kinds, o.Kind) })
		text, err := store.ObligedSQL(owed)
		require.NoError(t, err)
		golden(t, name, text)
	}
	f("obliged", "annex_xii", "monitoring_report")
	f("obliged_nothing")
	// Only what is a table of the program gets into a query.
	text, err := store.ObligedSQL([]obligation.Owed{{Obligation: seeds.Obligation{Kind: "x; DROP TABLE registration"}}})
	require.NoError(t, err)
	require.NotContains(t, text, "DROP")
}

func TestRegisterYearIsThatOfRegistrations(t *testing.T) {
	require.Equal(t, report.RegisterYear, store.RegisterYear)
}

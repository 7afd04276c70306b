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

// within are those cells whose province the officer's reach has.
func within(cells []store.Cell, reach access.Reach) []store.Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c store.Cell) bool { return !reach.HasPlace(c.Province) })
}

// Live figures of an officer are those of the operator, filtered by hand; closed ones are
// everybody's.
func TestLiveCellsWithinAnArea(t *testing.T) {
	w := newWorld(t, 400)
	codes := w.data.Provinces(seeds.List34)
	for range 12 {
		c := officer(access.LabourOfficer, codes[w.IntN(len(codes))].Code, codes[w.IntN(len(codes))].Code)
		reach, err := c.Reach(access.ReadLive, w.data)
		require.NoError(t, err)
		q, _ := w.query()
		q.GroupBy = slices.DeleteFunc(q.GroupBy, func(d store.Dim) bool { return d == store.ByProvince })
		_, err = w.store.Cells(w.as(c), q)
		require.ErrorIs(t, err, access.ErrDenied, "a sum of the nation")

		q.GroupBy = append(q.GroupBy, store.ByProvince)
		for _, q.Geography = range []store.Geography{store.AsReported(), store.On(seeds.List34, w.data)} {
			all, err := w.store.Cells(access.System(t.Context()), q)
			require.NoError(t, err)
			got, err := w.store.Cells(w.as(c), q)
			require.NoError(t, err)
			require.Empty(t, cellDifference(within(all, reach), got))
		}
	}
	require.NoError(t, w.store.ClosePeriod(t.Context(), "2024", "test", "", day(2026, 2, 1)))
	closed := store.CellQuery{Measures: store.Measures(), From: 2024, To: 2024, Span: store.Year, Basis: store.Closed}
	want, err := w.store.Cells(access.System(t.Context()), closed)
	require.NoError(t, err)
	require.NotEmpty(t, want)
	for _, c := range []access.Caller{access.Nobody(), officer(access.LabourOfficer, "01"), {Role: access.Enterprise, Units: []string{"0100109106"}}} {
		got, err := w.store.Cells(w.as(c), closed)
		require.NoError(t, err)
		require.Equal(t, want, got)
		live := closed
		live.Basis = store.Live
		_, err = w.store.Cells(w.as(c), live)
		require.ErrorIs(t, err, access.ErrDenied)
	}
}

func cellDifference(want, got []store.Cell) []store.Cell {
	one := func(c store.Cell) func(store.Cell) bool { return func(other store.Cell) bool { return c == other } }
	var differ []store.Cell
	for _, c := range slices.Concat(want, got) {
		if !slices.ContainsFunc(want, one(c)) || !slices.ContainsFunc(got, one(c)) {
			differ = append(differ, c)
		}
	}
	return differ
}

// Sums of an area are for who reaches it, those of the nation for who reaches all.
func TestFiguresOfAnArea(t *testing.T) {
	w := newWorld(t, 150)
	all := access.System(t.Context())
	city := officer(access.LabourOfficer, "79")
	reach, err := city.Reach(access.ReadFigures, w.data)
	require.NoError(t, err)
	on34, ctx := store.On(seeds.List34, w.data), w.as(city)
	own := province(seeds.List34, "79")

	summary := store.SummaryQuery{Period: "2025", Units: reach.Places}
	want, err := w.store.SummaryReports(all, summary)
	require.NoError(t, err)
	got, err := w.store.SummaryReports(ctx, summary)
	require.NoError(t, err)
	require.NotEmpty(t, got)
	require.Equal(t, want, got)
	foreign := store.SummaryQuery{Period: "2025", Units: append(slices.Clone(reach.Places), province(seeds.List34, "01"))}
	for _, q := range []store.SummaryQuery{{Period: "2025", Nation: true}, foreign} {
		_, err = w.store.SummaryReports(ctx, q)
		require.ErrorIs(t, err, access.ErrDenied)
		_, err = w.store.SummaryRows(ctx, q)
		require.ErrorIs(t, err, access.ErrDenied)
		_, err = w.store.SummaryCommunes(ctx, q)
		require.ErrorIs(t, err, access.ErrDenied)
		_, _, err = w.store.SummaryRegister(ctx, q)
		require.ErrorIs(t, err, access.ErrDenied)
	}

	fates := store.FateQuery{Kinds: store.FateKinds(), Year: 2025, Span: store.Year, Basis: store.Live, Geography: on34, Province: own}
	counts, err := w.store.ReportFates(all, fates)
	require.NoError(t, err)
	require.NotEmpty(t, counts)
	mine, err := w.store.ReportFates(ctx, fates)
	require.NoError(t, err)
	require.Equal(t, counts, mine)
	page, _, err := w.store.FateReports(ctx, fates, store.Counted, nil, 100)
	require.NoError(t, err)
	require.NotEmpty(t, page)
	for _, r := range page {
		require.Contains(t, []string{"accident_declaration", "annex_xii", "commune_report"}, r.Kind, "the kinds that labour sees")
	}
	for _, p := range []seeds.ProvinceRef{{}, province(seeds.List34, "01")} {
		fates.Province = p
		_, err = w.store.ReportFates(ctx, fates)
		require.ErrorIs(t, err, access.ErrDenied)
		_, _, err = w.store.FateReports(ctx, fates, store.Counted, nil, 1)
		require.ErrorIs(t, err, access.ErrDenied)
	}
	_, _, err = w.store.FateReports(w.as(access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}), fates, store.Counted, nil, 1)
	require.ErrorIs(t, err, access.ErrDenied)

	_, err = w.store.SafetyFigures(ctx, 2025, false, on34)
	require.ErrorIs(t, err, access.ErrDenied)
	for _, year := range []int{2025} {
		everywhere, err := w.store.SafetyFigures(all, year, true, on34)
		require.NoError(t, err)
		figures, err := w.store.SafetyFigures(ctx, year, true, on34)
		require.NoError(t, err)
		require.NotEmpty(t, figures, year)
		require.Equal(t, slices.DeleteFunc(everywhere, func(f store.SafetyFigure) bool { return f.Province != own }), figures)

		treated, err := w.store.TreatedVictims(all, year, store.Year, on34)
		require.NoError(t, err)
		mine, err := w.store.TreatedVictims(ctx, year, store.Year, on34)
		require.NoError(t, err)
		require.NotEmpty(t, mine)
		require.ElementsMatch(t, slices.DeleteFunc(treated, func(v store.TreatedVictims) bool { return v.Province != own }), mine)
	}

	funnel := store.FunnelQuery{From: 2016, To: 2026, GroupBy: []store.Dim{store.ByProvince, store.ByYear}, Geography: on34}
	cases, err := w.store.DiseaseFunnel(all, funnel)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, p := range w.data.Provinces(seeds.List34) {
		one := w.as(officer(access.HealthOfficer, p.Code))
		mine, err := w.store.DiseaseFunnel(one, funnel)
		require.NoError(t, err)
		want := slices.DeleteFunc(slices.Clone(cases), func(f store.Funnel) bool { return f.Province != p.Ref() })
		require.ElementsMatch(t, want, mine, p.Code)
	}
	_, err = w.store.DiseaseFunnel(ctx, store.FunnelQuery{From: 2016, To: 2026, Geography: on34})
	require.ErrorIs(t, err, access.ErrDenied, "the nation")
	_, err = w.store.DiseaseFunnel(ctx, store.FunnelQuery{From: 2016, To: 2026, Geography: on34, Province: "01"})
	require.ErrorIs(t, err, access.ErrDenied, "another province")
	_, err = w.store.DiseaseFunnel(ctx, store.FunnelQuery{From: 2016, To: 2026, Geography: on34, Province: "79"})
	require.NoError(t, err)
	for _, role := range []access.Role{access.Public, access.Enterprise, access.SectorMinistry} {
		by := w.as(access.Caller{Role: role, Units: []string{"0100109106"}, Sections: []string{"2025:F"}})
		_, err = w.store.TreatedVictims(by, 2025, store.Year, on34)
		require.ErrorIs(t, err, access.ErrDenied, role)
		_, err = w.store.BaseFigures(by, store.BaseQuery{From: 2020, To: 2026, Span: store.Year, Basis: store.Live})
		require.ErrorIs(t, err, access.ErrDenied, role)
		_, err = w.store.BaseFigures(by, store.BaseQuery{From: 2020, To: 2026, Span: store.Year, Basis: store.Closed})
		require.NoError(t, err, role)
		_, err = w.store.CountDeadLetters(by)
		require.ErrorIs(t, err, access.ErrDenied, role)
	}
}

// An accident is seen where it happened and where anybody declared it from, whole; and with it
// its investigations and incidents.
func TestAccidentsWithinAScope(t *testing.T) {
	f := newFiler(t)
	id, elsewhere := uuid.New(), uuid.New()
	first := accident(day(2025, 8, 1), id, victim("p", "n", report.Serious, report.Contract))
	first.Place.Province, first.Reporter.Province = province(seeds.List34, "24"), province(seeds.List34, "01")
	second := accident(day(2025, 8, 1), id, victim("p", "n", report.Dead, report.Contract))
	second.Place.Province, second.Reporter.Province = province(seeds.List34, "24"), province(seeds.List34, "79")
	other := accident(day(2025, 8, 2), elsewhere, victim("q", "m", report.Dead, report.Contract))
	other.Place.Province, other.Reporter.Province, other.Industry = province(seeds.List34, "48"), province(seeds.List34, "48"), report.Industry{Version: "2025", Code: "B"}
	f.file(event(id, first), event(uuid.New(), second), event(elsewhere, other))
	investigation := func(of uuid.UUID, at string) filing {
		return filing{kind: report.InvestigationFile, id: uuid.New(), content: &report.Investigation{
			Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, at)},
			Province: province(seeds.List34, at), AccidentID: report.UUID(of), AccidentOn: seeds.MustDate(2025, 8, 1),
		}}
	}
	f.file(investigation(id, "24"), investigation(elsewhere, "48"))
	f.file(filing{kind: report.TechnicalIncident, id: uuid.New(), content: &report.Incident{
		Reporter: establishment("0100109106", "0"), OccurredAt: day(2025, 8, 1), Place: report.Place{Province: province(seeds.List34, "24")},
		Industry: industry, Accidents: []report.UUID{report.UUID(id)},
	}})
	ids := []uuid.UUID{id, elsewhere}
	for _, c := range []struct {
		by                             access.Caller
		first, other                   bool
		investigations, incidents, all int
	}{
		{access.Caller{Role: access.Operator}, true, true, 2, 1, 2},
		{officer(access.LabourOfficer, "24"), true, false, 1, 1, 1},
		{officer(access.LabourOfficer, "01"), true, false, 1, 1, 1},
		{officer(access.Inspector, "79"), true, false, 1, 1, 1},
		{officer(access.Insurance, "48"), false, true, 1, 0, 1},
		{officer(access.LabourOfficer, "31"), false, false, 0, 0, 0},
		{access.Caller{Role: access.SectorMinistry, Sections: []string{"2025:B"}}, false, true, 1, 0, 1},
		{access.Caller{Role: access.SectorMinistry, Sections: []string{"2018:F"}}, true, false, 1, 1, 1},
		{access.Caller{Role: access.Ministry}, true, true, 2, 1, 2},
	} {
		ctx := f.as(c.by)
		cases, err := f.store.Cases(ctx, ids)
		require.NoError(t, err)
		require.Equal(t, []bool{c.first, c.other}, []bool{cases[id] != nil, cases[elsewhere] != nil}, "%+v", c.by)
		if c.first {
			require.Len(t, cases[id].Declarations, 2, "whole")
		}
		of, err := f.store.InvestigationsOf(ctx, ids)
		require.NoError(t, err)
		require.Len(t, of, c.investigations, "%+v", c.by)
		incidents, err := f.store.IncidentsOf(ctx, ids)
		require.NoError(t, err)
		require.Len(t, incidents, c.incidents, "%+v", c.by)
		page, _, err := f.store.Investigations(ctx, store.InvestigationFilter{Limit: 9})
		require.NoError(t, err)
		require.Len(t, page, c.all, "%+v", c.by)
	}
	_, _, err := f.store.Investigations(f.as(officer(access.LabourOfficer, "24")), store.InvestigationFilter{Limit: 9, Provinces: []seeds.ProvinceRef{province(seeds.List34, "48")}})
	require.ErrorIs(t, err, access.ErrDenied)
	for _, role := range []access.Role{access.Public, access.Enterprise, access.HealthOfficer, access.Auditor} {
		_, err := f.store.Cases(f.as(access.Caller{Role: role, Nation: true, Units: []string{"0100109106"}}), ids)
		require.ErrorIs(t, err, access.ErrDenied, role)
	}
}

// Whoever drafts learns of declarations that are not his how badly his own people are hurt,
// and nothing else.
func TestDraftsTellOfOwnPeople(t *testing.T) {
	f := newFiler(t)
	id, others := uuid.New(), uuid.New()
	own := accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))
	foreign := accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract), victim("q", "m", report.Serious, report.Contract))
	foreign.Reporter = establishment("0100112437", "0")
	f.file(event(id, own))
	f.now = f.now.Add(time.Hour)
	f.file(event(others, foreign))
	declared, err := f.store.Declared(f.as(access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}), "0100109106/0", 2025, 12)
	require.NoError(t, err)
	require.Len(t, declared, 2)
	require.Equal(t, id, declared[0].ReportID)
	require.Equal(t, store.Declared{AccidentID: id, Victims: []store.DraftVictim{{Person: "p", NameKey: "n", Severity: "dead"}}}, declared[1])
}

// The register is told by head office and by unit, and names only of what is reached.
func TestObligationsWithinAScope(t *testing.T) {
	f := newFiler(t)
	hanoi, hcm := registration("0100109106", province(seeds.List34, "01")), registration("0100112437", province(seeds.List34, "79"))
	hcm.Reporter.Province = province(seeds.List34, "79")
	one, two := periodic(report.RegistrationEntry, hanoi), periodic(report.RegistrationEntry, hcm)
	f.file(one, two)
	owed := obligation.Of(seeds.Default(), 2025)
	units := func(c access.Caller, q store.ObligedQuery) (found []string, err error) {
		q.Owed = owed
		err = f.store.Obliged(f.as(c), q, func(o *store.Obliged) error {
			found = append(found, o.Unit.Unit)
			return nil
		})
		return found, err
	}
	for _, c := range []struct {
		by   access.Caller
		q    store.ObligedQuery
		want []string
		err  error
	}{
		{access.Caller{Role: access.Operator}, store.ObligedQuery{}, []string{"0100109106/0", "0100112437/0"}, nil},
		{officer(access.HealthOfficer, "79"), store.ObligedQuery{}, []string{"0100112437/0"}, nil},
		{officer(access.LabourOfficer, "79"), store.ObligedQuery{Units: []string{"0100109106/0"}}, nil, nil},
		{officer(access.LabourOfficer, "79"), store.ObligedQuery{Provinces: []seeds.ProvinceRef{province(seeds.List34, "01")}}, nil, access.ErrDenied},
		{access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}, store.ObligedQuery{}, []string{"0100109106/0"}, nil},
		{access.Caller{Role: access.Enterprise, Units: []string{"0100109106"}}, store.ObligedQuery{Units: []string{"0100112437/0"}}, nil, access.ErrDenied},
		{access.Caller{Role: access.ZoneBoard, Units: []string{"0100112437"}}, store.ObligedQuery{}, []string{"0100112437/0"}, nil},
		{access.Caller{Role: access.Insurance, Nation: true}, store.ObligedQuery{}, nil, access.ErrDenied},
		{access.Nobody(), store.ObligedQuery{}, nil, access.ErrDenied},
	} {
		found, err := units(c.by, c.q)
		require.ErrorIs(t, err, c.err, "%+v", c.by)
		require.Equal(t, c.want, found, "%+v %+v", c.by, c.q)
	}
	keys := []store.Key{{ReportID: one.id, Revision: 1}, {ReportID: two.id, Revision: 1}}
	require.NoError(t, f.store.Exec(t.Context(), "ALTER TABLE report_log UPDATE sealed = concat('sealed ', unit) WHERE 1 SETTINGS mutations_sync = 1"))
	for by, want := range map[string]int{"01": 1, "79": 1, "48": 0} {
		texts, err := f.store.Sealed(f.as(officer(access.LabourOfficer, by)), keys)
		require.NoError(t, err)
		require.Len(t, texts, want, by)
	}
	texts, err := f.store.Sealed(f.as(access.Caller{Role: access.Operator}), keys)
	require.NoError(t, err)
	require.Len(t, texts, 2)
	_, err = f.store.Sealed(f.as(access.Caller{Role: access.Ministry}), keys)
	require.ErrorIs(t, err, access.ErrDenied)
}

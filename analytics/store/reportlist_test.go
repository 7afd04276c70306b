package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

func TestReportsAreListedInTheOrderOfTheirFirstReceipt(t *testing.T) {
	f := newFiler(t)
	one, two := uuid.New(), uuid.New()
	content := accident(day(2025, 3, 1), one, victim("p", "n", report.Serious, report.Contract))
	f.file(filing{kind: report.AccidentDeclaration, id: one, content: content, filed: day(2026, 1, 2)})
	f.file(filing{kind: report.AccidentDeclaration, id: two, content: content, filed: day(2026, 1, 3)})
	f.file(periodic(report.AnnexXII, annex("0100112437", 1)))
	f.now = day(2026, 2, 1)
	f.file(filing{kind: report.AccidentDeclaration, id: one, content: content, revision: 2, filed: day(2026, 1, 2)})
	list := func(filter store.ReportFilter) (ids []uuid.UUID, more bool) {
		t.Helper()
		page, more, err := f.store.Reports(access.System(t.Context()), filter)
		require.NoError(t, err)
		for _, r := range page {
			ids = append(ids, r.ReportID)
		}
		return ids, more
	}
	declarations := []string{"accident_declaration"}
	ids, more := list(store.ReportFilter{Kinds: declarations, Limit: 1})
	require.Equal(t, []uuid.UUID{two}, ids)
	require.True(t, more)
	cursor, err := store.ParseReportCursor(store.ReportCursor{FiledAt: day(2026, 1, 3), ReportID: two}.String())
	require.NoError(t, err)
	ids, more = list(store.ReportFilter{Kinds: declarations, Limit: 1, After: &cursor})
	require.Equal(t, []uuid.UUID{one}, ids, "amended, and where it was")
	require.False(t, more)
	ids, _ = list(store.ReportFilter{Limit: 9})
	require.Len(t, ids, 3)
	ids, _ = list(store.ReportFilter{Limit: 9, ReceivedFrom: day(2026, 2, 1), ReceivedTo: day(2026, 2, 1).Add(time.Millisecond)})
	require.Equal(t, []uuid.UUID{one}, ids)
	ids, _ = list(store.ReportFilter{Limit: 9, Unit: "' OR 1 = 1 --"})
	require.Empty(t, ids)
	ids, _ = list(store.ReportFilter{Limit: 9, Provinces: []seeds.ProvinceRef{province(seeds.List34, "79"), province(seeds.List63, "01")}})
	require.Len(t, ids, 2, "of the place, as it was written")
	ids, _ = list(store.ReportFilter{Limit: 9, Provinces: []seeds.ProvinceRef{province(seeds.List34, "79")}})
	require.Empty(t, ids)

	f.file(filing{kind: report.AccidentDeclaration, id: one, revision: 3, of: content, filed: day(2026, 1, 2)})
	ids, _ = list(store.ReportFilter{Kinds: declarations, Limit: 9})
	require.Equal(t, []uuid.UUID{two}, ids)
	ids, _ = list(store.ReportFilter{Withdrawn: true, Limit: 9})
	require.Equal(t, []uuid.UUID{one}, ids)
	f.file(filing{kind: report.AccidentDeclaration, id: one, content: content, revision: 4, filed: day(2026, 1, 2)})
	ids, _ = list(store.ReportFilter{Withdrawn: true, Limit: 9})
	require.Empty(t, ids, "filed again")

	filings, err := f.store.Filings(access.System(t.Context()), one, 1, 9, 3)
	require.NoError(t, err)
	require.Len(t, filings, 3)
	require.Equal(t, uint32(4), filings[0].Revision)
	require.True(t, filings[1].Withdrawn)
	require.NotEmpty(t, filings[0].Payload)
	require.True(t, filings[0].EnteredAt.IsZero())
	_, _, err = f.store.Reports(access.System(t.Context()), store.ReportFilter{Kinds: []string{"report_log"}, Limit: 1})
	require.Error(t, err)
	_, err = store.ParseReportCursor("x")
	require.Error(t, err)
}

func TestDeclaredAccidentsComeWithWhatOthersSay(t *testing.T) {
	f := newFiler(t)
	id, later, others := uuid.New(), uuid.New(), uuid.New()
	other := accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))
	other.Reporter = establishment("0100112437", "0")
	f.file(event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))))
	f.file(event(later, accident(day(2025, 8, 1), later, victim("q", "m", report.Serious, report.NoContract))))
	f.file(event(others, other))
	declared, err := f.store.Declared(access.System(t.Context()), "0100109106/0", 2025, 12)
	require.NoError(t, err)
	require.Len(t, declared, 3)
	declared, err = f.store.Declared(access.System(t.Context()), "0100109106/0", 2025, 6)
	require.NoError(t, err)
	require.Len(t, declared, 2)
	for _, d := range declared {
		require.Equal(t, id, d.AccidentID)
		require.Equal(t, "p", d.Victims[0].Person)
	}
	declared, err = f.store.Declared(access.System(t.Context()), "0100112437/0", 2025, 12)
	require.NoError(t, err)
	require.Len(t, declared, 2)
	declared, err = f.store.Declared(access.System(t.Context()), "0100109106/1", 2025, 12)
	require.NoError(t, err)
	require.Empty(t, declared)

	// An officer finds that the later declaration tells of the same accident.
	f.file(filing{kind: report.CaseLink, id: uuid.New(), content: &report.Link{
		Reporter:  report.Reporter{Type: report.AuthorityReporter, Authority: report.LabourAuthority, Province: province(seeds.List34, "01")},
		DecidedOn: seeds.MustDate(2025, 9, 1), Declarations: []report.UUID{report.UUID(id), report.UUID(later)},
	}})
	declared, err = f.store.Declared(access.System(t.Context()), "0100109106/0", 2025, 12)
	require.NoError(t, err)
	require.Len(t, declared, 3)
	for _, d := range declared {
		require.Equal(t, declared[0].AccidentID, d.AccidentID)
	}
}

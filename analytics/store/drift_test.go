package store_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// logOnly and currentOnly store a filing in one of the two places that must agree.
func (f *filer) logOnly(one filing) {
	f.t.Helper()
	_, entry := f.row(one, f.offset)
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), uuid.NewString(), store.Range{Low: f.offset, High: f.offset}, []store.LogEntry{entry}))
	f.offset++
}

func (f *filer) currentOnly(one filing) {
	f.t.Helper()
	r, _ := f.row(one, f.offset)
	require.NoError(f.t, f.insertCurrent(uuid.NewString(), one.kind, r))
	f.offset++
}

func (f *filer) drifting(scope store.Scope) []store.Drift {
	f.t.Helper()
	total, drifts, err := f.store.Drifting(f.t.Context(), f.epoch, scope, 99)
	require.NoError(f.t, err)
	require.Len(f.t, drifts, int(total))
	return drifts
}

func TestCurrentTablesAreThoseOfTheKinds(t *testing.T) {
	var tables []string
	for _, d := range report.Definitions() {
		tables = append(tables, d.Table)
	}
	slices.Sort(tables)
	require.Equal(t, tables, store.CurrentTables)
}

func TestNothingDrifts(t *testing.T) {
	f := newFiler(t)
	require.Empty(t, f.drifting(store.All()), "an empty store")
	kept, amended, withdrawn, anew, raced := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	a := accident(day(2025, 3, 1), uuid.Nil)
	other := accident(day(2024, 3, 1), uuid.Nil)
	f.file(event(kept, a), event(amended, a), event(withdrawn, a), event(anew, a), event(raced, a))
	f.file(event(kept, a)) // a repeat
	f.file(filing{kind: report.AccidentDeclaration, id: amended, content: a, revision: 2},
		filing{kind: report.AccidentDeclaration, id: withdrawn, of: a, revision: 2},
		filing{kind: report.AccidentDeclaration, id: anew, of: a, revision: 2})
	f.file(filing{kind: report.AccidentDeclaration, id: anew, content: a, revision: 3})
	f.logOnly(event(raced, other)) // the loser of a race is about another year: in the log alone
	require.Empty(t, f.drifting(store.All()))
}

func TestDriftIsFound(t *testing.T) {
	a := accident(day(2025, 3, 1), uuid.Nil)
	f := func(name string, spoil func(f *filer, id uuid.UUID), logged, current int) {
		t.Run(name, func(t *testing.T) {
			f := newFiler(t)
			id := uuid.New()
			f.file(event(id, a), event(uuid.New(), a))
			require.Empty(t, f.drifting(store.All()))
			spoil(f, id)
			// Something behind it in its partition: nothing of id is still being written.
			behind := uuid.New()
			copy(behind[14:], id[14:])
			f.file(event(behind, a))
			for _, scope := range []store.Scope{store.All(), {IDs: []uuid.UUID{id}}, {Low: id, High: id}} {
				drifts := f.drifting(scope)
				require.Len(t, drifts, 1, "%v", scope)
				require.Equal(t, id, drifts[0].ReportID)
				require.Len(t, drifts[0].Logged, logged)
				require.Len(t, drifts[0].Current, current)
			}
			require.Empty(t, f.drifting(store.Scope{IDs: []uuid.UUID{uuid.New()}}))
		})
	}
	f("the current row is gone", func(f *filer, id uuid.UUID) { f.delete("accident_declaration", id) }, 1, 0)
	f("the log's row is gone", func(f *filer, id uuid.UUID) { f.delete("report_log", id) }, 0, 1)
	f("an amendment is in the log alone", func(f *filer, id uuid.UUID) {
		f.logOnly(filing{kind: report.AccidentDeclaration, id: id, content: a, revision: 2})
	}, 1, 1)
	f("an amendment is in the current table alone", func(f *filer, id uuid.UUID) {
		f.currentOnly(filing{kind: report.AccidentDeclaration, id: id, content: a, revision: 2})
	}, 1, 1)
	f("a withdrawal is in the log alone", func(f *filer, id uuid.UUID) {
		f.logOnly(filing{kind: report.AccidentDeclaration, id: id, of: a, revision: 2})
	}, 0, 1)
	f("the loser of a race counts as well", func(f *filer, id uuid.UUID) {
		f.file(event(id, accident(day(2024, 3, 1), uuid.Nil)))
	}, 1, 2)
	f("a report of two kinds", func(f *filer, id uuid.UUID) {
		f.currentOnly(filing{kind: report.AnnexXII, id: id, content: annex("0100109106", 1)})
	}, 1, 2)
}

func TestWhatIsBeingWrittenIsNoDrift(t *testing.T) {
	f := newFiler(t)
	a := accident(day(2025, 3, 1), uuid.Nil)
	id := uuid.New()
	f.file(event(id, a))
	// The current tables are written first, the log's row follows.
	f.currentOnly(filing{kind: report.AccidentDeclaration, id: id, content: a, revision: 2})
	f.currentOnly(event(uuid.New(), a))
	require.Empty(t, f.drifting(store.All()))
}

func TestSlicesCoverEveryReportOnce(t *testing.T) {
	f := newFiler(t)
	a := accident(day(2025, 3, 1), uuid.Nil)
	var ids []uuid.UUID
	for range 25 {
		ids = append(ids, uuid.New())
		f.file(event(ids[len(ids)-1], a))
	}
	f.delete("accident_declaration", ids[3])
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	var low uuid.UUID
	var seen, drifting int
	for last := false; !last; {
		var slice store.Scope
		var err error
		slice, last, err = f.store.Slice(t.Context(), low, 10)
		require.NoError(t, err)
		require.Equal(t, low, slice.Low)
		for _, id := range ids {
			if bytes.Compare(slice.Low[:], id[:]) <= 0 && bytes.Compare(id[:], slice.High[:]) <= 0 {
				seen++
			}
		}
		drifting += len(f.drifting(slice))
		low = slice.Next()
	}
	require.Equal(t, 25, seen)
	require.Equal(t, 1, drifting)

	recent, err := f.store.Recent(t.Context(), f.epoch)
	require.NoError(t, err)
	require.Equal(t, ids, recent.IDs)
}

func (f *filer) delete(table string, id uuid.UUID) {
	f.t.Helper()
	require.NoError(f.t, f.store.Exec(context.Background(), fmt.Sprintf("ALTER TABLE %s DELETE WHERE report_id = reinterpretAsUInt128(reverse(unhex('%x'))) SETTINGS mutations_sync = 2", table, id[:])))
}

package store_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/analytics/store/native"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// The columns of every kind and of its table are one decision: each example is stored
// and every column of the table is there, of the right type and in the right order.
func TestEveryKindFitsItsTable(t *testing.T) {
	everyKindFits(t, newFiler(t))
}

func TestEveryKindFitsItsTableThroughTheDriversColumns(t *testing.T) {
	f := newFiler(t)
	f.store.InColumns()
	everyKindFits(t, f)
}

func everyKindFits(t *testing.T, f *filer) {
	t.Helper()
	for _, definition := range report.Definitions() {
		t.Run(string(definition.Kind), func(t *testing.T) {
			submission, findings, err := report.Decode(reporttest.Valid(definition.Kind))
			require.NoError(t, err)
			require.Empty(t, findings)
			if submission.ReportID == uuid.Nil {
				submission.ReportID = report.ReportID(definition.Kind, submission.Content.Identity())
			}
			_, err = submission.Strip(func(domain, value string) report.Pseudonym {
				return report.Pseudonym(strings.ReplaceAll(uuid.NewSHA1(uuid.Nil, []byte(domain+value)).String(), "-", ""))
			})
			require.NoError(t, err)
			f.file(filing{kind: definition.Kind, id: submission.ReportID, content: submission.Content})
			// A withdrawal has no content, and every column a default.
			f.file(filing{kind: definition.Kind, id: submission.ReportID, revision: 2, of: submission.Content})
			require.Equal(t, uint64(2), count(t, f.store, "SELECT count() FROM "+definition.Table))
			require.Equal(t, uint64(0), count(t, f.store, "SELECT count() FROM "+definition.Table+" FINAL"))

			var columns []string
			require.NoError(t, f.store.Conn().QueryRow(t.Context(), `
				SELECT groupArray(name) FROM
				(
					SELECT name FROM system.columns
					WHERE database = currentDatabase() AND table = '`+definition.Table+`' AND default_kind = '' AND position > 12
					ORDER BY position
				)`).Scan(&columns))
			var want []string
			for _, c := range definition.Columns {
				want = append(want, c.Name)
			}
			require.Equal(t, want, columns)
		})
	}
}

func TestSameTokenStoresOnce(t *testing.T) {
	f := newFiler(t)
	a, b := uuid.New(), uuid.New()
	one := event(a, accident(day(2025, 3, 1), a, victim("p", "n", report.Dead, report.Contract)))
	other := event(b, accident(day(2024, 3, 1), b, victim("q", "m", report.Dead, report.Contract)))
	f.storeAs("epoch/t/0/0-1/v1", one, other)
	f.storeAs("epoch/t/0/0-1/v1", one, other)
	require.Equal(t, uint64(2), count(t, f.store, "SELECT count() FROM report_log"))
	require.Equal(t, uint64(2), count(t, f.store, "SELECT count() FROM accident_declaration"))
	// The same messages in another cut: more rows in the log, the same figures.
	f.storeAs("epoch/t/0/0-0/v1", one)
	require.Equal(t, uint64(3), count(t, f.store, "SELECT count() FROM report_log"))
	require.Equal(t, map[string]int64{store.Deaths: 1, store.DeclaredAccidents: 1},
		f.sums(2025, store.Deaths, store.DeclaredAccidents))
}

func TestHalfDoneBatchIsCompletedByItsRetry(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	one := event(id, accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract)))
	r, _ := f.row(one, f.offset)
	// The process died after the current table and before the log.
	require.NoError(t, f.insertCurrent("e/t/0/0-0/v1", one.kind, r))
	f.storeAs("e/t/0/0-0/v1", one)
	require.Equal(t, uint64(1), count(t, f.store, "SELECT count() FROM accident_declaration"))
	require.Equal(t, uint64(1), count(t, f.store, "SELECT count() FROM report_log"))
}

func TestWhatCannotBeStoredIsAnErrorOfTheRow(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	r, entry := f.row(event(id, accident(day(2025, 3, 1), id)), 0)
	accidentID := native.Column{Name: "accident_id", Write: func(c *native.Cells, _ int) { c.ID(id) }}
	insert := func(table string, column native.Column, change func(*store.Head)) error {
		head := r.Head
		change(&head)
		err := f.store.InsertCurrent(t.Context(), "token", table, []store.Head{head}, []native.Column{column})
		require.False(t, store.Retryable(err))
		return err
	}
	writing := func(write func(*native.Cells, int)) native.Column {
		return native.Column{Name: "accident_id", Write: write}
	}
	const table = "accident_declaration"
	require.NoError(t, insert(table, accidentID, func(*store.Head) {}))
	require.ErrorIs(t, insert("no_table", accidentID, func(*store.Head) {}), store.ErrRow)
	require.ErrorIs(t, insert(table, native.Column{Name: "x) SELECT 1 --", Write: accidentID.Write}, func(*store.Head) {}), store.ErrRow)
	require.ErrorIs(t, insert(table, writing(func(*native.Cells, int) {}), func(*store.Head) {}), store.ErrRow)
	require.ErrorIs(t, insert(table, writing(func(c *native.Cells, _ int) { c.Text("text") }), func(*store.Head) {}), store.ErrRow)
	require.ErrorIs(t, insert(table, accidentID, func(h *store.Head) { h.Revision = 0 }), store.ErrRow)
	require.ErrorIs(t, insert(table, accidentID, func(h *store.Head) { h.Epoch = uuid.New() }), store.ErrUnknownEpoch)
	// The connections of refused batches went back to the pool.
	for i := range 10 {
		require.NoError(t, f.store.InsertLog(t.Context(), strconv.Itoa(i), store.Range{}, []store.LogEntry{entry}))
	}
}

func TestLargeBatchIsOnePart(t *testing.T) {
	f := newFiler(t)
	const rows = 20_000
	_, entry := f.row(event(uuid.New(), accident(day(2025, 3, 1), uuid.New())), 0)
	entries := make([]store.LogEntry, rows)
	for i := range entries {
		entries[i] = entry
		entries[i].ReportID = uuid.New()
		entries[i].Offset = uint64(i)
	}
	require.NoError(t, f.store.InsertLog(t.Context(), "large", store.Range{}, entries))
	require.Equal(t, uint64(rows), count(t, f.store, "SELECT count() FROM report_log"))
	require.Equal(t, uint64(1), count(t, f.store, "SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'report_log' AND active"))
}

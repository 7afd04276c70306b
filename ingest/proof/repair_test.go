package proof_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/deadletter"
	"atvsld/ingest/proof"
)

func (l *line) repair() proof.Repaired {
	l.t.Helper()
	done, err := l.prover.Repair(l.t.Context(), deadletter.Decision{By: " Trần Thị B ", Principal: "token", Reason: "mất điện"})
	require.NoError(l.t, err)
	return done
}

// onRecord counts the reports that a repair has on record.
func (l *line) onRecord(repair uuid.UUID) (reports uint64) {
	l.t.Helper()
	row := l.admin.QueryRow(l.t.Context(), fmt.Sprintf("SELECT sum(length(report_ids)) FROM current_repair "+
		"WHERE repair = '%s' AND by = 'Trần Thị B' AND principal = 'token' AND reason = 'mất điện'", repair))
	require.NoError(l.t, row.Scan(&reports))
	return reports
}

// Whatever current tables have lost comes back from the log of revisions: whole
// reports, an amendment, a withdrawal without which the report counts again.
func TestRepairStoresAgainWhatCurrentTablesLost(t *testing.T) {
	l := newLine(t)
	l.startSink()
	annexes, _ := l.life()
	figures := l.verify(proof.Request{Figures: true}).Figures
	require.NotZero(t, figures.Cells)
	// Of the amended report and of the withdrawn one the first revision is left.
	l.exec("CREATE TABLE kept AS annex_xii")
	l.exec("INSERT INTO kept SELECT * REPLACE (1 AS revision, version - bitShiftLeft(toUInt64(1), 48) AS version, 0 AS withdrawn) " +
		"FROM annex_xii WHERE report_id IN (" + number(annexes[0]) + ", " + number(annexes[1]) + ")")
	l.delete("annex_xii", annexes[0])
	l.delete("annex_xii", annexes[1])
	l.exec("INSERT INTO annex_xii SELECT * FROM kept")
	l.exec("ALTER TABLE accident_declaration DELETE WHERE 1")
	for _, id := range annexes[3:7] {
		l.delete("annex_xii", id)
	}
	spoilt := l.verify(proof.Request{Figures: true})
	require.Equal(t, uint64(7), spoilt.Drifting)
	require.NotZero(t, spoilt.Figures.Different)

	l.prover.Limit(2, 1)
	done := l.repair()
	require.Equal(t, proof.Repaired{Repair: done.Repair, Drifting: 7, Mended: 7, Drifts: done.Drifts}, done)
	require.Empty(t, done.Drifts)
	require.Equal(t, uint64(7), l.onRecord(done.Repair))
	mended := l.verify(proof.Request{Figures: true})
	require.True(t, mended.Totals.Clean(), "%+v", mended)
	require.Equal(t, figures, mended.Figures)

	again := l.repair()
	require.Zero(t, again.Drifting)
	require.Zero(t, l.onRecord(again.Repair), "where nothing drifts, nothing is done")
}

// What is stored again takes nothing away: a row that the log of revisions does not ask
// for stays, and is told. It keeps nothing else from being mended.
func TestRepairTellsWhatItCannotMend(t *testing.T) {
	f := func(name string, spoil func(l *line, id uuid.UUID)) {
		t.Run(name, func(t *testing.T) {
			l := newLine(t)
			l.startSink()
			annexes, _ := l.life()
			spoil(l, annexes[4])
			l.delete("annex_xii", annexes[5])
			l.delete("annex_xii", annexes[6])
			l.prover.Limit(1, 1<<20)
			done := l.repair()
			require.Equal(t, []uint64{3, 2, 1}, []uint64{done.Drifting, done.Mended, done.Remaining})
			require.Len(t, done.Drifts, 1)
			require.Equal(t, annexes[4], done.Drifts[0].ReportID)
			left := l.verify(proof.Request{})
			require.Equal(t, uint64(1), left.Drifting)
			require.Equal(t, done.Drifts, left.Drifts)
		})
	}
	f("a later version", func(l *line, id uuid.UUID) {
		l.exec("INSERT INTO annex_xii SELECT * REPLACE (version + 1 AS version) FROM annex_xii WHERE report_id = " + number(id))
	})
	f("another year", func(l *line, id uuid.UUID) {
		l.exec("INSERT INTO annex_xii SELECT * REPLACE (stat_year - 1 AS stat_year) FROM annex_xii WHERE report_id = " + number(id))
	})
	f("a revision that is gone", func(l *line, id uuid.UUID) { l.delete("report_log", id) })
}

func TestRepairNeedsNameAndReason(t *testing.T) {
	l := newLine(t)
	_, err := l.prover.Repair(t.Context(), deadletter.Decision{By: " ", Reason: "\x00"})
	require.ErrorIs(t, err, proof.ErrRequest)
	require.ErrorContains(t, err, "by, reason cannot go on record")
}

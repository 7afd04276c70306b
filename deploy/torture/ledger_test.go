package torture

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

func TestFiguresAreThoseOfTheNewestRevision(t *testing.T) {
	l := newLedger()
	a := accident{id: eventID(chance(1, streamLives, 1), 1), year: 2024, victims: 2, deaths: 1}
	give := func(c content, revision uint32, raced bool) {
		t.Helper()
		sum, err := report.SHA256(c.raw)
		require.NoError(t, err)
		require.NoError(t, l.accept(c, raced, receipt.Receipt{ReportID: a.id, Revision: revision, SHA256: sum, TrackingNumber: receipt.Tracking(a.id, revision, sum)}))
	}
	f := func(accidents, deaths int64) {
		t.Helper()
		e := l.expected(func(key) bool { return true })
		require.Equal(t, accidents, e.figures[figure{"N4", 2024, false}])
		require.Equal(t, deaths, e.figures[figure{"N5", 2024, false}])
		require.Equal(t, accidents, e.reports[kindYear{report.AccidentDeclaration, 2024}])
	}
	f(0, 0)
	give(a.content(), 1, false)
	f(1, 1)
	give(a.content(), 1, false)
	f(1, 1)
	a.revision, a.deaths = 2, 2
	give(a.content(), 2, false)
	f(1, 2)
	a.revision = 3
	give(a.withdrawal(), 3, false)
	f(0, 0)
}

// Of two contents that raced the one that is first in the log counts, whoever got a
// receipt.
func TestARaceIsDecidedByTheStore(t *testing.T) {
	l := newLedger()
	first := accident{id: eventID(chance(1, streamLives, 1), 1), year: 2024, victims: 3, deaths: 1}
	second := first
	second.deaths = 2
	require.NoError(t, l.contend(first.content()))
	require.NoError(t, l.contend(second.content()))
	require.Empty(t, l.receipts())
	for _, winner := range []accident{first, second} {
		sum, err := report.SHA256(winner.content().raw)
		require.NoError(t, err)
		e := l.expected(func(k key) bool { return k.sha256 == sum })
		require.EqualValues(t, winner.deaths, e.figures[figure{"N5", 2024, false}])
	}
}

func TestAReceiptForSomethingElseIsRefused(t *testing.T) {
	l := newLedger()
	c := accident{id: eventID(chance(1, streamLives, 1), 1), year: 2024, victims: 2}.content()
	require.ErrorContains(t, l.accept(c, false, receipt.Receipt{ReportID: c.id, Revision: 1}), "another content")
	sum, err := report.SHA256(c.raw)
	require.NoError(t, err)
	r := receipt.Receipt{ReportID: c.id, Revision: 1, SHA256: sum, TrackingNumber: "one"}
	require.NoError(t, l.accept(c, false, r))
	r.TrackingNumber = "two"
	require.ErrorContains(t, l.accept(c, false, r), "before it was one")
}

func TestVerdictsAreSigned(t *testing.T) {
	var v verdict
	compare := (&platform{}).compare
	compare(&v, "a", 3, 3)
	require.Empty(t, v.findings)
	compare(&v, "b", 2, 3)
	compare(&v, "c", 4, 3)
	require.Equal(t, []string{"lost: b: 2, accepted were 3", "double: c: 4, accepted were 3"}, v.findings)
	require.Equal(t, 1, v.lost)
	require.Equal(t, 1, v.double)
	require.Equal(t, 3, v.figures)
	require.Equal(t, "20 faults, 1 lost, 2 double", Result{Faults: 20, Lost: 1, Double: 2}.Summary())
}

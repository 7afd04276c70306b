package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
)

func TestLatest(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	none, err := f.store.Latest(access.System(t.Context()), id)
	require.NoError(t, err)
	require.Nil(t, none)

	one := accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))
	two := accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))
	first := f.now
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: one})
	f.now = f.now.Add(time.Minute)
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: two, revision: 2, filed: first})
	latest, err := f.store.Latest(access.System(t.Context()), id)
	require.NoError(t, err)
	require.Equal(t, "accident_declaration", latest.Kind)
	require.Equal(t, "test", latest.SubmittedBy)
	require.EqualValues(t, 2, latest.Revision)
	require.Contains(t, string(latest.Payload), `"dead"`)

	f.file(filing{kind: report.AccidentDeclaration, id: id, of: two, revision: 3, filed: first})
	latest, err = f.store.Latest(access.System(t.Context()), id)
	require.NoError(t, err)
	require.True(t, latest.Withdrawn)
}

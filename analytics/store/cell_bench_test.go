package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// What the query of accident cases costs before it reads anything: the store is empty.
func BenchmarkCasesOfNothing(b *testing.B) {
	s, _ := shared.Store(b)
	ctx := access.System(b.Context())
	q := store.CellQuery{Measures: []string{store.FatalAccidents, store.Deaths}, From: 2024, To: 2025, Span: store.Year, Basis: store.Live,
		GroupBy: []store.Dim{store.ByYear, store.ByProvince}}
	for b.Loop() {
		_, err := s.Cells(ctx, q)
		require.NoError(b, err)
	}
}

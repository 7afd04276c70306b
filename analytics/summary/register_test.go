package summary

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
)

// The workers of some establishments are not those of all: while the register lacks those of one,
// or has no establishment of a row, they are not known.
func TestWorkersOfTheRegister(t *testing.T) {
	section := func(g store.ReportGroup) groupKey { return groupKey{g.VSICVersion, g.VSICSection} }
	r := register{held: true, groups: []store.RegisteredGroup{
		{VSICVersion: "2018", VSICSection: "C", EstablishmentType: "1", Establishments: 3, Workers: 40},
		{VSICVersion: "2018", VSICSection: "C", EstablishmentType: "2", Establishments: 2, Workers: 10},
		{VSICVersion: "2018", VSICSection: "F", Establishments: 5, Workers: 70, Unknown: 1},
	}}
	f := func(r register, key groupKey, establishments, workers Count) {
		t.Helper()
		gotEstablishments, gotWorkers := r.count(section, key)
		require.Equal(t, establishments, gotEstablishments)
		require.Equal(t, workers, gotWorkers)
	}
	f(r, groupKey{"2018", "C"}, known(5), known(50))
	f(r, groupKey{"2018", "F"}, known(5), unknown(indicator.ReasonNoWorkers))
	f(r, groupKey{"2018", "G"}, known(0), unknown(indicator.ReasonNoWorkers))
	f(register{}, groupKey{"2018", "C"}, unknown(indicator.ReasonNoRegister), unknown(indicator.ReasonNoRegister))
}

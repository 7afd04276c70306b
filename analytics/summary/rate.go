package summary

import (
	"math/big"
	"strings"

	"atvsld/analytics/indicator"
)

// rate computes persons x factor / workers, exactly and rounded once for each of its two
// forms. K_TNLĐ counts victims, K_chết deaths; with x 1,000 and two decimals K_chết is
// nearly always 0.01 or 0.02, so the value is kept in full precision beside it.
func rate(persons, workers Count, factor int64) Rate {
	r := Rate{Numerator: persons.Value, Denominator: workers.Value}
	switch {
	case persons.Value == nil:
		r.Reason = persons.Reason
		return r
	case workers.Value == nil:
		r.Reason = workers.Reason
		return r
	case *workers.Value == 0:
		r.Reason = indicator.ReasonOf(indicator.ReasonDenominatorMissing)
		return r
	}
	exact := new(big.Rat).SetFrac(
		new(big.Int).Mul(big.NewInt(*persons.Value), big.NewInt(factor)), big.NewInt(*workers.Value))
	value, _ := exact.Float64()
	r.Value = &value
	r.Display = strings.Replace(exact.FloatString(2), ".", ",", 1)
	return r
}

package report

import "math/bits"

// BenefitKind is "compensation" or "allowance".
type BenefitKind string

// The two benefits that an employer owes for an accident or a disease of work: a
// compensation, and where the worker alone was at fault an allowance (Law 84/2015/QH13
// Art. 38(4) and (5)).
const (
	Compensation BenefitKind = "compensation"
	Allowance    BenefitKind = "allowance"
)

// BenefitMonths returns the least benefit in thousandths of a month's pay: 1.5 months for
// a loss of capacity of 5 to 10 %, 0.4 month more for every further point up to 80 %, 30
// months from 81 % on or on death, and for an allowance 40 % of that (Law 84/2015/QH13
// Art. 38(4) and (5)). Below 5 % nothing is owed. An unknown kind owes nothing.
func BenefitMonths(kind BenefitKind, lossPercent uint32, died bool) uint64 {
	months := compensationMonths(lossPercent, died)
	switch kind {
	case Compensation:
		return months
	case Allowance:
		return months * 40 / 100
	}
	return 0
}

// compensationMonths is in thousandths of a month.
func compensationMonths(lossPercent uint32, died bool) uint64 {
	const first, perPoint, most = 1500, 400, 30_000
	switch {
	case died || lossPercent >= 81:
		return most
	case lossPercent < 5:
		return 0
	case lossPercent <= 10:
		return first
	}
	return first + perPoint*uint64(lossPercent-10)
}

// LeastBenefit returns the least benefit in đồng for a monthly pay in đồng, rounded up.
// The pay is at most [MaxNumber], so that the result fits.
func LeastBenefit(kind BenefitKind, monthlyPay uint64, lossPercent uint32, died bool) uint64 {
	high, low := bits.Mul64(min(monthlyPay, MaxNumber), BenefitMonths(kind, lossPercent, died))
	amount, rest := bits.Div64(high, low, 1000)
	if rest > 0 {
		amount++
	}
	return amount
}

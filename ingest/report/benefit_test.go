package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The table of Law 84/2015/QH13 Art. 38(4) and (5), in thousandths of a month's pay.
func TestBenefitMonths(t *testing.T) {
	f := func(loss uint32, died bool, compensation, allowance uint64) {
		t.Helper()
		require.Equal(t, compensation, BenefitMonths(Compensation, loss, died), "%d %%", loss)
		require.Equal(t, allowance, BenefitMonths(Allowance, loss, died), "%d %%", loss)
	}
	f(0, false, 0, 0)
	f(4, false, 0, 0)
	f(5, false, 1500, 600)
	f(10, false, 1500, 600)
	f(11, false, 1900, 760)
	f(31, false, 9900, 3960)
	f(80, false, 29_500, 11_800)
	f(81, false, 30_000, 12_000)
	f(100, false, 30_000, 12_000)
	f(0, true, 30_000, 12_000)
	f(20, true, 30_000, 12_000)
	require.Zero(t, BenefitMonths("", 50, false))
	for loss := uint32(1); loss <= 100; loss++ {
		require.GreaterOrEqual(t, BenefitMonths(Compensation, loss, false), BenefitMonths(Compensation, loss-1, false), "never falls with the loss")
	}
}

func TestLeastBenefit(t *testing.T) {
	require.EqualValues(t, 15_000_000, LeastBenefit(Compensation, 10_000_000, 5, false))
	require.EqualValues(t, 99_000_000, LeastBenefit(Compensation, 10_000_000, 31, false))
	require.EqualValues(t, 39_600_000, LeastBenefit(Allowance, 10_000_000, 31, false))
	require.EqualValues(t, 2, LeastBenefit(Compensation, 1, 5, false), "part of a đồng is a đồng")
	require.Zero(t, LeastBenefit(Compensation, 10_000_000, 4, false))
	require.Equal(t, uint64(30*MaxNumber), LeastBenefit(Compensation, MaxNumber, 100, true))
}

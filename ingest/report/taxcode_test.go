package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTaxCodeValid(t *testing.T) {
	f := func(code string, want bool) {
		t.Helper()
		require.Equal(t, want, TaxCode(code).Valid() == nil, code)
	}
	f("0100109106", true) // worked example: sum 114, r = 4, check digit 6
	f("0100109105", false)
	f("0100109106-001", true)
	f("0100109106-999", true)
	f("0100109106-000", false)
	f("0100109106-1", false)
	f("0100109106-0001", false)
	f("0100109106-00a", false)
	f("0100109106-", false)
	f("0100109106001", false)
	f("0100109106 ", false)
	f("010010910", false)
	f("0000000000", false)
	f("0100000006", false) // digits 3 to 9 all zero, whatever the check digit
	f("001085012345", true)
	f("00108501234x", false)
	f("hb:00112233445566778899aabbccddeeff", false)
	f("", false)
	f("0100109106-00１", false)
}

// The number that gives r = 0 has no check digit, whichever is tried.
func TestTaxCodeNeverIssued(t *testing.T) {
	base := ""
	for n := 100_000_000; base == ""; n++ {
		if s := fmt.Sprintf("%09d", n); taxCheckDigit(s) < 0 && s[2:] != "0000000" {
			base = s
		}
	}
	for d := range 10 {
		require.Error(t, TaxCode(fmt.Sprintf("%s%d", base, d)).Valid())
	}
}

// The two variants that circulate differ from the right one somewhere.
func TestTaxCodeVariantsAreWrong(t *testing.T) {
	sum := 0
	for i, w := range taxWeights {
		sum += w * int("0100109106"[i]-'0')
	}
	require.Equal(t, 114, sum)
	require.Equal(t, 6, taxCheckDigit("0100109106"))
	require.NotEqual(t, 6, (11-sum%11)%11)
	var differs bool
	for n := 100_000_001; n < 100_000_200; n++ {
		s := fmt.Sprintf("%09d", n)
		sum := 0
		for i, w := range taxWeights {
			sum += w * int(s[i]-'0')
		}
		differs = differs || taxCheckDigit(s) != (10-sum%11)%10
	}
	require.True(t, differs)
}

func TestTaxCodePersonal(t *testing.T) {
	require.True(t, TaxCode("001085012345").IsPerson())
	require.False(t, TaxCode("0100109106").IsPerson())
	require.True(t, TaxCode("hb:x").IsHousehold())
	require.Equal(t, TaxCode("0100109106"), TaxCode("0100109106-001").Base())
	// A mistyped number of a person is as personal as the right one.
	for _, code := range []TaxCode{"00108501234", "0010850123456", "001085012345 ", "00108501234o"} {
		require.True(t, code.maybePersonal(), string(code))
	}
}

func FuzzTaxCode(f *testing.F) {
	for _, seed := range []string{"0100109106", "0100109106-001", "001085012345", "", "-", "0100109106-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code := TaxCode(s)
		if code.Valid() != nil {
			return
		}
		if code.IsPerson() {
			require.Len(t, s, 12)
			return
		}
		require.Equal(t, code.IsBranch(), len(s) == 14)
		require.Len(t, string(code.Base()), 10)
		// Any single digit changed makes it wrong: the weights are prime to 11.
		for i := range 10 {
			for d := byte('0'); d <= '9'; d++ {
				changed := strings.Clone(s[:i]) + string(d) + s[i+1:]
				if d != s[i] {
					require.Error(t, TaxCode(changed).Valid(), changed)
				}
			}
		}
	})
}

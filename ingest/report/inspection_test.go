package report_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// The number of a decision may become public: nothing else may be written there.
func TestDecisionNumbersHoldNothingElse(t *testing.T) {
	f := func(number string, want bool) {
		t.Helper()
		_, found := answer(t, reporttest.Set(reporttest.Valid(report.InspectionReport), "/content/decision/number", `"`+number+`"`))
		refused := slices.ContainsFunc(found, func(f report.Finding) bool { return f.Code == "SAN-009" })
		require.Equal(t, want, !refused, number)
	}
	for _, number := range []string{"1/QĐ", "123/QĐ-XPHC", "123/QĐ-XPVPHC", "0045/2025/QĐ-TTr", "7/QĐ-TTrS", "12/QĐ-SNV-XPHC", "1234567/QĐ-UBND"} {
		f(number, true)
	}
	for _, number := range []string{"QĐ-XPHC", "Nguyễn Văn An", "0912345678", "0912/345/678", "001085012345", "001085-012345", "12/QĐ-Nguyễn Văn An",
		"12/QĐ-NGUYEN-VAN-AN", "12/QĐ-XPHC (ông An)", "12/QĐ-XPHC\\n"} {
		f(number, false)
	}
}

// Who is inspected is a household under its owner's number: the number goes no further.
func TestInspectedHouseholdIsStripped(t *testing.T) {
	raw := reporttest.Set(reporttest.Valid(report.InspectionReport), "/content/establishment/tax_code", `"001085012345"`)
	s, found := answer(t, raw)
	require.Empty(t, found)
	_, err := s.Strip(func(domain, value string) report.Pseudonym {
		if value == "001085012345" {
			require.Equal(t, report.DomainHousehold, domain)
		}
		return "00112233445566778899aabbccddeeff"
	})
	require.NoError(t, err)
	i := s.Content.(*report.Inspection)
	require.Equal(t, report.TaxCode("hb:00112233445566778899aabbccddeeff"), i.Establishment.TaxCode)
	require.Empty(t, i.Establishment.Name)
	require.Empty(t, i.Remarks)
	require.Equal(t, "authority:inspection@34:01", i.Identity().Unit)
}

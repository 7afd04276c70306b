package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbersOfPersonsInTexts(t *testing.T) {
	f := func(text string, want numberOfPerson) {
		t.Helper()
		require.Equal(t, want, findNumber(text), text)
	}
	f("", noNumber)
	f("Ngã từ độ cao 12 m lúc 14:30 ngày 05/01/2026", noNumber)
	f("Thiệt hại 350.000.000 đồng, nghỉ 120 ngày", noNumber)
	f("Thiệt hại 123456789đ", noNumber)
	f("Thiệt hại 350000000", noNumber)
	f("Mã số thuế 0100109106", noNumber) // an enterprise's
	f("QĐ 1234/2024", noNumber)
	f("001085012345", citizenNumber)
	f("CCCD:001085012345.", citizenNumber)
	f("001 085 012 345", citizenNumber)
	f("001.085.012.345", citizenNumber)
	f("0010 8501 2345", citizenNumber)
	f("000085012345", noNumber) // no such province
	f("997085012345", noNumber)
	f("1001085012345", noNumber) // 13 digits
	f("0912345678, 001085012345", citizenNumber)
	f("CMND 012345678", formerNumber)
	f("ĐT 0912345678", mobileNumber)
	f("+84 912 345 678", mobileNumber)
	f("+84912345678", mobileNumber)
	f("0912.345.678", mobileNumber)
	f("0212345678", noNumber)
	f("MST 8000000000", noNumber)
}

// Every kind has texts that are looked into, and none is meant for a number.
func TestScannedTexts(t *testing.T) {
	paths := func(d *Definition) (all []string) {
		for _, text := range d.texts {
			var at strings.Builder
			for _, m := range text.path {
				at.WriteString("/" + m.name)
			}
			all = append(all, at.String())
		}
		return all
	}
	require.Equal(t, []string{"/reporter/site", "/reporter/name", "/reporter/address", "/reporter/establishment_type", "/place/text",
		"/factor/list", "/factor/code", "/summary", "/victims//name", "/victims//occupation", "/victims//injuries/"}, paths(accidentDefinition))
	for _, d := range catalogue {
		require.NotEmpty(t, d.texts, d.Kind)
	}
}

// A finding about a number does not tell the number.
func TestNumbersAreNotShown(t *testing.T) {
	for i := range textRules {
		require.Equal(t, 1, strings.Count(textRules[i].MessageEN, "%"), textRules[i].Code)
	}
	c := &check{s: &Submission{Content: &Monitoring{Body: Body{Licence: "001085012345"}}}, definition: monitoringDefinition}
	c.scanTexts(monitoringDefinition, c.s.Content)
	require.Len(t, c.findings, 1)
	require.Equal(t, "ENV-016", c.findings[0].Code)
	require.Empty(t, c.findings[0].Value)
	require.NotContains(t, c.findings[0].Message+c.findings[0].MessageVI, "0850")
	require.Equal(t, c.findings[0].Message, c.findings[0].WithoutValues().Message)
}

package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// strays are values of every type that a report holds by mistake, and what of each may
// be found nowhere.
var strays = []struct{ value, mark string }{
	{`"MARKVICTIM"`, "MARK"}, {`"0912345678"`, "912345678"}, {`912345678`, "912345678"}, {`"1961-04-13"`, "1961"},
	{`"1961-04-13T08:00:00+07:00"`, "1961"}, {`"MK"`, "MK"}, {`"MARKV"`, "MARK"},
}

// place puts a value where there is a place for it.
func place(document []byte, pointer, value string) (placed []byte, ok bool) {
	defer func() { ok = recover() == nil }() // a list that has no such element
	return reporttest.Set(document, pointer, value), true
}

func requireNoStray(t require.TestingT, document []byte) {
	s, form, err := report.Decode(document)
	require.NoError(t, err)
	for _, f := range report.Check(ctx(), &s, form) {
		f = f.WithoutValues()
		require.Empty(t, f.Value)
		for _, stray := range strays {
			require.NotContains(t, f.Message+f.MessageVI, stray.mark, "%s at %s of %s", f.Code, f.Pointer, document)
		}
	}
}

// Whatever stands wherever in a form, findings without values do not tell it.
func TestFindingsWithoutValues(t *testing.T) {
	for _, d := range report.Definitions() {
		placed := 0
		for _, pointer := range d.Leaves() {
			for _, stray := range strays {
				if document, ok := place(reporttest.Valid(d.Kind), pointer, stray.value); ok {
					requireNoStray(t, document)
					placed++
				}
			}
		}
		require.Greater(t, placed, 100, d.Kind)
	}
}

func TestFindingsWithoutValuesOfSeveral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(report.Definitions()).Draw(t, "kind")
		document := reporttest.Valid(d.Kind)
		for _, pointer := range rapid.SliceOfNDistinct(rapid.SampledFrom(d.Leaves()), 1, 12, rapid.ID).Draw(t, "pointers") {
			stray := rapid.SampledFrom(strays[:5]).Draw(t, "stray")
			if placed, ok := place(document, pointer, stray.value); ok {
				document = placed
			}
		}
		requireNoStray(t, document)
	})
}

// What the platform itself says stays in the message.
func TestFindingsWithoutValuesStillHelp(t *testing.T) {
	f := func(kind report.Kind, pointer, value, code, want string) {
		t.Helper()
		_, found := answer(t, reporttest.Set(reporttest.Valid(kind), pointer, value))
		var all []string
		for _, f := range found {
			all = append(all, f.Code)
			if f.Code == code {
				require.Equal(t, want, f.WithoutValues().Message)
				return
			}
		}
		t.Fatalf("no %s but %s", code, strings.Join(all, " "))
	}
	f(report.DiseaseReport, "/content/rows/0/factor", `"NguyenVanAn"`, "DIS-010", "There is no group of harmful factors “…”.")
	f(report.AnnexXII, "/content/MARK", `1`, "ENV-002", "The form has no member “MARK”.")
	f(report.MonitoringReport, "/content/campaign", `400`, "MON-008", "Campaign … of a year is beyond 366.")
}

package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

func clinic(taxCode string, place seeds.ProvinceRef, period report.Period, victims, died uint32) filing {
	return periodic(report.ClinicReport, &report.Clinical{
		Reporter: report.Reporter{Type: report.Clinic, TaxCode: report.TaxCode(taxCode), Province: place}, Period: period,
		Treated: report.Treated{Victims: victims, Died: died},
	})
}

func summary(place seeds.ProvinceRef, period report.Period, facilities, reporting, victims, died uint32) filing {
	return periodic(report.HealthSummary, &report.Summary{
		Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: report.HealthAuthority, Province: place}, Period: period,
		Facilities: facilities, Reporting: reporting, Treated: report.Treated{Victims: victims, Died: died},
	})
}

// Four sources of one province and year, each with its own number of reports, also where
// two former provinces are one now.
func TestTreatedVictims(t *testing.T) {
	f := newFiler(t)
	on34 := store.On(seeds.List34, seeds.Default())
	ask := func(year int, span store.Span, on store.Geography) []store.TreatedVictims {
		t.Helper()
		all, err := f.store.TreatedVictims(access.System(t.Context()), year, span, on)
		require.NoError(t, err)
		return all
	}
	require.Empty(t, ask(2024, store.Year, on34), "an empty store")

	hcm, binhDuong, hanoi := province(seeds.List63, "79"), province(seeds.List63, "74"), province(seeds.List63, "01")
	annex := &report.Annex{Reporter: establishment("0100109106", "0"), Period: "2024", Industry: industry,
		Rows: []report.AnnexRow{{Block: report.BlockAccidents, Measures: report.Measures{Accidents: 3, Victims: 4, Deaths: 1}}}}
	annex.Reporter.Province = hanoi
	commune := &report.Commune{Reporter: report.Reporter{Type: report.CommuneReporter, Province: hanoi,
		Commune: &report.CommuneRef{Code: "00004", ValidFrom: seeds.MustDate(2004, 7, 8)}}, Period: "2024", Total: report.Measures{Accidents: 2, Victims: 2}}
	amended := clinic("0100112437", hcm, "2024", 31, 2)
	amended.revision = 2
	withdrawn := clinic("0300112430", hanoi, "2024", 9, 9)
	withdrawn.of, withdrawn.content, withdrawn.revision = withdrawn.content, nil, 2
	f.file(
		clinic("0100112437", hcm, "2024", 30, 1), amended,
		clinic("0100112437", hcm, "2024H1", 14, 0), // never added to the year
		clinic("0200112430", binhDuong, "2024", 20, 1),
		clinic("0300112430", hanoi, "2024", 9, 9), withdrawn,
		clinic("0300112430", hanoi, "2023", 5, 0),
		summary(hcm, "2024", 12, 11, 50, 3), summary(binhDuong, "2024", 7, 7, 21, 1),
		periodic(report.AnnexXII, annex), periodic(report.CommuneReport, commune),
	)
	count := func(reports, victims, died uint64) store.TreatedCount {
		return store.TreatedCount{Reports: reports, Victims: victims, Died: died}
	}
	require.Equal(t, []store.TreatedVictims{
		{Province: province(seeds.List34, "01"), Employers: count(1, 4, 1), Communes: count(1, 2, 0)},
		{Province: province(seeds.List34, "79"), Clinics: count(2, 51, 3), Health: count(2, 71, 4), Facilities: 19, Reporting: 18},
	}, ask(2024, store.Year, on34))
	require.Equal(t, []store.TreatedVictims{{Province: province(seeds.List34, "79"), Clinics: count(1, 14, 0)}}, ask(2024, store.FirstHalf, on34))
	reported := ask(2024, store.Year, store.AsReported())
	require.Len(t, reported, 3)
	require.Equal(t, store.TreatedVictims{Province: binhDuong, Clinics: count(1, 20, 1), Health: count(1, 21, 1), Facilities: 7, Reporting: 7}, reported[1])
}

package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// hazardEntry is an entry of the register with the days on which it generates harmful factors.
func hazardEntry(taxCode string, hazard report.Span, offices ...report.Stay) *report.Registration {
	r := registration(taxCode, offices[0].Province)
	r.HeadOffice, r.Hazard, r.Industry = offices, []report.Span{hazard}, &industry
	return r
}

func stay(list seeds.ProvinceList, code string, from seeds.Date) report.Stay {
	return report.Stay{Province: province(list, code), Span: report.Span{From: from}}
}

// Registered establishments with harmful factors, each year that they have them in, where
// their head office then is, and those of them that were monitored.
func TestHazardEstablishments(t *testing.T) {
	f := newFiler(t)
	d := func(year int, month time.Month, day int) seeds.Date { return seeds.MustDate(year, month, day) }
	since := d(2010, time.January, 1)
	entry := func(r *report.Registration) filing {
		return filing{kind: report.RegistrationEntry, id: uuid.New(), content: r, filed: day(2025, 7, 1)}
	}
	moved := hazardEntry("0100109106", report.Span{From: d(2023, time.December, 31)},
		stay(seeds.List63, "01", since), stay(seeds.List63, "79", d(2024, time.July, 1)))
	ended := hazardEntry("0100112437", report.Span{From: since, To: d(2024, time.January, 1)}, stay(seeds.List63, "24", since))
	closed := hazardEntry("0200109107", report.Span{From: since}, stay(seeds.List63, "24", since))
	closed.Active.To = d(2023, time.June, 30)
	never := hazardEntry("0300109108", report.Span{From: since}, stay(seeds.List63, "24", since))
	never.Hazard = nil
	future := hazardEntry("0400109109", report.Span{From: d(2025, time.January, 1)}, stay(seeds.List63, "24", since))
	commune := hazardEntry("0500109110", report.Span{From: since}, stay(seeds.List63, "24", since))
	commune.Registered.Type = report.ServiceBody
	monitored := func(taxCode, site, year string) filing {
		return periodic(report.MonitoringReport, &report.Monitoring{
			Reporter: establishment(taxCode, site), SiteProvince: province(seeds.List34, "79"), Period: report.Period(year), Campaign: 1,
			Industry: industry, Body: report.Body{TaxCode: "0200109107"}, Factors: []report.Factor{{Factor: "noise", Samples: 1}}})
	}
	f.file(entry(moved), entry(ended), entry(closed), entry(never), entry(future), entry(commune),
		monitored("0100109106", "3", "2024"), // another site of the same taxpayer
		monitored("0100112437", "0", "2023"), monitored("0100112437", "0", "2025"), monitored("0999999999", "0", "2024"))

	type key struct {
		measure  string
		year     int
		province string
	}
	got := map[key]int64{}
	for _, c := range f.cells(store.CellQuery{Measures: []string{store.HazardEstablishments, store.HazardEstablishmentsMonitored},
		From: 2023, To: 2024, GroupBy: []store.Dim{store.ByYear, store.ByProvince}}) {
		got[key{c.Measure, c.Year, c.Province.String()}] = c.Value
	}
	const all, some = store.HazardEstablishments, store.HazardEstablishmentsMonitored
	require.Equal(t, map[key]int64{
		{all, 2023, "63/01"}: 1, // on its last day only
		{all, 2023, "63/24"}: 2, {some, 2023, "63/24"}: 1,
		{all, 2024, "63/79"}: 1, {some, 2024, "63/79"}: 1, // it moved within the year
		{all, 2024, "63/24"}: 1, // on its first day only
	}, got)

	// Nothing is known of years to come, though no end is registered.
	next := time.Now().Year() + 1
	require.Empty(t, f.cells(store.CellQuery{Measures: []string{all}, From: next, To: next + 1}))
}

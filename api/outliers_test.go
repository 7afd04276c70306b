package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// yearReports stands for a store with these establishments; TestYearly asks a real one.
type yearReports struct {
	all   []store.Yearly
	asked store.YearlyQuery
}

func (y *yearReports) Yearly(_ context.Context, q store.YearlyQuery) ([]store.Yearly, bool, error) {
	y.asked = q
	var page []store.Yearly
	for _, one := range y.all {
		if one.Unit > q.After {
			page = append(page, one)
		}
	}
	n := min(q.Limit, len(page))
	return page[:n], len(page) > n, nil
}

func TestOutliers(t *testing.T) {
	of := func(unit string, workers ...int64) store.Yearly {
		y := store.Yearly{Unit: unit, Province: seeds.ProvinceRef{List: "34", Code: "01"}, VSICVersion: "2025", VSICSection: "F"}
		for i, n := range workers {
			y.Years = append(y.Years, store.YearReport{Year: 2026 - len(workers) + i, ReportID: uuid.New(), Revision: 1, Workers: n})
		}
		return y
	}
	found := &yearReports{all: []store.Yearly{of("0100100079/0", 100, 100, 40), of("0100109106/0", 100, 100, 100), of("0100112437/0", 900, 900, 900)}}
	p := newTrends(t, func(d *Deps, _ *Config) { d.FollowUp = found })
	list := read[OutlierList](p.by("hanoi", outliersPath+"?year=2025&province=34:24").ok())
	require.Len(t, list.Outliers, 2, "who is odd by no rule is not told")
	require.Equal(t, "shrank_without_accident", list.Outliers[0].Oddities[0].Rule)
	require.Equal(t, "large_without_accident", list.Outliers[1].Oddities[0].Rule)
	require.Nil(t, list.Outliers[0].Registered)
	require.Equal(t, "/v1/reports/"+found.all[0].Years[0].ReportID.String()+"/revisions/1", list.Outliers[0].Reports[0].URL)
	require.Equal(t, "2025", list.SectionRates.Period)
	require.Len(t, found.asked.Provinces, 3, "with the units that went into it")
	require.Equal(t, 2023, found.asked.From)
	require.Len(t, read[OutlierList](p.by("hanoi", outliersPath+"?year=2025&rule=large_without_accident").ok()).Outliers, 1)

	a := p.by("hanoi", outliersPath+"?year=2025&limit=2&large=500")
	next := read[OutlierList](a.ok()).Next
	require.Contains(t, a.header.Get("Link"), next)
	list = read[OutlierList](p.by("hanoi", next).ok())
	require.Len(t, list.Outliers, 1)
	require.Empty(t, list.Next)
	require.Equal(t, int64(500), found.asked.Large)
	values, err := url.ParseQuery(next)
	require.NoError(t, err)
	require.Equal(t, "500", values.Get("large"))

	table, err := csv.NewReader(strings.NewReader(string(p.by("hanoi", outliersPath+"?year=2025", "Accept", csvType).ok().body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 3)
	require.Equal(t, "2023:100 2024:100 2025:40", table[1][14])

	require.Equal(t, indicator.ReasonNotClosed, read[OutlierList](p.by("hanoi", outliersPath+"?year=2020").ok()).SectionRates.Reason.Code)
	p.by("hanoi", outliersPath+"?province=01").problem(http.StatusUnprocessableEntity, "API-008")
	p.by("hanoi", outliersPath+"?cursor=*").problem(http.StatusUnprocessableEntity, "API-006")
	p.by("auditor", outliersPath).problem(http.StatusForbidden, "API-085")
	p.by("health", outliersPath).problem(http.StatusForbidden, "API-085")
	p.get(outliersPath).problem(http.StatusUnauthorized, "API-001")
}

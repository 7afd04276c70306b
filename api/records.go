package api

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// links lead from figures to the records behind them, for a caller who may read them. They name
// the reports that a figure can be counted from by kind, year or period, and province, as they
// are today; which of them count, the figure's definition says.
type links struct {
	server *Server
	seriesQuestion
	series *indicator.Series
	// reports and cases are how far the caller reaches with them.
	reports, cases *access.Reach
}

func (s *Server) linksOf(ctx context.Context, q seriesQuestion, series *indicator.Series) links {
	return links{s, q, series, s.territory(ctx, access.ReadReports), s.territory(ctx, access.ReadCases)}
}

// territory is how far the caller reaches with an action, nil unless it is an area or everything:
// whoever sees single units is not shown what the figure of an area is made of.
func (s *Server) territory(ctx context.Context, a access.Action) *access.Reach {
	reach, err := callOf(ctx).by.Reach(a, s.Seeds)
	if err != nil || reach.Extent != access.All && reach.Extent != access.Area {
		return nil
	}
	return &reach
}

// of is where the records behind a value are listed; "" where the caller may not read them, or
// where the list has no filter for what the value was split by.
func (l links) of(v *indicator.Value) string {
	kinds := l.series.Indicator.ReportKinds(l.series.Denominator, v.Employment)
	foreign := func(kind string) bool { return !l.reports.HasKind(kind) }
	split := v.VSIC != nil || v.Month != nil || v.Members != (indicator.Members{})
	if l.reports == nil || len(kinds) == 0 || split || slices.ContainsFunc(kinds, foreign) {
		return ""
	}
	query := url.Values{"kind": {strings.Join(kinds, ",")}}
	if !filterPeriod(query, kinds[0], v.Period) || !l.filterPlace(query, v) {
		return ""
	}
	return reportsPath + "?" + query.Encode()
}

// filterPeriod asks for the reports of a period: periodic reports are of exactly one, all others
// are filed under a year.
func filterPeriod(query url.Values, kind, period string) bool {
	p := report.Period(period)
	periodic := kind == string(report.AnnexXII) || kind == string(report.CommuneReport)
	switch {
	case !p.Valid() || p.HalfYear() && !periodic:
		return false
	case periodic:
		query.Set("period", period)
	default:
		query.Set("year", period)
	}
	return true
}

// filterPlace asks for the reports of an area. The list compares provinces as they were written,
// so a province of today is asked for with the units that went into it. What went into a former
// one cannot be told from the list since the provinces were merged.
func (l links) filterPlace(query url.Values, v *indicator.Value) bool {
	if v.Area.Level == indicator.LevelNation {
		return l.reports.Extent == access.All
	}
	if v.Area.Level != indicator.LevelProvince || l.Geography == indicator.Geography63 && report.Period(v.Period).Year() >= mergedIn {
		return false
	}
	places := []seeds.ProvinceRef{refOf(v.Area)}
	if l.Geography != indicator.Reported {
		places = l.server.withFormer(places[0])
	}
	var texts []string
	for _, place := range places {
		if !l.reports.HasPlace(place) {
			return false
		}
		texts = append(texts, string(place.List)+":"+place.Code)
	}
	query.Set("province", strings.Join(texts, ","))
	return true
}

// mergedIn is the year in which the 63 provinces became 34 (Resolution 202/2025/QH15).
const mergedIn = 2025

// investigations is where the clocks of the investigations are; "" where the indicator is not
// about accidents, or the caller may not see cases.
func (l links) investigations() string {
	if l.cases == nil || !l.series.Indicator.AboutAccidents() {
		return ""
	}
	query := url.Values{}
	if l.Area != (seeds.ProvinceRef{}) {
		if !l.cases.HasPlace(l.Area) {
			return ""
		}
		query.Set("province", string(l.Area.List)+":"+l.Area.Code)
	}
	if l.From == l.To {
		query.Set("year", strconv.Itoa(l.To))
	}
	if len(query) == 0 {
		return investigationsPath
	}
	return investigationsPath + "?" + query.Encode()
}

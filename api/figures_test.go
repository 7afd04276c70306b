package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/api/web/webtest"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// closings stands for a store in which these periods are closed; TestAttainment asks a
// real one.
type closings []string

func (closings) SafetyFigures(context.Context, int, bool, store.Geography) ([]store.SafetyFigure, error) {
	return nil, nil
}

func (closings) Violations(context.Context, store.ViolationFilter) ([]store.Violation, bool, error) {
	return nil, false, nil
}

func (closings) Revisions(context.Context, uuid.UUID, store.Presented) ([]store.Revision, error) {
	return nil, nil
}

func (c closings) ClosedPeriods(context.Context) ([]store.Closing, error) {
	var all []store.Closing
	for _, period := range c {
		all = append(all, store.Closing{Period: period, AsOf: webtest.ClosedAt(webtest.LastClosed), ClosedBy: "test"})
	}
	return all, nil
}

func (c closings) Closings(ctx context.Context) ([]store.Closing, error) { return c.ClosedPeriods(ctx) }

// newReader is the interface with made-up figures.
func newReader(t *testing.T, change ...func(*Deps, *Config)) *platform {
	t.Helper()
	st := closings{"2023", "2024", "2025", "2025H1"}
	indicators, err := webtest.Figures{Seeds: seeds.Default()}.Engine()
	require.NoError(t, err)
	return newSmall(t, append([]func(*Deps, *Config){func(d *Deps, _ *Config) { d.Store, d.Indicators = st, indicators }}, change...)...)
}

func TestAttainment(t *testing.T) {
	st, _ := engine.Store(t)
	closeYears(t, st)
	p := newReader(t, func(d *Deps, _ *Config) { d.Store = st })
	a := p.get("/v1/attainment").ok()
	got := read[indicator.Attainment](a)
	require.Equal(t, 2025, got.Year) // the last closed one; 2025H1 is none
	require.Equal(t, indicator.Closed, got.View)
	areas := map[string]bool{}
	for _, item := range got.Items {
		areas[string(item.Area.List)+item.Area.Code] = true
	}
	require.Len(t, areas, 35)
	require.Equal(t, publicFor, a.header.Get("Cache-Control"))

	one := read[indicator.Attainment](p.get("/v1/attainment?year=2024&area=34:01,VN&target=D31-1&definition=deaths_count").ok())
	require.Len(t, one.Items, 2)
	require.Equal(t, "01", one.Items[0].Area.Code)
	live := read[indicator.Attainment](p.ask(http.MethodGet, "/v1/attainment", nil).ok())
	require.Equal(t, indicator.Live, live.View)
	require.Equal(t, indicator.Closed, read[indicator.Attainment](p.ask(http.MethodGet, "/v1/attainment?view=closed", nil).ok()).View)

	f := func(query string, status int, code string) Problem {
		t.Helper()
		return p.get("/v1/attainment?"+query).problem(status, code)
	}
	require.Equal(t, "area", f("area=01", http.StatusUnprocessableEntity, "API-008").Errors[0].Column)
	require.Len(t, f("area=01,34:01,79", http.StatusUnprocessableEntity, "API-008").Errors, 2)
	f("area=34:99", http.StatusUnprocessableEntity, "API-006")
	f("area=63:01", http.StatusUnprocessableEntity, "API-006")
	f("target=D32-1", http.StatusUnprocessableEntity, "API-006")
	f("plan=D32", http.StatusUnprocessableEntity, "API-006")
	f("year=2024&base=2024", http.StatusUnprocessableEntity, "API-006")
	f("year=abc", http.StatusUnprocessableEntity, "API-006")
	f("year=1800", http.StatusUnprocessableEntity, "API-006")
	f("geography=12", http.StatusUnprocessableEntity, "API-006")
	f("jear=2024", http.StatusUnprocessableEntity, "API-007")
	f("view=live", http.StatusForbidden, "API-021")
	require.Len(t, f("jear=2024&geography=12&year=x", http.StatusUnprocessableEntity, "API-007").Errors, 1) // huma stops at names
	p.get("/v1/attainment", "Authorization", "Bearer wrong").problem(http.StatusUnauthorized, "API-001")
}

// Every target of a plan is there, and a plan of a province in its province.
func TestPlans(t *testing.T) {
	p := newReader(t)
	list := read[PlanList](p.get("/v1/targets").ok())
	require.Equal(t, "D31", list.Plans[0].Plan.ID)
	for _, plan := range list.Plans {
		shown := map[string]bool{}
		for _, i := range read[indicator.Attainment](p.get("/v1/attainment?year=2025&plan=" + plan.Plan.ID).ok()).Items {
			shown[i.Target.ID] = true
		}
		require.Len(t, shown, len(plan.Targets), plan.Plan.ID)
		for _, target := range plan.Targets {
			require.True(t, shown[target.Target.ID], target.Target.ID)
			require.NotEmpty(t, target.Definitions)
			require.NotEmpty(t, target.Target.Source)
		}
	}
	inForce := read[PlanList](p.get("/v1/targets?year=2021&province=VN").ok())
	require.Len(t, inForce.Plans, 2)
	require.Equal(t, "N19", inForce.Plans[0].Plan.ID)
	require.Empty(t, read[PlanList](p.get("/v1/targets?province=34:01").ok()).Plans)
	p.get("/v1/targets?province=01").problem(http.StatusUnprocessableEntity, "API-008")

	former := read[indicator.Attainment](p.get("/v1/attainment?year=2025&plan=D31-63-60&area=34:68").ok()).Items
	require.Equal(t, indicator.ReasonFormerProvince, former[0].Reason.Code)
	require.Equal(t, &seeds.ProvinceRef{List: seeds.List63, Code: "60"}, former[0].Target.Province)

	table, err := csv.NewReader(strings.NewReader(string(p.get("/v1/attainment?year=2025&base=2023&target=D31-1,P659-a-2025&definition=deaths_count,none&area=VN", "Accept", "text/csv").ok().body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 1+3)
	cell := func(row int, column string) string { return table[row][slices.Index(table[0], column)] }
	require.Equal(t, []string{"yearly", "2024", "2023"}, []string{cell(1, "path"), cell(1, "previous_year"), cell(1, "base_year")})
	require.Equal(t, []string{"compounded", "2023", "2023"}, []string{cell(2, "path"), cell(2, "previous_year"), cell(2, "base_year")})
	require.NotEmpty(t, cell(2, "path_value"))
	require.Equal(t, []string{"milestone", "", "", "milestone"}, []string{cell(3, "rule"), cell(3, "threshold_num"), cell(3, "path"), cell(3, "reason")})
}

func TestSeries(t *testing.T) {
	p := newReader(t)
	got := read[indicator.Series](p.get("/v1/indicators/A1/series?from=2022&to=2025&by=province").ok())
	require.Len(t, got.Values, 34*4)
	got = read[indicator.Series](p.get("/v1/indicators/N4/series?area=34:01").ok())
	require.Len(t, got.Values, 10)
	require.Equal(t, "2025", got.Values[9].Period)
	require.NotNil(t, got.Values[9].Numerator)
	got = read[indicator.Series](p.get("/v1/indicators/N4/series?from=2026&to=2026").ok())
	require.Equal(t, indicator.ReasonNotClosed, got.Values[0].NumeratorReason.Code)
	got = read[indicator.Series](p.ask(http.MethodGet, "/v1/indicators/N4/series?from=2026&to=2026", nil).ok())
	require.NotNil(t, got.Values[0].Numerator)
	require.Equal(t, indicator.Provisional, got.Values[0].Status)
	got = read[indicator.Series](p.ask(http.MethodGet, "/v1/indicators/A1/series?factor=1000&denominator=workers_reporting&include_commuting=true&period=H1&geography=63", nil).ok())
	require.Equal(t, int64(1000), got.Values[0].Factor)

	p.get("/v1/indicators/ZZ/series").problem(http.StatusNotFound, "API-015")
	p.get("/v1/indicators/N4/series?by=sex").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/N4/series?area=01").problem(http.StatusUnprocessableEntity, "API-008")
	p.get("/v1/indicators/N4/series?from=2025&to=2020").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/N4/series?from=1990&to=2025").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/N4/series?factor=-1").problem(http.StatusUnprocessableEntity, "API-006")
}

func TestTablesForSpreadsheets(t *testing.T) {
	p := newReader(t, func(d *Deps, _ *Config) { d.Demonstration = true })
	f := func(path string, rows int, columns ...string) {
		t.Helper()
		a := p.get(path, "Accept", "text/csv").ok()
		require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
		require.Contains(t, a.header.Get("Vary"), "Accept")
		table, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
		require.NoError(t, err)
		require.Len(t, table, rows+1)
		for _, column := range columns {
			require.Contains(t, table[0], column)
		}
		require.Equal(t, "true", table[1][len(table[1])-1])
		require.Equal(t, "demonstration", table[0][len(table[0])-1])
	}
	f("/v1/attainment?area=VN", 9, "verdict", "definition")
	f("/v1/indicators/N4/series?from=2023&to=2025&by=province", 102, "value", "area_code")
	f("/v1/indicators/A3/chart?from=2023&to=2025&by=province", 102, "warning_upper", "position", "signals")
	f("/v1/indicators/A3/funnel", 34, "centre", "warning_upper", "position")
	f("/v1/indicators/N4/movers", 34, "rank", "p_value", "change_pct")
	f("/v1/indicators/N5/series?from=2025&to=2025&by=region,month", 6*12, "month", "cause", "injury_factor", "sex", "age_group", "size_class")
	// Whatever has no table stays JSON.
	p.get("/v1/codelists", "Accept", "text/csv").ok().is(jsonType)
	p.get("/v1/attainment", "Accept", "image/png").ok().is(jsonType)
	p.get("/v1/attainment?area=01", "Accept", "text/csv").problem(http.StatusUnprocessableEntity, "API-008")
	p.get("/v1/attainment?x=1", "Accept", "text/csv").problem(http.StatusUnprocessableEntity, "API-007")
}

func TestAnswersAreComparedNotRepeated(t *testing.T) {
	p := newReader(t)
	for _, path := range []string{plainPath, "/v1/attainment", "/v1/rules", "/openapi.json", "/docs", "/web/style.css"} {
		a := p.get(path, "Accept-Encoding", "identity").ok()
		tag := a.header.Get("ETag")
		require.NotEmpty(t, tag, path)
		same := p.get(path, "If-None-Match", `"x", `+tag, "Accept-Encoding", "identity")
		require.Equal(t, http.StatusNotModified, same.status, path)
		require.Empty(t, same.body)
		require.Equal(t, tag, same.header.Get("ETag"))
		p.get(path, "If-None-Match", `"x"`).ok()
		head := p.ask(http.MethodHead, path, nil, "Authorization", "").ok()
		require.Empty(t, head.body)
		require.Equal(t, tag, head.header.Get("ETag"))
		require.Equal(t, a.header.Get("Content-Length"), head.header.Get("Content-Length"))
	}
	// A strong tag is of the very bytes: compressed they are others.
	packed := p.get("/v1/attainment", "Accept-Encoding", "gzip").ok().header.Get("ETag")
	plain := p.get("/v1/attainment", "Accept-Encoding", "identity").ok().header.Get("ETag")
	require.NotEqual(t, plain, packed)
	require.NotContains(t, packed, "W/")
	require.Equal(t, http.StatusNotModified, p.get("/v1/attainment", "Accept-Encoding", "gzip", "If-None-Match", packed).status)
	p.get("/v1/attainment", "Accept-Encoding", "gzip", "If-None-Match", plain).ok()
	entitled := p.ask(http.MethodGet, "/v1/attainment", nil).ok()
	require.Equal(t, privateAnswer, entitled.header.Get("Cache-Control"))
	require.Contains(t, entitled.header.Get("Vary"), "Authorization")
	require.Empty(t, p.get("/livez").ok().header.Get("ETag"))
	require.Equal(t, "no-store", p.get("/v1/attainment?area=01").header.Get("Cache-Control"))
}

// A mistyped year must never be answered with another one.
func TestNothingOfAQueryIsDropped(t *testing.T) {
	p := newReader(t)
	for _, query := range []string{"year=2019%zz", "year=2019;", "area=nation;year=2019", "year=0", "year=1800"} {
		p.get("/v1/attainment?"+query).problem(http.StatusUnprocessableEntity, "API-006")
	}
	p.get("/v1/indicators/N4/series?from=2017;to=2018").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/N4/series?from=0&to=2017").problem(http.StatusUnprocessableEntity, "API-006")
	require.Equal(t, http.StatusUnprocessableEntity, p.get("/?year=2017;lang=en").status)
}

func TestLongAnswersAreCompressed(t *testing.T) {
	p := newReader(t)
	plain := p.get("/v1/attainment", "Accept-Encoding", "identity").ok()
	packed := p.get("/v1/attainment", "Accept-Encoding", "br, gzip").ok()
	require.Equal(t, "gzip", packed.header.Get("Content-Encoding"))
	require.Contains(t, packed.header.Get("Vary"), "Accept-Encoding")
	require.Less(t, 10*len(packed.body), len(plain.body))
	r, err := gzip.NewReader(bytes.NewReader(packed.body))
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, plain.body, text)
	for _, refused := range []string{"", "br", "gzip;q=0"} {
		require.Empty(t, p.get("/v1/attainment", "Accept-Encoding", refused).ok().header.Get("Content-Encoding"), refused)
	}
	require.Empty(t, p.get("/readyz", "Accept-Encoding", "gzip").header.Get("Content-Encoding"))
}

// Two ways of splitting at once can point at one accident of one enterprise.
func TestFineFiguresNeedAToken(t *testing.T) {
	p := newReader(t)
	p.get("/v1/indicators/N4/series?from=2024&to=2025&by=province,cause").problem(http.StatusForbidden, "API-026")
	p.get("/v1/indicators/N4/series?from=2024&to=2025&area=34:01&by=vsic").problem(http.StatusForbidden, "API-026")
	p.get("/v1/indicators/N4/series?from=2024&to=2025&by=province").ok()
	p.get("/v1/indicators/N4/series?from=2024&to=2025&area=34:01").ok()
	p.ask(http.MethodGet, "/v1/indicators/N4/series?from=2024&to=2025&by=province,cause", nil).ok()
	cuts := []string{"by=cause", "area=34:01", "period=H1", "period=H2", "geography=63", "geography=reported", "include_commuting=true"}
	for i, cut := range cuts {
		p.get("/v1/indicators/N4/series?from=2024&to=2025&" + cut).ok()
		for _, other := range cuts[i+1:] {
			if name, _, _ := strings.Cut(cut, "="); strings.HasPrefix(other, name) {
				continue
			}
			query := "/v1/indicators/N4/series?from=2024&to=2025&" + cut + "&" + other
			if cut == "area=34:01" && strings.HasPrefix(other, "geography=") {
				query = strings.Replace(query, "34:01", strings.TrimPrefix(strings.Replace(other, "reported", "63", 1), "geography=")+":01", 1)
			}
			p.get(query).problem(http.StatusForbidden, "API-026")
			p.ask(http.MethodGet, query, nil).ok()
		}
	}
	// Held against the year and its first half, it tells of who filed once.
	p.get("/v1/indicators/N1/series?from=2024&to=2025&period=H2").problem(http.StatusForbidden, "API-026")
	p.ask(http.MethodGet, "/v1/indicators/N1/series?from=2024&to=2025&period=H2", nil).ok()
	for _, by := range []string{"region", "month", "cause", "factor", "sex", "age_group"} {
		series := "/v1/indicators/N5/series?from=2025&to=2025&by=" + by
		p.get(series).ok()
		for _, other := range []string{",vsic", ",employment", "&period=H1", "&geography=63", "&include_commuting=true"} {
			p.get(series+other).problem(http.StatusForbidden, "API-026")
		}
		if by != "region" {
			p.get(series+",region").problem(http.StatusForbidden, "API-026")
			p.get(series+"&area=34:01").problem(http.StatusForbidden, "API-026")
		}
	}
	p.get("/v1/indicators/A3/series?by=size_class,province").problem(http.StatusForbidden, "API-026")
	// Nor may who may split as finely as he likes ask for what no report tells.
	p.ask(http.MethodGet, "/v1/indicators/N5/series?from=2025&to=2025&by=sex,age_group", nil).problem(http.StatusUnprocessableEntity, "API-006")
	made := newReader(t, func(d *Deps, _ *Config) { d.Demonstration = true })
	made.get("/v1/indicators/N4/series?from=2024&to=2025&by=province,cause").ok()
}

func TestTheNationHasTwoNames(t *testing.T) {
	p := newReader(t)
	require.Equal(t, p.get("/v1/attainment?area=VN").ok().body, p.get("/v1/attainment?area=nation").ok().body)
}

func TestDemonstrationIsSaidEverywhere(t *testing.T) {
	p := newReader(t, func(d *Deps, _ *Config) { d.Demonstration = true })
	for _, path := range []string{
		"/v1/attainment", "/v1/indicators", "/v1/indicators/N4", "/v1/indicators/N4/series", "/v1/rules", "/v1/codelists",
		"/v1/codelists/provinces", "/v1/violations", "/livez", "/readyz", "/v1/nothing", "/v1/attainment?x=1",
	} {
		a := p.get(path)
		require.Equal(t, "true", a.header.Get("Atvsld-Demonstration"), path)
		require.True(t, read[struct {
			Demonstration bool `json:"demonstration"`
		}](a).Demonstration, path)
	}
	require.Contains(t, string(p.get(plainPath).ok().body), "Dữ liệu mẫu")
	actual := newReader(t)
	require.Empty(t, actual.get("/v1/attainment").header.Get("Atvsld-Demonstration"))
	require.False(t, read[indicator.Attainment](actual.get("/v1/attainment")).Demonstration)
}

func TestReferenceData(t *testing.T) {
	p := newSmall(t)
	catalogue := read[RuleCatalogue](p.get("/v1/rules").ok())
	seen := map[string]report.Kind{}
	for _, r := range catalogue.Rules {
		_, repeated := seen[r.Code]
		require.False(t, repeated, r.Code)
		seen[r.Code] = r.Kind
		require.NotEmpty(t, r.MessageVI, r.Code)
		require.NotEmpty(t, r.MessageEN, r.Code)
	}
	for _, code := range []string{"API-001", "GWY-001", "ACC-001", "ENV-027"} {
		require.Contains(t, seen, code)
	}
	for _, r := range catalogue.Rules {
		if r.Example != nil {
			require.NotEmpty(t, r.Example.Breaks, r.Code)
			require.NotNil(t, catalogue.Reports[r.Example.Kind], r.Code)
		}
		if r.Code == "AXII-017" {
			require.Equal(t, "/content/rows/5/women", r.Example.Pointer)
			require.Equal(t, []report.Term{{Pointer: "women"}}, r.Arithmetic.Left)
		}
	}
	dictionary := read[Dictionary](p.get("/v1/dictionary").ok())
	require.Len(t, dictionary.Fields, len(report.Dictionary()))
	require.Equal(t, "/v1/codelists/causes", dictionary.CodeLists["causes"])
	one := read[Dictionary](p.get("/v1/dictionary?kind=disease_report").ok())
	require.Len(t, one.Kinds, 1)
	require.Less(t, len(one.Fields), len(dictionary.Fields))
	p.get("/v1/dictionary?kind=other").problem(http.StatusUnprocessableEntity, "API-110")
	index := read[CodeListIndex](p.get("/v1/codelists").ok())
	require.Len(t, index.CodeLists, 16)
	for _, link := range index.CodeLists {
		list := read[CodeList](p.get(link.URL).ok())
		require.Len(t, list.Codes, link.Size)
		require.NotEmpty(t, list.Codes, link.Name)
		for _, c := range list.Codes {
			require.NotEmpty(t, c.Code)
			require.NotEmpty(t, c.NameVI)
			require.NotEmpty(t, c.Source)
			require.NotEmpty(t, c.Status)
		}
	}
	p.get("/v1/codelists/nothing").problem(http.StatusNotFound, "API-015")
	require.Len(t, read[CodeList](p.get("/v1/codelists/provinces")).Codes, 34+63)
	require.Contains(t, read[CodeList](p.get("/v1/codelists/regions")).Codes[0].Members, "08")
}

func TestPlainPage(t *testing.T) {
	p := newReader(t)
	a := p.get(plainPath).ok()
	require.Equal(t, htmlType, a.header.Get("Content-Type"))
	require.Contains(t, string(a.body), "Năm 2025")
	require.Contains(t, string(p.get("/plain?lang=en&year=2024").ok().body), "Year 2024")
	f := func(path string, status int, words string) {
		t.Helper()
		a := p.get(path)
		require.Equal(t, status, a.status)
		require.Contains(t, string(a.body), words)
	}
	f("/plain?year=1800", http.StatusUnprocessableEntity, "Không có năm này")
	f("/plain?year=x", http.StatusUnprocessableEntity, "Không có năm này")
	f("/plain?year=99999999999999999999", http.StatusUnprocessableEntity, "Không có năm này")
	f("/plain?lang=%3Cscript%3E", http.StatusOK, `<html lang="vi">`)

	p = newReader(t, func(d *Deps, _ *Config) { d.Store = closings{} })
	f(plainPath, http.StatusOK, "Chưa có năm nào chốt số liệu")
	p.get("/v1/attainment").problem(http.StatusNotFound, "API-022")
	p.get("/v1/indicators/N4/series").problem(http.StatusNotFound, "API-022")

	broken, err := webtest.Figures{Seeds: seeds.Default(), Err: errors.New("no answer")}.Engine()
	require.NoError(t, err)
	p = newReader(t, func(d *Deps, _ *Config) { d.Indicators = broken })
	f(plainPath, http.StatusServiceUnavailable, "Chưa tải được số liệu")
	p.get("/v1/attainment").problem(http.StatusServiceUnavailable, "API-017")
}

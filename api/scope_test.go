package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/api/identity"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// known are callers by their token; of others the platform's own key decides.
type known struct {
	Identifier
	callers map[string]access.Caller
}

func (k known) Identify(ctx context.Context, token string) (access.Caller, error) {
	if c, ok := k.callers[token]; ok {
		return c, nil
	}
	return k.Identifier.Identify(ctx, token)
}

// newAreas is the platform with officers, an enterprise and an auditor.
func newAreas(t *testing.T) *platform {
	t.Helper()
	p := newPlatform(t, func(d *Deps, _ *Config) {
		d.Clock, d.Health = reporttest.Now, d.Store.(HealthFigures)
		d.Identity = known{identity.New(d.Keys), map[string]access.Caller{
			"bacninh":    {ID: "1", Role: access.LabourOfficer, Provinces: []string{"24"}},
			"hanoi":      {ID: "2", Role: access.LabourOfficer, Provinces: []string{"01"}},
			"hcm":        {ID: "3", Role: access.LabourOfficer, Provinces: []string{"79"}},
			"ministry":   {ID: "4", Role: access.Ministry},
			"enterprise": {ID: "5", Role: access.Enterprise, Units: []string{"0100112437"}},
			"filer":      {ID: "6", Role: access.Enterprise, Units: []string{"0100109106"}},
			"auditor":    {ID: "7", Role: access.Auditor},
			"inspectors": {ID: "8", Role: access.Inspector, Provinces: []string{"01", "79"}},
		}}
	})
	catalogue, err := indicator.Default()
	require.NoError(t, err)
	p.server.Indicators, err = indicator.New(catalogue, indicator.FromStore(p.store, seeds.Default()), seeds.Default())
	require.NoError(t, err)
	p.startLog()
	return p
}

func (p *platform) by(token, path string, headers ...string) answer {
	p.t.Helper()
	return p.ask(http.MethodGet, path, nil, append([]string{"Authorization", "Bearer " + token, PurposeHeader, "inspection"}, headers...)...)
}

// What lies outside the scope is not there, and what names it is denied.
func TestInterfaceKeepsToTheScope(t *testing.T) {
	p := newAreas(t)
	annexed, declared := p.stored(reporttest.Valid(report.AnnexXII)), p.stored(declaration(t))
	p.stored(reporttest.Valid(report.RegistrationEntry))
	one := "/v1/reports/" + annexed.ReportID.String()
	accident := "/v1/accidents/" + declared.ReportID.String()
	const denied = "API-085"
	for _, c := range []struct {
		token, path string
		status      int
		code        string
	}{
		{"hanoi", one, http.StatusOK, ""},
		{"hcm", one, http.StatusNotFound, "API-014"},
		{"hcm", one + "?tracking=" + annexed.TrackingNumber, http.StatusOK, ""},
		{"hcm", one + "?tracking=" + declared.TrackingNumber, http.StatusNotFound, "API-014"},
		{"enterprise", one, http.StatusNotFound, "API-014"},
		{"filer", one, http.StatusOK, ""},
		{"auditor", one, http.StatusOK, ""},
		{"auditor", one + "/history", http.StatusForbidden, denied},
		{"hanoi", one + "/history", http.StatusOK, ""},
		{"hcm", one + "/history", http.StatusNotFound, "API-014"},
		{"hcm", one + "/revisions/1", http.StatusNotFound, "API-014"},
		{"hcm", one + "/diff?from=1", http.StatusNotFound, "API-014"},
		{"enterprise", one + "/history", http.StatusNotFound, "API-014"},
		{"filer", one + "/history", http.StatusOK, ""},
		{"hanoi", "/v1/reports?province=34:79", http.StatusForbidden, denied},
		{"enterprise", "/v1/reports?unit=0100109106/0", http.StatusForbidden, denied},
		{"enterprise", "/v1/reports?tax_code=0100109106", http.StatusForbidden, denied},
		{"hanoi", "/v1/reports?kind=disease_case", http.StatusForbidden, denied},
		{"enterprise", "/v1/reports/draft?kind=annex_xii&tax_code=0100109106&period=2025", http.StatusForbidden, denied},
		{"filer", "/v1/reports/draft?kind=annex_xii&tax_code=0100109106&period=2025", http.StatusOK, ""},
		{"bacninh", accident, http.StatusOK, ""},
		{"hanoi", accident, http.StatusOK, ""},
		{"hcm", accident, http.StatusNotFound, "API-070"},
		{"hcm", accident + "/quick-report", http.StatusNotFound, "API-070"},
		{"enterprise", accident, http.StatusForbidden, denied},
		{"hcm", "/v1/investigations", http.StatusOK, ""},
		{"hcm", "/v1/investigations?province=34:24", http.StatusForbidden, denied},
		{"hanoi", "/v1/summaries/34:01?period=2025", http.StatusOK, ""},
		{"hcm", "/v1/summaries/34:01?period=2025", http.StatusForbidden, denied},
		{"hanoi", "/v1/summaries/VN?period=2025", http.StatusForbidden, denied},
		{"ministry", "/v1/summaries/VN?period=2025", http.StatusOK, ""},
		{"hanoi", "/v1/obligations?province=34:01", http.StatusOK, ""},
		{"hcm", "/v1/obligations?province=34:01", http.StatusForbidden, denied},
		{"hcm", "/v1/obligations?unit=0100109106-001/0", http.StatusNotFound, "API-102"},
		{"enterprise", "/v1/obligations?unit=0100109106-001/0", http.StatusForbidden, denied},
		{"hanoi", "/v1/treated-victims?period=2025", http.StatusForbidden, denied},
		{"hanoi", "/v1/osh-figures?year=2025", http.StatusForbidden, denied},
		{"ministry", "/v1/osh-figures?year=2025", http.StatusOK, ""},
		{"hanoi", "/v1/disease-cases/funnel", http.StatusForbidden, denied},
		{"hanoi", "/v1/disease-cases/funnel?area=34:79", http.StatusForbidden, denied},
		{"hanoi", "/v1/disease-cases/funnel?area=34:01", http.StatusOK, ""},
		{"hanoi", "/v1/disease-cases/funnel?by=province", http.StatusOK, ""},
		{"hanoi", "/v1/indicators/N4/explain?year=2025&view=live&area=34:79", http.StatusForbidden, denied},
		{"hanoi", "/v1/indicators/N4/explain?year=2025&view=live", http.StatusForbidden, denied},
		{"hanoi", "/v1/indicators/N1/explain/reports?year=2025&area=34:01", http.StatusOK, ""},
		{"hcm", "/v1/indicators/N1/explain/reports?year=2025&area=34:01", http.StatusForbidden, denied},
		{"hcm", "/v1/indicators/N1/explain/reports?year=2025", http.StatusForbidden, denied},
		{"hanoi", "/v1/indicators/B1/explain/reports?year=2025&area=34:01", http.StatusForbidden, denied},
		{"filer", "/v1/indicators/N1/explain/reports?year=2025&area=34:01", http.StatusForbidden, denied},
		{"auditor", "/v1/indicators/N1/explain/reports?year=2025", http.StatusForbidden, denied},
		{"hanoi", "/v1/indicators/N4/series?to=2025&view=live&area=34:79", http.StatusForbidden, denied},
		{"hanoi", "/v1/indicators/N4/series?to=2025&view=live", http.StatusForbidden, denied},
		{"hanoi", "/v1/attainment?year=2025&view=live&area=VN", http.StatusForbidden, denied},
		{"enterprise", "/v1/attainment?year=2025&view=live", http.StatusForbidden, "API-021"},
	} {
		a := p.by(c.token, c.path)
		if c.code == "" {
			require.Equal(t, c.status, a.status, "%s %s %s", c.token, c.path, a.body)
			continue
		}
		require.Equal(t, c.status, a.status, "%s %s %s", c.token, c.path, a.body)
		require.Equal(t, c.code, read[Problem](a).Errors[0].Code, "%s %s", c.token, c.path)
	}
	for token, want := range map[string]int{"hanoi": 3, "bacninh": 1, "hcm": 0, "filer": 3, "enterprise": 0, "ministry": 3} {
		require.Len(t, read[FiledList](p.by(token, "/v1/reports").ok()).Reports, want, token)
	}
	p.requireExplained(annexed.ReportID)
	// A foreign report is answered word for word like an unknown one.
	unknown := strings.Replace(one, annexed.ReportID.String(), declaredLater, 1)
	foreign, none := read[Problem](p.by("hcm", one+"/history")), read[Problem](p.by("hcm", unknown+"/history"))
	foreign.Instance, none.Instance = "", ""
	require.Equal(t, none, foreign)
}

// declaredLater is the id of a report that nobody filed.
const declaredLater = "0199f6a1-7b00-7000-8000-000000000001"

// An officer is shown his own provinces and no sum that looks like the nation's.
func TestFiguresOfAnAreaAreItsOwn(t *testing.T) {
	p := newAreas(t)
	p.stored(reporttest.Valid(report.AnnexXII))
	p.stored(declaration(t))
	closeYears(t, p.store)

	treated := read[TreatedVictims](p.by("hanoi", "/v1/treated-victims?period=2025&by=province").ok())
	require.Nil(t, treated.Nation)
	require.Len(t, treated.Provinces, 1)
	require.Equal(t, "01", treated.Provinces[0].Code)
	require.NotNil(t, treated.Provinces[0].Employers.Victims)
	osh := read[SafetyFigureList](p.by("hanoi", "/v1/osh-figures?year=2025&by=province").ok())
	for _, f := range osh.Figures {
		require.Len(t, f.Values, 1)
		require.Equal(t, "34:01", f.Values[0].Area)
	}

	series := func(token, query string) []indicator.Value {
		t.Helper()
		return read[indicator.Series](p.by(token, "/v1/indicators/N4/series?from=2025&to=2025"+query).ok()).Values
	}
	live := series("hanoi", "&area=34:01")
	require.NotNil(t, live[0].ClosedAsOf, "live, and held against what was closed")
	require.Equal(t, series("ministry", "&area=34:01"), live, "the same figure as for who sees all")
	require.Equal(t, indicator.Final, series("hanoi", "&area=34:79")[0].Status)
	require.Equal(t, indicator.Final, series("hanoi", "")[0].Status)
	require.Nil(t, series("hanoi", "")[0].ClosedAsOf)
	require.Len(t, series("hanoi", "&by=province"), 34)
	own := series("hanoi", "&by=province&view=live")
	require.Len(t, own, 1)
	require.Equal(t, "01", own[0].Area.Code)
	require.Equal(t, live[0].Numerator, own[0].Numerator)
	p.by("hanoi", "/v1/indicators/N4/series?from=2025&to=2025&area=34:79&by=employment").problem(http.StatusForbidden, "API-026")
	p.by("hanoi", "/v1/indicators/N4/series?from=2025&to=2025&by=region,factor").problem(http.StatusForbidden, "API-026")
	// A region is more than his province: of it he is never shown the part that he may see.
	p.by("hanoi", "/v1/indicators/N4/series?from=2025&to=2025&by=region&view=live").problem(http.StatusForbidden, "API-085")
	require.Equal(t, indicator.Final, series("hanoi", "&by=region")[0].Status)
	require.Len(t, series("hanoi", "&area=34:01&by=month&view=live"), 12)

	attained := func(token, query string) map[string]indicator.Item {
		t.Helper()
		items := map[string]indicator.Item{}
		for _, i := range read[indicator.Attainment](p.by(token, "/v1/attainment?year=2025&target=D31-1"+query).ok()).Items {
			items[i.Area.Code+" "+i.Definition.ID] = i
		}
		return items
	}
	mixed, all, closed := attained("hanoi", ""), attained("ministry", ""), attained("enterprise", "")
	require.Len(t, mixed, len(all))
	for key, item := range mixed {
		if strings.HasPrefix(key, "01 ") {
			require.Equal(t, indicator.Provisional, item.Current.Status)
			item.Current.AsOf, item.Previous.AsOf = all[key].Current.AsOf, all[key].Previous.AsOf
			require.Equal(t, all[key], item)
			continue
		}
		require.Equal(t, closed[key], item)
	}
	for key := range attained("hanoi", "&view=live") {
		require.True(t, strings.HasPrefix(key, "01 "), key)
	}
	require.Len(t, attained("hanoi", "&area=34:79,34:01"), len(attained("enterprise", "&area=34:79,34:01")))
}

// A question without a caller is a fault of the platform, and is on record.
func TestNobodyAsks(t *testing.T) {
	p := newSmall(t)
	problem := p.server.storeProblem(t.Context(), errors.Join(errors.New("list"), access.ErrNoCaller))
	require.Equal(t, http.StatusInternalServerError, problem.Status)
	require.Equal(t, "API-012", problem.Errors[0].Code)
	require.Contains(t, p.logged(), "a question that nobody asks")
}

// Names in the register are opened to who reaches the newest registration, not the period
// that was asked for: it holds the telephone of today.
func TestNamesAreForWhereTheHeadOfficeIsNow(t *testing.T) {
	p := newAreas(t)
	raw := reporttest.Set(registered("0100112437", "Công ty Đã Chuyển"), "/content/active", `{"from":"2020-01-01"}`)
	raw = reporttest.Set(raw, "/content/head_office", `[{"province":{"list":"63","code":"01"},"from":"2020-01-01","to":"2026-01-01"},{"province":{"list":"34","code":"79"},"from":"2026-01-02"}]`)
	p.filed(reporttest.Set(raw, "/content/reporter/province", `{"list":"34","code":"79"}`))
	named := func(token, province string) (names []string) {
		t.Helper()
		list := read[ObligationList](p.by(token, "/v1/obligations?province="+province+"&period=2025&at=2026-06-01T00:00:00%2B07:00", PurposeHeader, "inspection").ok())
		require.NotEmpty(t, list.Obligations)
		for _, o := range list.Obligations {
			names = append(names, o.Name)
		}
		return names
	}
	for _, name := range named("hanoi", "34:01") {
		require.Empty(t, name, "it was here in the period, and is elsewhere now")
	}
	require.Contains(t, named("inspectors", "34:01"), "Công ty Đã Chuyển")
}

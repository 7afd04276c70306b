package api

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// fresh is the example of a kind under an id of its own.
func fresh(t *testing.T, kind report.Kind, edits ...string) []byte {
	t.Helper()
	raw := reporttest.Set(reporttest.Valid(kind), "/report_id", `"`+idOf(t, declaration(t))+`"`)
	return changed(raw, edits...)
}

// changed sets members: pointers and values in turn, "" removes.
func changed(raw []byte, edits ...string) []byte {
	for i := 0; i < len(edits); i += 2 {
		if edits[i+1] == "" {
			raw = reporttest.Remove(raw, edits[i])
		} else {
			raw = reporttest.Set(raw, edits[i], edits[i+1])
		}
	}
	return raw
}

func idOf(t *testing.T, raw []byte) string {
	t.Helper()
	s, _, err := report.Decode(raw)
	require.NoError(t, err)
	return s.ReportID.String()
}

func (p *platform) withdraw(kind report.Kind, id string, revision int) {
	p.t.Helper()
	p.stored(fmt.Appendf(nil, `{"kind":"%s","report_id":"%s","revision":%d,"reason":"x","withdrawn":true}`, kind, id, revision))
}

// From the filing of two declarations to the case, its link, its investigation, and back.
func TestAccidentFromFilingToCase(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Clock = reporttest.Now })
	p.startLog()
	d := p.document()
	one, other := declaration(t), changed(declaration(t), "/content/reporter/tax_code", `"0100112437"`, "/content/victims/1", "",
		"/content/victims/0/name", `"Ng. V. An"`, "/content/victims/0/id_number", "")
	a, b := idOf(t, one), idOf(t, other)
	p.stored(one)
	p.stored(other)
	path := accidentsPath + "/" + a
	get := func() AccidentCase {
		t.Helper()
		answer := p.ask(http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, answer.status, string(answer.body))
		d.keeps("get /v1/accidents/{accident_id}", answer)
		return read[AccidentCase](answer)
	}
	alone := get()
	require.Equal(t, a, alone.AccidentID.String())
	require.Equal(t, []int{1, 1, 0}, []int{alone.Dead, alone.Serious, alone.Minor})
	require.Equal(t, report.FatalAccident, alone.Severity)
	require.Equal(t, path+"/quick-report", alone.QuickReport)
	var receivers []string
	for _, r := range alone.Receivers {
		receivers = append(receivers, r.Declarant+"→"+r.Code)
	}
	require.Equal(t, []string{"witness→employer", "employer→department", "employer→police", "employer→special", "province→ministry"}, receivers)

	// An officer finds that both are one, and who is who.
	seen := read[AccidentCase](p.ask(http.MethodGet, accidentsPath+"/"+b, nil).ok())
	link := fresh(t, report.CaseLink, "/content/declarations", fmt.Sprintf(`["%s","%s"]`, a, b), "/content/same_victims", "")
	p.stored(link)
	joined := get()
	require.Len(t, joined.Declarations, 2)
	require.Equal(t, []int{2, 1}, []int{joined.Dead, joined.Serious})
	same := fmt.Sprintf(`[{"victim":"%s","same_as":"%s"}]`, alone.Persons[0].Victim, seen.Persons[0].Victim)
	p.stored(changed(link, "/revision", "2", "/reason", `"x"`, "/content/same_victims", same))
	joined = get()
	require.Equal(t, []int{1, 1}, []int{joined.Dead, joined.Serious})
	require.Len(t, joined.Links, 1)
	require.Len(t, joined.Links[0].SameVictims, 1)
	require.Len(t, joined.Persons[0].Declarations, 2)

	p.investigated(d, a, b)
	require.Contains(t, []string{a, b}, get().AccidentID.String(), "filed in the same instant")
	p.incident(a, get)

	quick := p.ask(http.MethodGet, path+"/quick-report", nil).ok()
	d.keeps("get /v1/accidents/{accident_id}/quick-report", quick)
	require.Equal(t, 2, read[QuickReport](quick).Victims)
	page := p.ask(http.MethodGet, path+"/quick-report", nil, "Accept", "text/html").ok()
	require.Equal(t, htmlType, page.header.Get("Content-Type"))
	require.Contains(t, string(page.body), "BÁO CÁO NHANH")

	p.withdraw(report.CaseLink, idOf(t, link), 3)
	require.Len(t, get().Declarations, 1, "withdrawn, they are not one")
	p.withdraw(report.AccidentDeclaration, a, 2)
	p.ask(http.MethodGet, path, nil).problem(http.StatusNotFound, "API-070")
}

// investigated files, amends and withdraws an investigation that names the second declaration.
func (p *platform) investigated(d document, first, second string) {
	t := p.t
	file := fresh(t, report.InvestigationFile, "/content/accident_id", `"`+second+`"`, "/content/accident_on", `"2026-01-05"`,
		"/content/stages", `{"news_received":"2026-01-05","opened":"2026-01-06"}`, "/content/severity", `"several_serious"`, "/content/findings", "")
	list := func(query string) InvestigationList {
		t.Helper()
		a := p.ask(http.MethodGet, "/v1/investigations"+query, nil)
		require.Equal(t, http.StatusOK, a.status, string(a.body))
		d.keeps("get /v1/investigations", a)
		return read[InvestigationList](a)
	}
	p.stored(file)
	running := list("?province=34:24&year=2026&state=running,overdue")
	require.Len(t, running.Investigations, 1)
	i := running.Investigations[0]
	require.Equal(t, "several_serious", i.Filed)
	require.Equal(t, report.FatalAccident, i.Severity, "the declarations know of a death")
	require.Equal(t, InvestigationClock{report.ClockRunning, date("2026-01-05"), date("2026-02-04"), 30, 0, 27}, i.Clock)
	require.Empty(t, list("?state=overdue").Investigations)
	require.Empty(t, list("?province=34:01").Investigations)
	require.Empty(t, list("?year=2025").Investigations)
	at := read[AccidentCase](p.ask(http.MethodGet, accidentsPath+"/"+first, nil).ok())
	require.Equal(t, running.Investigations, at.Investigations)

	published := changed(file, "/revision", "2", "/reason", `"x"`, "/content/severity", `"fatal"`, "/content/stages/published", `"2026-01-07"`, "/content/findings", `{"cause":"3"}`)
	p.stored(published)
	require.Equal(t, report.ClockInTime, list("?state=published_in_time").Investigations[0].Clock.State)
	p.withdraw(report.InvestigationFile, idOf(t, file), 3)
	require.Empty(t, list("").Investigations)
}

func (p *platform) incident(accident string, get func() AccidentCase) {
	t := p.t
	incident := fresh(t, report.TechnicalIncident, "/content/accidents", `["`+accident+`"]`)
	p.stored(incident)
	require.Equal(t, uint32(45), get().Incidents[0].Evacuated)
	p.stored(changed(incident, "/revision", "2", "/reason", `"x"`, "/content/evacuated", "52"))
	require.Equal(t, uint32(52), get().Incidents[0].Evacuated)
	p.withdraw(report.TechnicalIncident, idOf(t, incident), 3)
	require.Empty(t, get().Incidents)
}

func date(text string) seeds.Date {
	d, err := seeds.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestAccidentsNeedAToken(t *testing.T) {
	p := newSmall(t)
	id := uuid.New().String()
	for _, path := range []string{accidentsPath + "/" + id, accidentsPath + "/" + id + "/quick-report", "/v1/investigations"} {
		p.get(path).problem(http.StatusUnauthorized, "API-001")
		p.ask(http.MethodGet, path, nil).problem(http.StatusNotImplemented, "API-016")
	}
}

// Pages of a list that is filtered by state: nothing is lost or shown twice.
func TestPagesOfInvestigations(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Clock = reporttest.Now })
	p.startLog()
	var late []string
	for n := range 7 {
		file := fresh(t, report.InvestigationFile, "/content/accident_on", fmt.Sprintf(`"2025-12-%02d"`, 1+n/2))
		if n%3 > 0 { // open, and past its limit of 30 days
			file = changed(file, "/content/stages", `{"news_received":"2025-12-05"}`, "/content/findings", "")
			late = append(late, idOf(t, file))
		}
		p.stored(file)
	}
	var got []string
	for path := "/v1/investigations?limit=2&state=overdue&province=34:24"; path != ""; {
		page := read[InvestigationList](p.ask(http.MethodGet, path, nil).ok())
		require.LessOrEqual(t, len(page.Investigations), 2)
		for _, i := range page.Investigations {
			got = append(got, i.ReportID.String())
		}
		path = page.Next
	}
	require.ElementsMatch(t, late, got)
	p.ask(http.MethodGet, "/v1/investigations?cursor=x", nil).problem(http.StatusUnprocessableEntity, "API-006")
	p.ask(http.MethodGet, "/v1/investigations?province=24", nil).problem(http.StatusUnprocessableEntity, "API-008")

	// Neither dead nor two seriously injured: declared all the same, but no quick report.
	one := changed(declaration(t), "/content/victims/0", "", "/acknowledge", `["ACC-031"]`)
	p.stored(one)
	p.ask(http.MethodGet, accidentsPath+"/"+idOf(t, one)+"/quick-report", nil).problem(http.StatusNotFound, "API-071")
}

// The printed quick report, word by word.
func TestQuickReportPage(t *testing.T) {
	s := &Server{Deps: Deps{Seeds: seeds.Default(), Clock: reporttest.Now, Demonstration: true}}
	id := uuid.MustParse("019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f")
	a := s.caseOf(&store.Case{Declarations: []store.Declaration{
		{ReportID: id, AccidentID: id, Revision: 2, FiledAt: reporttest.Now(), Unit: "0100109106/0", OccurredAt: time.Date(2026, 1, 5, 7, 30, 0, 0, time.UTC),
			Province: seeds.ProvinceRef{List: "34", Code: "24"}, ReporterProvince: seeds.ProvinceRef{List: "34", Code: "01"}, VSICVersion: "2025", VSICCode: "F4210",
			Cause: "1", FactorList: "annex_xii_seen", FactorCode: "5", Victims: []store.DeclaredVictim{
				{Person: "p", NameKey: "n", Severity: "dead", Employment: "contract", Sex: "male", AgeGroup: "35-44", Occupation: "7111"},
				{NameKey: "m", Severity: "serious", Employment: "no_contract", Sex: "female", AgeGroup: "35-44", Occupation: "7111"}}}}})
	a.Investigations = append(a.Investigations, s.investigationItem(&store.Investigation{AccidentID: id, AccidentOn: date("2026-01-05").Start(),
		Severity: "fatal", NewsReceived: date("2026-01-05"), Cause: "3"}, a.Severity))
	var page bytes.Buffer
	require.NoError(t, encodeHTML(&page, s.quickReportOf(a)))
	const file = "testdata/quickreport.html"
	if *update {
		require.NoError(t, os.WriteFile(file, page.Bytes(), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), page.String())
}

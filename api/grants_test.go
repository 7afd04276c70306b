package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
	"atvsld/ingest/grant"
	"atvsld/ingest/intake"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
)

const unitA, unitB = "0100109106", "0100112437"

// callers tells who presents which token. Software and boards of zones have what was
// granted to them at this moment, as of a real verifier.
type callers struct {
	known  map[string]access.Caller
	grants *grant.Desk
}

func (c callers) Identify(ctx context.Context, token string) (access.Caller, error) {
	by, ok := c.known[token]
	if !ok {
		return access.Caller{}, identity.ErrToken
	}
	grantee := access.Grantee(by.Role, by.ID)
	if grantee == "" {
		return by, nil
	}
	granted, err := c.grants.Of(ctx, grantee)
	return by.With(granted), err
}

// newScoped starts everything with two enterprises and those who act for them.
func newScoped(t *testing.T) *platform {
	p := newPlatform(t, func(d *Deps, _ *Config) {
		d.Identity = callers{grants: d.Grants, known: map[string]access.Caller{
			"a":        {ID: "a", Role: access.Enterprise, Units: []string{unitA, "hb:" + d.Keys.Pseudonym(report.DomainHousehold, "001085012345")}},
			"b":        {ID: "b", Role: access.Enterprise, Units: []string{unitB}},
			"commune":  {ID: "commune", Role: access.Commune, Units: []string{"commune:00004"}},
			"software": {ID: "misa", Role: access.Software, Units: []string{unitA}}, // a claim is no grant
			"zone":     {ID: "hanoi-1", Role: access.ZoneBoard},
			"officer":  {ID: "o", Role: access.LabourOfficer, Provinces: []string{"01"}},
			"operator": {ID: "local", Role: access.Operator, Nation: true},
		}}
	})
	p.token = "operator"
	p.startLog()
	return p
}

func (p *platform) fileAs(token string, raw []byte, headers ...string) answer {
	p.t.Helper()
	return p.post("/v1/reports", raw, append([]string{"Authorization", "Bearer " + token}, headers...)...)
}

func (p *platform) grantAs(token string, order GrantOrder) answer {
	p.t.Helper()
	raw, err := json.Marshal(order)
	require.NoError(p.t, err)
	return p.post(grantsPath, raw, "Authorization", "Bearer "+token)
}

func annexOf(unit string) []byte {
	return reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter/tax_code", `"`+unit+`"`)
}

func codes(findings []report.Finding) (all []string) {
	for _, f := range findings {
		all = append(all, f.Code)
	}
	return all
}

// inStore waits until the store has a report.
func (p *platform) inStore(id uuid.UUID) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		known, err := p.store.Revisions(access.System(p.t.Context()), id, store.Presented{})
		return err == nil && len(known) > 0
	}, 2*time.Minute, 20*time.Millisecond)
}

func TestFilingForAnotherUnitIsForbidden(t *testing.T) {
	p := newScoped(t)
	for _, path := range []string{"/v1/reports", "/v1/reports?dry_run=true"} {
		problem := p.post(path, annexOf(unitB), "Authorization", "Bearer a").problem(http.StatusForbidden, "GWY-021")
		require.Equal(t, "/content/reporter/tax_code", problem.Errors[0].Pointer)
		require.Nil(t, problem.ReportID, "nothing is told of the store")
	}
	bad := reporttest.Set(annexOf(unitB), "/content/nonsense", "1")
	require.Subset(t, codes(p.fileAs("a", bad).problem(http.StatusForbidden, "ENV-002").Errors), []string{"ENV-002", "GWY-021"}, "all at once")
	p.fileAs("software", annexOf(unitA)).problem(http.StatusForbidden, "GWY-025")
	p.fileAs("zone", annexOf(unitA)).problem(http.StatusForbidden, "API-085")
	p.fileAs("commune", annexOf(unitA)).problem(http.StatusForbidden, "GWY-020")

	first := read[Acceptance](p.fileAs("a", annexOf(unitA)))
	require.NotEqual(t, uuid.Nil, first.ReportID)
	p.inStore(first.ReportID)
	filed, err := p.store.Filings(access.System(t.Context()), first.ReportID, 1, 1, 1)
	require.NoError(t, err)
	require.Equal(t, "a", filed[0].SubmittedBy)
	// The very same by somebody else is a repetition only within his scope.
	p.fileAs("b", annexOf(unitA)).problem(http.StatusForbidden, "GWY-021")
	require.True(t, read[Acceptance](p.fileAs("operator", annexOf(unitA))).Replayed)
}

func TestWithdrawalOfAnotherUnitsReportTellsNothing(t *testing.T) {
	p := newScoped(t)
	first := read[Acceptance](p.fileAs("a", annexOf(unitA)))
	p.inStore(first.ReportID)
	withdraw := func(token string, id uuid.UUID) answer {
		return p.fileAs(token, fmt.Appendf(nil, `{"kind":"annex_xii","report_id":%q,"revision":2,"withdrawn":true,"reason":"nhầm"}`, id))
	}
	unknown := uuid.New()
	for _, token := range []string{"b", "officer", "commune"} {
		absent, foreign := withdraw(token, unknown), withdraw(token, first.ReportID)
		absent.problem(http.StatusPreconditionFailed, "GWY-005")
		same := func(a answer, id uuid.UUID) string {
			a.body = bytes.ReplaceAll(a.body, []byte(id.String()), nil)
			a.body = bytes.ReplaceAll(a.body, []byte(a.header.Get("X-Request-Id")), nil)
			a.header.Del("X-Request-Id")
			a.header.Del("Date")
			a.header.Del("Content-Length")
			return fmt.Sprint(a.status, a.header, string(a.body))
		}
		require.Equal(t, same(absent, unknown), same(foreign, first.ReportID), token)
	}
	require.Equal(t, http.StatusAccepted, withdraw("a", first.ReportID).status)
}

func TestBatchRowsAreJudgedOneByOne(t *testing.T) {
	p := newScoped(t)
	rows := [][]byte{annexOf(unitA), annexOf(unitB), []byte("{"), reporttest.Set(annexOf(unitA), "/content/reporter/site", `"7"`), reporttest.Valid(report.CommuneReport)}
	want := []int{202, 403, 400, 202, 403}
	for _, dry := range []bool{true, false} {
		var body strings.Builder
		for _, raw := range rows {
			body.WriteString(oneLine(raw) + "\n")
		}
		a := p.post(fmt.Sprintf("/v1/reports:batch?dry_run=%t", dry), []byte(body.String()), "Authorization", "Bearer a", "Content-Type", ndjsonType).ok()
		lines := strings.Split(strings.TrimSpace(string(a.body)), "\n")
		require.Len(t, lines, len(rows)+1)
		for i, status := range want {
			row := read[BatchRow](answer{t: t, body: []byte(lines[i])})
			require.Equal(t, i+1, row.Row)
			require.Equal(t, status, row.Status, "%v", row.Errors)
			require.Equal(t, status == 403, row.State == string(intake.Forbidden))
		}
		require.Contains(t, codes(read[BatchRow](answer{t: t, body: []byte(lines[1])}).Errors), "GWY-021")
		end := read[BatchEnd](answer{t: t, body: []byte(lines[len(rows)])})
		require.Equal(t, 2, end.Summary.States["forbidden"])
	}
}

func TestGrantEndsAtOnce(t *testing.T) {
	p := newScoped(t)
	p.fileAs("software", annexOf(unitA)).problem(http.StatusForbidden, "GWY-025")
	made := read[GrantsMade](p.grantAs("a", GrantOrder{Grantee: "software:misa", Units: []string{unitA}, Rights: []string{"file", "read"}}).ok())
	require.Len(t, made.Grants, 1)
	require.Equal(t, "active", made.Grants[0].State)
	require.Equal(t, "a", made.Grants[0].Principal)
	require.Equal(t, http.StatusAccepted, p.fileAs("software", annexOf(unitA)).status, "from now on, in this process")
	p.fileAs("software", annexOf(unitB)).problem(http.StatusForbidden, "GWY-021")

	end := grantsPath + "/" + made.Grants[0].ID.String() + ":end"
	p.post(end, nil, "Authorization", "Bearer b").problem(http.StatusNotFound, "API-015")
	p.post(end, nil, "Authorization", "Bearer software").problem(http.StatusForbidden, "API-085")
	require.Equal(t, http.StatusAccepted, p.fileAs("software", reporttest.Set(annexOf(unitA), "/content/reporter/site", `"2"`)).status)
	ended := read[Grant](p.post(end, []byte(`{"reason":"hết hợp đồng"}`), "Authorization", "Bearer a").ok())
	require.Equal(t, "ended", ended.State)
	require.Equal(t, "hết hợp đồng", ended.Reason)
	p.fileAs("software", reporttest.Set(annexOf(unitA), "/content/reporter/site", `"3"`)).problem(http.StatusForbidden, "GWY-025")
	require.Equal(t, ended, read[Grant](p.post(end, nil, "Authorization", "Bearer a").ok()), "ended once")

	list := func(token string) []Grant {
		return read[GrantList](p.ask(http.MethodGet, grantsPath, nil, "Authorization", "Bearer "+token).ok()).Grants
	}
	require.Equal(t, []Grant{ended}, list("a"))
	require.Empty(t, list("b"))
	require.Equal(t, []Grant{ended}, list("operator"))
}

func TestFileGrantDoesNotRead(t *testing.T) {
	p := newScoped(t)
	before := reporttest.Set(annexOf(unitA), "/content/period", `"2024"`)
	first := read[Acceptance](p.fileAs("a", before))
	p.inStore(first.ReportID)
	p.deps.Gateway.Past = p.store.Latest
	compared := reporttest.Set(annexOf(unitA), "/content/workers/total", "1400")
	warned := func(token string) []string {
		return codes(read[DryRun](p.post("/v1/reports?dry_run=true", compared, "Authorization", "Bearer "+token).ok()).Warnings)
	}
	require.Contains(t, warned("a"), "AXII-060")
	p.grantAs("a", GrantOrder{Grantee: "software:misa", Units: []string{unitA}, Rights: []string{"file"}}).ok()
	require.NotContains(t, warned("software"), "AXII-060", "what stands in the year before is not told")
	by, err := p.deps.Identity.Identify(t.Context(), "software")
	require.NoError(t, err)
	for _, a := range access.Actions() {
		reach, err := by.Reach(a.Action, p.deps.Seeds)
		require.Equal(t, a.Action == access.File || access.ExtentOf(access.Software, a.Action) == access.All, err == nil, a.Action)
		require.Equal(t, a.Action == access.File, reach.HasUnit(unitA+"/0"), a.Action)
	}

	// The other way round: who may read files nothing.
	p.grantAs("a", GrantOrder{Grantee: "software:misa", Units: []string{unitA}, Rights: []string{"read"}}).ok()
	p.fileAs("software", annexOf(unitA)).problem(http.StatusForbidden, "GWY-025")
}

// What the platform itself writes beside a report or a grant is nobody's to send.
func TestMassAssignment(t *testing.T) {
	p := newScoped(t)
	for member, value := range map[string]string{
		"submitted_by": `"a"`, "role": `"operator"`, "principal": `"local"`, "filed_at": `"2026-01-07T08:00:00+07:00"`, "sha256": `"00"`,
		"tracking_number": `"x"`, "rules_version": `"x"`, "stat_year": "2020", "unit": `"0100112437/0"`, "units": `["0100112437"]`, "unlimited": "true",
	} {
		problem := p.fileAs("a", reporttest.Set(annexOf(unitA), "/"+member, value)).problem(http.StatusUnprocessableEntity, "ENV-002")
		require.Equal(t, "/"+member, problem.Errors[0].Pointer)
		p.fileAs("a", reporttest.Set(annexOf(unitA), "/content/"+member, value)).problem(http.StatusUnprocessableEntity, "ENV-002")
		p.fileAs("a", reporttest.Set(annexOf(unitA), "/content/reporter/"+member, value)).problem(http.StatusUnprocessableEntity, "ENV-002")
	}
	for _, token := range []string{"a", "operator"} {
		p.fileAs(token, reporttest.Set(annexOf(unitA), "/received_at", `"2026-01-07T08:00:00+07:00"`)).problem(http.StatusUnprocessableEntity, "GWY-003")
	}
	p.fileAs("a", annexOf(unitA), LoaderHeader, "true").ok202()
	p.fileAs("a", reporttest.Set(reporttest.Set(annexOf(unitA), "/received_at", `"2026-01-07T08:00:00+07:00"`), "/content/reporter/site", `"9"`), LoaderHeader, "true").
		problem(http.StatusUnprocessableEntity, "GWY-003")
	for member, value := range map[string]string{"id": `"` + uuid.NewString() + `"`, "principal": `"local"`, "state": `"active"`, "at": `"2026-01-07T08:00:00+07:00"`, "ended": "false"} {
		order := reporttest.Set([]byte(`{"grantee":"software:misa","units":["`+unitA+`"],"rights":["file"]}`), "/"+member, value)
		p.post(grantsPath, order, "Authorization", "Bearer a").problem(http.StatusBadRequest, "API-111")
	}
}

func (a answer) ok202() {
	a.t.Helper()
	require.Equal(a.t, http.StatusAccepted, a.status, string(a.body))
}

// Everything that is wrong with an order is told at once, and nothing of it is recorded.
func TestWrongOrders(t *testing.T) {
	p := newScoped(t)
	const future = `"2040-01-01T00:00:00+07:00"`
	for _, c := range []struct {
		token, order string
		want         map[string]string // pointer: code
	}{
		{"a", `{}`, map[string]string{"/grantee": "API-112", "/rights": "API-115", "/units": "API-117"}},
		{"a", `{"grantee":"software:A","units":["` + unitA + `","x","` + unitB + `","` + unitA + `"],"rights":["file","all"],"valid_to":"2020-01-01T00:00:00+07:00","by":"\u0001","reason":"\u0002"}`,
			map[string]string{"/grantee": "API-112", "/units/1": "API-113", "/units/2": "API-114", "/units/3": "API-117", "/rights": "API-115", "/valid_to": "API-118", "/by": "API-119", "/reason": "API-119"}},
		{"a", `{"grantee":"software:x","units":["` + unitA + `"],"rights":["file"],"valid_from":` + future + `,"valid_to":` + future + `}`, map[string]string{"/valid_to": "API-118"}},
		{"a", `{"grantee":"software:x","units":["` + unitA + `"],"rights":["file"],"valid_from":"1900-01-01T00:00:00Z"}`, map[string]string{"/valid_to": "API-118"}},
		{"a", `{"grantee":"zone:x","units":["` + unitA + `"],"rights":["file","read"]}`, map[string]string{"/units/0": "API-116"}},
		{"commune", `{"grantee":"software:x","units":["00004"],"rights":["file"]}`, map[string]string{"/units/0": "API-116"}},
		{"a", `{"grantee":"software:x","units":["` + unitA + `"],"rights":["file","file"]}`, map[string]string{"/rights": "API-115"}},
		{"b", `{"grantee":"software:x","units":["001085012345"],"rights":["read"]}`, map[string]string{"/units/0": "API-114"}},
	} {
		a := p.post(grantsPath, []byte(c.order), "Authorization", "Bearer "+c.token)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%s: %s", c.order, a.body)
		got := map[string]string{}
		for _, f := range read[Problem](a).Errors {
			got[f.Pointer] = f.Code
			require.NotContains(t, f.Message+f.MessageVI, "001085012345")
		}
		require.Equal(t, c.want, got, c.order)
	}
	for _, token := range []string{"software", "zone", "officer"} {
		p.grantAs(token, GrantOrder{Grantee: "software:misa", Units: []string{unitA}, Rights: []string{"file"}}).problem(http.StatusForbidden, "API-085")
	}
	p.post(grantsPath+"?dry_run=true", []byte(`{"grantee":"software:x","units":["`+unitA+`"],"rights":["read"]}`), "Authorization", "Bearer a").ok()
	require.Empty(t, read[GrantList](p.ask(http.MethodGet, grantsPath, nil).ok()).Grants)
	p.post(grantsPath+"/x", nil).problem(http.StatusNotFound, "API-009")
	p.post(grantsPath+"/x:end", nil).problem(http.StatusNotFound, "API-015")
	p.post(grantsPath+"/"+uuid.NewString()+":end?x=1", nil).problem(http.StatusUnprocessableEntity, "API-007")
	p.post(grantsPath+"/"+uuid.NewString()+":end", []byte(`{"units":[]}`)).problem(http.StatusBadRequest, "API-111")
}

// A household business and a commune grant like any other; the number of the household's
// person is nowhere afterwards. Pages follow each other.
func TestGrantsOfAllUnits(t *testing.T) {
	p := newScoped(t)
	made := read[GrantsMade](p.grantAs("a", GrantOrder{Grantee: "zone:hanoi-1", Units: []string{"001085012345", unitA, unitA + "-001"}, Rights: []string{"read"},
		ValidTo: time.Now().Add(time.Hour), GrantEnd: GrantEnd{By: "Công ty A", Reason: "giám sát"}}).ok())
	require.Len(t, made.Grants, 3)
	for _, g := range made.Grants {
		require.NotContains(t, g.Unit, "001085012345")
		require.Equal(t, "Công ty A", g.By)
		require.NotNil(t, g.ValidTo)
	}
	p.grantAs("commune", GrantOrder{Grantee: "zone:hanoi-1", Units: []string{"00004"}, Rights: []string{"read"}}).ok()
	by, err := p.deps.Identity.Identify(t.Context(), "zone")
	require.NoError(t, err)
	require.Equal(t, []string{unitA, unitA + "-001", "commune:00004", made.Grants[2].Unit}, by.Units)
	require.Empty(t, by.FileUnits)

	var all []Grant
	pages := 0
	for next := grantsPath + "?limit=1&grantee=zone:hanoi-1"; next != ""; pages++ {
		page := read[GrantList](p.ask(http.MethodGet, next, nil).ok())
		all = append(all, page.Grants...)
		next = page.Next
	}
	require.Equal(t, 4, pages)
	require.Len(t, all, 4)
	require.NotContains(t, p.logged(), "001085012345")
}

// Whatever is ordered is refused with a problem or a grant that the store can hold.
func FuzzGrantOrder(f *testing.F) {
	f.Add(`{"grantee":"software:misa","units":["0100109106"],"rights":["file"],"valid_to":"2040-01-01T00:00:00+07:00","by":"A"}`)
	f.Add(`{"grantee":"zone:x","units":["00004","x"],"rights":[]}`)
	f.Add("{")
	keys, err := seal.Open(filepath.Join(f.TempDir(), "keys"))
	if err != nil {
		f.Fatal(err)
	}
	p := &Server{Deps: Deps{Keys: keys, Clock: time.Now}}
	f.Fuzz(func(t *testing.T, order string) {
		by := access.Caller{ID: "a", Role: access.Enterprise, Units: []string{unitA}}
		like, units, problem := p.readOrder(by, []byte(order))
		if problem != nil {
			require.NotEmpty(t, problem.Errors)
			return
		}
		require.NotEmpty(t, units)
		require.NotEmpty(t, like.Rights)
		require.Equal(t, "a", like.Principal)
		for _, unit := range units {
			require.True(t, access.Reach{Units: by.Units}.HasUnit(unit))
		}
		require.False(t, wrongTimes(like, p.Clock()))
	})
}

// A stream goes on for as long as its rows come, a grant and a token do not: each chunk is
// filed by what holds then.
func TestBatchEndsWithTheRight(t *testing.T) {
	p := newScoped(t)
	made := read[GrantsMade](p.grantAs("a", GrantOrder{Grantee: "software:misa", Units: []string{unitA}, Rights: []string{"file"}}).ok())
	body, write := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+reportsPath+":batch", body)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer software")
	r.Header.Set("Content-Type", ndjsonType)
	send := func(site string) {
		t.Helper()
		_, err := io.WriteString(write, oneLine(reporttest.Set(annexOf(unitA), "/content/reporter/site", `"`+site+`"`))+"\n")
		require.NoError(t, err)
	}
	go send("11")
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer response.Body.Close()
	answers := bufio.NewScanner(response.Body)
	next := func() (row BatchRow) {
		t.Helper()
		require.True(t, answers.Scan(), answers.Err())
		require.NoError(t, json.Unmarshal(answers.Bytes(), &row))
		return row
	}
	require.Equal(t, http.StatusAccepted, next().Status)

	p.post(grantsPath+"/"+made.Grants[0].ID.String()+":end", nil, "Authorization", "Bearer a").ok()
	send("12")
	require.Equal(t, http.StatusForbidden, next().Status)

	delete(p.deps.Identity.(callers).known, "software")
	send("13")
	require.True(t, answers.Scan())
	require.Contains(t, answers.Text(), "API-001")
	require.Contains(t, answers.Text(), "API-024")
	require.False(t, answers.Scan(), "nothing follows")
	require.NoError(t, write.Close())
}

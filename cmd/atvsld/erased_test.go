package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/audit"
	"atvsld/api"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/seeds"
	"atvsld/seeds/demo"
)

// statistics are all addresses that answer with figures, of two years.
func statistics(erased, kept int) (paths []string) {
	add := func(format string, args ...any) { paths = append(paths, fmt.Sprintf(format, args...)) }
	for _, id := range []string{"A1", "A2", "A3", "B1", "B1c", "B2", "E1", "N1", "N2", "N3", "N4", "N5"} {
		for _, by := range []string{"", "province", "vsic", "cause", "employment"} {
			// Coverage is the same however a series is split.
			add("/v1/indicators/%s/series?from=%d&to=%d&view=live&by=%s&coverage=%t", id, demo.FirstYear, demo.LastYear, by, by == "")
		}
	}
	for _, year := range []int{erased, kept} {
		add("/v1/attainment?year=%d&view=live", year)
		add("/v1/attainment?year=%d", year)
		add("/v1/summaries/VN?period=%d", year)
		add("/v1/summaries/34:01?period=%d", year)
		add("/v1/treated-victims?period=%d&by=province", year)
		add("/v1/osh-figures?year=%d&by=province", year)
		add("/v1/investigations?year=%d&limit=500", year)
		add("/v1/obligations?province=34:01&year=%d&limit=500&at=2026-03-01T00:00:00Z", year)
		add("/v1/reports?year=%d&limit=500", year)
	}
	add("/v1/disease-cases/funnel?from=%d&to=%d&by=year,disease", demo.FirstYear, demo.LastYear)
	add("/v1/violations?limit=500")
	add("/v1/base-figures?view=live")
	return paths
}

// asOf differs from one answer to the next.
var asOf = regexp.MustCompile(`"as_of":"[^"]*"`)

// take asks for every statistic. Answers that a question has none of count as such: what is
// compared is that nothing changes.
func (p *process) take(paths []string) (answers map[string]string, figures int) {
	p.t.Helper()
	answers = make(map[string]string, len(paths))
	for _, path := range paths {
		status, body := p.body(http.MethodGet, path, nil)
		answers[path] = http.StatusText(status)
		if status == http.StatusOK { // a problem names its own instance
			figures++
			answers[path] = asOf.ReplaceAllString(string(body), "")
		}
	}
	return answers, figures
}

func (p *process) body(method, path string, body []byte) (int, []byte) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.address+path, bytes.NewReader(body))
	require.NoError(p.t, err)
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set(api.PurposeHeader, "request_of_person")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return response.StatusCode, answer
}

// awaitAll waits until the reports are stored.
func (p *process) awaitAll(ids []string) {
	p.t.Helper()
	for _, id := range ids {
		require.Eventually(p.t, func() bool {
			return p.ask("/v1/reports/"+id+"/revisions/1", p.token, nil) == http.StatusOK
		}, time.Minute, 50*time.Millisecond, id)
	}
}

// ofEveryKind are some demonstration reports of each kind and year.
func ofEveryKind(t *testing.T, from, to, most int) (lines [][]byte) {
	t.Helper()
	c := demo.Default()
	c.FromYear, c.ToYear, c.Establishments = from, to, 500
	type kindYear struct {
		kind report.Kind
		year int
	}
	taken := map[kindYear]int{}
	for s, err := range demo.Generate(t.Context(), c) {
		require.NoError(t, err)
		of := kindYear{s.Kind, s.Year}
		if s.Revision == 1 && !s.Withdrawn && taken[of] < most {
			taken[of]++
			lines = append(lines, bytes.Clone(s.Raw))
		}
	}
	require.Greater(t, len(taken), 25, "kinds and years: %v", taken)
	return lines
}

// exported asks for everything about a person, by years and what became of it.
func (p *process) exported(number string) map[int]string {
	p.t.Helper()
	status, body := p.body(http.MethodPost, "/v1/persons:export", fmt.Appendf(nil, `{"citizen_number":%q}`, number))
	require.Equal(p.t, http.StatusOK, status, "%s", body)
	var export api.PersonExport
	require.NoError(p.t, json.Unmarshal(body, &export))
	personal := map[int]string{}
	for _, r := range export.Reports {
		personal[int(r.StatYear)] = r.Revisions[0].Personal
	}
	return personal
}

// declarationOf declares an accident of a year with one victim who has the number.
func declarationOf(t *testing.T, year int, number string) []byte {
	t.Helper()
	a := accident{
		id: eventID(t), reporter: employerA, province: "24", occurred: fmt.Sprintf("%d-05-20T08:00:00+07:00", year), diedOn: fmt.Sprintf("%d-05-20", year),
		victims: []victim{{"Lò Thị Mốc", "dead", "contract"}},
	}
	return reporttest.Set(a.json(), "/content/victims/0/id_number", `"`+number+`"`)
}

// Destroying the keys of a year makes its names unreadable, and every statistic stays the
// same to the byte; persons are still recognised across years.
func TestDestroyedYearLeavesStatistics(t *testing.T) {
	t.Parallel()
	const kept, erased, unusedYear, number = demo.LastYear - 1, demo.LastYear, 1999, "001185012345"
	data := t.TempDir()
	p := start(t, data, "--demonstration", "--demo-load=false")
	p.batch(ofEveryKind(t, kept, erased, 20))
	filed := map[report.Kind]string{}
	for _, d := range report.Definitions() {
		status, answer := p.post(reporttest.Valid(d.Kind))
		var one struct {
			ReportID string `json:"report_id"`
		}
		require.NoError(t, json.Unmarshal(answer, &one), "%s", answer)
		// The demonstration data have a report of their own in the place of some units'.
		require.Contains(t, []int{http.StatusAccepted, http.StatusConflict}, status, "%s", answer)
		filed[d.Kind] = one.ReportID
	}
	ids := map[int]string{}
	for _, year := range []int{kept, erased} {
		ids[year] = p.file(declarationOf(t, year, number))
	}
	p.awaitAll(slices.Concat(slices.Collect(maps.Values(filed)), slices.Collect(maps.Values(ids))))
	begun := time.Now()
	require.Equal(t, map[int]string{kept: "open", erased: "open"}, p.exported(number))
	t.Logf("everything about one person: %s", time.Since(begun))
	paths := statistics(erased, kept)
	before, figures := p.take(paths)
	require.Greater(t, figures, len(paths)*4/5, "some questions have no answer before a period is closed")

	keys, err := seal.Open(filepath.Join(data, "keys"))
	require.NoError(t, err)
	require.NoError(t, keys.Destroy(seal.Slot{Year: erased}, "cán bộ A", "kiểm thử"))

	after, _ := p.take(paths)
	for _, path := range paths {
		require.Equal(t, before[path], after[path], path)
	}
	require.Equal(t, map[int]string{kept: "open", erased: "erased"}, p.exported(number), "still one person")
	for year, want := range map[int]string{kept: "open", erased: "erased"} {
		status, body := p.body(http.MethodGet, "/v1/reports/"+ids[year]+"/revisions/1", nil)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, string(body), `"personal":"`+want+`"`)
		require.Equal(t, want == "open", strings.Contains(string(body), "Lò Thị Mốc"))
	}
	// What was filed for the year by every kind is erased, the rest is not.
	wrong := 0
	for kind, id := range filed {
		var one struct {
			StatYear int `json:"stat_year"`
			Personal string
		}
		p.get("/v1/reports/"+id+"/revisions/1", &one)
		want := map[bool]string{true: "erased", false: "open"}[one.StatYear == erased]
		require.Equal(t, want, one.Personal, kind)
		if want == "erased" {
			wrong++
		}
	}
	require.Positive(t, wrong)
	p.stop()

	// By hand, with the store: what was erased goes on record, and who did it.
	unused := []string{"keys", "destroy", "--data", data, "--demonstration", "--year", strconv.Itoa(unusedYear), "--class", "inspection", "--by", "B", "--reason", "r", "--yes"}
	out, err := command(t, unused...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), fmt.Sprintf("destroyed: %d-inspection", unusedYear))
	require.NotContains(t, string(out), "audit log")
	out, err = command(t, "retention", "run", "--data", data, "--demonstration", "--dry-run").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), fmt.Sprintf("recorded  %d", erased))
	out, err = command(t, "keys", "destroy", "--data", data, "--demonstration", "--year", strconv.Itoa(kept), "--class", "accident", "--by", "A", "--reason", "r").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), fmt.Sprintf("will be unreadable:  %d-accident", kept))
	require.Contains(t, string(out), "accident_declaration")
	require.Contains(t, string(out), "nothing was destroyed")
	out, err = command(t, "keys", "rotate-master", "--data", data, "--demonstration", "--by", "C", "--reason", "r").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "the master key is new")
	out, err = command(t, "keys", "list", "--data", data).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "kiểm thử")

	p = start(t, data, "--demonstration", "--demo-load=false")
	require.Equal(t, map[int]string{kept: "open", erased: "erased"}, p.exported(number))
	var erasures api.ErasureList
	p.get("/v1/erasures", &erasures)
	require.Len(t, erasures.Erasures, 2)
	persons := map[string]uint64{}
	for _, e := range erasures.Erasures {
		persons[e.By] = e.Persons
	}
	require.Zero(t, persons["B"])
	require.Positive(t, persons["cán bộ A"])
	require.Len(t, erasures.Retention, len(seeds.Default().Retentions()))
	for operation, want := range map[string][2]string{
		"destroy-key":   {"B", fmt.Sprintf("%d-inspection", unusedYear)},
		"rotate-master": {"C", "master"},
	} {
		var log api.AuditList
		require.Equal(t, http.StatusOK, p.get("/v1/audit?operation="+operation, &log))
		require.Len(t, log.Entries, 2)
		for i, outcome := range []audit.Outcome{audit.Allowed, audit.Begun} { // the newest first
			e := log.Entries[i].Entry
			require.Equal(t, outcome, e.Outcome)
			require.Equal(t, want[0], e.By)
			require.Equal(t, want[1], e.On[0].ID)
		}
	}
	// What was destroyed past the commands came on record with its erasure.
	var log api.AuditList
	require.Equal(t, http.StatusOK, p.get("/v1/audit?operation=record-erasure&outcome=allowed", &log))
	require.True(t, slices.ContainsFunc(log.Entries, func(s audit.Signed) bool { return s.Entry.By == "cán bộ A" }))
}

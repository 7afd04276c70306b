package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"

	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo"
	"atvsld/seeds/demo/count"
)

// figures is the part of a series answer that these tests read.
type figures struct {
	Values []struct {
		Period string `json:"period"`
		Area   struct {
			Level, List, Code string
		} `json:"area"`
		Employment  string `json:"employment"`
		Numerator   *int64 `json:"numerator"`
		Denominator *int64 `json:"denominator"`
	} `json:"values"`
	Demonstration bool `json:"demonstration"`
}

// series asks one indicator for all years, keyed by year, area and employment.
func (p *process) series(id, query string, token bool) map[string]int64 {
	p.t.Helper()
	var f figures
	path := fmt.Sprintf("/v1/indicators/%s/series?from=%d&to=%d&%s", id, demo.FirstYear, demo.LastYear, query)
	if token {
		p.get(path+"&view=live", &f)
	} else {
		p.public(path, &f)
	}
	require.True(p.t, f.Demonstration)
	values := make(map[string]int64)
	for _, v := range f.Values {
		if v.Numerator != nil {
			year, err := strconv.Atoi(v.Period[:4])
			require.NoError(p.t, err)
			values[key(year, v.Area.List, v.Area.Code, v.Employment)] = *v.Numerator
		}
	}
	return values
}

func key(year int, list, code, employment string) string {
	if list == "" {
		code = ""
	}
	return fmt.Sprintf("%d/%s:%s/%s", year, list, code, employment)
}

// indicatorOf names the indicators of the published metrics.
var indicatorOf = map[string]string{
	"accidents": "N1", "victims": "N2", "serious": "N3", "fatal_accidents": "N4", "deaths": "N5",
}

// assertPublished holds every figure against the published statistics, to the
// unit, but for the exceptions that are listed by name.
func assertPublished(t *testing.T, p *process, live bool) {
	t.Helper()
	data := seeds.Default()
	excepted := make(map[seeds.Statistic]bool)
	for _, e := range demo.Exceptions() {
		excepted[e.Statistic] = true
	}
	byPart := make(map[string]map[string]int64)
	provincial := make(map[string]map[string]int64)
	half := make(map[string]map[string]int64)
	for metric, id := range indicatorOf {
		byPart[metric] = p.series(id, "by=employment", live)
		maps.Copy(byPart[metric], p.series(id, "", live))
		provincial[metric] = p.series(id, "by=province&geography=63", live)
		half[metric] = p.series(id, "period=H1&by=employment", live)
		maps.Copy(half[metric], p.series(id, "period=H1", live))
	}
	compared := map[string]int{}
	for _, s := range data.Statistics() {
		at := strings.LastIndex(s.Metric, "_")
		want, exact := s.Int()
		if at < 0 || !exact || excepted[s] || s.Year < demo.FirstYear {
			continue
		}
		metric, part := s.Metric[:at], map[string]string{"all": "", "contract": "contract", "nocontract": "no_contract"}[s.Metric[at+1:]]
		if indicatorOf[metric] == "" {
			continue
		}
		source, list, code := byPart[metric], "", ""
		if s.Period == "H1" {
			source = half[metric]
		}
		if s.Area != seeds.AreaNational {
			province, ok := data.ProvinceByName(seeds.List63, s.Area)
			require.True(t, ok, s.Area)
			source, list, code = provincial[metric], "63", province.Code
		}
		got, ok := source[key(s.Year, list, code, part)]
		require.True(t, ok && got == want, "%d %s %s %s: published %d, answered %d", s.Year, s.Period, s.Area, s.Metric, want, got)
		compared[s.Period+"/"+s.Area]++
	}
	require.Equal(t, 56, compared["Y/national"], "%v", compared)
	require.Equal(t, 19, compared["H1/national"])
	require.Equal(t, 10, compared["Y/Hồ Chí Minh"])
	require.Equal(t, 3, compared["Y/Phú Yên"], "deaths, fatal accidents and serious; the other two contradict each other in print")
}

// assertCounted holds D31-2 and D31-3 against a count of the filed documents
// that knows nothing of the store.
func assertCounted(t *testing.T, p *process, want count.Totals, live bool) {
	t.Helper()
	for id, measure := range map[string]count.Measure{
		"B1": count.ExaminedPersons, "B1c": count.ExaminedCases, "B2": count.MonitoredSites,
		"N1": count.Accidents, "N2": count.Victims, "N3": count.Serious, "N4": count.FatalAccidents, "N5": count.Deaths,
	} {
		nation := p.series(id, "", live)
		for year := demo.FirstYear; year <= demo.LastYear; year++ {
			require.Equal(t, want.National(measure, year), nation[key(year, "", "", "")], "%s %d", id, year)
		}
		for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
			provinces := p.series(id, "by=province&geography="+string(list), live)
			for _, province := range seeds.Default().Provinces(list) {
				for year := demo.FirstYear; year <= demo.LastYear; year++ {
					require.Equal(t, want.Province(measure, year, province.Ref()), provinces[key(year, string(list), province.Code, "")],
						"%s %d %s", id, year, province.NameVI)
				}
			}
		}
	}
}

// assertSeen checks that every share and rate has a figure in the last year, a share of no more
// than the whole, and none that is the whole or nothing: there would be nothing to see.
func assertSeen(t *testing.T, p *process) {
	t.Helper()
	shares := []string{"B3", "C1", "C2", "C3", "C4", "D1", "D2", "D3"}
	rates := []string{"A1", "A2", "A3", "A4", "A4s", "ICLS-FR", "ICLS-IR", "ICLS-SR", "K-CHET", "K-TNLD", "SDG881F", "SDG881N"}
	for _, id := range slices.Concat(shares, rates) {
		var f figures
		p.public(fmt.Sprintf("/v1/indicators/%s/series?from=%d&to=%d", id, demo.LastYear, demo.LastYear), &f)
		require.Len(t, f.Values, 1, id)
		v := f.Values[0]
		require.NotNil(t, v.Numerator, id)
		require.NotNil(t, v.Denominator, id)
		require.Positive(t, *v.Numerator, id)
		if slices.Contains(shares, id) {
			require.Less(t, *v.Numerator, *v.Denominator, id)
		}
	}
}

// assertVerdicts checks D31-1 under both definitions for 2017–2021: no, no, met,
// no, met, as they follow from the published counts.
func assertVerdicts(t *testing.T, p *process) {
	t.Helper()
	want := map[int]string{2017: "not_met", 2018: "not_met", 2019: "met", 2020: "not_met", 2021: "met"}
	for year, verdict := range want {
		for _, definition := range []string{"fatal_accidents_count", "deaths_count"} {
			require.Equal(t, verdict, p.verdicts(year, "D31-1", false)["nation/"+definition], "%d %s", year, definition)
		}
	}
}

// verdicts asks attainment of one target and gives verdicts by area and definition.
func (p *process) verdicts(year int, target string, live bool) map[string]string {
	p.t.Helper()
	var a struct {
		Items []struct {
			Area       struct{ Level, List, Code string }
			Definition struct{ ID string }
			Verdict    string
		}
	}
	path := fmt.Sprintf("/v1/attainment?year=%d&target=%s", year, target)
	if live {
		p.get(path+"&view=live", &a)
	} else {
		p.public(path, &a)
	}
	verdicts := make(map[string]string)
	for _, i := range a.Items {
		area := "nation"
		if i.Area.Level != "nation" {
			area = i.Area.List + ":" + i.Area.Code
		}
		verdicts[area+"/"+i.Definition.ID] = i.Verdict
	}
	return verdicts
}

// documents generates a demonstration set into memory.
func documents(t *testing.T, c demo.Config) (lines [][]byte) {
	t.Helper()
	for s, err := range demo.Generate(t.Context(), c) {
		require.NoError(t, err)
		lines = append(lines, append([]byte(nil), s.Raw...))
	}
	return lines
}

// written is the whole demonstration set, as the program writes it: it is twenty times as fast
// at that as this test is, which the race detector watches.
func written(t *testing.T) [][]byte {
	t.Helper()
	out, err := command(t, "demo").Output()
	require.NoError(t, err)
	return bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
}

// countOf counts documents by a counter that knows nothing of the store.
func countOf(t *testing.T, lines [][]byte) *count.Counter {
	t.Helper()
	counter := count.New(seeds.Default())
	for _, line := range lines {
		decoded, findings, err := report.Decode(line)
		require.NoError(t, err)
		require.Empty(t, findings)
		require.NoError(t, counter.Add(decoded))
	}
	return counter
}

// The whole path with the set that make run loads: filed over HTTP, through
// Kafka into ClickHouse, read back over HTTP.
func TestDemonstration(t *testing.T) {
	data := t.TempDir()
	p := start(t, data, "--demonstration")
	// Nobody is told that the platform is ready before the demonstration data can be asked for.
	require.NotEqual(t, "not_assessable", p.verdicts(demo.LastYear, "D31-1", false)["nation/fatal_accidents_count"])
	lines := written(t)
	counter := countOf(t, lines)
	want := counter.Totals()
	assertPublished(t, p, false)
	assertCounted(t, p, want, false)
	assertMissing(t, p, counter)
	assertVerdicts(t, p)
	assertSeen(t, p)
	assertBase(t, p)

	t.Run("a register is imported", func(t *testing.T) { importRegister(t, p) })

	t.Run("filed again in another order", func(t *testing.T) {
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		// A third of them: any may come again.
		for _, row := range p.batch(lines[:len(lines)/3]) {
			require.Equal(t, http.StatusAccepted, row.Status, "%v", row.Errors)
			require.True(t, row.Replayed, "row %d", row.Row)
		}
		assertCounted(t, p, want, true)
	})

	t.Run("a second start loads nothing twice", func(t *testing.T) {
		before := p.metric("atvsld_sink_stored_total")
		require.Positive(t, before)
		p.stop()
		again := start(t, data, "--demonstration")
		require.Zero(t, again.metric("atvsld_sink_stored_total"))
		assertPublished(t, again, true)
		again.stop()
	})

	t.Run("a real platform refuses the folder", func(t *testing.T) {
		out, err := runOnce(t, "run", "--data", data, "--listen", freeAddress(t))
		require.Error(t, err)
		require.Contains(t, out, "demonstration")
	})
}

// Another order of filing into an empty store: reports come in any order, the
// revisions of one report in theirs.
func TestOrderOfFilingChangesNothing(t *testing.T) {
	t.Parallel()
	c := demo.Default()
	c.Establishments, c.FromYear, c.ToYear = 1000, 2020, 2021
	p := start(t, t.TempDir(), "--demonstration", "--demo-load=false")
	lines := documents(t, c)
	shuffleKeepingRevisions(lines)
	for _, row := range p.batch(lines) {
		require.Equal(t, http.StatusAccepted, row.Status, "row %d: %v", row.Row, row.Errors)
	}
	want := countOf(t, lines).Totals()
	p.drained(len(lines))
	for id, measure := range map[string]count.Measure{"N1": count.Accidents, "N4": count.FatalAccidents, "N5": count.Deaths, "B1": count.ExaminedPersons, "B2": count.MonitoredSites} {
		nation := p.series(id, "", true)
		for year := c.FromYear; year <= c.ToYear; year++ {
			require.Equal(t, want.National(measure, year), nation[key(year, "", "", "")], "%s %d", id, year)
		}
	}
}

// shuffleKeepingRevisions puts lines into another order, but leaves the revisions
// of one report in theirs: the gateway takes no second one before the first.
func shuffleKeepingRevisions(lines [][]byte) {
	later := func(l []byte) bool { return bytes.Contains(l, []byte(`"revision":`)) }
	first := slices.DeleteFunc(slices.Clone(lines), later)
	rest := slices.DeleteFunc(slices.Clone(lines), func(l []byte) bool { return !later(l) })
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	copy(lines[copy(lines, first):], rest)
}

func runOnce(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := command(t, args...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestMainHelp(t *testing.T) {
	out, err := runOnce(t, "--help")
	require.NoError(t, err)
	for _, name := range []string{"run", "gateway", "sink", "api", "broker", "engine", "migrate", "close-period", "demo"} {
		require.Contains(t, out, name)
	}
}

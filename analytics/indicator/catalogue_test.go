package indicator

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

func TestDefaultCatalogue(t *testing.T) {
	c, err := Default()
	require.NoError(t, err)
	var ids []string
	for _, d := range c.Indicators() {
		ids = append(ids, d.ID)
	}
	require.Equal(t, []string{
		"A1", "A2", "A3", "A4", "A4s", "B1", "B1c", "B1s", "B2", "B3", "C1", "C2", "C3", "C4", "D1", "D2", "D3", "E1", "E1-clinics", "E1-communes",
		"E2", "E3", "ICLS-FR", "ICLS-IR", "ICLS-SR", "K-CHET", "K-TNLD", "N1", "N2", "N3", "N4", "N5", "SDG881F", "SDG881N",
	}, ids)

	bases := map[Basis]int{}
	for _, m := range c.Methods("D31-1") {
		bases[m.Basis]++
		require.Equal(t, m.ID == "fatal_accidents_count", m.Headline)
	}
	require.Equal(t, map[Basis]int{BasisCount: 2, BasisPerReporting: 2, BasisPerAll: 2}, bases)
	require.Len(t, c.Methods("D31-2"), 2)
	require.Len(t, c.Methods("D31-3"), 1)
	require.Empty(t, c.Methods("D31-9"))
	require.Equal(t, []string{
		"examined_persons", "examined_cases", "examined_share", "fatal_accidents_count", "deaths_count",
		"fatal_accidents_per_reporting_workers", "deaths_per_reporting_workers", "fatal_accidents_per_all_workers", "deaths_per_all_workers", "fatal_investigated", "health_staff_trained",
		"monitored_sites", "officers_trained", "staff_trained", "strict_jobs_trained", "victims_paid",
	}, c.Definitions())
}

// embeddedFiles is the catalogue of this build, to be changed by a test.
func embeddedFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(embedded, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	}))
	return files
}

const samplesOver = `
id: M1
version: 1
name: {vi: Số mẫu vượt giới hạn, en: Samples over the limit}
formula: {vi: Tổng số mẫu vượt giới hạn, en: Sum of the samples over the limit}
numerator: {measures: [samples_over]}
factors: [{value: 1, unit: {vi: mẫu, en: samples}}]
direction: lower_is_better
interval: none
sources: [{text: "Decree 44/2016/ND-CP", status: V}]
status: V
comparability: {death_within_one_year: not_applicable, over_three_days: not_applicable, commuting: not_applicable}
dimensions: [province]
periods: [Y]
`

// A new indicator is a new file and nothing else.
func TestAddingAnIndicatorIsAddingAFile(t *testing.T) {
	files := embeddedFiles(t)
	files["catalogue/M1.yaml"] = &fstest.MapFile{Data: []byte(samplesOver)}
	c, err := Load(files)
	require.NoError(t, err)
	hanoi := ref("34", "01")
	e, err := New(c, newMemory(yearly("samples_over", 2021, hanoi, 7), yearly("monitoring_reports", 2021, hanoi, 1)), seeds.Default())
	require.NoError(t, err)

	got, err := e.Series(t.Context(), SeriesRequest{Indicator: "M1", From: 2021, To: 2021, View: Live})
	require.NoError(t, err)
	require.Len(t, got.Values, 1)
	require.EqualValues(t, 7, *got.Values[0].Numerator)
	require.Equal(t, "samples", got.Values[0].Unit.EN)
}

func TestCatalogueNamesEveryMistake(t *testing.T) {
	f := func(path, old, replacement string, want ...string) {
		t.Helper()
		files := embeddedFiles(t)
		files["catalogue/M1.yaml"] = &fstest.MapFile{Data: []byte(samplesOver)}
		data := string(files[path].Data)
		require.Contains(t, data, old)
		files[path] = &fstest.MapFile{Data: []byte(strings.Replace(data, old, replacement, 1))}
		_, err := Load(files)
		require.Error(t, err)
		for _, text := range want {
			require.ErrorContains(t, err, text)
		}
	}
	const m1 = "catalogue/M1.yaml"
	f(m1, "id: M1", "id: M2", `M1.yaml: id "M2" is not an identifier that names its file`)
	f(m1, "version: 1", "version: 0", "version 0 is not positive")
	f(m1, "version: 1", "version: 1\nvesion: 2", "M1.yaml", "vesion")
	f(m1, "version: 1", "version: 1\nversion: 2", "M1.yaml", "version")
	f(m1, "periods: [Y]", "periods: [Y]\n---\nid: X", "M1.yaml: more than one document")
	f(m1, "samples_over]", "samples_ovr]", `"samples_ovr" is not a measure`)
	f(m1, "[samples_over]", "[]", "numerator.measures: none is named")
	f(m1, "[samples_over]", "[samples_over, samples_over]", "named twice")
	f(m1, "[samples_over]", "[samples_over, deaths]", "different sources or places")
	f(m1, "vi: mẫu", "vi: mâ\u0303u", "factors[0].unit.vi is not in Unicode form NFC")
	f(m1, "vi: mẫu", "vi: ''", "factors[0].unit.vi is empty")
	f(m1, "value: 1", "value: 100", "factors: 100: positive for a rate, 1 for a count")
	f(m1, "[Y]", "[Y, H1]", "monitoring_reports have no half-years")
	f(m1, "[province]", "[province, cause]", "samples_over cannot be split by cause")
	f(m1, "[province]", "[province, month]", "only counts of accident cases have months")
	f("catalogue/N4.yaml", "month, cause", "month, sex, cause", "fatal_accidents cannot be split by sex", "commuting_fatal_accidents cannot be split by sex")
	f("catalogue/N1.yaml", "cause, factor", "cause, month", "only counts of accident cases have months")
	f("catalogue/A3.yaml", "sex, size_class", "cause", "workers_reporting cannot be split by cause")
	f("catalogue/A2.yaml", "employment]", "employment, sex]", "sex: numerator and denominator workers_reporting come from different sources")
	f(m1, "[province]", "[colour]", `"colour" is none of`)
	f(m1, "commuting: not_applicable", "commuting: excluded_by_default", "monitoring_reports know no commuting accidents")
	f(m1, "status: V}", "status: sure}", `sources[0].status: "sure" is none of`)
	f("catalogue/A1.yaml", "reference: workers", "missing: no_idea", `"no_idea" is not the code of a reason`)
	f("catalogue/A1.yaml", "    reference: workers\n", "", "either measures, or a reference, or the reason why it is missing")
	f("catalogue/A1.yaml", "reference: workers", "reference: census", `"census" is none of`)
	f("catalogue/SDG881N.yaml", "minus: [deaths_form]", "minus: [deaths]", "victims and deaths come from different sources or places")
	f("catalogue/SDG881N.yaml", "minus: [deaths_form]", "minus: [victims]", "victims is named twice")
	f("catalogue/A4s.yaml", "interval: none", "interval: poisson", "or there is an interval")
	f("catalogue/A4s.yaml", "sum_of_days", "sum_of_nights", `"sum_of_nights" is not the code of a reason`)
	f("catalogue/A1.yaml", "kind: workers_all", "kind: workers_reporting", "workers_reporting is named twice")
	f(m1, "measures: [samples_over]", "measures: [reports_of_due]", "only beside the units that owe the report")
	f(m1, "[samples_over]}", "[samples_over], complete: true}", "numerator.complete")
	f("definitions/fatal.yaml", "indicator: N4", "indicator: N44", `indicator "N44" is not in the catalogue`)
	f("definitions/fatal.yaml", "    denominator: workers_reporting\n", "", `indicator A1 has no denominator ""`)
	f("definitions/fatal.yaml", "    headline: true\n", "", "0 headlines for D31-1, N19-1, want 1")
	f("definitions/fatal.yaml", "[D31-1, N19-1]", "[D31-1, D31-2]", "target D31-2 has definitions in another file")
	f("definitions/fatal.yaml", "id: deaths_count", "id: fatal_accidents_count", "named twice")
	f("definitions/fatal.yaml", "id: deaths_count", "id: examined_cases", "definition examined_cases is in another file")
	f("definitions/examined_share.yaml", "    measure", "    headline: true\n    measure", "1 headlines for , want 0")
	f("definitions/examined_share.yaml", "definitions:", "definitions: []\nrest:", "examined_share.yaml")
	// All at once.
	f(m1, samplesOver[1:], "id: m\n", "version 0", "name.vi is empty", "status:", "numerator.measures")
}

func TestEmptyCatalogueIsRefused(t *testing.T) {
	_, err := Load(fstest.MapFS{})
	require.ErrorContains(t, err, "no indicator")
}

func TestTargetsMustBeKnown(t *testing.T) {
	f := func(target, want string) {
		t.Helper()
		files := embeddedFiles(t)
		data := strings.Replace(string(files["definitions/monitored.yaml"].Data), "D31-3", target, 1)
		files["definitions/monitored.yaml"] = &fstest.MapFile{Data: []byte(data)}
		c, err := Load(files)
		require.NoError(t, err)
		_, err = New(c, newMemory(), seeds.Default())
		require.ErrorContains(t, err, want)
	}
	f("D31-33", "target D31-33 is not in the reference data")
	f("P659-d-2025", "target P659-d-2025 is a milestone")
}

// Every target of every plan has a definition, if only to say that nothing measures it.
func TestEveryTargetHasADefinition(t *testing.T) {
	c, err := Default()
	require.NoError(t, err)
	for _, target := range seeds.Default().Targets() {
		methods := c.MethodsFor(target)
		headlines := 0
		for _, m := range methods {
			require.Equal(t, target.ID, m.Target)
			require.NotEmpty(t, m.Text.VI)
			if m.Headline {
				headlines++
			}
			require.Equal(t, m.Indicator == "", m.missing != "", target.ID)
		}
		require.Equal(t, 1, headlines, target.ID)
	}
}

func TestPlansMustNameKnownDefinitions(t *testing.T) {
	c, err := Default()
	require.NoError(t, err)
	var written bytes.Buffer
	plans := seeds.Default().ProvincialPlans()
	plans.Targets[0].Definitions = []string{"by_feeling"}
	require.NoError(t, plans.WriteCSV(&written))
	data, err := seeds.LoadOver(fstest.MapFS{seeds.PlanFileName: {Data: written.Bytes()}})
	require.NoError(t, err)
	_, err = New(c, newMemory(), data)
	require.ErrorContains(t, err, `there is no definition "by_feeling"`)
}

// Every code of a reason has its texts in both languages.
func TestReasonsHaveTexts(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	require.NoError(t, err)
	codes := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Reason") {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			codes[code] = true
		}
		return true
	})
	require.Len(t, codes, len(reasonTexts))
	for code := range codes {
		r := because(code)
		require.NotEmpty(t, r.VI, code)
		require.NotEmpty(t, r.EN, code)
	}
}

// A closing answers for the cuts that it was frozen in, and for totals.
func TestClosingsHoldCuts(t *testing.T) {
	c := Closing{Measures: []string{"deaths"}, Cuts: []Dimension{ByCause}}
	require.True(t, c.holds([]string{"deaths"}, ""))
	require.True(t, c.holds([]string{"deaths"}, ByCause))
	require.False(t, c.holds([]string{"deaths"}, BySex))
	require.False(t, c.holds([]string{"deaths", "victims"}, ""))
}

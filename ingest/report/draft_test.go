package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// numbered is an id that a reader of a test can tell.
func numbered(n byte) uuid.UUID { return uuid.UUID{15: n} }

// declared is a declaration of the unit: accident, cause, factor and its victims, each as
// "person severity occupation" with "f" for a woman and "out" for one outside management.
func declared(id, accident byte, cause, factor string, victims ...string) report.Declaration {
	d := report.Declaration{ReportID: numbered(id), AccidentID: numbered(accident), Own: true, Cause: cause, Factor: factor,
		OccurredAt: time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC)}
	for _, text := range victims {
		parts := strings.Fields(text)
		d.Victims = append(d.Victims, report.DeclaredVictim{
			Person: report.Pseudonym(parts[0]), NameKey: report.Pseudonym("name " + parts[0]), Severity: report.InjurySeverity(parts[1]),
			Occupation: parts[2], UnderManagement: !slices.Contains(parts, "out"), Sex: sexIn(parts),
		})
	}
	return d
}

func sexIn(parts []string) report.Sex {
	if slices.Contains(parts, "f") {
		return report.Female
	}
	return report.Male
}

func other(d report.Declaration) report.Declaration {
	d.Own = false
	return d
}

func commuting(d report.Declaration) report.Declaration {
	d.Commuting = true
	return d
}

// tableOf writes the rows as "block code: measures that are not 0".
func tableOf(rows []report.DraftRow) string {
	var lines []string
	for _, r := range rows {
		line := []string{strings.TrimSpace(string(r.Block)+" "+r.Code) + ":"}
		for _, m := range report.AllMeasures() {
			if n := *m.Of(&r.Measures); n > 0 {
				line = append(line, fmt.Sprintf("%s=%d", m.Name, n))
			}
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return strings.Join(lines, "\n")
}

func TestDeclarationsBecomeTheMatrix(t *testing.T) {
	f := func(name, want string, declarations ...report.Declaration) {
		t.Helper()
		require.Equal(t, strings.TrimSpace(want), tableOf(report.DraftRows(report.CasesOf(declarations))), name)
	}
	f("nothing declared", "")
	f("one death", `
1: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.1 1: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.2 7: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.3 7111: accidents=1 accidents_fatal=1 victims=1 deaths=1
3: accidents=1 accidents_fatal=1 victims=1 deaths=1`,
		declared(1, 1, "1", "7", "an dead 7111"))
	f("victims of two employers", `
1: accidents=1 accidents_multi=1 victims=2 victims_outside=1 women=1 women_outside=1 serious=2 serious_outside=1
1.1 1: accidents=1 accidents_multi=1 victims=2 victims_outside=1 women=1 women_outside=1 serious=2 serious_outside=1
1.2 7: accidents=1 accidents_multi=1 victims=2 victims_outside=1 women=1 women_outside=1 serious=2 serious_outside=1
1.3 7111: accidents=1 victims=1 serious=1
1.3 8332: accidents=1 victims=1 victims_outside=1 women=1 women_outside=1 serious=1 serious_outside=1
3: accidents=1 accidents_multi=1 victims=2 victims_outside=1 women=1 women_outside=1 serious=2 serious_outside=1`,
		declared(1, 1, "1", "7", "an serious 7111", "binh serious 8332 f out"))
	f("another employer's victims are his; the death he tells of counts", `
1: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.1 1: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.2 7: accidents=1 accidents_fatal=1 victims=1 deaths=1
1.3 7111: accidents=1 accidents_fatal=1 victims=1 deaths=1
3: accidents=1 accidents_fatal=1 victims=1 deaths=1`,
		declared(1, 1, "1", "7", "an serious 7111"), other(declared(2, 1, "2", "3", "an dead 7111", "chi serious 9312")))
	f("declared twice by the unit counts once", `
1: accidents=1 victims=1 serious=1
1.1 2: accidents=1 victims=1 serious=1
1.2 7: accidents=1 victims=1 serious=1
1.3 7111: accidents=1 victims=1 serious=1
3: accidents=1 victims=1 serious=1`,
		declared(1, 1, "", "7", "an minor 7111"), declared(2, 1, "2", "9", "an serious 7111"))
	f("commuting stands in row 2 alone", `
1:
2: accidents=1 accidents_fatal=1 victims=1 deaths=1
3: accidents=1 accidents_fatal=1 victims=1 deaths=1`,
		commuting(declared(1, 1, "1", "7", "an dead 7111")))
	f("only others declared it", "", other(declared(1, 1, "1", "7", "an dead 7111")))
}

// The draft that follows breaks no rule where the declarations say everything, and
// otherwise the rules say what is missing.
func TestDraftsAgreeWithTheRules(t *testing.T) {
	f := func(want string, declarations ...report.Declaration) {
		t.Helper()
		rows := report.DraftRows(report.CasesOf(declarations))
		document, err := report.Draft(report.AnnexXII, "2025", seeds.MustDate(2026, 1, 8), 1, reporttest.Valid(report.MonitoringReport), report.Reporter{}, rows)
		require.NoError(t, err)
		s, form, err := report.Decode(document)
		require.NoError(t, err)
		var codes []string
		for _, finding := range report.Check(report.Context{Seeds: seeds.Default(), Now: reporttest.Now()}, &s, form) {
			codes = append(codes, finding.Code)
		}
		require.Equal(t, want, strings.Join(slices.Compact(codes), " "))
	}
	// The monitoring report has no workers and another classification.
	const head = "ENV-001"
	f(head+" REP-014", declared(1, 1, "1", "7", "an dead 7111"), declared(2, 2, "2", "7", "binh serious 7111 f"))
	f(head+" AXII-034 REP-014", declared(1, 1, "", "7", "an dead 7111"))
	f(head+" AXII-031 REP-014", declared(1, 1, "", "7", "an dead 7111"), declared(2, 2, "1", "7", "binh serious 7111"))
}

func TestDifferencesToAFiledMatrix(t *testing.T) {
	cases := report.CasesOf([]report.Declaration{declared(1, 1, "1", "7", "an dead 7111")})
	var filed report.Annex
	require.NoError(t, json.Unmarshal([]byte(`{"rows":[
		{"block":"1","accidents":3,"accidents_fatal":2,"victims":3,"deaths":1},
		{"block":"1.1","code":"2","accidents":3}]}`), &filed))
	var got []string
	for _, d := range report.Differences(report.DraftRows(cases), filed.Rows) {
		if d.Block == report.BlockAccidents || d.Block == report.BlockCause {
			got = append(got, fmt.Sprintf("%s %s %s %d/%d %t %d", d.Block, d.Code, d.Measure.Name, d.Declared, d.Filed, d.Contradiction, len(d.Cases)))
		}
	}
	require.Equal(t, []string{
		"1  accidents 1/3 false 1", "1  accidents_fatal 1/2 true 1", "1  victims 1/3 false 1",
		"1.1 1 accidents 1/0 true 1", "1.1 1 accidents_fatal 1/0 true 1", "1.1 1 victims 1/0 true 1", "1.1 1 deaths 1/0 true 1",
		"1.1 2 accidents 0/3 false 0",
	}, got)
	require.Empty(t, report.Differences(nil, nil))
}

// Of every periodic kind there is a draft; of an event there is none.
func TestDraftsOfOtherKinds(t *testing.T) {
	for _, d := range report.Definitions() {
		document, err := report.Draft(d.Kind, "2025", seeds.MustDate(2026, 1, 8), 2, reporttest.Valid(d.Kind), report.Reporter{}, nil)
		if d.Event {
			require.ErrorIs(t, err, report.ErrNoDraft)
			continue
		}
		if err != nil {
			require.ErrorIs(t, err, report.ErrNoDraft, d.Kind) // a kind without a period
			continue
		}
		_, _, err = report.Decode(document)
		require.NoError(t, err)
		require.Contains(t, string(document), `"revision":2`)
	}
	document, err := report.Draft(report.AnnexXII, "2025H1", seeds.MustDate(2025, 7, 1), 1, nil, report.Reporter{Type: report.Establishment, TaxCode: "0100109106", Site: "2"}, nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"annex_xii","content":{"reporter":{"type":"establishment","tax_code":"0100109106","site":"2"},"period":"2025H1","report_date":"2025-07-01"}}`, string(document))
}

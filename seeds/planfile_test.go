package seeds

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

const (
	planHeaderLine = "plan,plan_name_vi,plan_name_en,province,issued,id,name_vi,name_en,definition,direction,rule,threshold_num,threshold_den,strict,period,valid_from,valid_to,source,status,note\n"
	// Made up: a province of today and one of the 63 that was merged.
	planOfToday  = "P-34-79,Kế hoạch,Plan,34:79,2026-01-15,P-34-79-1,Trên 90%,Over 90%,monitored_sites,up,level,90,100,yes,by 2030,2026-01-01,2030-12-31,made up,V,\n"
	planOfFormer = "P-63-58,Kế hoạch cũ,Former plan,63:58,2023-07-05,P-63-58-1,Giảm 5%/năm,Down by 5% a year,,down,average_yearly_change,95,100,no,2023-2025,2023-01-01,2025-12-31,made up,S,note\n"
)

func findings(t *testing.T, text string) []string {
	t.Helper()
	_, found := Default().ReadPlans([]byte(text), []string{"monitored_sites", "deaths_count"})
	var out []string
	for _, f := range found {
		require.NotEmpty(t, f.VI)
		require.NotContains(t, f.VI+f.EN, "%!")
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %d %s", f.Code, f.Row, f.Column)))
	}
	return out
}

func TestReadPlans(t *testing.T) {
	file, found := Default().ReadPlans([]byte("\ufeff"+planHeaderLine+planOfToday+norm.NFD.String(planOfFormer)), nil)
	require.Empty(t, found)
	require.Len(t, file.Plans, 2)
	require.Equal(t, Plan{
		ID: "P-63-58", Province: ProvinceRef{List63, "58"}, NameVI: "Kế hoạch cũ", NameEN: "Former plan", Issued: MustDate(2023, 7, 5),
		ValidFrom: MustDate(2023, 1, 1), ValidTo: MustDate(2025, 12, 31), Source: "made up", Status: StatusSecondary,
	}, file.Plans[1])
	require.Equal(t, Target{
		ID: "P-34-79-1", Plan: "P-34-79", NameVI: "Trên 90%", NameEN: "Over 90%", Definitions: []string{"monitored_sites"}, Direction: Up,
		Rule: RuleLevel, Threshold: Ratio{90, 100}, Strict: true, Level: LevelProvince, Period: "by 2030", Baseline: "none",
		ValidFrom: MustDate(2026, 1, 1), ValidTo: MustDate(2030, 12, 31), Source: "made up", Status: StatusVerified,
	}, file.Targets[0])

	var written bytes.Buffer
	require.NoError(t, file.WriteCSV(&written))
	again, found := Default().ReadPlans(written.Bytes(), nil)
	require.Empty(t, found)
	require.Equal(t, file, again)
}

// A plan covers what its targets cover, and is as well verified as the least of them.
func TestPlanOfSeveralTargets(t *testing.T) {
	second := strings.NewReplacer("P-34-79-1", "P-34-79-2", "2026-01-01,2030-12-31", "2025-07-01,", ",V,", ",UNVERIFIED,").Replace(planOfToday)
	file, found := Default().ReadPlans([]byte(planHeaderLine+planOfToday+second), nil)
	require.Empty(t, found)
	require.Len(t, file.Targets, 2)
	require.Equal(t, []Plan{{
		ID: "P-34-79", Province: ProvinceRef{List34, "79"}, NameVI: "Kế hoạch", NameEN: "Plan", Issued: MustDate(2026, 1, 15),
		ValidFrom: MustDate(2025, 7, 1), Source: "made up", Status: StatusUnverified,
	}}, file.Plans)
}

func TestReadPlansFindsEveryMistake(t *testing.T) {
	f := func(old, spoilt string, want ...string) {
		t.Helper()
		good := planHeaderLine + planOfToday
		require.Contains(t, good, old)
		require.Equal(t, want, findings(t, strings.Replace(good, old, spoilt, 1)))
	}
	f("made up", "made\xffup", "PLN-001 0")
	f("plan,", "plam,", "PLN-002 1 1", "PLN-002 1 plan")
	f("note\n", "plan\n", "PLN-002 1 plan", "PLN-002 1 note")
	f("Plan,", "\"Plan,", "PLN-003 2")
	f("Plan,", "Plan,,", "PLN-004 2")
	f("Kế hoạch,", ",", "PLN-005 2 plan_name_vi")
	f(",up,", ",sideways,", "PLN-006 2 direction")
	f(",level,", ",quarterly,", "PLN-006 2 rule")
	f(",yes,", ",maybe,", "PLN-006 2 strict")
	f(",V,", ",D,", "PLN-006 2 status")
	f("P-34-79-1", "P 1", "PLN-006 2 id")
	f("Trên 90%", "\"Trên\n90%\"", "PLN-006 2 name_vi")
	f("34:79", "34:99", "PLN-007 2 province")
	f("34:79", "79", "PLN-007 2 province")
	f("2026-01-15", "15/01/2026", "PLN-008 2 issued")
	f("2030-12-31", "2025-12-31", "PLN-009 2 valid_to")
	f("90,100", "0,100", "PLN-010 2 threshold_num")
	f("90,100", "90.5,100", "PLN-010 2 threshold_num")
	f("90,100", ",", "PLN-010 2 threshold_num")
	f("monitored_sites,up,level,90", ",up,milestone,90", "PLN-010 2 threshold_num")
	f("level,90,100,yes,by 2030", "yearly_change,90,100,yes,year", "PLN-010 2 threshold_num") // up by a fall
	f("by 2030", "2026-2030", "PLN-011 2 period")
	f("by 2030", "soon", "PLN-011 2 period")
	f("P-34-79-1", "D31-1", "PLN-012 2 id")
	f("P-34-79,", "D31,", "PLN-012 2 plan")
	f("monitored_sites", "by_feeling", "PLN-014 2 definition")
	f("monitored_sites", "deaths_count; deaths_count", "PLN-014 2 definition")
	f("level,90,100", "milestone,,", "PLN-014 2 definition") // a milestone is no number
	f("34:79", "63:79", "PLN-016 2 province")                // a plan of 2026
	require.Equal(t, []string{"PLN-002 1"}, findings(t, ""))
	require.Empty(t, findings(t, planHeaderLine), "no plan is no mistake")
	require.Equal(t, []string{"PLN-015 0"}, findings(t, strings.Repeat(" ", maxPlanBytes+1)))

	// Rows of one plan, and all at once.
	require.Equal(t, []string{"PLN-012 3 id"}, findings(t, planHeaderLine+planOfToday+planOfToday))
	require.Equal(t, []string{"PLN-013 3 plan_name_en", "PLN-013 3 province"}, findings(t, planHeaderLine+planOfToday+
		strings.NewReplacer("P-34-79-1", "P-34-79-2", ",Plan,", ",Other,", "34:79", "34:01").Replace(planOfToday)))
	require.Equal(t, []string{"PLN-006 2 direction", "PLN-010 2 threshold_num", "PLN-007 2 province", "PLN-005 3 status"}, findings(t, planHeaderLine+
		strings.NewReplacer(",up,", ",x,", "90,", ",", "34:79", "?").Replace(planOfToday)+strings.Replace(planOfFormer, ",S,", ",,", 1)))
}

func TestFindingsOfPlansAreBounded(t *testing.T) {
	got := findings(t, planHeaderLine+strings.Repeat("x\n", 2*maxPlanFindings))
	require.Len(t, got, maxPlanFindings)
	require.Equal(t, "PLN-015 0", got[len(got)-1])
}

// A plan takes the place of the same plan; all others stay.
func TestPlansOverOthers(t *testing.T) {
	d := Default()
	builtIn := d.ProvincialPlans()
	require.Equal(t, "63:60", string(builtIn.Plans[0].Province.List)+":"+builtIn.Plans[0].Province.Code)
	file, found := d.ReadPlans([]byte(planHeaderLine+planOfToday), nil)
	require.Empty(t, found)
	both := file.Over(builtIn)
	require.Len(t, both.Plans, 1+len(builtIn.Plans))
	require.Equal(t, both, file.Over(both), "the same again changes nothing")
	file.Plans[0].NameEN = "Amended"
	require.Equal(t, "Amended", file.Over(both).Plans[len(builtIn.Plans)].NameEN)
	require.Len(t, file.Over(both).Targets, len(both.Targets))

	var written bytes.Buffer
	require.NoError(t, both.WriteCSV(&written))
	tables := copyOf(t)
	tables["data/"+PlanFileName].Data = written.Bytes()
	loaded, err := load(tables)
	require.NoError(t, err)
	target, ok := loaded.Target("P-34-79-1")
	require.True(t, ok && target.AppliesTo(LevelProvince) && !target.AppliesTo(LevelNational))

	tables["data/"+PlanFileName].Data = []byte(strings.Replace(written.String(), "34:79", "34:99", 1))
	_, err = load(tables)
	require.ErrorContains(t, err, "provincial_targets.csv:5: PLN-007 province")
	delete(tables, "data/"+PlanFileName)
	_, err = load(tables)
	require.ErrorContains(t, err, PlanFileName)
}

// Whatever the file holds, it is read or refused in words; what is read can be written.
func FuzzReadPlans(f *testing.F) {
	f.Add([]byte(planHeaderLine + planOfToday + planOfFormer))
	f.Add([]byte(planHeaderLine))
	f.Add([]byte("\xef\xbb\xbfplan,plan\n\""))
	f.Add([]byte(planHeaderLine + strings.Replace(planOfToday, "Plan,", "\"Pl\"\"an\",", 1)))
	d := Default()
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, found := d.ReadPlans(raw, nil)
		for _, finding := range found {
			require.NotEmpty(t, finding.VI, finding.Code)
			require.True(t, finding.Column == "" || finding.Row > 0)
		}
		if len(found) > 0 {
			return
		}
		var written bytes.Buffer
		require.NoError(t, file.WriteCSV(&written))
		again, found := d.ReadPlans(written.Bytes(), nil)
		require.Empty(t, found)
		require.True(t, slices.EqualFunc(file.Plans, again.Plans, func(a, b Plan) bool { return a == b }))
		require.Equal(t, file.Targets, again.Targets)
	})
}

package seeds

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLoadEmbedded(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}

func TestDefaultIsShared(t *testing.T) {
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			d := Default()
			for _, p := range d.Provinces(List63) {
				if _, ok := d.To34(p.Ref()); !ok {
					t.Errorf("%s has no successor", p.Ref())
				}
			}
		})
	}
	readers.Wait()
}

func TestReturnedSlicesBelongToTheCaller(t *testing.T) {
	d := Default()
	d.Provinces(List34)[0].Code = "changed"
	d.Former("08")[0].Code = "changed"
	d.Targets()[0].ID = "changed"
	d.Plans()[0].ID = "changed"
	d.Statistics()[0].Value = "changed"
	d.Causes()[0].Code = "changed"
	if d.Provinces(List34)[0].Code != "01" || d.Former("08")[0].Code != "02" || d.Targets()[0].ID != "D31-1" ||
		d.Plans()[0].ID != "D31" || d.Statistics()[0].Value != "6777" || d.Causes()[0].Code != "1" {
		t.Error("a caller changed the reference data")
	}
}

// The sizes of the lists, so that a lost row is seen.
func TestSizes(t *testing.T) {
	d := Default()
	f := func(list string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s has %d rows, want %d", list, got, want)
		}
	}
	f("provinces before July 2025", len(d.Provinces(List63)), 63)
	f("provinces from July 2025", len(d.Provinces(List34)), 34)
	f("regions before July 2025", len(d.Regions(List63)), 6)
	f("regions from October 2025", len(d.Regions(List34)), 6)
	f("classes by workers", len(d.WorkerClasses()), 5)
	f("VSIC 2018", len(d.VSICSections(VSIC2018)), 21)
	f("VSIC 2025", len(d.VSICSections(VSIC2025)), 22)
	f("causes", len(d.Causes()), 9)
	f("factors", len(d.Factors()), 9+6+16)
	f("factors in use", len(d.FactorsOn(MustDate(2020, 1, 1))), 9+6)
	f("factors in 2000", len(d.FactorsOn(MustDate(2000, 1, 1))), 16)
	f("serious injuries and headings", len(d.SeriousInjuries()), 48)
	f("diseases before COVID-19", len(d.DiseasesOn(MustDate(2023, 3, 31))), 34)
	f("diseases with COVID-19", len(d.DiseasesOn(MustDate(2023, 4, 1))), 35)
	f("diseases of the 2026 list", len(d.DiseasesOn(MustDate(2026, 2, 15))), 35)
	f("harmful factors", len(d.HarmfulFactors()), 6)
	f("receivers of declarations", len(d.AccidentReceivers()), 13)
	f("targets of the Directive", len(d.TargetsOf("D31")), 3)
	f("targets of the national programme", len(d.TargetsOf("N19")), 10)
	f("targets of the health programme", len(d.TargetsOf("P659")), 8)
	f("targets of provinces", len(d.ProvincialPlans().Targets), 3)
	f("targets", len(d.Targets()), 21+3)
	f("training groups", len(d.TrainingGroups()), 6)
	f("types of equipment", len(d.EquipmentTypes()), 9)
	f("types of violations", len(d.ViolationTypes()), 11)
	f("remedial measures", len(d.RemedialMeasures()), 10)
	f("published figures", len(d.Statistics()), 204)
	f("obligations", len(d.Obligations()), 25)
}

func TestCodeListsByDay(t *testing.T) {
	d := Default()
	if c, ok := d.CauseOn("7", MustDate(2020, 5, 1)); !ok || c.Group != "worker" || c.List != CauseListAnnexXII {
		t.Errorf("cause 7 is %+v, %v", c, ok)
	}
	if _, ok := d.CauseOn("7", MustDate(2016, 6, 30)); ok {
		t.Error("a cause is valid before the decree is in force")
	}
	if _, ok := d.CauseOn("10", MustDate(2020, 5, 1)); ok {
		t.Error("there is a cause 10")
	}
	if f, ok := d.FactorOn("10", MustDate(2020, 5, 1)); !ok || f.List != FactorListProposed || f.Status != StatusUnverified {
		t.Errorf("factor 10 in 2020 is %+v, %v", f, ok)
	}
	if f, ok := d.FactorOn("10", MustDate(2000, 5, 1)); !ok || f.List != FactorListCircular1996 {
		t.Errorf("factor 10 in 2000 is %+v, %v", f, ok)
	}
	if _, ok := d.FactorOn("10", MustDate(2010, 5, 1)); ok {
		t.Error("no factor list is held for 2010")
	}
	if s, ok := d.SeriousInjuryOn("0110", MustDate(2020, 5, 1)); !ok || s.Parent != "01" || s.IsGroup() {
		t.Errorf("serious injury 0110 is %+v, %v", s, ok)
	}
	if s, ok := d.SeriousInjury(InjuryListAnnexII, "05"); !ok || !s.IsGroup() {
		t.Errorf("serious injury 05 is %+v, %v", s, ok)
	}
	if c, ok := d.DiseaseOn("18", MustDate(2026, 2, 14)); !ok || c.List != DiseaseList2016 {
		t.Errorf("disease 18 on the last day of the old list is %+v, %v", c, ok)
	}
	if c, ok := d.DiseaseOn("18", MustDate(2026, 2, 15)); !ok || c.List != DiseaseList2026 || c.Group != "III" {
		t.Errorf("disease 18 on the first day of the new list is %+v, %v", c, ok)
	}
	if h, ok := d.HarmfulFactorOn("noise", MustDate(2016, 1, 1)); !ok || h.NameVI != "Tiếng ồn" {
		t.Errorf("noise is %+v, %v", h, ok)
	}
	if _, ok := d.HarmfulFactor(HarmfulFactorListGroup, "vibration"); ok {
		t.Error("vibration is not a published group")
	}
}

// Group sizes of Circular 60/2025/TT-BYT Art. 3.
func TestDiseaseGroups(t *testing.T) {
	want := map[string]int{"I": 7, "II": 10, "III": 6, "IV": 5, "V": 5, "VI": 2}
	got := map[string]int{}
	for _, c := range Default().DiseasesOn(MustDate(2026, 3, 1)) {
		got[c.Group]++
	}
	for group, n := range want {
		if got[group] != n {
			t.Errorf("group %s has %d diseases, want %d", group, got[group], n)
		}
	}
}

func TestVSIC(t *testing.T) {
	d := Default()
	version := func(year, month, day int, want string) {
		t.Helper()
		if got := d.VSICVersionOn(MustDate(year, time.Month(month), day)); got != want {
			t.Errorf("version on %d-%d-%d is %q, want %q", year, month, day, got, want)
		}
	}
	version(2018, 8, 19, "")
	version(2018, 8, 20, VSIC2018)
	version(2025, 11, 14, VSIC2018)
	version(2025, 11, 15, VSIC2025)
	letter := func(code, name2018, nearest string, partial bool) {
		t.Helper()
		s, ok := d.VSICSection(VSIC2025, code)
		old, _ := d.VSICSection(VSIC2018, code)
		if !ok || s.Nearest2018 != nearest || s.Nearest2018Partial != partial || old.NameEN != name2018 {
			t.Errorf("2025/%s is %+v; 2018/%s is %q", code, s, code, old.NameEN)
		}
	}
	letter("F", "Construction", "F", false)
	letter("K", "Financial, banking and insurance activities", "J", true)
	letter("L", "Real estate activities", "K", false)
	letter("V", "", "U", false)
	for _, s := range d.VSICSections(VSIC2018) {
		if s.Nearest2018 != s.Code || s.Nearest2018Partial {
			t.Errorf("2018/%s is nearest to %s", s.Code, s.Nearest2018)
		}
	}
	if _, ok := d.VSICSection(VSIC2018, "V"); ok {
		t.Error("VSIC 2018 has no section V")
	}
	if _, ok := d.VSICSection("", "A"); ok {
		t.Error("a letter without version was found")
	}
}

func TestJSON(t *testing.T) {
	c, _ := Default().Cause(CauseListAnnexXII, "4")
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"list":"annex_xii"`, `"code":"4"`, `"valid_from":"2016-07-01"`, `"status":"S"`, `"group":"employer"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s does not contain %s", text, want)
		}
	}
	if strings.Contains(string(text), "valid_to") {
		t.Errorf("%s has an open end", text)
	}
}

func TestSafetyListsByDay(t *testing.T) {
	d, day := Default(), MustDate(2025, 12, 31)
	if g, ok := d.TrainingGroupOn("5", day); !ok || g.ValidYears != 5 || g.Status != StatusUnverified {
		t.Errorf("training group 5 is %+v, %v", g, ok)
	}
	for name, on := range map[string]func(string, Date) (Entry, bool){
		"boiler": d.EquipmentTypeOn, "training": d.ViolationTypeOn, "repair": d.RemedialMeasureOn,
	} {
		if e, ok := on(name, day); !ok || e.Code != name {
			t.Errorf("%s is %+v, %v", name, e, ok)
		}
		if _, ok := on(name, MustDate(2016, 6, 30)); ok {
			t.Errorf("%s before it was in force", name)
		}
	}
}

// Nothing is published until somebody who has a source says so.
func TestPublicationIsOff(t *testing.T) {
	d, day := Default(), MustDate(2026, 1, 8)
	if p, ok := d.PublicationOn(PublicViolations, day); !ok || p.Enabled || p.ShowTaxCode || p.Status != StatusUnverified {
		t.Errorf("the rule on violations is %+v, %v", p, ok)
	}
	if _, ok := d.PublicationOn(PublicViolations, MustDate(2016, 6, 30)); ok {
		t.Error("a rule before its first day")
	}
	if p, _ := d.WithPublication(PublicationRule{Subject: PublicViolations, Enabled: true, Days: 30}).PublicationOn(PublicViolations, day); !p.Enabled {
		t.Error("the other table is not read")
	}
	if p, _ := d.PublicationOn(PublicViolations, day); p.Enabled {
		t.Error("another table changed this one")
	}
}

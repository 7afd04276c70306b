package seeds

import (
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestDirectiveTargets(t *testing.T) {
	d := Default()
	f := func(id string, direction Direction, num, den int64) {
		t.Helper()
		target, ok := d.Target(id)
		if !ok || target.Plan != "D31" || target.Direction != direction || target.Threshold != (Ratio{num, den}) ||
			target.Rule != RuleYearlyChange || target.Status != StatusVerified || target.Baseline != "previous_year" {
			t.Errorf("%s is %+v", id, target)
		}
		if !target.AppliesTo(LevelNational) || !target.AppliesTo(LevelProvince) {
			t.Errorf("%s applies to %s", id, target.Level)
		}
		if target.ValidOn(MustDate(2024, 3, 18)) || !target.ValidOn(MustDate(2024, 3, 19)) || !target.ValidTo.IsZero() {
			t.Errorf("%s is valid %s to %s", id, target.ValidFrom, target.ValidTo)
		}
	}
	f("D31-1", Down, 96, 100)
	f("D31-2", Up, 105, 100)
	f("D31-3", Up, 105, 100)
}

// "Over 80 %" and "80 %" are different targets.
func TestStrictTargets(t *testing.T) {
	for _, target := range Default().Targets() {
		over := strings.HasPrefix(target.NameVI, "Trên ")
		if target.Strict != over {
			t.Errorf("%s %q: strict is %v", target.ID, target.NameVI, target.Strict)
		}
	}
}

// The percentage in both names is the threshold.
func TestTargetNamesSayTheThreshold(t *testing.T) {
	for _, target := range Default().Targets() {
		if target.Rule == RuleMilestone {
			if !target.Threshold.IsZero() {
				t.Errorf("%s has threshold %s", target.ID, target.Threshold)
			}
			continue
		}
		percent := new(big.Rat).Mul(big.NewRat(target.Threshold.Num, target.Threshold.Den), big.NewRat(100, 1))
		if target.Rule != RuleLevel {
			percent.Sub(percent, big.NewRat(100, 1)).Abs(percent)
		}
		said := percent.RatString() + "%"
		if !strings.Contains(target.NameVI, said) || (!strings.Contains(target.NameEN, said) && !strings.HasPrefix(target.NameEN, "All ")) {
			t.Errorf("%s: %q and %q do not say %s", target.ID, target.NameVI, target.NameEN, said)
		}
	}
}

func TestSpanOfPeriods(t *testing.T) {
	f := func(period string, wantFrom, wantTo int, fits ...Rule) {
		t.Helper()
		if from, to := (Target{Period: period}).Span(); from != wantFrom || to != wantTo {
			t.Errorf("%q is %d to %d", period, from, to)
		}
		for _, rule := range []Rule{RuleYearlyChange, RuleAverageYearlyChange, RuleLevel, RuleMilestone} {
			if rule.fits(period) != slices.Contains(fits, rule) {
				t.Errorf("%q fits %s: %v", period, rule, rule.fits(period))
			}
		}
	}
	f("year", 0, 0, RuleYearlyChange, RuleLevel, RuleMilestone)
	f("by 2025", 2025, 2025, RuleLevel, RuleMilestone)
	f("2021-2025", 2021, 2025, RuleAverageYearlyChange)
	f("2021-2050", 2021, 2050, RuleAverageYearlyChange)
	f("2021-2051", 2021, 2051)
	for _, wrong := range []string{"", "years", "by", "by 25", "by 2025-2030", "2025", "2025-2021", "2025-2025", "2021-", "+202-2025", "02021-2025", "1989-1995", "by 2101"} {
		if _, _, ok := span(wrong); ok {
			t.Errorf("%q is a period", wrong)
		}
	}
}

func TestPlansAndTargets(t *testing.T) {
	d := Default()
	for _, plan := range d.Plans() {
		if len(d.TargetsOf(plan.ID)) == 0 || plan.Issued.IsZero() && plan.Province == (ProvinceRef{}) {
			t.Errorf("plan %+v has no targets or day of issue", plan)
		}
	}
	if target, ok := d.Target("N19-1"); !ok || target.AppliesTo(LevelProvince) || target.ValidOn(MustDate(2026, 1, 1)) {
		t.Errorf("N19-1 is %+v, %v", target, ok)
	}
	if _, ok := d.Target("D31-4"); ok {
		t.Error("the Directive has three targets")
	}
	if _, ok := d.Plan("D32"); ok {
		t.Error("there is a plan D32")
	}
}

package seeds

import (
	"slices"
	"strings"
	"testing"
)

func TestPartsAddUp(t *testing.T) {
	d := Default()
	checked := 0
	for _, all := range d.Statistics() {
		base, ok := strings.CutSuffix(all.Metric, "_all")
		if !ok {
			continue
		}
		contract, hasContract := d.Statistic(all.Year, all.Period, base+"_contract", all.Area)
		without, hasWithout := d.Statistic(all.Year, all.Period, base+"_nocontract", all.Area)
		if !hasContract || !hasWithout {
			continue
		}
		total, a, b := exact(t, all), exact(t, contract), exact(t, without)
		if a+b != total {
			t.Errorf("%d %s %s: %d + %d is not %d", all.Year, all.Period, all.Metric, a, b, total)
		}
		checked++
	}
	// 2016: 4, 2018: 2, 2019: 2, 2020: 4, 2021: 3, H1 2020: 2, H1 2021: 3.
	if checked != 20 {
		t.Errorf("%d triples checked", checked)
	}
}

func TestTopTenProvinces2017(t *testing.T) {
	d := Default()
	var deaths int64
	provinces := 0
	for _, s := range d.Statistics() {
		if s.Year == 2017 && s.Metric == "deaths_all" && s.Area != AreaNational {
			deaths += exact(t, s)
			provinces++
		}
	}
	nation, ok := d.Statistic(2017, "Y", "deaths_all", AreaNational)
	if !ok || provinces != 10 || deaths != 479 || exact(t, nation) != 928 {
		t.Errorf("%d deaths in %d provinces of %+v", deaths, provinces, nation)
	}
}

// Of the printed provincial cells of 2017 only the flagged ones contradict each other.
func TestInconsistentCells(t *testing.T) {
	d := Default()
	var flagged, contradicting []string
	for _, s := range d.Statistics() {
		if s.Flag == FlagInconsistent {
			flagged = append(flagged, joinKey(s.Area, s.Metric))
		}
		victims, ok := d.Statistic(s.Year, s.Period, "victims_all", s.Area)
		if s.Metric == "accidents_all" && ok && exact(t, s) > exact(t, victims) {
			contradicting = append(contradicting, joinKey(s.Area, s.Metric), joinKey(s.Area, victims.Metric))
		}
		accidents, ok := d.Statistic(s.Year, s.Period, strings.Replace(s.Metric, "deaths", "fatal_accidents", 1), s.Area)
		if strings.HasPrefix(s.Metric, "deaths_") && ok && exact(t, s) < exact(t, accidents) {
			t.Errorf("%d %s %s: fewer deaths than fatal accidents", s.Year, s.Metric, s.Area)
		}
	}
	want := []string{"Phú Yên/accidents_all", "Phú Yên/victims_all"}
	if !slices.Equal(flagged, want) || !slices.Equal(contradicting, want) {
		t.Errorf("flagged %q, contradicting %q", flagged, contradicting)
	}
}

func TestMonitoringSamplesAddUp(t *testing.T) {
	d := Default()
	var sum int64
	for _, factor := range d.HarmfulFactors() {
		s, ok := d.Statistic(2023, "Y", "monitoring_samples_"+factor.Code, AreaNational)
		if !ok {
			t.Fatalf("no samples of %s", factor.Code)
		}
		sum += exact(t, s)
	}
	if total, _ := d.Statistic(2023, "Y", "monitoring_samples", AreaNational); exact(t, total) != sum {
		t.Errorf("samples by factor sum to %d, total is %s", sum, total.Value)
	}
}

func TestStatisticInt(t *testing.T) {
	f := func(value string, want int64, ok bool) {
		t.Helper()
		if got, gotOK := (Statistic{Value: value}).Int(); got != want || gotOK != ok {
			t.Errorf("Int of %q = %d, %v", value, got, gotOK)
		}
	}
	f("8956", 8956, true)
	f("0", 0, true)
	f("", 0, false)
	f("82.6", 0, false)
	f("<6", 0, false)
	f("~300000", 0, false)
	f(">38000", 0, false)
	f("-5", 0, false)
	f("99999999999999999999", 0, false)
}

func TestUnverifiedFigures(t *testing.T) {
	var unverified []string
	for _, s := range Default().Statistics() {
		if s.Verified == StatusUnverified {
			unverified = append(unverified, s.Metric)
			if s.Year != 2019 {
				t.Errorf("unverified figure of %d", s.Year)
			}
		}
	}
	if !slices.Equal(unverified, []string{"accidents_all", "victims_all"}) {
		t.Errorf("unverified: %q", unverified)
	}
}

func exact(t *testing.T, s Statistic) int64 {
	t.Helper()
	n, ok := s.Int()
	if !ok {
		t.Fatalf("%d %s %s %s is not a whole number: %q", s.Year, s.Period, s.Metric, s.Area, s.Value)
	}
	return n
}

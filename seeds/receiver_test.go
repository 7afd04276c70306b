package seeds

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestReceiversOfAnAccident(t *testing.T) {
	f := func(on Date, dead, serious int, noContract bool, want ...string) {
		t.Helper()
		var got []string
		for _, r := range Default().ReceiversOf(AccidentFacts{On: on, Dead: dead, Serious: serious, NoContract: noContract}) {
			got = append(got, r.List+"/"+r.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %s, %d dead, %d serious: %s, want %s", on, dead, serious, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
	f(MustDate(2024, time.May, 2), 0, 1, false, "2016/employer", "2016/special")
	f(MustDate(2024, time.May, 2), 0, 2, false, "2016/employer", "2016/department", "2016/special", "2016/ministry")
	f(MustDate(2025, time.February, 28), 1, 0, false, "2016/employer", "2016/department", "2016/police", "2016/special", "2016/ministry")
	f(MustDate(2025, time.March, 1), 1, 0, false, "2016/employer", "2025-03/department", "2016/police", "2016/special", "2025-03/ministry")
	f(MustDate(2025, time.June, 30), 1, 0, false, "2016/employer", "2025-03/department", "2016/police", "2016/special", "2025-03/ministry")
	f(MustDate(2025, time.July, 1), 1, 0, false, "2016/employer", "2025-03/department", "2025-07/police", "2016/special", "2025-03/ministry")
	f(MustDate(2026, time.July, 1), 0, 1, true, "2016/employer", "2016/special", "2016/commune")
	f(MustDate(2026, time.July, 1), 0, 2, true, "2016/employer", "2025-03/department", "2016/special", "2016/commune",
		"2025-03/commune_department", "2025-07/commune_police", "2025-03/ministry")
	f(MustDate(2016, time.June, 30), 1, 0, false)
}

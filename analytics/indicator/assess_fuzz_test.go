package indicator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// Whatever is asked is answered or refused in words, and whatever has no verdict says why.
func FuzzAttainmentRequest(f *testing.F) {
	f.Add(2021, 0, "34", "34", "01", "D31-1", "", "", "live")
	f.Add(2025, 2016, "63", "", "", "", "N19,P659", "none,deaths_count", "live")
	f.Add(2024, 2022, "reported", "63", "60", "N19-1", "D31-63-60", "", "closed")
	f.Add(-1<<63, 1<<62, "", "\x00", "", "D32", ",", "", "")
	e := newEngine(f, newMemory(event("deaths", 2021, ref("34", "01"), 3), yearly("disease_reports", 2024, ref("63", "60"), 1)))
	f.Fuzz(func(t *testing.T, year, base int, geography, list, code, targets, plans, definitions, view string) {
		named := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, ",")
		}
		got, err := e.Attainment(t.Context(), AttainmentRequest{
			Year: year, Base: base, Geography: Geography(geography), Areas: []seeds.ProvinceRef{{List: seeds.ProvinceList(list), Code: code}},
			Targets: named(targets), Plans: named(plans), Definitions: named(definitions), View: View(view),
		})
		if err != nil {
			var refused *RequestError
			require.ErrorAs(t, err, &refused)
			return
		}
		for _, item := range got.Items {
			require.Equal(t, item.Verdict == NotAssessable, item.Reason != nil && item.Reason.Code != ReasonHeldAtZero && item.Reason.Code != ReasonRiseFromZero)
			require.Equal(t, item.WithinNoise == nil, item.Ratio == nil)
			require.Equal(t, item.Ratio == nil, item.RatioReason != nil)
			require.Equal(t, item.Path != nil, item.Rule == seeds.RuleYearlyChange || item.Rule == seeds.RuleAverageYearlyChange)
			if item.Path == nil {
				continue
			}
			require.NotNil(t, item.Path.Steps)
			for _, s := range item.Path.Steps {
				require.Equal(t, s.Kept == nil, s.Reason != nil)
				require.Equal(t, s.Kept != nil, s.Actual != nil && s.Path != nil)
			}
		}
	})
}

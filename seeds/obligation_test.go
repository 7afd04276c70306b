package seeds

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestObligationsDue(t *testing.T) {
	d := Default()
	f := func(periodType, code string, year int, dayAfter Date, recipient, due string) {
		t.Helper()
		for _, o := range d.ObligationsOf(periodType, dayAfter) {
			if o.Code == code {
				require.Equal(t, due, o.DueBefore(year).String())
				require.Equal(t, recipient, o.RecipientVI)
				return
			}
		}
		t.Errorf("no obligation %s on %s", code, dayAfter)
	}
	f(PeriodHalf, "annex_xii_half", 2024, MustDate(2024, time.July, 1), "Sở Lao động - Thương binh và Xã hội nơi đặt trụ sở chính", "2024-07-05")
	f(PeriodYear, "annex_xii_year", 2024, MustDate(2025, time.January, 1), "Sở Lao động - Thương binh và Xã hội nơi đặt trụ sở chính", "2025-01-10")
	f(PeriodHalf, "annex_xii_half", 2025, MustDate(2025, time.July, 1), "Sở Nội vụ nơi đặt trụ sở chính", "2025-07-05")
	f(PeriodHalf, "commune_half", 2025, MustDate(2025, time.July, 1), "Sở Nội vụ", "")
	f(PeriodHalf, "health_summary_half", 2025, MustDate(2025, time.July, 1), "Bộ Y tế", "2025-07-15")
	f(PeriodYear, "health_summary_year", 2025, MustDate(2026, time.January, 1), "Bộ Y tế", "2026-01-25")
	require.Empty(t, d.ObligationsOf(PeriodYear, MustDate(2016, time.January, 1)), "before the Law came into force")
}

// What the provinces sum up is complete when their summaries are due.
func TestSummariesDue(t *testing.T) {
	d := Default()
	require.Equal(t, "2025-07-15T00:00:00+07:00", d.SummariesDue(PeriodHalf, 2025).Format(time.RFC3339))
	require.Equal(t, "2026-01-25T00:00:00+07:00", d.SummariesDue(PeriodYear, 2025).Format(time.RFC3339))
	require.True(t, new(Data).SummariesDue(PeriodYear, 2025).IsZero())
}

func TestObligationsSayWhatIsNotKnown(t *testing.T) {
	for _, o := range Default().Obligations() {
		require.NotEmpty(t, o.Source, o.Code)
		require.Equal(t, o.HasDue(), o.DueStatus != StatusUnverified, o.Code)
		if o.DueStatus == StatusUnverified {
			require.NotEmpty(t, o.Note, o.Code)
		}
	}
}

func TestObligationsAreChecked(t *testing.T) {
	f := func(row string) {
		t.Helper()
		files := copyOf(t)
		files["data/obligations.csv"].Data = []byte("list,code,kind,reporter_type,condition,period_type,counts,due_before,due_year,authority,recipient_vi,recipient_en,name_vi,name_en,valid_from,valid_to,source,status,due_status,note\n" + row + "\n")
		_, err := load(files)
		require.ErrorContains(t, err, "obligations.csv")
	}
	f("a,b,annex_xii,establishment,all,half,unit,02-30,0,labour,x,x,x,x,,,x,V,V,")
	f("a,b,annex_xii,establishment,all,half,unit,,0,labour,x,x,x,x,,,x,V,V,")
	f("a,b,annex_xii,establishment,all,half,unit,07-05,0,labour,x,x,x,x,,,x,V,UNVERIFIED,")
	f("a,b,annex_xii,somebody,all,half,unit,07-05,0,labour,x,x,x,x,,,x,V,V,")
	f("a,b,annex_xii,establishment,all,half,unit,07-05,0,labour,x,x,x,x,2016-01-01,,x,V,V,\nc,b,annex_xii,establishment,all,half,unit,07-05,0,labour,x,x,x,x,2017-01-01,,x,V,V,")
}

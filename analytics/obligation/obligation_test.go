package obligation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/obligation"
	"atvsld/seeds"
)

func date(t *testing.T, text string) seeds.Date {
	t.Helper()
	d, err := seeds.ParseDate(text)
	require.NoError(t, err)
	return d
}

// moment reads a local time; "" is none.
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, seeds.Local())
	require.NoError(t, err)
	return at
}

func owed(t *testing.T, code, period string) obligation.Owed {
	t.Helper()
	for _, o := range obligation.Of(seeds.Default(), 2025, 2026) {
		if o.Code == code && o.Period == period {
			return o
		}
	}
	t.Fatalf("nothing owed as %s for %s", code, period)
	return obligation.Owed{}
}

func employer(t *testing.T) obligation.Unit {
	return obligation.Unit{
		Unit: "0100109106/0", Type: "establishment", Active: obligation.Span{From: date(t, "2016-01-01")},
		HeadOffice: []obligation.Stay{{Province: seeds.ProvinceRef{List: "63", Code: "02"}, Span: obligation.Span{From: date(t, "2016-01-01")}}},
	}
}

func TestStates(t *testing.T) {
	annex := owed(t, "annex_xii_half", "2025H1")
	filed := func(at string) obligation.Fact {
		return obligation.Fact{What: obligation.WasFiled, Kind: "annex_xii", Period: "2025H1", At: moment(t, at)}
	}
	covered := obligation.Fact{What: obligation.WasCovered, Kind: "annex_xii", Period: "2025H1", At: moment(t, "2025-07-20 08:00:00"), By: "0100112437/0"}
	exempt := obligation.Fact{What: obligation.WasExempted, Kind: "annex_xii", Period: "2025H1", At: moment(t, "2025-07-02 08:00:00")}
	extend := obligation.Fact{What: obligation.WasExtended, Kind: "annex_xii", Period: "2025H1", At: moment(t, "2025-07-02 08:00:00"), DueBy: date(t, "2025-07-31")}

	f := func(at string, want obligation.State, dueBy string, facts ...obligation.Fact) {
		t.Helper()
		u := employer(t)
		u.Facts = facts
		s, owes := annex.Assess(&u, moment(t, at))
		require.True(t, owes)
		require.Equal(t, want, s.State)
		require.Equal(t, dueBy, s.DueBy.String())
		require.Equal(t, seeds.ProvinceRef{List: "63", Code: "02"}, s.Province)
	}
	// "Before 5 July" ends with the last second of 4 July.
	f("2025-06-01 00:00:00", obligation.Due, "2025-07-04")
	f("2025-07-04 23:59:59", obligation.Due, "2025-07-04")
	f("2025-07-05 00:00:00", obligation.Missing, "2025-07-04")
	f("2025-08-01 00:00:00", obligation.Filed, "2025-07-04", filed("2025-07-04 23:59:59"))
	f("2025-08-01 00:00:00", obligation.Late, "2025-07-04", filed("2025-07-05 00:00:00"))
	f("2025-07-06 00:00:00", obligation.Missing, "2025-07-04", filed("2025-07-07 00:00:00"))
	// Of several the first receipt.
	f("2025-08-01 00:00:00", obligation.Filed, "2025-07-04", filed("2025-07-05 00:00:00"), filed("2025-07-02 00:00:00"))
	// Another period and another kind are no excuse.
	f("2025-08-01 00:00:00", obligation.Missing, "2025-07-04",
		obligation.Fact{What: obligation.WasFiled, Kind: "annex_xii", Period: "2025", At: moment(t, "2025-07-01 00:00:00")},
		obligation.Fact{What: obligation.WasFiled, Kind: "osh_report", Period: "2025H1", At: moment(t, "2025-07-01 00:00:00")})
	// The parent's report.
	f("2025-08-01 00:00:00", obligation.Replaced, "2025-07-04", covered)
	f("2025-08-01 00:00:00", obligation.Replaced, "2025-07-04", covered, filed("2025-07-02 00:00:00"))
	f("2025-07-10 00:00:00", obligation.Missing, "2025-07-04", covered)
	// Relief.
	f("2025-08-01 00:00:00", obligation.Exempt, "2025-07-04", exempt)
	f("2025-08-01 00:00:00", obligation.Filed, "2025-07-04", exempt, filed("2025-07-20 00:00:00"))
	f("2025-07-01 00:00:00", obligation.Due, "2025-07-04", exempt)
	f("2025-07-03 00:00:00", obligation.Due, "2025-07-31", extend)
	f("2025-07-05 00:00:00", obligation.Extended, "2025-07-31", extend)
	f("2025-07-31 23:59:59", obligation.Extended, "2025-07-31", extend)
	f("2025-08-01 00:00:00", obligation.Missing, "2025-07-31", extend)
	f("2025-08-02 00:00:00", obligation.Filed, "2025-07-31", extend, filed("2025-07-31 23:59:59"))
	f("2025-08-02 00:00:00", obligation.Late, "2025-07-31", extend, filed("2025-08-01 00:00:00"))
}

func TestStatesWithoutDate(t *testing.T) {
	disease := owed(t, "disease_year", "2025")
	u := employer(t)
	s, owes := disease.Assess(&u, moment(t, "2030-01-01 00:00:00"))
	require.True(t, owes)
	require.Equal(t, obligation.Undated, s.State)
	require.True(t, s.DueBy.IsZero())
	u.Facts = []obligation.Fact{{What: obligation.WasFiled, Kind: "disease_report", Period: "2025", At: moment(t, "2029-01-01 00:00:00")}}
	s, _ = disease.Assess(&u, moment(t, "2030-01-01 00:00:00"))
	require.Equal(t, obligation.Filed, s.State)

	health := owed(t, "workplace_health_year", "2025")
	s, owes = health.Assess(&u, moment(t, "2030-01-01 00:00:00"))
	require.True(t, owes)
	require.Equal(t, obligation.Elsewhere, s.State)
	require.Equal(t, "2026-01-09", s.DueBy.String())
}

func TestWhoOwes(t *testing.T) {
	at := moment(t, "2026-06-01 00:00:00")
	f := func(code, period string, want bool, change func(*obligation.Unit)) {
		t.Helper()
		u := employer(t)
		change(&u)
		o := owed(t, code, period)
		_, owes := o.Assess(&u, at)
		require.Equal(t, want, owes)
	}
	span := func(from, to string) []obligation.Span {
		s := obligation.Span{From: date(t, from)}
		if to != "" {
			s.To = date(t, to)
		}
		return []obligation.Span{s}
	}
	nothing := func(*obligation.Unit) {}
	f("annex_xii_year", "2025", true, nothing)
	f("annex_xii_year", "2025", false, func(u *obligation.Unit) { u.Type = "commune" })
	f("commune_half", "2025H1", true, func(u *obligation.Unit) { u.Type = "commune" })
	// Active on the last day of the period.
	f("annex_xii_half", "2025H1", false, func(u *obligation.Unit) { u.Active.From = date(t, "2025-07-01") })
	f("annex_xii_half", "2025H1", true, func(u *obligation.Unit) { u.Active.From = date(t, "2025-06-30") })
	f("annex_xii_year", "2025", false, func(u *obligation.Unit) { u.Active.To = date(t, "2025-12-30") })
	f("annex_xii_half", "2025H1", true, func(u *obligation.Unit) { u.Active.To = date(t, "2025-06-30") })
	// Harmful factors at any time of the period.
	f("monitoring_year", "2025", false, nothing)
	f("monitoring_year", "2025", true, func(u *obligation.Unit) { u.Hazard = span("2016-01-01", "") })
	f("monitoring_year", "2025", true, func(u *obligation.Unit) { u.Hazard = span("2016-01-01", "2025-01-01") })
	f("monitoring_year", "2025", true, func(u *obligation.Unit) { u.Hazard = span("2025-12-31", "") })
	f("monitoring_year", "2025", false, func(u *obligation.Unit) { u.Hazard = span("2016-01-01", "2024-12-31") })
	f("monitoring_year", "2025", false, func(u *obligation.Unit) { u.Hazard = span("2026-01-01", "") })
	// Services and authorities.
	f("training_year", "2025", false, func(u *obligation.Unit) { u.Type = "service_body" })
	f("training_year", "2025", true, func(u *obligation.Unit) { u.Type, u.Services = "service_body", []string{"training"} })
	f("health_summary_year", "2025", true, func(u *obligation.Unit) { u.Type, u.Authority = "authority", "health" })
	f("health_summary_year", "2025", false, func(u *obligation.Unit) { u.Type, u.Authority = "authority", "labour" })
}

func TestStrictJobs(t *testing.T) {
	o := owed(t, "osh_year", "2025")
	o.Condition = "strict_jobs"
	u := employer(t)
	_, owes := o.Assess(&u, moment(t, "2026-06-01 00:00:00"))
	require.False(t, owes)
	u.StrictJobs = []obligation.Span{{From: date(t, "2025-03-01")}}
	_, owes = o.Assess(&u, moment(t, "2026-06-01 00:00:00"))
	require.True(t, owes)
}

func TestRegisteredParent(t *testing.T) {
	o := owed(t, "annex_xii_year", "2025")
	u := employer(t)
	u.Covered = []obligation.Cover{
		{By: "old/0", Span: obligation.Span{From: date(t, "2016-01-01"), To: date(t, "2019-12-31")}},
		{By: "now/0", Span: obligation.Span{From: date(t, "2020-01-01")}},
	}
	s, owes := o.Assess(&u, moment(t, "2026-06-01 00:00:00"))
	require.True(t, owes)
	require.Equal(t, obligation.Missing, s.State, "its figures are nowhere")
	require.Equal(t, "now/0", s.By)
	u.Facts = []obligation.Fact{{What: obligation.WasCovered, Kind: "annex_xii", Period: "2025", At: moment(t, "2026-01-05 00:00:00"), By: "other/0"}}
	s, _ = o.Assess(&u, moment(t, "2026-06-01 00:00:00"))
	require.Equal(t, obligation.Replaced, s.State)
	require.Equal(t, "other/0", s.By)
	require.Equal(t, moment(t, "2026-01-05 00:00:00"), s.FiledAt)
}

// The receiver changed on 1 July 2025: it gets the report on the half-year that ended
// the day before.
func TestReceiverOfTheDayAfter(t *testing.T) {
	require.Equal(t, "Sở Nội vụ", func() string { o := owed(t, "commune_half", "2025H1"); return o.RecipientVI }())
	for _, o := range obligation.Of(seeds.Default(), 2024) {
		if o.Code == "commune_year" {
			require.Equal(t, "Ủy ban nhân dân cấp huyện", o.RecipientVI)
		}
	}
}

func TestStatesAreAll(t *testing.T) {
	require.Len(t, obligation.States(), 9)
}

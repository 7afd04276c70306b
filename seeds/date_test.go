package seeds

import (
	"encoding/json"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	good := func(text string, year int, month time.Month, day int) {
		t.Helper()
		got, err := ParseDate(text)
		if err != nil || got.Year() != year || got.Month() != month || got.Day() != day || got.String() != text {
			t.Errorf("ParseDate(%q) = %v, %v", text, got, err)
		}
	}
	bad := func(text string) {
		t.Helper()
		if got, err := ParseDate(text); err == nil || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, want an error", text, got)
		}
	}
	good("2025-06-30", 2025, time.June, 30)
	good("2024-02-29", 2024, time.February, 29)
	good("2000-02-29", 2000, time.February, 29)
	good("0001-01-01", 1, time.January, 1)
	good("9999-12-31", 9999, time.December, 31)
	bad("")
	bad("0000-01-01")
	bad("2025-02-29")
	bad("1900-02-29")
	bad("2025-04-31")
	bad("2025-13-01")
	bad("2025-00-10")
	bad("2025-01-00")
	bad("2025-1-01")
	bad("2025/01/01")
	bad("+025-01-01")
	bad("2025-01-01T00:00:00Z")
	bad("２025-01-01")
	bad(" 2025-01-01")
}

func TestNewDateRejects(t *testing.T) {
	f := func(year int, month time.Month, day int) {
		t.Helper()
		if d, err := NewDate(year, month, day); err == nil {
			t.Errorf("NewDate(%d, %d, %d) = %v, want an error", year, month, day, d)
		}
	}
	f(0, 1, 1)
	f(10000, 1, 1)
	f(1<<16+2025, 1, 1)
	f(2025, 0, 1)
	f(2025, 13, 1)
	f(2025, 1, 32)
	f(2025, 1, -1)
}

func TestDateOrder(t *testing.T) {
	ordered := []Date{
		{}, MustDate(1, 1, 1), MustDate(2024, 12, 31), MustDate(2025, 1, 1), MustDate(2025, 1, 2),
		MustDate(2025, 2, 1), MustDate(2026, 1, 1),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if a.Before(b) != (i < j) || a.After(b) != (i > j) || (a == b) != (i == j) {
				t.Errorf("order of %v and %v is wrong", a, b)
			}
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	f := func(from string, days int, want string) {
		t.Helper()
		start, err := ParseDate(from)
		if err != nil {
			t.Fatal(err)
		}
		got := start.AddDays(days)
		if got.String() != want {
			t.Errorf("%s + %d days = %q, want %q", from, days, got, want)
		}
		if want != "" && got.DaysSince(start) != days {
			t.Errorf("%s is %d days after %s, want %d", got, got.DaysSince(start), from, days)
		}
	}
	f("2025-06-30", 1, "2025-07-01")
	f("2025-07-01", -1, "2025-06-30")
	f("2024-02-28", 366, "2025-02-28")
	f("0001-01-01", 3652058, "9999-12-31")
	f("9999-12-31", 1, "")
	f("0001-01-01", -1, "")
	f("2025-01-01", 1<<30, "")
	if got := (Date{}).AddDays(5); !got.IsZero() {
		t.Errorf("no date + 5 days = %v", got)
	}
}

func TestLocalDay(t *testing.T) {
	f := func(instant, want string) {
		t.Helper()
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(at).String(); got != want {
			t.Errorf("day of %s is %s, want %s", instant, got, want)
		}
	}
	f("2025-06-30T16:59:59Z", "2025-06-30")
	f("2025-06-30T17:00:00Z", "2025-07-01")
	f("2017-01-01T00:00:00+07:00", "2017-01-01")
	f("2016-12-31T23:59:59-11:00", "2017-01-01")
	start := MustDate(2025, 7, 1).Start()
	if got := start.Format(time.RFC3339); got != "2025-07-01T00:00:00+07:00" {
		t.Errorf("the day starts at %s", got)
	}
	if Local().String() != "Asia/Ho_Chi_Minh" {
		t.Errorf("location is %s", Local())
	}
}

// The fixed zone must give what the tz database gives, where there is one.
func TestLocalAgreesWithZoneDatabase(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Skip("this machine has no tz database to compare with")
	}
	for day := MustDate(1976, 1, 1); day.Year() < 2040; day = day.AddDays(1) {
		if _, offset := day.Start().In(zone).Zone(); offset != 7*60*60 {
			t.Fatalf("offset on %s is %d s", day, offset)
		}
	}
}

func TestDateText(t *testing.T) {
	type dates struct {
		Day  Date `json:"day"`
		Open Date `json:"open,omitzero"`
	}
	in := dates{Day: MustDate(2025, 7, 1)}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"day":"2025-07-01"}` {
		t.Fatalf("marshal: %s, %v", text, err)
	}
	var out dates
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Fatalf("unmarshal: %+v, %v", out, err)
	}
	kept := MustDate(2020, 1, 1)
	if err := kept.UnmarshalText([]byte("2025-02-30")); err == nil || kept != MustDate(2020, 1, 1) {
		t.Errorf("a bad date gave %v, %v", kept, err)
	}
	if err := kept.UnmarshalText(nil); err != nil || !kept.IsZero() {
		t.Errorf("empty text gave %v, %v", kept, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2025-07-01", "2024-02-29", "2025-02-29", "0000-00-00", "", "9999-12-31", "２０２５-０７-０１"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseDate(text)
		want, reference := time.Parse(time.DateOnly, text)
		known := reference == nil && want.Year() >= minYear
		if (err == nil) != known {
			t.Fatalf("ParseDate(%q) = %v, %v; the standard library: %v, %v", text, got, err, want, reference)
		}
		if err == nil && (got.String() != text || got.Year() != want.Year() || got.Month() != want.Month() || got.Day() != want.Day()) {
			t.Fatalf("ParseDate(%q) = %v", text, got)
		}
	})
}

package grant

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }

func pseudonym(domain, value string) report.Pseudonym { return report.Pseudonym(domain + value) }

func TestUnit(t *testing.T) {
	hb := "hb:" + strings.Repeat("0a", 16)
	for text, want := range map[string]string{
		"0100109106": "0100109106", "0100109106-001": "0100109106-001", "001085012345": "hb:household001085012345", hb: hb,
		"commune:00004": "commune:00004", "00004": "commune:00004",
		"": "", "0100109107": "", "0100109106-000": "", "0100109106/1": "", "commune:4": "", "hb:xyz": "", "hb:": "", "authority:labour@34:01": "",
		"0100109106 ": "", "commune:commune:00004": "",
	} {
		got, ok := Unit(text, pseudonym)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", ok, text)
	}
	require.True(t, IsCommune("commune:00004"))
	require.False(t, IsCommune("0100109106"))
}

func TestRead(t *testing.T) {
	usual := []access.Right{access.RightRead}
	rows, faults, err := Read(strings.NewReader("\xef\xbb\xbfvalid_to,unit,rights,valid_from\r\n"+
		"2027-12-31,0100109106,file; read,2026-01-01\r\n,001085012345,,\r\n"), usual)
	require.NoError(t, err)
	require.Empty(t, faults)
	require.Equal(t, []Row{
		{Line: 2, Unit: "0100109106", Rights: []access.Right{"file", "read"}, From: seeds.MustDate(2026, 1, 1), To: seeds.MustDate(2027, 12, 31)},
		{Line: 3, Unit: "001085012345", Rights: usual},
	}, rows)
	for text, want := range map[string][]Fault{
		"":                        {{Line: 1}},
		"rights\n":                {{Line: 1, Column: "unit"}},
		"unit,who,unit\n":         {{Line: 1, Column: "2"}, {Line: 1, Column: "unit"}},
		"unit\n0100109107\n1,2\n": {{Line: 2, Column: "unit"}, {Line: 3}},
		"unit,rights,valid_from,valid_to\n0100109106,all,x,2026-13-01\n": {{Line: 2, Column: "rights"}, {Line: 2, Column: "valid_from"}, {Line: 2, Column: "valid_to"}},
		"unit,rights\n0100109106,file;file\n":                            {{Line: 2, Column: "rights"}},
		"unit,valid_from,valid_to\n0100109106,2026-02-01,2026-01-01\n":   {{Line: 2, Column: "valid_to"}},
		"unit\n0100109106\n0100109106\n":                                 {{Line: 3, Column: "unit"}},
		"unit\n\"01\n":                                                   {{Line: 2}},
		"unit\n\xff\n":                                                   {{Line: 2, Column: "unit"}},
	} {
		_, faults, err := Read(strings.NewReader(text), usual)
		require.NoError(t, err)
		require.Len(t, faults, len(want), "%q: %v", text, faults)
		for i := range want {
			require.Equal(t, want[i].Column, faults[i].Column, text)
			require.Equal(t, want[i].Line, faults[i].Line, text)
			require.NotEmpty(t, faults[i].VI)
			require.NotEmpty(t, faults[i].EN)
		}
	}
}

// Whatever comes, rows are what a grant can be, and faults repeat nothing.
func FuzzRead(f *testing.F) {
	f.Add("unit,rights,valid_from,valid_to\n0100109106,file;read,2026-01-01,2027-01-01\nMARK123456,,,\n")
	f.Add("unit\n\"MARK123456\n")
	f.Add("\xef\xbb\xbfunit\n001085012345")
	f.Fuzz(func(t *testing.T, text string) {
		rows, faults, err := Read(strings.NewReader(text), []access.Right{access.RightFile})
		require.NoError(t, err)
		require.LessOrEqual(t, len(faults), maxFaults)
		for _, fault := range faults {
			require.NotContains(t, fault.VI+fault.EN, "MARK123456")
		}
		seen := map[string]bool{}
		for _, r := range rows {
			_, ok := Unit(r.Unit, pseudonym)
			require.True(t, ok)
			require.False(t, seen[r.Unit])
			require.NotEmpty(t, r.Rights)
			seen[r.Unit] = true
		}
	})
}

func FuzzUnit(f *testing.F) {
	f.Add("0100109106-001")
	f.Add("001085012345")
	f.Add("commune:00004")
	f.Fuzz(func(t *testing.T, text string) {
		unit, ok := Unit(text, func(string, string) report.Pseudonym { return "0123456789abcdef0123456789abcdef" })
		if !ok {
			require.Empty(t, unit)
			return
		}
		// What it gives it takes again, and a scope with it reaches the unit.
		again, ok := Unit(unit, pseudonym)
		require.True(t, ok)
		require.Equal(t, unit, again)
		require.True(t, access.Reach{Units: []string{unit}}.HasUnit(unit+"/0"))
		require.NotContains(t, unit, "/")
	})
}

const misa = "software:misa"

func like(rights ...access.Right) store.Grant {
	return store.Grant{Grantee: misa, Rights: rights, ValidFrom: time.Now().Add(-time.Hour), By: "A", Principal: "e"}
}

func TestDesk(t *testing.T) {
	s, _ := shared.Store(t)
	here, elsewhere := New(s), New(s)
	now := time.Now()
	here.clock = func() time.Time { return now }
	elsewhere.clock = here.clock
	ctx := access.With(t.Context(), access.Caller{ID: "e", Role: access.Enterprise, Units: []string{"0100109106"}})
	of := func(d *Desk) access.Grants {
		t.Helper()
		g, err := d.Of(t.Context(), misa)
		require.NoError(t, err)
		return access.Grants{File: g.File, Read: g.Read}
	}
	require.Empty(t, of(here))
	require.Empty(t, of(elsewhere))
	made, err := here.Make(ctx, like(access.RightFile), []string{"0100109106"})
	require.NoError(t, err)
	require.Len(t, made, 1)
	want := access.Grants{File: []string{"0100109106"}}
	require.Equal(t, want, of(here), "who recorded it knows at once")
	require.Empty(t, of(elsewhere), "the others for a little while not")
	now = now.Add(TTL)
	require.Equal(t, want, of(elsewhere))

	_, err = here.End(access.With(t.Context(), access.Caller{ID: "x", Role: access.Enterprise, Units: []string{"0100112437"}}), made[0].ID(), "A", "x", "")
	require.ErrorIs(t, err, store.ErrNoGrant)
	require.Equal(t, want, of(here))
	ended, err := here.End(ctx, made[0].ID(), "B", "e", "over")
	require.NoError(t, err)
	require.True(t, ended.Ended)
	require.Empty(t, of(here), "at once")
	require.Equal(t, want, of(elsewhere))
	now = now.Add(TTL)
	require.Empty(t, of(elsewhere))
	again, err := here.End(ctx, made[0].ID(), "C", "e", "")
	require.NoError(t, err)
	require.Equal(t, ended, again, "ended once")

	nothing, err := here.Of(t.Context(), "enterprise:x")
	require.NoError(t, err)
	require.Empty(t, nothing)
}

// What is being read while a grant is ended is not remembered.
func TestAnEndIsNotOvertaken(t *testing.T) {
	s, _ := shared.Store(t)
	d := New(s)
	ctx := access.System(t.Context())
	for range 20 {
		made, err := d.Make(ctx, like(access.RightFile), []string{"0100109106"})
		require.NoError(t, err)
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						d.mu.Lock()
						delete(d.cache, misa) // as if it had run out
						d.mu.Unlock()
						if _, err := d.Of(context.Background(), misa); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		_, err = d.End(ctx, made[0].ID(), "A", "e", "")
		require.NoError(t, err)
		close(stop)
		granted, err := d.Of(t.Context(), misa)
		require.NoError(t, err)
		require.Empty(t, granted.File)
		readers.Wait()
		granted, err = d.Of(t.Context(), misa)
		require.NoError(t, err)
		require.Empty(t, granted.File)
	}
}

// A store that does not answer gives nobody a right.
func TestWithoutTheStoreNothingIsGranted(t *testing.T) {
	s, _ := shared.Store(t)
	d := New(s)
	require.NoError(t, s.RecordGrants(access.System(t.Context()), like(access.RightFile), []string{"0100109106"}))
	require.NoError(t, s.Close())
	_, err := d.Of(t.Context(), misa)
	require.Error(t, err)
}

func TestTheCacheIsBounded(t *testing.T) {
	s, _ := shared.Store(t)
	d := New(s)
	for range maxCached {
		d.cache[uuid.NewString()] = cached{}
	}
	_, err := d.Of(t.Context(), misa)
	require.NoError(t, err)
	require.Len(t, d.cache, 1)
}

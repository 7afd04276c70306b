package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo/count"
)

// anonymous writes every household business as one: the documents name it by a person's
// number, the platform by a pseudonym that only its keys give.
func anonymous(units []string) []string {
	all := make([]string, len(units))
	for i, unit := range units {
		code, _, _ := strings.Cut(unit, "/")
		if all[i] = unit; report.TaxCode(code).IsPerson() || report.TaxCode(code).IsHousehold() {
			all[i] = "household"
		}
	}
	slices.Sort(all)
	return all
}

// assertMissing holds each province's list of missing reporters against a count of the
// filed documents that knows nothing of the store.
func assertMissing(t *testing.T, p *process, counted *count.Counter) {
	t.Helper()
	f := func(period report.Period, at time.Time, province seeds.ProvinceRef) (missing int) {
		t.Helper()
		want := counted.Missing(period, at)[province.Code]
		var got []string
		next := fmt.Sprintf("/v1/obligations?province=%s:%s&kind=annex_xii&state=missing&limit=1000&period=%s&at=%s",
			province.List, province.Code, period, url.QueryEscape(at.Format(time.RFC3339)))
		for next != "" {
			var list api.ObligationList
			p.get(next, &list)
			require.True(t, list.Demonstration)
			for _, o := range list.Obligations {
				require.NotRegexp(t, `^\d{12}/`, o.Unit)
				require.NotEmpty(t, o.Name, "whom to call")
				got = append(got, o.Unit)
			}
			if i := slices.IndexFunc(list.Counts, func(c api.ObligationCount) bool { return c.State == "missing" }); len(want) > 0 {
				require.GreaterOrEqual(t, i, 0)
				require.Equal(t, len(want), list.Counts[i].Obligations)
			}
			next = list.Next
		}
		require.Equal(t, anonymous(want), anonymous(got), "%s %s", period, province)
		return len(got)
	}
	all := 0
	now := time.Date(2026, time.June, 1, 0, 0, 0, 0, seeds.Local())
	for _, province := range seeds.Default().Provinces(seeds.List34) {
		all += f("2025", now, province.Ref())
		all += f("2025H1", now, province.Ref())
	}
	require.Greater(t, all, 2000, "half as many as report never do")
	// While extensions still run and late filers have not filed; and a year that some who
	// report now did not report on.
	for _, code := range []string{"01", "24"} {
		province := seeds.ProvinceRef{List: seeds.List34, Code: code}
		before := f("2025", time.Date(2026, time.January, 20, 12, 0, 0, 0, seeds.Local()), province)
		require.Greater(t, before, f("2025", now, province))
		require.Greater(t, f("2019", now, province), f("2025", now, province))
	}
}

// importRegister imports a register into a platform that runs: all that is wrong is told
// at once and nothing is filed; then everything is, once.
func importRegister(t *testing.T, p *process) {
	t.Helper()
	const header = "type,tax_code,name,active_from,head_office,industry\n"
	const first = "establishment,0100109106,Công ty Mẫu,2024-01-01,63:01 2024-01-01..,2018:F\n"
	const second = "establishment,0100112437,Công ty Hai,2024-01-01,63:01 2024-01-01..,2018:F\n"
	file := filepath.Join(t.TempDir(), "register.csv")
	run := func(text string, more ...string) (string, error) {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		args := append([]string{"register", "import", "--url", "http://" + p.address, "--token-file", filepath.Join(p.data, "keys", "local-token"),
			"--province", "34:01", "--keeper", "Sở Nội vụ (mẫu)"}, more...)
		return runOnce(t, append(args, file)...)
	}
	out, err := run(header + first + strings.Replace(second, "0100112437", "0100112438", 1) + "establishment,0100112437,x\n")
	require.Error(t, err)
	require.Contains(t, out, "dòng/line 3, tax_code: REG-002")
	require.Contains(t, out, "dòng/line 4: có 3 ô")
	require.Contains(t, out, "nothing was filed: 2 findings")
	out, err = run(header+first+second, "--dry-run")
	require.NoError(t, err, out)
	require.Contains(t, out, "2 entries would be filed")
	out, err = run(header + first)
	require.NoError(t, err, out)
	require.Contains(t, out, "1 entries filed, 0 of them filed before")
	out, err = run(header + first + second)
	require.NoError(t, err, out)
	require.Contains(t, out, "2 entries filed, 1 of them filed before")
}

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/indicator"
	"atvsld/api"
)

// A statistician imports the printed figures of the documentation with the program: a file
// with an error files nothing, a dry run neither, and the same file twice is the same.
func TestBaseFiguresAreImported(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	token := filepath.Join(data, "keys", "local-token")
	say := func(args ...string) (string, error) {
		t.Helper()
		return runOnce(t, append([]string{"import", "base-figures", "--url", "http://" + p.address, "--token-file", token}, args...)...)
	}
	listed := func() []api.BaseFigure {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+"/v1/base-figures", nil)
		require.NoError(t, err)
		secret, err := os.ReadFile(token)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(secret)))
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		var list api.BaseFigureList
		require.NoError(t, json.UnmarshalRead(response.Body, &list))
		return list.BaseFigures
	}
	const file = "../../docs/examples/base-figures/notices-2012-2015.csv"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	wrong := filepath.Join(t.TempDir(), "wrong.csv")
	require.NoError(t, os.WriteFile(wrong, []byte(strings.Replace(string(text), ",deaths,,,,606,", ",deaths,,,,6.06,", 1)), 0o600))
	out, err := say(wrong)
	require.Error(t, err)
	require.Contains(t, out, "not imported")
	require.Regexp(t, `3 +value +IMP-006`, out)

	out, err = say("--dry-run", file)
	require.NoError(t, err, out)
	require.Equal(t, 6, strings.Count(out, "nothing was filed"))
	first, err := say(file)
	require.NoError(t, err, first)
	require.Equal(t, 6, strings.Count(first, "tracking number"))
	again, err := say(file)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Eventually(t, func() bool { return len(listed()) == 17 }, 30*time.Second, 100*time.Millisecond)

	// Another value under the same source is an amendment, and those are filed with a reason.
	require.NoError(t, os.WriteFile(wrong, []byte(strings.Replace(string(text), ",deaths,,,,606,", ",deaths,,,,607,", 1)), 0o600))
	out, err = say(wrong)
	require.Error(t, err)
	require.Contains(t, out, "not imported")
	require.Contains(t, out, "409")
}

// assertBase: the first year of reports is compared with what was printed of the year
// before, and says so to everybody.
func assertBase(t *testing.T, p *process) {
	t.Helper()
	var a indicator.Attainment
	p.public("/v1/attainment?year=2016&area=VN&target=D31-1&definition=fatal_accidents_count,deaths_count", &a)
	require.Len(t, a.Items, 2)
	for i, want := range [][2]int64{{629, 799}, {666, 862}} {
		item := a.Items[i]
		require.Equal(t, indicator.FromBaseFigures, item.BaseSource)
		require.Equal(t, want, [2]int64{*item.Previous.Numerator, *item.Current.Numerator})
		require.Equal(t, "S", item.Previous.Base.Status)
		require.Equal(t, indicator.NotMet, item.Verdict)
	}
	p.public("/v1/attainment?year=2017&area=VN&target=D31-1&definition=deaths_count", &a)
	require.Equal(t, indicator.FromReports, a.Items[0].BaseSource)
}

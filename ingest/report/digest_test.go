package report_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

func digest(t *testing.T, data []byte) [32]byte {
	t.Helper()
	sum, err := report.SHA256(data)
	require.NoError(t, err)
	return sum
}

// permuted writes a document with its members in another order, at every level.
func permuted(t *testing.T, data jsontext.Value, r *rand.Rand) jsontext.Value {
	t.Helper()
	switch data.Kind() {
	case '{':
		var members map[string]jsontext.Value
		require.NoError(t, json.Unmarshal(data, &members))
		names := make([]string, 0, len(members))
		for name := range members {
			names = append(names, name)
		}
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var parts []string
		for _, name := range names {
			quoted, err := jsontext.AppendQuote(nil, name)
			require.NoError(t, err)
			parts = append(parts, string(quoted)+" : "+string(permuted(t, members[name], r)))
		}
		return jsontext.Value("{ " + strings.Join(parts, " ,\n") + "}")
	case '[':
		var elements []jsontext.Value
		require.NoError(t, json.Unmarshal(data, &elements))
		var parts []string
		for _, e := range elements {
			parts = append(parts, string(permuted(t, e, r)))
		}
		return jsontext.Value("[\t" + strings.Join(parts, ",") + " ]")
	default:
		return data
	}
}

func TestSHA256IgnoresOrderAndSpaces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range report.Definitions() {
		want := digest(t, reporttest.Valid(d.Kind))
		for range 20 {
			require.Equal(t, want, digest(t, permuted(t, reporttest.Valid(d.Kind), r)), d.Kind)
		}
	}
}

func TestSHA256IgnoresReceivedAtOnTopOnly(t *testing.T) {
	valid := reporttest.Valid(report.AnnexXII)
	want := digest(t, valid)
	require.Equal(t, want, digest(t, reporttest.Set(valid, "/received_at", `"2026-01-01T00:00:00Z"`)))
	require.Equal(t, want, digest(t, append([]byte(`{"receiv\u0065d_at":7,`), valid[1:]...)))
	require.NotEqual(t, want, digest(t, reporttest.Set(valid, "/content/received_at", `1`)))
	require.Equal(t, digest(t, []byte(`{}`)), digest(t, []byte(`{"received_at":{"a":[1]}}`)))
}

func TestSHA256SeesEveryChange(t *testing.T) {
	valid := reporttest.Valid(report.AnnexXII)
	seen := map[[32]byte]bool{digest(t, valid): true}
	for _, edit := range []string{"/revision = 2", "/content/rows/0/women = 2", `/content/reporter/name = "x"`, "/content/nil = false"} {
		pointer, value, _ := strings.Cut(edit, " = ")
		sum := digest(t, reporttest.Set(valid, pointer, value))
		require.False(t, seen[sum], edit)
		seen[sum] = true
	}
}

func TestSHA256OfOneNumberWrittenInSeveralWays(t *testing.T) {
	require.Equal(t, digest(t, []byte(`{"a":100}`)), digest(t, []byte(`{"a":1e2}`)))
	require.Equal(t, digest(t, []byte(`{"a":"ễ"}`)), digest(t, []byte(`{"a":"\u1ec5"}`)))
	// Beyond 2^53 two integers may share a double; Decode refuses those.
	_, form, err := report.Decode(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/payroll_million_vnd", "9007199254740993"))
	require.NoError(t, err)
	require.Equal(t, []string{"ENV-004 /content/payroll_million_vnd"}, codes(form))
	_, form, err = report.Decode(reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/payroll_million_vnd", "9007199254740991"))
	require.NoError(t, err)
	require.Empty(t, form)
}

func TestSHA256RefusesWhatIsNoDocument(t *testing.T) {
	for _, data := range []string{``, `[]`, `7`, `{"a":1,"a":2}`, `{"received_at":1,"received_at":2}`, `{"a":{"b":1,"b":1}}`, `{"a":1} ` + `x`, `{"a":"` + "\xff" + `"}`, `{"a":1,}`} {
		_, err := report.SHA256([]byte(data))
		require.ErrorIs(t, err, report.ErrNotJSON, data)
	}
	_, err := report.SHA256(bytes.Repeat([]byte(" "), report.MaxBytes+1))
	require.ErrorIs(t, err, report.ErrTooLarge)
}

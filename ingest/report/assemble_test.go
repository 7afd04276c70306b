package report_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// A divided report is put together to the very same report.
func TestAssembleUndoesDividing(t *testing.T) {
	for _, d := range report.Definitions() {
		whole := reporttest.Set(reporttest.Valid(d.Kind), "/reason", `"vì \"nhầm\" / ~ 𝄞"`)
		open, private := reporttest.Divide(whole)
		require.NotEmpty(t, private)
		for pointer, text := range private {
			require.NotContains(t, string(open), text, pointer)
		}
		a, err := report.Assemble(open, private)
		require.NoError(t, err)
		require.Empty(t, a.Exposed)
		require.Empty(t, a.Misplaced)
		require.Equal(t, digest(t, whole), digest(t, a.Document), d.Kind)

		// null is absent, in whichever order.
		for pointer := range private {
			a, err = report.Assemble(reporttest.Set(open, pointer, "null"), private)
			require.NoError(t, err)
			require.Empty(t, a.Exposed)
			require.Empty(t, a.Misplaced)
			require.Equal(t, digest(t, whole), digest(t, a.Document))
		}
		// What is not sealed is told, wherever it is.
		for pointer, text := range private {
			quoted, err := json.Marshal(text)
			require.NoError(t, err)
			a, err = report.Assemble(reporttest.Set(open, pointer, string(quoted)), nil)
			require.NoError(t, err)
			require.Equal(t, []string{pointer}, a.Exposed)
		}
	}
}

// Tax codes are public, but for a household's, and that may stand in a list.
func TestAssembleTaxCodes(t *testing.T) {
	annex := reporttest.Valid(report.AnnexXII)
	f := func(document []byte, exposed ...string) {
		t.Helper()
		open, _ := reporttest.Divide(annex)
		a, err := report.Assemble(append([]byte(nil), document...), nil)
		require.NoError(t, err)
		found := a.Exposed
		base, err := report.Assemble(annex, nil)
		require.NoError(t, err)
		require.ElementsMatch(t, append(exposed, base.Exposed...), found)
		require.NotEmpty(t, open)
	}
	f(annex)
	f(reporttest.Set(annex, "/content/reporter/tax_code", `"001085012345"`), "/content/reporter/tax_code")
	f(reporttest.Set(annex, "/content/reporter/tax_code", `"001 085 012 345"`), "/content/reporter/tax_code")
	f(reporttest.Set(annex, "/content/reporter/tax_code", `1085012345`), "/content/reporter/tax_code")
	f(reporttest.Set(annex, "/content/covers_branches", `["0100109106-001","001085012345"]`), "/content/covers_branches/1")

	household := reporttest.Set(annex, "/content/covers_branches", `["0100109106-001","001085012345"]`)
	open, private := reporttest.Divide(household)
	require.Contains(t, string(open), `["0100109106-001",null]`)
	a, err := report.Assemble(open, private)
	require.NoError(t, err)
	require.Equal(t, digest(t, household), digest(t, a.Document))
}

func TestAssembleHostile(t *testing.T) {
	f := func(open string, private map[string]string, misplaced, exposed []string) {
		t.Helper()
		a, err := report.Assemble([]byte(open), private)
		require.NoError(t, err)
		require.Equal(t, misplaced, a.Misplaced)
		require.Equal(t, exposed, a.Exposed)
		_, _, err = report.Decode(a.Document)
		require.NoError(t, err, "still a document")
	}
	text := func(pointers ...string) map[string]string {
		m := map[string]string{}
		for _, p := range pointers {
			m[p] = "x"
		}
		return m
	}
	const name = "/content/reporter/name"
	open := `{"kind":"annex_xii","content":{"reporter":{"type":"establishment"}}}`
	f(open, text(name), nil, nil)
	f(open, text("/content/reporter/type"), []string{"/content/reporter/type"}, nil)
	f(open, text("/content/nobody/name"), []string{"/content/nobody/name"}, nil)
	f(open, text("", "name", "/kind", "/content"), []string{"", "/content", "/kind", "name"}, nil)
	f(`{"kind":"annex_xii","content":{"reporter":[{"name":"x"}]}}`, text(name), []string{name}, nil)
	f(`{"kind":"annex_xii","content":{"reporter":{"name":"x"}}}`, text(name), []string{name}, []string{name})
	f(`{"kind":"annex_xii","content":{"reporter":{"n\u0061me":7}}}`, nil, nil, []string{name})
	f(`{"kind":"accident_declaration","content":{"victims":[{"name":null},{"id_number":{"a":[]}}]}}`,
		text("/content/victims/0/name", "/content/victims/2/name"), []string{"/content/victims/2/name"}, []string{"/content/victims/1/id_number"})
	f(`{"kind":"nothing","reason":"x","content":{"name":"x"}}`, text("/content/name"), nil, []string{"/reason"})
	f(`[1]`, text("/reason"), []string{"/reason"}, nil)
	f(`7`, nil, nil, nil)

	for document, want := range map[string]error{
		``: report.ErrNotJSON, `{"kind":"a","kind":"b"}`: report.ErrNotJSON, `{} {}`: report.ErrNotJSON,
		strings.Repeat("[", 99) + strings.Repeat("]", 99):      report.ErrNotJSON,
		`{"a":"` + strings.Repeat("x", report.MaxBytes) + `"}`: report.ErrTooLarge,
	} {
		_, err := report.Assemble([]byte(document), nil)
		require.Equal(t, want, err, "%.40s", document)
	}
	_, err := report.Assemble([]byte(open), map[string]string{name: "\xff"})
	require.Equal(t, report.ErrNotJSON, err)
}

// Whatever comes: no panic, a document that the decoder reads, and an open document
// without exposures holds nothing in a personal place.
func FuzzAssemble(f *testing.F) {
	for _, d := range report.Definitions() {
		open, private := reporttest.Divide(reporttest.Valid(d.Kind))
		texts, err := json.Marshal(private)
		require.NoError(f, err)
		f.Add(open, texts)
		f.Add(reporttest.Valid(d.Kind), []byte(`{"/reason":"x"}`))
	}
	f.Fuzz(func(t *testing.T, open, texts []byte) {
		var private map[string]string
		if json.Unmarshal(texts, &private) != nil {
			return
		}
		a, err := report.Assemble(open, private)
		if err != nil {
			return
		}
		if _, _, err := report.Decode(a.Document); err != nil && len(a.Document) <= report.MaxBytes {
			t.Fatalf("%v: %s", err, a.Document)
		}
		if len(private) == 0 {
			again, err := report.Assemble(a.Document, nil)
			if err != nil && len(a.Document) <= report.MaxBytes {
				t.Fatal(err)
			}
			if err == nil && len(again.Exposed) != len(a.Exposed) {
				t.Fatalf("%q then %q", a.Exposed, again.Exposed)
			}
		}
	})
}

package report_test

import (
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// places returns the pointers of everything in a document.
func places(data jsontext.Value, at string) []string {
	all := []string{at}
	switch data.Kind() {
	case '{':
		var members map[string]jsontext.Value
		if json.Unmarshal(data, &members, json.Deterministic(true)) == nil {
			for _, name := range sortedNames(members) {
				all = append(all, places(members[name], at+"/"+name)...)
			}
		}
	case '[':
		var elements []jsontext.Value
		if json.Unmarshal(data, &elements) == nil {
			for i, e := range elements {
				all = append(all, places(e, at+"/"+strconv.Itoa(i))...)
			}
		}
	}
	return all
}

func sortedNames(members map[string]jsontext.Value) []string {
	var names []string
	for name := range members {
		names = append(names, name)
	}
	for i := range names {
		for j := i; j > 0 && names[j] < names[j-1]; j-- {
			names[j], names[j-1] = names[j-1], names[j]
		}
	}
	return names
}

// hostile are values put where they may not belong.
var hostile = []string{`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `1.0`, `1.5`, `1e2`, `4294967295`, `4294967296`, `9007199254740991`,
	`9007199254740992`, `18446744073709551616`, `1e400`, `""`, `"x"`, `" "`, `"0"`, `"\u0000"`, `"\n"`, `"e\u0301"`, "\"e\u0301\"", `"\ud83d\ude00"`, `"2025-02-30"`,
	`"2025-01-01"`, `"2025-1-1"`, `"2025"`, `"2025H1"`, `"2026-01-05T14:30:00"`, `"2026-01-05T14:30:00Z"`, `"2026-01-05t14:30:00z"`, `"2026-01-05T14:30:00.123456789123+07:00"`,
	`"2026-01-05T24:30:00Z"`, `"9999-12-31T23:59:59-23:59"`, `"0000-01-01T00:00:00Z"`, `"019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f"`, `"019B9B5E-8C00-7A3C-9F21-0A1B2C3D4E5F"`,
	`"{019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f}"`, `"urn:uuid:019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f"`, `"00000000-0000-0000-0000-000000000000"`,
	`"0100109106"`, `"001085012345"`, `"hb:x"`, `"dead"`, `"DEAD"`, `"34"`, `[]`, `{}`, `[null]`, `[{}]`, `[[]]`, `[""]`, `{"":null}`, `{"code":"F"}`, `{"list":"34","code":"01"}`}

func TestFastAndSlowAgree(t *testing.T) {
	kinds := report.Definitions()
	rapid.Check(t, func(t *rapid.T) {
		document := reporttest.Valid(kinds[rapid.IntRange(0, len(kinds)-1).Draw(t, "kind")].Kind)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			all := places(document, "")[1:]
			at := rapid.SampledFrom(all).Draw(t, "place")
			switch rapid.IntRange(0, 3).Draw(t, "edit") {
			case 0:
				document = reporttest.Remove(document, at)
			default:
				document = reporttest.Set(document, at, rapid.SampledFrom(hostile).Draw(t, "value"))
			}
			if len(places(document, "")) == 1 {
				break
			}
		}
		s, form, err := report.Decode(document)
		require.NoError(t, err, "%s", document)
		slow, slowForm := report.DecodeSlow(document)
		fast, ok := report.DecodeFast(document)
		if ok {
			require.Empty(t, slowForm, "%s", document)
			require.Equal(t, fast, slow, "%s", document)
		}
		require.Equal(t, s, slow, "%s", document)
		for _, f := range report.Check(ctx(), &s, form) {
			require.NotContains(t, f.Message, "%!")
			_, err := json.Marshal(f)
			require.NoError(t, err)
		}
		if len(form) > 0 || s.Content == nil {
			return
		}
		s.ReportID[0] |= 1
		_, err = s.Strip(func(_, _ string) report.Pseudonym { return "00112233445566778899aabbccddeeff" })
		require.NoError(t, err)
		written, err := json.Marshal(s.Content)
		require.NoError(t, err)
		again, err := report.DecodeContent(s.Kind, written)
		require.NoError(t, err, "%s", written)
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))
	})
}

package report

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

func TestDecodeRefusesWhatIsNoDocument(t *testing.T) {
	f := func(data string, want error) {
		t.Helper()
		_, found, err := Decode([]byte(data))
		require.ErrorIs(t, err, want)
		require.Nil(t, found)
	}
	f(``, ErrNotJSON)
	f(` `, ErrNotJSON)
	f(`{`, ErrNotJSON)
	f(`{"kind":"annex_xii"`, ErrNotJSON)
	f(`{"kind":"annex_xii"}}`, ErrNotJSON)
	f(`{"kind":"annex_xii"} {"kind":"annex_xii"}`, ErrNotJSON)
	f(`{"kind":"annex_xii","kind":"annex_xii"}`, ErrNotJSON)
	f(`{"kind":"annex_xii","k\u0069nd":"annex_xii"}`, ErrNotJSON)
	f(`{"content":{"a":1,"a":2}}`, ErrNotJSON)
	f(`{"kind":"annex_xii","x":"`+"\xff"+`"}`, ErrNotJSON)
	f(`{"kind":"\ud800"}`, ErrNotJSON)
	f("\ufeff"+`{"kind":"annex_xii"}`, ErrNotJSON)
	f(`{"kind":NaN}`, ErrNotJSON)
	f(`{'kind':1}`, ErrNotJSON)
	f(strings.Repeat("[", 17)+strings.Repeat("]", 17), ErrNotJSON)
	f(strings.Repeat("[", MaxBytes-1), ErrNotJSON)
	f(`{"content":`+strings.Repeat(`{"a":`, 5000), ErrNotJSON)
	f(`"`+strings.Repeat("a", MaxBytes)+`"`, ErrTooLarge)
}

func TestDecodeAnswersAnyDocument(t *testing.T) {
	f := func(data string, want ...string) {
		t.Helper()
		s, found, err := Decode([]byte(data))
		require.NoError(t, err)
		found = Check(Context{Seeds: seeds.Default()}, &s, found)
		var got []string
		for _, f := range found {
			got = append(got, f.Code+" "+f.Pointer)
		}
		require.Equal(t, want, got, data)
	}
	f(`null`, "ENV-003 ")
	f(`[]`, "ENV-003 ")
	f(`7`, "ENV-003 ")
	f(`{}`, "ENV-001 /kind")
	f(`{"kind":""}`, "ENV-001 /kind")
	f(`{"kind":null}`, "ENV-001 /kind")
	f(`{"kind":7}`, "ENV-003 /kind")
	f(`{"kind":"x"}`, "ENV-013 /kind")
	f(`{"kind":"annex_xii"}`, "ENV-021 /content")
	f(`{"kind":"annex_xii","content":null}`, "ENV-021 /content")
	f(`{"kind":"annex_xii","content":7}`, "ENV-003 /content")
	f(`{"kind":"annex_xii","content":[]}`, "ENV-003 /content")
	f(`{"kind":"annex_xii","revision":0,"content":7}`, "ENV-004 /revision", "ENV-003 /content")
	f(`{"kind":"annex_xii","Kind":"x","content":7}`, "ENV-003 /content", "ENV-002 /Kind")
	f(`{"kind":"annex_xii","a/b~":1,"content":7}`, "ENV-003 /content", "ENV-002 /a~1b~0")
}

// The content's own member names must be told apart from Go's spelling of them.
func TestEveryMemberHasAName(t *testing.T) {
	var walk func(f *form, at string)
	walk = func(f *form, at string) {
		for _, m := range f.members {
			require.Regexp(t, `^[a-z][a-z0-9_]*$`, m.name, at)
			if m.kind == textForm && !m.computed && m.enum == nil {
				require.Positive(t, m.max, "%s/%s: a text without a limit", at, m.name)
			}
			if m.kind == listForm {
				require.Positive(t, m.items, "%s/%s: a list without a limit", at, m.name)
				if m.elem.kind == objectForm {
					require.True(t, m.elem.mustLook(), "%s/%s: null elements would pass", at, m.name)
				}
			}
			walk(m, at+"/"+m.name)
			if m.elem != nil {
				walk(m.elem, at+"/"+m.name+"/0")
			}
		}
	}
	walk(envelopeForm, "")
	for _, d := range catalogue {
		walk(d.form, string(d.Kind))
	}
}

func TestTextIsNormalised(t *testing.T) {
	decomposed := "Nguye\u0302\u0303n"
	for _, name := range []string{decomposed, `Nguye\u0302\u0303n`} {
		s, found, err := Decode(fmt.Appendf(nil, `{"kind":"annex_xii","reason":"%s","content":{"reporter":{"name":"%s","site":"%s"}}}`, name, name, "e\u0302"))
		require.NoError(t, err)
		require.NotEmpty(t, found)
		require.Equal(t, "Nguyễn", s.Reason.Reveal())
		require.Equal(t, "Nguyễn", s.Content.(*Annex).Reporter.Name.Reveal())
		require.Equal(t, "ê", s.Content.(*Annex).Reporter.Site)
	}
}

func TestDirectionOfWritingIsRefused(t *testing.T) {
	for _, text := range []string{"a\u202eb", `a\u202eb`, "a\u2066b", "a\u0085b", "a\x7fb"} {
		_, found, err := Decode([]byte(`{"kind":"annex_xii","reason":"` + text + `"}`))
		require.NoError(t, err)
		require.Len(t, found, 1, text)
		require.Equal(t, "ENV-009", found[0].Code)
	}
}

// seedDocuments are what the fuzz targets start from.
func seedDocuments() []string {
	return []string{
		`{"kind":"accident_declaration","report_id":"019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f","content":{"reporter":{"type":"establishment","tax_code":"0100109106","name":"A","province":{"list":"34","code":"01"}},"occurred_at":"2026-01-05T14:30:00+07:00","place":{"province":{"list":"34","code":"24"}},"industry":{"version":"2025","code":"F"},"summary":"x\n","victims":[{"name":"B","id_number":"001085012345","employment":"contract","under_management":false,"severity":"dead","died_on":"2026-01-05","injuries":["011"]}]}}`,
		`{"kind":"annex_xii","revision":2,"reason":"x","received_at":"2026-01-05T14:30:00Z","acknowledge":["ACC-031"],"content":{"reporter":{"type":"establishment","tax_code":"001085012345","name":"A","province":{"list":"34","code":"01"}},"period":"2025H1","report_date":"2026-01-05","industry":{"version":"2025","code":"F"},"workers":{"total":1,"women":0},"covers_branches":["0100109106-001"],"nil":false,"rows":[{"block":"1","accidents":1,"victims":1},{"block":"1.1","code":"1","accidents":1,"victims":1}],"damage":{"cost_total":1}}}`,
		`{"kind":"commune_report","content":{"reporter":{"type":"commune","commune":{"code":"00004","valid_from":"2025-07-01"},"name":"P","province":{"list":"34","code":"01"}},"period":"2025","report_date":"2026-01-04","workers_without_contract":null,"total":{},"causes":[{"code":"6"}],"sectors":[{"industry":{"version":"2025","code":"F"}}]}}`,
		`{"kind":"disease_report","content":{"reporter":{"type":"establishment"},"workers":{"total":0,"women":0},"exposed":{"total":1,"women":1},"examined":{"persons":1,"cases":2},"rows":[{"factor":"noise"}]}}`,
		`{"kind":"monitoring_report","content":{"reporter":null,"body":{"tax_code":"0100112437"},"factors":[{"factor":"noise","samples":24,"over":3},null,7]}}`,
		`{"kind":"annex_xii","withdrawn":true,"revision":2,"reason":"\u0000"}`,
		`{"kind":"annex_xii","content":{"rows":[{"block":"1","victims":1e3,"x":1}],"workers":{"total":-1},"report_date":"","period":5}}`,
		`null`, `[]`, `{}`, `{"kind":"`,
	}
}

// FuzzDecode: neither way of reading panics or hangs; what the fast way takes
// the slow way takes too, with the same result; the rules run over whatever was
// read; what is written can be read again and written the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range seedDocuments() {
		f.Add([]byte(seed))
	}
	data := seeds.Default()
	f.Fuzz(func(t *testing.T, document []byte) {
		s, found, err := Decode(document)
		if err != nil {
			require.Nil(t, found)
			return
		}
		facts, err := scan(document, MaxBytes)
		require.NoError(t, err)
		slow, slowFound := decodeSlow(document)
		if fast, ok := decodeFast(document, facts); ok {
			require.Empty(t, slowFound, "%s", document)
			require.Equal(t, fast, slow, "%s", document)
		} else {
			require.Len(t, slowFound, len(found))
		}
		ctx := Context{Seeds: data, Now: s.ReceivedAt}
		all := Check(ctx, &s, found)
		require.GreaterOrEqual(t, len(all), len(found))
		_, _ = SHA256(document)
		if s.Content == nil || len(found) > 0 {
			return
		}
		stable(t, &s)
	})
}

// stable strips and writes a submission, reads it again and writes it again.
func stable(t *testing.T, s *Submission) {
	t.Helper()
	s.ReportID[0] |= 1
	private, err := s.Strip(plainPseudonym)
	require.NoError(t, err)
	written, err := json.Marshal(s.Content)
	require.NoError(t, err)
	again, err := DecodeContent(s.Kind, written)
	require.NoError(t, err, "%s", written)
	rewritten, err := json.Marshal(again)
	require.NoError(t, err)
	require.Equal(t, string(written), string(rewritten))
	readBack(t, s, private)
	for _, c := range mustLookup(t, s.Kind).Columns {
		require.NotPanics(t, func() { Written(c, s.Content) }, c.Name)
	}
}

func mustLookup(t *testing.T, kind Kind) *Definition {
	t.Helper()
	d, ok := Lookup(kind)
	require.True(t, ok)
	return d
}

func TestDecodeContentIsStrict(t *testing.T) {
	good := `{"reporter":{"type":"commune","commune":{"code":"00004","valid_from":"2025-07-01"},"province":{"list":"34","code":"01"}},"period":"2025","report_date":"2026-01-04","total":{}}`
	content, err := DecodeContent(CommuneReport, []byte(good))
	require.NoError(t, err)
	require.Equal(t, "commune:00004@2025-07-01", content.Identity().Unit)
	f := func(kind Kind, data, want string) {
		t.Helper()
		_, err := DecodeContent(kind, []byte(data))
		require.ErrorContains(t, err, want)
	}
	f("x", good, "unknown kind")
	f(CommuneReport, good+`{}`, "decode content")
	f(CommuneReport, `null`, "ENV-003")
	f(CommuneReport, strings.Replace(good, `"period":"2025",`, ``, 1), "ENV-001 /content/period")
	f(CommuneReport, strings.Replace(good, `"total":{}`, `"total":{"x":1}`, 1), "decode content")
	f(CommuneReport, strings.Replace(good, `"commune"`, `"company"`, 1), "ENV-010 /content/reporter/type")
	// A name in clear where it must have been stripped is refused, not stored.
	f(CommuneReport, strings.Replace(good, `"type":`, `"name":"An","type":`, 1), "ENV-012 /content/reporter/name")
}

func TestZeroMembersSurviveTheStore(t *testing.T) {
	for _, d := range Definitions() {
		for _, seed := range seedDocuments() {
			s, found, err := Decode([]byte(seed))
			if err == nil && len(found) == 0 && s.Kind == d.Kind && s.Content != nil {
				require.Equal(t, reflect.TypeOf(d.New()), reflect.TypeOf(s.Content))
				stable(t, &s)
			}
		}
	}
}

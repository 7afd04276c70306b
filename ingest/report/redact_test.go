package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// marked puts a marker into every personal member of a report, and all of them into every
// narrative between words that have to stay.
func marked(t *testing.T, kind report.Kind) (raw []byte, markers []string, narratives int) {
	t.Helper()
	raw = reporttest.Set(reporttest.Valid(kind), "/paper", `{"received_on":"2026-01-07","entered_by":"x","reference":"12/CV"}`)
	raw = reporttest.Set(raw, "/reason", `"lý do"`)
	_, private := reporttest.Divide(raw)
	of := map[report.Privacy]string{
		report.PersonName: "Lò Thị Mốc Nhãn", report.UnitName: "Hộ kinh doanh Vừ Già Pó", report.FileNumber: "B7654321",
		report.ContactText: "0912 345 678", report.BirthText: "1987-03-05",
	}
	words := map[report.Privacy][]string{
		report.PersonName: {"mốc nhãn", "moc nhan", "nhãn"}, report.UnitName: {"vừ già"}, report.FileNumber: {"7654321"},
		report.ContactText: {"345 678"}, report.BirthText: {"1987"},
	}
	also := map[report.Privacy]string{
		report.PersonName: "lò thị mốc nhãn, LO THI MOC NHAN, anh Nhãn", report.BirthText: "sinh năm 1987, 05/03/1987, 5-3-1987",
	}
	phrases := []string{"Vụ việc:"}
	for pointer := range private {
		if class := report.PrivacyAt(kind, pointer); words[class] != nil && !slices.Contains(markers, words[class][0]) {
			markers = append(markers, words[class]...)
			phrases = append(phrases, of[class]+"; "+also[class]+";")
		}
	}
	all := strings.Join(append(phrases, "Giàn giáo đổ."), " ")
	for pointer := range private {
		class := report.PrivacyAt(kind, pointer)
		text := all
		if class == report.NarrativeText {
			narratives++
		} else if text = of[class]; pointer == taxCodePointer(pointer) {
			continue
		}
		if strings.HasSuffix(pointer, "/birth_year") {
			text = "1987"
		}
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		raw = reporttest.Set(raw, pointer, string(quoted))
	}
	return raw, markers, narratives
}

func taxCodePointer(pointer string) string {
	if strings.HasSuffix(pointer, "/tax_code") {
		return pointer
	}
	return ""
}

// No name, number, date or contact of a report is in what its readers of narratives get, and
// the narratives themselves are.
func TestRedactedReportsNameNobody(t *testing.T) {
	for _, d := range report.Definitions() {
		raw, markers, narratives := marked(t, d.Kind)
		require.GreaterOrEqual(t, narratives, 2, d.Kind)
		s, packed, private := stored(t, raw)
		for _, opened := range [][]byte{packed, private} {
			s.Opened = opened
			full, err := s.Read()
			require.NoError(t, err)
			back, err := s.ReadRedacted()
			require.NoError(t, err)
			require.False(t, back.Personal)
			require.False(t, back.Exact)
			for _, marker := range markers {
				require.Contains(t, strings.ToLower(string(full.Document)), marker, "%s: the search finds it where it is", d.Kind)
				require.NotContains(t, strings.ToLower(string(back.Document)), marker, d.Kind)
			}
			require.Equal(t, narratives, strings.Count(string(back.Document), "Giàn giáo đổ."), d.Kind)
			var shape struct {
				Kind   report.Kind
				Reason string
			}
			require.NoError(t, json.Unmarshal(back.Document, &shape))
			require.Equal(t, d.Kind, shape.Kind)
			require.Contains(t, shape.Reason, report.Blank)
		}
	}
}

// A household's code is a person's number.
func TestRedactedReportsHaveNoHouseholdCode(t *testing.T) {
	raw := reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/content/reporter/tax_code", `"001090000123"`)
	raw = reporttest.Set(raw, "/content/summary", `"Hộ có mã số 001 090 000 123 khai: trượt ngã."`)
	s, packed, _ := stored(t, raw)
	s.Opened = packed
	back, err := s.ReadRedacted()
	require.NoError(t, err)
	require.NotContains(t, string(back.Document), "123")
	require.Contains(t, string(back.Document), "trượt ngã")
}

// Every personal member says what it is, and nothing else does: the types do not load
// otherwise, and the walk shows that it reaches all twenty kinds.
func TestEveryPrivateMemberHasAClass(t *testing.T) {
	require.Len(t, report.Definitions(), 20)
	classes := map[report.Privacy]int{}
	for _, f := range report.Dictionary() {
		if !f.Private {
			continue
		}
		class := report.PrivacyAt(f.Kind, strings.ReplaceAll(f.Pointer, "*", "0"))
		require.True(t, report.KnownPrivacy(class), "%s %s", f.Kind, f.Pointer)
		classes[class]++
	}
	require.Len(t, classes, 6)
	type unsaid struct {
		Note report.Private `json:"note" form:"max=10"`
	}
	require.PanicsWithValue(t, `report: member note: a Private text, and nothing else, has a tag private, got ""`, func() { report.FormOf[unsaid]() })
	type wrong struct {
		Note string `json:"note" form:"max=10" private:"person"`
	}
	require.Panics(t, func() { report.FormOf[wrong]() })
}

package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// spoken is a pseudonym that shows its value, for tests.
func spoken(domain, value string) report.Pseudonym { return report.Pseudonym(domain + ":" + value) }

func filed(t *testing.T, raw []byte) report.Stored {
	t.Helper()
	s, form, err := report.Decode(raw)
	require.NoError(t, err)
	require.Empty(t, form)
	private, err := s.Strip(spoken)
	require.NoError(t, err)
	content, err := jsonv2.Marshal(s.Content, jsonv2.Deterministic(true))
	require.NoError(t, err)
	return report.Stored{Kind: s.Kind, ReportID: s.ReportID, Revision: 1, Content: content, Opened: report.Pack(raw, content, private)}
}

func TestAboutOnePerson(t *testing.T) {
	raw := reporttest.Valid(report.AccidentDeclaration)
	set := func(pointer, value string) {
		quoted, err := json.Marshal(value)
		require.NoError(t, err)
		raw = reporttest.Set(raw, pointer, string(quoted))
	}
	var victims struct {
		Content struct{ Victims []json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(raw, &victims))
	require.Len(t, victims.Content.Victims, 2, "the example has two victims")
	set("/content/victims/0/name", "Nguyễn Thị Bích")
	set("/content/victims/0/id_number", "001185012345")
	set("/content/victims/1/name", "Trần Văn Cường")
	set("/content/victims/1/id_number", "001085054321")
	set("/content/summary", "Chị Bích và anh Cường ngã; trần văn cường chết.")
	set("/reason", "theo đề nghị của Trần Văn Cường")

	s := filed(t, raw)
	is := func(p report.Pseudonym) bool { return p == "person:001185012345" }
	about, err := s.About(is)
	require.NoError(t, err)
	require.Equal(t, []string{report.DomainPerson}, about.Found)
	text := string(about.Document)
	require.Contains(t, text, "Nguyễn Thị Bích")
	require.Contains(t, text, "001185012345")
	require.Contains(t, text, "Chị Bích và anh […] ngã; […] chết.")
	for _, other := range []string{"Cường", "cường", "001085054321"} {
		require.NotContains(t, text, other)
	}
	var got struct {
		Content struct{ Victims []json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(about.Document, &got))
	require.Equal(t, "null", string(got.Content.Victims[1]), "nothing at all of the other victim")

	// Without the key.
	s.Opened = nil
	erased, err := s.About(is)
	require.NoError(t, err)
	require.False(t, erased.Personal)
	require.Equal(t, about.Found, erased.Found)
	require.NotContains(t, string(erased.Document), "Bích")

	// Somebody who is not in it.
	none, err := filed(t, raw).About(func(report.Pseudonym) bool { return false })
	require.NoError(t, err)
	require.Empty(t, none.Found)
	require.NotContains(t, string(none.Document), "Bích")
}

// Two victims have the same name, year of birth and sex. Whoever has another number is
// another person; only who stands there without a citizen number is found by name.
func TestAboutKeepsNamesakesApart(t *testing.T) {
	const name, own, foreign, paper = "Nguyễn Văn An", "001085012345", "001085054321", "C1234567"
	raw := reporttest.Valid(report.AccidentDeclaration)
	set := func(pointer, value string) { raw = reporttest.Set(raw, pointer, `"`+value+`"`) }
	for _, victim := range []string{"/content/victims/0", "/content/victims/1"} {
		set(victim+"/name", name)
		set(victim+"/birth_date", "1985-03-02")
		set(victim+"/sex", "male")
	}
	set("/content/victims/0/id_number", own)
	set("/content/victims/1/id_number", foreign)
	byName := "name:" + report.NameKey(name, "1985", report.Male)
	about := func(pseudonyms ...string) report.About {
		t.Helper()
		a, err := filed(t, raw).About(func(p report.Pseudonym) bool { return slices.Contains(pseudonyms, string(p)) })
		require.NoError(t, err)
		return a
	}
	both := about("person:"+own, byName)
	require.Equal(t, []string{report.DomainName, report.DomainPerson}, both.Found)
	require.Contains(t, string(both.Document), own)
	require.NotContains(t, string(both.Document), foreign)
	require.Empty(t, about(byName).Found, "both have numbers, and neither was asked for")
	require.NotContains(t, string(about(byName).Document), own)

	// A paper of another kind tells nobody who it is: the person is found, its number is not told.
	set("/content/victims/1/id_number", paper)
	require.Contains(t, string(about("person:"+own, "name:none").Document), own)
	other := about(byName)
	require.Equal(t, []string{report.DomainName}, other.Found)
	require.Contains(t, string(other.Document), name)
	require.NotContains(t, string(other.Document), paper)
	require.NotContains(t, string(other.Document), own)
}

// The holder of a household is a person by its tax code; by another's he sees nothing.
func TestAboutTheHolderOfAHousehold(t *testing.T) {
	raw := reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/content/reporter/tax_code", `"001085012345"`)
	raw = reporttest.Set(raw, "/content/reporter/name", `"Hộ kinh doanh Lý Thông"`)
	s := filed(t, raw)
	about, err := s.About(func(p report.Pseudonym) bool { return p == "household:001085012345" })
	require.NoError(t, err)
	require.Equal(t, []string{report.DomainHousehold}, about.Found)
	require.Contains(t, string(about.Document), "Lý Thông")
	require.Contains(t, string(about.Document), "001085012345")
	other, err := s.About(func(p report.Pseudonym) bool { return strings.HasPrefix(string(p), "person:") })
	require.NoError(t, err)
	require.NotContains(t, string(other.Document), "Lý Thông")
}

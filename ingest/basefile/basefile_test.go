package basefile_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/basefile"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

const (
	header = "authority,authority_province,authority_name,area,period,source,reference,measure,value,status,employment,note\n"
	line   = "labour,34:79,Sở Nội vụ,63:74,2015,yearbook,\"Niên giám, trang 3\",deaths,57,V,contract,\"ghi chú\nhai dòng\"\n"
)

func read(t *testing.T, text string) ([]basefile.Submission, []string) {
	t.Helper()
	submissions, found, err := basefile.Read(strings.NewReader(text))
	require.NoError(t, err)
	return submissions, places(found)
}

func places(found []basefile.Finding) []string {
	var out []string
	for _, f := range found {
		if f.MessageVI == "" || f.Message == "" || strings.Contains(f.Message, "%!") {
			panic(f)
		}
		out = append(out, fmt.Sprintf("%s %d %s", f.Code, f.Row, f.Column))
	}
	return out
}

func check(submissions []basefile.Submission, acknowledged ...string) []basefile.Finding {
	return basefile.Check(report.Context{Seeds: seeds.Default(), Now: reporttest.Now()}, submissions, acknowledged)
}

// The example of the documentation is a file that nothing is wrong with.
func TestExampleOfTheDocumentation(t *testing.T) {
	file, err := os.Open("../../docs/examples/base-figures/notices-2012-2015.csv")
	require.NoError(t, err)
	defer file.Close()
	submissions, found, err := basefile.Read(file)
	require.NoError(t, err)
	require.Empty(t, found)
	require.Len(t, submissions, 6, "four years and a half-year of the nation, and one province")
	require.Empty(t, check(submissions))
}

// Rows of one authority, area, period and source are one report.
func TestRowsBecomeReports(t *testing.T) {
	submissions, found := read(t, "\ufeff"+header+line+strings.Replace(line, "deaths,57", "victims,451", 1)+strings.Replace(line, "63:74", "VN", 1))
	require.Empty(t, found)
	require.Len(t, submissions, 2)
	require.Equal(t, []int{2, 3}, submissions[0].Rows)
	require.Equal(t, []int{4}, submissions[1].Rows)
	s, form, err := report.Decode(submissions[0].Raw)
	require.NoError(t, err)
	require.Empty(t, form)
	b := s.Content.(*report.BaseFigures)
	require.Equal(t, report.Private("ghi chú\nhai dòng"), b.Figures[0].Note)
	require.Equal(t, report.Private("Sở Nội vụ"), b.Reporter.Name)
	require.Equal(t, &seeds.ProvinceRef{List: "63", Code: "74"}, b.Province)
	require.EqualValues(t, 451, b.Figures[1].Value)
	s, _, err = report.Decode(submissions[1].Raw)
	require.NoError(t, err)
	require.True(t, s.Content.(*report.BaseFigures).Nation)
	again, err := submissions[0].Acknowledge([]string{"BAS-013"})
	require.NoError(t, err)
	s, _, err = report.Decode(again.Raw)
	require.NoError(t, err)
	require.Equal(t, []string{"BAS-013"}, s.Acknowledge)
}

// Everything that is wrong is found at once, with row and column.
func TestErrorsHaveRowAndColumn(t *testing.T) {
	_, found := read(t, header+
		strings.Replace(line, "57", "1.234", 1)+
		strings.Replace(line, "63:74", "74", 1)+
		strings.Replace(strings.Replace(line, "deaths", "", 1), "34:79", "79", 1)+
		"a,b\n"+
		line+strings.Replace(line, "trang 3", "trang 4", 1))
	require.Equal(t, []string{"IMP-006 2 value", "IMP-007 3 area", "IMP-005 4 measure", "IMP-007 4 authority_province", "IMP-004 5 ", "IMP-008 7 reference"}, found)

	submissions, found := read(t, header+line+strings.Replace(line, "deaths,57", "happiness,3", 1)+strings.Replace(line, "2015,yearbook", "1880,Year Book", 1))
	require.Empty(t, found)
	require.Equal(t, []string{"BAS-003 3 measure", "REP-017 4 period", "BAS-005 4 source"}, places(check(submissions)))
}

func TestWarningsMustBeAcknowledged(t *testing.T) {
	submissions, _ := read(t, header+strings.Replace(line, "34:79", "34:01", 1))
	require.Equal(t, []string{"BAS-013 2 area"}, places(check(submissions)))
	require.False(t, check(submissions)[0].Warning)
	require.True(t, check(submissions, "BAS-013")[0].Warning)
}

func TestHostileFiles(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		_, found := read(t, text)
		require.Equal(t, want, found)
	}
	f("", "IMP-002 1 ")
	f("\xff\xfea\x00", "IMP-001 0 ")
	f("a\x00u\x00", "IMP-001 0 ")
	f(header+"S\xe1i Gòn", "IMP-001 0 ")
	f(header, "IMP-010 0 ")
	f(strings.ReplaceAll(header, ",", ";"), "IMP-002 1 authority;authority_province;authority_n…", "IMP-002 1 authority",
		"IMP-002 1 authority_province", "IMP-002 1 authority_name", "IMP-002 1 area", "IMP-002 1 period", "IMP-002 1 source",
		"IMP-002 1 reference", "IMP-002 1 measure", "IMP-002 1 value", "IMP-002 1 status")
	f(strings.Replace(header, "note", "area", 1), "IMP-002 1 area")
	f(header+line+"\"never closed", "IMP-003 3 ")
	f(header+"la\"bour,x\n"+strings.Replace(line, "57", "x", 1), "IMP-003 2 ", "IMP-006 3 value")
	f(strings.Repeat("x", basefile.MaxBytes+1), "IMP-009 0 ")
	_, found := read(t, header+strings.Repeat("x\n", 5000))
	require.Len(t, found, 1001)
	require.Equal(t, "IMP-009 0 ", found[1000])
}

// Whatever the bytes, the reader answers; what it makes is a document the platform reads.
func FuzzRead(f *testing.F) {
	f.Add([]byte(header + line))
	f.Add([]byte("\ufeff" + header))
	f.Add([]byte(header + "\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		submissions, found, err := basefile.Read(bytes.NewReader(data))
		require.NoError(t, err)
		require.False(t, len(found) > 0 && len(submissions) > 0)
		for _, s := range submissions {
			_, _, err := report.Decode(s.Raw)
			require.NoError(t, err)
			_ = places(check([]basefile.Submission{s}))
		}
	})
}

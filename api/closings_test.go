package api

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/api/web/webtest"
)

// withCallers is the interface with made-up figures, for callers by their tokens.
func withCallers(t *testing.T, callers tokens) *platform {
	t.Helper()
	p := newReader(t)
	p.server.Identity = callers
	return p
}

func (p *platform) askAs(token, path string) answer {
	p.t.Helper()
	return p.ask(http.MethodGet, path, nil, "Authorization", "Bearer "+token)
}

var figureReaders = tokens{
	"ministry": {ID: "m", Role: access.Ministry, Nation: true},
	"province": {ID: "o", Role: access.LabourOfficer, Provinces: []string{"01"}},
	"filer":    {ID: "e", Role: access.Enterprise, Units: []string{"0100109106"}},
}

func TestClosings(t *testing.T) {
	p := withCallers(t, figureReaders)
	list := read[ClosingList](p.get("/v1/closings").ok())
	require.Len(t, list.Closings, 4)
	last := list.Closings[3]
	require.Equal(t, "2025H1", last.Period)
	require.True(t, last.Latest)
	require.Equal(t, indicator.Final, last.Status)
	require.Equal(t, "2025-07-15T00:00:00+07:00", last.FinalFrom.Format("2006-01-02T15:04:05Z07:00"))
	require.Empty(t, last.Changes)
	require.NotContains(t, string(p.get("/v1/closings").body), "closed_by")
	told := read[ClosingList](p.askAs("ministry", "/v1/closings").ok()).Closings[0]
	require.Equal(t, "test", told.ClosedBy)
	require.Equal(t, reportsPath+"?received_from=2026-03-31T10%3A00%3A00Z&year=2023", told.Changes)
}

// A closing of the year is one of its first half, too; a first half alone is none of the year.
func TestClosingsReplaceOneAnother(t *testing.T) {
	at := func(period string, day int) store.Closing {
		return store.Closing{Period: period, AsOf: time.Date(2026, time.February, day, 0, 0, 0, 0, time.UTC)}
	}
	require.True(t, replaces(at("2025", 2), at("2025", 1)))
	require.True(t, replaces(at("2025", 2), at("2025H1", 1)))
	require.False(t, replaces(at("2025H1", 2), at("2025", 1)))
	require.False(t, replaces(at("2025", 1), at("2025", 1)))
	require.False(t, replaces(at("2025", 1), at("2025H1", 2)))
	require.False(t, replaces(at("2024", 2), at("2025H1", 1)))
}

// Two closings of a year differ by what came between them: that may be one report.
func TestEarlierClosingsAreForWhoSeesLiveFigures(t *testing.T) {
	p := withCallers(t, figureReaders)
	series := "/v1/indicators/N4/series?from=2025&to=2025&closing=" + url.QueryEscape(webtest.ClosedAt(webtest.LastClosed).Format("2006-01-02T15:04:05Z07:00"))
	attainment := "/v1/attainment?year=2025&closing=2026-04-30T00:00:00Z"
	for _, path := range []string{series, series + "&area=34:01", attainment} {
		p.get(path).problem(http.StatusForbidden, "API-170")
		p.askAs("filer", path).problem(http.StatusForbidden, "API-170")
	}
	require.Equal(t, indicator.Closed, read[indicator.Series](p.askAs("ministry", series).ok()).View)
	p.askAs("ministry", attainment).ok()
	p.askAs("ministry", series+"&view=live").problem(http.StatusUnprocessableEntity, "API-006")
	p.askAs("province", series+"&area=34:01").ok()
	p.askAs("province", attainment+"&area=34:01").ok()
	p.askAs("province", series).problem(http.StatusForbidden, "API-170")
	p.askAs("province", series+"&area=34:79").problem(http.StatusForbidden, "API-170")
	p.askAs("province", attainment+"&area=34:01,34:79").problem(http.StatusForbidden, "API-170")
}

func TestComparisonAndRank(t *testing.T) {
	p := withCallers(t, figureReaders)
	const path = "/v1/indicators/A3/series?from=2025&to=2025&by=province&compare=previous&rank=true"
	got := read[indicator.Series](p.get(path).ok())
	require.Len(t, got.Values, 34)
	for _, v := range got.Values {
		require.Equal(t, "2024", v.Compared.Period)
		require.NotNil(t, v.Compared.ChangePct)
		require.Equal(t, 34, v.Rank.Of)
		require.NotNil(t, v.Rank.OverlapsNation)
	}
	p.get("/v1/indicators/A3/series?rank=true").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/A3/series?compare=base").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/indicators/A3/series?base_year=2020").problem(http.StatusUnprocessableEntity, "API-006")
	// Of the others an officer sees nothing live: his province would always be the first.
	p.askAs("province", path+"&view=live").problem(http.StatusForbidden, "API-171")
	p.askAs("province", path).ok()
}

// A sheet holds what CSV holds, numbers as numbers, and says what they mean. Asked twice it is
// the same bytes, and is not sent again.
func TestSheetsOfFigures(t *testing.T) {
	p := newReader(t)
	f := func(path string, rows int, number string) *excelize.File {
		t.Helper()
		a := p.get(path, "Accept", sheetType).ok()
		a.is(sheetType)
		require.Empty(t, a.header.Get("Content-Encoding"))
		for _, format := range []string{jsonType, csvType, sheetType} {
			first := p.get(path, "Accept", format, "Accept-Encoding", "identity").ok()
			again := p.get(path, "Accept", format, "Accept-Encoding", "identity").ok()
			require.Equal(t, first.body, again.body, format)
			tag := again.header.Get("ETag")
			require.Equal(t, first.header.Get("ETag"), tag)
			require.Equal(t, http.StatusNotModified, p.get(path, "Accept", format, "Accept-Encoding", "identity", "If-None-Match", tag).status)
		}
		book, err := excelize.OpenReader(bytes.NewReader(a.body))
		require.NoError(t, err)
		table, err := book.GetRows(sheetFigures)
		require.NoError(t, err)
		require.Len(t, table, rows+1)
		csv := strings.Split(string(p.get(path, "Accept", csvType).ok().body), "\r\n")
		require.Equal(t, csv[0], strings.Join(table[0], ","))
		column := 0
		for i, name := range table[0] {
			if name == number {
				column = i + 1
			}
		}
		cell, err := excelize.CoordinatesToCellName(column, 2)
		require.NoError(t, err)
		kind, err := book.GetCellType(sheetFigures, cell)
		require.NoError(t, err)
		require.NotContains(t, []excelize.CellType{excelize.CellTypeSharedString, excelize.CellTypeInlineString, excelize.CellTypeFormula}, kind, number)
		notes, err := book.GetRows(sheetNotes)
		require.NoError(t, err)
		require.Equal(t, []string{"", "Tiếng Việt", "English"}, notes[0])
		for _, note := range notes[1:] {
			require.Len(t, note, 3, note[0])
		}
		return book
	}
	f("/v1/attainment?area=VN", 9, "current_numerator")
	f("/v1/indicators/A3/chart?from=2023&to=2025&by=province", 102, "warning_upper")
	f("/v1/indicators/A3/funnel", 34, "denominator")
	f("/v1/indicators/N4/movers", 34, "rank")
	p.get("/v1/attainment?area=VN,34:68&plan=D31,N19,P659,D31-63-60&base=2020", "Accept", sheetType).ok().is(sheetType)
	book := f("/v1/indicators/A1/series?from=2024&to=2025&by=province", 68, "numerator")
	// What is null is empty, and its reason stands beside.
	text := map[string]string{}
	rows, err := book.GetRows(sheetFigures)
	require.NoError(t, err)
	for i, name := range rows[0] {
		text[name] = rows[1][i]
	}
	require.Empty(t, text["value"])
	require.Equal(t, indicator.ReasonWorkersBySite, text["value_reason"])
}

// A text of figures is never a formula, whatever it begins with.
func TestTextInASheetIsNoFormula(t *testing.T) {
	var out bytes.Buffer
	formula := `=HYPERLINK("https://evil.example","x")`
	require.NoError(t, writeWorkbook(&out, figureTable{header: []string{"a"}, texts: []indicator.Text{{}}, rows: [][]any{{formula}}}, []note{{formula, same(formula)}}))
	book, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	for _, sheet := range []string{sheetFigures, sheetNotes} {
		got, err := book.GetCellFormula(sheet, "A2")
		require.NoError(t, err)
		require.Empty(t, got)
		text, err := book.GetCellValue(sheet, "A2")
		require.NoError(t, err)
		require.Equal(t, formula, text)
	}
}

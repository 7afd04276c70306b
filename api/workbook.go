package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"
	"github.com/xuri/excelize/v2"

	"atvsld/analytics/indicator"
	"atvsld/analytics/summary"
	"atvsld/analytics/trend"
)

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheetOr is negotiated with a spreadsheet as the third choice.
func sheetOr(ctx context.Context) string {
	if negotiation.SelectQValueFast(callOf(ctx).accept, []string{jsonType, csvType, sheetType}) == sheetType {
		return sheetType
	}
	return negotiated(ctx)
}

// withSheet is withCSV with a spreadsheet beside.
func withSheet(description string) map[string]*huma.Response {
	responses := withCSV()
	responses["200"].Content[sheetType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Description: description}}
	return responses
}

// figureSheets describes the spreadsheet of figures.
const figureSheets = "Office Open XML: a sheet of figures as in CSV, numbers as numbers, and a sheet of definitions, columns and reasons"

// encodeSheet writes an answer that has a spreadsheet.
func encodeSheet(w io.Writer, v any) error {
	switch v := v.(type) {
	case summary.Summary:
		return v.WriteWorkbook(w)
	case indicator.Series:
		return writeWorkbook(w, seriesTable(v), seriesNotes(v))
	case indicator.Attainment:
		return writeWorkbook(w, attainmentTable(v), attainmentNotes(v))
	case trend.ChartSet:
		return writeWorkbook(w, chartTable(v), chartNotes(v))
	case trend.Funnel:
		return writeWorkbook(w, funnelTable(v), funnelNotes(v))
	case trend.Movers:
		return writeWorkbook(w, moversTable(v), moversNotes(v))
	}
	return fmt.Errorf("%T has no spreadsheet", v)
}

// note is a line of the second sheet: what it is about, in both languages.
type note struct {
	about string
	text  indicator.Text
}

func seriesNotes(s indicator.Series) []note {
	notes := definitionNotes(s.Indicator, s.Denominator, s.View, s.Commuting)
	var reasons []*indicator.Reason
	for _, v := range s.Values {
		reasons = append(reasons, v.NumeratorReason, v.DenominatorReason, v.ValueReason, v.IntervalReason, v.Coverage.Reason)
		if c := v.Compared; c != nil {
			reasons = append(reasons, c.ValueReason, c.ChangeReason, c.RatioReason)
		}
		if r := v.Rank; r != nil {
			reasons = append(reasons, r.Reason, r.OverlapsReason)
		}
	}
	return append(notes, reasonNotes(reasons)...)
}

// definitionNotes say what the figures of an indicator are.
func definitionNotes(d indicator.Definition, denominator indicator.DenominatorKind, view indicator.View, commuting bool) []note {
	notes := []note{
		{d.ID, d.Name},
		{"formula", d.Formula},
		{"version", same(strconv.Itoa(d.Version))},
		{"direction", same(string(d.Direction))},
		{"denominator", same(string(denominator))},
		{"status", same(d.Status)},
		{"view", same(string(view))},
		{"include_commuting", same(strconv.FormatBool(commuting))},
		{"comparability", same(strings.Join([]string{d.Comparable.DeathWithinOneYear, d.Comparable.OverThreeDays, d.Comparable.Commuting}, ", "))},
	}
	for _, source := range d.Sources {
		notes = append(notes, note{"source", same(source.Text + " (" + source.Status + ")")})
	}
	// A count has no denominator.
	return slices.DeleteFunc(notes, func(n note) bool { return n.text == (indicator.Text{}) })
}

func attainmentNotes(a indicator.Attainment) []note {
	notes := []note{
		{"view", same(string(a.View))},
		{"geography", same(a.Geography)},
		{"include_commuting", same(strconv.FormatBool(a.Commuting))},
	}
	said := map[string]bool{}
	add := func(about string, text indicator.Text) {
		if !said[about] && text != (indicator.Text{}) {
			said[about] = true
			notes = append(notes, note{about, text})
		}
	}
	var reasons []*indicator.Reason
	for _, i := range a.Items {
		add(i.Target.ID, i.Target.Name)
		if i.Threshold != nil {
			add(i.Target.ID+" threshold", i.Threshold.Text)
		}
		add(i.Definition.ID, i.Definition.Text)
		reasons = append(reasons, i.Reason, i.RatioReason, i.Coverage.Reason, i.Previous.ValueReason, i.Current.ValueReason)
	}
	return append(notes, reasonNotes(reasons)...)
}

// same is a text that has no language.
func same(text string) indicator.Text { return indicator.Text{VI: text, EN: text} }

// reasonNotes explains each reason once, by its code.
func reasonNotes(reasons []*indicator.Reason) []note {
	byCode := map[string]note{}
	for _, r := range reasons {
		if r != nil {
			byCode[r.Code] = note{r.Code, indicator.Text{VI: r.VI, EN: r.EN}}
		}
	}
	return slices.SortedFunc(maps.Values(byCode), func(a, b note) int { return strings.Compare(a.about, b.about) })
}

// The sheets of a workbook of figures.
const (
	sheetFigures = "Số liệu"
	sheetNotes   = "Ghi chú"
)

// writeWorkbook writes a table of figures and, on a second sheet, what they mean: notes and
// the columns. Text is written as text, so that none of it is ever a formula. The same figures
// are the same bytes.
func writeWorkbook(w io.Writer, t figureTable, notes []note) error {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err == nil {
		err = writeFigures(f, t, bold)
	}
	if err == nil {
		err = writeNotes(f, t, notes, bold)
	}
	if err == nil {
		err = f.Write(w)
	}
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// writeFigures streams, because a sheet in memory takes ten times what it holds. One stream
// only: several go into the file in any order, and it would be another one each time.
func writeFigures(f *excelize.File, t figureTable, bold int) error {
	if err := f.SetSheetName(f.GetSheetName(0), sheetFigures); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheetFigures)
	if err != nil {
		return err
	}
	if err := out.SetPanes(firstRowStays); err != nil {
		return err
	}
	header := make([]any, len(t.header))
	for i, name := range t.header {
		header[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	for i, row := range append([][]any{header}, t.rows...) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(cell, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeNotes(f *excelize.File, t figureTable, notes []note, bold int) error {
	rows := [][]any{{"", "Tiếng Việt", "English"}}
	for _, n := range notes {
		rows = append(rows, []any{n.about, n.text.VI, n.text.EN})
	}
	for i, name := range t.header {
		rows = append(rows, []any{name, t.texts[i].VI, t.texts[i].EN})
	}
	if _, err := f.NewSheet(sheetNotes); err != nil {
		return err
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheetNotes, cell, &row); err != nil {
			return err
		}
	}
	return errors.Join(f.SetRowStyle(sheetNotes, 1, 1, bold), f.SetColWidth(sheetNotes, "A", "C", 60), f.SetPanes(sheetNotes, firstRowStays))
}

var firstRowStays = &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}

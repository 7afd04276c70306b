package api

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"atvsld/analytics/indicator"
)

// tableColumn is a column of a table of figures: its name in the header, what it holds, and how a
// row fills it: with text, a number, a truth value, or nil where nothing is known.
type tableColumn[T any] struct {
	name string
	text indicator.Text
	of   func(T) any
}

// figureTable is an answer as one table: the same as CSV and as a sheet.
type figureTable struct {
	header []string
	texts  []indicator.Text
	rows   [][]any
}

func tableOf[T any](columns []tableColumn[T], items []T) figureTable {
	var t figureTable
	for _, c := range columns {
		t.header, t.texts = append(t.header, c.name), append(t.texts, c.text)
	}
	for _, item := range items {
		row := make([]any, len(columns))
		for i, c := range columns {
			row[i] = c.of(item)
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// writeCSV writes the table; what is not known is an empty cell, never 0.
func (t figureTable) writeCSV(out *csv.Writer) {
	_ = out.Write(t.header)
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = cellText(value)
		}
		_ = out.Write(cells)
	}
}

func cellText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// given is what a pointer points to, or nothing.
func given[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// lower and upper are the limits of an interval, if there is one.
func lower(i *indicator.Interval) any {
	if i == nil {
		return nil
	}
	return i.Lower
}

func upper(i *indicator.Interval) any {
	if i == nil {
		return nil
	}
	return given(i.Upper)
}

// instant is a moment as text, because a sheet's times have no offset.
func instant(t *time.Time) any {
	if t == nil {
		return nil
	}
	return moment(t)
}

// areaColumns are those of every table of figures.
func areaColumns[T any](area func(T) indicator.Area) []tableColumn[T] {
	return []tableColumn[T]{
		{"area_level", indicator.Text{VI: "Cấp của địa bàn", EN: "Level of the area"}, func(r T) any { return area(r).Level }},
		{"area_list", indicator.Text{VI: "Danh mục tỉnh của mã: 34 hoặc 63", EN: "List of provinces of the code: 34 or 63"}, func(r T) any { return string(area(r).List) }},
		{"area_code", indicator.Text{VI: "Mã địa bàn trong danh mục", EN: "Code of the area in its list"}, func(r T) any { return area(r).Code }},
		{"area_vi", indicator.Text{VI: "Tên địa bàn, tiếng Việt", EN: "Name of the area in Vietnamese"}, func(r T) any { return area(r).Name.VI }},
		{"area_en", indicator.Text{VI: "Tên địa bàn, tiếng Anh", EN: "Name of the area in English"}, func(r T) any { return area(r).Name.EN }},
	}
}

// Package basefile reads a table of base figures (RFC 4180) into submissions. It is pure:
// what it finds wrong it finds all at once, each with its row and column.
package basefile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Limits of one file: far beyond any yearbook, far below what could cost anything.
const (
	MaxBytes    = 16 << 20
	MaxRows     = 100_000
	maxFindings = 1000
)

// Columns are those of the header line, in any order. The required ones have a value in
// every row.
var (
	required = []string{"authority", "authority_province", "authority_name", "area", "period", "source", "reference", "measure", "value", "status"}
	optional = []string{"employment", "vsic_version", "vsic_section", "printed", "note"}
)

// Finding is something wrong in the file, or in the report made of it. Row is the row of
// the spreadsheet, the header being 1; 0 is the file as a whole.
type Finding struct {
	Code, Column string
	Row          int
	MessageVI    string
	Message      string
	// Warning: does not keep the report from being filed.
	Warning bool
}

// The codes of the reader. Codes of reports (BAS-…, REP-…) come from the catalogue.
const (
	codeEncoding  = "IMP-001"
	codeHeader    = "IMP-002"
	codeSyntax    = "IMP-003"
	codeFields    = "IMP-004"
	codeMissing   = "IMP-005"
	codeNumber    = "IMP-006"
	codeArea      = "IMP-007"
	codeReference = "IMP-008"
	codeTooMuch   = "IMP-009"
	codeEmpty     = "IMP-010"
)

var messages = map[string][2]string{
	codeEncoding:  {"Tệp phải mã hóa UTF-8, có hoặc không có BOM.", "The file must be UTF-8, with or without a byte-order mark."},
	codeHeader:    {"Dòng tiêu đề: %s.", "The header line: %s."},
	codeSyntax:    {"Dòng không đúng cú pháp CSV (RFC 4180).", "The row is not CSV (RFC 4180)."},
	codeFields:    {"Dòng có %s ô, tiêu đề có số ô khác.", "The row has %s fields, which is not the header's number."},
	codeMissing:   {"Thiếu giá trị.", "The value is missing."},
	codeNumber:    {"Phải là số nguyên không âm viết liền, không dấu phân cách.", "It must be a whole number from 0, digits only."},
	codeArea:      {"Tỉnh phải viết kèm danh mục, ví dụ 63:74; cả nước viết VN.", "A province is written list:code, as in 63:74; the nation is VN."},
	codeReference: {"Khác với dòng %s của cùng một nguồn, tỉnh và kỳ.", "It differs from row %s of the same source, area and period."},
	codeTooMuch:   {"Vượt quá giới hạn: %s.", "Beyond a limit: %s."},
	codeEmpty:     {"Tệp không có số liệu nào.", "The file has no figures."},
}

// Submission is one report made of rows of the file.
type Submission struct {
	// Raw is the document to be filed.
	Raw []byte
	// Rows are the rows of the spreadsheet, one a figure.
	Rows []int
}

// Read makes submissions of a file: one for each authority, area, period and source. With
// findings that are no warnings there are no submissions.
func Read(in io.Reader) ([]Submission, []Finding, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the file: %w", err)
	}
	r := &reader{}
	r.file(data)
	if len(r.findings) > 0 {
		return nil, r.findings, nil
	}
	submissions, err := r.submissions()
	return submissions, nil, err
}

type reader struct {
	findings []Finding
	columns  map[string]int
	width    int
	groups   map[string]*group
	order    []*group
}

// group is a report in the making.
type group struct {
	content report.BaseFigures
	rows    []int
	first   map[string]string // what every row of the report must say alike
}

func (r *reader) hit(code string, row int, column string, args ...any) {
	if len(r.findings) == maxFindings {
		r.findings = append(r.findings, finding(codeTooMuch, 0, "", "1000 lỗi / findings"))
	}
	if len(r.findings) < maxFindings {
		r.findings = append(r.findings, finding(code, row, column, args...))
	}
}

func finding(code string, row int, column string, args ...any) Finding {
	text := messages[code]
	f := Finding{Code: code, Row: row, Column: column, MessageVI: text[0], Message: text[1]}
	if len(args) > 0 {
		f.MessageVI, f.Message = fmt.Sprintf(text[0], args...), fmt.Sprintf(text[1], args...)
	}
	return f
}

func (r *reader) file(data []byte) {
	if len(data) > MaxBytes {
		r.hit(codeTooMuch, 0, "", strconv.Itoa(MaxBytes)+" byte")
		return
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	// UTF-16 without a mark is full of zero bytes, and valid UTF-8 where it is Latin.
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		r.hit(codeEncoding, 0, "")
		return
	}
	rows := csv.NewReader(bytes.NewReader(data))
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	header, err := rows.Read()
	if err != nil || !r.header(header) {
		if err != nil {
			r.hit(codeHeader, 1, "", "trống hoặc sai cú pháp / empty or malformed")
		}
		return
	}
	r.groups = map[string]*group{}
	for row := 2; r.next(rows, row); row++ {
		if row > MaxRows+1 {
			r.hit(codeTooMuch, row, "", strconv.Itoa(MaxRows)+" dòng / rows")
			return
		}
	}
	if len(r.order) == 0 && len(r.findings) == 0 {
		r.hit(codeEmpty, 0, "")
	}
}

func (r *reader) header(names []string) bool {
	r.columns, r.width = map[string]int{}, len(names)
	for i, name := range names {
		_, twice := r.columns[name]
		switch {
		case !slices.Contains(required, name) && !slices.Contains(optional, name):
			r.hit(codeHeader, 1, clip(name), "không có cột này / there is no such column")
		case twice:
			r.hit(codeHeader, 1, name, "cột lặp lại / the column stands twice")
		}
		r.columns[name] = i
	}
	for _, name := range required {
		if _, there := r.columns[name]; !there {
			r.hit(codeHeader, 1, name, "thiếu cột / the column is missing")
		}
	}
	return len(r.findings) == 0
}

// next reads a row; false is the end of the file.
func (r *reader) next(rows *csv.Reader, row int) bool {
	fields, err := rows.Read()
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return false
	case errors.As(err, &syntax):
		r.hit(codeSyntax, row, "")
		return true
	case err != nil:
		r.hit(codeSyntax, row, "")
		return false
	case len(fields) != r.width:
		r.hit(codeFields, row, "", strconv.Itoa(len(fields)))
		return true
	}
	r.row(row, func(column string) string {
		if i, there := r.columns[column]; there {
			return strings.TrimSpace(fields[i])
		}
		return ""
	})
	return true
}

// row adds a figure to its report, or finds everything that is wrong with it.
func (r *reader) row(row int, cell func(string) string) {
	before := len(r.findings)
	for _, column := range required {
		if cell(column) == "" {
			r.hit(codeMissing, row, column)
		}
	}
	value, err := strconv.ParseUint(cell("value"), 10, 63)
	if cell("value") != "" && err != nil {
		r.hit(codeNumber, row, "value")
	}
	area, nation := r.area(row, "area", cell("area"), true)
	of, _ := r.area(row, "authority_province", cell("authority_province"), false)
	if len(r.findings) > before {
		return
	}
	g := r.group(row, cell, area, of, nation)
	figure := report.BaseFigure{
		Measure: cell("measure"), Employment: cell("employment"), Value: value, Status: cell("status"),
		Printed: cell("printed"), Note: report.Private(cell("note")),
	}
	if version, section := cell("vsic_version"), cell("vsic_section"); version != "" || section != "" {
		figure.Sector = &report.Industry{Version: version, Code: section}
	}
	g.content.Figures, g.rows = append(g.content.Figures, figure), append(g.rows, row)
}

func (r *reader) area(row int, column, text string, mayBeNation bool) (ref seeds.ProvinceRef, nation bool) {
	if text == "" || text == "VN" && mayBeNation {
		return seeds.ProvinceRef{}, true
	}
	list, code, ok := strings.Cut(text, ":")
	if !ok || list == "" || code == "" {
		r.hit(codeArea, row, column)
	}
	return seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}, false
}

// group finds the report that a row belongs to, and checks that the row says the same of
// it as the first one.
func (r *reader) group(row int, cell func(string) string, area, of seeds.ProvinceRef, nation bool) *group {
	key := strings.Join([]string{cell("authority"), of.String(), area.String(), cell("period"), cell("source")}, "\x00")
	g := r.groups[key]
	if g == nil {
		g = &group{first: map[string]string{"reference": cell("reference"), "authority_name": cell("authority_name")}}
		g.content = report.BaseFigures{
			Reporter: report.Reporter{Type: report.AuthorityReporter, Authority: cell("authority"), Name: report.Private(cell("authority_name")), Province: of},
			Nation:   nation, Period: report.Period(cell("period")), Source: report.BaseSource{Code: cell("source"), Reference: cell("reference")},
		}
		if !nation {
			g.content.Province = &area
		}
		r.groups[key] = g
		r.order = append(r.order, g)
	}
	for _, column := range []string{"reference", "authority_name"} {
		if cell(column) != g.first[column] {
			r.hit(codeReference, row, column, strconv.Itoa(g.rows[0]))
		}
	}
	return g
}

// document is a submission as it is written. Names and notes are personal: they marshal to
// nothing on purpose, so they are written here.
type document struct {
	Kind        report.Kind `json:"kind"`
	Acknowledge []string    `json:"acknowledge,omitempty"`
	Content     content     `json:"content"`
}

type content struct {
	Reporter reporter           `json:"reporter"`
	Province *seeds.ProvinceRef `json:"province,omitempty"`
	Nation   bool               `json:"nation,omitzero"`
	Period   report.Period      `json:"period"`
	Source   report.BaseSource  `json:"source"`
	Figures  []figure           `json:"figures"`
}

type reporter struct {
	Type      report.ReporterType `json:"type"`
	Authority string              `json:"authority"`
	Name      string              `json:"name"`
	Province  seeds.ProvinceRef   `json:"province"`
}

type figure struct {
	report.BaseFigure
	Note string `json:"note,omitempty"`
}

func (r *reader) submissions() ([]Submission, error) {
	out := make([]Submission, len(r.order))
	for i, g := range r.order {
		c := content{
			Reporter: reporter{g.content.Reporter.Type, g.content.Reporter.Authority, g.content.Reporter.Name.Reveal(), g.content.Reporter.Province},
			Province: g.content.Province, Nation: g.content.Nation, Period: g.content.Period, Source: g.content.Source,
		}
		for _, f := range g.content.Figures {
			c.Figures = append(c.Figures, figure{f, f.Note.Reveal()})
		}
		raw, err := json.Marshal(document{Kind: report.BaseFiguresReport, Content: c})
		if err != nil {
			return nil, fmt.Errorf("write the report of row %d: %w", g.rows[0], err)
		}
		out[i] = Submission{Raw: raw, Rows: g.rows}
	}
	return out, nil
}

// Acknowledge returns the submission with warnings acknowledged by code.
func (s Submission) Acknowledge(codes []string) (Submission, error) {
	if len(codes) == 0 {
		return s, nil
	}
	list, err := json.Marshal(codes)
	if err != nil {
		return s, fmt.Errorf("acknowledge: %w", err)
	}
	// The document is an object that was written above.
	raw := append([]byte(`{"acknowledge":`), list...)
	raw = append(raw, ',')
	return Submission{Raw: append(raw, s.Raw[1:]...), Rows: s.Rows}, nil
}

// columnOf names the column that a member of the content was made of.
var columnOf = map[string]string{
	"reporter": "authority", "authority": "authority", "name": "authority_name", "province": "area", "nation": "area",
	"code": "vsic_section", "version": "vsic_version", "sector": "vsic_section",
}

// Place turns a finding of the platform into one of the file: a pointer into the figures is
// a row, everything else is the first row of the report.
func (s Submission) Place(f report.Finding, blocking bool) Finding {
	out := Finding{Code: f.Code, Row: s.Rows[0], MessageVI: f.MessageVI, Message: f.Message, Warning: !blocking}
	parts := strings.Split(strings.TrimPrefix(f.Pointer, "/content/"), "/")
	if parts[0] == "figures" && len(parts) > 1 {
		if i, err := strconv.Atoi(parts[1]); err == nil && i >= 0 && i < len(s.Rows) {
			out.Row = s.Rows[i]
		}
		parts = parts[min(2, len(parts)):]
	}
	out.Column = columnFor(parts)
	return out
}

func columnFor(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "source" && last == "code":
		return "source"
	case parts[0] == "source" && last == "reference":
		return "reference"
	case parts[0] == "reporter" && len(parts) > 1 && parts[1] == "province":
		return "authority_province"
	case parts[0] == "province":
		return "area"
	}
	if column, ok := columnOf[last]; ok {
		return column
	}
	return clip(last)
}

func clip(text string) string {
	const longest = 40
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// Check runs the rules of the platform over submissions without a network.
func Check(ctx report.Context, submissions []Submission, acknowledged []string) []Finding {
	var all []Finding
	for _, s := range submissions {
		decoded, form, err := report.Decode(s.Raw)
		if err != nil {
			all = append(all, Finding{Code: codeTooMuch, Row: s.Rows[0], MessageVI: err.Error(), Message: err.Error()})
			continue
		}
		found := report.Check(ctx, &decoded, form)
		for _, f := range found {
			all = append(all, s.Place(f, len(report.Blocking([]report.Finding{f}, acknowledged)) > 0))
		}
	}
	return all
}

package seeds

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// PlanFileName is the table of provincial plans in a folder of reference data.
const PlanFileName = "provincial_targets.csv"

// Limits of one file: far beyond the plans of 34 provinces, far below what could cost anything.
const (
	maxPlanBytes    = 4 << 20
	maxPlanRows     = 10_000
	maxPlanFindings = 1000
)

// planFileColumns are the columns of a file of provincial plans, one target a row. The file may
// have them in any order.
var planFileColumns = strings.Fields("plan plan_name_vi plan_name_en province issued id name_vi name_en definition direction rule threshold_num threshold_den strict period valid_from valid_to source status note")

// optionalInPlans may be empty, planWide must be the same in every row of a plan.
var (
	optionalInPlans = strings.Fields("issued definition threshold_num threshold_den valid_to note")
	planWide        = strings.Fields("plan_name_vi plan_name_en province issued source")
)

// PlanFile are provincial plans and their targets, in the order of the file.
type PlanFile struct {
	Plans   []Plan
	Targets []Target
}

// PlanFinding is a mistake in a file of provincial plans. Row is the row of the
// spreadsheet, the header being 1; 0 is the file as a whole.
type PlanFinding struct {
	Code   string
	Row    int
	Column string
	VI, EN string
}

// The codes of the reader.
const (
	planEncoding   = "PLN-001"
	planHeader     = "PLN-002"
	planSyntax     = "PLN-003"
	planFields     = "PLN-004"
	planMissing    = "PLN-005"
	planWord       = "PLN-006"
	planProvince   = "PLN-007"
	planDate       = "PLN-008"
	planValidity   = "PLN-009"
	planThreshold  = "PLN-010"
	planPeriod     = "PLN-011"
	planTaken      = "PLN-012"
	planDiffers    = "PLN-013"
	planDefinition = "PLN-014"
	planLimit      = "PLN-015"
	planList       = "PLN-016"
)

var planMessages = map[string][2]string{
	planEncoding:   {"Tệp phải mã hóa UTF-8, có hoặc không có BOM.", "The file must be UTF-8, with or without a byte-order mark."},
	planHeader:     {"Dòng tiêu đề: %s.", "The header line: %s."},
	planSyntax:     {"Dòng không đúng cú pháp CSV (RFC 4180).", "The row is not CSV (RFC 4180)."},
	planFields:     {"Dòng có %s ô, tiêu đề có số ô khác.", "The row has %s fields, which is not the header's number."},
	planMissing:    {"Thiếu giá trị.", "The value is missing."},
	planWord:       {"Giá trị phải là: %s.", "The value must be: %s."},
	planProvince:   {"Tỉnh phải viết kèm danh mục và có thật, ví dụ 34:79.", "It must be a province that exists, written list:code, as in 34:79."},
	planDate:       {"Ngày phải viết YYYY-MM-DD.", "A date is written YYYY-MM-DD."},
	planValidity:   {"Ngày hết hiệu lực trước ngày bắt đầu.", "The last day is before the first."},
	planThreshold:  {"Ngưỡng là hai số nguyên dương, tử trên mẫu, cùng chiều với mục tiêu (giảm: nhỏ hơn 1; tăng: lớn hơn 1); cột mốc không có ngưỡng.", "A threshold is two whole numbers above 0, in the direction of the target (down: below 1; up: above 1); a milestone has none."},
	planPeriod:     {"Kỳ không hợp với quy tắc: thay đổi hằng năm là year; thay đổi trung bình như 2026-2030; mức và cột mốc như by 2030 hoặc year.", "The period does not fit the rule: a yearly change is year; an average one as in 2026-2030; levels and milestones as in by 2030, or year."},
	planTaken:      {"Mã đã được dùng (%s).", "The identifier is taken (%s)."},
	planDiffers:    {"Khác với dòng %s của cùng kế hoạch.", "It differs from row %s of the same plan."},
	planDefinition: {"Cách tính không dùng được ở đây: %s.", "The definition cannot be used here: %s."},
	planLimit:      {"Vượt quá giới hạn: %s.", "Beyond a limit: %s."},
	planList:       {"Tỉnh không có trong danh mục có hiệu lực vào ngày ban hành kế hoạch.", "The province is not on the list in force on the day of the plan."},
}

// ReadPlans reads a file of provincial plans: RFC 4180 with commas, UTF-8. Every mistake is
// returned at once; with any, the file must not be used. definitions are the identifiers
// that targets may name; nil is any. Plans that d has already may come again, and then take
// the place of the former; identifiers of others are taken.
func (d *Data) ReadPlans(raw []byte, definitions []string) (PlanFile, []PlanFinding) {
	r := &planReader{data: d, definitions: definitions, plans: map[string]*planRows{}, ids: map[string]int{}}
	r.file(raw)
	return PlanFile{r.ordered, r.targets}, r.findings
}

type planReader struct {
	data        *Data
	definitions []string
	findings    []PlanFinding
	columns     map[string]int
	width       int
	plans       map[string]*planRows
	ordered     []Plan
	targets     []Target
	ids         map[string]int // row of each target's identifier
}

// planRows is what the rows of one plan must say alike.
type planRows struct {
	row   int
	cells map[string]string
	index int // in ordered
}

func (r *planReader) hit(code string, row int, column string, args ...any) {
	if len(r.findings) == maxPlanFindings {
		return
	}
	if len(r.findings) == maxPlanFindings-1 {
		code, row, column, args = planLimit, 0, "", []any{strconv.Itoa(maxPlanFindings) + " lỗi / findings"}
	}
	text := planMessages[code]
	f := PlanFinding{Code: code, Row: row, Column: column, VI: text[0], EN: text[1]}
	if len(args) > 0 {
		f.VI, f.EN = fmt.Sprintf(text[0], args...), fmt.Sprintf(text[1], args...)
	}
	r.findings = append(r.findings, f)
}

func (r *planReader) file(raw []byte) {
	if len(raw) > maxPlanBytes {
		r.hit(planLimit, 0, "", strconv.Itoa(maxPlanBytes)+" byte")
		return
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	// UTF-16 without a mark is full of zero bytes, and valid UTF-8 where it is Latin.
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		r.hit(planEncoding, 0, "")
		return
	}
	rows := csv.NewReader(bytes.NewReader(raw))
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		r.hit(planHeader, 1, "", "trống hoặc sai cú pháp / empty or malformed")
		return
	}
	if !r.header(header) {
		return
	}
	for row := 2; r.next(rows, row); row++ {
		if row > maxPlanRows {
			r.hit(planLimit, row, "", strconv.Itoa(maxPlanRows)+" dòng / rows")
			return
		}
	}
}

func (r *planReader) header(names []string) bool {
	r.columns, r.width = map[string]int{}, len(names)
	for i, name := range names {
		_, twice := r.columns[name]
		switch {
		case !slices.Contains(planFileColumns, name):
			r.hit(planHeader, 1, strconv.Itoa(i+1), "không có cột tên này / there is no column of that name")
		case twice:
			r.hit(planHeader, 1, name, "cột lặp lại / the column stands twice")
		}
		r.columns[name] = i
	}
	for _, name := range planFileColumns {
		if _, there := r.columns[name]; !there {
			r.hit(planHeader, 1, name, "thiếu cột / the column is missing")
		}
	}
	return len(r.findings) == 0
}

// next reads a row; false is the end of the file.
func (r *planReader) next(rows *csv.Reader, row int) bool {
	fields, err := rows.Read()
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return false
	case errors.As(err, &syntax):
		r.hit(planSyntax, row, "")
	case err != nil:
		r.hit(planSyntax, row, "")
		return false
	case len(fields) != r.width:
		r.hit(planFields, row, "", strconv.Itoa(len(fields)))
	default:
		r.row(&planCells{r, row, fields})
	}
	return true
}

// row adds a target and, with its first one, the plan.
func (r *planReader) row(c *planCells) {
	t, p := c.target(), c.plan()
	if p.ID != "" && t.ID != "" {
		c.unused(t)
		c.alike(p, t)
	}
}

// provincialPlans adds the provincial plans to the data that was loaded.
func (l *loader) provincialPlans(d *Data) {
	raw, err := fs.ReadFile(l.fsys, "data/"+PlanFileName)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("read seeds: %w", err))
		return
	}
	file, findings := d.ReadPlans(raw, nil)
	for _, f := range findings {
		l.fail(PlanFileName, max(f.Row, 1), "%s %s: %s", f.Code, f.Column, f.EN)
	}
	d.plans, d.targets = append(d.plans, file.Plans...), append(d.targets, file.Targets...)
}

// ProvincialPlans returns the plans of provinces with their targets.
func (d *Data) ProvincialPlans() PlanFile {
	var f PlanFile
	for _, p := range d.plans {
		if p.Province != (ProvinceRef{}) {
			f.Plans, f.Targets = append(f.Plans, p), append(f.Targets, d.TargetsOf(p.ID)...)
		}
	}
	return f
}

// Over returns the plans of old that f does not have, and after them those of f.
func (f PlanFile) Over(old PlanFile) PlanFile {
	has := func(id string) bool { return slices.ContainsFunc(f.Plans, func(p Plan) bool { return p.ID == id }) }
	return PlanFile{
		Plans:   append(slices.DeleteFunc(slices.Clone(old.Plans), func(p Plan) bool { return has(p.ID) }), f.Plans...),
		Targets: append(slices.DeleteFunc(slices.Clone(old.Targets), func(t Target) bool { return has(t.Plan) }), f.Targets...),
	}
}

// WriteCSV writes what [Data.ReadPlans] reads.
func (f PlanFile) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(planFileColumns) // Error tells
	for _, t := range f.Targets {
		i := slices.IndexFunc(f.Plans, func(p Plan) bool { return p.ID == t.Plan })
		p := f.Plans[i]
		num, den := "", ""
		if !t.Threshold.IsZero() {
			num, den = strconv.FormatInt(t.Threshold.Num, 10), strconv.FormatInt(t.Threshold.Den, 10)
		}
		_ = out.Write([]string{
			p.ID, p.NameVI, p.NameEN, string(p.Province.List) + ":" + p.Province.Code, p.Issued.String(), t.ID, t.NameVI, t.NameEN,
			strings.Join(t.Definitions, ";"), string(t.Direction), string(t.Rule), num, den, yesNo(t.Strict), t.Period,
			t.ValidFrom.String(), t.ValidTo.String(), p.Source, string(t.Status), t.Notes,
		})
	}
	out.Flush()
	return out.Error()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// clean is a text as it is kept: without space around it, in Unicode normal form C.
func clean(cell string) string { return norm.NFC.String(strings.TrimSpace(cell)) }

func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }

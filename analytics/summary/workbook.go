package summary

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"atvsld/analytics/indicator"
)

// page is one sheet of the printed form: cells of text, int64 and float64.
type page struct {
	name   string
	widths []float64 // of columns from A on; the rest like the last
	rows   [][]any
	// heads are the rows in bold, counted from 0.
	heads []int
}

func (p *page) head(cells ...any) {
	p.heads = append(p.heads, len(p.rows))
	p.rows = append(p.rows, cells)
}

func (p *page) row(cells ...any) { p.rows = append(p.rows, cells) }

// cell is a count as it is printed: what is not known is the code of its reason in
// brackets, which the last sheet explains; never 0 and never an empty cell.
func (c Count) cell() any {
	if c.Value == nil {
		return bracketed(c.Reason)
	}
	return *c.Value
}

func (r Rate) cell() any {
	if r.Value == nil {
		return bracketed(r.Reason)
	}
	return *r.Value
}

func bracketed(r *Reason) string {
	if r == nil {
		return ""
	}
	return "[" + r.Code + "]"
}

func (s Summary) title(part string) string {
	text := part + " – " + s.Area.Name.VI + ", kỳ " + s.Period
	if s.Demonstration {
		text += " – DỮ LIỆU MẪU, không phải thống kê"
	}
	return text
}

func (s Summary) pages() []page {
	return []page{s.establishmentPage(), s.detailPage(), s.differencePage(), s.notePage()}
}

func (s Summary) establishmentPage() page {
	p := page{name: "Phần I", widths: []float64{56, 12, 14}}
	p.head(s.title(s.Definition.Form.VI))
	p.row("I. Thông tin tổng quan – khu vực có hợp đồng lao động (Phụ lục XII)")
	p.head("", "", "Cơ sở", "", "Lực lượng lao động", "", "", "Tổng số tai nạn lao động", "", "", "Tần suất TNLĐ", "")
	p.head("Chỉ tiêu", "Mã số", "Tổng số", "Số cơ sở tham gia báo cáo", "Tổng số", "Số lao động của cơ sở tham gia báo cáo", "Số lao động nữ",
		"Số người bị tai nạn", "Số người chết", "Số người bị thương nặng", "K_TNLĐ", "K_chết")
	p.establishments(s.Contract.Total)
	p.head("Phân theo loại hình cơ sở")
	for _, r := range s.Contract.ByType {
		p.establishments(r)
	}
	p.head("Phân theo ngành")
	for _, r := range s.Contract.ByIndustry {
		p.establishments(r)
	}
	return p
}

func (p *page) establishments(r EstablishmentRow) {
	code := r.Code
	if r.Version != "" {
		code = r.Code + " (" + r.Version + ")"
	}
	p.row(r.Name.VI, code, r.Establishments.cell(), r.Reporting.cell(), r.Workers.cell(), r.WorkersReported.cell(), r.WorkersWomen.cell(),
		r.Victims.cell(), r.Deaths.cell(), r.Serious.cell(), r.KAccidents.cell(), r.KDeaths.cell())
}

var detailTitles = map[string]string{
	"severity": "1.1. Phân theo mức độ", "cause": "1.2. Phân theo nguyên nhân", "factor": "1.3. Phân theo yếu tố gây chấn thương",
	"occupation": "1.4. Phân theo nghề nghiệp",
}

func (s Summary) detailPage() page {
	p := page{name: "Phần II", widths: []float64{56, 10, 12}}
	p.head(s.title("II. Phân loại tai nạn lao động và thiệt hại"))
	p.head("", "", "Số vụ", "", "", "Số người bị nạn", "", "", "", "Thiệt hại (1.000 đồng)")
	p.head("Tiêu chí", "Mã số", "Tổng số", "Số vụ có người chết", "Số vụ có từ 2 người bị nạn trở lên", "Tổng số", "Số lao động nữ", "Số người chết",
		"Số người bị thương nặng", "Tổng số ngày nghỉ", "Tổng chi phí", "Y tế", "Trả lương trong thời gian điều trị", "Bồi thường, trợ cấp", "Thiệt hại tài sản")
	p.head("A. Khu vực có hợp đồng lao động (Phụ lục XII)")
	p.details(s.Contract.Details)
	p.head("B. Người lao động làm việc không theo hợp đồng lao động (báo cáo của xã); không cộng với phần A")
	p.details(s.NoContract.Details)
	return p
}

func (p *page) details(rows []DetailRow) {
	group := ""
	for _, r := range rows {
		if title := detailTitles[r.Group]; title != "" && r.Group != group {
			p.head(title)
		}
		group = r.Group
		p.row(r.Name.VI, r.Code, r.Accidents.cell(), r.AccidentsFatal.cell(), r.AccidentsMulti.cell(), r.Victims.cell(), r.Women.cell(),
			r.Deaths.cell(), r.Serious.cell(), r.DaysOff.cell(), r.CostTotal.cell(), r.CostMedical.cell(), r.CostWages.cell(),
			r.CostCompensation.cell(), r.Property.cell())
	}
}

func (s Summary) differencePage() page {
	p := page{name: "Đối chiếu", widths: []float64{40, 24, 18}}
	p.head(s.title("Đối chiếu vụ đã khai báo với báo cáo định kỳ"))
	p.head("Chỉ tiêu", "Khu vực", "Khai báo (nơi xảy ra)", "Báo cáo định kỳ", "Chênh lệch", "Nguồn", "Số báo cáo")
	for _, d := range s.Differences {
		area := "Có hợp đồng lao động"
		if d.Employment != string(indicator.Contract) {
			area = "Không có hợp đồng lao động"
		}
		p.row(d.Name.VI, area, d.Declared.cell(), d.Periodic.cell(), d.Difference.cell(), d.Source, d.Reports)
	}
	return p
}

func (s Summary) notePage() page {
	p := page{name: "Ghi chú", widths: []float64{26, 90}}
	p.head("Định nghĩa", fmt.Sprintf("%s, phiên bản %d; hệ số %d; tình trạng %s", s.Definition.ID, s.Definition.Version, s.Definition.Factor, s.Definition.Status))
	p.row("Căn cứ", s.Definition.LegalRef)
	p.row("Số báo cáo", fmt.Sprintf("Phụ lục XII: %d; xã: %d", s.Contract.Reports, s.NoContract.Reports))
	if s.Unplaced.Reports > 0 {
		p.row("Chưa rõ tỉnh cũ", s.Unplaced.Reports)
	}
	for _, n := range s.Definition.Notes {
		p.row("", n.VI)
	}
	p.head("Cột", "Nội dung")
	for _, c := range s.Definition.Columns {
		p.row(c.Name, c.Text.VI+" (nguồn: "+c.Source+")")
	}
	p.head("Vì sao không có số liệu", "")
	for _, code := range []string{
		indicator.ReasonNoRegister, indicator.ReasonNotInForm, indicator.ReasonNoReports, indicator.ReasonDenominatorMissing, indicator.ReasonWithoutContract,
	} {
		r := indicator.ReasonOf(code)
		p.row(bracketed(r), r.VI)
	}
	return p
}

// WriteWorkbook writes the summary as a spreadsheet laid out like the form (Office Open
// XML). Rates are numbers in full precision that show two decimals.
func (s Summary) WriteWorkbook(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	const twoDecimals = 2 // the built-in format 0.00
	decimals, err := f.NewStyle(&excelize.Style{NumFmt: twoDecimals})
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i, p := range s.pages() {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), p.name)
		} else {
			_, err = f.NewSheet(p.name)
		}
		if err == nil {
			err = p.write(f, bold, decimals)
		}
		if err != nil {
			return fmt.Errorf("write sheet %s: %w", p.name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func (p *page) write(f *excelize.File, bold, decimals int) error {
	columns := 0
	for i, row := range p.rows {
		columns = max(columns, len(row))
		for j, value := range row {
			if value == "" {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := f.SetCellValue(p.name, cell, value); err != nil {
				return err
			}
			if _, fraction := value.(float64); !fraction {
				continue
			}
			if err := f.SetCellStyle(p.name, cell, cell, decimals); err != nil {
				return err
			}
		}
	}
	for _, i := range p.heads {
		if err := f.SetRowStyle(p.name, i+1, i+1, bold); err != nil {
			return err
		}
	}
	return p.setWidths(f, columns)
}

func (p *page) setWidths(f *excelize.File, columns int) error {
	for i := range columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := f.SetColWidth(p.name, name, name, p.widths[min(i, len(p.widths)-1)]); err != nil {
			return err
		}
	}
	return nil
}

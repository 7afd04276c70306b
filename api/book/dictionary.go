package book

import (
	"fmt"
	"slices"
	"strings"

	"atvsld/api"
	"atvsld/ingest/report"
)

const dictionaryHead = `# Từ điển dữ liệu / Data dictionary

Tập tin này được tạo bằng ` + "`make docs`" + `; đừng sửa tay. Máy đọc: ` + "`GET /v1/dictionary`" + `. / Made by ` + "`make docs`" + `; do not edit. For
machines: ` + "`GET /v1/dictionary`" + `.

- ` + "`*`" + ` trong con trỏ là mọi phần tử của danh sách. / ` + "`*`" + ` in a pointer is every element of a list.
- **Bắt buộc / Required**: ● bắt buộc / required, ○ không / not, ◆ hệ thống tính / computed by the platform.
- **Riêng tư / Private**: 🔒 không bao giờ rời cổng tiếp nhận ở dạng rõ, được lưu mã hóa. / never leaves the gateway in clear; stored encrypted.
- **Cột / Columns**: cột của kho có giá trị phụ thuộc mục này; không nêu bảng: bảng của loại báo cáo. / columns of the store whose value
  depends on the field; without a table: that of the kind.
- **Nguồn / Source**: V đã kiểm chứng / verified, S nguồn thứ cấp / secondary, UNVERIFIED chưa kiểm chứng / unverified.
`

// Dictionary writes the data dictionary: every field, by kind.
func Dictionary(d api.Dictionary) string {
	p := &page{}
	p.line(dictionaryHead)
	p.line("## Mục lục / Contents\n\n- [Mọi báo cáo / Every report](#every)")
	for _, k := range d.Kinds {
		p.line("- [%s / %s](#%s)", k.NameVI, k.NameEN, k.Kind)
	}
	p.line("\n<a id=\"every\"></a>\n\n## Mọi báo cáo / Every report\n")
	p.fields(d, "", "", "")
	for _, k := range d.Kinds {
		about := "định kỳ / periodic"
		if k.Event {
			about = "sự kiện / event"
		}
		p.line("\n<a id=\"%s\"></a>\n\n## %s / %s\n", k.Kind, k.NameVI, k.NameEN)
		p.line("`%s`, %s, bảng / table `%s`. Căn cứ / Source: %s (%s).\n", k.Kind, about, k.Table, k.LegalRef, statuses[k.Status])
		p.fields(d, k.Kind, k.LegalRef, k.Status)
	}
	return p.String()
}

// fields writes those of a kind. Their source is left out where it is the kind's.
func (p *page) fields(d api.Dictionary, kind report.Kind, source, status string) {
	p.line("| mục / field | ý nghĩa / meaning | kiểu / type | | giá trị / values | cột / columns | nguồn / source |")
	p.line("|---|---|---|---|---|---|---|")
	for _, f := range d.Fields {
		if f.Kind != kind {
			continue
		}
		from := ""
		if f.Source != source || f.Status != status {
			from = f.Source + " (" + f.Status + ")"
		}
		cells := []string{"`" + strings.TrimPrefix(f.Pointer, "/content") + "`", f.MeaningVI + "<br>" + f.MeaningEN, f.Type, marks(f),
			values(d, f), columns(f.Columns), from}
		if f.Pointer == "/content" {
			cells[0] = "`/content`"
		}
		for i, c := range cells {
			cells[i] = strings.ReplaceAll(inTable.Replace(c), "&lt;br>", "<br>")
		}
		p.line("| %s |", strings.Join(cells, " | "))
	}
}

func marks(f report.Field) string {
	mark := "○"
	switch {
	case f.Computed:
		mark = "◆"
	case f.Required:
		mark = "●"
	}
	if f.Private {
		mark += " 🔒"
	}
	return mark
}

// values says what a field may hold.
func values(d api.Dictionary, f report.Field) string {
	var parts []string
	if f.Values != nil {
		parts = append(parts, "`"+strings.Join(f.Values, "`, `")+"`")
	}
	for _, list := range f.Lists {
		if address, held := d.CodeLists[list]; held {
			parts = append(parts, "`"+address+"`")
		} else {
			parts = append(parts, list+" (do đơn vị vận hành nạp / loaded by the operator)")
		}
	}
	if f.MaxLength > 0 && f.Values == nil {
		parts = append(parts, fmt.Sprintf("≤ %d ký tự / characters", f.MaxLength))
	}
	if f.MaxItems > 0 {
		parts = append(parts, fmt.Sprintf("≤ %d phần tử / items", f.MaxItems))
	}
	if f.Maximum > 0 {
		parts = append(parts, fmt.Sprintf("0 … %d", f.Maximum))
	}
	return strings.Join(parts, "; ")
}

func columns(names []string) string {
	if len(names) == 0 {
		return ""
	}
	quoted := slices.Clone(names)
	for i, n := range quoted {
		quoted[i] = "`" + n + "`"
	}
	return strings.Join(quoted, ", ")
}

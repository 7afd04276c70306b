package book

import (
	"fmt"
	"strconv"
	"strings"

	"atvsld/api"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

const rulesHead = `# Quy tắc kiểm tra / Rule book

Tập tin này được tạo bằng ` + "`make docs`" + `; đừng sửa tay. / Made by ` + "`make docs`" + `; do not edit.

Phiên bản quy tắc / Version of the rules: **%s**. Máy đọc / For machines: ` + "`GET /v1/rules`" + `.

- **lỗi / error**: báo cáo không được nhận. / The report is refused.
- **cảnh báo / warning**: được nhận và lưu kèm cảnh báo; “phải xác nhận” nghĩa là phải nêu mã trong ` + "`acknowledge`" + `. / Taken and
  stored with the warning; “to be acknowledged”: only with the code in ` + "`acknowledge`" + `.
- **gợi ý / hint**: điều làm cho báo cáo có ích hơn. / What would make the report more useful.

Ví dụ là những chỗ sửa của báo cáo mẫu (` + "`reports`" + ` trong ` + "`GET /v1/rules`" + `): ` + "`con trỏ = JSON`" + ` đặt một mục, ` + "`con trỏ -`" + ` xóa. / Examples
are edits of the model report: ` + "`pointer = JSON`" + ` sets a member, ` + "`pointer -`" + ` removes it.

## Phép tính là dữ liệu / Arithmetic is data

Quy tắc có dòng “Phép tính” kiểm tra được mà không cần hệ thống: ` + "[check.mjs](examples/rules/check.mjs)" + ` là một chương trình mẫu. /
A rule with a line “Arithmetic” can be checked without the platform; [check.mjs](examples/rules/check.mjs) is a program that does.

    với mỗi nơi của each mà where chọn (không có each: một lần), và với mỗi cột của columns (không có: một lần),
    nếu mọi điều kiện của when đúng: left (chia cho per, nếu có) phải có quan hệ relation với right, nếu không thì báo lỗi tại at.

    for each place of each that where admits (once, if there is none), and for each of columns (once, if there are none),
    if every condition of when holds: left (divided by per, if given) stands in relation to right, or else the finding is at at.

| mục / member | nghĩa / meaning |
|---|---|
| ` + "`each`" + ` | con trỏ tới một đối tượng, hoặc tới mọi phần tử của danh sách (` + "`*`" + `) / pointer to an object, or to every element of a list |
| ` + "`where`" + ` | chỉ phần tử có mục ` + "`member`" + ` là một trong ` + "`is`" + `, hoặc không là giá trị nào của ` + "`not`" + ` / only elements whose ` + "`member`" + ` is one of ` + "`is`" + `, or none of ` + "`not`" + ` |
| ` + "`columns`" + ` | các cột; ` + "`{column}`" + ` trong con trỏ là tên cột / columns; ` + "`{column}`" + ` in a pointer is the name |
| ` + "`when`" + ` | điều kiện: tổng ` + "`sum`" + ` là ` + "`zero`, `positive`" + `, hoặc các giá trị có mặt (` + "`given`" + `) / conditions: the ` + "`sum`" + ` is ` + "`zero`, `positive`" + `, or the values are there |
| ` + "`left`, `right`, `per`" + ` | tổng các số hạng: ` + "`pointer`" + ` (nhân ` + "`times`" + `, không có: 1) hoặc một số ` + "`number`" + `; con trỏ kết thúc bằng ` + "`*`" + ` đếm phần tử / sums of terms: a ` + "`pointer`" + ` (times ` + "`times`" + `, absent: 1) or a ` + "`number`" + `; a pointer that ends in ` + "`*`" + ` counts elements |
| ` + "`at`" + ` | nơi báo lỗi; với ` + "`*`" + `: phần tử đầu tiên mà ` + "`where`" + ` chọn / where the finding is; with ` + "`*`" + `: the first element that ` + "`where`" + ` admits |
| ` + "`arguments`" + ` | các giá trị điền lần lượt vào ` + "`%%s` và `%%d`" + ` của thông báo / what fills ` + "`%%s` and `%%d`" + ` of the messages in turn |

Con trỏ bắt đầu bằng ` + "`/`" + ` tính từ gốc của báo cáo, con trỏ khác tính từ nơi của ` + "`each`" + `. Số vắng mặt là 0; số nguyên, tổng cần 64 bit. / A pointer
that starts with ` + "`/`" + ` is from the root, any other from the place of ` + "`each`" + `. An absent number is 0; numbers are whole, sums need 64 bits.
`

// Rules writes the rule book: every rule, grouped by report, with its examples.
func Rules(c api.RuleCatalogue) string {
	p := &page{}
	p.line(rulesHead, c.Version)
	groups := groupsOf(c.Rules)
	p.line("## Mục lục / Contents\n")
	for _, g := range groups {
		p.line("- [%s](#%s) (%d)", g.name, g.anchor, len(g.rules))
	}
	for _, g := range groups {
		p.line("\n<a id=\"%s\"></a>\n\n## %s", g.anchor, g.name)
		for _, r := range g.rules {
			p.rule(r)
		}
	}
	return p.String()
}

type group struct {
	name, anchor string
	rules        []api.Rule
}

// groupsOf puts the rules under their kind; those of no kind under their prefix.
func groupsOf(rules []api.Rule) []group {
	var groups []group
	place := map[string]int{}
	for _, r := range rules {
		name, anchor := groupName(r)
		i, known := place[anchor]
		if !known {
			i = len(groups)
			place[anchor] = i
			groups = append(groups, group{name: name, anchor: anchor})
		}
		groups[i].rules = append(groups[i].rules, r)
	}
	return groups
}

func groupName(r api.Rule) (name, anchor string) {
	if d, known := report.Lookup(r.Kind); known {
		return d.NameVI + " / " + d.NameEN, string(d.Kind)
	}
	prefix, _, _ := strings.Cut(r.Code, "-")
	if name, known := prefixes[prefix]; known {
		return name, strings.ToLower(prefix)
	}
	return prefix, strings.ToLower(prefix)
}

var prefixes = map[string]string{
	"ENV": "Mọi báo cáo: hình thức / Every report: form",
	"REP": "Mọi báo cáo: phần đầu / Every report: head",
	"GWY": "Tiếp nhận / Intake",
	"FWD": "Hộp thư của đơn vị tích hợp / The integrators' door",
	"API": "Giao diện / Interface",
}

var severities = map[report.Severity]string{report.Error: "lỗi / error", report.Warning: "cảnh báo / warning", report.Hint: "gợi ý / hint"}

func (p *page) rule(r api.Rule) {
	severity := severities[r.Severity]
	if r.Acknowledge {
		severity += ", phải xác nhận / to be acknowledged"
	}
	p.line("\n### %s\n\n%s\n", r.Code, severity)
	p.line("> %s  \n> %s\n", r.MessageVI, r.MessageEN)
	p.line("- Căn cứ / Source: %s (%s)", r.LegalRef, statuses[r.Status])
	if !r.ValidFrom.IsZero() || !r.ValidTo.IsZero() {
		p.line("- Hiệu lực / Valid: %s – %s", orOpen(r.ValidFrom), orOpen(r.ValidTo))
	}
	if r.Arithmetic != nil {
		p.line("- Phép tính / Arithmetic: `%s`", formula(r.Arithmetic))
	}
	if r.Example != nil {
		p.line("- Vi phạm / Breaks: %s → `%s`", edits(r.Example.Breaks, r.Example.Kind), r.Example.Pointer)
		p.line("- Đúng / Holds: %s", edits(r.Example.Holds, r.Example.Kind))
		if len(r.Example.Previous) > 0 {
			p.line("- Báo cáo năm trước / The year before: %s", edits(r.Example.Previous, r.Example.Kind))
		}
	}
}

func orOpen(d seeds.Date) string {
	if d.IsZero() {
		return "…"
	}
	return d.String()
}

// edits of an example on one line; long values are cut.
func edits(all []api.Edit, kind string) string {
	if len(all) == 0 {
		return fmt.Sprintf("báo cáo mẫu `%s` / the model report", kind)
	}
	parts := make([]string, len(all))
	for i, e := range all {
		parts[i] = "`" + e.Pointer + " -`"
		if e.Value != "" {
			parts[i] = "`" + e.Pointer + " = " + short(e.Value) + "`"
		}
	}
	return strings.Join(parts, ", ")
}

func short(value string) string {
	const most = 160
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return value
}

// formula writes arithmetic as people do.
func formula(a *report.Arithmetic) string {
	text := sum(a.Left)
	if a.Per != nil {
		text = "(" + text + ") / (" + sum(a.Per) + ")"
	}
	text += " " + string(a.Relation) + " " + sum(a.Right)
	if len(a.When) > 0 {
		conditions := make([]string, len(a.When))
		for i, c := range a.When {
			conditions[i] = condition(c)
		}
		text += ", when " + strings.Join(conditions, " and ")
	}
	if len(a.Columns) > 0 {
		names := make([]string, len(a.Columns))
		for i, c := range a.Columns {
			names[i] = c.Name
		}
		text += "; {column}: " + strings.Join(names, ", ")
	}
	if len(a.Each) > 0 {
		text = strings.Join(a.Each, ", ") + filter(a.Where) + ": " + text
	}
	return text
}

func condition(c report.Condition) string {
	switch c.Is {
	case report.Zero:
		return sum(c.Sum) + " = 0"
	case report.Positive:
		return sum(c.Sum) + " > 0"
	default:
		return sum(c.Sum) + " given"
	}
}

func sum(terms []report.Term) string {
	if len(terms) == 0 {
		return "0"
	}
	var text strings.Builder
	for i, t := range terms {
		times := t.Times
		switch {
		case times < 0:
			text.WriteString(" - ")
			times = -times
		case i > 0:
			text.WriteString(" + ")
		}
		if times > 1 {
			fmt.Fprintf(&text, "%d × ", times)
		}
		text.WriteString(term(t))
	}
	return text.String()
}

func term(t report.Term) string {
	switch {
	case t.Pointer == "":
		return strconv.FormatInt(t.Number, 10)
	case strings.HasSuffix(t.Pointer, "*"):
		return "count(" + t.Pointer + filter(t.Where) + ")"
	case strings.Contains(t.Pointer, "*"):
		return "sum(" + t.Pointer + filter(t.Where) + ")"
	default:
		return t.Pointer
	}
}

func filter(f *report.Filter) string {
	switch {
	case f == nil:
		return ""
	case len(f.Is) > 0:
		return " [" + f.Member + " = " + strings.Join(f.Is, " or ") + "]"
	default:
		return " [" + f.Member + " ≠ " + strings.Join(f.Not, ", ") + "]"
	}
}

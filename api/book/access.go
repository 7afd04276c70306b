package book

import (
	"strings"

	"atvsld/analytics/access"
	"atvsld/api"
)

// Access writes the policy: who may do what, and how far.
func Access(p api.Policy) string {
	var out page
	out.line("# Ai được làm gì / Who may do what\n")
	out.line("Made by `make docs` of the tables in `analytics/access`; also served as `/v1/access/policy`. Do not edit.\n")
	out.line("Điều không có trong bảng thì bị từ chối. Phạm vi được áp dụng trong mọi câu hỏi tới kho dữ liệu, không phải ở từng địa chỉ.\n")
	out.line("What is not in the tables is denied. The scope is applied in every question to the store, not address by address.\n")
	out.line("| | |\n|---|---|")
	for _, e := range [][2]string{
		{"–", "không được / not at all"},
		{"own", "những gì đơn vị của chính người gọi đã báo cáo / what the caller's own units reported"},
		{"granted", "của đơn vị đã ủy quyền / what units reported that granted it to the caller"},
		{"area", "nơi xảy ra, hoặc nơi người báo cáo đóng, thuộc tỉnh của người gọi, kể cả các tỉnh cũ đã nhập vào / by place or by the province of who reported, former provinces included"},
		{"sector", "thuộc ngành VSIC của người gọi / in the caller's sections of VSIC"},
		{"all", "tất cả / everything"},
	} {
		out.line("| `%s` | %s |", e[0], e[1])
	}
	out.line("\n## Vai trò / Roles\n")
	out.line("| | Vai trò / Role | Nộp thay cho / Files as | Lĩnh vực / Domain | Phải nêu lý do / Says why |\n|---|---|---|---|---|")
	for _, r := range p.Roles {
		out.line("| `%s` | %s / %s | %s | %s | %s |", r.Role, inTable.Replace(r.NameVI), inTable.Replace(r.NameEN), dash(strings.Join(r.Reporters, ", ")), dash(r.Domain), yes(r.Purpose))
	}
	out.line("\n## Quyền / Policy\n")
	var names []string
	for _, r := range p.Roles {
		names = append(names, strings.ReplaceAll(string(r.Role), "_", " "))
	}
	out.line("| | %s |\n|---|%s", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, a := range p.Actions {
		var extents []string
		for _, r := range p.Roles {
			extents = append(extents, dash(string(a.Extents[r.Role])))
		}
		out.line("| **%s** %s / %s | %s |", a.Action, inTable.Replace(a.NameVI), inTable.Replace(a.NameEN), strings.Join(extents, " | "))
	}
	out.line("\n## Loại báo cáo theo lĩnh vực / Kinds of report by domain\n")
	out.line("Bảng này giới hạn báo cáo, phần cá nhân và tình trạng của báo cáo (`read_status`); ai có biên nhận luôn xem được tình trạng, và vai trò không có lĩnh vực (kiểm toán) xem tình trạng theo phạm vi. Vụ việc và số liệu được cấp theo quyền, không theo loại báo cáo.\n")
	out.line("The table limits reports, what is personal in them and their state (`read_status`); whoever presents a receipt sees the state, and a role without a domain (the auditor) sees it by extent alone. Cases and figures are given by action, not by kind.\n")
	out.line("| Loại / Kind | Lĩnh vực / Domains | Nguồn / Source | |\n|---|---|---|---|")
	for _, k := range p.Kinds {
		out.line("| `%s` | %s | %s | %s |", k.Kind, strings.Join(k.Domains, ", "), inTable.Replace(k.Source), statuses[k.Status])
	}
	return out.String()
}

// dash writes what the tables write as signs.
func dash(text string) string {
	switch text {
	case string(access.None), "":
		return "–"
	case access.AnyReporter:
		return "tất cả / all"
	}
	return text
}

func yes(b bool) string {
	if b {
		return "có / yes"
	}
	return "–"
}

package register

import (
	"strconv"
	"strings"

	"atvsld/ingest/report"
)

// object is a JSON object; what is absent or empty is left out.
type object map[string]any

func (o object) text(name, value string) {
	if value != "" {
		o[name] = value
	}
}

func (o object) list(name string, values []any) {
	if len(values) > 0 {
		o[name] = values
	}
}

// row is a line being read.
type row struct {
	file  *file
	line  int
	cells map[string]string
}

func (r *row) fault(column, vi, en string) { r.file.fault(r.line, column, vi, en) }

// key tells whether two rows are about one revision of one unit.
func (r *row) key() string {
	u := report.UnitRef{Type: report.ReporterType(r.cells["type"]), TaxCode: report.TaxCode(r.cells["tax_code"]), Site: r.cells["site"], Authority: r.cells["authority"]}
	return strings.Join([]string{u.Unit(), r.cells["commune_code"], r.cells["commune_valid_from"], r.cells["governs"], r.cells["revision"]}, "|")
}

func (r *row) document() object {
	keeper := r.file.keeper
	content := object{
		"reporter": object{"type": report.AuthorityReporter, "authority": keeper.Authority, "name": keeper.Name,
			"province": object{"list": keeper.List, "code": keeper.Province}},
		"registered": r.registered(),
	}
	active := object{}
	active.text("from", r.cells["active_from"])
	active.text("to", r.cells["active_to"])
	content["active"] = active
	content.list("head_office", r.elements("head_office", r.stay))
	content.list("sites", r.elements("sites", r.site))
	if industry := r.cells["industry"]; industry != "" {
		version, code, _ := strings.Cut(industry, ":")
		content["industry"] = object{"version": version, "code": code}
	}
	content.text("size_class", r.cells["size_class"])
	content.list("hazard", r.elements("hazard", r.span))
	content.list("strict_jobs", r.elements("strict_jobs", r.span))
	content.list("services", r.elements("services", func(_, text string) (any, bool) { return text, true }))
	content.list("workers", r.elements("workers", r.workers))
	content.list("covered", r.elements("covered", r.covered))
	document := object{"kind": report.RegistrationEntry, "content": content}
	if revision := r.cells["revision"]; revision != "" {
		document["revision"] = r.number("revision", revision)
	}
	document.text("reason", r.cells["reason"])
	return document
}

func (r *row) registered() object {
	unit := object{}
	for _, name := range []string{"type", "tax_code", "site", "authority", "name", "address", "phone", "establishment_type"} {
		unit.text(name, r.cells[name])
	}
	commune := object{}
	commune.text("code", r.cells["commune_code"])
	commune.text("valid_from", r.cells["commune_valid_from"])
	if len(commune) > 0 {
		unit["commune"] = commune
	}
	if governs := r.cells["governs"]; governs != "" {
		unit["governs"] = province(governs)
	}
	return unit
}

// elements reads a list; one that cannot be taken apart is a fault.
func (r *row) elements(column string, read func(column, text string) (any, bool)) []any {
	if r.cells[column] == "" {
		return nil
	}
	var all []any
	for text := range strings.SplitSeq(r.cells[column], ";") {
		element, ok := read(column, strings.TrimSpace(text))
		if !ok {
			r.fault(column, "phần tử "+strconv.Itoa(len(all)+1)+" viết sai cách", "element "+strconv.Itoa(len(all)+1)+" is not written as it must be")
			return all
		}
		all = append(all, element)
	}
	return all
}

func province(text string) object {
	list, code, _ := strings.Cut(text, ":")
	return object{"list": list, "code": code}
}

// days reads first..last and first.. into an object.
func days(o object, text string) bool {
	from, to, ok := strings.Cut(text, "..")
	o.text("from", from)
	o.text("to", to)
	return ok && from != ""
}

func (r *row) span(_, text string) (any, bool) {
	o := object{}
	return o, days(o, text)
}

func (r *row) stay(_, text string) (any, bool) {
	where, when, _ := strings.Cut(text, " ")
	o := object{"province": province(where)}
	return o, days(o, strings.TrimSpace(when))
}

func (r *row) site(_, text string) (any, bool) {
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return nil, false
	}
	o := object{"site": parts[0], "province": province(parts[1])}
	return o, days(o, parts[2])
}

func (r *row) covered(_, text string) (any, bool) {
	by, when, _ := strings.Cut(text, " ")
	o := object{"by": by}
	return o, days(o, strings.TrimSpace(when))
}

func (r *row) workers(column, text string) (any, bool) {
	year, total, ok := strings.Cut(text, "=")
	return object{"year": r.number(column, strings.TrimSpace(year)), "total": r.number(column, strings.TrimSpace(total))}, ok
}

func (r *row) number(column, text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		r.fault(column, "không phải số nguyên không âm", "not a whole number from 0 on")
	}
	return n
}

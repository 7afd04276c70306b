package store

import (
	"strings"

	"atvsld/seeds"
)

// sql is the expression of a row's province on the geography, "" where it has none: the
// code, or "63/15" as reported.
func (g Geography) sql() string {
	if g.list == "" {
		return "concat(province_list, '/', province_code)"
	}
	return "transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '')"
}

// geographyParameters are the parameters of sql.
func geographyParameters(g Geography) parameters {
	p := parameters{}
	if g.list != "" {
		p["reported"], p["units"] = g.from, g.to
	}
	return p
}

// read is the province that sql gave.
func (g Geography) read(text string) seeds.ProvinceRef {
	if g.list != "" {
		return seeds.ProvinceRef{List: g.list, Code: text}
	}
	list, code, _ := strings.Cut(text, "/")
	return seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}
}

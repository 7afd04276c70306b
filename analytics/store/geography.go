package store

import "atvsld/seeds"

// Geography puts provinces as reported on one list. The zero Geography is
// AsReported.
type Geography struct {
	list seeds.ProvinceList
	// from holds "list/code" as reported, to the code on list.
	from, to []string
}

// AsReported leaves provinces as they were reported: "63/15".
func AsReported() Geography { return Geography{} }

// On returns the geography of one list. On the 34 units every record has its place. On
// the 63 units a record after the merger has one only if its unit was not merged from
// several; the others stand under no code, so that sums stay exact.
func On(list seeds.ProvinceList, data *seeds.Data) Geography {
	code := data.To34
	if list == seeds.List63 {
		code = data.To63
	}
	g := Geography{list: list}
	for _, reported := range []seeds.ProvinceList{seeds.List63, seeds.List34} {
		for _, p := range data.Provinces(reported) {
			if unit, ok := code(p.Ref()); ok {
				g.from = append(g.from, p.Ref().String())
				g.to = append(g.to, unit)
			}
		}
	}
	return g
}

// String returns "34", "63" or "reported".
func (g Geography) String() string {
	if g.list == "" {
		return "reported"
	}
	return string(g.list)
}

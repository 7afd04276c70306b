package indicator

import (
	"cmp"
	"slices"

	"atvsld/seeds"
)

// Levels of an area.
const (
	LevelNation   = "nation"
	LevelRegion   = "region"
	LevelProvince = "province"
	LevelUnknown  = "former_unit_unknown"
)

// Area is the nation, a region, a province, or the records whose former province is not known.
type Area struct {
	Level string             `json:"level" enum:"nation,region,province,former_unit_unknown"`
	List  seeds.ProvinceList `json:"list" doc:"List of provinces the code belongs to: 34 or 63; empty for the nation"`
	Code  string             `json:"code" doc:"Code of the province or region in its list; VN for the nation, empty when the former unit is unknown"`
	Name  Text               `json:"name"`
}

// place keys figures by area inside the package: the zero ProvinceRef is the nation; a region
// has a code that no province has.
type place = seeds.ProvinceRef

var (
	nation = place{}
	// unknown collects records that cannot be put on the asked geography.
	unknown = place{Code: "?"}
)

func placeOf(ref seeds.ProvinceRef) place {
	if ref.Code == "" {
		return unknown
	}
	return ref
}

// regionOf returns the region of a province. Each province of the lists lies in one.
func regionOf(data *seeds.Data, province seeds.ProvinceRef) place {
	region, ok := data.RegionOf(province)
	if !ok {
		return unknown
	}
	return region.Ref()
}

func (e *Engine) area(p place, g Geography) Area {
	switch p {
	case nation:
		return Area{Level: LevelNation, Code: "VN", Name: Text{"Cả nước", "Viet Nam"}}
	case unknown:
		return Area{Level: LevelUnknown, List: listOf(g), Name: Text{"Chưa rõ đơn vị cũ", "Former unit unknown"}}
	}
	if region, ok := e.seeds.Region(p); ok {
		return Area{Level: LevelRegion, List: p.List, Code: p.Code, Name: Text{region.NameVI, region.NameEN}}
	}
	a := Area{Level: LevelProvince, List: p.List, Code: p.Code}
	if unit, ok := e.seeds.Province(p); ok {
		a.Name = Text{unit.NameVI, unit.NameEN}
	}
	return a
}

func listOf(g Geography) seeds.ProvinceList {
	switch g {
	case Geography34:
		return seeds.List34
	case Geography63:
		return seeds.List63
	}
	return ""
}

// places returns the provinces of a geography in order, the unknown row last if it holds
// anything. As reported, only provinces that occur are listed.
func (e *Engine) places(g Geography, set CellSet) []place {
	var out []place
	for _, unit := range e.seeds.Provinces(listOf(g)) {
		out = append(out, unit.Ref())
	}
	var seen []place
	for _, c := range set.Cells {
		if p := placeOf(c.Province); c.Value != 0 && (g == Reported || p == unknown) {
			seen = append(seen, p)
		}
	}
	for _, f := range set.Base {
		if g == Reported && f.Province != nation {
			seen = append(seen, f.Province)
		}
	}
	slices.SortFunc(seen, comparePlaces)
	return append(out, slices.Compact(seen)...)
}

// regions returns the regions of a geography in order, the unknown row last if it holds
// anything.
func (e *Engine) regions(g Geography, set CellSet) []place {
	var out []place
	for _, region := range e.seeds.Regions(listOf(g)) {
		out = append(out, region.Ref())
	}
	if slices.ContainsFunc(set.Cells, func(c Cell) bool { return c.Value != 0 && placeOf(c.Province) == unknown }) {
		out = append(out, unknown)
	}
	return out
}

func comparePlaces(a, b place) int {
	if (a == unknown) != (b == unknown) {
		if a == unknown {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Code, b.Code))
}

// geographyVersion names the list of provinces with its validity (ISO 8601-2 interval).
func (e *Engine) geographyVersion(g Geography) string {
	units := e.seeds.Provinces(listOf(g))
	if len(units) == 0 {
		return string(g)
	}
	open := func(d seeds.Date) string { return cmp.Or(d.String(), "..") }
	return string(g) + "@" + open(units[0].ValidFrom) + "/" + open(units[0].ValidTo)
}

package seeds

import (
	"slices"
	"strings"
)

// Region is a socio-economic region of the national master plan: provinces of one list,
// each of which lies in exactly one region.
type Region struct {
	Entry
	// Provinces are codes of the list, in order.
	Provinces []string `json:"provinces"`
}

// Ref returns the region's key. Codes of regions begin with a letter, those of provinces
// are digits.
func (r Region) Ref() ProvinceRef { return ProvinceRef{List: ProvinceList(r.List), Code: r.Code} }

const regionColumns = "list code name_vi name_en provinces valid_from valid_to source status note"

func (l *loader) regions() codeList[Region] {
	return newCodeList(readTable(l, "regions.csv", regionColumns, func(r *row) (string, Region) {
		r.oneOf("list", string(List63), string(List34))
		region := Region{Entry: r.entry("list"), Provinces: strings.Fields(r.text("provinces"))}
		if _, ok := digits(region.Code); ok {
			r.fail("code: %q could be that of a province", region.Code)
		}
		return joinKey(region.List, region.Code), region
	}))
}

// Regions returns the regions of a list of provinces, in the order of their file.
func (d *Data) Regions(list ProvinceList) []Region {
	return slices.DeleteFunc(d.regions.all(), func(r Region) bool { return r.List != string(list) })
}

// Region returns the region that ref names.
func (d *Data) Region(ref ProvinceRef) (Region, bool) {
	return d.regions.get(string(ref.List), ref.Code)
}

// RegionOf returns the region that a province lies in.
func (d *Data) RegionOf(province ProvinceRef) (Region, bool) {
	i := slices.IndexFunc(d.regions.rows, func(r Region) bool {
		return r.List == string(province.List) && slices.Contains(r.Provinces, province.Code)
	})
	if i < 0 {
		return Region{}, false
	}
	return d.regions.rows[i], true
}

// checkRegions: sums over regions are sums of provinces, so none may be left out or stand
// in two.
func (d *Data) checkRegions(fail func(string, ...any)) {
	in := map[ProvinceRef]string{}
	for _, r := range d.regions.rows {
		for _, code := range r.Provinces {
			ref := ProvinceRef{List: ProvinceList(r.List), Code: code}
			if _, ok := d.Province(ref); !ok {
				fail("%s/%s: no province %s", r.List, r.Code, ref)
			}
			if other, ok := in[ref]; ok {
				fail("%s lies in %s and in %s", ref, other, r.Code)
			}
			in[ref] = r.Code
		}
	}
	if len(in) != len(d.provinces.byRef) {
		fail("%d provinces in regions, %d in the lists", len(in), len(d.provinces.byRef))
	}
}

package report

import "atvsld/seeds"

// Area is where a report belongs: the provinces that it names, each as written, and its
// industry.
type Area struct {
	// Provinces are that of the place, that of who reports and, of an entry of the
	// register, that of the unit.
	Provinces []seeds.ProvinceRef
	// Section is version and section of the industry, as in "2025:F"; empty without one.
	Section string
}

// AreaOf reads the area of a stripped content. Errors: [ErrNotJSON], or that the kind is
// unknown.
func AreaOf(kind Kind, stripped []byte) (Area, error) {
	content, err := DecodeContent(kind, stripped)
	if err != nil {
		return Area{}, err
	}
	head := content.header()
	var area Area
	add := func(p seeds.ProvinceRef) {
		if p != (seeds.ProvinceRef{}) {
			area.Provinces = append(area.Provinces, p)
		}
	}
	add(content.Identity().Province)
	if head.place != nil {
		add(*head.place)
	}
	if entry, ok := content.(*Registration); ok {
		add(entry.latest().Province)
	}
	if head.industry != nil {
		if section := head.industry.Section(); section != "" {
			area.Section = head.industry.Version + ":" + section
		}
	}
	return area, nil
}

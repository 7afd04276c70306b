package seeds

import "strconv"

// Workers are all workers of a year in an area, with and without a labour contract: the
// second denominator of accident rates, beside the workers of the establishments that report.
type Workers struct {
	Year int `json:"year"`
	// Province is where they live; the zero reference is the nation.
	Province ProvinceRef `json:"province,omitzero"`
	// VSICVersion and Section are empty for all industries together.
	VSICVersion string `json:"vsic_version,omitempty"`
	Section     string `json:"vsic_section,omitempty"`
	Value       int64  `json:"value"` // persons, average of the year
	// Series names the statistics that the figure belongs to. Concepts change with it, so that
	// figures of two series are never compared or added up.
	Series   string `json:"series"`
	Source   string `json:"source"`
	Verified Status `json:"verified"`
	Note     string `json:"note,omitempty"`
}

type workersKey struct {
	year             int
	province         ProvinceRef
	version, section string
}

const workersColumns = "year list province vsic_version vsic_section value series source status note"

func (l *loader) workers() []Workers {
	return readTable(l, "workers.csv", workersColumns, func(r *row) (string, Workers) {
		w := Workers{
			Year:        int(r.integer("year")),
			Province:    ProvinceRef{List: ProvinceList(r.oneOf("list", "", string(List63), string(List34))), Code: r.optional("province")},
			VSICVersion: r.oneOf("vsic_version", "", VSIC2018, VSIC2025), Section: r.optional("vsic_section"),
			Value: r.integer("value"), Series: r.text("series"), Source: r.text("source"), Verified: r.status(), Note: r.optional("note"),
		}
		if w.Value <= 0 {
			r.fail("value: %d is not a number of persons", w.Value)
		}
		return joinKey(strconv.Itoa(w.Year), string(w.Province.List), w.Province.Code, w.VSICVersion, w.Section), w
	})
}

func indexWorkers(all []Workers) map[workersKey]Workers {
	index := make(map[workersKey]Workers, len(all))
	for _, w := range all {
		index[workersKey{w.Year, w.Province, w.VSICVersion, w.Section}] = w
	}
	return index
}

// WorkersOf returns the workers of a year as printed. The zero province is the nation, an
// empty section all industries.
func (d *Data) WorkersOf(year int, province ProvinceRef, vsicVersion, section string) (Workers, bool) {
	w, ok := d.workers[workersKey{year, province, vsicVersion, section}]
	return w, ok
}

func (d *Data) checkWorkers(fail func(string, ...any)) {
	for _, w := range d.workers {
		if _, ok := d.Province(w.Province); !ok && w.Province != (ProvinceRef{}) {
			fail("%d: no province %q", w.Year, w.Province)
		}
		if _, ok := d.VSICSection(w.VSICVersion, w.Section); !ok && w.VSICVersion+w.Section != "" {
			fail("%d: no section %q of VSIC %q", w.Year, w.Section, w.VSICVersion)
		}
	}
}

package seeds

import (
	"cmp"
	"slices"

	"golang.org/x/text/unicode/norm"
)

// ProvinceList names one of the two lists of provinces and centrally run cities.
type ProvinceList string

const (
	// List63 was in force until 30 June 2025.
	List63 ProvinceList = "63"
	// List34 is in force from 1 July 2025 (Resolution 202/2025/QH15, Decision 19/2025/QD-TTg).
	List34 ProvinceList = "34"
)

// ProvinceRef names a province. A bare code is never enough: seven codes (15,
// 24, 44, 52, 80, 82, 91) name another unit in the other list.
type ProvinceRef struct {
	List ProvinceList `json:"list" doc:"Danh mục tỉnh: 34 (từ 1/7/2025) hoặc 63 (trước đó) / List of provinces: 34 (from 1 July 2025) or 63 (before)"`
	Code string       `json:"code" doc:"Mã tỉnh, hai chữ số / Code of the province, two digits" list:"provinces"`
}

// String returns list and code as in "34/15".
func (r ProvinceRef) String() string { return joinKey(string(r.List), r.Code) }

// Province is a province or centrally run city (municipality) of one list.
type Province struct {
	List   ProvinceList `json:"list"`
	Code   string       `json:"code"` // two digits
	NameVI string       `json:"name_vi"`
	NameEN string       `json:"name_en"` // without diacritics
	// Kind is the latest kind, "province" or "municipality"; see KindOn.
	Kind       string `json:"kind"`
	KindFrom   Date   `json:"kind_from,omitzero"`    // no date: Kind since ValidFrom
	KindBefore string `json:"kind_before,omitempty"` // kind before KindFrom
	ValidFrom  Date   `json:"valid_from,omitzero"`
	ValidTo    Date   `json:"valid_to,omitzero"`
	// Successor is the code in List34 of the unit that a unit of List63 went into; empty in List34.
	Successor string `json:"successor,omitempty"`
	// CodeReused: the code names a different unit in the other list.
	CodeReused bool   `json:"code_reused"`
	Source     string `json:"source"`
	Status     Status `json:"status"`
	Note       string `json:"note,omitempty"`
}

// Ref returns the province's key.
func (p Province) Ref() ProvinceRef { return ProvinceRef{List: p.List, Code: p.Code} }

// ValidOn reports whether the unit existed on the given local day.
func (p Province) ValidOn(day Date) bool { return within(day, p.ValidFrom, p.ValidTo) }

// KindOn returns the kind on the given local day: Đồng Nai became a
// municipality ten months after the merger.
func (p Province) KindOn(day Date) string {
	if day.Before(p.KindFrom) {
		return p.KindBefore
	}
	return p.Kind
}

// Tile is a province's place in a map of equal squares, without boundaries.
type Tile struct {
	ProvinceRef
	Abbr string `json:"abbr"`
	Col  int    `json:"col"` // 0 is west
	Row  int    `json:"row"` // 0 is north
}

type provinces struct {
	ordered   map[ProvinceList][]Province // by code
	byRef     map[ProvinceRef]Province
	byName    map[ProvinceRef]Province // Code holds the Vietnamese name
	former    map[string][]Province    // by code of List34
	tiles     map[ProvinceRef]Tile
	mergedDay Date
}

const (
	provinceColumns = "list code name_vi name_en kind kind_from kind_before valid_from valid_to successor_code code_reused source status note"
	tileColumns     = "list code abbr col row source status"
)

func (l *loader) provinces() provinces {
	p := provinces{
		ordered: map[ProvinceList][]Province{}, byRef: map[ProvinceRef]Province{}, byName: map[ProvinceRef]Province{},
		former: map[string][]Province{}, tiles: map[ProvinceRef]Tile{},
	}
	for _, unit := range readTable(l, "provinces.csv", provinceColumns, parseProvince) {
		p.ordered[unit.List] = append(p.ordered[unit.List], unit)
		p.byRef[unit.Ref()] = unit
		p.byName[ProvinceRef{unit.List, unit.NameVI}] = unit
	}
	for _, units := range p.ordered {
		slices.SortFunc(units, func(a, b Province) int { return cmp.Compare(a.Code, b.Code) })
	}
	for _, unit := range p.ordered[List63] {
		p.former[unit.Successor] = append(p.former[unit.Successor], unit)
	}
	if units := p.ordered[List34]; len(units) > 0 {
		p.mergedDay = units[0].ValidFrom
	}
	for _, tile := range readTable(l, "province_tiles.csv", tileColumns, parseTile) {
		p.tiles[tile.ProvinceRef] = tile
	}
	return p
}

func (r *row) provinceRef() ProvinceRef {
	list := ProvinceList(r.oneOf("list", string(List63), string(List34)))
	code := r.text("code")
	if _, ok := digits(code); !ok || len(code) != 2 {
		r.fail("code: %q is not two digits", code)
	}
	return ProvinceRef{list, code}
}

func parseProvince(r *row) (string, Province) {
	ref := r.provinceRef()
	from, to := r.validity()
	p := Province{
		List: ref.List, Code: ref.Code, NameVI: r.text("name_vi"), NameEN: r.text("name_en"),
		Kind:     r.oneOf("kind", "province", "municipality"),
		KindFrom: r.optionalDate("kind_from"), KindBefore: r.oneOf("kind_before", "", "province", "municipality"),
		ValidFrom: from, ValidTo: to, Successor: r.optional("successor_code"), CodeReused: r.yes("code_reused"),
		Source: r.text("source"), Status: r.status(), Note: r.optional("note"),
	}
	if p.KindFrom.IsZero() != (p.KindBefore == "") {
		r.fail("kind_from and kind_before go together")
	}
	return ref.String(), p
}

func parseTile(r *row) (string, Tile) {
	ref := r.provinceRef()
	r.text("source")
	r.status()
	return ref.String(), Tile{ProvinceRef: ref, Abbr: r.text("abbr"), Col: int(r.integer("col")), Row: int(r.integer("row"))}
}

// Province returns the unit that ref names.
func (d *Data) Province(ref ProvinceRef) (Province, bool) {
	p, ok := d.provinces.byRef[ref]
	return p, ok
}

// Provinces returns the units of one list ordered by code.
func (d *Data) Provinces(list ProvinceList) []Province {
	return slices.Clone(d.provinces.ordered[list])
}

// ProvinceByName finds a unit by its exact Vietnamese name in any Unicode
// normal form, without "tỉnh" or "thành phố".
func (d *Data) ProvinceByName(list ProvinceList, nameVI string) (Province, bool) {
	p, ok := d.provinces.byName[ProvinceRef{list, norm.NFC.String(nameVI)}]
	return p, ok
}

// ProvinceListOn returns the list in force on the given local day.
func (d *Data) ProvinceListOn(day Date) ProvinceList {
	if day.Before(d.provinces.mergedDay) {
		return List63
	}
	return List34
}

// To34 returns the code in List34 of the unit that ref names or went into.
// Each unit went into one other as a whole, so sums over it are exact.
func (d *Data) To34(ref ProvinceRef) (code string, ok bool) {
	p, ok := d.Province(ref)
	if !ok {
		return "", false
	}
	if p.List == List34 {
		return p.Code, true
	}
	return p.Successor, true
}

// To63 returns the code in List63 of the unit that ref names. It is not ok for
// a unit of List34 that holds several former units: which one is not known.
func (d *Data) To63(ref ProvinceRef) (code string, ok bool) {
	p, ok := d.Province(ref)
	if !ok {
		return "", false
	}
	if p.List == List63 {
		return p.Code, true
	}
	former := d.provinces.former[p.Code]
	if len(former) != 1 {
		return "", false
	}
	return former[0].Code, true
}

// Former returns the units of List63 that went into a unit of List34, ordered by code.
func (d *Data) Former(code34 string) []Province {
	return slices.Clone(d.provinces.former[code34])
}

// Tile returns the place of a province on the tile map of its list.
func (d *Data) Tile(ref ProvinceRef) (Tile, bool) {
	t, ok := d.provinces.tiles[ref]
	return t, ok
}

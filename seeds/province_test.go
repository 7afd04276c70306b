package seeds

import (
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestCrosswalk(t *testing.T) {
	d := Default()
	former := 0
	var unmerged, merged int
	for _, unit := range d.Provinces(List34) {
		parts := d.Former(unit.Code)
		former += len(parts)
		code, ok := d.To63(unit.Ref())
		switch {
		case len(parts) == 1:
			unmerged++
			if !ok || code != parts[0].Code || parts[0].NameVI != unit.NameVI {
				t.Errorf("%s did not merge but goes to %q, %v", unit.Ref(), code, ok)
			}
		default:
			merged++
			if ok || code != "" {
				t.Errorf("%s merged of %d units goes to %q", unit.Ref(), len(parts), code)
			}
		}
		for _, part := range parts {
			if to, ok := d.To34(part.Ref()); !ok || to != unit.Code {
				t.Errorf("%s goes to %q, %v, want %s", part.Ref(), to, ok, unit.Code)
			}
		}
		if to, ok := d.To34(unit.Ref()); !ok || to != unit.Code {
			t.Errorf("%s goes to %q, %v, want itself", unit.Ref(), to, ok)
		}
	}
	if former != 63 || unmerged != 11 || merged != 23 {
		t.Errorf("%d former units, %d unmerged, %d merged", former, unmerged, merged)
	}
	for _, unit := range d.Provinces(List63) {
		if code, ok := d.To63(unit.Ref()); !ok || code != unit.Code {
			t.Errorf("%s goes to %q, %v, want itself", unit.Ref(), code, ok)
		}
	}
}

// Mergers as Resolution 202/2025/QH15 words them, by name and not by code.
func TestCrosswalkByName(t *testing.T) {
	d := Default()
	f := func(name34 string, former ...string) {
		t.Helper()
		unit, ok := d.ProvinceByName(List34, name34)
		if !ok {
			t.Fatalf("no %s in list 34", name34)
		}
		var names []string
		for _, part := range d.Former(unit.Code) {
			names = append(names, part.NameVI)
		}
		if !slices.Equal(names, former) {
			t.Errorf("%s was formed of %q, want %q", name34, names, former)
		}
	}
	f("Hà Nội", "Hà Nội")
	f("Tuyên Quang", "Hà Giang", "Tuyên Quang")
	f("Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu", "Hồ Chí Minh")
	f("Lâm Đồng", "Bình Thuận", "Đắk Nông", "Lâm Đồng")
	f("Đắk Lắk", "Phú Yên", "Đắk Lắk")
	f("Cần Thơ", "Cần Thơ", "Hậu Giang", "Sóc Trăng")
}

func TestReusedCodes(t *testing.T) {
	d := Default()
	before := map[string]string{
		"15": "Yên Bái", "24": "Bắc Giang", "44": "Quảng Bình", "52": "Bình Định",
		"80": "Long An", "82": "Tiền Giang", "91": "Kiên Giang",
	}
	now := map[string]string{
		"15": "Lào Cai", "24": "Bắc Ninh", "44": "Quảng Trị", "52": "Gia Lai",
		"80": "Tây Ninh", "82": "Đồng Tháp", "91": "An Giang",
	}
	for _, list := range []ProvinceList{List63, List34} {
		for _, p := range d.Provinces(list) {
			_, reused := before[p.Code]
			if p.CodeReused != reused {
				t.Errorf("%s: reused is %v", p.Ref(), p.CodeReused)
			}
		}
	}
	for code := range before {
		old, _ := d.Province(ProvinceRef{List63, code})
		unit, _ := d.Province(ProvinceRef{List34, code})
		if old.NameVI != before[code] || unit.NameVI != now[code] {
			t.Errorf("code %s is %q, then %q", code, old.NameVI, unit.NameVI)
		}
	}
}

func TestProvinceListOn(t *testing.T) {
	d := Default()
	last, first := MustDate(2025, 6, 30), MustDate(2025, 7, 1)
	if d.ProvinceListOn(last) != List63 || d.ProvinceListOn(first) != List34 {
		t.Errorf("lists around the merger are %s and %s", d.ProvinceListOn(last), d.ProvinceListOn(first))
	}
	for _, list := range []ProvinceList{List63, List34} {
		for _, p := range d.Provinces(list) {
			if p.ValidOn(last) != (list == List63) || p.ValidOn(first) != (list == List34) {
				t.Errorf("%s is valid %s to %s", p.Ref(), p.ValidFrom, p.ValidTo)
			}
		}
	}
}

func TestProvinceLookups(t *testing.T) {
	d := Default()
	for _, ref := range []ProvinceRef{{}, {List63, "00"}, {List34, "02"}, {"", "01"}, {"64", "01"}, {List63, "1"}} {
		_, found := d.Province(ref)
		_, to34 := d.To34(ref)
		_, to63 := d.To63(ref)
		_, tile := d.Tile(ref)
		if found || to34 || to63 || tile {
			t.Errorf("%q was found", ref)
		}
	}
	if p, ok := d.ProvinceByName(List63, norm.NFD.String("Bà Rịa - Vũng Tàu")); !ok || p.Code != "77" {
		t.Errorf("decomposed name gives %+v, %v", p, ok)
	}
	if _, ok := d.ProvinceByName(List34, "Phú Yên"); ok {
		t.Error("Phú Yên is in list 34")
	}
	if got := d.Former("02"); len(got) != 0 {
		t.Errorf("02 of no list has former units %v", got)
	}
}

func TestKindOn(t *testing.T) {
	dongNai, _ := Default().Province(ProvinceRef{List34, "75"})
	if got := dongNai.KindOn(MustDate(2026, 4, 29)); got != "province" {
		t.Errorf("Đồng Nai on 29 April 2026 is a %s", got)
	}
	if got := dongNai.KindOn(MustDate(2026, 4, 30)); got != "municipality" {
		t.Errorf("Đồng Nai on 30 April 2026 is a %s", got)
	}
	haNoi, _ := Default().Province(ProvinceRef{List34, "01"})
	if got := haNoi.KindOn(MustDate(2025, 7, 1)); got != "municipality" {
		t.Errorf("Hà Nội is a %s", got)
	}
}

func TestTiles(t *testing.T) {
	d := Default()
	for _, list := range []ProvinceList{List63, List34} {
		abbrs := map[string]string{}
		for _, p := range d.Provinces(list) {
			tile, ok := d.Tile(p.Ref())
			if !ok || tile.Abbr == "" {
				t.Errorf("%s has tile %+v, %v", p.Ref(), tile, ok)
			}
			if other := abbrs[tile.Abbr]; other != "" {
				t.Errorf("%s and %s are both %s", other, p.NameVI, tile.Abbr)
			}
			abbrs[tile.Abbr] = p.NameVI
		}
	}
}

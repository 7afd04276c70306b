package demo

import (
	"fmt"
	"slices"
	"time"

	"atvsld/seeds"
)

// provinceCount is the number of units in the list of 63. Everything is made in
// these units; from 1 July 2025 a report names the unit that took over.
const provinceCount = 63

// industry is each province's share of employers and accidents, by code of the
// list of 63: our own rough guess at its industrial employment.
var industry = map[string]int{
	"79": 150, "74": 80, "75": 75, "01": 90, "31": 36, "22": 40, "27": 34, "30": 30, "24": 26, "80": 28, "77": 26,
	"48": 22, "38": 24, "40": 20, "26": 16, "33": 16, "19": 16, "36": 14, "34": 14, "25": 13, "35": 12, "37": 12,
	"49": 14, "51": 10, "52": 12, "56": 13, "60": 10, "68": 11, "66": 9, "70": 12, "72": 14, "92": 14, "82": 13,
	"89": 10, "91": 11, "87": 9, "83": 9, "86": 8, "84": 7, "94": 7, "96": 9, "95": 6, "93": 6, "42": 9, "44": 7,
	"45": 7, "46": 10, "54": 7, "58": 6, "62": 4, "64": 8, "67": 4, "15": 9, "10": 8, "08": 6, "02": 4, "04": 3,
	"06": 3, "11": 3, "12": 3, "14": 5, "17": 7, "20": 6,
}

// geo holds what the generator needs of the provinces, by row.
type geo struct {
	provinces []seeds.Province // list of 63, by code
	weights   []int
	rows      map[string]int // by code
	// ref63 and ref34 are the JSON of a reference.
	ref63, ref34 []string
	// mergedAt is the first instant of the list of 34, in Unix milliseconds.
	mergedAt int64
	// vsic2025 gives the letters of VSIC 2025 that continue a section of VSIC 2018.
	vsic2025   map[byte]string
	vsic2025At int64
	// injuries are the codes of Annex II of Decree 39/2016, from its first day on.
	injuries   []string
	decree39At int64
}

func newGeo(data *seeds.Data) (*geo, error) {
	g := &geo{provinces: data.Provinces(seeds.List63), rows: map[string]int{}, vsic2025: map[byte]string{}}
	if len(g.provinces) != provinceCount {
		return nil, fmt.Errorf("list of 63 has %d provinces", len(g.provinces))
	}
	for i, p := range g.provinces {
		w, ok := industry[p.Code]
		if !ok {
			return nil, fmt.Errorf("province %s has no weight", p.Code)
		}
		g.weights = append(g.weights, w)
		g.rows[p.Code] = i
		g.ref63 = append(g.ref63, `{"list":"63","code":"`+p.Code+`"}`)
		g.ref34 = append(g.ref34, `{"list":"34","code":"`+p.Successor+`"}`)
	}
	g.mergedAt = g.provinces[0].ValidTo.AddDays(1).Start().UnixMilli()
	for _, s := range data.VSICSections(seeds.VSIC2025) {
		g.vsic2025[s.Nearest2018[0]] += s.Code
		g.vsic2025At = s.ValidFrom.Start().UnixMilli()
	}
	for _, s := range data.SeriousInjuries() {
		if !s.IsGroup() {
			g.injuries = append(g.injuries, s.Code)
			g.decree39At = s.ValidFrom.Start().UnixMilli()
		}
	}
	return g, nil
}

// ref returns the JSON reference to a province at a moment.
func (g *geo) ref(row int, at int64) string {
	if at < g.mergedAt {
		return g.ref63[row]
	}
	return g.ref34[row]
}

// section returns the letter of a VSIC 2018 section in VSIC 2025.
func (g *geo) section2025(letter byte, draw uint64) byte {
	letters := g.vsic2025[letter]
	return letters[below(draw, len(letters))]
}

// ranges splits 0 … n-1 into one run for each province by weight, none shorter
// than least. It returns the starts, with n at the end.
func (g *geo) ranges(n, least int) ([]int, error) {
	lengths, err := apportion(n, g.weights, least, nil)
	if err != nil {
		return nil, err
	}
	starts := make([]int, provinceCount+1)
	for i, l := range lengths {
		starts[i+1] = starts[i] + l
	}
	return starts, nil
}

// rowOf returns the run that an index lies in.
func rowOf(starts []int, index int) int {
	i, found := slices.BinarySearch(starts, index)
	if found {
		return i
	}
	return i - 1
}

// Instants are Unix milliseconds throughout.
const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// midnight returns the first instant of a local day.
func midnight(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, seeds.Local()).UnixMilli()
}

func local(at int64) time.Time { return time.UnixMilli(at).In(seeds.Local()) }

package demo

import (
	"cmp"
	"slices"
	"strconv"

	"atvsld/ingest/report"
)

// annexPeriod is one period of Annex XII.
type annexPeriod struct {
	kind jobKind // fileAnnexHalf or fileAnnexYear
	year int
}

func (p annexPeriod) half() bool { return p.kind == fileAnnexHalf }

func (p annexPeriod) String() string {
	if p.half() {
		return strconv.Itoa(p.year) + half
	}
	return strconv.Itoa(p.year)
}

// holds tells whether an accident belongs into the period.
func (p annexPeriod) holds(a *accident) bool { return !p.half() || local(a.at).Month() <= 6 }

// order is the order in which establishments file: a permutation that needs no
// memory, (rank·factor + shift) mod n.
type order struct {
	n, factor, inverse, shift uint64
}

func (g *generator) annexOrder(p annexPeriod) order {
	n := uint64(g.cfg.Establishments)
	o := order{n: n, factor: n*618/1000 | 1}
	for {
		if inverse, ok := invert(o.factor, n); ok {
			o.inverse = inverse
			break
		}
		o.factor += 2
	}
	o.shift = hash(g.cfg.Seed, forFiling, uint64(p.year), uint64(p.kind)) % n
	return o
}

// invert returns x with a·x = 1 modulo n.
func invert(a, n uint64) (uint64, bool) {
	r0, r1, t0, t1 := int64(n), int64(a%n), int64(0), int64(1)
	for r1 != 0 {
		q := r0 / r1
		r0, r1, t0, t1 = r1, r0-q*r1, t1, t0-q*t1
	}
	if r0 != 1 {
		return 0, false
	}
	return uint64((t0 + int64(n)) % int64(n)), true
}

func (o order) index(rank int) int { return int((uint64(rank)*o.factor + o.shift) % o.n) }

func (o order) rank(index int) int {
	return int((uint64(index) + o.n - o.shift) % o.n * o.inverse % o.n)
}

// at returns when the establishment of a rank files.
func (o order) at(w window, rank int) int64 {
	return w.at(uint64(rank) * ((1<<63)/o.n*2 + 1))
}

// annexFiledAt returns when an establishment first files a period.
func (g *generator) annexFiledAt(p annexPeriod, unit int) int64 {
	o := g.annexOrder(p)
	return o.at(deadline(p.year, p.half()), o.rank(unit))
}

// annexRow is a row of table I.
type annexRow struct {
	block report.Block
	code  string
	report.Measures
}

// annex is what an establishment has to report for a period.
type annex struct {
	rows    []annexRow
	daysOff int
}

// annex sums the accidents of an establishment, and of the branch that it
// covers, as known at a moment.
func (y *yearPlan) annex(p annexPeriod, e establishment, at int64) annex {
	var r annex
	var work, commuting report.Measures
	parts := map[annexRowKey]*report.Measures{}
	part := func(b report.Block, code string, m report.Measures) {
		key := annexRowKey{b, code}
		if parts[key] == nil {
			parts[key] = &report.Measures{}
		}
		parts[key].Add(m)
	}
	units := [2][]int{y.byUnit[e.index]}
	if e.covers {
		units[1] = y.byUnit[e.index+1]
	}
	for _, list := range units {
		for _, i := range list {
			a := &y.accidents[i]
			if !p.holds(a) {
				continue
			}
			m := a.measures(at)
			r.daysOff += a.daysOff
			if a.commuting {
				commuting.Add(m)
				continue
			}
			work.Add(m)
			part(report.BlockCause, strconv.Itoa(a.cause), m)
			part(report.BlockFactor, strconv.Itoa(a.factor), m)
			part(report.BlockOccupation, a.work, m)
		}
	}
	total := work
	total.Add(commuting)
	if total.Accidents == 0 {
		return r
	}
	r.rows = append(r.rows, annexRow{report.BlockAccidents, "", work})
	for key, m := range parts {
		r.rows = append(r.rows, annexRow{key.block, key.code, *m})
	}
	slices.SortFunc(r.rows, func(a, b annexRow) int { return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.code, b.code)) })
	if commuting.Accidents > 0 {
		r.rows = append(r.rows, annexRow{report.BlockCommuting, "", commuting})
	}
	r.rows = append(r.rows, annexRow{report.BlockTotal, "", total})
	return r
}

type annexRowKey struct {
	block report.Block
	code  string
}

// communeReport is what a commune has to report for a period.
type communeReport struct {
	total   report.Measures
	causes  [10]report.Measures
	sectors map[byte]*report.Measures
}

// communeReport sums the accidents of a commune, and of the neighbour it took
// over in the reform.
func (y *yearPlan) communeReport(p annexPeriod, index int, merged bool) communeReport {
	r := communeReport{sectors: map[byte]*report.Measures{}}
	for _, unit := range []int{index, index + 1} {
		if unit >= y.g.cfg.Communes || y.g.communes.current(unit, merged) != index {
			continue
		}
		for _, i := range y.byCommune[unit] {
			a := &y.accidents[i]
			if !p.holds(a) {
				continue
			}
			m := a.measures(never)
			r.total.Add(m)
			r.causes[a.cause].Add(m)
			if r.sectors[a.section] == nil {
				r.sectors[a.section] = &report.Measures{}
			}
			r.sectors[a.section].Add(m)
		}
	}
	return r
}

package demo

import (
	"cmp"
	"slices"
	"time"
)

// jobKind says what is filed.
type jobKind uint8

const (
	fileDeclaration jobKind = iota
	fileSecondDeclaration
	withdrawDeclaration
	fileAnnexHalf
	fileAnnexYear
	fileCommuneHalf
	fileCommuneYear
	fileDisease
	fileMonitoring
	withdrawMonitoring
	fileInvestigation
	fileLink
	fileWrongLink
	withdrawLink
	fileIncident
)

// job is one submission to come.
type job struct {
	at       int64
	kind     jobKind
	index    int
	revision int
}

func (y *yearPlan) add(at int64, kind jobKind, index, revision int) {
	y.jobs = append(y.jobs, job{at, kind, index, revision})
}

// schedule puts everything but the first filings of Annex XII in order of receipt.
func (y *yearPlan) schedule() {
	for i := range y.accidents {
		if y.accidents[i].declaredAt != 0 {
			y.scheduleDeclaration(i)
		}
	}
	y.scheduleAnnexAgain()
	y.scheduleCommunes()
	y.scheduleHealth()
	y.scheduleInquiries()
	slices.SortStableFunc(y.jobs, func(a, b job) int { return cmp.Compare(a.at, b.at) })
}

func (y *yearPlan) scheduleDeclaration(i int) {
	a := &y.accidents[i]
	y.add(a.declaredAt, fileDeclaration, i, 1)
	switch {
	case a.phantom:
		y.add(a.declaredAt+int64(y.chance.between(2, 60))*day, withdrawDeclaration, i, 2)
	case a.raisedAt != 0:
		y.add(a.raisedAt, fileDeclaration, i, 2)
	case a.causeLater:
		y.add(a.declaredAt+int64(y.chance.between(12, 50))*day, fileDeclaration, i, 2)
	}
	if a.second >= 0 {
		a.secondAt = a.declaredAt + int64(y.chance.between(30, 3*24*60))*minute
		y.add(a.secondAt, fileSecondDeclaration, i, 1)
	}
}

// scheduleAnnexAgain amends Annex XII where an injury became a death after filing.
func (y *yearPlan) scheduleAnnexAgain() {
	type filing struct {
		unit int
		kind jobKind
	}
	again := map[filing][]int64{}
	for i := range y.accidents {
		a := &y.accidents[i]
		if a.raisedAt == 0 {
			continue
		}
		for _, p := range []annexPeriod{{fileAnnexHalf, y.year}, {fileAnnexYear, y.year}} {
			if p.holds(a) && y.g.annexFiledAt(p, a.unit) < a.raisedAt {
				f := filing{a.unit, p.kind}
				again[f] = append(again[f], a.raisedAt+int64(y.chance.between(24, 120))*hour)
			}
		}
	}
	for f, times := range again {
		slices.Sort(times)
		for k, at := range times {
			y.add(at, f.kind, f.unit, 2+k)
		}
	}
	// Map order must not reach the output.
	slices.SortFunc(y.jobs, func(a, b job) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind), cmp.Compare(a.index, b.index), cmp.Compare(a.revision, b.revision))
	})
}

func (y *yearPlan) scheduleCommunes() {
	for index := range y.g.cfg.Communes {
		for _, kind := range []jobKind{fileCommuneHalf, fileCommuneYear} {
			at := y.deadline(kind == fileCommuneHalf).at(hash(y.g.cfg.Seed, forFiling, uint64(y.year), uint64(kind), uint64(index)))
			if y.g.communes.isCurrent(index, at >= y.g.geo.mergedAt) {
				y.add(at, kind, index, 1)
			}
		}
	}
}

// window is the time in which periodic reports come in.
type window struct{ opens, due, closes int64 }

// deadline: before 5 July for the half-year, before 10 January for the year
// (Decree 39/2016/ND-CP Art. 24).
func (y *yearPlan) deadline(isHalf bool) window { return deadline(y.year, isHalf) }

func deadline(of int, isHalf bool) window {
	if isHalf {
		return window{midnight(of, time.July, 1) + 7*hour, midnight(of, time.July, 5), midnight(of, time.September, 1)}
	}
	return window{midnight(of+1, time.January, 1) + 7*hour, midnight(of+1, time.January, 10), midnight(of+1, time.March, 1)}
}

const onTimePercent = 93

// at places a draw in the window, most of it before the deadline. It grows with
// the draw.
func (w window) at(draw uint64) int64 {
	const scale = 1 << 24
	share := int64(draw >> 40)
	if share*100 < onTimePercent*scale {
		return w.opens + (w.due-w.opens)*share*100/(onTimePercent*scale)
	}
	late := share*100 - onTimePercent*scale
	return w.due + (w.closes-w.due)*late/((100-onTimePercent)*scale)
}

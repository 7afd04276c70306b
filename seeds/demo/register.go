package demo

// register holds the invented establishments. They are computed from their
// index, not stored, so that there can be any number of them.
//
// Establishments of a province have neighbouring indexes. The first part of each
// province's run are those with harmful factors: they file the reports on
// diseases and monitoring, and have most of the accidents.
type register struct {
	seed   uint64
	geo    *geo
	starts []int
	hazard [provinceCount]int // number with harmful factors
	// hazardSize is the mean number of workers of those; the fewer there are, the
	// larger, so that the examined workers of the whole country find room.
	hazardSize int
	taxOffset  uint64
}

const (
	// hazardLimit bounds the establishments with harmful factors, and with them
	// the reports that do not grow with the number of establishments.
	hazardLimit = 20_000
	// hazardWorkers is how many workers they have together, about.
	hazardWorkers = 1_200_000
	// Every branchEvery-th establishment is a branch of the one before, and every
	// second of these is covered by the head office's report.
	branchEvery = 40
	branchAt    = 17
	// Every householdEvery-th is a household business without accidents.
	householdEvery = 50
	householdAt    = 49
)

func newRegister(c Config, g *geo) (*register, error) {
	starts, err := g.ranges(c.Establishments, 4)
	if err != nil {
		return nil, err
	}
	r := &register{seed: c.Seed, geo: g, starts: starts, taxOffset: hash(c.Seed, forTaxCode) % taxSpace}
	lengths := make([]int, provinceCount)
	most := make([]int, provinceCount)
	for i := range lengths {
		lengths[i] = starts[i+1] - starts[i]
		most[i] = lengths[i] - 1
	}
	counts, err := apportion(min(c.Establishments/3, hazardLimit), lengths, 1, most)
	if err != nil {
		return nil, err
	}
	copy(r.hazard[:], counts)
	r.hazardSize = max(hazardWorkers/sum(counts), 60)
	return r, nil
}

// establishment is one employer.
type establishment struct {
	index, row int
	section    byte // VSIC 2018
	workers    int  // in FirstYear
	women      int  // percent
	hazard     bool
	household  bool
	branch     bool // of index-1
	covered    bool // its figures are also in the report of index-1
	covers     bool // its report holds the figures of the branch index+1
	since      int  // first year it reports on
}

const sectionLetters = "ABCDEFGHIJKLMNPQRS"

var (
	hazardSections = []int{4, 6, 62, 4, 4, 14, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	miningSections = []int{2, 50, 28, 6, 2, 8, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	otherSections  = []int{4, 1, 18, 1, 1, 13, 30, 7, 8, 2, 1, 2, 5, 4, 1, 1, 1, 1}
)

func (r *register) at(index int) establishment {
	row := rowOf(r.starts, index)
	place := index - r.starts[row]
	next := place + 1
	e := establishment{
		index: index, row: row, hazard: place < r.hazard[row],
		branch:    place%branchEvery == branchAt,
		covered:   place%(2*branchEvery) == branchAt,
		covers:    next%(2*branchEvery) == branchAt && index+1 < r.starts[row+1],
		household: place >= r.hazard[row] && place%householdEvery == householdAt,
	}
	draw := hash(r.seed, forEstablishment, uint64(index))
	founder := draw
	if e.branch {
		founder = hash(r.seed, forEstablishment, uint64(index-1))
	}
	e.since = FirstYear
	// The first of each province is always there, for accidents to happen in.
	if late := int(founder % 100); late < 30 && place > 0 {
		e.since += late / 3 // 3 % more a year up to 2025
	}
	r.size(&e, mix(draw))
	return e
}

func (r *register) size(e *establishment, draw uint64) {
	sections, low, high := otherSections, 10, 120
	switch {
	case e.hazard && r.geo.provinces[e.row].Code == "22":
		sections = miningSections // the coal mines of Quảng Ninh
	case e.hazard:
		sections = hazardSections
	}
	if e.hazard {
		low, high = r.hazardSize/3, r.hazardSize*5/3
	}
	e.section = sectionLetters[weighted(draw, sections)]
	e.workers = low + below(mix(draw+1), high-low)
	if e.household {
		e.section, e.workers = 'G', 2+int(draw%8)
	}
	e.women = 10 + below(mix(draw+2), 40)
	if e.section == 'C' {
		e.women += 20
	}
}

// active tells whether the establishment reports on a year.
func (e *establishment) active(of int) bool { return e.since <= of }

// employed returns its workers, and the women among them, in a year.
func (e *establishment) employed(of int) (total, women int) {
	total = e.workers * (100 + 2*(of-FirstYear)) / 100
	return total, total * e.women / 100
}

// Tax codes have eight digits from the index, one free digit that makes the
// check digit possible, and the check digit.
const (
	taxSpace  = 90_000_000
	taxStride = 48_271_003 // coprime to taxSpace: different indexes, different codes
	// bodyIndex is where the codes of monitoring bodies start.
	bodyIndex = MaxEstablishments + 1
)

// taxBase returns the ten digits of a taxpayer without a branch number.
func (r *register) taxBase(index int) [10]byte {
	prefix := taxSpace/9 + (uint64(index)*taxStride+r.taxOffset)%taxSpace
	var code [10]byte
	for i := 7; i >= 0; i-- {
		code[i] = byte('0' + prefix%10)
		prefix /= 10
	}
	weights := [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3}
	total := 0
	for i := range 8 {
		total += weights[i] * int(code[i]-'0')
	}
	// One of two neighbouring digits always works: 3 is not 0 modulo 11.
	free := 1 + int(hash(r.seed, forTaxCode, uint64(index))%8)
	if (total+3*free)%11 == 0 {
		free++
	}
	code[8] = byte('0' + free)
	code[9] = byte('0' + 10 - (total+3*free)%11)
	return code
}

// communes of a province have neighbouring indexes, too. On 1 July 2025 each
// even one takes over its odd neighbour and keeps its code, as codes were
// indeed reused.
type communes struct {
	starts []int
}

// current returns the commune that answers for an index at a moment.
func (c *communes) current(index int, merged bool) int {
	if !merged {
		return index
	}
	row := rowOf(c.starts, index)
	place := index - c.starts[row]
	return c.starts[row] + place&^1
}

func (c *communes) isCurrent(index int, merged bool) bool { return c.current(index, merged) == index }

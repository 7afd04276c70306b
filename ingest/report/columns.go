package report

import (
	"slices"

	"atvsld/seeds"
)

// Column is one column of a kind's current table. Value returns what the driver
// appends: string, bool, uint8, uint32, uint64, time.Time, *big.Int (UInt128),
// *uint32 (Nullable), or a slice of string, uint8 or uint32 for arrays.
type Column struct {
	Name  string
	Value func(Content) any
}

func provinceColumns(prefix string, of func(Content) seeds.ProvinceRef) []Column {
	return []Column{
		{prefix + "_list", func(c Content) any { return string(of(c).List) }},
		{prefix + "_code", func(c Content) any { return of(c).Code }},
	}
}

func industryColumns(of func(Content) Industry) []Column {
	return []Column{
		{"vsic_version", func(c Content) any { return of(c).Version }},
		{"vsic_section", func(c Content) any { return of(c).Section() }},
		{"vsic_code", func(c Content) any { return of(c).Code }},
	}
}

func workersColumns(of func(Content) Workers) []Column {
	return []Column{
		{"workers", func(c Content) any { return of(c).Total }},
		{"workers_women", func(c Content) any { return of(c).Women }},
	}
}

func totalColumns(prefix string, of func(Content) Measures) []Column {
	columns := make([]Column, len(measures))
	for i, m := range measures {
		columns[i] = Column{prefix + m.Name, func(c Content) any {
			total := of(c)
			return *m.Of(&total)
		}}
	}
	return columns
}

// list maps the elements of a slice; the result is never nil.
func list[E, V any](elements []E, value func(*E) V) []V {
	values := make([]V, len(elements))
	for i := range elements {
		values[i] = value(&elements[i])
	}
	return values
}

// total sums a count over the elements of a slice.
func total[E any](elements []E, count func(*E) uint32) uint64 {
	var sum uint64
	for i := range elements {
		sum += uint64(count(&elements[i]))
	}
	return sum
}

func concat(lists ...[]Column) []Column { return slices.Concat(lists...) }

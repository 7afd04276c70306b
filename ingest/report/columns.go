package report

import (
	"slices"
	"time"

	"atvsld/seeds"
)

// Column is one column of a kind's current table. Write writes the value of one report:
// by one call of the method that the column's type needs, or for an array by List and
// then a call for each element.
type Column struct {
	Name  string
	Write func(Cells, Content)
}

// Cells takes the values of one column: Text for String and LowCardinality(String),
// Flag for Bool and UInt8, ID for UInt128, Time for DateTime64(3), Date for Date (the
// day where the time is), Optional for Nullable(UInt32).
type Cells interface {
	Text(string)
	Flag(bool)
	Uint8(uint8)
	Uint32(uint32)
	Uint64(uint64)
	Optional(*uint32)
	ID([16]byte)
	Time(time.Time)
	Date(time.Time)
	List(n int)
}

// column makes a column of a kind from what writes a content of that kind.
func column[C Content](name string, write func(Cells, C)) Column {
	return Column{Name: name, Write: func(cells Cells, content Content) { write(cells, content.(C)) }}
}

// textColumn and numberColumn are columns of one value, textsColumn and numbersColumn
// arrays of a value of each element.
func textColumn[C Content](name string, value func(C) string) Column {
	return column(name, func(cells Cells, c C) { cells.Text(value(c)) })
}

func numberColumn[C Content](name string, value func(C) uint32) Column {
	return column(name, func(cells Cells, c C) { cells.Uint32(value(c)) })
}

func textsColumn[C Content, E any](name string, of func(C) []E, value func(*E) string) Column {
	return column(name, func(cells Cells, c C) {
		elements := of(c)
		cells.List(len(elements))
		for i := range elements {
			cells.Text(value(&elements[i]))
		}
	})
}

func numbersColumn[C Content, E any](name string, of func(C) []E, value func(*E) uint32) Column {
	return column(name, func(cells Cells, c C) {
		elements := of(c)
		cells.List(len(elements))
		for i := range elements {
			cells.Uint32(value(&elements[i]))
		}
	})
}

func provinceColumns[C Content](prefix string, of func(C) seeds.ProvinceRef) []Column {
	return []Column{
		textColumn(prefix+"_list", func(c C) string { return string(of(c).List) }),
		textColumn(prefix+"_code", func(c C) string { return of(c).Code }),
	}
}

func industryColumns[C Content](of func(C) *Industry) []Column {
	return []Column{
		textColumn("vsic_version", func(c C) string { return of(c).Version }),
		textColumn("vsic_section", func(c C) string { return of(c).Section() }),
		textColumn("vsic_code", func(c C) string { return of(c).Code }),
	}
}

func workersColumns[C Content](of func(C) *Workers) []Column {
	return []Column{
		numberColumn("workers", func(c C) uint32 { return of(c).Total }),
		numberColumn("workers_women", func(c C) uint32 { return of(c).Women }),
	}
}

// totalColumns are the eleven measures of one set.
func totalColumns[C Content](prefix string, of func(C) *Measures) []Column {
	columns := make([]Column, len(measures))
	for i, m := range measures {
		columns[i] = numberColumn(prefix+m.Name, func(c C) uint32 { return *m.Of(of(c)) })
	}
	return columns
}

// measuresColumns are the eleven measures of each element.
func measuresColumns[C Content, E any](prefix string, list func(C) []E, of func(*E) *Measures) []Column {
	columns := make([]Column, len(measures))
	for i, m := range measures {
		columns[i] = numbersColumn(prefix+m.Name, list, func(e *E) uint32 { return *m.Of(of(e)) })
	}
	return columns
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

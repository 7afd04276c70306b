package report

import "fmt"

// Positions of the columns within a row of cells.
const (
	accidents = iota
	accidentsFatal
	accidentsMulti
	victims
	victimsOutside
	women
	womenOutside
	deaths
	deathsOutside
	serious
	seriousOutside
	columnCount
)

// cells are the eleven columns of a row in the order of the form; 64 bits, so
// that sums over rows cannot overflow.
type cells [columnCount]uint64

func (m *Measures) cells() cells {
	return cells{uint64(m.Accidents), uint64(m.AccidentsFatal), uint64(m.AccidentsMulti),
		uint64(m.Victims), uint64(m.VictimsOutside), uint64(m.Women), uint64(m.WomenOutside),
		uint64(m.Deaths), uint64(m.DeathsOutside), uint64(m.Serious), uint64(m.SeriousOutside)}
}

// Inequality is something that follows from the meaning of the columns for
// every row: the sum of the columns Left is not more than the sum of the columns
// Right. Where WhenZero names a column, it need only hold for rows in which that
// one is zero. It is data, so that a client without a network can hold a form
// against it too.
type Inequality struct {
	// Number is the last part of the rule's code: AXII-010 in Annex XII, COM-010
	// in the commune's report.
	Number int `json:"number"`
	// Left, Right and WhenZero are names of columns.
	Left     []string `json:"left"`
	Right    []string `json:"right"`
	WhenZero string   `json:"when_zero,omitempty"`
	// Occupation tells whether it also holds for rows of block 1.3, which count
	// victims of one occupation, but whole accidents.
	Occupation bool `json:"occupation"`

	at          int // the column a breach is shown at
	left, right []int
	whenZero    int // -1: always
	vi, en      string
}

const always = -1

// inequalities holds for every row of table I of Annex XII, and for the same
// columns in the commune's report.
var inequalities = [...]Inequality{
	order(10, accidentsFatal, []int{accidentsFatal}, []int{accidents}, always, true,
		"Số vụ có người chết (%d) nhiều hơn số vụ (%d).",
		"More fatal accidents (%d) than accidents (%d)."),
	order(11, accidentsMulti, []int{accidentsMulti}, []int{accidents}, always, true,
		"Số vụ có từ 2 người bị nạn trở lên (%d) nhiều hơn số vụ (%d).",
		"More accidents with 2 or more victims (%d) than accidents (%d)."),
	order(12, victims, []int{accidents, accidentsMulti}, []int{victims}, always, false,
		"Số vụ cộng số vụ có từ 2 người bị nạn trở lên (%d) nhiều hơn số người bị nạn (%d).",
		"Accidents plus accidents with 2 or more victims (%d) are more than victims (%d)."),
	order(13, victims, []int{victims}, []int{accidents}, accidentsMulti, true,
		"Số người bị nạn (%d) nhiều hơn số vụ (%d) mà không có vụ nào từ 2 người bị nạn trở lên.",
		"More victims (%d) than accidents (%d), but no accident with 2 or more victims."),
	order(14, deaths, []int{accidentsFatal}, []int{deaths}, always, false,
		"Số vụ có người chết (%d) nhiều hơn số người chết (%d).",
		"More fatal accidents (%d) than deaths (%d)."),
	order(15, deaths, []int{deaths}, nil, accidentsFatal, true,
		"Có %d người chết nhưng số vụ có người chết bằng %d.",
		"There are %d deaths, but %d fatal accidents."),
	order(16, victims, []int{deaths, serious}, []int{victims}, always, true,
		"Số người chết cộng số người bị thương nặng (%d) nhiều hơn số người bị nạn (%d).",
		"Deaths plus seriously injured (%d) are more than victims (%d)."),
	order(17, women, []int{women}, []int{victims}, always, true,
		"Số nữ (%d) nhiều hơn tổng số (%d).",
		"More women (%d) than victims (%d)."),
	order(18, victimsOutside, []int{victimsOutside}, []int{victims}, always, true,
		"Số người bị nạn không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn (%d).",
		"More victims outside management (%d) than victims (%d)."),
	order(19, womenOutside, []int{womenOutside}, []int{women}, always, true,
		"Số nữ không thuộc quyền quản lý (%d) nhiều hơn số nữ (%d).",
		"More women outside management (%d) than women (%d)."),
	order(20, deathsOutside, []int{deathsOutside}, []int{deaths}, always, true,
		"Số người chết không thuộc quyền quản lý (%d) nhiều hơn số người chết (%d).",
		"More deaths outside management (%d) than deaths (%d)."),
	order(21, seriousOutside, []int{seriousOutside}, []int{serious}, always, true,
		"Số người bị thương nặng không thuộc quyền quản lý (%d) nhiều hơn số người bị thương nặng (%d).",
		"More seriously injured outside management (%d) than seriously injured (%d)."),
	order(22, womenOutside, []int{womenOutside}, []int{victimsOutside}, always, true,
		"Số nữ không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn không thuộc quyền quản lý (%d).",
		"More women outside management (%d) than victims outside management (%d)."),
	order(23, victimsOutside, []int{deathsOutside, seriousOutside}, []int{victimsOutside}, always, true,
		"Số người chết cộng số bị thương nặng không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn không thuộc quyền quản lý (%d).",
		"Deaths plus seriously injured outside management (%d) are more than victims outside management (%d)."),
	order(24, women, []int{women, victimsOutside}, []int{victims, womenOutside}, always, true,
		"Trong số người thuộc quyền quản lý, nữ nhiều hơn tổng số (so sánh %d với %d).",
		"Among those under management, women are more than victims (%d against %d)."),
	order(25, victims, []int{deaths, serious, victimsOutside}, []int{victims, deathsOutside, seriousOutside}, always, true,
		"Trong số người thuộc quyền quản lý, số chết và bị thương nặng nhiều hơn tổng số (so sánh %d với %d).",
		"Among those under management, deaths and seriously injured are more than victims (%d against %d)."),
}

func order(number, at int, left, right []int, whenZero int, occupation bool, vi, en string) Inequality {
	q := Inequality{Number: number, Occupation: occupation, at: at, left: left, right: right, whenZero: whenZero, vi: vi, en: en}
	for _, i := range left {
		q.Left = append(q.Left, measures[i].Name)
	}
	for _, i := range right {
		q.Right = append(q.Right, measures[i].Name)
	}
	if whenZero != always {
		q.WhenZero = measures[whenZero].Name
	}
	return q
}

// Inequalities returns what holds within every row of eleven columns.
func Inequalities() []Inequality { return append([]Inequality(nil), inequalities[:]...) }

// broken returns both sides, and whether the row breaks the inequality.
func (q *Inequality) broken(row *cells) (left, right uint64, broken bool) {
	if q.whenZero != always && row[q.whenZero] != 0 {
		return 0, 0, false
	}
	for _, i := range q.left {
		left += row[i]
	}
	for _, i := range q.right {
		right += row[i]
	}
	return left, right, left > right
}

// hold reports the inequality's breach in a row. The row is left alone where one
// of the columns was not read.
func (q *Inequality) hold(c *check, row *measured) {
	values := row.cells()
	left, right, broken := q.broken(&values)
	if !broken {
		return
	}
	at := row.pointer()
	for _, columns := range [2][]int{q.left, q.right} {
		for _, i := range columns {
			if c.broken(at + "/" + measures[i].Name) {
				return
			}
		}
	}
	if q.whenZero != always && c.broken(at+"/"+measures[q.whenZero].Name) {
		return
	}
	c.hit(at+"/"+measures[q.at].Name, left, right)
}

// measured is one row of eleven columns and where it stands.
type measured struct {
	*Measures
	list       string // pointer of the row, or of its list
	index      int    // noIndex: not in a list
	occupation bool   // a row of block 1.3
}

const noIndex = -1

func (m *measured) pointer() string {
	if m.index == noIndex {
		return m.list
	}
	return pointerIndex(m.list, m.index)
}

// inequalityRules makes a rule of every inequality. The function returns the
// content's rows by their number, one without Measures at the end.
func inequalityRules[T any](prefix, legalRef string, rowOf func(r *T, i int) measured) []rule[T] {
	rules := make([]rule[T], len(inequalities))
	for i := range inequalities {
		q := &inequalities[i]
		rules[i] = rule[T]{
			must(fmt.Sprintf("%s-%03d", prefix, q.Number), arithmetic+legalRef, Secondary, q.vi, q.en),
			func(c *check, r *T) {
				for i := 0; ; i++ {
					row := rowOf(r, i)
					if row.Measures == nil {
						return
					}
					if !row.occupation || q.Occupation {
						q.hold(c, &row)
					}
				}
			},
		}
	}
	return rules
}

package report

import "slices"

// Arithmetic is a check on the numbers of a report, written as data, so that the
// platform, a form in a browser and an integrator's program run the very same one:
//
//	for each place of Each (once, if there is none) that Where admits,
//	and for each of Columns (once, if there are none),
//	if every condition of When holds:
//	    Left (divided by Per, if given) stands in Relation to Right,
//	    or else the rule is broken at At.
//
// A pointer that starts with "/" is an RFC 6901 pointer from the root of the
// submission, in which "*" stands for every element of a list; one that does not is
// relative to the place of Each. "{column}" in a pointer stands for the column.
//
// Numbers are whole. A number that is absent is 0; sums are those of whole numbers of
// 64 bits. Where a value that a check uses is there, but was not readable (a text in the
// place of a number, say), the check is left out: the finding of form says enough.
type Arithmetic struct {
	Each    []string     `json:"each,omitempty" doc:"Nơi quy tắc áp dụng: một đối tượng, hoặc mọi phần tử của danh sách (*); không có: một lần cho cả báo cáo. / Where the rule holds: an object, or every element of a list (*); absent: once for the report"`
	Where   *Filter      `json:"where,omitempty" doc:"Chỉ những phần tử này. / These elements only"`
	Columns []ColumnName `json:"columns,omitempty" doc:"Áp dụng cho từng cột; {column} trong con trỏ là tên cột. / Holds for each of these columns; {column} in a pointer is its name"`
	When    []Condition  `json:"when,omitempty" doc:"Chỉ kiểm tra khi mọi điều kiện đúng. / Checked only where all of these hold"`
	Left    []Term       `json:"left" doc:"Vế trái: tổng các số hạng. / Left side: the sum of its terms"`
	Per     []Term       `json:"per,omitempty" doc:"Chia vế trái cho tổng này, lấy phần nguyên; bằng 0 thì không kiểm tra. / The left side is divided by this sum, fractions are dropped; where it is 0 nothing is checked"`

	Relation Relation `json:"relation" enum:"=,<=,>=" doc:"Vế trái phải thế nào so với vế phải. / How the left side must stand to the right one"`
	Right    []Term   `json:"right" doc:"Vế phải; không có số hạng: 0. / Right side; without terms: 0"`
	At       Spot     `json:"at" doc:"Nơi báo lỗi. / Where the finding points"`
	// Arguments fill the placeholders of the messages in turn.
	Arguments []string `json:"arguments,omitempty" doc:"Các giá trị điền vào thông báo: column (tên cột), left, right (hai vế), left.0, left.1 (số hạng của vế trái, chưa nhân). / What fills the messages: column (its name), left, right (the sides), left.0, left.1 (terms of the left side, before they are multiplied)"`
}

// Relation is what the left side of a check must be to the right one.
type Relation string

// The relations.
const (
	Equal   Relation = "="
	AtMost  Relation = "<="
	AtLeast Relation = ">="
)

// Term is a number, or the sum of the numbers that a pointer leads to; of a pointer
// that ends in "*" it is how many elements there are.
type Term struct {
	Pointer string  `json:"pointer,omitempty" doc:"Con trỏ tới số; kết thúc bằng * thì đếm phần tử. / Pointer to the numbers; one that ends in * counts elements"`
	Where   *Filter `json:"where,omitempty" doc:"Chỉ những phần tử này của danh sách. / These elements of the list only"`
	Times   int64   `json:"times,omitzero" doc:"Nhân với (không có: 1). / Times (absent: 1)"`
	Number  int64   `json:"number,omitzero" doc:"Một số cho trước, khi không có con trỏ. / A given number, where there is no pointer"`
}

// Filter picks elements of a list by the text of a member: one of Is, or none of Not.
// A text that is absent is "".
type Filter struct {
	Member string   `json:"member"`
	Is     []string `json:"is,omitempty"`
	Not    []string `json:"not,omitempty"`
}

// Condition is what must hold for a check to be made.
type Condition struct {
	Sum []Term   `json:"sum"`
	Is  SumState `json:"is" enum:"zero,positive,given" doc:"zero: tổng bằng 0; positive: lớn hơn 0; given: các giá trị có trong báo cáo. / zero: the sum is 0; positive: it is more; given: the values are there"`
}

// SumState is what a condition asks for.
type SumState string

// The states. Given asks for values that are there and not null.
const (
	Zero     SumState = "zero"
	Positive SumState = "positive"
	Given    SumState = "given"
)

// Spot is where a finding points: of a pointer with "*", the first element of the list
// that Where admits. If there is none, there is no finding.
type Spot struct {
	Pointer string  `json:"pointer"`
	Where   *Filter `json:"where,omitempty"`
}

// ColumnName is the name of a column in the report and in the messages.
type ColumnName struct {
	Name   string `json:"name"`
	NameVI string `json:"name_vi"`
	NameEN string `json:"name_en"`
}

// by makes a rule one that is broken where the arithmetic is.
func (r RuleInfo) by(a Arithmetic) RuleInfo {
	r.Arithmetic = &a
	return r
}

// What the messages of most checks name.
var (
	bothSides = []string{"left", "right"}
	leftSide  = []string{"left"}
	allThree  = []string{"column", "left", "right"}
)

// terms are the numbers at some pointers, each once.
func terms(pointers ...string) []Term {
	all := make([]Term, len(pointers))
	for i, p := range pointers {
		all[i] = Term{Pointer: p}
	}
	return all
}

// among is a sum over the elements of a list that have one of some texts.
func among(pointer, member string, is ...string) Term {
	return Term{Pointer: pointer, Where: &Filter{Member: member, Is: is}}
}

// number is a side of one given number.
func number(n int64) []Term { return []Term{{Number: n}} }

// compare holds a number, at which a breach is shown, against another.
func compare(at string, r Relation, with string) Arithmetic {
	return Arithmetic{Left: terms(at), Relation: r, Right: terms(with), At: Spot{Pointer: at}, Arguments: bothSides}
}

// in makes the check one of every element of a list, or of one object.
func (a Arithmetic) in(each ...string) Arithmetic {
	a.Each = each
	return a
}

// when adds a condition.
func (a Arithmetic) when(is SumState, sum ...Term) Arithmetic {
	a.When = append(slices.Clip(a.When), Condition{sum, is})
	return a
}

package report

import (
	"fmt"
	"slices"
	"strings"
)

// inequality is something that follows from the meaning of the columns for every row
// of eleven: the sum of the columns left is not more than that of the columns right.
type inequality struct {
	// number is the last part of the rule's code: AXII-010 in Annex XII, COM-010 in
	// the commune's report.
	number int
	// at is the column a breach is shown at, the others are names of columns; where
	// whenZero names one, it need only hold for rows in which that one is zero.
	at, left, right, whenZero string
	// occupation tells whether it also holds for rows of block 1.3, which count victims
	// of one occupation, but whole accidents.
	occupation bool
	vi, en     string
}

// inequalities holds for every row of table I of Annex XII, and for the same
// columns in the commune's report.
var inequalities = [...]inequality{
	{10, "accidents_fatal", "accidents_fatal", "accidents", "", true,
		"Số vụ có người chết (%d) nhiều hơn số vụ (%d).",
		"More fatal accidents (%d) than accidents (%d)."},
	{11, "accidents_multi", "accidents_multi", "accidents", "", true,
		"Số vụ có từ 2 người bị nạn trở lên (%d) nhiều hơn số vụ (%d).",
		"More accidents with 2 or more victims (%d) than accidents (%d)."},
	{12, "victims", "accidents accidents_multi", "victims", "", false,
		"Số vụ cộng số vụ có từ 2 người bị nạn trở lên (%d) nhiều hơn số người bị nạn (%d).",
		"Accidents plus accidents with 2 or more victims (%d) are more than victims (%d)."},
	{13, "victims", "victims", "accidents", "accidents_multi", true,
		"Số người bị nạn (%d) nhiều hơn số vụ (%d) mà không có vụ nào từ 2 người bị nạn trở lên.",
		"More victims (%d) than accidents (%d), but no accident with 2 or more victims."},
	{14, "deaths", "accidents_fatal", "deaths", "", false,
		"Số vụ có người chết (%d) nhiều hơn số người chết (%d).",
		"More fatal accidents (%d) than deaths (%d)."},
	{15, "deaths", "deaths", "", "accidents_fatal", true,
		"Có %d người chết nhưng số vụ có người chết bằng %d.",
		"There are %d deaths, but %d fatal accidents."},
	{16, "victims", "deaths serious", "victims", "", true,
		"Số người chết cộng số người bị thương nặng (%d) nhiều hơn số người bị nạn (%d).",
		"Deaths plus seriously injured (%d) are more than victims (%d)."},
	{17, "women", "women", "victims", "", true,
		"Số nữ (%d) nhiều hơn tổng số (%d).",
		"More women (%d) than victims (%d)."},
	{18, "victims_outside", "victims_outside", "victims", "", true,
		"Số người bị nạn không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn (%d).",
		"More victims outside management (%d) than victims (%d)."},
	{19, "women_outside", "women_outside", "women", "", true,
		"Số nữ không thuộc quyền quản lý (%d) nhiều hơn số nữ (%d).",
		"More women outside management (%d) than women (%d)."},
	{20, "deaths_outside", "deaths_outside", "deaths", "", true,
		"Số người chết không thuộc quyền quản lý (%d) nhiều hơn số người chết (%d).",
		"More deaths outside management (%d) than deaths (%d)."},
	{21, "serious_outside", "serious_outside", "serious", "", true,
		"Số người bị thương nặng không thuộc quyền quản lý (%d) nhiều hơn số người bị thương nặng (%d).",
		"More seriously injured outside management (%d) than seriously injured (%d)."},
	{22, "women_outside", "women_outside", "victims_outside", "", true,
		"Số nữ không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn không thuộc quyền quản lý (%d).",
		"More women outside management (%d) than victims outside management (%d)."},
	{23, "victims_outside", "deaths_outside serious_outside", "victims_outside", "", true,
		"Số người chết cộng số bị thương nặng không thuộc quyền quản lý (%d) nhiều hơn số người bị nạn không thuộc quyền quản lý (%d).",
		"Deaths plus seriously injured outside management (%d) are more than victims outside management (%d)."},
	{24, "women", "women victims_outside", "victims women_outside", "", true,
		"Trong số người thuộc quyền quản lý, nữ nhiều hơn tổng số (so sánh %d với %d).",
		"Among those under management, women are more than victims (%d against %d)."},
	{25, "victims", "deaths serious victims_outside", "victims deaths_outside serious_outside", "", true,
		"Trong số người thuộc quyền quản lý, số chết và bị thương nặng nhiều hơn tổng số (so sánh %d với %d).",
		"Among those under management, deaths and seriously injured are more than victims (%d against %d)."},
}

// inequalityRules makes a rule of every inequality, for the rows at some places.
// Where it need not hold for rows of one occupation, the filter leaves them out.
func inequalityRules[T any](prefix, legalRef string, rows []string, others *Filter) []rule[T] {
	rules := make([]rule[T], len(inequalities))
	for i, q := range inequalities {
		a := Arithmetic{Left: terms(strings.Fields(q.left)...), Relation: AtMost, Right: terms(strings.Fields(q.right)...),
			At: Spot{Pointer: q.at}, Arguments: bothSides}.in(rows...)
		if !q.occupation {
			a.Where = others
		}
		if q.whenZero != "" {
			a = a.when(Zero, Term{Pointer: q.whenZero})
		}
		rules[i].RuleInfo = must(fmt.Sprintf("%s-%03d", prefix, q.number), arithmetic+legalRef, Secondary, q.vi, q.en).by(a)
	}
	return rules
}

// allColumns are the eleven columns for [Arithmetic], named picks some of them.
func allColumns() []ColumnName {
	all := make([]ColumnName, len(measures))
	for i, m := range measures {
		all[i] = ColumnName{m.Name, m.NameVI, m.NameEN}
	}
	return all
}

func named(names ...string) []ColumnName {
	return slices.DeleteFunc(allColumns(), func(c ColumnName) bool { return !slices.Contains(names, c.Name) })
}

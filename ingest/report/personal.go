package report

import (
	"reflect"
	"slices"
	"strings"
)

// Numbers of persons in texts. Whoever describes an accident, or fills a code that his
// own system made, easily writes down the number of a person, where nobody expects one:
// a text that travels in clear would carry it everywhere.
//
// Looked for are citizen numbers (12 digits: province, century and sex, year, serial),
// the former identity numbers of 9 digits, tax codes of persons (10 digits with the
// check digit, from 8 on) and mobile telephones.
type numberOfPerson uint8

const (
	noNumber numberOfPerson = iota
	citizenNumber
	formerNumber
	personTaxCode
	mobileNumber
)

var personTerms = [...]term{
	citizenNumber: {"số căn cước", "citizen number"},
	formerNumber:  {"số chứng minh nhân dân cũ", "former identity number"},
	personTaxCode: {"mã số thuế cá nhân", "tax code of a person"},
	mobileNumber:  {"số điện thoại", "telephone number"},
}

// The rules on texts. They never show what they found.
var textRules = [...]RuleInfo{
	warn("ENV-015", sourceCitizen, Verified,
		"Văn bản có %s: hãy bỏ đi, trừ khi không thể thiếu.",
		"The text holds a %s: leave it out unless it is indispensable."),
	must("ENV-016", sourceCitizen+"; "+sourcePlatform, Verified,
		"Mục này được lưu và truyền ở dạng rõ nhưng có %s: phải bỏ đi.",
		"This member is stored and passed on in clear, but holds a %s: it must be left out."),
	suggest("ENV-017", "Form of the numbers", Unverified,
		"Văn bản có dãy số giống %s: hãy bỏ đi, trừ khi không thể thiếu.",
		"The text holds digits like a %s: leave them out unless they are indispensable."),
	warn("ENV-018", "Form of the numbers", Unverified,
		"Mục này được lưu và truyền ở dạng rõ nhưng có dãy số giống %s: hãy bỏ đi.",
		"This member is stored and passed on in clear, but holds digits like a %s: leave them out."),
}

// shortest is the length of the shortest number that is looked for. A personal member of
// up to meant characters holds one value of its own kind (a number, a date, a telephone),
// a longer one is free text.
const (
	shortest = 9
	meant    = 40
)

// scanned is a member that is looked into, by its path from the content. A form without
// a name stands for every element of the list before it.
type scanned struct{ path []*form }

// scannedTexts lists the members of a form that may hold a number by mistake.
func scannedTexts(f *form) []scanned {
	var all []scanned
	var walk func(f *form, path []*form)
	walk = func(f *form, path []*form) {
		switch {
		case f.kind == objectForm:
			for _, m := range f.members {
				walk(m, append(slices.Clip(path), m))
			}
		case f.kind == listForm:
			walk(f.elem, append(slices.Clip(path), f.elem))
		case f.kind != textForm, f.taxCode, f.computed, f.enum != nil:
		case f.private && f.max <= meant, f.max > 0 && f.max < shortest:
		default:
			all = append(all, scanned{path: path})
		}
	}
	walk(f, nil)
	return all
}

// scanTexts looks for numbers of persons in the texts of a content.
func (c *check) scanTexts(d *Definition, content Content) {
	v := reflect.ValueOf(content).Elem()
	for i := range d.texts {
		c.scan(v, d.texts[i].path, trail{path: d.texts[i].path})
	}
}

// trail says where a text is: the path and the indexes of the elements on it. The
// pointer is written only where something is found.
type trail struct {
	path    []*form
	indexes [4]int
	depth   int
}

func (t trail) in(i int) trail {
	t.indexes[t.depth] = i
	t.depth++
	return t
}

func (t trail) pointer() string {
	at, depth := "/content", 0
	for _, m := range t.path {
		if m.name != "" {
			at = pointerMember(at, m.name)
			continue
		}
		at = pointerIndex(at, t.indexes[depth])
		depth++
	}
	return at
}

// scan follows a path through lists.
func (c *check) scan(v reflect.Value, path []*form, t trail) {
	for i, m := range path {
		if m.name == "" { // every element of a list
			for j := range v.Len() {
				c.scan(v.Index(j), path[i+1:], t.in(j))
			}
			return
		}
		if v = m.value(v); !v.IsValid() {
			return
		}
	}
	text := v.String()
	if len(text) < shortest {
		return
	}
	if found := findNumber(text); found != noNumber {
		c.numberAt(t.pointer(), found, v.Type() == privateType)
	}
}

// numberAt reports a number in a text.
func (c *check) numberAt(at string, found numberOfPerson, private bool) {
	i := 0
	if found != citizenNumber {
		i = 2
	}
	if !private {
		i++
	}
	c.rule = &textRules[i]
	c.hitHidden(at, personTerms[found])
}

// findNumber returns the kind of the first number of a person in a text; a citizen
// number goes before all others.
func findNumber(text string) numberOfPerson {
	found := noNumber
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			i++
			continue
		}
		end, number := digitRun(text, i)
		kind := kindOfNumber(number)
		switch {
		case kind == citizenNumber:
			return kind
		case found == noNumber && (kind != formerNumber || !amount(text[i:end], text[end:])):
			found = kind
		}
		i = end
	}
	return found
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// digitRun returns the digits from i on, and where they end. Groups of three or four
// parted by one space, dot or hyphen are one number, as people write them, and so is what
// follows +84.
func digitRun(text string, i int) (end int, number string) {
	end = i
	for end < len(text) && digit(text[end]) {
		end++
	}
	number = text[i:end]
	last := len(number)
	var groups strings.Builder
	if number == "84" && i > 0 && text[i-1] == '+' {
		last = 3
	}
	for last >= 3 && last <= 4 && end+1 < len(text) && strings.IndexByte(" .-", text[end]) >= 0 && digit(text[end+1]) {
		start := end + 1
		next := start
		for next < len(text) && digit(text[next]) {
			next++
		}
		if last = next - start; last < 3 {
			break
		}
		groups.WriteString(text[start:next])
		end = next
	}
	return end, number + groups.String()
}

func kindOfNumber(number string) numberOfPerson {
	switch len(number) {
	case 12:
		if isCitizenNumber(number) {
			return citizenNumber
		}
	case 11: // with the country's code 84
		if number[:2] == "84" && mobile(number[2]) {
			return mobileNumber
		}
	case 10:
		if number[0] == '0' && mobile(number[1]) {
			return mobileNumber
		}
		if number[0] == '8' && TaxCode(number).Valid() == nil {
			return personTaxCode
		}
	case 9:
		return formerNumber
	}
	return noNumber
}

func mobile(b byte) bool { return strings.IndexByte("35789", b) >= 0 }

// isCitizenNumber tells whether 12 digits have the structure of a citizen number: a
// province's code after a zero. The centuries go to the 24th, so that its fourth digit
// says nothing.
func isCitizenNumber(number string) bool {
	province := number[1:3]
	return number[0] == '0' && province >= "01" && province <= "96"
}

// amount tells whether nine digits are a sum of money: a round number, one in groups
// parted by dots, or one with the currency behind it.
func amount(number, rest string) bool {
	if strings.Contains(number, ".") {
		return true
	}
	rest = strings.ToLower(strings.TrimLeft(rest, " ."))
	return strings.HasSuffix(number, "000") || strings.HasPrefix(rest, "đ") || strings.HasPrefix(rest, "vn")
}

package report

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"atvsld/seeds"
)

// Blank stands for what was taken out of a narrative.
const Blank = "[…]"

// blanker takes out of narratives what names a person. It errs on the side of taking too much:
// a sum of money of nine digits goes as well.
//
// What it cannot see: a name that stands nowhere else in the report, and a given name alone,
// in lower case and without a form of address ("hùng ngã"), which may be any word.
type blanker struct {
	sequences map[string][][]string // words in folded form that stand together, by the first
	given     map[string]bool       // given names as written
	called    map[string]bool       // given names in folded form
}

func newBlanker() *blanker {
	return &blanker{sequences: map[string][][]string{}, given: map[string]bool{}, called: map[string]bool{}}
}

// minSubject is the length from which a single word of a name or number is looked for
// anywhere, whatever its case.
const minSubject = 3

// learn remembers what must not stand in a narrative.
func (b *blanker) learn(p privacy, text string) {
	found := wordsOf(text)
	if len(found) == 0 {
		return
	}
	folded := make([]string, len(found))
	for i, w := range found {
		folded[i] = w.folded
	}
	switch p {
	case personName:
		b.learnPerson(text, found, folded)
	case unitName:
		b.add(folded)
		b.add(withoutForm(folded))
	case birthText:
		b.learnBirth(text)
	default:
		b.add(folded)
	}
}

// learnPerson learns a name and its parts: people write "Văn Hùng", "Nguyễn Hùng" and "anh
// Hùng" of Nguyễn Văn Hùng.
func (b *blanker) learnPerson(text string, found []word, folded []string) {
	for i := range len(folded) - 1 {
		b.add(folded[i : i+2]) // two by two they cover every longer part
	}
	last := len(folded) - 1
	if last == 0 {
		b.add(folded)
	} else {
		b.add([]string{folded[0], folded[last]})
	}
	b.called[folded[last]] = true
	if given := text[found[last].start:found[last].end]; utf8.RuneCountInString(given) > 1 {
		given = norm.NFC.String(given)
		b.given[given], b.given[strings.ToUpper(given)] = true, true
	}
}

// learnBirth learns the ways in which a date of birth is written.
func (b *blanker) learnBirth(text string) {
	b.add([]string{foldText(text)})
	d, err := seeds.ParseDate(text)
	if err != nil {
		return
	}
	year, month, day := text[:4], text[5:7], text[8:]
	short := func(s string) string { return strings.TrimPrefix(s, "0") }
	for _, dd := range []string{day, short(day)} {
		for _, mm := range []string{month, short(month)} {
			b.add([]string{dd, mm, year})
			b.add([]string{dd, mm, year[2:]})
			b.add([]string{year, mm, dd})
			b.add([]string{dd, "thang", mm, "nam", year})
		}
	}
	b.add([]string{day + month + year})
	b.add([]string{d.Start().Format("20060102")})
}

func (b *blanker) add(sequence []string) {
	if len(sequence) == 0 || len(sequence) == 1 && utf8.RuneCountInString(sequence[0]) < minSubject {
		return
	}
	same := func(known []string) bool { return slices.Equal(known, sequence) }
	if known := b.sequences[sequence[0]]; !slices.ContainsFunc(known, same) {
		b.sequences[sequence[0]] = append(known, slices.Clone(sequence))
	}
}

// legalForms begin the names of units and name nobody.
var legalForms = strings.Fields("ho kinh doanh co so cua hang xuong doanh nghiep tu nhan dntn hkd cong ty tnhh mtv mot hai thanh vien phan cp ctcp ong ba")

// withoutForm is the name of a unit behind its legal form: a household business has the name
// of a person. One word that is left may be any.
func withoutForm(folded []string) []string {
	for len(folded) > 0 && slices.Contains(legalForms, folded[0]) {
		folded = folded[1:]
	}
	if len(folded) < 2 {
		return nil
	}
	return folded
}

// span is a part of a text.
type span struct{ start, end int }

// blank returns the text without what was learnt and without what has the form of a number of
// a person, an account, a telephone, an e-mail address or a date of birth.
func (b *blanker) blank(text string) string {
	found := wordsOf(text)
	spans := b.known(text, found)
	spans = append(spans, afterCue(found)...)
	spans = append(spans, longNumbers(text)...)
	spans = append(spans, addresses(text)...)
	return cutOut(text, spans)
}

// known finds what was learnt, and passports.
func (b *blanker) known(text string, found []word) (spans []span) {
	for i, w := range found {
		for _, sequence := range b.sequences[w.folded] {
			if stands(found[i:], sequence) {
				spans = append(spans, span{w.start, found[i+len(sequence)-1].end})
			}
		}
		if passport.MatchString(w.folded) {
			spans = append(spans, w.span)
		}
		written := norm.NFC.String(text[w.start:w.end])
		if b.given[written] || b.called[w.folded] && i > 0 && slices.Contains(addressed, found[i-1].folded) {
			spans = append(spans, w.span)
		}
	}
	return spans
}

// passport is the number of a Vietnamese passport.
var passport = regexp.MustCompile(`^[a-z][0-9]{7,8}$`)

func stands(found []word, sequence []string) bool {
	if len(found) < len(sequence) {
		return false
	}
	for i, folded := range sequence {
		if found[i].folded != folded {
			return false
		}
	}
	return true
}

// addressed are the words before a given name, without their marks.
var addressed = strings.Fields("ong ba anh chi em co chu bac cau di chau mr mrs ms nan nhan cong than ten la va voi")

// cues announce a number that may be shorter than the others, or a date of birth. What follows
// is blanked as far as it has digits.
var cues = [][]string{
	{"sinh"}, {"sn"}, {"ns"}, {"born"}, {"cccd"}, {"cmnd"}, {"cmt"}, {"can", "cuoc"}, {"chung", "minh"}, {"ho", "chieu"}, {"passport"},
	{"stk"}, {"tai", "khoan"}, {"tk"}, {"account"}, {"bhxh"}, {"bao", "hiem"}, {"mst"}, {"ma", "so", "thue"},
	{"dien", "thoai"}, {"dt"}, {"sdt"}, {"tel"}, {"phone"}, {"zalo"},
}

// between are words between a cue and its number.
var between = strings.Fields("so ngay nam thang ngay la cua date number no xa hoi nhan dan cong ngan hang y te ca")

// afterCue finds numbers behind a cue.
func afterCue(found []word) (spans []span) {
	for i := range found {
		for _, cue := range cues {
			if !stands(found[i:], cue) {
				continue
			}
			next := i + len(cue)
			for steps := 0; next < len(found) && steps < 6; next++ {
				w := found[next]
				if w.hasDigit() {
					spans = append(spans, w.span)
					continue
				}
				if !slices.Contains(between, w.folded) {
					break
				}
				steps++
			}
		}
	}
	return spans
}

// word is a run of letters, digits and their marks. Its folded form has no marks and no
// capitals, so that "NGUYEN" and "Nguyễn" are one word.
type word struct {
	span
	folded string
}

func (w word) hasDigit() bool { return strings.ContainsFunc(w.folded, unicode.IsDigit) }

func wordsOf(text string) (found []word) {
	start := -1
	end := func(i int) {
		if start < 0 {
			return
		}
		if folded := foldText(text[start:i]); folded != "" {
			found = append(found, word{span{start, i}, folded})
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r), unicode.Is(unicode.Cf, r):
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return found
}

// foldText writes a word without its marks, in lower case. Characters that nobody sees, and
// other shapes of a letter or digit, do not hide it.
func foldText(text string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
		case r == 'đ' || r == 'Đ':
			out.WriteByte('d')
		default:
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

// longNumbers finds runs of nine digits and more: identity numbers, telephones, tax codes and
// accounts, also in groups. A date by itself does not count into one.
func longNumbers(text string) (spans []span) {
	dates := datesIn(text)
	first, last, count, gap := -1, 0, 0, 0
	flush := func() {
		if count >= shortest {
			spans = append(spans, span{first, last})
		}
		first, count, gap = -1, 0, 0
	}
	for i, r := range text {
		switch {
		case slices.ContainsFunc(dates, func(d span) bool { return d.start <= i && i < d.end }):
			flush()
		case unicode.IsDigit(r):
			if first < 0 {
				first = i
			}
			last, gap = i+utf8.RuneLen(r), 0
			count++
		case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
		case first >= 0 && gap < 2 && groups(r):
			gap++
		default:
			flush()
		}
	}
	flush()
	return spans
}

// lonelyDate is a date that is not part of a longer number.
var lonelyDate = regexp.MustCompile(`(?:^|[^\d./-])(\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})(?:[.]?$|[.]?[^\d./-])`)

func datesIn(text string) (dates []span) {
	for _, at := range lonelyDate.FindAllStringSubmatchIndex(text, -1) {
		dates = append(dates, span{at[2], at[3]})
	}
	return dates
}

// groups tells what people write between the digits of one number.
func groups(r rune) bool {
	return unicode.IsSpace(r) && r != '\n' || unicode.Is(unicode.Pd, r) || strings.ContainsRune("._·()", r)
}

// addresses finds e-mail addresses: whatever has an "@" within.
func addresses(text string) (spans []span) {
	start := 0
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>,;()", r) }) {
		at := start + strings.Index(text[start:], field)
		start = at + len(field)
		if i := strings.IndexAny(field, "@＠"); i > 0 {
			spans = append(spans, span{at, start})
		}
	}
	return spans
}

// cutOut puts Blank in the place of the spans, once where nothing but separators is between them.
func cutOut(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var out strings.Builder
	end := 0
	for i, s := range spans {
		if s.start >= end {
			if between := text[end:s.start]; i == 0 || strings.Trim(between, "/.- \t\n\u00a0") != "" {
				out.WriteString(between)
				out.WriteString(Blank)
			}
		}
		end = max(end, s.end)
	}
	out.WriteString(text[end:])
	return out.String()
}

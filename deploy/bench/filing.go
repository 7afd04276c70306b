package bench

import (
	"strconv"
	"time"

	"atvsld/seeds"
)

// filings writes Annex XII reports that the rules accept without a warning, each of
// another establishment, for the period that ended last.
type filings struct {
	// accidentEvery: every so-manieth report has accidents, none if 0. table is what
	// such a report says of them.
	accidentEvery int
	table         string

	list, version, period, date string
	provinces, sections         []string
}

func newFilings(now time.Time, data *seeds.Data) *filings {
	today := seeds.DateOf(now)
	// The period that ended last.
	period, end := strconv.Itoa(today.Year()-1), seeds.MustDate(today.Year()-1, time.December, 31)
	if today.Month() >= time.July {
		period, end = strconv.Itoa(today.Year())+"H1", seeds.MustDate(today.Year(), time.June, 30)
	}
	list := data.ProvinceListOn(today)
	f := &filings{accidentEvery: accidentEvery, table: table, list: string(list), version: data.VSICVersionOn(end), period: period, date: today.String()}
	for _, p := range data.Provinces(list) {
		f.provinces = append(f.provinces, p.Code)
	}
	for _, s := range data.VSICSections(f.version) {
		f.sections = append(f.sections, s.Code)
	}
	return f
}

// accidentEvery is the part of the reports that has accidents, with five rows of table I.
// Fewer have in truth; the others are shorter.
const accidentEvery = 4

// append adds the report of the n-th establishment, one line without its end.
func (f *filings) append(b []byte, n int) []byte {
	b = append(b, `{"kind":"annex_xii","content":{"reporter":{"type":"establishment","tax_code":"`...)
	b = appendTaxCode(b, n)
	b = append(b, `","name":"Công ty TNHH thử tải số `...)
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, `","address":"Lô A1, khu công nghiệp thử tải","province":{"list":"`...)
	b = append(b, f.list...)
	b = append(b, `","code":"`...)
	b = append(b, f.provinces[n%len(f.provinces)]...)
	b = append(b, `"}},"period":"`...)
	b = append(b, f.period...)
	b = append(b, `","report_date":"`...)
	b = append(b, f.date...)
	b = append(b, `","industry":{"version":"`...)
	b = append(b, f.version...)
	b = append(b, `","code":"`...)
	b = append(b, f.sections[n%len(f.sections)]...)
	b = append(b, `"},"workers":{"total":`...)
	b = strconv.AppendInt(b, int64(20+n%900), 10)
	b = append(b, `,"women":`...)
	b = strconv.AppendInt(b, int64(5+n%15), 10)
	b = append(b, `},"payroll_million_vnd":`...)
	b = strconv.AppendInt(b, int64(2000+n%900*120), 10)
	if f.accidentEvery > 0 && n%f.accidentEvery == 0 {
		b = append(b, f.table...)
	}
	return append(b, `}}`...)
}

// table is table I of a report with two accidents, and its table II.
const table = `,"rows":[` +
	`{"block":"1","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.1","code":"1","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.2","code":"7","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.3","code":"7111","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"3","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1}],` +
	`"damage":{"days_off":40,"cost_total":60,"cost_medical":10,"cost_wages":20,"cost_compensation":30}`

// longTable is table I of a report with two accidents of different causes and one on the
// way to work, and its table II. With it a report has 1.2 KB.
const longTable = `,"rows":[` +
	`{"block":"1","accidents":2,"accidents_fatal":1,"victims":2,"women":1,"deaths":1,"serious":1},` +
	`{"block":"1.1","code":"1","accidents":1,"accidents_fatal":1,"victims":1,"women":1,"deaths":1},` +
	`{"block":"1.1","code":"6","accidents":1,"victims":1,"serious":1},` +
	`{"block":"1.2","code":"7","accidents":1,"accidents_fatal":1,"victims":1,"women":1,"deaths":1},` +
	`{"block":"1.2","code":"1","accidents":1,"victims":1,"serious":1},` +
	`{"block":"1.3","code":"7111","accidents":1,"accidents_fatal":1,"victims":1,"women":1,"deaths":1},` +
	`{"block":"1.3","code":"7112","accidents":1,"victims":1,"serious":1},` +
	`{"block":"2","accidents":1,"victims":1,"serious":1},` +
	`{"block":"3","accidents":3,"accidents_fatal":1,"victims":3,"women":1,"deaths":1,"serious":2}],` +
	`"damage":{"days_off":64,"cost_total":96,"cost_medical":16,"cost_wages":32,"cost_compensation":48}`

// appendTaxCode adds the tax code of the n-th establishment: eight digits from n, a ninth
// that makes the check digit possible, and the check digit (weights 31 29 23 19 17 13 7 5 3
// on the first nine, r the sum modulo 11, tenth digit 10 − r; r = 0 is never issued).
func appendTaxCode(b []byte, n int) []byte {
	start := len(b)
	b = strconv.AppendInt(b, int64(12_345_678+n), 10)
	sum := 0
	for i, weight := range [...]int{31, 29, 23, 19, 17, 13, 7, 5} {
		sum += weight * int(b[start+i]-'0')
	}
	ninth := 0
	if sum%11 == 0 {
		ninth = 1
	}
	return append(b, byte('0'+ninth), byte('0'+10-(sum+3*ninth)%11))
}

// prepared holds n reports ready to be sent.
type prepared struct {
	text []byte
	ends []int
}

func (f *filings) prepare(first, n int) prepared {
	p := prepared{text: make([]byte, 0, n*600), ends: make([]int, n)}
	for i := range n {
		p.text = f.append(p.text, first+i)
		p.ends[i] = len(p.text)
	}
	return p
}

func (p prepared) len() int { return len(p.ends) }

func (p prepared) at(i int) []byte {
	start := 0
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.text[start:p.ends[i]]
}

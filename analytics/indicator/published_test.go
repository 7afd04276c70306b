package indicator

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

var update = flag.Bool("update", false, "write docs/PUBLISHED-FIGURES.md anew")

// publishedDocument is what this test writes for statisticians.
const publishedDocument = "../../docs/PUBLISHED-FIGURES.md"

// publishedFrom and publishedTo bound the years that are held against the ministry's notices.
const publishedFrom, publishedTo = 2016, 2021

// publishedMetrics are the metrics of seeds/data/published_statistics.csv that an indicator
// counts, without the suffix that names the workers.
var publishedMetrics = map[string]struct{ indicator, measure string }{
	"accidents": {"N1", "accidents"}, "victims": {"N2", "victims"}, "serious": {"N3", "serious"},
	"fatal_accidents": {"N4", "fatal_accidents"}, "deaths": {"N5", "deaths"},
}

// printedCount is one printed count.
type printedCount struct {
	seeds.Statistic
	indicator, measure string
	employment         Employment // empty for both sectors
	place              place
	value              int64
}

// publishedFigures are the printed counts of N1 to N5, without those that have no source.
func publishedFigures(t *testing.T) []printedCount {
	t.Helper()
	suffixes := map[string]Employment{"all": "", "contract": Contract, "nocontract": NoContract}
	var all []printedCount
	for _, s := range seeds.Default().Statistics() {
		name, suffix, _ := cutLast(s.Metric, "_")
		metric, counted := publishedMetrics[name]
		employment, sector := suffixes[suffix]
		value, whole := s.Int()
		if s.Year < publishedFrom || s.Year > publishedTo || !counted || !sector || !whole || s.Verified == seeds.StatusUnverified {
			continue
		}
		one := printedCount{s, metric.indicator, metric.measure, employment, nation, value}
		if s.Area != seeds.AreaNational {
			unit, ok := seeds.Default().ProvinceByName(seeds.List63, s.Area)
			require.True(t, ok, s.Area)
			one.place = unit.Ref()
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b printedCount) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), -cmp.Compare(a.Period, b.Period), comparePlaces(a.place, b.place),
			cmp.Compare(a.indicator, b.indicator), cmp.Compare(a.employment, b.employment))
	})
	return all
}

func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// importPublished imports printed counts as base figures. What is a sum or difference of
// prints is as good as a secondary copy.
func importPublished(figures []printedCount) *memory {
	m := newMemory()
	for _, f := range figures {
		status := string(f.Verified)
		if f.Verified == seeds.StatusDerived {
			status = string(seeds.StatusSecondary)
		}
		m.base = append(m.base, store.BaseFigure{
			Year: f.Year, Period: periodText(f.Year, Period(f.Period)), Province: f.place, Measure: f.measure, Employment: string(f.employment),
			Value: f.value, Status: status, Source: "published", Reference: f.Source, Chosen: true,
		})
	}
	return m
}

// publishedKey names a figure of the engine.
type publishedKey struct {
	year       int
	period     Period
	indicator  string
	employment Employment
	place      place
}

func (e *publishedEngine) value(k publishedKey) *int64 {
	e.t.Helper()
	req := SeriesRequest{Indicator: k.indicator, From: k.year, To: k.year, Period: k.period, Geography: Geography63, Area: k.place, View: Live}
	if k.employment != "" {
		req.By = []Dimension{ByEmployment}
	}
	got, err := e.engine.Series(e.t.Context(), req)
	require.NoError(e.t, err)
	for _, v := range got.Values {
		if v.Employment == k.employment {
			return v.Numerator
		}
	}
	return nil
}

type publishedEngine struct {
	t      *testing.T
	engine *Engine
}

// printedChange is a change to the year before as somebody printed it.
type printedChange struct {
	publishedKey
	difference *int64 // nil where only a percentage was printed
	percent    *big.Rat
	decimals   int
	source     string
	status     string
	note       string
}

func printedChanges(t *testing.T) []printedChange {
	t.Helper()
	file, err := os.Open("testdata/printed_changes.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var all []printedChange
	for _, row := range rows[1:] {
		year, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		c := printedChange{
			publishedKey: publishedKey{year, Period(row[1]), row[2], Employment(row[3]), nation},
			source:       row[6], status: row[7], note: row[8],
		}
		if row[4] != "" {
			n, err := strconv.ParseInt(row[4], 10, 64)
			require.NoError(t, err)
			c.difference = &n
		}
		_, decimals, _ := strings.Cut(row[5], ".")
		percent, ok := new(big.Rat).SetString(row[5])
		require.True(t, ok, row[5])
		c.percent, c.decimals = percent, len(decimals)
		all = append(all, c)
	}
	return all
}

// Findings about a printed percentage.
const (
	printedEqual     = "equal"
	printedRounded   = "rounded differently"
	printedMisprint  = "**misprint**"
	printedNoCounts  = "no counts to recompute it from"
	baseFromPrint    = "printed count of the year before"
	baseFromChange   = "this year's count less the printed difference"
	percentDecimals  = 4
	differenceDiffer = ", and the printed difference is not that of the counts"
)

// recomputed is a change as it follows from the counts.
type recomputed struct {
	current, previous *int64
	base              string
	percent           *big.Rat // nil where there are no counts
	finding           string
}

// recompute derives the percentage from the counts that the engine gives. Where the count of the
// year before was not printed, it follows from the printed difference.
func (e *publishedEngine) recompute(c printedChange) recomputed {
	before := c.publishedKey
	before.year--
	r := recomputed{current: e.value(c.publishedKey), previous: e.value(before), base: baseFromPrint, finding: printedNoCounts}
	if r.previous == nil && r.current != nil && c.difference != nil {
		n := *r.current - *c.difference
		r.previous, r.base = &n, baseFromChange
	}
	if r.current == nil || r.previous == nil || *r.previous == 0 {
		return r
	}
	r.percent = big.NewRat(100*(*r.current-*r.previous), *r.previous)
	r.finding = c.compare(r.percent)
	if c.difference != nil && *c.difference != *r.current-*r.previous {
		r.finding += differenceDiffer
	}
	return r
}

// compare tells a print that is rounded otherwise (cut off, or rounded the wrong way, but less
// than a unit of its last digit off) from one that does not follow from the counts at all.
func (c printedChange) compare(exact *big.Rat) string {
	rounded, _ := new(big.Rat).SetString(exact.FloatString(c.decimals))
	unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.decimals)), nil))
	off := new(big.Rat).Sub(c.percent, exact)
	switch {
	case rounded.Cmp(c.percent) == 0:
		return printedEqual
	case off.Abs(off).Cmp(unit) < 0:
		return printedRounded
	}
	return printedMisprint
}

// What the ministry published comes out of the engine to the unit; what it printed about the
// changes is recomputed from the counts, and every difference is listed for statisticians.
func TestPublishedFigures(t *testing.T) {
	figures := publishedFigures(t)
	e := &publishedEngine{t, newEngine(t, importPublished(figures))}
	for _, f := range figures {
		got := e.value(publishedKey{f.Year, Period(f.Period), f.indicator, f.employment, f.place})
		require.NotNil(t, got, "%d %s %s", f.Year, f.Metric, f.Area)
		require.Equal(t, f.value, *got, "%d %s %s", f.Year, f.Metric, f.Area)
	}
	require.Nil(t, e.value(publishedKey{2019, Year, "N1", "", nation}), "nobody printed the accidents of 2019")

	verdicts := e.verdicts()
	want := map[int]Verdict{2017: NotMet, 2018: NotMet, 2019: Met, 2020: NotMet, 2021: Met}
	for _, item := range verdicts {
		require.Equal(t, want[item.Year], item.Verdict, "%d %s", item.Year, item.Definition.ID)
	}
	require.Len(t, verdicts, 2*len(want))

	counts := map[string]int{}
	changes := printedChanges(t)
	for _, c := range changes {
		counts[e.recompute(c).finding]++
	}
	require.Equal(t, map[string]int{printedEqual: 25, printedRounded: 4, printedMisprint: 3, printedNoCounts: 3}, counts)

	text := e.document(figures, verdicts, changes)
	if *update {
		require.NoError(t, os.WriteFile(publishedDocument, text, 0o600))
	}
	written, err := os.ReadFile(publishedDocument)
	require.NoError(t, err)
	require.Equal(t, string(written), string(text), "go test ./analytics/indicator -run TestPublishedFigures -update")
}

// verdicts asks both definitions by counts, year by year.
func (e *publishedEngine) verdicts() []Item {
	e.t.Helper()
	var items []Item
	for year := publishedFrom + 1; year <= publishedTo; year++ {
		got, err := e.engine.Attainment(e.t.Context(), AttainmentRequest{
			Year: year, View: Live, Targets: []string{"D31-1"}, Definitions: []string{"fatal_accidents_count", "deaths_count"}, Areas: []seeds.ProvinceRef{nation},
		})
		require.NoError(e.t, err)
		items = append(items, got.Items...)
	}
	return items
}

const publishedHead = `# Số liệu đã công bố / Published figures

*Made by ` + "`go test ./analytics/indicator -run TestPublishedFigures -update`" + ` from ` + "`seeds/data/published_statistics.csv`" + ` and ` + "`analytics/indicator/testdata/printed_changes.csv`" + `. Do not edit; CI compares.*

Số liệu trong các thông báo hằng năm của Bộ được nhập làm số liệu gốc, hỏi lại qua bộ tính chỉ tiêu N1–N5, và mọi tỷ lệ phần trăm được tính lại từ số đếm.

The counts of the ministry's yearly notices are imported as base figures and asked back from the engine as indicators N1–N5, and every printed percentage is recomputed from the counts. Rows without a source (UNVERIFIED: accidents and victims of 2019) are left out, so that what would need them cannot be computed and says so.

Status: **V** copy of the notice's text · **S** press or secondary copy · **D** sum or difference of published figures. Employment: *contract* = khu vực có quan hệ lao động, *no contract* = người làm việc không theo hợp đồng lao động, empty = both. N1 accidents / số vụ, N2 victims / số người bị nạn, N3 seriously injured / bị thương nặng, N4 fatal accidents / số vụ chết người, N5 deaths / số người chết.

`

// document is the whole comparison in words and tables.
func (e *publishedEngine) document(figures []printedCount, verdicts []Item, changes []printedChange) []byte {
	var b bytes.Buffer
	b.WriteString(publishedHead)
	writeVerdicts(&b, verdicts)
	e.writeChanges(&b, changes)
	e.writeFigures(&b, figures)
	return b.Bytes()
}

func writeVerdicts(b *bytes.Buffer, verdicts []Item) {
	b.WriteString("## Chỉ thị 31, mục tiêu 1 / Directive 31, target 1: at least 4 % fewer a year\n\n" +
		"The Directive says neither accidents nor deaths. Both are judged by exact arithmetic (this year ≤ 96/100 of the year before), and 2017–2021 they agree.\n\n" +
		"| year | definition | before → this year | change | just met by | verdict |\n|---|---|---|---|---|---|\n")
	for _, i := range verdicts {
		change := big.NewRat(100*(*i.Current.Numerator-*i.Previous.Numerator), *i.Previous.Numerator)
		fmt.Fprintf(b, "| %d | %s / %s | %d → %d | %s %% | %s / %s | %s |\n", i.Year, i.Definition.Text.VI, i.Definition.Text.EN, *i.Previous.Numerator, *i.Current.Numerator,
			change.FloatString(percentDecimals), i.Limit.Text.VI, i.Limit.Text.EN, map[Verdict]string{Met: "Đạt / met", NotMet: "Không đạt / not met"}[i.Verdict])
	}
	b.WriteString("\n")
}

func (e *publishedEngine) writeChanges(b *bytes.Buffer, changes []printedChange) {
	b.WriteString("## Tỷ lệ đã in / Printed changes\n\n" +
		"*Equal*: the exact change, rounded to as many decimals as were printed, is what was printed. *Rounded differently*: less than a unit of the last printed digit off (cut off, or rounded the wrong way). *Misprint*: it does not follow from the counts. Where the count of the year before has status D, it was derived from a printed difference, so that the percentage is held against that difference. A notice of this platform derives every percentage from the counts it prints.\n\n" +
		"| period | indicator | employment | before → this year | printed | recomputed | comparison | source |\n|---|---|---|---|---|---|---|---|\n")
	sources := &footnotes{}
	for _, c := range changes {
		r := e.recompute(c)
		percent := "–"
		if r.percent != nil {
			percent = r.percent.FloatString(percentDecimals) + " %"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s → %s%s | %s | %s | %s | [%d] %s |\n", periodText(c.year, c.period), c.indicator, employmentText(c.employment),
			countText(r.previous), countText(r.current), map[string]string{baseFromChange: " ¹"}[r.base], c.printed(), percent, r.finding, sources.number(c.source), c.status)
	}
	b.WriteString("\n¹ The count of the year before is in no source at hand: it is this year's count less the printed difference.\n\n")
	for _, c := range changes {
		if c.note != "" {
			fmt.Fprintf(b, "%s %s %s: %s.\n\n", periodText(c.year, c.period), c.indicator, employmentText(c.employment), c.note)
		}
	}
	sources.write(b)
}

func (e *publishedEngine) writeFigures(b *bytes.Buffer, figures []printedCount) {
	b.WriteString("## Số đếm / Counts\n\n" +
		"Provinces are the 63 units of before 1 July 2025. Of 2016 and 2017 only some provinces were printed, so nothing is summed from them to the nation.\n\n" +
		"| period | area | indicator | employment | printed | engine | status | source |\n|---|---|---|---|---|---|---|---|\n")
	sources := &footnotes{}
	for _, f := range figures {
		area, flag := "Cả nước / Viet Nam", ""
		if f.place != nation {
			area = f.Area
		}
		if f.Flag != "" {
			flag = " ²"
		}
		engine := e.value(publishedKey{f.Year, Period(f.Period), f.indicator, f.employment, f.place})
		fmt.Fprintf(b, "| %s | %s | %s | %s | %d%s | %s | %s | [%d] |\n", periodText(f.Year, Period(f.Period)), area, f.indicator, employmentText(f.employment),
			f.value, flag, countText(engine), f.Verified, sources.number(f.Source))
	}
	b.WriteString("\n² Contradicts another cell in print: more accidents than victims.\n\n")
	sources.write(b)
}

func (c printedChange) printed() string {
	percent := c.percent.FloatString(c.decimals) + " %"
	if c.difference == nil {
		return percent
	}
	return fmt.Sprintf("%+d, %s", *c.difference, percent)
}

func countText(n *int64) string {
	if n == nil {
		return "?"
	}
	return strconv.FormatInt(*n, 10)
}

func employmentText(e Employment) string { return strings.ReplaceAll(string(e), "_", " ") }

// footnotes numbers sources in the order in which they come.
type footnotes struct{ texts []string }

func (f *footnotes) number(text string) int {
	if i := slices.Index(f.texts, text); i >= 0 {
		return i + 1
	}
	f.texts = append(f.texts, text)
	return len(f.texts)
}

func (f *footnotes) write(b *bytes.Buffer) {
	b.WriteString("Nguồn / Sources of this table:\n\n")
	for i, text := range f.texts {
		fmt.Fprintf(b, "[%d] %s  \n", i+1, text)
	}
	b.WriteString("\n")
}

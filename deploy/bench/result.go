package bench

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Result is what a run found.
type Result struct {
	Machine Machine `json:"machine"`
	Phases  []Phase `json:"phases"`
}

// Phase is one part of a run with its figures.
type Phase struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Figures []Figure `json:"figures"`
}

// Figure is one number with its unit, or the spread of a set of times.
type Figure struct {
	// ID is unique within the phase and stable, as in "rate".
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Value  float64 `json:"value,omitempty"`
	Unit   string  `json:"unit,omitempty"`
	Spread *Spread `json:"spread,omitempty"`
}

func (p *Phase) number(id, name string, value float64, unit string) {
	p.Figures = append(p.Figures, Figure{ID: id, Name: name, Value: value, Unit: unit})
}

func (p *Phase) spread(id, name string, s Spread) {
	p.Figures = append(p.Figures, Figure{ID: id, Name: name, Spread: &s})
}

// text returns the figure as it is printed.
func (f Figure) text() string {
	if f.Spread == nil {
		return strings.TrimSpace(digits(f.Value) + " " + f.Unit)
	}
	return fmt.Sprintf("p50 %s · p90 %s · p99 %s · max %s ms (n %s)", digits(f.Spread.P50), digits(f.Spread.P90),
		digits(f.Spread.P99), digits(f.Spread.Max), digits(float64(f.Spread.Count)))
}

// digits writes three significant digits, but never rounds before the point, and groups
// thousands.
func digits(v float64) string {
	precision := 0
	if a := math.Abs(v); a != 0 && a < 100 && v != math.Trunc(v) {
		precision = min(max(2-int(math.Floor(math.Log10(a))), 0), 6)
	}
	text := strconv.FormatFloat(v, 'f', precision, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// write prints the facts of the machine and one Markdown table, aligned for reading.
func (r Result) write(w io.Writer) error {
	var b strings.Builder
	for _, line := range r.Machine.lines() {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	b.WriteByte('\n')
	rows := [][3]string{{"phase", "figure", "value"}}
	for _, p := range r.Phases {
		title := p.Title
		for _, f := range p.Figures {
			rows = append(rows, [3]string{title, f.Name, f.text()})
			title = ""
		}
	}
	var width [3]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for i, row := range rows {
		for j, cell := range row {
			fmt.Fprintf(&b, "| %-*s ", width[j], cell)
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, n := range width {
				b.WriteString("|" + strings.Repeat("-", n+2))
			}
			b.WriteString("|\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

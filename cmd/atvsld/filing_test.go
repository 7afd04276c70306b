package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// victim of a made-up accident.
type victim struct {
	name, severity, employment string
}

// accident is a made-up declaration.
type accident struct {
	id, joins string // report id; accident_id when it joins another's accident
	reporter  string // tax code
	province  string // of the list of 63
	occurred  string
	revision  int
	victims   []victim
	diedOn    string
}

// json writes the declaration as a filer would send it.
func (a accident) json() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"kind":"accident_declaration","report_id":%q,`, a.id)
	if a.revision > 1 {
		fmt.Fprintf(&b, `"revision":%d,"reason":"cập nhật tình trạng nạn nhân",`, a.revision)
	}
	b.WriteString(`"acknowledge":["ACC-031"],"content":{`)
	fmt.Fprintf(&b, `"reporter":{"type":"establishment","tax_code":%q,"name":"Công ty thử","province":{"list":"63","code":"01"}},`, a.reporter)
	if a.joins != "" {
		fmt.Fprintf(&b, `"accident_id":%q,`, a.joins)
	}
	fmt.Fprintf(&b, `"occurred_at":%q,"place":{"province":{"list":"63","code":%q}},`, a.occurred, a.province)
	b.WriteString(`"industry":{"version":"2018","code":"F"},"summary":"ngã cao","commuting":false,"victims":[`)
	for i, v := range a.victims {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"name":%q,"birth_year":"1990","sex":"male","employment":%q,"under_management":true,"severity":%q`, v.name, v.employment, v.severity)
		if v.severity == "dead" {
			fmt.Fprintf(&b, `,"died_on":%q`, a.diedOn)
		}
		b.WriteByte('}')
	}
	b.WriteString(`]}}`)
	return []byte(b.String())
}

const (
	employerA = "0100109106"
	employerB = "0100112437"
)

func eventID(t *testing.T) string {
	t.Helper()
	id, err := uuid.NewV7()
	require.NoError(t, err)
	return id.String()
}

// fatal gives the live fatal accidents and deaths of the nation in a year.
func (p *process) fatal(year int) (accidents, deaths int64) {
	p.t.Helper()
	read := func(id string) int64 {
		var f figures
		p.get(fmt.Sprintf("/v1/indicators/%s/series?from=%d&to=%d&view=live", id, year, year), &f)
		require.Len(p.t, f.Values, 1)
		if f.Values[0].Numerator == nil {
			return 0
		}
		return *f.Values[0].Numerator
	}
	return read("N4"), read("N5")
}

func (p *process) requireFatal(year int, accidents, deaths int64) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		a, d := p.fatal(year)
		return a == accidents && d == deaths
	}, 2*time.Minute, 100*time.Millisecond, "want %d accidents and %d deaths", accidents, deaths)
}

// A life of reports on a real (not demonstration) platform.
func TestFiguresFollowTheReports(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())

	first := accident{
		id: eventID(t), reporter: employerA, province: "24", occurred: "2024-12-20T08:00:00+07:00", diedOn: "2024-12-20",
		victims: []victim{{"Lê Văn Một", "serious", "contract"}, {"Lê Văn Hai", "serious", "contract"}},
	}
	p.file(first.json())
	p.requireFatal(2024, 0, 0)

	// A death months later counts in the year of the accident.
	first.revision, first.victims[0].severity, first.diedOn = 2, "dead", "2025-03-02"
	p.file(first.json())
	p.requireFatal(2024, 1, 1)
	p.requireFatal(2025, 0, 0)

	// The other employer on the site declares the same accident, with one victim
	// more: one accident, and whoever both name counts once.
	second := accident{
		id: eventID(t), joins: first.id, reporter: employerB, province: "24", occurred: "2024-12-20T08:10:00+07:00", diedOn: "2024-12-20",
		victims: []victim{{"Lê Văn Một", "dead", "contract"}, {"Phạm Thị Ba", "dead", "contract"}},
	}
	p.file(second.json())
	p.requireFatal(2024, 1, 2)

	// Taken back, its victim goes with it; the accident stays with the first.
	p.file(withdrawal(second.id, 2))
	p.requireFatal(2024, 1, 1)
	p.file(withdrawal(first.id, 3))
	p.requireFatal(2024, 0, 0)

	// The year of the accident can never be amended.
	moved := first
	moved.revision, moved.occurred, moved.diedOn = 4, "2023-12-20T08:00:00+07:00", "2024-01-01"
	status, body := p.post(moved.json())
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, string(body), "GWY-006")
	first.revision = 4
	p.file(first.json())
	p.requireFatal(2024, 1, 1)

	// The public reads closed periods only.
	require.NotEqual(t, http.StatusOK, p.public("/v1/indicators/N4/series?from=2024&to=2024&view=live", nil))
	p.stop()
}

func withdrawal(id string, revision int) []byte {
	return fmt.Appendf(nil, `{"kind":"accident_declaration","report_id":%q,"revision":%d,"withdrawn":true,"reason":"nộp nhầm"}`, id, revision)
}

// Made-up years in which the definitions of D31-1 differ, one province each.
func TestVerdictsAtTheBoundary(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	filed := 0
	for _, c := range boundaryCases {
		for year, counts := range map[int][2]int{2022: c.before, 2023: c.after} {
			for i := range counts[0] {
				a := accident{
					id: eventID(t), reporter: employerA, province: c.province,
					occurred: fmt.Sprintf("%d-05-%02dT08:00:00+07:00", year, 1+i%28), diedOn: fmt.Sprintf("%d-06-01", year),
				}
				deaths := 1
				if i == 0 {
					deaths += counts[1] - counts[0]
				}
				for d := range deaths {
					a.victims = append(a.victims, victim{fmt.Sprintf("Nạn nhân %d-%d-%d", year, i, d), "dead", "contract"})
				}
				p.file(a.json())
				filed++
			}
			p.file(nilReport(c.province34, year))
			filed++
		}
	}
	p.drained(filed)
	verdicts := p.verdicts(2023, "D31-1", true)
	for _, c := range boundaryCases {
		require.Equal(t, c.accidents, verdicts["34:"+c.province34+"/fatal_accidents_count"], "%s: accidents", c.name)
		require.Equal(t, c.deaths, verdicts["34:"+c.province34+"/deaths_count"], "%s: deaths", c.name)
	}
	p.stop()
}

// nilReport is Annex XII of an establishment without accidents: it shows that a
// province reported, so that no accident means zero and not unknown.
func nilReport(province34 string, year int) []byte {
	return fmt.Appendf(nil, `{"kind":"annex_xii","acknowledge":["REP-019"],"content":{"reporter":{"type":"establishment","tax_code":%q,"site":%q,`+
		`"name":"Công ty thử","province":{"list":"34","code":%q}},"period":"%d","report_date":"%d-01-05",`+
		`"industry":{"version":"2018","code":"F"},"workers":{"total":10,"women":4}}}`, employerA, province34, province34, year, year+1)
}

// before and after are fatal accidents and deaths of 2022 and 2023.
var boundaryCases = []struct {
	name                 string
	province, province34 string
	before, after        [2]int
	accidents, deaths    string
}{
	{"held at zero", "04", "04", [2]int{0, 0}, [2]int{0, 0}, "met", "met"},
	{"rise from zero", "11", "11", [2]int{0, 0}, [2]int{2, 2}, "not_met", "not_met"},
	{"down 3.9 %", "12", "12", [2]int{51, 51}, [2]int{49, 49}, "not_met", "not_met"},
	{"down 4.0 %", "14", "14", [2]int{50, 50}, [2]int{48, 48}, "met", "met"},
	{"down 4.1 %", "20", "20", [2]int{49, 49}, [2]int{47, 47}, "met", "met"},
	{"accidents down, deaths up", "22", "22", [2]int{10, 10}, [2]int{9, 12}, "met", "not_met"},
	{"accidents up, deaths down", "38", "38", [2]int{9, 12}, [2]int{10, 10}, "not_met", "met"},
}

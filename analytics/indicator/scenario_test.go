package indicator

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/seeds"
)

// TestScenarios runs testdata/*.txt; testdata/README.md describes the language.
func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { runScenario(t, path) })
	}
}

type scenario struct {
	t      *testing.T
	memory *memory
	engine *Engine
	fates  fates
	seeds  *seeds.Data
}

func runScenario(t *testing.T, path string) {
	s := &scenario{t: t}
	s.clear()
	commands := parseScenario(t, path)
	require.NotEmpty(t, commands)
	for _, c := range commands {
		got, err := s.run(c.words)
		if err != nil {
			got = []string{"error: " + err.Error()}
		}
		require.Equal(t, c.want, got, "%s:%d: %s", path, c.line, strings.Join(c.words, " "))
	}
}

type command struct {
	line  int
	words []string
	want  []string
}

func parseScenario(t *testing.T, path string) []command {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var out []command
	scanner := bufio.NewScanner(f)
	for line := 1; scanner.Scan(); line++ {
		text, _, _ := strings.Cut(scanner.Text(), "#")
		words := strings.Fields(text)
		switch {
		case len(words) == 0:
		case text[0] == ' ' || text[0] == '\t':
			require.NotEmpty(t, out, "%s:%d: expected result before any command", path, line)
			last := &out[len(out)-1]
			last.want = append(last.want, strings.Join(words, " "))
		default:
			out = append(out, command{line: line, words: words})
		}
	}
	require.NoError(t, scanner.Err())
	return out
}

func (s *scenario) clear() {
	s.memory, s.fates, s.seeds = newMemory(), fates{}, seeds.Default()
	s.engine = newEngine(s.t, s.memory)
}

func (s *scenario) run(words []string) ([]string, error) {
	switch words[0] {
	case "clear":
		s.clear()
		return nil, nil
	case "load":
		return nil, s.load(words[1:])
	case "base":
		return nil, s.base(words[1:])
	case "target":
		return nil, s.target(words[1:])
	case "workers":
		return nil, s.workers(words[1:])
	case "close":
		return nil, s.close(words[1:])
	case "attainment":
		return s.attainment(words[1:])
	case "series":
		return s.series(words[1:])
	case "filed":
		return nil, s.filed(words[1:])
	case "explain":
		return s.explain(words[1:])
	}
	return nil, fmt.Errorf("unknown command %q", words[0])
}

func (s *scenario) load(words []string) error {
	if len(words) < 4 {
		return errors.New("load YEAR Y|H1|M1..M12 LIST/CODE [NAME=VALUE...] MEASURE=N...")
	}
	base := row{period: words[1], members: map[Dimension]string{}}
	var err error
	if base.Year, err = strconv.Atoi(words[0]); err != nil {
		return err
	}
	if month, ok := strings.CutPrefix(words[1], "M"); ok {
		base.period = "E"
		if base.Month, err = strconv.Atoi(month); err != nil {
			return err
		}
	}
	base.Province = parseRef(words[2])
	if _, ok := seeds.Default().Province(base.Province); !ok {
		return fmt.Errorf("no province %s", words[2])
	}
	base.Employment = Contract
	for _, word := range words[3:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "employment":
			base.Employment = Employment(value)
		case "vsic":
			base.VSICVersion, base.VSICSection, _ = strings.Cut(value, "/")
		case "cause", "factor", "sex", "age_group", "size_class":
			base.members[Dimension(name)] = value
		case "split":
			base.split = value
		default:
			base.Measure = name
			if base.Value, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
			if info, ok := measures[strings.TrimPrefix(name, commutingPrefix)]; !ok || isEvent(info.source) != (base.period == "E") {
				return fmt.Errorf("%s is no measure of %s", name, words[1])
			}
			one := base
			if source := measures[name].source; source == SourceRegister || source == SourceClinics {
				one.Employment = "" // units, not workers
			}
			s.memory.rows = append(s.memory.rows, one)
		}
	}
	return nil
}

// base imports printed figures; the store has already chosen among sources.
func (s *scenario) base(words []string) error {
	if len(words) < 4 {
		return errors.New("base YEAR Y|H1 LIST/CODE|VN [NAME=VALUE...] MEASURE=N...")
	}
	f := store.BaseFigure{Status: "S", Source: "yearbook", Chosen: true}
	var err error
	if f.Year, err = strconv.Atoi(words[0]); err != nil {
		return err
	}
	f.Period = periodText(f.Year, Period(words[1]))
	if words[2] != "VN" {
		f.Province = parseRef(words[2])
		if _, ok := seeds.Default().Province(f.Province); !ok {
			return fmt.Errorf("no province %s", words[2])
		}
	}
	for _, word := range words[3:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "employment":
			f.Employment = value
		case "vsic":
			f.VSICVersion, f.VSICSection, _ = strings.Cut(value, "/")
		case "status":
			f.Status = value
		default:
			f.Measure = name
			if f.Value, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
			s.memory.base = append(s.memory.base, f)
		}
	}
	return nil
}

// target adds a target of a made-up plan of a province, as an import would.
func (s *scenario) target(words []string) error {
	if len(words) < 3 {
		return errors.New("target ID LIST/CODE NAME=VALUE...")
	}
	given := map[string]string{
		"plan": "plan-" + words[0], "plan_name_vi": "Kế hoạch", "plan_name_en": "Plan", "province": strings.ReplaceAll(words[1], "/", ":"),
		"id": words[0], "name_vi": "Mục tiêu", "name_en": "Target", "direction": "down", "rule": "yearly_change", "strict": "no",
		"period": "year", "valid_from": "2020-01-01", "source": "made up", "status": "UNVERIFIED",
	}
	for _, word := range words[2:] {
		name, value, _ := strings.Cut(word, "=")
		if name == "threshold" {
			given["threshold_num"], given["threshold_den"], _ = strings.Cut(value, "/")
			continue
		}
		given[name] = strings.Replace(value, "by:", "by ", 1)
	}
	var names, values []string
	for name, value := range given {
		names, values = append(names, name), append(values, value)
	}
	for _, name := range []string{"issued", "definition", "threshold_num", "threshold_den", "valid_to", "note"} {
		if _, ok := given[name]; !ok {
			names, values = append(names, name), append(values, "")
		}
	}
	raw := strings.Join(names, ",") + "\n" + strings.Join(values, ",") + "\n"
	file, found := s.seeds.ReadPlans([]byte(raw), s.engine.Catalogue().Definitions())
	if len(found) > 0 {
		return fmt.Errorf("%s %s", found[0].Code, found[0].Column)
	}
	var written bytes.Buffer
	if err := file.Over(s.seeds.ProvincialPlans()).WriteCSV(&written); err != nil {
		return err
	}
	var err error
	if s.seeds, err = seeds.LoadOver(fstest.MapFS{seeds.PlanFileName: {Data: written.Bytes()}}); err != nil {
		return err
	}
	s.engine, err = New(s.engine.Catalogue(), s.memory, s.seeds)
	return err
}

func parseRef(s string) seeds.ProvinceRef {
	list, code, _ := strings.Cut(s, "/")
	return seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code}
}

func (s *scenario) close(words []string) error {
	year, err := strconv.Atoi(words[0])
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, words[1])
	if err != nil {
		return err
	}
	s.memory.close(year, at)
	if len(words) > 2 {
		// As a program froze it that counted no coverage.
		all := s.memory.closed[year]
		all[len(all)-1].Measures = withoutDue(all[len(all)-1].Measures)
	}
	return nil
}

// workers makes the reference data of all workers.
func (s *scenario) workers(words []string) error {
	var rows []string
	for _, word := range words {
		when, number, _ := strings.Cut(word, "=")
		value, series, found := strings.Cut(number, ",")
		if !found {
			return errors.New("workers YEAR[@PROVINCE]=NUMBER,SERIES ...")
		}
		year, province, _ := strings.Cut(when, "@")
		list, code, _ := strings.Cut(province, "/")
		rows = append(rows, strings.Join([]string{year, list, code, "", "", value, series, "made up", "S", ""}, ","))
	}
	s.seeds = workersTable(s.t, rows...)
	var err error
	s.engine, err = New(s.engine.Catalogue(), s.memory, s.seeds)
	return err
}

func (s *scenario) attainment(words []string) ([]string, error) {
	year, err := strconv.Atoi(words[0])
	if err != nil {
		return nil, err
	}
	req := AttainmentRequest{Year: year, View: Live, Areas: []seeds.ProvinceRef{nation}}
	if words[1] != "*" {
		req.Targets = strings.Split(words[1], ",")
	}
	steps, showCoverage, intervals := false, false, false
	for i := 2; i < len(words); i++ {
		switch word := words[i]; word {
		case "in":
			i++
			req.Areas = parseAreas(words[i])
		case "by":
			i++
			req.Definitions = strings.Split(words[i], ",")
		case "on":
			i++
			req.Geography = Geography(words[i])
		case "from":
			i++
			req.Base, _ = strconv.Atoi(words[i])
		case "steps":
			steps = true
		case "interval":
			intervals = true
		case "closed":
			req.View = Closed
		case "commuting":
			req.Options.IncludeCommuting = true
		case "nocoverage":
			req.Options.WithoutCoverage, showCoverage = true, true
		case "points":
			i++
			req.CoveragePoints, _ = strconv.ParseInt(words[i], 10, 64)
		case "coverage":
			showCoverage = true
		default:
			return nil, fmt.Errorf("unknown word %q", word)
		}
	}
	// A plan stands where its targets could stand.
	req.Targets = slices.DeleteFunc(req.Targets, func(id string) bool {
		_, plan := s.seeds.Plan(id)
		if plan {
			req.Plans = append(req.Plans, id)
		}
		return plan
	})
	got, err := s.engine.Attainment(s.t.Context(), req)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, item := range got.Items {
		out = append(out, showItem(item)+showInterval(item.Ratio, item.RatioReason, intervals)+showBothCoverages(item, showCoverage))
		if steps && item.Path != nil {
			for _, step := range item.Path.Steps {
				out = append(out, showStep(step))
			}
		}
	}
	return out, nil
}

func (s *scenario) series(words []string) ([]string, error) {
	req := SeriesRequest{Indicator: words[0], View: Live}
	if _, err := fmt.Sscanf(words[1], "%d..%d", &req.From, &req.To); err != nil {
		return nil, err
	}
	showCoverage, intervals := false, false
	for i := 2; i < len(words); i++ {
		switch word := words[i]; word {
		case "coverage":
			showCoverage = true
		case "H1", "H2":
			req.Period = Period(word)
		case "in":
			i++
			req.Area = parseRef(words[i])
		case "by":
			i++
			for d := range strings.SplitSeq(words[i], ",") {
				req.By = append(req.By, Dimension(d))
			}
		case "on":
			i++
			req.Geography = Geography(words[i])
		case "per":
			i++
			req.Denominator = DenominatorKind(words[i])
		case "factor":
			i++
			req.Factor, _ = strconv.ParseInt(words[i], 10, 64)
		case "closed":
			req.View = Closed
		case "until":
			i++
			var err error
			if req.Closing, err = time.Parse(time.RFC3339, words[i]); err != nil {
				return nil, err
			}
		case "compare":
			i++
			req.Compare = WithPrevious
			if words[i] != string(WithPrevious) {
				req.Compare = WithBase
				req.BaseYear, _ = strconv.Atoi(words[i])
			}
		case "ranked":
			req.Rank = true
		case "interval":
			intervals = true
		case "commuting":
			req.Options.IncludeCommuting = true
		default:
			return nil, fmt.Errorf("unknown word %q", word)
		}
	}
	got, err := s.engine.Series(s.t.Context(), req)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, v := range got.Values {
		// Rows without anything to show would bury the rest in 34 provinces.
		if v.Value == nil && v.Numerator == nil && (slices.Contains(req.By, ByProvince) || slices.Contains(req.By, ByRegion)) {
			continue
		}
		out = append(out, showValue(v)+showInterval(v.Interval, v.IntervalReason, intervals)+showOverlap(v.Rank, intervals)+showReporters(v, showCoverage))
	}
	return out, nil
}

package indicator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
)

// fates are what became of reports, by kind; a closed question is answered as the log does.
type fates map[string]map[store.Fate]int64

func (f fates) ReportFates(_ context.Context, q store.FateQuery) ([]store.FateCount, error) {
	var all []store.FateCount
	for _, kind := range q.Kinds {
		for fate, n := range f[kind] {
			all = append(all, store.FateCount{Kind: kind, Fate: fate, Filings: n})
		}
	}
	return all, nil
}

// filed says what became of reports of a kind: filed KIND FATE=N...
func (s *scenario) filed(words []string) error {
	counts := map[store.Fate]int64{}
	for _, word := range words[1:] {
		fate, value, _ := strings.Cut(word, "=")
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return err
		}
		counts[store.Fate(fate)] = n
	}
	s.fates[words[0]] = counts
	return nil
}

func (s *scenario) explain(words []string) ([]string, error) {
	req := SeriesRequest{Indicator: words[0], View: Live}
	var err error
	if req.From, err = strconv.Atoi(words[1]); err != nil {
		return nil, err
	}
	req.To = req.From
	var reader FateReader = s.fates
	for i := 2; i < len(words); i++ {
		switch word := words[i]; word {
		case "H1", "H2":
			req.Period = Period(word)
		case "in":
			i++
			req.Area = parseRef(words[i])
		case "per":
			i++
			req.Denominator = DenominatorKind(words[i])
		case "closed":
			req.View = Closed
		case "commuting":
			req.Options.IncludeCommuting = true
		case "public":
			reader = nil
		default:
			return nil, fmt.Errorf("unknown word %q", word)
		}
	}
	got, err := s.engine.Explain(s.t.Context(), req, reader)
	if err != nil {
		return nil, err
	}
	return showExplanation(got), nil
}

func showExplanation(e *Explanation) []string {
	first := showValue(e.Value)
	if e.Calculation != nil {
		first = *e.Calculation
	}
	out := []string{first}
	for _, t := range e.Terms {
		line := []string{t.Role, t.Measure}
		for _, employment := range t.Employment {
			line = append(line, string(employment))
		}
		out = append(out, fmt.Sprintf("%s: %d", strings.Join(line, " "), t.Sum))
	}
	for _, c := range e.Sources {
		var line strings.Builder
		line.WriteString(strings.Join(c.Roles, " and ") + " from " + strings.Join(c.Kinds, ", ") + ":")
		if c.Counted != nil {
			fmt.Fprintf(&line, " %d counted", *c.Counted)
		}
		if c.Filed != nil {
			fmt.Fprintf(&line, " of %d filed", *c.Filed)
		}
		for _, left := range c.Left {
			fmt.Fprintf(&line, ", %d %s", left.Filings, left.Fate)
		}
		if c.Reason != nil {
			line.WriteString(" (" + c.Reason.Code + ")")
		}
		out = append(out, line.String())
	}
	return out
}

// Every reason for which a report is left out has words in both languages, and every source is
// made of reports that the store can tell of.
func TestEveryFateHasWords(t *testing.T) {
	told := map[store.Fate]bool{}
	for _, f := range fateTexts {
		require.False(t, told[f.fate], f.fate)
		told[f.fate] = true
		require.NotEmpty(t, f.VI)
		require.NotEmpty(t, f.EN)
	}
	for name, info := range measures {
		if info.source == SourceClinics || info.source == SourceRegister {
			continue // not followed, and not of reports
		}
		of, ok := reportsOf[info.source]
		require.True(t, ok, "no reports are named for %s, the source of %s", info.source, name)
		if of.measure == "" {
			require.NotEmpty(t, of.kinds)
			continue
		}
		require.Subset(t, store.FateKinds(), of.kinds)
		require.Contains(t, measures, of.measure)
		require.True(t, slices.Contains(presence(info.source), of.measure))
	}
}

// What is asked of the store is what the value counts.
func TestFatesOfAValue(t *testing.T) {
	e := newEngine(t, newMemory())
	q, err := e.FatesOf(SeriesRequest{Indicator: "A1", From: 2025, To: 2025, View: Live, Area: ref("34", "01")}, RoleDenominator)
	require.NoError(t, err)
	require.Equal(t, "34", q.Geography.String())
	q.Geography = store.Geography{}
	require.Equal(t, store.FateQuery{
		Kinds: []string{"annex_xii", "commune_report"}, Year: 2025, Span: store.Year, Basis: store.Live, Province: ref("34", "01"), Employment: []string{"contract"},
	}, q)
	var refused *RequestError
	_, err = e.FatesOf(SeriesRequest{Indicator: "N1", From: 2025, To: 2025}, RoleDenominator)
	require.ErrorAs(t, err, &refused)
	_, err = e.FatesOf(SeriesRequest{Indicator: "C1", From: 2025, To: 2025}, RoleNumerator)
	require.ErrorAs(t, err, &refused)
	_, err = e.FatesOf(SeriesRequest{Indicator: "N1", From: 2024, To: 2025}, RoleNumerator)
	require.ErrorAs(t, err, &refused)
	_, err = e.FatesOf(SeriesRequest{Indicator: "N1", From: 2025, To: 2025, By: []Dimension{ByCause}}, RoleNumerator)
	require.ErrorAs(t, err, &refused)
	_, err = e.Explain(t.Context(), SeriesRequest{Indicator: "X", From: 2025, To: 2025}, nil)
	require.ErrorIs(t, err, ErrNotFound)
}

package store_test

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// fateOf is what became of one filing, decided in Go.
type fateOf struct {
	filing
	fate  store.Fate
	place seeds.ProvinceRef
}

// identity of a filing; a withdrawal has that of what it withdraws.
func (one filing) identity() report.Content {
	if one.content == nil {
		return one.of
	}
	return one.content
}

// contentPlace is where a report counts.
func contentPlace(c report.Content) seeds.ProvinceRef {
	switch c := c.(type) {
	case *report.Accident:
		return c.Place.Province
	case *report.Annex:
		return c.Reporter.Province
	case *report.Commune:
		return c.Reporter.Province
	case *report.Disease:
		return c.Reporter.Province
	case *report.Monitoring:
		return c.SiteProvince
	}
	return seeds.ProvinceRef{}
}

// fates decides about all filings in the order of the log: the oracle of ReportFates.
func fates(t *testing.T, filed []filing, q store.FateQuery) []fateOf {
	t.Helper()
	m := newModel()
	var all []fateOf
	seen := map[string]bool{}     // id, revision and content
	first := map[string]bool{}    // id and revision
	newest := map[uuid.UUID]int{} // place in all
	for _, one := range filed {
		m.file(one)
		text, err := json.Marshal(one.content)
		require.NoError(t, err)
		one.revision = max(one.revision, 1)
		revision := one.id.String() + "/" + strconv.Itoa(int(one.revision))
		if seen[revision+string(text)] {
			continue
		}
		seen[revision+string(text)] = true
		filing := fateOf{filing: one, fate: store.Superseded, place: contentPlace(one.content)}
		if first[revision] {
			filing.fate = store.Conflict
		} else if before, known := newest[one.id]; !known || all[before].revision < one.revision {
			newest[one.id] = len(all)
		}
		first[revision] = true
		all = append(all, filing)
	}
	for id, at := range newest {
		all[at].fate = m.fate(all[at].filing, q)
		if all[at].content == nil {
			all[at].place = lastPlace(all, id)
		}
	}
	// A superseded withdrawal lies where the report does, too.
	for i := range all {
		if all[i].content == nil {
			all[i].place = lastPlace(all, all[i].id)
		}
	}
	return all
}

// lastPlace is the place of the newest content of a report.
func lastPlace(all []fateOf, id uuid.UUID) (place seeds.ProvinceRef) {
	var revision uint32
	for _, one := range all {
		if one.id == id && one.content != nil && one.revision > revision {
			revision, place = one.revision, one.place
		}
	}
	return place
}

// fate is that of the newest filing of a report.
func (m *model) fate(one filing, q store.FateQuery) store.Fate {
	leaves := func(employment string) bool {
		return len(q.Employment) > 0 && !slices.Contains(q.Employment, employment)
	}
	periodic := func(period report.Period, employment string, covered bool) store.Fate {
		switch {
		case periodOf(period) != string(q.Span):
			return store.OutsidePeriod
		case covered:
			return store.Covered
		case leaves(employment):
			return store.OtherEmployment
		}
		return store.Counted
	}
	switch c := one.content.(type) {
	case nil:
		return store.Withdrawn
	case *report.Accident:
		return m.fateOfDeclaration(one, q, leaves)
	case *report.Annex:
		return periodic(c.Period, store.Contract, m.covered(c))
	case *report.Commune:
		return periodic(c.Period, store.NoContract, false)
	}
	if q.Span != store.Year {
		return store.OutsidePeriod
	}
	return store.Counted
}

func (m *model) fateOfDeclaration(one filing, q store.FateQuery, leaves func(string) bool) store.Fate {
	accident := m.caseOf(one.id)
	first := slices.MinFunc(accident.declarations, func(a, b filing) int { return cmp.Or(a.filed.Compare(b.filed), bytes.Compare(a.id[:], b.id[:])) })
	c := first.content.(*report.Accident)
	month := int(c.OccurredAt.In(vietnam).Month())
	employment := store.NoContract
	for _, d := range accident.declarations {
		if slices.ContainsFunc(d.content.(*report.Accident).Victims, func(v report.Victim) bool { return v.Employment == report.Contract }) {
			employment = store.Contract
		}
	}
	switch {
	case first.id != one.id:
		return store.Joined
	case q.Span == store.FirstHalf && month > 6 || q.Span == store.SecondHalf && month <= 6:
		return store.OutsidePeriod
	case c.Commuting && !q.Commuting:
		return store.OnTheWay
	case leaves(employment):
		return store.OtherEmployment
	}
	return store.Counted
}

// caseOf is the accident of a declaration.
func (m *model) caseOf(id uuid.UUID) *oneCase {
	if m.cases == nil {
		var declarations []filing
		var links []*report.Link
		for _, one := range m.current {
			switch c := one.content.(type) {
			case *report.Accident:
				declarations = append(declarations, one)
			case *report.Link:
				links = append(links, c)
			}
		}
		m.cases = map[uuid.UUID]*oneCase{}
		for _, accident := range accidents(declarations, links) {
			for _, d := range accident.declarations {
				m.cases[d.id] = accident
			}
		}
	}
	return m.cases[id]
}

// about are the filings that a question is about.
func about(all []fateOf, q store.FateQuery, place func(seeds.ProvinceRef) seeds.ProvinceRef) []fateOf {
	return slices.DeleteFunc(slices.Clone(all), func(one fateOf) bool {
		return !slices.Contains(q.Kinds, string(one.kind)) || one.identity().Identity().StatYear != q.Year ||
			q.Province.Code != "" && place(one.place) != q.Province
	})
}

func countedFates(all []fateOf) map[store.FateCount]int64 {
	counts := map[store.FateCount]int64{}
	for _, one := range all {
		counts[store.FateCount{Kind: string(one.kind), Fate: one.fate}]++
	}
	return counts
}

func fateKeys(counts []store.FateCount) map[store.FateCount]int64 {
	keyed := map[store.FateCount]int64{}
	for _, c := range counts {
		n := c.Filings
		c.Filings = 0
		keyed[c] = n
	}
	return keyed
}

// requireFates: every filing is counted or left out for the reason that deciding one by one
// gives, and what is counted is what the figures say they are made of.
func (g *generator) requireFates(t *testing.T, f *filer) {
	t.Helper()
	base := store.FateQuery{Kinds: store.FateKinds(), Year: 2024, Span: store.Year, Basis: store.Live}
	same := func(name string, place func(seeds.ProvinceRef) seeds.ProvinceRef, change func(*store.FateQuery)) []store.FateCount {
		t.Helper()
		q := base
		change(&q)
		got, err := f.store.ReportFates(access.System(t.Context()), q)
		require.NoError(t, err)
		require.Equal(t, countedFates(about(fates(t, g.logged, q), q, place)), fateKeys(got), name)
		return got
	}
	reported := func(ref seeds.ProvinceRef) seeds.ProvinceRef { return ref }
	same("first half", reported, func(q *store.FateQuery) { q.Span = store.FirstHalf })
	same("commuting, with a contract", reported, func(q *store.FateQuery) { q.Commuting, q.Employment = true, []string{store.Contract} })
	same("province of today", g.on(seeds.List34), func(q *store.FateQuery) {
		q.Geography, q.Province = store.On(seeds.List34, g.data), province(seeds.List34, "08")
	})
	// Declarations are put together as above; the rest costs little.
	same("former province", g.on(seeds.List63), func(q *store.FateQuery) {
		q.Kinds, q.Geography, q.Province = q.Kinds[1:], store.On(seeds.List63, g.data), province(seeds.List63, "01")
	})
	same("province as it was told", reported, func(q *store.FateQuery) { q.Kinds, q.Province = q.Kinds[1:], province(seeds.List63, "79") })
	got := same("nation", reported, func(*store.FateQuery) {})
	counted, presence := map[string]int64{}, map[string]int64{}
	for _, c := range got {
		if c.Fate == store.Counted {
			counted[c.Kind] = c.Filings
		}
	}
	kinds := map[string]string{
		store.DeclaredAccidents: "accident_declaration", store.Reports + store.Contract: "annex_xii", store.Reports + store.NoContract: "commune_report",
		store.DiseaseReports: "disease_report", store.MonitoringReports: "monitoring_report",
	}
	for _, c := range f.cells(store.CellQuery{
		Measures: []string{store.DeclaredAccidents, store.Reports, store.DiseaseReports, store.MonitoringReports}, From: 2024, To: 2024,
		GroupBy: []store.Dim{store.ByEmployment},
	}) {
		presence[cmp.Or(kinds[c.Measure], kinds[c.Measure+c.Employment])] += c.Value
	}
	require.Equal(t, presence, counted)
	g.requireFatesListed(t, f, base)
}

// requireFatesListed: the pages of a list are the reports that are counted, each once.
func (g *generator) requireFatesListed(t *testing.T, f *filer, q store.FateQuery) {
	t.Helper()
	q.Kinds = []string{"accident_declaration"}
	all := about(fates(t, g.logged, q), q, nil)
	for fate, limit := range map[store.Fate]int{store.Counted: 12, store.Superseded: 20} {
		var got, want []uuid.UUID
		for _, one := range all {
			if one.fate == fate && !slices.Contains(want, one.id) {
				want = append(want, one.id)
			}
		}
		var after *store.ReportCursor
		for more := true; more; {
			var page []store.ListedReport
			var err error
			page, more, err = f.store.FateReports(access.System(t.Context()), q, fate, after, limit)
			require.NoError(t, err)
			for _, r := range page {
				got = append(got, r.ReportID)
			}
			if more {
				require.Len(t, page, limit)
				cursor := page[limit-1].Cursor()
				after = &cursor
			}
		}
		require.ElementsMatch(t, want, got, fate)
	}
}

// requireClosedFates: of a closed figure the log tells what was late, and what decided then. The
// first of g.logged were there.
func (g *generator) requireClosedFates(t *testing.T, f *filer, there int) {
	t.Helper()
	q := store.FateQuery{Kinds: store.FateKinds(), Year: 2024, Span: store.Year, Basis: store.Closed}
	before := fates(t, g.logged[:there], q)
	want := map[store.FateCount]int64{}
	for key, n := range countedFates(about(before, q, nil)) {
		if !slices.Contains([]store.Fate{store.Conflict, store.Superseded, store.Withdrawn}, key.Fate) {
			key.Fate = store.Newest
		}
		want[key] += n
	}
	late := map[string]bool{}
	for _, one := range about(fates(t, g.logged, q)[len(before):], q, nil) {
		want[store.FateCount{Kind: string(one.kind), Fate: store.Late}]++
		late[one.id.String()] = true
	}
	require.NotEmpty(t, late)
	got, err := f.store.ReportFates(access.System(t.Context()), q)
	require.NoError(t, err)
	require.Equal(t, want, fateKeys(got))
	page, _, err := f.store.FateReports(access.System(t.Context()), q, store.Late, nil, 500)
	require.NoError(t, err)
	require.Len(t, page, len(late))
	_, _, err = f.store.FateReports(access.System(t.Context()), q, store.Counted, nil, 1)
	require.ErrorIs(t, err, store.ErrRow, "a closing keeps no list")
	q.Year = 2020
	_, err = f.store.ReportFates(access.System(t.Context()), q)
	require.ErrorIs(t, err, store.ErrNotClosed)
}

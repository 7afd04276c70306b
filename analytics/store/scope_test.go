package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// officer is a caller of some provinces on the list in force.
func officer(role access.Role, codes ...string) access.Caller {
	return access.Caller{ID: "officer", Role: role, Provinces: codes}
}

func (f *filer) as(c access.Caller) context.Context { return access.With(f.t.Context(), c) }

// world is a store with every kind of report, and what is to be seen in it.
type world struct {
	*filer
	*generator
	newest  map[uuid.UUID]filing
	content map[uuid.UUID]report.Content // the newest of each that there ever was
}

// newWorld files reports at random and two examples of every kind, one of them withdrawn.
func newWorld(t *testing.T, reports int) *world {
	seed := *seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again with -seed %d", seed)
	w := &world{newFiler(t), &generator{Rand: rand.New(rand.NewPCG(seed, 2)), data: seeds.Default()}, map[uuid.UUID]filing{}, map[uuid.UUID]report.Content{}}
	var batch []filing
	for range reports {
		batch = append(batch, w.next())
	}
	for _, definition := range report.Definitions() {
		// Reported from elsewhere than where it happened.
		document := reporttest.Set(reporttest.Valid(definition.Kind), "/content/reporter/province", `{"list":"63","code":"79"}`)
		submission, _, err := report.Decode(document)
		require.NoError(t, err)
		stays, goes := filing{kind: definition.Kind, id: w.id(), content: submission.Content}, filing{kind: definition.Kind, id: w.id(), content: submission.Content}
		batch = append(batch, stays, goes, filing{kind: goes.kind, id: goes.id, of: goes.content, revision: 2})
	}
	w.file(batch...)
	revisionOf := map[uuid.UUID]uint32{}
	for _, one := range batch {
		one.revision = max(one.revision, 1)
		if one.revision > w.newest[one.id].revision {
			w.newest[one.id] = one
		}
		if one.content != nil && one.revision > revisionOf[one.id] {
			revisionOf[one.id], w.content[one.id] = one.revision, one.content
		}
	}
	return w
}

// placesOf are the provinces by which a report lies in an area: read from the columns of its
// current table, but for registrations.
func placesOf(kind report.Kind, content report.Content) (places []seeds.ProvinceRef) {
	if r, ok := content.(*report.Registration); ok {
		for _, stay := range r.HeadOffice {
			places = append(places, stay.Province)
		}
		return append(places, r.Reporter.Province)
	}
	at := columnTexts(kind, content)
	for _, prefix := range []string{"province", "reporter_province"} {
		places = append(places, seeds.ProvinceRef{List: seeds.ProvinceList(at[prefix+"_list"]), Code: at[prefix+"_code"]})
	}
	return places
}

// sectionOf is version and letter.
func sectionOf(kind report.Kind, content report.Content) string {
	at := columnTexts(kind, content)
	return at["vsic_version"] + ":" + at["vsic_section"]
}

func columnTexts(kind report.Kind, content report.Content) map[string]string {
	texts := map[string]string{}
	definition, _ := report.Lookup(kind)
	for _, c := range definition.Columns {
		if slices.Contains([]string{"province_list", "province_code", "reporter_province_list", "reporter_province_code", "vsic_version", "vsic_section"}, c.Name) {
			c.Write(textCells{text: func(s string) { texts[c.Name] = s }}, content)
		}
	}
	return texts
}

// textCells takes texts only.
type textCells struct {
	report.Cells
	text func(string)
}

func (c textCells) Text(s string) { c.text(s) }

// reaches is the policy once more, report by report.
func (w *world) reaches(c access.Caller, id uuid.UUID) bool {
	reach, err := c.Reach(access.ReadReports, w.data)
	if err != nil {
		return false
	}
	one, content := w.newest[id], w.content[id]
	if !reach.HasKind(string(one.kind)) {
		return false
	}
	switch reach.Extent {
	case access.All:
		return true
	case access.Area:
		return slices.ContainsFunc(placesOf(one.kind, content), reach.HasPlace)
	case access.Sector:
		return slices.Contains(reach.Sections, sectionOf(one.kind, content))
	}
	return reach.HasUnit(content.Identity().Unit)
}

// expected are the reports that a caller should be listed.
func (w *world) expected(c access.Caller, withdrawn bool) []uuid.UUID {
	ids := []uuid.UUID{}
	for id, one := range w.newest {
		if (one.content == nil) == withdrawn && w.reaches(c, id) {
			ids = append(ids, id)
		}
	}
	return ordered(ids)
}

func (w *world) listed(c access.Caller, f store.ReportFilter) []uuid.UUID {
	w.t.Helper()
	f.Limit = 10_000
	page, more, err := w.store.Reports(w.as(c), f)
	require.NoError(w.t, err)
	require.False(w.t, more)
	ids := []uuid.UUID{}
	for _, r := range page {
		ids = append(ids, r.ReportID)
	}
	return ordered(ids)
}

func ordered(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

// requireSame: the list tells of what lies within, and so do the ways to some single reports.
func (w *world) requireSame(c access.Caller, some int) {
	w.t.Helper()
	require.Equal(w.t, w.expected(c, false), w.listed(c, store.ReportFilter{}), "%+v", c)
	require.Equal(w.t, w.expected(c, true), w.listed(c, store.ReportFilter{Withdrawn: true}), "withdrawn, %+v", c)
	for id := range w.newest {
		if some--; some < 0 {
			break
		}
		w.requireSingle(c, id)
	}
}

func (w *world) requireSingle(c access.Caller, id uuid.UUID) {
	w.t.Helper()
	want := w.reaches(c, id)
	filings, err := w.store.Filings(w.as(c), id, 1, 99, 99)
	require.NoError(w.t, err)
	require.Equal(w.t, want, len(filings) > 0, "%s %+v", w.newest[id].kind, c)
	latest, err := w.store.Latest(w.as(c), id)
	require.NoError(w.t, err)
	require.Equal(w.t, want, latest != nil)
	revisions, err := w.store.Revisions(w.as(c), id, store.Presented{})
	require.NoError(w.t, err)
	require.Equal(w.t, want, len(revisions) > 0, "the state of %s %+v", w.newest[id].kind, c)
}

// Whatever the scope is: the list holds what lies within and nothing else, and a single
// report is there exactly if it is listed.
func TestReportsWithinAScope(t *testing.T) {
	w := newWorld(t, 250)
	operator := access.Caller{ID: "operator", Role: access.Operator}
	w.requireSame(operator, 3)
	require.NotEmpty(t, w.expected(operator, true))
	var communes []string
	for code := range 20 {
		communes = append(communes, fmt.Sprintf("commune:%05d", code))
	}
	for _, c := range []access.Caller{
		{ID: "e", Role: access.Enterprise, Units: []string{"0100109101"}},
		{ID: "e", Role: access.Enterprise, Units: []string{"0100109101-001"}},
		{ID: "s", Role: access.Software, Units: []string{"0100109101-002", "0100109103"}},
		{ID: "z", Role: access.ZoneBoard, Units: []string{"0100109102"}},
		{ID: "c", Role: access.Commune, Units: communes},
		{ID: "m", Role: access.SectorMinistry, Sections: []string{"2025:C", "2018:F"}},
		{ID: "h", Role: access.HealthOfficer, Nation: true},
		{ID: "m", Role: access.Ministry},
	} {
		w.requireSame(c, 3)
		require.NotEmpty(t, w.expected(c, false), "%+v", c)
	}
	codes := w.data.Provinces(seeds.List34)
	for range 4 {
		c := officer([]access.Role{access.LabourOfficer, access.HealthOfficer, access.Inspector, access.Insurance}[w.IntN(4)])
		for range 1 + w.IntN(3) {
			c.Provinces = append(c.Provinces, codes[w.IntN(len(codes))].Code)
		}
		w.requireSame(c, 3)
	}
	// Together the provinces see everything that lies somewhere.
	seen := map[uuid.UUID]bool{}
	for _, p := range codes {
		for _, id := range w.listed(officer(access.Inspector, p.Code), store.ReportFilter{}) {
			seen[id] = true
		}
	}
	for _, id := range w.expected(operator, false) {
		placed := slices.ContainsFunc(placesOf(w.newest[id].kind, w.content[id]), func(p seeds.ProvinceRef) bool { return p.Code != "" })
		require.Equal(t, placed, seen[id], w.newest[id].kind)
	}
}

// A single report of every kind is there for whom one of its places, its section or its unit
// concerns, also when it is withdrawn, and for nobody else.
func TestSingleReportsWithinAScope(t *testing.T) {
	w := newWorld(t, 0)
	callers := map[string]access.Caller{}
	for id, content := range w.content {
		kind := w.newest[id].kind
		for _, p := range placesOf(kind, content) {
			if code, ok := w.data.To34(p); ok {
				callers[code] = officer(access.Inspector, code)
			}
		}
		section, unit := sectionOf(kind, content), content.Identity().Unit
		callers[section] = access.Caller{ID: "m", Role: access.SectorMinistry, Sections: []string{section}}
		if kind == report.AnnexXII || kind == report.CommuneReport {
			callers[unit] = access.Caller{ID: "e", Role: access.Enterprise, Units: []string{unit}}
		}
	}
	for _, c := range callers {
		for id := range w.newest {
			w.requireSingle(c, id)
		}
	}
}

// An officer of a merged province sees what was filed by any of its former units.
func TestOfficerSeesWhatFormerUnitsFiled(t *testing.T) {
	f := newFiler(t)
	data := seeds.Default()
	var merged string
	for _, p := range data.Provinces(seeds.List34) {
		if len(data.Former(p.Code)) == 3 {
			merged = p.Code
			break
		}
	}
	require.NotEmpty(t, merged)
	places := []seeds.ProvinceRef{province(seeds.List34, merged)}
	for _, former := range data.Former(merged) {
		places = append(places, former.Ref())
	}
	file := func(at seeds.ProvinceRef, site int) uuid.UUID {
		a := annex("0100109106", 1)
		a.Reporter.Site, a.Reporter.Province = strconv.Itoa(site), at
		one := periodic(report.AnnexXII, a)
		f.file(one)
		return one.id
	}
	var own []uuid.UUID
	for i, p := range places {
		own = append(own, file(p, i))
	}
	// The same two digits mean another province on the other list.
	foreign := file(province(seeds.List63, merged), 50)
	if code, _ := data.To34(province(seeds.List63, merged)); code == merged {
		foreign = uuid.New()
	}
	page, _, err := f.store.Reports(f.as(officer(access.LabourOfficer, merged)), store.ReportFilter{Limit: 99})
	require.NoError(t, err)
	var ids []uuid.UUID
	for _, r := range page {
		ids = append(ids, r.ReportID)
	}
	require.Subset(t, ids, own)
	require.NotContains(t, ids, foreign)
}

// A filter that names what is not the caller's is denied, not answered with nothing.
func TestForeignFiltersAreDenied(t *testing.T) {
	f := newFiler(t)
	enterprise := access.Caller{ID: "e", Role: access.Enterprise, Units: []string{"0100109106"}}
	labour := officer(access.LabourOfficer, "01")
	for _, c := range []struct {
		by     access.Caller
		filter store.ReportFilter
		denied bool
	}{
		{enterprise, store.ReportFilter{Unit: "0100109106/0"}, false},
		{enterprise, store.ReportFilter{UnitPrefix: "0100109106-001/"}, false},
		{enterprise, store.ReportFilter{Unit: "0100112437/0"}, true},
		{enterprise, store.ReportFilter{UnitPrefix: "0100112437/"}, true},
		{enterprise, store.ReportFilter{Unit: "' OR 1 = 1 --"}, true},
		{labour, store.ReportFilter{Provinces: []seeds.ProvinceRef{{List: "34", Code: "01"}}}, false},
		{labour, store.ReportFilter{Provinces: []seeds.ProvinceRef{{List: "34", Code: "79"}}}, true},
		{labour, store.ReportFilter{Kinds: []string{"annex_xii"}}, false},
		{labour, store.ReportFilter{Kinds: []string{"annex_xii", "disease_case"}}, true},
		{access.Caller{Role: access.SectorMinistry, Sections: []string{"2025:F"}}, store.ReportFilter{Kinds: []string{"investigation"}}, false},
		{access.Caller{Role: access.Enterprise}, store.ReportFilter{}, true},
		{access.Caller{Role: access.Auditor}, store.ReportFilter{}, true},
		{access.Nobody(), store.ReportFilter{}, true},
	} {
		c.filter.Limit = 9
		_, _, err := f.store.Reports(f.as(c.by), c.filter)
		if c.denied {
			require.ErrorIs(t, err, access.ErrDenied, "%+v", c)
			continue
		}
		require.NoError(t, err, "%+v", c)
	}
	_, err := f.store.Declared(f.as(enterprise), "0100112437/0", 2025, 12)
	require.ErrorIs(t, err, access.ErrDenied)
}

// A tracking number stands in for a right, and only that of this report.
func TestStatusForWhoPresents(t *testing.T) {
	f := newFiler(t)
	one, other := periodic(report.AnnexXII, annex("0100112437", 1)), periodic(report.AnnexXII, annex("0100109106", 1))
	f.file(one, other)
	own := access.Caller{ID: "e", Role: access.Enterprise, Units: []string{"0100112437"}}
	for _, c := range []struct {
		by    access.Caller
		shown store.Presented
		sees  bool
		err   error
	}{
		{access.Nobody(), store.Presented{}, false, access.ErrDenied},
		{access.Nobody(), store.Presented{Tracking: "T-" + one.id.String()}, true, nil},
		{access.Nobody(), store.Presented{Tracking: "T-" + other.id.String()}, false, nil},
		{access.Nobody(), store.Presented{Tracking: "unknown", Receipt: true}, true, nil},
		{own, store.Presented{}, true, nil},
		{own, store.Presented{Tracking: "T-" + other.id.String()}, true, nil},
		{officer(access.HealthOfficer, "79"), store.Presented{}, false, nil},
		{officer(access.HealthOfficer, "79"), store.Presented{Tracking: "T-" + one.id.String()}, true, nil},
		{officer(access.LabourOfficer, "01"), store.Presented{}, true, nil},
		// A kind of report that is not the branch's, within the province.
		{officer(access.HealthOfficer, "01"), store.Presented{}, false, nil},
		{officer(access.HealthOfficer, "01"), store.Presented{Tracking: "T-" + one.id.String()}, true, nil},
		{access.Caller{Role: access.Auditor}, store.Presented{}, true, nil},
		{access.Caller{Role: access.Enterprise}, store.Presented{}, false, access.ErrDenied},
	} {
		revisions, err := f.store.Revisions(f.as(c.by), one.id, c.shown)
		require.ErrorIs(t, err, c.err, "%+v", c)
		require.Equal(t, c.sees, len(revisions) > 0, "%+v", c)
	}
}

// The condition on units says what access.Reach.HasUnit says.
func TestUnitConditionSaysWhatHasUnitSays(t *testing.T) {
	f := newFiler(t)
	const text = "SELECT unit FROM (SELECT arrayJoin({units:Array(String)}) AS unit) WHERE " + store.UnitReached
	own := rapid.SampledFrom([]string{"0100109106", "0100109107", "0100109106-001", "hb:ab12", "hb:ab1", "commune:00001", "commune:0000"})
	unit := rapid.Custom(func(t *rapid.T) string {
		base := own.Draw(t, "base") + rapid.SampledFrom([]string{"", "", "-001", "-0011", "0"}).Draw(t, "branch")
		return base + rapid.SampledFrom([]string{"/0", "/12", "@2025-07-01", "@2025-06-30", "@2004-07-01", ""}).Draw(t, "site")
	})
	rapid.Check(t, func(t *rapid.T) {
		reach := access.Reach{Units: rapid.SliceOfN(rapid.OneOf(own, rapid.Just("commune:00001@2004-07-01")), 1, 3).Draw(t, "own")}
		units := rapid.SliceOfNDistinct(unit, 1, 20, rapid.ID[string]).Draw(t, "units")
		rows, err := f.store.Conn().Query(f.t.Context(), text, clickhouse.Named("units", units), clickhouse.Named("reach", reach.Units))
		require.NoError(t, err)
		got := []string{}
		for rows.Next() {
			var one string
			require.NoError(t, rows.Scan(&one))
			got = append(got, one)
		}
		require.NoError(t, rows.Close())
		want := slices.DeleteFunc(slices.Clone(units), func(u string) bool { return !reach.HasUnit(u) })
		require.ElementsMatch(t, want, got)
	})
}

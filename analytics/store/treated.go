package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/seeds"
)

// TreatedCount is what one source says of the victims of a province and period. Without a
// report it says nothing: Victims and Died are then no figures.
type TreatedCount struct {
	Reports, Victims, Died uint64
	// Due is how many registered units have to report, OfDue how many of them did.
	Due, OfDue uint64
}

// TreatedVictims sets the counts of victims of one province and period side by side. None
// is ever added to another, but for Employers and Communes, which count different victims.
type TreatedVictims struct {
	Province seeds.ProvinceRef
	// Clinics is the sum of the facilities' own reports (Annex XVIII), Health the
	// department's summary (Annex XIX). Both count where the facility is.
	Clinics, Health TreatedCount
	// Employers is block 1 of Annex XII, by head office, branches that their parent covers
	// left out; a victim under another employer's management may be in the forms of both.
	// Communes are the victims without an employment relationship.
	Employers, Communes TreatedCount
	// Facilities have to report by the department's summary, Reporting did.
	Facilities, Reporting uint64
}

// treatedSQL is of the two kinds of report that clinics and health departments file.
const treatedSQL = `
SELECT 'clinics' AS source, %[1]s AS province, count() AS reports, sum(toUInt64(victims)) AS treated, sum(toUInt64(died)) AS dead, toUInt64(0) AS facilities, toUInt64(0) AS reporting_facilities
FROM clinic_report FINAL
WHERE stat_year = {year:UInt16} AND period = {period:String}%[2]s
GROUP BY province
UNION ALL
SELECT 'health', %[1]s AS province, count(), sum(toUInt64(victims)), sum(toUInt64(died)), sum(toUInt64(facilities)), sum(toUInt64(reporting))
FROM health_summary FINAL
WHERE stat_year = {year:UInt16} AND period = {period:String}%[2]s
GROUP BY province`

func treatedQuery(on Geography, sc scope) string {
	reached := sc.rows(scopedTable{places: []string{"province"}})
	if reached != "" {
		reached = " AND " + reached
	}
	return fmt.Sprintf(treatedSQL, on.sql(), reached) + finalSettings
}

// TreatedVictims compares, by province of the geography, the victims that medical
// facilities treated with those that employers and communes reported, for a year or its
// first half, and how many had to report. Only provinces of which some source or the register knows are there, ordered by code; a
// record that cannot be put on the geography stands under no code. Whoever reaches an area
// is given its provinces only.
func (s *Store) TreatedVictims(ctx context.Context, year int, span Span, on Geography) ([]TreatedVictims, error) {
	sc, err := s.ask(ctx, "TreatedVictims")
	if err == nil {
		err = sc.ofProvinces()
	}
	if err != nil {
		return nil, fmt.Errorf("treated victims: %w", err)
	}
	q := CellQuery{Measures: []string{Victims, DeathsForm, Reports, EstablishmentsDue, ReportsOfDue, CommunesDue, CommuneReportsOfDue, ClinicsDue, ClinicReportsOfDue}, From: year, To: year, Span: span, Basis: Live,
		GroupBy: []Dim{ByProvince, ByEmployment}, Geography: on}
	if q, err = q.reached(sc); err != nil {
		return nil, fmt.Errorf("treated victims: %w", err)
	}
	cells, err := s.cells(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("treated victims: %w", err)
	}
	by := map[seeds.ProvinceRef]*TreatedVictims{}
	for _, c := range cells {
		*treatedIn(by, c.Province).number(c) = uint64(c.Value)
	}
	if err := s.treated(ctx, by, year, span, on, sc); err != nil {
		return nil, fmt.Errorf("treated victims: %w", err)
	}
	all := make([]TreatedVictims, 0, len(by))
	for _, t := range by {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b TreatedVictims) int { return strings.Compare(a.Province.String(), b.Province.String()) })
	return all, nil
}

// number is where a cell belongs.
func (t *TreatedVictims) number(c Cell) *uint64 {
	switch c.Measure {
	case EstablishmentsDue:
		return &t.Employers.Due
	case ReportsOfDue:
		return &t.Employers.OfDue
	case CommunesDue:
		return &t.Communes.Due
	case CommuneReportsOfDue:
		return &t.Communes.OfDue
	case ClinicsDue:
		return &t.Clinics.Due
	case ClinicReportsOfDue:
		return &t.Clinics.OfDue
	}
	count := &t.Employers
	if c.Employment == NoContract {
		count = &t.Communes
	}
	return map[string]*uint64{Victims: &count.Victims, DeathsForm: &count.Died, Reports: &count.Reports}[c.Measure]
}

func treatedIn(by map[seeds.ProvinceRef]*TreatedVictims, province seeds.ProvinceRef) *TreatedVictims {
	if by[province] == nil {
		by[province] = &TreatedVictims{Province: province}
	}
	return by[province]
}

// treated adds what clinics and health departments say.
func (s *Store) treated(ctx context.Context, by map[seeds.ProvinceRef]*TreatedVictims, year int, span Span, on Geography, sc scope) error {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	params := sc.bind(geographyParameters(on))
	params["year"], params["period"] = year, strconv.Itoa(year)
	if span == FirstHalf {
		params["period"] = strconv.Itoa(year) + string(FirstHalf)
	}
	return each(ctx, s.read, treatedQuery(on, sc), params, func(rows driver.Rows) error {
		var source, province string
		var count TreatedCount
		var facilities, reporting uint64
		if err := rows.Scan(&source, &province, &count.Reports, &count.Victims, &count.Died, &facilities, &reporting); err != nil {
			return err
		}
		t := treatedIn(by, on.read(province))
		if source == "clinics" {
			count.Due, count.OfDue = t.Clinics.Due, t.Clinics.OfDue
			t.Clinics = count
			return nil
		}
		t.Health, t.Facilities, t.Reporting = count, facilities, reporting
		return nil
	})
}

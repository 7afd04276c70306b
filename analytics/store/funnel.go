package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// FunnelStages is the number of stages of a case of occupational disease: exposed,
// examined, suspected, diagnosed, assessed, benefit.
const FunnelStages = 6

// ByDisease is a dimension of [Store.DiseaseFunnel] beside ByYear, ByProvince and ByFactor,
// there the harmful factor: the number of the disease in the list in force on the day of the
// diagnosis; "" before one.
const ByDisease Dim = "disease"

// FunnelQuery asks how far cases of occupational disease have come. Zero members choose
// everything.
type FunnelQuery struct {
	// From and To are years of the first report, both included.
	From, To int
	// Province is a code on the list of Geography.
	Province string
	Diseases []string
	// Stage, from 1 to 6, leaves only cases that are at this stage now.
	Stage     int
	GroupBy   []Dim
	Geography Geography
}

// Funnel is how far the cases of one group have come.
type Funnel struct {
	Year     int
	Province seeds.ProvinceRef
	Disease  string
	Factor   string
	// Reached counts the cases that reached a stage or a later one: a later stage implies
	// the earlier ones, also where the report leaves out their days.
	Reached [FunnelStages]uint64
	// Now counts the cases whose furthest stage this is.
	Now [FunnelStages]uint64
	// Persons of the cases: one worker with two factors is one person and two cases.
	Persons uint64
	// Deaths counts cases that the worker died of.
	Deaths uint64
}

// Validate returns everything that is wrong with q.
func (q FunnelQuery) Validate() error {
	var errs []error
	if q.From < 1990 || q.To > 2999 || q.From > q.To {
		errs = append(errs, fmt.Errorf("years %d to %d", q.From, q.To))
	}
	if q.Stage < 0 || q.Stage > FunnelStages {
		errs = append(errs, fmt.Errorf("stage %d", q.Stage))
	}
	if q.Province != "" && q.Geography.list == "" {
		errs = append(errs, errors.New("a province needs a geography"))
	}
	for _, d := range q.GroupBy {
		if !slices.ContainsFunc(funnelDims, func(c funnelDim) bool { return c.dim == d }) {
			errs = append(errs, fmt.Errorf("unknown dimension %q", d))
		}
	}
	return errors.Join(errs...)
}

// funnelDim gives the column of a dimension and what stands for it when it is not asked.
type funnelDim struct {
	dim          Dim
	column, none string
}

var funnelDims = []funnelDim{
	{ByYear, "year", "toUInt16(0)"},
	{ByProvince, "province", "''"},
	{ByDisease, "disease", "''"},
	{ByFactor, "factor", "''"},
}

// funnelSQL counts cases, not reports: an establishment, a clinic and the health
// department may each report the same one. A case is one person and one factor. A person
// is known by the citizen number everywhere, by name, year of birth and sex within one
// workplace; whoever is known by neither is somebody else in every report. Year and
// province are those of the first report, stage and disease those of the furthest.
const funnelSQL = `
SELECT %s,
    [%s] AS reached,
    [%s] AS now,
    uniqExact(who) AS persons, countIf(died) AS deaths
FROM
(
    SELECT
        who, factor, tupleElement(first, 1) AS year, tupleElement(first, 2) AS province,%s
        tupleElement(furthest, 1) AS stage, tupleElement(furthest, 2) AS disease, died
    FROM
    (
        SELECT
            multiIf(person != '', person, name_key != '' AND workplace != '', concat(name_key, '@', workplace), toString(report_id)) AS who,
            toString(factor) AS factor,
            argMin((stat_year, %s%s), (filed_at, report_id)) AS first,
            argMax((stage, toString(disease)), (stage, filed_at, report_id)) AS furthest,
            max(died_on > toDate(0)) AS died
        FROM disease_case FINAL
        GROUP BY who, factor
    )
)
WHERE year BETWEEN {from:UInt16} AND {to:UInt16}
    AND ({province:String} = '' OR province = {province:String})
    AND (empty({diseases:Array(String)}) OR has({diseases:Array(String)}, disease))
    AND ({stage:UInt8} = 0 OR stage = {stage:UInt8})%s
%s
ORDER BY of_year, of_province, of_disease, of_factor`

// DiseaseFunnel counts cases of occupational disease by how far they have come, in the
// order of the dimensions. Groups without a case are left out. Whoever reaches an area has
// to ask for a province of it or by province, and is given the cases that it was the first
// to report.
func (s *Store) DiseaseFunnel(ctx context.Context, q FunnelQuery) ([]Funnel, error) {
	sc, err := s.ask(ctx, "DiseaseFunnel")
	if err == nil {
		err = q.within(sc)
	}
	if err != nil {
		return nil, fmt.Errorf("funnel of disease cases: %w", err)
	}
	if err := q.Validate(); err != nil {
		return nil, fmt.Errorf("funnel of disease cases: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	params := sc.bind(geographyParameters(q.Geography))
	params["from"], params["to"], params["province"], params["stage"] = q.From, q.To, q.Province, q.Stage
	// The list must have a type even when it is empty.
	params["diseases"] = append([]string{}, q.Diseases...)
	all := []Funnel{}
	err = each(ctx, s.read, q.sql(sc), params, func(rows driver.Rows) error {
		var f Funnel
		var year uint16
		var province string
		var reached, now []uint64
		if err := rows.Scan(&year, &province, &f.Disease, &f.Factor, &reached, &now, &f.Persons, &f.Deaths); err != nil {
			return err
		}
		f.Year, f.Province = int(year), q.Geography.read(province)
		copy(f.Reached[:], reached)
		copy(f.Now[:], now)
		all = append(all, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("funnel of disease cases: %w", err)
	}
	return all, nil
}

// within tells whether the question is about the caller's area.
func (q FunnelQuery) within(sc scope) error {
	switch {
	case sc.Extent != access.Area:
		return sc.ofNation()
	case q.Province != "" && !sc.HasPlace(seeds.ProvinceRef{List: q.Geography.list, Code: q.Province}),
		q.Province == "" && !slices.Contains(q.GroupBy, ByProvince):
		return sc.denied()
	}
	return nil
}

// sql depends on the dimensions, the geography and whether the caller reaches an area only;
// all values are parameters.
func (q FunnelQuery) sql(sc scope) string {
	place, placeColumn, inArea := "", "", ""
	if sc.Extent == access.Area {
		place, placeColumn = ", concat(province_list, '/', province_code)", " tupleElement(first, 3) AS place,"
		inArea = "\n    AND place IN {reach:Array(String)}"
	}
	var selected, grouped, reached, now []string
	for _, d := range funnelDims {
		expression := d.none
		if slices.Contains(q.GroupBy, d.dim) {
			expression = d.column
			grouped = append(grouped, d.column)
		}
		// Another name than the column's, or the condition would see the constant.
		selected = append(selected, expression+" AS of_"+d.column)
	}
	for stage := 1; stage <= FunnelStages; stage++ {
		reached = append(reached, fmt.Sprintf("countIf(stage >= %d)", stage))
		now = append(now, fmt.Sprintf("countIf(stage = %d)", stage))
	}
	group := "HAVING count() > 0"
	if len(grouped) > 0 {
		group = "GROUP BY " + strings.Join(grouped, ", ")
	}
	return fmt.Sprintf(funnelSQL, strings.Join(selected, ", "), strings.Join(reached, ", "), strings.Join(now, ", "), placeColumn, q.Geography.sql(), place, inArea, group) + finalSettings
}

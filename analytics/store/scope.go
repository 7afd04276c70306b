package store

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// scope is the part of the store that the caller of one question reaches. Its conditions
// hold no value: what is reached is bound to the parameter reach, the kinds to reach_kinds.
// Where everything is reached there is no condition, and the query is the same as ever.
type scope struct {
	access.Reach
	action access.Action
}

func (sc scope) everything() bool { return sc.Extent == access.All && sc.Kinds == nil }

func (sc scope) denied() error { return &access.DeniedError{Action: sc.action} }

// bind adds the parameters of the conditions.
func (sc scope) bind(p parameters) parameters {
	switch sc.Extent {
	case access.Own, access.Granted:
		p["reach"] = sc.Units
	case access.Area:
		p["reach"] = references(sc.Places)
	case access.Sector:
		p["reach"] = sc.Sections
	}
	if sc.Kinds != nil {
		p["reach_kinds"] = sc.Kinds
	}
	return p
}

// references writes provinces as the conditions compare them: "34/01".
func references(provinces []seeds.ProvinceRef) []string {
	texts := make([]string, len(provinces))
	for i, p := range provinces {
		texts[i] = p.String()
	}
	return texts
}

// hasUnits: a filter names no unit that is not the caller's, where units limit. "" names none.
func (sc scope) hasUnits(units ...string) bool {
	return (sc.Extent != access.Own && sc.Extent != access.Granted) ||
		!slices.ContainsFunc(units, func(u string) bool { return u != "" && !sc.HasUnit(u) })
}

// hasPlaces: a filter names no province outside the caller's area, where that limits.
func (sc scope) hasPlaces(provinces ...seeds.ProvinceRef) bool {
	return sc.Extent != access.Area ||
		!slices.ContainsFunc(provinces, func(p seeds.ProvinceRef) bool { return !sc.HasPlace(p) })
}

// ofNation: figures of the whole nation are for who reaches all of it.
func (sc scope) ofNation() error {
	if sc.Extent == access.All {
		return nil
	}
	return sc.denied()
}

// ofProvinces: figures are told by province only to who reaches all, or an area.
func (sc scope) ofProvinces() error {
	if sc.Extent == access.All || sc.Extent == access.Area {
		return nil
	}
	return sc.denied()
}

const (
	nothingReached = "0"
	placeReached   = "concat(province_list, '/', province_code) IN {reach:Array(String)}"
	// unitReached is access.Reach.HasUnit: the unit itself; at any site; a commune of the
	// list in force; or a branch of a tax code.
	unitReached = "(unit IN {reach:Array(String)}" +
		" OR substringIndex(unit, '/', 1) IN {reach:Array(String)}" +
		" OR startsWith(unit, 'commune:') AND substringIndex(unit, '@', 1) IN {reach:Array(String)}" +
		" AND substring(unit, position(unit, '@') + 1) >= '" + access.CommunesSince + "'" +
		" OR position(unit, ':') = 0 AND substringIndex(substringIndex(unit, '/', 1), '-', 1) IN {reach:Array(String)})"
)

// scopedTable is a current table as far as conditions depend on it.
type scopedTable struct {
	// places are the prefixes of its provinces, that of the place first.
	places []string
	// offices: it has the provinces of head offices over time.
	offices bool
	// sections: it has sections of VSIC.
	sections bool
}

// declarations is the table of accident declarations, and that of technical incidents.
var declarations = scopedTable{places: []string{"province", "reporter_province"}, sections: true}

func (s *Store) scopedTable(ctx context.Context, name string) (scopedTable, error) {
	columns, err := s.tableColumns(ctx, name)
	if err != nil {
		return scopedTable{}, err
	}
	var t scopedTable
	for _, prefix := range []string{"province", "reporter_province"} {
		if _, has := columns[prefix+"_code"]; has {
			t.places = append(t.places, prefix)
		}
	}
	_, t.offices = columns["head_office.province_code"]
	_, t.sections = columns["vsic_section"]
	return t, nil
}

// rows is the condition on rows of a current table; "" where everything is reached.
func (sc scope) rows(t scopedTable) string {
	switch sc.Extent {
	case access.All:
		return ""
	case access.Own, access.Granted:
		return unitReached
	case access.Area:
		var ways []string
		for _, prefix := range t.places {
			ways = append(ways, "concat("+prefix+"_list, '/', "+prefix+"_code) IN {reach:Array(String)}")
		}
		if t.offices {
			ways = append(ways, officeReached("`head_office.province_list`", "`head_office.province_code`"))
		}
		if len(ways) > 0 {
			return "(" + strings.Join(ways, " OR ") + ")"
		}
	case access.Sector:
		if t.sections {
			return "concat(vsic_version, ':', vsic_section) IN {reach:Array(String)}"
		}
	}
	return nothingReached
}

// officeReached: the head office was ever in the area.
func officeReached(lists, codes string) string {
	return "arrayExists((list, code) -> has({reach:Array(String)}, concat(list, '/', code)), " + lists + ", " + codes + ")"
}

// reports is the condition on report_id of rows of report_log, by the newest content that
// each report ever had: a withdrawn report has no row in a current table that would say
// whose it was. of chooses the reports. It is "" where everything is reached.
func (sc scope) reports(of string) string {
	if sc.everything() {
		return ""
	}
	return `report_id IN
    (
        SELECT report_id
        FROM
        (
            SELECT report_id, kind, unit, payload
            FROM report_log
            WHERE report_id IN (` + of + `)
            ORDER BY report_id, withdrawn, version DESC
            LIMIT 1 BY report_id
        )
        WHERE ` + sc.content() + `
    )`
}

// andReports is reports behind other conditions.
func (sc scope) andReports(of string) string {
	if sc.everything() {
		return ""
	}
	return "\n    AND " + sc.reports(of)
}

// content is the condition on a report by its kind, unit and content in JSON. It says the
// same as rows says of the kind's table.
func (sc scope) content() string {
	condition := ""
	switch sc.Extent {
	case access.All:
	case access.Own, access.Granted:
		condition = unitReached
	case access.Area:
		condition = "hasAny(" + contentPlaces + ", {reach:Array(String)})"
	case access.Sector:
		condition = contentSection + " IN {reach:Array(String)}"
	default:
		return nothingReached
	}
	if sc.Kinds == nil {
		return condition
	}
	const kind = "kind IN {reach_kinds:Array(String)}"
	if condition == "" {
		return kind
	}
	return kind + " AND " + condition
}

// contentPlaces are the provinces that a current table has of a content: of the place, of
// the head offices, and of the reporter.
var contentPlaces = `arrayConcat(
            if(kind = 'base_figures', [], [` + provinceIn("payload", "reporter", "province") + `]),
            multiIf(
                kind IN ('accident_declaration', 'technical_incident'), [` + provinceIn("payload", "place", "province") + `],
                kind IN ('investigation', 'base_figures'), [` + provinceIn("payload", "province") + `],
                kind = 'monitoring_report', [` + provinceIn("payload", "site_province") + `],
                kind = 'disease_case', [` + provinceIn("payload", "workplace", "province") + `],
                kind = 'inspection', [` + provinceIn("payload", "establishment", "province") + `],
                kind = 'registration', arrayMap(o -> ` + provinceIn("o", "province") + `, JSONExtractArrayRaw(payload, 'head_office')),
                []))`

// contentSection is the section of VSIC of a content: the letter that its code begins with.
const contentSection = "concat(JSONExtractString(payload, 'industry', 'version'), ':', substring(JSONExtractString(payload, 'industry', 'code'), 1, 1))"

func provinceIn(document string, path ...string) string {
	at := document + ", '" + strings.Join(path, "', '") + "'"
	return "concat(JSONExtractString(" + at + ", 'list'), '/', JSONExtractString(" + at + ", 'code'))"
}

// hasCase: the place or the reporter's province of any of its declarations, or its section,
// lies within.
func (sc scope) hasCase(c *Case) bool {
	switch sc.Extent {
	case access.All:
		return true
	case access.Area:
		return slices.ContainsFunc(c.Declarations, func(d Declaration) bool { return sc.HasPlace(d.Province) || sc.HasPlace(d.ReporterProvince) })
	case access.Sector:
		return slices.ContainsFunc(c.Declarations, func(d Declaration) bool { return slices.Contains(sc.Sections, d.section()) })
	}
	return false
}

// section is version and letter, as a scope names them.
func (d *Declaration) section() string {
	if d.VSICCode == "" {
		return ""
	}
	return d.VSICVersion + ":" + d.VSICCode[:1]
}

// reachedCases returns those of the ids that belong to cases within the scope.
func (s *Store) reachedCases(ctx context.Context, sc scope, ids []uuid.UUID) ([]uuid.UUID, error) {
	cases, err := s.cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { return cases[id] == nil || !sc.hasCase(cases[id]) }), nil
}

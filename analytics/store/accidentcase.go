package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// Declaration is the newest revision of a declaration of an accident, without what is
// personal.
type Declaration struct {
	ReportID, AccidentID       uuid.UUID
	Revision                   uint32
	FiledAt                    time.Time
	Unit                       string
	OccurredAt                 time.Time
	Province, ReporterProvince seeds.ProvinceRef
	VSICVersion, VSICCode      string
	Cause                      string
	FactorList, FactorCode     string
	Commuting                  bool
	Victims                    []DeclaredVictim
}

// DeclaredVictim is a victim as one declaration tells.
type DeclaredVictim struct {
	Person, NameKey, Severity, Employment, Sex, AgeGroup, Occupation string
}

// Finding is an officer's finding that declarations are of one accident.
type Finding struct {
	ReportID     uuid.UUID
	DecidedOn    time.Time
	Declarations []uuid.UUID
	// Same are pairs of victims who are one person.
	Same [][2]string
}

// Case is one accident: everything that hangs together by quoting, or by findings. It is
// what sql/cell/case.sql counts once: see oneAccident.
type Case struct {
	// Declarations, the earliest first: it says when and where.
	Declarations []Declaration
	Findings     []Finding
}

// Person is a victim of a case, of however many declarations.
type Person struct {
	// Key is how the person is named in a finding; empty for somebody without a name.
	Key string
	// Severity is the worst of any declaration: "dead", "serious" or "minor".
	Severity string
	Contract bool
	// Sex, AgeGroup and Occupation are those of the first declaration that tells.
	Sex, AgeGroup, Occupation string
	Declarations              []uuid.UUID
}

const declarationsSQL = `
SELECT
    report_id, accident_id, revision, filed_at, unit, occurred_at, province_list, province_code, reporter_province_list, reporter_province_code,
    vsic_version, vsic_code, cause, factor_list, factor_code, commuting,
    arrayMap(v -> [v.1, v.2, v.3, v.4, v.5, v.6, v.7], arrayZip(` + "`victims.person`, `victims.name_key`, `victims.severity`, `victims.employment`, `victims.sex`, `victims.age_group`, `victims.occupation`" + `)) AS victims
FROM accident_declaration FINAL
WHERE report_id IN
    (
        SELECT report_id FROM accident_declaration WHERE report_id IN {ids:Array(UInt128)}
        UNION ALL
        SELECT report_id FROM accident_declaration WHERE joined AND accident_id IN {ids:Array(UInt128)}
    )
    AND (report_id IN {ids:Array(UInt128)} OR accident_id IN {ids:Array(UInt128)})
ORDER BY report_id` + finalSettings

const findingsColumns = `
SELECT report_id, decided_on, arrayMap(d -> toString(d), declarations), arrayMap((v, s) -> [v, s], ` + "`same.victim`, `same.same_as`)"

const findingsSQL = findingsColumns + `
FROM case_link FINAL
WHERE hasAny(declarations, {ids:Array(UInt128)})
ORDER BY report_id` + finalSettings

// caseRounds bounds how far quotes are followed, one reading a step: a chain as long nobody
// files in earnest. Figures know all quotes at once and follow them to the end.
const caseRounds = 40

// Cases puts together the accidents that ids belong to: accident_ids, or report_ids of
// declarations. An id of which nothing is declared is left out, and so is an accident that
// the caller does not reach by any of its declarations. Whoever reaches one sees all of it.
func (s *Store) Cases(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Case, error) {
	sc, err := s.ask(ctx, "Cases")
	if err != nil {
		return nil, fmt.Errorf("put together accidents: %w", err)
	}
	all, err := s.cases(ctx, ids)
	maps.DeleteFunc(all, func(_ uuid.UUID, c *Case) bool { return !sc.hasCase(c) })
	return all, err
}

func (s *Store) cases(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Case, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	g := newGathering()
	for frontier := g.unseen(ids); len(frontier) > 0 && g.rounds < caseRounds; g.rounds++ {
		near, err := s.near(ctx, g, frontier)
		if err != nil {
			return nil, err
		}
		frontier = g.unseen(near)
	}
	return g.cases(ids), nil
}

// near reads what is one step away from ids, and returns the ids that it names.
func (s *Store) near(ctx context.Context, g *gathering, ids []uuid.UUID) (near []uuid.UUID, err error) {
	params := parameters{"ids": idNumbers(ids)}
	err = each(ctx, s.read, declarationsSQL, params, func(rows driver.Rows) error {
		d, err := scanDeclaration(rows)
		if err != nil {
			return err
		}
		g.declarations[d.ReportID] = d
		near = append(near, d.ReportID, d.AccidentID)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read declarations of an accident: %w", err)
	}
	err = each(ctx, s.read, findingsSQL, params, func(rows driver.Rows) error {
		f, err := scanFinding(rows)
		g.findings[f.ReportID] = f
		near = append(near, f.Declarations...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read findings about an accident: %w", err)
	}
	return near, nil
}

func scanDeclaration(rows driver.Rows) (Declaration, error) {
	var d Declaration
	var id, accident big.Int
	var list, reporterList string
	var victims [][]string
	err := rows.Scan(&id, &accident, &d.Revision, &d.FiledAt, &d.Unit, &d.OccurredAt, &list, &d.Province.Code, &reporterList, &d.ReporterProvince.Code,
		&d.VSICVersion, &d.VSICCode, &d.Cause, &d.FactorList, &d.FactorCode, &d.Commuting, &victims)
	if err != nil {
		return d, err
	}
	d.ReportID, d.AccidentID = idOf(&id), idOf(&accident)
	d.Province.List, d.ReporterProvince.List = seeds.ProvinceList(list), seeds.ProvinceList(reporterList)
	for _, v := range victims {
		d.Victims = append(d.Victims, DeclaredVictim{v[0], v[1], v[2], v[3], v[4], v[5], v[6]})
	}
	return d, nil
}

func scanFinding(rows driver.Rows) (Finding, error) {
	var f Finding
	var id big.Int
	var declarations []string
	var same [][]string
	if err := rows.Scan(&id, &f.DecidedOn, &declarations, &same); err != nil {
		return f, err
	}
	f.ReportID = idOf(&id)
	for _, text := range declarations {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok {
			return f, fmt.Errorf("declaration %q is no number", text)
		}
		f.Declarations = append(f.Declarations, idOf(n))
	}
	for _, pair := range same {
		f.Same = append(f.Same, [2]string{pair[0], pair[1]})
	}
	return f, nil
}

// gathering collects the declarations and findings around some ids.
type gathering struct {
	seen         map[uuid.UUID]bool
	declarations map[uuid.UUID]Declaration
	findings     map[uuid.UUID]Finding
	rounds       int
}

func newGathering() *gathering {
	return &gathering{map[uuid.UUID]bool{}, map[uuid.UUID]Declaration{}, map[uuid.UUID]Finding{}, 0}
}

func (g *gathering) unseen(ids []uuid.UUID) []uuid.UUID {
	var fresh []uuid.UUID
	for _, id := range ids {
		if !g.seen[id] {
			g.seen[id] = true
			fresh = append(fresh, id)
		}
	}
	return fresh
}

// cases divides what was gathered into accidents.
func (g *gathering) cases(asked []uuid.UUID) map[uuid.UUID]*Case {
	quotes := func(yield func(declaration, quoted uuid.UUID) bool) {
		for _, d := range g.declarations {
			if !yield(d.ReportID, d.AccidentID) {
				return
			}
		}
	}
	groups := oneAccident(quotes, maps.Values(g.findings))
	byRoot := map[uuid.UUID]*Case{}
	for _, d := range g.declarations {
		root := groups.root(d.ReportID)
		if byRoot[root] == nil {
			byRoot[root] = &Case{}
		}
		byRoot[root].Declarations = append(byRoot[root].Declarations, d)
	}
	for _, f := range g.findings {
		if c := byRoot[groups.root(f.Declarations[0])]; c != nil {
			c.Findings = append(c.Findings, f)
		}
	}
	all := map[uuid.UUID]*Case{}
	for _, id := range asked {
		if c := byRoot[groups.root(id)]; c != nil {
			all[id] = c
		}
	}
	for _, c := range byRoot {
		c.order()
	}
	return all
}

func (c *Case) order() {
	slices.SortFunc(c.Declarations, func(a, b Declaration) int {
		return cmp.Or(a.FiledAt.Compare(b.FiledAt), compareIDs(a.ReportID, b.ReportID))
	})
	slices.SortFunc(c.Findings, func(a, b Finding) int { return compareIDs(a.ReportID, b.ReportID) })
}

var severityRank = map[string]int{"dead": 2, "serious": 1}

// Persons returns the victims of a case, each once: by citizen number, else by name, and
// by what officers found. Whoever a declaration lists twice is two persons. The order is
// that of the declarations.
func (c *Case) Persons() []Person {
	key := c.keys()
	places := map[string]int{}
	var persons []Person
	for _, d := range c.Declarations {
		seen := map[string]int{}
		for _, i := range numberedFirst(d.Victims) {
			v := d.Victims[i]
			known := key(v)
			id := known
			if id == "" { // nothing says that two victims without a name are the same
				id = fmt.Sprint(d.ReportID, "/", i)
			}
			seen[id]++
			id += strings.Repeat("'", seen[id])
			at, ok := places[id]
			if !ok {
				at = len(persons)
				places[id], persons = at, append(persons, Person{Key: known, Severity: "minor"})
			}
			persons[at].add(d.ReportID, v)
		}
	}
	return persons
}

// numberedFirst orders victims: those with a citizen number first.
func numberedFirst(victims []DeclaredVictim) []int {
	order := first(len(victims))
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(min(1, len(victims[b].Person)), min(1, len(victims[a].Person)))
	})
	return order
}

func (p *Person) add(declaration uuid.UUID, v DeclaredVictim) {
	if severityRank[v.Severity] > severityRank[p.Severity] {
		p.Severity = v.Severity
	}
	p.Contract = p.Contract || v.Employment == "contract"
	if p.Sex == "" || p.Sex == "unknown" { // which tells nothing
		p.Sex = cmp.Or(v.Sex, p.Sex)
	}
	p.AgeGroup, p.Occupation = cmp.Or(p.AgeGroup, v.AgeGroup), cmp.Or(p.Occupation, v.Occupation)
	p.Declarations = append(p.Declarations, declaration)
}

// keys names a victim: by number, by the number that any declaration gives to the name, by
// name, or by the person that a finding makes of any of them.
func (c *Case) keys() func(DeclaredVictim) string {
	namesake := map[string]string{}
	for _, d := range c.Declarations {
		for _, v := range d.Victims {
			namesake[v.NameKey] = max(namesake[v.NameKey], v.Person)
		}
	}
	delete(namesake, "")
	own := func(v DeclaredVictim) string { return cmp.Or(v.Person, namesake[v.NameKey], v.NameKey) }
	same, least := c.same()
	found := map[string]string{}
	for _, d := range c.Declarations {
		for _, v := range d.Victims {
			group := least[same.root(v.Person)]
			if group == "" || v.Person == "" {
				group = least[same.root(v.NameKey)]
			}
			found[own(v)] = max(found[own(v)], group)
		}
	}
	return func(v DeclaredVictim) string { return cmp.Or(found[own(v)], own(v)) }
}

// same groups the pseudonyms that findings say are one person; least gives the first of
// each group.
func (c *Case) same() (same union[string], least map[string]string) {
	same, least = union[string]{}, map[string]string{}
	for _, f := range c.Findings {
		for _, pair := range f.Same {
			same.join(pair[0], pair[1])
		}
	}
	for _, f := range c.Findings {
		for _, name := range slices.Concat(pairsOf(f.Same)...) {
			root := same.root(name)
			if least[root] == "" || name < least[root] {
				least[root] = name
			}
		}
	}
	return same, least
}

func pairsOf(pairs [][2]string) [][]string {
	all := make([][]string, len(pairs))
	for i := range pairs {
		all[i] = pairs[i][:]
	}
	return all
}

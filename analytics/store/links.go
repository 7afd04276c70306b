package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// links say which accidents are one, and which of their victims, where the query of the
// cases cannot see it at once: in chains of quotes, and in what officers found. There are few.
type links struct {
	// accidents stand under the case at the same place.
	accidents, cases []uuid.UUID
	// found are victims, each with its case in front, and persons whom they are.
	found, persons []string
}

// quotesSQL returns whom live declarations quote that are themselves quoted, or that an
// officer named. In any revision: a superset does no harm.
const quotesSQL = `
SELECT report_id, argMax(accident_id, version) AS quoted
FROM accident_declaration
WHERE report_id IN
(
    -- One reading gives both who quotes and who is quoted.
    SELECT arrayJoin(arrayIntersect(groupArray(report_id), groupArray(accident_id)))
    FROM accident_declaration
    WHERE joined AND NOT withdrawn
    UNION ALL
    SELECT arrayJoin(declarations) FROM case_link
)
GROUP BY report_id
HAVING argMax(withdrawn, version) = 0 AND quoted != report_id`

const allFindingsSQL = findingsColumns + `
FROM case_link FINAL` + finalSettings

// addLinks reads the links and adds them to the parameters of a query of cases. What is
// stored between the two readings is in figures only when they are read again.
func (s *Store) addLinks(ctx context.Context, params parameters) error {
	quotes := map[uuid.UUID]uuid.UUID{}
	err := each(ctx, s.read, quotesSQL, nil, func(rows driver.Rows) error {
		var id, quoted big.Int
		err := rows.Scan(&id, &quoted)
		quotes[idOf(&id)] = idOf(&quoted)
		return err
	})
	if err != nil {
		return fmt.Errorf("read which declarations quote another: %w", err)
	}
	var findings []Finding
	err = each(ctx, s.read, allFindingsSQL, nil, func(rows driver.Rows) error {
		f, err := scanFinding(rows)
		findings = append(findings, f)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what officers found to be one accident: %w", err)
	}
	l := newLinks(quotes, findings)
	params["accidents"], params["cases"] = idNumbers(l.accidents), idNumbers(l.cases)
	params["found"], params["persons"] = l.found, l.persons
	return nil
}

// maxLinks is how many bytes of links go with a query. Parameters are in the address of the
// request, of which servers take 1 MiB.
const maxLinks = 700_000

// newLinks puts together what hangs together. The least id of a group stands for it. Where
// all is too much for one query, the largest groups are left out, and count as several
// accidents: nobody files thousands of declarations of one accident in earnest, and whoever
// does must not take the figures from all others.
func newLinks(quotes map[uuid.UUID]uuid.UUID, findings []Finding) links {
	standing, byCase := map[uuid.UUID]uuid.UUID{}, map[uuid.UUID]*links{}
	of := func(id uuid.UUID) *links {
		if byCase[id] == nil {
			byCase[id] = &links{}
		}
		return byCase[id]
	}
	for _, group := range oneAccident(maps.All(quotes), slices.Values(findings)).groups() {
		slices.SortFunc(group, compareIDs)
		for _, id := range group[1:] {
			standing[id] = group[0]
			of(group[0]).accidents = append(of(group[0]).accidents, id)
			of(group[0]).cases = append(of(group[0]).cases, group[0])
		}
	}
	named := map[uuid.UUID]*Case{}
	for _, f := range findings {
		id := f.Declarations[0]
		if least, ok := standing[id]; ok {
			id = least
		}
		if named[id] == nil {
			named[id] = &Case{}
		}
		named[id].Findings = append(named[id].Findings, f)
	}
	for id, c := range named {
		of(id).addPersons(idNumber(id).String()+"/", c)
	}
	return fitting(byCase)
}

// fitting takes groups of links, the smallest first, as long as they fit into a query.
func fitting(byCase map[uuid.UUID]*links) links {
	all := links{accidents: []uuid.UUID{}, cases: []uuid.UUID{}, found: []string{}, persons: []string{}}
	size := 0
	for _, id := range slices.SortedFunc(maps.Keys(byCase), func(a, b uuid.UUID) int {
		return cmp.Or(cmp.Compare(byCase[a].size(), byCase[b].size()), compareIDs(a, b))
	}) {
		l := byCase[id]
		if size += l.size(); size > maxLinks {
			break
		}
		all.accidents, all.cases = append(all.accidents, l.accidents...), append(all.cases, l.cases...)
		all.found, all.persons = append(all.found, l.found...), append(all.persons, l.persons...)
	}
	return all
}

// size is how many bytes links take in a request.
func (l *links) size() int {
	const number, sign = 39, 3 // digits of an id; a comma or a quotation mark
	n := 2 * len(l.accidents) * (number + sign)
	for i := range l.found {
		n += len(l.found[i]) + len(l.persons[i]) + 8*sign
	}
	return n
}

// addPersons adds the victims of a case that findings name.
func (l *links) addPersons(prefix string, c *Case) {
	same, least := c.same()
	names := map[string]bool{}
	for _, f := range c.Findings {
		for _, name := range slices.Concat(pairsOf(f.Same)...) {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		l.found, l.persons = append(l.found, prefix+name), append(l.persons, prefix+least[same.root(name)])
	}
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

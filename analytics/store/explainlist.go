package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/seeds"
)

// FateReports returns a page of the reports that have a filing of the fate, and whether there
// are more behind it: those that the caller reaches, of kinds that he sees, so that there may be
// fewer than [Store.ReportFates] counts. Revision and time of receipt are of the last such
// filing. It is for who reaches the nation, or the province that is asked about. Of closed
// figures only the fates that report_log decides can be listed.
func (s *Store) FateReports(ctx context.Context, q FateQuery, fate Fate, after *ReportCursor, limit int) (page []ListedReport, more bool, err error) {
	sc, err := s.ask(ctx, "FateReports")
	if err == nil {
		err = q.within(sc)
	}
	if err == nil {
		q.Kinds = slices.DeleteFunc(slices.Clone(q.Kinds), func(kind string) bool { return !sc.HasKind(kind) })
		if len(q.Kinds) == 0 {
			err = sc.denied()
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("list what became of reports: %w", err)
	}
	sc.Kinds = nil // no others are asked about
	ask := fateQuestion{FateQuery: q, scope: sc}
	if err := s.prepare(ctx, &ask); err != nil {
		return nil, false, err
	}
	of := ofCurrent
	if slices.Contains(fatesOfLog, fate) {
		of = ofLog
	} else if q.Basis == Closed {
		return nil, false, fmt.Errorf("%w: a closing keeps no list of reports that are %s", ErrRow, fate)
	}
	if page, err = s.fatePage(ctx, ask, of, fate, after, limit+1); err != nil {
		return nil, false, err
	}
	if of == ofCurrent && slices.Contains(q.Kinds, "accident_declaration") {
		rows, err := s.touchedFates(ctx, ask)
		if err != nil {
			return nil, false, err
		}
		page = mergeFates(page, rows, fate, after)
	}
	if len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

// mergeFates puts touched declarations of the fate in their places.
func mergeFates(page []ListedReport, touched []touchedReport, fate Fate, after *ReportCursor) []ListedReport {
	for _, r := range touched {
		if r.fate == fate && (after == nil || compareListed(r.ListedReport, *after) > 0) {
			page = append(page, r.ListedReport)
		}
	}
	slices.SortFunc(page, func(a, b ListedReport) int { return compareListed(a, b.Cursor()) })
	return page
}

// compareListed is positive for a report behind the place: the newest come first.
func compareListed(r ListedReport, at ReportCursor) int {
	return cmp.Or(at.FiledAt.Compare(r.FiledAt), bytes.Compare(at.ReportID[:], r.ReportID[:]))
}

// fatePage lists reports of one fate; limit 0 is all.
func (s *Store) fatePage(ctx context.Context, q fateQuestion, of fateRows, fate Fate, after *ReportCursor, limit int) ([]ListedReport, error) {
	from, err := q.from(of)
	if err != nil || from == "" {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	query := "SELECT kind, report_id, max(revision), any(stat_year), any(period), any(unit), min(filed_at) AS filed, max(received_at), any(province_list), any(province_code)\nFROM\n(\n" +
		indent(from) + "\n)\nWHERE fate = {fate:String}" + q.lying(of) + "\nGROUP BY kind, report_id"
	params := with(q.parameters(), "fate", string(fate))
	if after != nil {
		query += "\nHAVING (toUnixTimestamp64Milli(filed), report_id) < ({after:Int64}, {after_id:UInt128})"
		params["after"], params["after_id"] = after.FiledAt.UnixMilli(), idNumber(after.ReportID)
	}
	query += "\nORDER BY filed DESC, report_id DESC"
	if limit > 0 {
		query += "\nLIMIT {limit:UInt32}"
		params["limit"] = limit
	}
	var page []ListedReport
	err = each(ctx, s.read, query+finalSettings, params, func(rows driver.Rows) error {
		r := ListedReport{Withdrawn: fate == Withdrawn}
		var number big.Int
		err := rows.Scan(&r.Kind, &number, &r.Revision, &r.StatYear, &r.Period, &r.Unit, &r.FiledAt, &r.ReceivedAt, &r.ProvinceList, &r.ProvinceCode)
		r.ReportID = idOf(&number)
		page = append(page, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what became of reports: %w", err)
	}
	return page, nil
}

type touchedReport struct {
	ListedReport
	fate Fate
}

// touchedFates decides about the declarations that hang together with others: the accident is
// told of by the earliest of them.
func (s *Store) touchedFates(ctx context.Context, q fateQuestion) ([]touchedReport, error) {
	q.Kinds = []string{"accident_declaration"}
	rows, err := s.fatePage(ctx, q, ofCurrent, touched, nil, 0)
	if err != nil {
		return nil, err
	}
	all := make([]touchedReport, 0, len(rows))
	for some := range slices.Chunk(rows, idsPerQuery) {
		ids := make([]uuid.UUID, len(some))
		for i, r := range some {
			ids[i] = r.ReportID
		}
		cases, err := s.cases(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range some {
			all = append(all, touchedReport{r, q.fateIn(cases[r.ReportID], r.ReportID)})
		}
	}
	return all, nil
}

// fateIn is the fate of a declaration in its accident.
func (q fateQuestion) fateIn(c *Case, id uuid.UUID) Fate {
	if c == nil || c.Declarations[0].ReportID != id {
		return Joined // nil: amended or withdrawn while it was read
	}
	first := c.Declarations[0]
	month := int(first.OccurredAt.In(seeds.Local()).Month())
	employment := NoContract
	if slices.ContainsFunc(c.Persons(), func(p Person) bool { return p.Contract }) {
		employment = Contract
	}
	switch {
	case month < months[q.Span][0] || month > months[q.Span][1]:
		return OutsidePeriod
	case first.Commuting && !q.Commuting:
		return OnTheWay
	case q.shape().Leaves(employment):
		return OtherEmployment
	}
	return Counted
}

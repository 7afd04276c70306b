package torture

import (
	"context"
	"embed"
	"fmt"
	"path"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

func query(name string) string {
	text, err := sqlFiles.ReadFile(path.Join("sql", name+".sql"))
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// verdict is what the oracle found when everything had come to rest.
type verdict struct {
	receipts, messages, rows, ranges, figures int
	// lost: receipts that the store does not have, places of the log that are nowhere,
	// figures too low. double: places taken twice, ranges that overlap, figures too high.
	lost, double int
	findings     []string
	drained      time.Duration
}

func (v *verdict) loss(n int, format string, args ...any) {
	if n > 0 {
		v.lost += n
		v.findings = append(v.findings, "lost: "+fmt.Sprintf(format, args...))
	}
}

func (v *verdict) twice(n int, format string, args ...any) {
	if n > 0 {
		v.double += n
		v.findings = append(v.findings, "double: "+fmt.Sprintf(format, args...))
	}
}

// judge waits until the sinks have come to the end of the log and then holds the store
// and the figures against what the filers were promised.
func (p *platform) judge(ctx context.Context, l *ledger) (verdict, error) {
	var v verdict
	begin := time.Now()
	if err := p.drain(ctx); err != nil {
		return v, err
	}
	v.drained = time.Since(begin)
	counts, err := p.checkReceipts(ctx, &v, l)
	if err != nil {
		return v, err
	}
	want := l.expected(counts)
	for _, check := range []func(context.Context, *verdict) error{p.checkPlaces, p.checkRanges, p.checkCurrent} {
		if err := check(ctx, &v); err != nil {
			return v, err
		}
	}
	if err := p.checkReports(ctx, &v, want); err != nil {
		return v, err
	}
	return v, p.checkFigures(ctx, &v, want)
}

func (p *platform) each(ctx context.Context, sql string, params clickhouse.Parameters, scan func(driver.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if params != nil {
		ctx = clickhouse.Context(ctx, clickhouse.WithParameters(params))
	}
	rows, err := p.store.Conn().Query(ctx, sql)
	if err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("ask the store: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	return nil
}

// checkReceipts: every receipt is in the store, with its content, as stored, or as the
// loser of a race that was made on purpose. It returns which contents count.
func (p *platform) checkReceipts(ctx context.Context, v *verdict, l *ledger) (counts func(key) bool, err error) {
	stored := make(map[key]bool)
	err = p.each(ctx, query("contents"), nil, func(rows driver.Rows) error {
		var id, sum string
		var revision uint32
		var first uint8
		if err := rows.Scan(&id, &revision, &sum, &first); err != nil {
			return err
		}
		parsed, err := uuid.Parse(id)
		stored[key{parsed, revision, [32]byte([]byte(sum))}] = first == 1
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := seal.Open(p.keys())
	if err != nil {
		return nil, err
	}
	marked := func(k key) key { return key{k.id, k.revision, keys.Mark(k.sha256)} }
	receipts := l.receipts()
	v.receipts = len(receipts)
	for k, a := range receipts {
		first, there := stored[marked(k)]
		if !there {
			v.loss(1, "%s has a receipt and is not in the store", k)
		} else if !first && !a.raced {
			v.loss(1, "%s has a receipt, and another content counts", k)
		}
	}
	return func(k key) bool { return stored[marked(k)] }, nil
}

// checkPlaces: in report_log and dead_letter together every offset of the log is there
// exactly once.
func (p *platform) checkPlaces(ctx context.Context, v *verdict) error {
	bounds, err := p.bounds(ctx)
	if err != nil {
		return err
	}
	places, err := p.places(ctx)
	if err != nil {
		return err
	}
	wrong := 0
	for partition, b := range bounds {
		s := places[partition]
		v.messages += int(b.end - b.begin)
		v.rows += int(s.rows)
		missing, double := int(b.end-b.begin)-int(s.places), int(s.rows)-int(s.places)
		v.loss(missing, "partition %d: %d of %d offsets are nowhere in the store", partition, missing, b.end-b.begin)
		v.twice(double, "partition %d: %d offsets more than once", partition, double)
		if s.places > 0 && s.high >= uint64(b.end) {
			v.twice(1, "partition %d: the store has offset %d, the log ends at %d", partition, s.high, b.end)
		}
		wrong += missing + double
	}
	if wrong == 0 {
		return nil
	}
	return p.each(ctx, query("gaps"), nil, func(rows driver.Rows) error {
		var partition uint16
		var offset, times uint64
		var before int64
		if err := rows.Scan(&partition, &offset, &before, &times); err != nil {
			return err
		}
		v.findings = append(v.findings, fmt.Sprintf("  partition %d offset %d: there %d times, the offset before it is %d", partition, offset, times, before))
		return nil
	})
}

// checkRanges: any two ranges of a partition are the same or have nothing in common.
func (p *platform) checkRanges(ctx context.Context, v *verdict) error {
	last, end := -1, uint64(0)
	return p.each(ctx, query("ranges"), nil, func(rows driver.Rows) error {
		var partition uint16
		var low, high, outside uint64
		if err := rows.Scan(&partition, &low, &high, &outside); err != nil {
			return err
		}
		v.ranges++
		v.twice(int(outside), "partition %d: %d rows of the range %d–%d lie outside of it", partition, outside, low, high)
		if int(partition) == last && low <= end {
			v.twice(1, "partition %d: the range %d–%d begins before %d, where another one ends", partition, low, high, end)
		}
		if int(partition) != last {
			end = 0
		}
		last, end = int(partition), max(end, high)
		return nil
	})
}

// checkCurrent: the current tables are what recomputing them from report_log gives.
func (p *platform) checkCurrent(ctx context.Context, v *verdict) error {
	for _, d := range report.Definitions() {
		params := clickhouse.Parameters{"kind": string(d.Kind), "table": d.Table}
		err := p.each(ctx, query("current"), params, func(rows driver.Rows) error {
			var have, reports, wanted, missing uint64
			if err := rows.Scan(&have, &reports, &wanted, &missing); err != nil {
				return err
			}
			v.loss(int(missing), "%s: %d reports have not their newest revision of report_log", d.Table, missing)
			v.twice(int(have)-int(reports), "%s: %d rows for %d reports", d.Table, have, reports)
			v.twice(int(reports)-int(wanted), "%s: %d reports, report_log says %d", d.Table, reports, wanted)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkReports: of each kind and year there are as many reports as were accepted and
// not withdrawn.
func (p *platform) checkReports(ctx context.Context, v *verdict, want expectation) error {
	have := make(map[kindYear]int64)
	for _, d := range report.Definitions() {
		err := p.each(ctx, query("reports"), clickhouse.Parameters{"table": d.Table}, func(rows driver.Rows) error {
			var year uint16
			var n uint64
			err := rows.Scan(&year, &n)
			have[kindYear{d.Kind, int(year)}] = int64(n)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, d := range report.Definitions() {
		for year := 2023; year <= periodicYear; year++ {
			at := kindYear{d.Kind, year}
			p.compare(v, fmt.Sprintf("reports of kind %s of %d", d.Kind, year), have[at], want.reports[at])
		}
	}
	return nil
}

// compare counts a figure that is too low as one loss, and one too high as one double.
func (p *platform) compare(v *verdict, what string, have, want int64) {
	v.figures++
	switch {
	case have < want:
		v.loss(1, "%s: %d, accepted were %d", what, have, want)
	case have > want:
		v.twice(1, "%s: %d, accepted were %d", what, have, want)
	}
}

package bench

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

//go:embed sql
var sqlFiles embed.FS

// The years that direct loading fills, evenly.
const (
	firstYear = 2016
	lastYear  = 2025
)

// shares is the mix of stored reports, in thousandths; the rest is Annex XII.
var shares = map[report.Kind]int{
	report.AccidentDeclaration: 25, report.CommuneReport: 25, report.DiseaseReport: 25, report.MonitoringReport: 25,
}

// amendedEvery: every tenth report has a second revision.
const amendedEvery = 10

// blockRows is the size of the blocks that are inserted, each a part.
const blockRows = 1 << 19

// loader fills the current tables directly with rows that ClickHouse makes itself.
// report_log stays empty: no figure is read from it.
type loader struct {
	conn driver.Conn
	data *seeds.Data
}

// quota returns how many reports of a kind a year gets of size reports in all.
func quota(kind report.Kind, size int) int {
	year := size / (lastYear - firstYear + 1)
	if share, ok := shares[kind]; ok {
		return year * share / 1000
	}
	if kind != report.AnnexXII {
		return 0 // not in the mix
	}
	rest := year
	for _, share := range shares {
		rest -= year * share / 1000
	}
	return rest
}

// load stores size reports, every tenth of them in two revisions, as fresh parts that
// nothing merges.
func (l *loader) load(ctx context.Context, size int) error {
	if err := l.merges(ctx, "STOP"); err != nil {
		return err
	}
	for _, d := range report.Definitions() {
		n := quota(d.Kind, size)
		if n == 0 {
			continue
		}
		query, err := l.statement(ctx, d)
		if err != nil {
			return err
		}
		for year := firstYear; year <= lastYear; year++ {
			if err := l.insert(ctx, query, year, 1, 1, 0, n); err != nil {
				return fmt.Errorf("load %s of %d: %w", d.Table, year, err)
			}
			if err := l.insert(ctx, query, year, 2, amendedEvery, 3, n/amendedEvery); err != nil {
				return fmt.Errorf("load amendments of %s of %d: %w", d.Table, year, err)
			}
		}
	}
	return nil
}

const columnsSQL = `
SELECT name
FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND default_kind = ''
ORDER BY position`

// statement is the INSERT of a kind. It fills every column of the table, by name.
func (l *loader) statement(ctx context.Context, d *report.Definition) (string, error) {
	templates, err := template.ParseFS(sqlFiles, "sql/*.sql")
	if err != nil {
		return "", fmt.Errorf("read statements: %w", err)
	}
	var text strings.Builder
	if err := templates.ExecuteTemplate(&text, d.Table+".sql", nil); err != nil {
		return "", fmt.Errorf("write statement of %s: %w", d.Table, err)
	}
	rows, err := l.conn.Query(ctx, columnsSQL, named("table", d.Table))
	if err != nil {
		return "", fmt.Errorf("columns of %s: %w", d.Table, err)
	}
	var columns []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", errors.Join(fmt.Errorf("columns of %s: %w", d.Table, err), rows.Close())
		}
		columns = append(columns, "`"+name+"`")
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return "", fmt.Errorf("columns of %s: %w", d.Table, err)
	}
	list := strings.Join(columns, ", ")
	return fmt.Sprintf("INSERT INTO %s (%s)\nSELECT %s FROM\n(\n%s\n)", d.Table, list, list, strings.TrimSpace(text.String())), nil
}

func (l *loader) insert(ctx context.Context, query string, year, revision, step, phase, n int) error {
	if n == 0 {
		return nil
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"async_insert": 0, "insert_deduplicate": 0, "max_insert_threads": 1, "max_threads": 2,
		"min_insert_block_size_rows": blockRows, "min_insert_block_size_bytes": 0,
	}))
	return l.conn.Exec(ctx, query, l.parameters(year, revision, step, phase, n)...)
}

// parameters of a statement: the reports number·step + phase of a year, in the code lists
// that were in force when they were filed, in the January after.
func (l *loader) parameters(year, revision, step, phase, n int) []any {
	filed := seeds.MustDate(year+1, time.January, 5)
	list := l.data.ProvinceListOn(filed)
	version := l.data.VSICVersionOn(seeds.MustDate(year, time.December, 31))
	if len(l.data.VSICSections(version)) == 0 {
		version = seeds.VSIC2018 // the oldest whose sections are known
	}
	var provinces, sections []string
	for _, p := range l.data.Provinces(list) {
		provinces = append(provinces, p.Code)
	}
	for _, s := range l.data.VSICSections(version) {
		sections = append(sections, s.Code)
	}
	return []any{
		named("year", year), named("revision", revision), named("step", step), named("phase", phase), named("n", n),
		named("list", string(list)), named("provinces", provinces), named("version", version), named("sections", sections),
	}
}

func named(name string, value any) any { return clickhouse.Named(name, value) }

// merges stops or starts the merging of parts.
func (l *loader) merges(ctx context.Context, what string) error {
	for _, d := range report.Definitions() {
		if err := l.conn.Exec(ctx, "SYSTEM "+what+" MERGES "+d.Table); err != nil {
			return fmt.Errorf("%s merges of %s: %w", what, d.Table, err)
		}
	}
	return nil
}

// merge makes one part of every year.
func (l *loader) merge(ctx context.Context) error {
	if err := l.merges(ctx, "START"); err != nil {
		return err
	}
	for _, d := range report.Definitions() {
		for year := firstYear; year <= lastYear; year++ {
			if err := l.conn.Exec(ctx, fmt.Sprintf("OPTIMIZE TABLE %s PARTITION %d FINAL", d.Table, year)); err != nil {
				return fmt.Errorf("merge %s of %d: %w", d.Table, year, err)
			}
		}
	}
	return nil
}

package store_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/analytics/store/native"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// filer stores reports as the sink does, one batch per file call.
type filer struct {
	t      *testing.T
	store  *store.Store
	epoch  uuid.UUID
	offset uint64
	now    time.Time
}

func newFiler(t *testing.T) *filer {
	s, info := shared.Store(t)
	return &filer{t: t, store: s, epoch: info.Epoch, now: day(2026, 1, 8)}
}

// filing is a revision on its way into the store.
type filing struct {
	kind    report.Kind
	id      uuid.UUID
	content report.Content // nil: withdrawn
	// revision is 1 by default, filed the time of the filer.
	revision uint32
	filed    time.Time
	// of tells a withdrawal what it withdraws.
	of report.Content
	// text makes the hash; by default the content does.
	text string
}

// file stores filings as one batch with positions of their own.
func (f *filer) file(filings ...filing) {
	f.t.Helper()
	token := fmt.Sprintf("%s/topic/0/%d-%d/v1", f.epoch, f.offset, f.offset+uint64(len(filings))-1)
	f.storeAs(token, filings...)
	f.offset += uint64(len(filings))
}

// storeAs stores filings from the current offset on under a token.
func (f *filer) storeAs(token string, filings ...filing) {
	f.t.Helper()
	rows := map[report.Kind][]row{}
	var entries []store.LogEntry
	for i, one := range filings {
		r, entry := f.row(one, f.offset+uint64(i))
		rows[one.kind] = append(rows[one.kind], r)
		entries = append(entries, entry)
	}
	for _, kind := range slices.Sorted(maps.Keys(rows)) {
		require.NoError(f.t, f.insertCurrent(token, kind, rows[kind]...))
	}
	require.NoError(f.t, f.store.InsertLog(f.t.Context(), token, store.Range{}, entries))
}

// row is a revision for its kind's current table; content is nil when it is withdrawn.
type row struct {
	store.Head
	content report.Content
}

func (f *filer) insertCurrent(token string, kind report.Kind, rows ...row) error {
	definition, ok := report.Lookup(kind)
	require.True(f.t, ok)
	heads := make([]store.Head, len(rows))
	for i := range rows {
		heads[i] = rows[i].Head
	}
	columns := make([]native.Column, len(definition.Columns))
	for i, c := range definition.Columns {
		columns[i] = native.Column{Name: c.Name, Write: func(cells *native.Cells, i int) { c.Write(cells, rows[i].content) }}
	}
	return f.store.InsertCurrent(f.t.Context(), token, definition.Table, heads, columns)
}

func (f *filer) row(one filing, offset uint64) (row, store.LogEntry) {
	identity := one.of
	if one.content != nil {
		identity = one.content
	}
	id := identity.Identity()
	head := store.Head{
		ReportID: one.id, Revision: max(one.revision, 1), StatYear: uint16(id.StatYear), Period: id.Period, Unit: id.Unit,
		Withdrawn: one.content == nil, FiledAt: one.filed, ReceivedAt: f.now,
		Position: store.Position{Epoch: f.epoch, Partition: binary.BigEndian.Uint16(one.id[14:]) % 4, Offset: offset},
	}
	if head.FiledAt.IsZero() {
		head.FiledAt = f.now
	}
	text := one.text
	if text == "" {
		content, err := json.Marshal(one.content)
		require.NoError(f.t, err)
		text = string(content)
	}
	return row{head, one.content}, store.LogEntry{
		Head: head, Kind: string(one.kind), SubmittedBy: "test", SHA256: sha256.Sum256([]byte(text)),
		Tracking: "T-" + one.id.String(), RulesVersion: report.RulesVersion, Warnings: []string{"ACC-031"}, Payload: []byte(text),
	}
}

// cells asks for live or closed sums, keyed by measure and the asked dimensions.
func (f *filer) cells(q store.CellQuery) []store.Cell {
	f.t.Helper()
	if q.Span == "" {
		q.Span = store.Year
	}
	if q.Basis == "" {
		q.Basis = store.Live
	}
	cells, err := f.store.Cells(access.System(f.t.Context()), q)
	require.NoError(f.t, err)
	return cells
}

// sums returns the asked measures of one year, zero when there is no cell.
func (f *filer) sums(year int, measures ...string) map[string]int64 {
	f.t.Helper()
	sums := map[string]int64{}
	for _, m := range measures {
		sums[m] = 0
	}
	for _, c := range f.cells(store.CellQuery{Measures: measures, From: year, To: year}) {
		sums[c.Measure] = c.Value
	}
	return sums
}

func province(list seeds.ProvinceList, code string) seeds.ProvinceRef {
	return seeds.ProvinceRef{List: list, Code: code}
}

func establishment(taxCode, site string) report.Reporter {
	return report.Reporter{Type: report.Establishment, TaxCode: report.TaxCode(taxCode), Site: site, Province: province(seeds.List34, "01")}
}

var industry = report.Industry{Version: "2018", Code: "F4100"}

// accident is a declaration with the given victims.
func accident(occurred time.Time, accidentID uuid.UUID, victims ...report.Victim) *report.Accident {
	list := seeds.List34
	if occurred.Before(day(2025, 7, 1)) {
		list = seeds.List63
	}
	return &report.Accident{
		Reporter: establishment("0100109106", "0"), AccidentID: report.UUID(accidentID), OccurredAt: occurred,
		Place: report.Place{Province: province(list, "01")}, Industry: industry, Cause: "3", Victims: victims,
	}
}

func victim(person, name string, severity report.InjurySeverity, employment report.Employment) report.Victim {
	return report.Victim{Person: report.Pseudonym(person), NameKey: report.Pseudonym(name), Severity: severity, Employment: employment}
}

// event is a declaration under its own id.
func event(id uuid.UUID, a *report.Accident) filing {
	return filing{kind: report.AccidentDeclaration, id: id, content: a}
}

// periodic is a report under the id that the platform computes.
func periodic(kind report.Kind, content report.Content) filing {
	return filing{kind: kind, id: report.ReportID(kind, content.Identity()), content: content}
}

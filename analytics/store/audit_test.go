package store_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/analytics/store/storetest"
)

var auditKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// audited is a store with the log of three processes.
type audited struct {
	t      *testing.T
	store  *store.Store
	conn   clickhouse.Conn
	chains []uuid.UUID
}

func newAudited(t *testing.T) *audited {
	t.Helper()
	config := shared.Config(t)
	st := storetest.Open(t, config)
	require.NoError(t, st.Migrate(t.Context()))
	options, err := clickhouse.ParseDSN(config.DSN)
	require.NoError(t, err)
	conn, err := clickhouse.Open(options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	a := &audited{t: t, store: st, conn: conn}
	for i := range 3 {
		w := audit.Start(st, auditKey, audit.DefaultConfig(), slog.New(slog.DiscardHandler))
		a.chains = append(a.chains, w.Chain())
		for j := range 2 {
			require.NoError(t, w.Record(t.Context(), auditEntry(i, j)))
		}
		require.NoError(t, w.Close(context.Background()))
	}
	require.Empty(t, a.verify().Problems)
	return a
}

func auditEntry(i, j int) audit.Entry {
	return audit.Entry{
		Kind: audit.Request, Who: audit.Who{ID: fmt.Sprintf("who-%d", i), Role: access.Inspector, Token: "t1"}, Operation: "report-revision",
		Scope: audit.Scope{Extent: access.Area, Nation: true, Units: 1, Provinces: 2, Sections: 3}, Action: access.ReadReports,
		Purpose: "inspection", Reference: "QD-1", Outcome: audit.Allowed, Status: 200, By: "Trần Thị B", Reason: "lý do", Dropped: 1,
		On: []audit.Touch{
			{Kind: audit.Report, ID: uuid.NewString(), Revision: uint32(j + 1), Fields: []string{"", "/reason", "/content/victims/0/name"}},
			{Kind: audit.Unit, ID: "0100109106/0", Fields: []string{}},
		},
		RequestID: uuid.New(), Network: "10.0.0.0/24",
	}
}

func auditor(t *testing.T) context.Context {
	return access.With(t.Context(), access.Caller{ID: "auditor", Role: access.Auditor})
}

// export writes the log as it lies in the store.
func (a *audited) export() []byte {
	a.t.Helper()
	var out bytes.Buffer
	x := audit.NewExporter(&out)
	require.NoError(a.t, a.store.ExportAudit(auditor(a.t), x.Write))
	require.NoError(a.t, x.Close())
	return out.Bytes()
}

func (a *audited) verify(earlier ...audit.Head) audit.Result {
	a.t.Helper()
	v := audit.NewVerifier(audit.KeysOf(auditKey.Public().(ed25519.PublicKey)), earlier)
	require.NoError(a.t, v.ReadExport(bytes.NewReader(a.export())))
	return v.Result()
}

func (a *audited) exec(format string, args ...any) {
	a.t.Helper()
	require.NoError(a.t, a.conn.Exec(a.t.Context(), fmt.Sprintf(format, args...)))
}

// columns are all columns with their types.
func (a *audited) columns() map[string]string {
	a.t.Helper()
	rows, err := a.conn.Query(a.t.Context(), "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'audit_entry'")
	require.NoError(a.t, err)
	columns := map[string]string{}
	for rows.Next() {
		var name, columnType string
		require.NoError(a.t, rows.Scan(&name, &columnType))
		columns[name] = columnType
	}
	require.NoError(a.t, rows.Close())
	return columns
}

// other is an expression for another value of a column.
func other(t *testing.T, name, columnType string) string {
	t.Helper()
	switch {
	case strings.HasPrefix(columnType, "Array(FixedString"):
		return "arrayPushBack(" + name + ", toFixedString('x', 32))"
	case strings.HasPrefix(columnType, "Array(UUID"):
		return "arrayPushBack(" + name + ", generateUUIDv4())"
	case strings.HasPrefix(columnType, "Array(UInt"):
		return "arrayPushBack(" + name + ", 7)"
	case strings.HasPrefix(columnType, "Array("):
		return "arrayPushBack(" + name + ", 'x')"
	case strings.HasPrefix(columnType, "FixedString"):
		return "toFixedString('x', 32)"
	case strings.HasPrefix(columnType, "DateTime64"):
		return name + " + INTERVAL 1 MILLISECOND"
	case columnType == "UUID":
		return "generateUUIDv4()"
	case columnType == "Bool":
		return "NOT " + name
	case strings.HasPrefix(columnType, "UInt"):
		return name + " + 1"
	case strings.Contains(columnType, "String"):
		return "concat(" + name + ", 'x')"
	}
	t.Fatalf("column %s is of type %s: say what another value of it is", name, columnType)
	return ""
}

// Each column of each kind of entry is changed in turn, on the real engine: by UPDATE, or, where
// the column is part of the sorting key, by taking the row out and putting another one in.
func TestTamperedAuditLineIsDetected(t *testing.T) {
	a := newAudited(t)
	a.exec("CREATE TABLE kept AS audit_entry ENGINE = MergeTree ORDER BY (chain, number)")
	a.exec("INSERT INTO kept SELECT * FROM audit_entry")
	for name, columnType := range a.columns() {
		number := 1 // the first entry of the third chain names others, the second is a request
		if !strings.HasPrefix(name, "head_") {
			number = 2
		}
		row := fmt.Sprintf("chain = '%s' AND number = %d", a.chains[2], number)
		t.Run(name, func(t *testing.T) {
			if slices.Contains([]string{"chain", "number", "at"}, name) {
				a.exec("DELETE FROM audit_entry WHERE %s", row)
				a.exec("INSERT INTO audit_entry SELECT * REPLACE (%s AS %s) FROM kept WHERE %s", other(t, name, columnType), name, row)
			} else {
				a.exec("ALTER TABLE audit_entry UPDATE `%s` = %s WHERE %s SETTINGS mutations_sync = 2", name, other(t, "`"+name+"`", columnType), row)
			}
			require.NotEmpty(t, a.verify().Problems)
		})
		a.exec("TRUNCATE TABLE audit_entry")
		a.exec("INSERT INTO audit_entry SELECT * FROM kept SETTINGS insert_deduplicate = 0")
		require.Empty(t, a.verify().Problems)
	}
}

func TestRemovedAuditLineIsDetectedInTheStore(t *testing.T) {
	a := newAudited(t)
	heads := a.verify().Heads
	a.exec("DELETE FROM audit_entry WHERE chain = '%s' AND number = 4", a.chains[0])
	require.NotEmpty(t, a.verify().Problems, "the end of a chain that others have named")
	a.exec("DELETE FROM audit_entry WHERE chain = '%s'", a.chains[0])
	require.NotEmpty(t, a.verify().Problems, "a whole chain")
	a.exec("TRUNCATE TABLE audit_entry")
	require.Empty(t, a.verify().Problems, "nothing is left that could tell")
	require.Len(t, a.verify(heads...).Problems, 3, "but who has seen it knows")
}

// Each chain names those before it, also those of processes that were killed, and no more than
// those that were written to since.
func TestChainsNameEachOther(t *testing.T) {
	a := newAudited(t)
	named := func(chain uuid.UUID) (names []string) {
		require.NoError(t, a.conn.QueryRow(t.Context(),
			fmt.Sprintf("SELECT arrayMap(c -> toString(c), head_chain) FROM audit_entry WHERE chain = '%s' AND number = 1", chain)).Scan(&names))
		return names
	}
	require.Empty(t, named(a.chains[0]))
	require.Equal(t, []string{a.chains[0].String()}, named(a.chains[1]))
	require.Len(t, named(a.chains[2]), 2)
	heads, err := a.store.AuditHeads(t.Context())
	require.NoError(t, err)
	require.Len(t, heads, 3)
	a.exec("ALTER TABLE audit_entry UPDATE kind = 'request' WHERE kind = 'first' SETTINGS mutations_sync = 2")
	heads, err = a.store.AuditHeads(t.Context())
	require.NoError(t, err)
	require.Len(t, heads, 3, "of a log without a naming, all")
}

// A group that is sent again is stored once.
func TestAuditGroupIsStoredOnce(t *testing.T) {
	a := newAudited(t)
	var all []audit.Signed
	require.NoError(t, a.store.ExportAudit(auditor(t), func(s *audit.Signed) error { all = append(all, *s); return nil }))
	group := all[:2]
	group[0].Entry.Chain, group[1].Entry.Chain = uuid.Max, uuid.Max
	for range 3 {
		require.NoError(t, a.store.AppendAudit(t.Context(), "audit/test", group))
	}
	var rows uint64
	require.NoError(t, a.conn.QueryRow(t.Context(), fmt.Sprintf("SELECT count() FROM audit_entry WHERE chain = '%s'", uuid.Max)).Scan(&rows))
	require.EqualValues(t, 2, rows)
}

func TestAuditIsFiltered(t *testing.T) {
	a := newAudited(t)
	ctx := auditor(t)
	all, more, err := a.store.Audit(ctx, store.AuditFilter{Limit: 100})
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, all, 12)
	request := all[slices.IndexFunc(all, func(s audit.Signed) bool { return s.Entry.Who.ID == "who-1" })]
	report := uuid.MustParse(request.Entry.On[0].ID)
	for name, c := range map[string]struct {
		filter store.AuditFilter
		found  int
	}{
		"who":       {store.AuditFilter{Who: "who-1"}, 2},
		"role":      {store.AuditFilter{Role: access.Inspector}, 6},
		"action":    {store.AuditFilter{Action: access.ReadReports}, 6},
		"operation": {store.AuditFilter{Operation: "report-revision", Outcome: audit.Allowed}, 6},
		"outcome":   {store.AuditFilter{Outcome: audit.Denied}, 0},
		"report":    {store.AuditFilter{Report: report}, 1},
		"from":      {store.AuditFilter{From: time.Now().Add(time.Hour)}, 0},
		"to":        {store.AuditFilter{To: time.Now().Add(time.Hour)}, 12},
	} {
		c.filter.Limit = 100
		page, _, err := a.store.Audit(ctx, c.filter)
		require.NoError(t, err, name)
		require.Len(t, page, c.found, name)
	}
	first, more, err := a.store.Audit(ctx, store.AuditFilter{Limit: 5})
	require.NoError(t, err)
	require.True(t, more)
	after := store.AuditCursorOf(&first[4])
	rest, _, err := a.store.Audit(ctx, store.AuditFilter{Limit: 100, After: &after})
	require.NoError(t, err)
	require.Equal(t, all, append(first, rest...))

	// Only those whom the policy lets.
	_, _, err = a.store.Audit(t.Context(), store.AuditFilter{Limit: 1})
	require.ErrorIs(t, err, access.ErrNoCaller)
	require.ErrorIs(t, a.store.ExportAudit(access.With(t.Context(), access.Nobody()), nil), access.ErrDenied)
}

func FuzzParseAuditCursor(f *testing.F) {
	f.Add(store.AuditCursor{At: time.UnixMilli(1), Chain: uuid.Max, Number: 7}.String())
	f.Add("x")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := store.ParseAuditCursor(text)
		if err != nil {
			return
		}
		again, err := store.ParseAuditCursor(c.String())
		require.NoError(t, err)
		require.Equal(t, c.At.UnixMilli(), again.At.UnixMilli())
		require.Equal(t, c.Chain, again.Chain)
		require.Equal(t, c.Number, again.Number)
	})
}

// BenchmarkAudit records from as many callers at once as a gateway has.
func BenchmarkAudit(b *testing.B) {
	st, _ := shared.Store(b)
	w := audit.Start(st, auditKey, audit.DefaultConfig(), slog.New(slog.DiscardHandler))
	b.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	for _, callers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("callers-%d", callers), func(b *testing.B) {
			b.SetParallelism(callers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := w.Record(context.Background(), auditEntry(1, 1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"atvsld/analytics/audit"
	"atvsld/analytics/store/native"
)

const auditTable = "audit_entry"

// AppendAudit stores entries of one chain. Called again with the same token it stores nothing
// more, so that it is called again after an error. It is not asked on behalf of a caller.
func (s *Store) AppendAudit(ctx context.Context, token string, entries []audit.Signed) error {
	return s.insert(ctx, token, auditTable, first(len(entries)), auditColumns(entries))
}

// auditColumns are all columns of audit_entry.
func auditColumns(all []audit.Signed) []native.Column {
	text := func(name string, of func(e *audit.Entry) string) native.Column {
		return native.To(name, func(c *native.Cells, row int) { c.Text(of(&all[row].Entry)) })
	}
	count := func(name string, of func(e *audit.Entry) uint32) native.Column {
		return native.To(name, func(c *native.Cells, row int) { c.Uint32(of(&all[row].Entry)) })
	}
	return append(append(auditTouchColumns(all), auditHeadColumns(all)...),
		native.To("chain", func(c *native.Cells, row int) { c.UUID(all[row].Entry.Chain) }),
		native.To("number", func(c *native.Cells, row int) { c.Uint64(all[row].Entry.Number) }),
		native.To("at", func(c *native.Cells, row int) { c.Time(all[row].Entry.At) }),
		text("kind", func(e *audit.Entry) string { return string(e.Kind) }),
		text("key", func(e *audit.Entry) string { return e.Key }),
		text("who", func(e *audit.Entry) string { return e.Who.ID }),
		text("role", func(e *audit.Entry) string { return string(e.Who.Role) }),
		text("token", func(e *audit.Entry) string { return e.Who.Token }),
		text("extent", func(e *audit.Entry) string { return string(e.Scope.Extent) }),
		native.To("nation", func(c *native.Cells, row int) { c.Flag(all[row].Entry.Scope.Nation) }),
		count("units", func(e *audit.Entry) uint32 { return e.Scope.Units }),
		count("provinces", func(e *audit.Entry) uint32 { return e.Scope.Provinces }),
		count("sections", func(e *audit.Entry) uint32 { return e.Scope.Sections }),
		text("operation", func(e *audit.Entry) string { return e.Operation }),
		text("action", func(e *audit.Entry) string { return string(e.Action) }),
		text("purpose", func(e *audit.Entry) string { return string(e.Purpose) }),
		text("reference", func(e *audit.Entry) string { return e.Reference }),
		text("outcome", func(e *audit.Entry) string { return string(e.Outcome) }),
		native.To("status", func(c *native.Cells, row int) { c.Uint16(all[row].Entry.Status) }),
		text("by", func(e *audit.Entry) string { return e.By }),
		text("reason", func(e *audit.Entry) string { return e.Reason }),
		count("dropped", func(e *audit.Entry) uint32 { return e.Dropped }),
		native.To("request_id", func(c *native.Cells, row int) { c.UUID(all[row].Entry.RequestID) }),
		text("network", func(e *audit.Entry) string { return e.Network }),
		native.To("previous", func(c *native.Cells, row int) { c.Hash(all[row].Previous) }),
		native.To("hash", func(c *native.Cells, row int) { c.Hash(all[row].Hash) }),
		native.To("signature", func(c *native.Cells, row int) { c.Bytes(all[row].Signature) }),
	)
}

func auditTouchColumns(all []audit.Signed) []native.Column {
	list := func(name string, write func(c *native.Cells, t *audit.Touch)) native.Column {
		return native.To(name, func(c *native.Cells, row int) {
			on := all[row].Entry.On
			c.List(len(on))
			for i := range on {
				write(c, &on[i])
			}
		})
	}
	return []native.Column{
		list("on_kind", func(c *native.Cells, t *audit.Touch) { c.Text(t.Kind) }),
		list("on_id", func(c *native.Cells, t *audit.Touch) { c.Text(t.ID) }),
		list("on_revision", func(c *native.Cells, t *audit.Touch) { c.Uint32(t.Revision) }),
		list("on_fields", func(c *native.Cells, t *audit.Touch) { c.Text(joinFields(t.Fields)) }),
	}
}

// joinFields writes pointers as one text: each with a line feed behind it, because the empty
// pointer is one, too.
func joinFields(fields []string) string {
	var text strings.Builder
	for _, field := range fields {
		text.WriteString(field)
		text.WriteByte('\n')
	}
	return text.String()
}

func splitFields(text string) []string {
	fields := strings.SplitAfter(text, "\n")
	last := fields[len(fields)-1]
	for i := range fields {
		fields[i] = strings.TrimSuffix(fields[i], "\n")
	}
	if last == "" {
		return fields[:len(fields)-1]
	}
	// Not as joinFields writes it. No field ends so, and the hash will tell.
	fields[len(fields)-1] += "\n"
	return fields
}

func auditHeadColumns(all []audit.Signed) []native.Column {
	list := func(name string, write func(c *native.Cells, h *audit.Head)) native.Column {
		return native.To(name, func(c *native.Cells, row int) {
			heads := all[row].Entry.Heads
			c.List(len(heads))
			for i := range heads {
				write(c, &heads[i])
			}
		})
	}
	return []native.Column{
		list("head_chain", func(c *native.Cells, h *audit.Head) { c.UUID(h.Chain) }),
		list("head_number", func(c *native.Cells, h *audit.Head) { c.Uint64(h.Number) }),
		list("head_hash", func(c *native.Cells, h *audit.Head) { c.Hash(h.Hash) }),
	}
}

const auditHeadsSQL = `
SELECT chain, max(number), argMax(hash, number)
FROM audit_entry
WHERE at >= fromUnixTimestamp64Milli({since:Int64})
GROUP BY chain
ORDER BY chain`

const auditNamedSQL = `
SELECT toUnixTimestamp64Milli(max(at)), count()
FROM audit_entry
WHERE kind IN ('first', 'checkpoint') AND at >= fromUnixTimestamp64Milli({since:Int64})`

const (
	// auditRecent is how far back the last naming of chains is looked for first: not every
	// month of the log has to be read for it.
	auditRecent = 40 * 24 * time.Hour
	// auditSkew is for clocks of processes that differ.
	auditSkew = time.Hour
)

// AuditHeads returns the newest entries of the chains that were written to since chains were
// named the last time. Whoever names chains names all of these, so that every chain is named by
// another one sooner or later. It is not asked on behalf of a caller.
func (s *Store) AuditHeads(ctx context.Context) ([]audit.Head, error) {
	for _, since := range []time.Time{time.Now().Add(-auditRecent), time.UnixMilli(0)} {
		named, found, err := s.auditNamed(ctx, since)
		if err != nil {
			return nil, err
		}
		if found {
			return s.auditHeads(ctx, s.write, named.Add(-auditSkew))
		}
	}
	return s.auditHeads(ctx, s.write, time.UnixMilli(0))
}

// auditNamed tells when chains were named the last time, if they were since a time.
func (s *Store) auditNamed(ctx context.Context, since time.Time) (at time.Time, found bool, err error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	err = each(ctx, s.write, auditNamedSQL, parameters{"since": since.UnixMilli()}, func(rows driver.Rows) error {
		var ms int64
		var namings uint64
		if err := rows.Scan(&ms, &namings); err != nil {
			return err
		}
		at, found = time.UnixMilli(ms), namings > 0
		return nil
	})
	if err != nil {
		return at, false, fmt.Errorf("look for the last naming in the audit log: %w", err)
	}
	return at, found, nil
}

// auditHeads are the newest entries of the chains that were written to since a time.
func (s *Store) auditHeads(ctx context.Context, from driver.Conn, since time.Time) ([]audit.Head, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var heads []audit.Head
	err := each(ctx, from, auditHeadsSQL, parameters{"since": since.UnixMilli()}, func(rows driver.Rows) error {
		var h audit.Head
		var hash string
		if err := rows.Scan(&h.Chain, &h.Number, &hash); err != nil {
			return err
		}
		copy(h.Hash[:], hash)
		heads = append(heads, h)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the heads of the audit log: %w", err)
	}
	return heads, nil
}

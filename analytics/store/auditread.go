package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
)

// AuditFilter chooses entries. What is empty is not asked for.
type AuditFilter struct {
	Who, Operation string
	Role           access.Role
	Action         access.Action
	Outcome        audit.Outcome
	// Report chooses entries that touched it.
	Report uuid.UUID
	// From and To bound the time of the entry: from the one on, before the other.
	From, To time.Time
	// After is the last entry of the page before.
	After *AuditCursor
	Limit int
}

// AuditCursor is a place in the list: the newest entries first.
type AuditCursor struct {
	At     time.Time
	Chain  uuid.UUID
	Number uint64
}

// AuditCursorOf is the place of an entry.
func AuditCursorOf(s *audit.Signed) AuditCursor {
	return AuditCursor{s.Entry.At, s.Entry.Chain, s.Entry.Number}
}

// String writes a cursor as [ParseAuditCursor] reads it.
func (c AuditCursor) String() string {
	text := fmt.Sprintf("%d.%s.%d", c.At.UnixMilli(), c.Chain, c.Number)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// ParseAuditCursor reads a cursor.
func ParseAuditCursor(text string) (AuditCursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return AuditCursor{}, errors.New("not a cursor")
	}
	at, rest, _ := strings.Cut(string(raw), ".")
	chain, number, _ := strings.Cut(rest, ".")
	ms, atErr := strconv.ParseInt(at, 10, 64)
	id, idErr := uuid.Parse(chain)
	n, numberErr := strconv.ParseUint(number, 10, 64)
	if atErr != nil || idErr != nil || numberErr != nil {
		return AuditCursor{}, errors.New("not a cursor")
	}
	return AuditCursor{time.UnixMilli(ms), id, n}, nil
}

const auditEntryColumns = `
    chain, number, at, kind, key, who, role, token, extent, nation, units, provinces, sections, operation, action,
    on_kind, on_id, on_revision, on_fields, purpose, reference, outcome, status, by, reason, dropped, request_id, network,
    head_chain, head_number, head_hash, previous, hash, signature
FROM audit_entry`

const auditListSQL = `SELECT` + auditEntryColumns + `
WHERE (empty({who:String}) OR who = {who:String})
    AND (empty({role:String}) OR role = {role:String})
    AND (empty({action:String}) OR action = {action:String})
    AND (empty({operation:String}) OR operation = {operation:String})
    AND (empty({outcome:String}) OR outcome = {outcome:String})
    AND (empty({report:String}) OR has(on_id, {report:String}))
    AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    AND ({first:Bool} OR (at, chain, number)
        < (fromUnixTimestamp64Milli({after_at:Int64}), {after_chain:UUID}, {after_number:UInt64}))
ORDER BY at DESC, chain DESC, number DESC
LIMIT {limit:UInt32}`

// auditEnd is the latest time that is asked for: the last that DateTime64 holds.
var auditEnd = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)

func (f *AuditFilter) parameters() parameters {
	from, to, report, after := time.Unix(0, 0), auditEnd, "", AuditCursor{}
	if !f.From.IsZero() {
		from = f.From
	}
	if !f.To.IsZero() {
		to = f.To
	}
	if f.Report != uuid.Nil {
		report = f.Report.String()
	}
	if f.After != nil {
		after = *f.After
	}
	return parameters{
		"who": f.Who, "role": string(f.Role), "action": string(f.Action), "operation": f.Operation, "outcome": string(f.Outcome),
		"report": report, "from": from.UnixMilli(), "to": to.UnixMilli(), "first": f.After == nil,
		"after_at": after.At.UnixMilli(), "after_chain": after.Chain.String(), "after_number": after.Number, "limit": f.Limit + 1,
	}
}

// Audit returns a page of entries, the newest first, and whether more follow. The policy has to
// let the caller read the audit log.
func (s *Store) Audit(ctx context.Context, f AuditFilter) (page []audit.Signed, more bool, err error) {
	if _, err := s.may(ctx, "Audit"); err != nil {
		return nil, false, err
	}
	page, err = s.auditEntries(ctx, auditListSQL, f.parameters())
	if err != nil {
		return nil, false, fmt.Errorf("list the audit log: %w", err)
	}
	if len(page) > f.Limit {
		return page[:f.Limit], true, nil
	}
	return page, false, nil
}

// auditPage is how many entries of a chain are read at once.
const auditPage = 5000

// Entries with one number are all given, so that a fork shows.
const auditChainSQL = `SELECT` + auditEntryColumns + `
WHERE chain = {chain:UUID} AND number >= {from:UInt64} AND number <= {to:UInt64}
ORDER BY number
LIMIT {limit:UInt32} WITH TIES`

// ExportAudit gives every entry that is there when it begins, chain by chain, each in order.
// The policy has to let the caller read the audit log.
func (s *Store) ExportAudit(ctx context.Context, give func(*audit.Signed) error) error {
	if _, err := s.may(ctx, "ExportAudit"); err != nil {
		return err
	}
	heads, err := s.auditHeads(ctx, s.read, time.UnixMilli(0))
	if err != nil {
		return err
	}
	for _, head := range heads {
		if err := s.exportChain(ctx, head, give); err != nil {
			return fmt.Errorf("export chain %s of the audit log: %w", head.Chain, err)
		}
	}
	return nil
}

func (s *Store) exportChain(ctx context.Context, head audit.Head, give func(*audit.Signed) error) error {
	for from := uint64(0); ; {
		page, err := s.auditEntries(ctx, auditChainSQL,
			parameters{"chain": head.Chain.String(), "from": from, "to": head.Number, "limit": auditPage})
		if err != nil {
			return err
		}
		for i := range page {
			if err := give(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < auditPage || page[len(page)-1].Entry.Number >= head.Number {
			return nil
		}
		from = page[len(page)-1].Entry.Number + 1
	}
}

func (s *Store) auditEntries(ctx context.Context, query string, params parameters) ([]audit.Signed, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var all []audit.Signed
	err := each(ctx, s.read, query, params, func(rows driver.Rows) error {
		one, err := scanAudit(rows)
		all = append(all, one)
		return err
	})
	return all, err
}

func scanAudit(rows driver.Rows) (audit.Signed, error) {
	var s audit.Signed
	e := &s.Entry
	var kinds, ids, fields, headHashes []string
	var revisions []uint32
	var headChains []uuid.UUID
	var headNumbers []uint64
	var previous, hash, signature string
	err := rows.Scan(&e.Chain, &e.Number, &e.At, (*string)(&e.Kind), &e.Key, &e.Who.ID, (*string)(&e.Who.Role), &e.Who.Token,
		(*string)(&e.Scope.Extent), &e.Scope.Nation, &e.Scope.Units, &e.Scope.Provinces, &e.Scope.Sections, &e.Operation, (*string)(&e.Action),
		&kinds, &ids, &revisions, &fields, (*string)(&e.Purpose), &e.Reference, (*string)(&e.Outcome), &e.Status, &e.By, &e.Reason, &e.Dropped,
		&e.RequestID, &e.Network, &headChains, &headNumbers, &headHashes, &previous, &hash, &signature)
	if err != nil {
		return s, err
	}
	e.At = e.At.UTC()
	// Lists that are not of one length were changed: nothing of them is left out, so that the
	// hash tells.
	e.On = make([]audit.Touch, max(len(kinds), len(ids), len(revisions), len(fields)))
	for i := range e.On {
		e.On[i] = audit.Touch{Kind: at(kinds, i), ID: at(ids, i), Revision: at(revisions, i), Fields: splitFields(at(fields, i))}
	}
	e.Heads = make([]audit.Head, max(len(headChains), len(headNumbers), len(headHashes)))
	for i := range e.Heads {
		e.Heads[i] = audit.Head{Chain: at(headChains, i), Number: at(headNumbers, i)}
		copy(e.Heads[i].Hash[:], at(headHashes, i))
	}
	copy(s.Previous[:], previous)
	copy(s.Hash[:], hash)
	s.Signature = []byte(signature)
	return s, nil
}

// at is an element of a list, or what is none.
func at[T any](list []T, i int) (element T) {
	if i < len(list) {
		element = list[i]
	}
	return element
}

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// What the value of a revocation names.
const (
	RevokedToken     = "token"     // the jti of one token
	RevokedSubject   = "subject"   // keyed pseudonym of issuer and subject
	RevokedPrincipal = "principal" // the ID of an access.Caller
)

// Revocation ends tokens before they expire.
type Revocation struct {
	ID          uuid.UUID
	Kind, Value string
	// IssuedBefore: tokens that were issued later are accepted.
	IssuedBefore time.Time
	// At is when it was recorded, by the clock of the store.
	At time.Time
	// By is who did it, Token the name of the token that he presented.
	By, Token string
	Reason    string
}

// RevokeTokens records a revocation and returns it as it is stored. After an error call
// again with the same argument: it is recorded once.
func (s *Store) RevokeTokens(ctx context.Context, r Revocation) (Revocation, error) {
	if _, err := s.may(ctx, "RevokeTokens"); err != nil {
		return Revocation{}, err
	}
	err := s.once(ctx, "token_revocation/"+r.ID.String(), `
INSERT INTO token_revocation (revocation_id, kind, value, issued_before, by, token, reason)
SELECT {id:UUID}, {kind:String}, {value:String}, {before:DateTime64(3)}, {by:String}, {token:String}, {reason:String}`,
		parameters{"id": r.ID.String(), "kind": r.Kind, "value": r.Value, "before": r.IssuedBefore, "by": r.By, "token": r.Token, "reason": r.Reason})
	if err != nil {
		return Revocation{}, err
	}
	found, err := s.revocations(ctx, "WHERE revocation_id = {id:UUID}", parameters{"id": r.ID.String()})
	if err != nil {
		return Revocation{}, err
	}
	if len(found) == 0 {
		return Revocation{}, fmt.Errorf("record revocation %s: it cannot be read back", r.ID)
	}
	return found[0], nil
}

// Revocations returns those recorded from since on, the newest first, up to limit.
func (s *Store) Revocations(ctx context.Context, since time.Time, limit int) ([]Revocation, error) {
	if _, err := s.may(ctx, "Revocations"); err != nil {
		return nil, err
	}
	return s.revocations(ctx, "WHERE at >= {since:DateTime64(3)} ORDER BY at DESC, revocation_id LIMIT {limit:UInt32}",
		parameters{"since": orEpoch(since), "limit": limit})
}

// RevokedBefore returns the latest IssuedBefore of what is revoked under the values, by kind
// and value, whenever it was recorded: an API key outlives the tokens that Revocations are
// asked for.
func (s *Store) RevokedBefore(ctx context.Context, values []string) (map[[2]string]time.Time, error) {
	if _, err := s.may(ctx, "RevokedBefore"); err != nil {
		return nil, err
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	found := map[[2]string]time.Time{}
	err := each(ctx, s.write, `
SELECT kind, value, max(issued_before) FROM token_revocation
WHERE has({values:Array(String)}, value) GROUP BY kind, value`, parameters{"values": listed(values)}, func(rows driver.Rows) error {
		var kind, value string
		var before time.Time
		if err := rows.Scan(&kind, &value, &before); err != nil {
			return err
		}
		found[[2]string{kind, value}] = before
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what is revoked under names: %w", err)
	}
	return found, nil
}

func (s *Store) revocations(ctx context.Context, which string, params parameters) ([]Revocation, error) {
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var found []Revocation
	// From the pool that writes them: what was revoked must be seen as such.
	err := each(ctx, s.write, "SELECT revocation_id, kind, value, issued_before, at, by, token, reason FROM token_revocation "+which, params,
		func(rows driver.Rows) error {
			var r Revocation
			if err := rows.Scan(&r.ID, &r.Kind, &r.Value, &r.IssuedBefore, &r.At, &r.By, &r.Token, &r.Reason); err != nil {
				return err
			}
			found = append(found, r)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read revocations of tokens: %w", err)
	}
	return found, nil
}

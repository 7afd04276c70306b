// Package rebuild makes current tables of report_log again: in a store of their own, to
// compare figures with or to see what they were at an earlier moment ([Past]), or rows
// that a store has lost.
package rebuild

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/sink"
)

// Rows and Bytes are how many rows of report_log are in memory at once, and how large
// their payloads: most have a kilobyte, some 256.
const (
	Rows  = 20_000
	Bytes = 32 << 20
)

// Source is what current tables are made of.
type Source struct {
	Store *store.Store
	Epoch uuid.UUID
	// Portion bounds the payloads that are in memory at once, in bytes.
	Portion uint64
	// Until leaves out what was stored later. Zero takes everything.
	Until time.Time
}

// All stores in target's current tables what report_log asks for of every report, as far
// as positions of the log reach.
func (s Source) All(ctx context.Context, target *store.Store, reached map[uint16]store.StoredPosition) error {
	var low uuid.UUID
	for {
		slice, last, err := s.Store.Slice(ctx, low, Rows)
		if err != nil {
			return err
		}
		if err := s.Reports(ctx, target, slice, reached); err != nil {
			return err
		}
		if last {
			return nil
		}
		low = slice.Next()
	}
}

// Reports does so for some reports, as much at once as fits into memory.
func (s Source) Reports(ctx context.Context, target *store.Store, some store.Scope, reached map[uint16]store.StoredPosition) error {
	portions, err := s.Store.Portions(ctx, some, s.Portion)
	if err != nil {
		return err
	}
	for _, portion := range portions {
		rows, err := s.Store.LogRows(ctx, s.Epoch, portion, reached, s.Until)
		if err != nil {
			return err
		}
		// A token of its own: nothing is repeated, and nothing must be taken for a repeat.
		if err := sink.Rebuild(ctx, target, uuid.NewString(), rows); err != nil {
			return fmt.Errorf("rebuild from report_log: %w", err)
		}
	}
	return nil
}

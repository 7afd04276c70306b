package store

import (
	"context"
	_ "embed" // the queries
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Holding is what the store has of a range of offsets of one partition.
type Holding struct {
	// Logged counts distinct offsets of report_log that have no dead letter, Rejected
	// those that have one.
	Logged, Rejected uint64
	// Missing counts offsets that neither report_log nor dead_letter has; Gaps are the
	// first of their runs.
	Missing uint64
	Gaps    []Range
	// Duplicate counts what is there beyond once for each offset: rows of report_log, and
	// a row beside a dead letter.
	Duplicate uint64
}

//go:embed sql/proof/held.sql
var heldSQL string

//go:embed sql/proof/rejected.sql
var rejectedSQL string

//go:embed sql/proof/overlaps.sql
var overlapsSQL string

// Holding counts what the store has of [from, to], with at most limit gaps. It costs what
// Gaps costs: only windows that do not add up are looked into.
func (s *Store) Holding(ctx context.Context, epoch uuid.UUID, partition uint16, from, to uint64, limit int) (Holding, error) {
	if from > to {
		return Holding{}, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	at := place{epoch, partition, from, to}
	stretches, err := s.survey(ctx, at)
	if err != nil {
		return Holding{}, err
	}
	var h Holding
	for _, part := range stretches {
		if err := s.lookInto(ctx, at, part, limit, &h); err != nil {
			return Holding{}, err
		}
	}
	h.Gaps = h.Gaps[:min(len(h.Gaps), limit)]
	if h.Rejected, err = s.rejected(ctx, at); err != nil {
		return Holding{}, err
	}
	h.Logged = to - from + 1 - h.Missing - h.Rejected
	return h, nil
}

// lookInto adds to h what a stretch that does not add up lacks and has too much of.
func (s *Store) lookInto(ctx context.Context, at place, part stretch, limit int, h *Holding) error {
	length := part.High - part.Low + 1
	if part.empty {
		h.Missing += length
		h.Gaps = joined(h.Gaps, []Range{part.Range})
		return nil
	}
	at.from, at.to = part.Low, part.High
	var rows, rejected, held uint64
	err := each(ctx, s.write, heldSQL, at.parameters(), func(r driver.Rows) error { return r.Scan(&rows, &rejected, &held) })
	if err != nil {
		return fmt.Errorf("count partition %d from %d to %d: %w", at.partition, at.from, at.to, err)
	}
	h.Duplicate += rows + rejected - held
	h.Missing += length - held
	if held == length || len(h.Gaps) > limit {
		return nil
	}
	gaps, err := s.gapsIn(ctx, at, limit+1)
	h.Gaps = joined(h.Gaps, gaps)
	return err
}

func (s *Store) rejected(ctx context.Context, at place) (n uint64, err error) {
	err = each(ctx, s.write, rejectedSQL, at.parameters(), func(rows driver.Rows) error { return rows.Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("count the dead letters of partition %d: %w", at.partition, err)
	}
	return n, nil
}

// Overlaps returns the ranges that rows with an offset in [from, to] were stored with and
// that begin inside another one without being it: how many, and the first limit of them.
// It reads the offset of every row.
func (s *Store) Overlaps(ctx context.Context, epoch uuid.UUID, partition uint16, from, to uint64, limit int) (total uint64, first []Range, err error) {
	if from > to {
		return 0, nil, nil
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	params := with(place{epoch, partition, from, to}.parameters(), "limit", limit)
	err = each(ctx, s.write, overlapsSQL, params, func(rows driver.Rows) error {
		var r Range
		if err := rows.Scan(&r.Low, &r.High, &total); err != nil {
			return err
		}
		first = append(first, r)
		return nil
	})
	if err != nil {
		return 0, nil, fmt.Errorf("find the overlapping ranges of partition %d: %w", partition, err)
	}
	return total, first, nil
}

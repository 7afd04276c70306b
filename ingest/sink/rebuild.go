package sink

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// Rebuild stores in target's current tables what rows of a report_log ask for. They go
// through the same decoding, planning and inserting as when they came from Kafka. rows
// must hold all copies of every report that they hold one of; token must name rows.
func Rebuild(ctx context.Context, target *store.Store, token string, rows []store.LogRow) error {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b store.LogRow) int {
		return cmp.Or(cmp.Compare(a.Log, b.Log), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	known := map[uuid.UUID]past{}
	for len(rows) > 0 {
		epoch := rows[0].Epoch
		end := slices.IndexFunc(rows, func(r store.LogRow) bool { return r.Epoch != epoch })
		if end < 0 {
			end = len(rows)
		}
		if err := rebuild(ctx, target, token, rows[:end], known); err != nil {
			return err
		}
		rows = rows[end:]
	}
	return nil
}

// rebuild stores rows of one log. known is what earlier logs say, and is added to.
func rebuild(ctx context.Context, target *store.Store, token string, rows []store.LogRow, known map[uuid.UUID]past) error {
	epoch := rows[0].Epoch
	d := decoded{events: make([]stored, len(rows))}
	for i, r := range rows {
		var err error
		if d.events[i], err = recall(r); err != nil {
			return fmt.Errorf("report %s, revision %d: %w", r.ReportID, r.Revision, err)
		}
	}
	p := d.decide(known)
	for _, s := range p.log {
		before, seen := known[s.ReportID]
		if !seen {
			before.fixed = s.fixed()
		}
		before.newest = max(before.newest, s.Revision)
		known[s.ReportID] = before
	}
	for _, definition := range report.Definitions() {
		if len(p.current[definition.Kind]) == 0 {
			continue
		}
		columns, values := currentRows(definition, p.current[definition.Kind], epoch)
		if err := target.InsertCurrent(ctx, token+"/"+epoch.String(), definition.Table, columns, values); err != nil {
			return err
		}
	}
	return nil
}

// recall makes of a row of report_log the event that it was.
func recall(r store.LogRow) (stored, error) {
	s := stored{
		Event: queue.Event{
			ReportID: r.ReportID, Revision: r.Revision, Kind: report.Kind(r.Kind), Withdrawn: r.Withdrawn, StatYear: int(r.StatYear),
			Period: r.Period, Unit: r.Unit, FiledAt: r.FiledAt, ReceivedAt: r.ReceivedAt, Content: r.Payload,
		},
		origin: kafka.Message{Partition: int(r.Partition), Offset: int64(r.Offset)},
	}
	if r.Withdrawn {
		return s, nil
	}
	var err error
	s.Content, err = report.DecodeContent(s.Kind, s.Event.Content)
	return s, err
}

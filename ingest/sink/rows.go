package sink

import (
	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/analytics/store/native"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

func head(s *stored, epoch uuid.UUID) store.Head {
	return store.Head{
		ReportID: s.ReportID, Revision: s.Revision, StatYear: uint16(s.StatYear), Period: s.Period, Unit: s.Unit,
		Withdrawn: s.Withdrawn, FiledAt: s.FiledAt, ReceivedAt: s.ReceivedAt,
		Position: store.Position{Epoch: epoch, Partition: uint16(s.origin.Partition), Offset: uint64(s.origin.Offset)},
	}
}

// currentRows gives the rows of one kind's current table.
func currentRows(d *report.Definition, reports []*stored, epoch uuid.UUID) ([]store.Head, []native.Column) {
	heads := make([]store.Head, len(reports))
	for i := range reports {
		heads[i] = head(reports[i], epoch)
	}
	columns := make([]native.Column, len(d.Columns))
	for i, c := range d.Columns {
		columns[i] = native.Column{Name: c.Name, Write: func(cells *native.Cells, row int) { c.Write(cells, reports[row].Content) }}
	}
	return heads, columns
}

func logEntries(log []*stored, epoch uuid.UUID) []store.LogEntry {
	entries := make([]store.LogEntry, len(log))
	for i := range log {
		s := log[i]
		entries[i] = store.LogEntry{
			Head: head(s, epoch), Kind: string(s.Kind), SubmittedBy: s.SubmittedBy, SHA256: s.SHA256,
			Tracking: s.Tracking, RequestID: s.RequestID, RulesVersion: s.RulesVersion, Warnings: s.Warnings,
			Payload: s.Event.Content, Sealed: s.Sealed, SealedKey: s.SealedKey, EnteredAt: s.EnteredAt,
		}
	}
	return entries
}

func deadLetterRows(dead []queue.DeadLetter, epoch uuid.UUID) []store.DeadLetter {
	rows := make([]store.DeadLetter, len(dead))
	for i, l := range dead {
		m := l.Origin
		rows[i] = store.DeadLetter{
			Position: store.Position{Epoch: epoch, Partition: uint16(m.Partition), Offset: uint64(m.Offset)},
			Code:     l.Code, Detail: l.ShortDetail(), Key: m.Key, Value: m.Value, LoggedAt: m.Time,
		}
		for _, h := range m.Headers {
			rows[i].HeaderNames = append(rows[i].HeaderNames, h.Key)
			rows[i].HeaderValues = append(rows[i].HeaderValues, string(h.Value))
		}
	}
	return rows
}

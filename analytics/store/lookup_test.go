package store_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

func TestKnown(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	a := accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))
	first := f.now
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "one"})
	f.now = f.now.Add(time.Hour)
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "one"})                                  // repeated
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "other"})                                // conflict
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "two", revision: 2, filed: first})       // amended
	f.file(filing{kind: report.AccidentDeclaration, id: id, of: a, text: "withdrawn", revision: 3, filed: first})      // withdrawn
	f.file(filing{kind: report.AccidentDeclaration, id: uuid.New(), content: a, text: "somebody else's", revision: 1}) // unrelated

	unknown := uuid.New()
	known, err := f.store.Known(t.Context(), []store.Key{{id, 1}, {id, 3}, {id, 4}, {unknown, 1}})
	require.NoError(t, err)
	require.Len(t, known, 3)
	require.NotContains(t, known, store.Key{ReportID: unknown, Revision: 1})

	k := known[store.Key{ReportID: id, Revision: 1}]
	require.Equal(t, "accident_declaration", k.Kind)
	require.Equal(t, uint16(2025), k.StatYear)
	require.Equal(t, "0100109106/0", k.Unit)
	require.True(t, k.FiledAt.Equal(first))
	require.Equal(t, sha256.Sum256([]byte("one")), k.Same.SHA256, "the first content of a revision counts")
	require.True(t, k.Same.ReceivedAt.Equal(first), "the first receipt is the legal one")
	require.Equal(t, uint32(3), k.Latest.Revision)
	require.True(t, k.Latest.Withdrawn)
	require.Equal(t, k.Latest, *known[store.Key{ReportID: id, Revision: 3}].Same)
	require.Nil(t, known[store.Key{ReportID: id, Revision: 4}].Same)
}

func TestKnownAtSeesOnlyWhatLiesBefore(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	a := accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "one"})
	f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: "two", revision: 2})
	row, _ := f.row(filing{kind: report.AccidentDeclaration, id: id, content: a}, 1)
	keys := []store.Key{{ReportID: id, Revision: 2}}

	at := func(position store.Position) *store.Known {
		t.Helper()
		known, err := f.store.KnownAt(t.Context(), position, keys)
		require.NoError(t, err)
		return known[keys[0]]
	}
	before := row.Position
	require.Equal(t, uint32(1), at(before).Latest.Revision)
	require.Nil(t, at(before).Same)
	before.Offset = 0
	require.Nil(t, at(before))
	before.Offset = 2
	require.Equal(t, uint32(2), at(before).Latest.Revision)

	// In the next log everything of the earlier one lies before.
	info, err := f.store.NewEpoch(t.Context(), "test", "another log")
	require.NoError(t, err)
	require.Equal(t, uint32(2), at(store.Position{Epoch: info.Epoch}).Latest.Revision)
}

func TestFirstLogCountsBeforeTheNext(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	f.offset = 500
	f.file(filing{kind: report.AccidentDeclaration, id: id, text: "one",
		content: accident(day(2025, 3, 1), id, victim("p", "n", report.Dead, report.Contract))})
	info, err := f.store.NewEpoch(t.Context(), "test", "another log")
	require.NoError(t, err)
	f.epoch, f.offset = info.Epoch, 3
	f.file(filing{kind: report.AccidentDeclaration, id: id, text: "two",
		content: accident(day(2025, 3, 1), id, victim("p", "n", report.Minor, report.Contract))})
	require.Equal(t, int64(1), f.sums(2025, store.Deaths)[store.Deaths])
	revisions, err := f.store.Revisions(access.System(t.Context()), id, store.Presented{})
	require.NoError(t, err)
	require.Len(t, revisions, 2)
	require.Equal(t, store.StateStored, revisions[0].State)
	require.Equal(t, uint64(500), revisions[0].Offset)
	require.Equal(t, store.StateConflict, revisions[1].State)
}

// Two who file one event at the same moment may say different years. The copy that
// lies first in the log decides, in whatever order and form the store got them.
func TestFirstCopyDecidesWhatARevisionIsAbout(t *testing.T) {
	id := uuid.New()
	content := func(year int, taxCode string) *report.Accident {
		a := accident(day(year, 3, 1), id)
		a.Reporter = establishment(taxCode, "0")
		return a
	}
	type message struct {
		offset   uint64
		revision uint32
		content  *report.Accident
	}
	f := func(name string, wantYear uint16, wantUnit string, messages ...message) {
		t.Run(name, func(t *testing.T) {
			f := newFiler(t)
			var entries []store.LogEntry
			for _, m := range messages {
				_, entry := f.row(filing{kind: report.AccidentDeclaration, id: id, content: m.content, revision: m.revision}, m.offset)
				entries = append(entries, entry)
			}
			// One part for each, in the order of messages.
			for i, entry := range entries {
				require.NoError(t, f.store.InsertLog(t.Context(), fmt.Sprint("token", i), store.Range{}, []store.LogEntry{entry}))
			}
			key := store.Key{ReportID: id, Revision: 1}
			check := func(known map[store.Key]*store.Known, err error) {
				t.Helper()
				require.NoError(t, err)
				require.Equal(t, "accident_declaration", known[key].Kind)
				require.Equal(t, wantYear, known[key].StatYear)
				require.Equal(t, wantUnit, known[key].Unit)
				require.Empty(t, known[key].Period)
			}
			check(f.store.Known(t.Context(), []store.Key{key}))
			check(f.store.KnownAt(t.Context(), store.Position{Epoch: f.epoch, Partition: entries[0].Partition, Offset: 100}, []store.Key{key}))
		})
	}
	first, second := content(2024, "0100109106"), content(2025, "0200109107")
	f("in order", 2024, "0100109106/0", message{3, 1, first}, message{7, 1, second})
	f("the later one inserted first", 2024, "0100109106/0", message{7, 1, second}, message{3, 1, first})
	f("with a later revision", 2024, "0100109106/0", message{3, 1, first}, message{7, 1, second}, message{8, 2, first})
	f("a loser of a lower revision", 2024, "0100109106/0", message{3, 2, first}, message{7, 1, second})
	f("the same message twice", 2025, "0200109107/0", message{2, 1, second}, message{2, 1, second}, message{3, 1, first})
}

func TestKnownManyIDs(t *testing.T) {
	f := newFiler(t)
	const reports = 5_001
	entries := make([]store.LogEntry, reports)
	keys := make([]store.Key, reports)
	requests := make([]uuid.UUID, reports)
	_, entry := f.row(event(uuid.New(), accident(day(2025, 3, 1), uuid.New())), 0)
	for i := range entries {
		entries[i] = entry
		entries[i].ReportID, entries[i].RequestID, entries[i].Offset = uuid.New(), uuid.New(), uint64(i)
		keys[i] = store.Key{ReportID: entries[i].ReportID, Revision: 1}
		requests[i] = entries[i].RequestID
	}
	require.NoError(t, f.store.InsertLog(t.Context(), "many", store.Range{}, entries))
	start := time.Now()
	known, err := f.store.Known(t.Context(), keys)
	require.NoError(t, err)
	require.Len(t, known, reports)
	t.Logf("%d reports in %s", reports, time.Since(start))
	start = time.Now()
	found, err := f.store.ByRequest(t.Context(), requests)
	require.NoError(t, err)
	require.Len(t, found, reports)
	t.Logf("%d requests in %s", reports, time.Since(start))
	for i := range entries {
		require.Equal(t, keys[i], found[requests[i]][0].Key)
	}
}

func TestByRequest(t *testing.T) {
	f := newFiler(t)
	request := uuid.New()
	one, two := uuid.New(), uuid.New()
	var entries []store.LogEntry
	for i, id := range []uuid.UUID{one, two, two} {
		_, entry := f.row(filing{kind: report.AccidentDeclaration, id: id, content: accident(day(2025, 3, 1), id), text: id.String()}, uint64(i))
		entry.RequestID = request
		entries = append(entries, entry)
	}
	require.NoError(t, f.store.InsertLog(t.Context(), "token", store.Range{}, entries))
	found, err := f.store.ByRequest(t.Context(), []uuid.UUID{request, uuid.New()})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Len(t, found[request], 2, "the repeat is folded")
	for _, r := range found[request] {
		require.Equal(t, sha256.Sum256([]byte(r.ReportID.String())), r.SHA256)
		require.Equal(t, uint32(1), r.Key.Revision)
	}
}

func TestRevisions(t *testing.T) {
	f := newFiler(t)
	id := uuid.New()
	none, err := f.store.Revisions(access.System(t.Context()), id, store.Presented{})
	require.NoError(t, err)
	require.Empty(t, none)

	a := accident(day(2025, 3, 1), id, victim("p", "n", report.Serious, report.Contract))
	first := f.now
	for _, text := range []string{"one", "other", "one", "one"} {
		f.file(filing{kind: report.AccidentDeclaration, id: id, content: a, text: text})
		f.now = f.now.Add(time.Minute)
	}
	f.file(filing{kind: report.AccidentDeclaration, id: id, of: a, revision: 2, filed: first})
	revisions, err := f.store.Revisions(access.System(t.Context()), id, store.Presented{})
	require.NoError(t, err)
	require.Len(t, revisions, 3)
	stored, conflict, withdrawn := revisions[0], revisions[1], revisions[2]
	require.Equal(t, store.StateStored, stored.State)
	require.Equal(t, sha256.Sum256([]byte("one")), stored.SHA256)
	require.Equal(t, uint64(3), stored.Copies)
	require.True(t, stored.ReceivedAt.Equal(first))
	require.Equal(t, []string{"ACC-031"}, stored.Warnings)
	require.Equal(t, "test", stored.SubmittedBy)
	require.Equal(t, f.epoch, stored.Epoch)
	require.WithinDuration(t, time.Now(), stored.StoredAt, time.Minute)
	require.Equal(t, store.StateConflict, conflict.State)
	require.Equal(t, uint32(1), conflict.Revision)
	require.Equal(t, uint32(2), withdrawn.Revision)
	require.True(t, withdrawn.Withdrawn)
}

func TestAsOf(t *testing.T) {
	f := newFiler(t)
	empty, err := f.store.AsOf(access.System(t.Context()))
	require.NoError(t, err)
	require.True(t, empty.StoredAt.IsZero())
	require.Empty(t, empty.Offsets)

	before := time.Now().Add(-time.Second)
	highest := map[uint16]uint64{}
	for i := range uint64(20) {
		id := uuid.New()
		one := event(id, accident(day(2025, 3, 1), id))
		row, _ := f.row(one, i)
		highest[row.Partition] = i
		f.file(one)
	}
	asOf, err := f.store.AsOf(access.System(t.Context()))
	require.NoError(t, err)
	require.Equal(t, highest, asOf.Offsets[f.epoch])
	require.Equal(t, uint64(20), asOf.Messages)
	require.WithinRange(t, asOf.StoredAt, before, time.Now().Add(time.Second))
	require.Len(t, asOf.PartitionStoredAt[f.epoch], len(highest))
	for partition, storedAt := range asOf.PartitionStoredAt[f.epoch] {
		require.Contains(t, highest, partition)
		require.WithinRange(t, storedAt, before, asOf.StoredAt)
	}
}

// One partition goes on while another stands still.
func TestAsOfOfEachPartition(t *testing.T) {
	f := newFiler(t)
	on := func(partition byte) {
		id := uuid.New()
		id[14], id[15] = 0, partition
		f.file(event(id, accident(day(2025, 3, 1), id)))
		time.Sleep(5 * time.Millisecond)
	}
	asOf := func() store.AsOf {
		asOf, err := f.store.AsOf(access.System(t.Context()))
		require.NoError(t, err)
		return asOf
	}
	on(1)
	on(2)
	first := asOf()
	on(2)
	second := asOf()
	stood, went := first.PartitionStoredAt[f.epoch], second.PartitionStoredAt[f.epoch]
	require.True(t, stood[1].Before(stood[2]))
	require.True(t, first.StoredAt.Equal(stood[2]))
	require.True(t, went[1].Equal(stood[1]))
	require.True(t, went[2].After(stood[2]))
	require.True(t, second.StoredAt.Equal(went[2]))

	info, err := f.store.NewEpoch(t.Context(), "test", "another log")
	require.NoError(t, err)
	before := f.epoch
	f.epoch, f.offset = info.Epoch, 0
	on(1)
	third := asOf()
	require.True(t, third.PartitionStoredAt[before][1].Equal(stood[1]))
	require.True(t, third.StoredAt.Equal(third.PartitionStoredAt[f.epoch][1]))
}

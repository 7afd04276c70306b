package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Listed is a dead letter as a list shows it: without its bytes.
type Listed struct {
	Position
	Code, Detail string
	// ReportID is the key, when that has the length of a report's id; else empty.
	ReportID string
	// LoggedAt is Kafka's own timestamp, StoredAt when the letter came into the store.
	LoggedAt, StoredAt time.Time
	State              LetterState
}

// Cursor is the place behind the letter.
func (l Listed) Cursor() LetterCursor {
	return LetterCursor{LoggedAt: l.LoggedAt, Position: l.Position}
}

// LetterCursor is a place in the list of dead letters: what follows lies behind it.
// The list goes by the time of the log, the newest first, and among equal times by
// position, so that a letter never changes its place in it.
type LetterCursor struct {
	LoggedAt time.Time
	Position
}

// String writes the cursor for ParseLetterCursor.
func (c LetterCursor) String() string {
	return strconv.FormatInt(c.LoggedAt.UnixMilli(), 10) + "." + c.ID()
}

// ParseLetterCursor reads what String wrote and nothing else. The error is ErrPosition.
func ParseLetterCursor(text string) (LetterCursor, error) {
	ms, id, _ := strings.Cut(text, ".")
	loggedAt, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return LetterCursor{}, fmt.Errorf("%w: a cursor begins with a time", ErrPosition)
	}
	at, err := ParsePosition(id)
	if err != nil {
		return LetterCursor{}, err
	}
	c := LetterCursor{LoggedAt: time.UnixMilli(loggedAt), Position: at}
	if c.String() != text {
		return LetterCursor{}, fmt.Errorf("%w: the cursor is not in canonical form", ErrPosition)
	}
	return c, nil
}

// LetterFilter chooses dead letters. What is empty chooses all.
type LetterFilter struct {
	Codes      []string
	States     []LetterState
	Partitions []uint16
	// Since and Until bound the time of the log; Until is not included.
	Since, Until time.Time
	// After is the cursor of the last letter of the page before; nil begins the list.
	After *LetterCursor
	// Limit is the length of the page; at least 1.
	Limit int
}

// The last act that came to an end decides: a replay that was begun and never
// confirmed leaves a letter as it was.
const letterStates = `
SELECT epoch, kafka_partition, kafka_offset, argMaxIf(act, number, act != 'replay') AS settled
FROM dead_letter_act
GROUP BY epoch, kafka_partition, kafka_offset`

// Only columns that are small are read: a letter may be a megabyte.
const listLettersSQL = `
SELECT
    epoch, kafka_partition, kafka_offset, code, detail, if(length(key) = 36, key, ''), logged_at, stored_at,
    if(settled = '', 'open', toString(settled)) AS state
FROM dead_letter FINAL
LEFT JOIN (` + letterStates + `) AS decided USING (epoch, kafka_partition, kafka_offset)
WHERE (empty({codes:Array(String)}) OR has({codes:Array(String)}, code))
    AND (empty({states:Array(String)}) OR has({states:Array(String)}, state))
    AND (empty({partitions:Array(UInt16)}) OR has({partitions:Array(UInt16)}, kafka_partition))
    AND toUnixTimestamp64Milli(logged_at) >= {since:Int64} AND toUnixTimestamp64Milli(logged_at) < {until:Int64}
    AND ({first:Bool} OR (toUnixTimestamp64Milli(logged_at), kafka_partition, kafka_offset, epoch)
        < ({after_time:Int64}, {after_partition:UInt16}, {after_offset:UInt64}, {after_epoch:UUID}))
ORDER BY toUnixTimestamp64Milli(logged_at) DESC, kafka_partition DESC, kafka_offset DESC, epoch DESC
LIMIT {limit:UInt32}`

// DeadLetters returns a page of letters, and whether more follow behind its last one.
func (s *Store) DeadLetters(ctx context.Context, f LetterFilter) (page []Listed, more bool, err error) {
	if _, err := s.ask(ctx, "DeadLetters"); err != nil {
		return nil, false, fmt.Errorf("list dead letters: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	err = each(ctx, s.read, listLettersSQL, f.parameters(), func(rows driver.Rows) error {
		var l Listed
		var state string
		if err := rows.Scan(&l.Epoch, &l.Partition, &l.Offset, &l.Code, &l.Detail, &l.ReportID, &l.LoggedAt, &l.StoredAt, &state); err != nil {
			return err
		}
		l.State = LetterState(state)
		page = append(page, l)
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("list dead letters: %w", err)
	}
	if len(page) > f.Limit {
		return page[:f.Limit], true, nil
	}
	return page, false, nil
}

// parameters asks for one letter more than the page holds, which tells whether there
// is another page.
func (f LetterFilter) parameters() parameters {
	states := make([]string, len(f.States))
	for i, state := range f.States {
		states[i] = string(state)
	}
	since, until := int64(0), int64(1)<<62
	if !f.Since.IsZero() {
		since = f.Since.UnixMilli()
	}
	if !f.Until.IsZero() {
		until = f.Until.UnixMilli()
	}
	var after LetterCursor
	if f.After != nil {
		after = *f.After
	}
	return parameters{
		"codes": append([]string{}, f.Codes...), "states": states, "partitions": append([]uint16{}, f.Partitions...),
		"since": since, "until": until, "first": f.After == nil, "after_time": after.LoggedAt.UnixMilli(),
		"after_partition": after.Partition, "after_offset": after.Offset, "after_epoch": after.Epoch.String(),
		"limit": f.Limit + 1,
	}
}

// LetterCount is how many letters there are of one code in one state.
type LetterCount struct {
	Code    string
	State   LetterState
	Letters uint64
}

const countLettersSQL = `
SELECT code, if(settled = '', 'open', toString(settled)) AS state, count()
FROM dead_letter FINAL
LEFT JOIN (` + letterStates + `) AS decided USING (epoch, kafka_partition, kafka_offset)
GROUP BY code, state
ORDER BY code, state`

// CountDeadLetters counts all letters by code and state, in that order.
func (s *Store) CountDeadLetters(ctx context.Context) ([]LetterCount, error) {
	if _, err := s.ask(ctx, "CountDeadLetters"); err != nil {
		return nil, fmt.Errorf("count dead letters: %w", err)
	}
	ctx, cancel := s.queryContext(ctx)
	defer cancel()
	var counts []LetterCount
	err := each(ctx, s.read, countLettersSQL, nil, func(rows driver.Rows) error {
		var c LetterCount
		var state string
		if err := rows.Scan(&c.Code, &state, &c.Letters); err != nil {
			return err
		}
		c.State = LetterState(state)
		counts = append(counts, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count dead letters: %w", err)
	}
	return counts, nil
}

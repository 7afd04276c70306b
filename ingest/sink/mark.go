package sink

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"atvsld/ingest/queue"
)

// mark is what the sink writes beside a committed offset: of which log the offset is,
// and, before a range is stored, which range that will be (the intent). Whoever gets
// the partition after a crash does exactly that range again.
type mark struct {
	Epoch uuid.UUID
	// Intent is nil when everything below the offset is stored and nothing is in work.
	Intent *intent
}

// intent is a range in work. Schema is that of the program which wrote it; see schema.
type intent struct {
	Low, High int64
	Schema    string
}

// markVersion begins the text of every mark. Kafka keeps at most 4096 bytes of it
// (offset.metadata.max.bytes); a mark has about 80.
const markVersion = "atvsld1"

// String gives "atvsld1 EPOCH" or "atvsld1 EPOCH LOW-HIGH SCHEMA".
func (m mark) String() string {
	if m.Intent == nil {
		return markVersion + " " + m.Epoch.String()
	}
	return fmt.Sprintf("%s %s %d-%d %s", markVersion, m.Epoch, m.Intent.Low, m.Intent.High, m.Intent.Schema)
}

// at gives the mark for the group, with the offset to go on at.
func (m mark) at(offset int64) queue.Mark { return queue.Mark{Offset: offset, Metadata: m.String()} }

// parseMark reads a mark back. Whatever it does not know is an error: to guess would
// be to lose or to double a range.
func parseMark(text string) (mark, error) {
	fields := strings.Split(text, " ")
	if (len(fields) != 2 && len(fields) != 4) || fields[0] != markVersion {
		return mark{}, fmt.Errorf("%.100q is not a mark of this program", text)
	}
	epoch, err := uuid.Parse(fields[1])
	if err != nil || epoch.String() != fields[1] {
		return mark{}, fmt.Errorf("mark %.100q: no epoch", text)
	}
	m := mark{Epoch: epoch}
	if len(fields) == 2 {
		return m, nil
	}
	low, high, found := strings.Cut(fields[2], "-")
	m.Intent = &intent{Schema: fields[3]}
	if m.Intent.Low, err = strconv.ParseInt(low, 10, 64); err == nil {
		m.Intent.High, err = strconv.ParseInt(high, 10, 64)
	}
	if err != nil || !found || m.Intent.Schema == "" || m.String() != text {
		return mark{}, fmt.Errorf("mark %.100q: no range", text)
	}
	if m.Intent.Low < 0 || m.Intent.High < m.Intent.Low {
		return mark{}, fmt.Errorf("mark %.100q: a range that cannot be", text)
	}
	return m, nil
}

package forward_test

import (
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/forward"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// texts are the pointers of all texts of a document.
func texts(t *testing.T, document []byte) (pointers []string) {
	t.Helper()
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				walk(member, at+"/"+name)
			}
		case []any:
			for i, element := range v {
				walk(element, at+"/"+strconv.Itoa(i))
			}
		case string:
			pointers = append(pointers, at)
		}
	}
	var v any
	require.NoError(t, json.Unmarshal(document, &v))
	walk(v, "")
	return pointers
}

// A name in the place of any text of any kind is in no outcome: not in that of a refused
// report, and not in the warnings of one that is taken. What may stand where a report
// holds nothing is tested with the rules, see [report.Finding.WithoutValues].
func TestOutcomesRepeatNoValue(t *testing.T) {
	l := newLine(t)
	l.start(l.gateway(l.store))
	var messages []kafka.Message
	for _, d := range report.Definitions() {
		for _, pointer := range texts(t, reporttest.Valid(d.Kind)) {
			whole, key := reporttest.Valid(d.Kind), uuid.Must(uuid.NewV7()).String()
			if d.Event {
				whole = reporttest.Set(whole, "/report_id", strconv.Quote(key))
			}
			whole = reporttest.Set(whole, pointer, `"MARKVICTIM"`)
			messages = append(messages, l.sender.Message(string(d.Kind)+pointer, key, whole))
		}
	}
	require.Greater(t, len(messages), 100)
	l.send(messages...)
	found := map[forward.State]map[string]bool{forward.Accepted: {}, forward.Refused: {}, forward.Conflict: {}}
	for _, o := range l.outcomes("a", len(messages)) {
		require.NotContains(t, string(o.message.Value), "MARK", o.Cause.ID)
		for _, code := range o.codes() {
			found[o.State][code] = true
		}
	}
	require.True(t, found[forward.Accepted]["ACC-018"], "a warning of a report that is taken: %v", found)
	require.True(t, found[forward.Refused]["AXII-005"], "%v", found)
}

package forward_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/forward"
	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
)

const partitions = 4

func openKeys(t testing.TB) *seal.Keys {
	t.Helper()
	keys, err := seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	return keys
}

func sender(id string, keys *seal.Keys) forwardtest.Sender {
	return forwardtest.Sender{ID: id, Key: keys.InboxKeys().Keys[0]}
}

// keyOf is the key of a valid submission: its report_id, or one that is kept for it.
func keyOf(kind report.Kind) string {
	var head struct {
		ReportID uuid.UUID `json:"report_id"`
	}
	_ = json.Unmarshal(reporttest.Valid(kind), &head)
	if head.ReportID == uuid.Nil {
		head.ReportID = uuid.NewSHA1(uuid.NameSpaceURL, []byte(kind))
	}
	return head.ReportID.String()
}

// placed puts a message on its partition, as the broker would tell it.
func placed(m kafka.Message) kafka.Message {
	m.Partition = queue.PartitionOf(m.Key, partitions)
	return m
}

func TestEveryKindIsRead(t *testing.T) {
	keys := openKeys(t)
	for _, d := range report.Definitions() {
		whole, key := reporttest.Valid(d.Kind), keyOf(d.Kind)
		m := placed(sender("a", keys).Message("1", key, whole))
		document, idempotency, findings := forward.Read(m, partitions, keys)
		require.Empty(t, findings, d.Kind)
		require.Equal(t, "/a 1", idempotency)
		want, err := report.SHA256(whole)
		require.NoError(t, err)
		got, err := report.SHA256(document)
		require.NoError(t, err)
		require.Equal(t, want, got, "as if it had been filed at once")

		structured := placed(inStructuredMode(t, m))
		again, idempotency, findings := forward.Read(structured, partitions, keys)
		require.Empty(t, findings, d.Kind)
		require.Equal(t, "/a 1", idempotency)
		require.Equal(t, string(document), string(again))
	}
}

func inStructuredMode(t *testing.T, m kafka.Message) kafka.Message {
	t.Helper()
	all := map[string]any{"data": jsontext.Value(m.Value), "time": "2026-01-08T09:00:00Z", "extension": true}
	for _, h := range m.Headers {
		if name, ok := strings.CutPrefix(h.Key, "ce_"); ok {
			all[name] = string(h.Value)
		}
	}
	value, err := json.Marshal(all)
	require.NoError(t, err)
	m.Headers, m.Value = []kafka.Header{{Key: "content-type", Value: []byte("application/cloudevents+json")}}, value
	return m
}

// Whatever is wrong is told with its code, and no finding repeats a value.
func TestMessagesThatAreRefused(t *testing.T) {
	keys := openKeys(t)
	s := sender("a", keys)
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	good := func() kafka.Message { return placed(s.Message("1", key, whole)) }
	open, private := reporttest.Divide(whole)
	withLetter := func(letter string) kafka.Message {
		quoted, err := json.Marshal(letter)
		require.NoError(t, err)
		return placed(s.Open("1", key, reporttest.Set(open, "/private", string(quoted))))
	}
	f := func(m kafka.Message, codes ...string) {
		t.Helper()
		document, _, findings := forward.Read(m, partitions, keys)
		var got []string
		for _, found := range findings {
			got = append(got, found.Code)
			require.NotContains(t, fmt.Sprint(found), "MARK")
			require.Empty(t, found.Value)
			require.NotEmpty(t, found.Message)
			require.NotEmpty(t, found.MessageVI)
		}
		require.Equal(t, codes, slices.Compact(got))
		require.Nil(t, document)
	}
	header := func(name, value string) kafka.Message {
		m := good()
		m.Headers = slices.DeleteFunc(m.Headers, func(h kafka.Header) bool { return h.Key == name })
		if value != "" {
			m.Headers = append(m.Headers, kafka.Header{Key: name, Value: []byte(value)})
		}
		return m
	}

	// Attributes.
	for _, name := range []string{"ce_specversion", "ce_id", "ce_source", "ce_type", "content-type"} {
		f(header(name, ""), "INB-001")
	}
	f(header("ce_specversion", "0.3MARK"), "INB-001")
	f(header("ce_type", "MARK"), "INB-001")
	f(header("ce_id", "MARK MARK"), "INB-001")
	f(header("ce_id", strings.Repeat("MARK", 60)), "INB-001")
	f(header("ce_source", "MARK\x00"), "INB-001")
	f(header("content-type", "text/plain; a=MARK"), "INB-001")
	f(header("content-type", "application/json; charset=utf-16"), "INB-001")
	twice := good()
	twice.Headers = append(twice.Headers, kafka.Header{Key: "ce_id", Value: []byte("MARK")}, kafka.Header{Key: "ce_MARK"}, kafka.Header{Key: "ce_MARK"})
	f(twice, "INB-001")
	f(kafka.Message{}, "INB-001", "INB-003")

	// Size.
	large := good()
	large.Value = make([]byte, forward.MaxValueBytes+1)
	f(large, "INB-002")
	f(header("other", strings.Repeat("M", forward.MaxHeaderBytes)), "INB-002")

	// Key and partition.
	rekeyed := func(k string) kafka.Message { m := good(); m.Key = []byte(k); return placed(m) }
	f(rekeyed(""), "INB-003")
	f(rekeyed("MARK"), "INB-003")
	f(rekeyed(strings.ToUpper(key)), "INB-003")
	f(rekeyed("{"+key+"}"), "INB-003")
	f(rekeyed(uuid.NewString()), "INB-004", "INB-010")
	moved := good()
	moved.Partition = (moved.Partition + 1) % partitions
	f(moved, "INB-005")
	f(placed(s.Message("1", key, reporttest.Remove(whole, "/report_id"))), "INB-004")
	f(placed(s.Message("1", key, reporttest.Set(whole, "/report_id", `"MARK"`))), "INB-004")

	// Data.
	for _, data := range []string{
		"", "MARK", `["MARK"]`, `"MARK"`, `{"MARK":1,"MARK":2}`, `{"a":"MARK"`, `{} {"MARK":1}`, "{\"a\":\"MARK\xff\"}",
		`{"private":"MARK","private":"MARK"}`, `{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		`{"a":"` + strings.Repeat("MARK", report.MaxBytes/4) + `"}`,
	} {
		f(placed(s.Open("1", key, []byte(data))), "INB-006")
	}
	structured := good()
	structured.Headers = []kafka.Header{{Key: "content-type", Value: []byte("application/cloudevents+json")}}
	for _, value := range []string{"", "[]", `{"specversion":"1.0"}`, `{"id":7,"data":{}}`, `{"data_base64":"MARK","data":{}}`} {
		structured.Value = []byte(value)
		f(placed(structured), "INB-006")
	}

	// Clear values.
	f(placed(s.Open("1", key, reporttest.Set(whole, "/content/summary", `"MARK"`))), "INB-007")
	exposed := good()
	exposed.Value = reporttest.Set(exposed.Value, "/content/victims/0/name", `"MARK"`)
	f(exposed, "INB-007", "INB-012")
	f(placed(s.Open("1", key, reporttest.Set(open, "/reason", `"MARK"`))), "INB-007")
	f(placed(s.Open("1", key, reporttest.Set(open, "/content/reporter/tax_code", `"001085012345"`))), "INB-007")

	// Letters.
	for _, letter := range []string{"", "MARK", "MARK.MARK.MARK.MARK.MARK", "eyJhbGciOiJub25lIn0....", strings.Repeat("A", 400<<10)} {
		f(withLetter(letter), "INB-008")
	}
	f(placed(s.Open("1", key, reporttest.Set(open, "/private", `{"name":"MARK"}`))), "INB-008")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","enc":"A256GCM","MARK":1}`))
	f(withLetter(none+"...."), "INB-008")
	f(withLetter(sender("a", openKeys(t)).Letter("1", key, private)), "INB-009")
	f(withLetter(s.Letter("2", key, private)), "INB-010")
	f(withLetter(s.Letter("1", uuid.NewString(), private)), "INB-010")
	f(withLetter(sender("b", keys).Letter("1", key, private)), "INB-010")
	for _, text := range []any{"MARK", []string{"MARK"}, map[string]any{"/reason": 7}, map[string]any{"/reason": map[string]string{"MARK": "MARK"}}} {
		f(withLetter(s.Letter("1", key, text)), "INB-011")
	}
	f(withLetter(s.Letter("1", key, map[string]string{"MARK": "MARK"})), "INB-012")
	f(withLetter(s.Letter("1", key, map[string]string{"/content/victims/9/name": "MARK", "/content/MARK": "MARK"})), "INB-012")
	f(withLetter(s.Letter("1", key, map[string]string{"/private": "MARK", "/report_id": "MARK"})), "INB-012")

	_, _, findings := forward.Read(good(), partitions, keys)
	require.Empty(t, findings)
}

// Several mistakes are told in one answer, each at its place.
func TestEveryFindingAtOnce(t *testing.T) {
	keys := openKeys(t)
	whole, key := reporttest.Valid(report.AccidentDeclaration), keyOf(report.AccidentDeclaration)
	open, private := reporttest.Divide(whole)
	_, _, findings := forward.Read(placed(sender("a", keys).Open("1", key, whole)), partitions, keys)
	require.Len(t, findings, len(private))
	for _, f := range findings {
		require.Equal(t, "INB-007", f.Code)
		require.Contains(t, private, f.Pointer)
	}
	require.NotEmpty(t, open)
	_, _, findings = forward.Read(kafka.Message{}, partitions, keys)
	require.Len(t, findings, 6)
	require.Equal(t, "specversion", findings[0].Column)
}

// The largest document with the most findings that quote it still fits into a message.
func TestOutcomesAreBounded(t *testing.T) {
	var many []report.Finding
	for range 3000 {
		worst := strings.Repeat("\x01", 10_000)
		many = append(many, report.Finding{Severity: report.Hint, Pointer: worst, Column: worst, Value: "x", Message: worst[:80] + strings.Repeat("x", 5000), MessageVI: strings.Repeat("ệ", 5000)})
	}
	many = append(many, report.Finding{Code: "WORST", Severity: report.Error})
	kept := forward.Bounded(many)
	require.Equal(t, "WORST", kept[0].Code, "the worst first")
	require.Equal(t, "INB-013", kept[len(kept)-1].Code)
	data, err := json.Marshal(kept)
	require.NoError(t, err)
	require.Less(t, len(data), 700_000)
	require.NotNil(t, forward.Bounded(nil))
}

func TestIntegratorIDs(t *testing.T) {
	require.NoError(t, forward.CheckIntegrators([]string{"a", "vnpt-1", strings.Repeat("x", 32)}))
	for _, id := range []string{"", "A", "a.b", "a_b", "-a", "a-", "a b", "ệ", strings.Repeat("x", 33)} {
		require.Error(t, forward.CheckIntegrators([]string{id}), id)
	}
	require.ErrorContains(t, forward.CheckIntegrators([]string{"a", "b", "a"}), "twice")
	require.Error(t, forward.Default().Validate())
}

// Whatever comes: no panic, and either findings or a whole document.
func FuzzMessage(f *testing.F) {
	keys := openKeys(f)
	key := keyOf(report.AccidentDeclaration)
	m := sender("a", keys).Message("1", key, reporttest.Valid(report.AccidentDeclaration))
	f.Add(key, "1", "/a", "application/json", m.Value)
	f.Add(key, "", "", "application/cloudevents+json", []byte(`{"specversion":"1.0","id":"1","source":"/a","type":"vn.atvsld.submission.v1","data":{"kind":"annex_xii"}}`))
	f.Fuzz(func(t *testing.T, key, id, source, mediaType string, value []byte) {
		m := kafka.Message{Topic: "atvsld.inbox.a", Key: []byte(key), Value: value, Headers: []kafka.Header{
			{Key: "ce_specversion", Value: []byte("1.0")}, {Key: "ce_id", Value: []byte(id)}, {Key: "ce_source", Value: []byte(source)},
			{Key: "ce_type", Value: []byte(forward.SubmissionType)}, {Key: "content-type", Value: []byte(mediaType)},
		}}
		document, name, findings := forward.Read(placed(m), partitions, keys)
		if (len(findings) == 0) != (document != nil) || (len(findings) == 0) != (name != "") {
			t.Fatalf("%q %q %v", document, name, findings)
		}
		for _, f := range findings {
			if f.Code == "" || f.Value != "" {
				t.Fatal(f)
			}
		}
	})
}

package queue

import (
	"bytes"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
)

func sample() Event {
	at := time.Date(2026, 7, 3, 9, 15, 4, 123_000_000, time.FixedZone("+07", 7*3600))
	return Event{
		ReportID: uuid.MustParse("0197d2a4-7c11-7abc-8def-001122334455"), Revision: 2, Kind: report.AnnexXII,
		StatYear: 2026, Period: "2026H1", Unit: "0100109106/0", SubmittedBy: "local",
		FiledAt: at.Add(-time.Hour), ReceivedAt: at, SHA256: [32]byte{1, 2, 3}, Tracking: "TN-1234",
		RequestID: uuid.MustParse("7d444840-9dc0-5d5b-8f5c-1d2b0a6d3f21"), RulesVersion: "2026.1",
		Warnings: []string{"AXII-040", "AXII-041"}, Content: []byte(`{"period":"2026H1"}`),
		Sealed: []byte{0, 255, 1}, SealedKey: "2026",
	}
}

func encode(t *testing.T, e Event) kafka.Message {
	t.Helper()
	m, err := Encode(e)
	require.NoError(t, err)
	return m
}

func TestEventRoundTrip(t *testing.T) {
	f := func(change func(*Event)) {
		t.Helper()
		want := sample()
		change(&want)
		got, err := Decode(encode(t, want))
		require.NoError(t, err)
		require.True(t, want.ReceivedAt.Equal(got.ReceivedAt) && want.FiledAt.Equal(got.FiledAt))
		require.True(t, want.EnteredAt.Equal(got.EnteredAt))
		got.ReceivedAt, got.FiledAt, got.EnteredAt = want.ReceivedAt, want.FiledAt, want.EnteredAt
		require.Equal(t, want, got)
	}
	f(func(*Event) {})
	f(func(e *Event) { e.Withdrawn, e.Content = true, nil })
	f(func(e *Event) { e.RequestID, e.Warnings, e.Sealed, e.SealedKey = uuid.Nil, nil, nil, "" })
	f(func(e *Event) { e.Kind, e.Period = report.AccidentDeclaration, "" })
	f(func(e *Event) { e.EnteredAt = e.ReceivedAt.Add(48 * time.Hour) })
}

// The record's own time governs retention: a back-dated one would be deleted
// before the sink has read it.
func TestEncodeLeavesKafkaTimeAlone(t *testing.T) {
	require.True(t, encode(t, sample()).Time.IsZero())
}

func TestDecodeRefuses(t *testing.T) {
	f := func(why string, spoil func(*kafka.Message)) {
		t.Helper()
		m := encode(t, sample())
		spoil(&m)
		_, err := Decode(m)
		require.ErrorIs(t, err, ErrEvent, why)
	}
	header := func(name, value string) func(*kafka.Message) {
		return func(m *kafka.Message) {
			for i := range m.Headers {
				if m.Headers[i].Key == name {
					m.Headers[i].Value = []byte(value)
				}
			}
		}
	}
	f("no headers", func(m *kafka.Message) { m.Headers = nil })
	f("a header twice", func(m *kafka.Message) { m.Headers = append(m.Headers, m.Headers[0]) })
	f("another version", header("ce_specversion", "0.3"))
	f("unknown kind", header("ce_type", "vn.atvsld.report.gossip.v1"))
	f("other schema", header("ce_type", "vn.atvsld.report.annex_xii.v2"))
	f("foreign type", header("ce_type", "com.example"))
	f("revision 0", header("ce_revision", "0"))
	f("revision too high", header("ce_revision", "40000"))
	f("negative", header("ce_revision", "-1"))
	f("year", header("ce_statyear", "12"))
	f("time without offset", header("ce_time", "2026-07-03T09:15:04.123"))
	f("short hash", header("ce_sha256", "abcd"))
	f("upper-case id", header("ce_subject", "0197D2A4-7C11-7ABC-8DEF-001122334455"))
	f("control characters", header("ce_unit", "a\x00b"))
	f("invalid UTF-8", header("ce_submittedby", "a\xffb"))
	f("other key", func(m *kafka.Message) { m.Key = []byte("x") })
	f("no JSON", func(m *kafka.Message) { m.Value = []byte("hello") })
	f("unknown member", func(m *kafka.Message) { m.Value = []byte(`{"content":{},"extra":1}`) })
	f("withdrawal with content", func(m *kafka.Message) {
		m.Headers = append(m.Headers, kafka.Header{Key: "ce_withdrawn", Value: []byte("true")})
	})
	f("no content", func(m *kafka.Message) { m.Value = []byte(`{}`) })
	f("the same unknown header twice", func(m *kafka.Message) {
		m.Headers = append(m.Headers, kafka.Header{Key: "x"}, kafka.Header{Key: "x"})
	})
	f("time without fraction", header("ce_time", "2026-07-03T09:15:04+07:00"))
	f("time with microseconds", header("ce_filedat", "2026-07-03T09:15:04.123456Z"))
	f("id without dashes", header("ce_subject", "0197d2a47c117abc8def001122334455"))
	f("two values", func(m *kafka.Message) { m.Value = []byte(`{"content":{}}{"content":{}}`) })
	f("content twice", func(m *kafka.Message) { m.Value = []byte(`{"content":{},"content":{},"sealed":"AP8B"}`) })
	f("half a content", func(m *kafka.Message) { m.Value = []byte(`{"content":{"a":{},"sealed":"AP8B"}`) })
	f("a member twice in the content", func(m *kafka.Message) { m.Value = []byte(`{"content":{"a":1,"a":1},"sealed":"AP8B"}`) })
	f("invalid UTF-8 in the content", func(m *kafka.Message) { m.Value = []byte("{\"content\":{\"a\":\"\xff\"}}") })
	f("end of line in the ciphertext", func(m *kafka.Message) { m.Value = []byte("{\"content\":{},\"sealed\":\"AP\n8B\"}") })
	f("no base64", func(m *kafka.Message) { m.Value = []byte(`{"content":{},"sealed":"AP8"}`) })
	f("too long", func(m *kafka.Message) { m.Value = bytes.Repeat([]byte(" "), MaxEventBytes+1) })
}

// murmur2 of the Java client, so that every producer sends a report's revisions
// to one partition. The hashes are those of Kafka's own UtilsTest.
func TestPartitionOfIsJavas(t *testing.T) {
	f := func(key string, hash int32) {
		t.Helper()
		const partitions = 1 << 20
		require.Equal(t, int(hash&0x7fffffff)%partitions, PartitionOf([]byte(key), partitions))
	}
	f("21", -973932308)
	f("foobar", -790332482)
	f("a-little-bit-long-string", -985981536)
	f("a-little-bit-longer-string", -1486304829)
}

// What is written otherwise than by Encode, and means the same, is read the same.
func TestDecodeReadsEveryWriting(t *testing.T) {
	f := func(value, content string, sealed []byte) {
		t.Helper()
		m := encode(t, sample())
		m.Value = []byte(value)
		e, err := Decode(m)
		require.NoError(t, err)
		require.Equal(t, content, string(e.Content))
		require.Equal(t, sealed, e.Sealed)
	}
	sealed := []byte{0, 255, 1}
	f(`{"content":{"a":1},"sealed":"AP8B"}`, `{"a":1}`, sealed)
	f(`{"content":{"a":1}}`, `{"a":1}`, nil)
	f(` { "content" : {"a":1} , "sealed" : "AP8B" } `, `{"a":1}`, sealed)
	f(`{"sealed":"AP8B","content":{"a":1}}`, `{"a":1}`, sealed)
	f(`{"content":{"a":1},"sealed":"\u0041P8B"}`, `{"a":1}`, sealed)
	f(`{"content":{"a":",\"sealed\":\"AP8B"}}`, `{"a":",\"sealed\":\"AP8B"}`, nil)
	f(`{"content":{"sealed":"AP8B"}}`, `{"sealed":"AP8B"}`, nil)
}

func FuzzDecode(f *testing.F) {
	m, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(m.Key), m.Value, "2", "vn.atvsld.report.annex_xii.v1", "2026-07-03T09:15:04.123+07:00")
	f.Add("", []byte(`{"content":[[[[[[`), "1", "", "")
	f.Fuzz(func(t *testing.T, key string, value []byte, revision, kind, at string) {
		spoiled := m
		spoiled.Key, spoiled.Value = []byte(key), value
		spoiled.Headers = nil
		for _, h := range m.Headers {
			switch h.Key {
			case headerRevision:
				h.Value = []byte(revision)
			case headerType:
				h.Value = []byte(kind)
			case headerTime:
				h.Value = []byte(at)
			}
			spoiled.Headers = append(spoiled.Headers, h)
		}
		e, err := Decode(spoiled)
		if err != nil {
			require.ErrorIs(t, err, ErrEvent)
			return
		}
		again, err := Encode(e)
		require.NoError(t, err)
		back, err := Decode(again)
		require.NoError(t, err)
		require.Equal(t, e.ReportID, back.ReportID)
		require.Equal(t, e.Revision, back.Revision)
		require.JSONEq(t, string(orEmpty(e.Content)), string(orEmpty(back.Content)))
	})
}

func orEmpty(b []byte) []byte {
	if len(b) == 0 {
		return []byte("{}")
	}
	return b
}

// FuzzDecodeData compares the quick way of reading a value with the codec's.
func FuzzDecodeData(f *testing.F) {
	for _, value := range []string{
		`{"content":{"a":1},"sealed":"AP8B"}`, `{"content":{"a":1}}`, `{"sealed":"AP8B"}`, `{}`, `{"content":{},"sealed":""}`,
		`{"content":{},"sealed":"AP8B","sealed":"AP8B"}`, `{"content":{}} {"content":{}}`, `{"content":{"sealed":"AP8B"}}`,
		`{"content":{"a":{},"sealed":"AP8B"}`, "{\"content\":{},\"sealed\":\"AP\r8B\"}", `{"content":{},"sealed":"AP9="}`,
	} {
		f.Add([]byte(value))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		var want data
		err := json.Unmarshal(value, &want, json.RejectUnknownMembers(true))
		got, quick := readData(value)
		if !quick || !got.Content.IsValid() {
			return // left to the codec, or refused by who reads the content
		}
		require.NoError(t, err)
		require.Equal(t, string(want.Content), string(got.Content))
		require.Equal(t, want.Sealed, got.Sealed)
	})
}

// FuzzDecodeTime compares with the layout that Encode writes.
func FuzzDecodeTime(f *testing.F) {
	for _, text := range []string{"2026-07-03T09:15:04.123+07:00", "2026-07-03T09:15:04.123Z", "2026-07-03T9:15:04.1234Z", "2026-07-03T09:15:04,123Z", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var h headerReader
		h.values[atTime] = []byte(text)
		got := h.time(atTime)
		want, err := time.Parse(timeLayout, text)
		require.Equal(t, err == nil, h.err == nil)
		if err == nil {
			require.True(t, want.Equal(got))
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	m, err := Encode(sample())
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	e := sample()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(e); err != nil {
			b.Fatal(err)
		}
	}
}

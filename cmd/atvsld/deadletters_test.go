package main

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// strayed is a message that any sink stores when it lies where its key belongs: the
// withdrawal of an event.
func strayed(t *testing.T) (uuid.UUID, kafka.Message) {
	t.Helper()
	id := uuid.MustParse(eventID(t))
	m, err := queue.Encode(queue.Event{
		ReportID: id, Revision: 1, Kind: report.AccidentDeclaration, Withdrawn: true, StatYear: 2025, Unit: "0100109106/0",
		SubmittedBy: "test", FiledAt: time.Now(), ReceivedAt: time.Now(), Tracking: "TN-X", RulesVersion: "1",
	})
	require.NoError(t, err)
	return id, m
}

// put writes a message to a partition of the embedded broker, as a foreign producer may.
func put(t *testing.T, broker string, partition int, m kafka.Message) {
	t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 10 * time.Second}
	response, err := client.Produce(t.Context(), &kafka.ProduceRequest{
		Topic: queue.ReportsTopic, Partition: partition, RequiredAcks: kafka.RequireAll,
		Records: kafka.NewRecordReader(kafka.Record{Key: kafka.NewBytes(m.Key), Value: kafka.NewBytes(m.Value), Headers: m.Headers}),
	})
	require.NoError(t, err)
	require.NoError(t, response.Error)
}

// An officer on one machine, where the program that runs holds the engine, sees what
// could not be stored, brings home what went astray and discards the rest.
func TestAnOfficerDealsWithDeadLetters(t *testing.T) {
	data, broker := t.TempDir(), freeAddress(t)
	p := start(t, data, "--broker-listen", broker)
	id, m := strayed(t)
	home := queue.PartitionOf(m.Key, 4)
	poison := kafka.Message{Key: []byte("p"), Value: []byte("poi\x00son\x1b[2J\xff")}
	put(t, broker, (home+1)%4, m)
	put(t, broker, home, poison)
	letters := func(args ...string) (string, error) {
		t.Helper()
		token := filepath.Join(data, "keys", "local-token")
		return runOnce(t, append([]string{"dead-letters", args[0], "--url", "http://" + p.address, "--token-file", token}, args[1:]...)...)
	}
	say := func(args ...string) string {
		t.Helper()
		out, err := letters(args...)
		require.NoError(t, err, out)
		require.NotContains(t, out, "\x1b")
		return out
	}

	listed := func(args ...string) []api.DeadLetter {
		t.Helper()
		var list api.DeadLetterList
		require.NoError(t, json.Unmarshal([]byte(say(append([]string{"list", "--output", "json"}, args...)...)), &list))
		return list.DeadLetters
	}
	require.Eventually(t, func() bool { return len(listed()) == 2 }, 2*time.Minute, 100*time.Millisecond)
	epoch := listed()[0].Epoch.String()
	astray := listed("--code", "EVT-002")[0].ID
	bad := listed("--code", "EVT-001")[0].ID

	out := say("list")
	require.Contains(t, out, astray)
	require.Contains(t, out, id.String())
	require.Contains(t, out, "2 shown; in all: EVT-001 open 1, EVT-002 open 1")
	require.Contains(t, say("list", "--limit", "1"), "1 shown; there are more")
	require.Equal(t, astray+"\n", say("list", "--ids", "--code", "EVT-002"))
	out = say("show", bad)
	require.Contains(t, out, "EVT-001")
	require.Contains(t, out, "70 6f 69 00 73 6f 6e 1b", "bytes that are no text")
	require.Contains(t, say("show", astray), "ce_subject: "+id.String())
	out, err := letters("show", "--bytes", bad)
	require.NoError(t, err)
	require.Equal(t, string(poison.Value), out)

	out = say("replay", "--by", "Trần Thị B", "--reason", "đã sửa phân vùng", astray)
	require.Contains(t, out, astray+" replayed as "+epoch)
	require.Eventually(t, func() bool { return p.status("/v1/reports/"+id.String()) == http.StatusOK }, 2*time.Minute, 50*time.Millisecond)
	require.Contains(t, say("show", astray), "replayed by Trần Thị B (token of local): đã sửa phân vùng -> ")

	decide := []string{"--by", "Trần Thị B", "--reason", "không phải báo cáo"}
	out, err = letters(append(append([]string{"discard"}, decide...), astray, bad)...)
	require.Error(t, err, "a replayed letter cannot be discarded")
	require.Contains(t, out, "API-042")
	require.Contains(t, out, bad+" discarded", "one does not keep the other")
	require.Len(t, listed("--state", "discarded", "--state", "replayed", "--limit", "0"), 2)
	require.Empty(t, listed())

	for _, wrong := range [][]string{
		{"discard", bad}, {"replay", "--by", "x", bad}, {"show", "x"}, {"show"}, {"show", "../reports"}, {"list", "x"},
		{"list", "--state", "lost"}, {"list", "--output", "xml"}, {"list", "--limit", "-1"},
		{"list", "--token-file", filepath.Join(data, "nothing")}, {"list", "--url", "ftp://x"},
	} {
		out, err := letters(wrong...)
		require.Error(t, err, "%v: %s", wrong, out)
	}
	other := filepath.Join(data, "other-token")
	require.NoError(t, os.WriteFile(other, []byte("wrong\n"), 0o600))
	out, err = letters("list", "--token-file", other)
	require.Error(t, err)
	require.Contains(t, out, "API-001")
	p.stop()
}

// status asks with the token for the status alone.
func (p *process) status(path string) int {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+p.address+path, nil)
	require.NoError(p.t, err)
	request.Header.Set("Authorization", "Bearer "+p.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	return response.StatusCode
}

func TestNothingSteersTheTerminal(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		require.Equal(t, want, plain(text))
	}
	f("Trần Thị \"B\" \\", "Trần Thị \"B\" \\")
	f("a\x1b[2J", `a\x1b[2J`)
	f("a\u009b2J", `a\u009b2J`)
	f("a\u202egnp", `a\u202egnp`)
	f("a\r\nb", `a\r\nb`)
	f("\xff", `\xff`)
	require.Equal(t, strings.Repeat("ạ", 60)+"…", short(strings.Repeat("ạ", 61)))

	text := "một\tdòng\nhai\x1b"
	require.Equal(t, "một\\tdòng\nhai\\x1b", value(api.MessageBytes{Text: &text}))
	require.Contains(t, value(api.MessageBytes{Base64: []byte("\xff\x1b")}), "ff 1b")
	encoded, err := json.Marshal(api.MessageBytes{Base64: []byte("\xff")})
	require.NoError(t, err)
	require.True(t, bytes.Contains(encoded, []byte(base64.StdEncoding.EncodeToString([]byte("\xff")))))
}

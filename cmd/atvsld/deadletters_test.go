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

	"atvsld/analytics/store"
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

func letterOf(epoch uuid.UUID, offset uint64, code string, m kafka.Message) store.DeadLetter {
	l := store.DeadLetter{
		Position: store.Position{Epoch: epoch, Partition: 1, Offset: offset}, Code: code, Detail: "đi lạc\x1b[2J",
		Key: m.Key, Value: m.Value, LoggedAt: time.Now(),
	}
	for _, h := range m.Headers {
		l.HeaderNames, l.HeaderValues = append(l.HeaderNames, h.Key), append(l.HeaderValues, string(h.Value))
	}
	return l
}

// An officer on one machine, where the program that runs holds the engine, sees what
// could not be stored, brings home what went astray and discards the rest.
func TestAnOfficerDealsWithDeadLetters(t *testing.T) {
	data := t.TempDir()
	start(t, data).stop()
	id, m := strayed(t)
	poison := kafka.Message{Key: []byte("p"), Value: []byte("poi\x00son\xff")}
	var home, bad store.DeadLetter
	openStopped(t, data, func(dsn string) {
		c := store.Default()
		c.DSN = dsn
		s, err := store.Open(t.Context(), c)
		require.NoError(t, err)
		defer s.Close()
		info, err := s.Info(t.Context())
		require.NoError(t, err)
		home, bad = letterOf(info.Epoch, 1<<39, "EVT-002", m), letterOf(info.Epoch, 1<<39+1, "EVT-001", poison)
		require.NoError(t, s.InsertDeadLetters(t.Context(), "test", []store.DeadLetter{home, bad}))
	})
	p := start(t, data)
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

	out := say("list")
	require.Contains(t, out, home.ID())
	require.Contains(t, out, id.String())
	require.Contains(t, out, `đi lạc\x1b[2J`)
	require.Contains(t, out, "2 shown; in all: EVT-001 open 1, EVT-002 open 1")
	require.Contains(t, say("list", "--limit", "1"), "1 shown; there are more")
	out = say("show", bad.ID())
	require.Contains(t, out, "EVT-001")
	require.Contains(t, out, "70 6f 69 00 73 6f 6e ff", "bytes that are no text")
	require.Contains(t, say("show", home.ID()), "ce_subject: "+id.String())
	require.Equal(t, string(poison.Value), say("show", "--bytes", bad.ID()))

	out = say("replay", "--by", "Trần Thị B", "--reason", "đã sửa phân vùng", home.ID())
	require.Contains(t, out, home.ID()+" replayed as "+home.Epoch.String())
	require.Eventually(t, func() bool { return p.ask2("/v1/reports/"+id.String()) == http.StatusOK }, 30*time.Second, 50*time.Millisecond)
	require.Contains(t, say("show", home.ID()), "replayed by Trần Thị B (token of local): đã sửa phân vùng -> ")

	decide := []string{"--by", "Trần Thị B", "--reason", "không phải báo cáo"}
	out, err := letters(append(append([]string{"discard"}, decide...), home.ID(), bad.ID())...)
	require.Error(t, err, "a replayed letter cannot be discarded")
	require.Contains(t, out, "API-042")
	require.Contains(t, out, bad.ID()+" discarded", "one does not keep the other")
	var list api.DeadLetterList
	require.NoError(t, json.Unmarshal([]byte(say("list", "--output", "json", "--state", "discarded", "--state", "replayed", "--limit", "0")), &list))
	require.Len(t, list.DeadLetters, 2)
	require.Contains(t, say("list"), "0 shown")

	for _, wrong := range [][]string{
		{"discard", bad.ID()}, {"replay", "--by", "x", bad.ID()}, {"show", "x"}, {"show"}, {"show", "../reports"}, {"list", "x"},
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

// ask2 asks with the token for the status alone.
func (p *process) ask2(path string) int {
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

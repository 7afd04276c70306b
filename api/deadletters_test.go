package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
	"atvsld/ingest/deadletter"
)

// hostile is a dead letter that holds what nobody should have written.
func (p *platform) hostile(offset uint64, logged time.Time) store.DeadLetter {
	return store.DeadLetter{
		Position: store.Position{Epoch: p.epoch, Partition: uint16(offset % partitions), Offset: offset}, LoggedAt: logged,
		Code: "EVT-001", Detail: "quotes \xff\x1b[2J <script>", Key: []byte(uuid.NewString()), Value: []byte("\xff\x00</script>\x1b[2J"),
		HeaderNames: []string{"ce_id", "ce_id", "\xfe"}, HeaderValues: []string{"TN", "", "\xff\x00"},
	}
}

// letter stores a dead letter and returns its address.
func (p *platform) letter(offset uint64, logged time.Time) string {
	p.t.Helper()
	l := p.hostile(offset, logged)
	require.NoError(p.t, p.store.InsertDeadLetters(p.t.Context(), uuid.NewString(), []store.DeadLetter{l}))
	return deadLettersPath + "/" + l.ID()
}

func (p *platform) read(path string) answer {
	p.t.Helper()
	return p.ask(http.MethodGet, path, nil)
}

func TestDeadLettersAreForHoldersOfTheToken(t *testing.T) {
	p := newPlatform(t)
	one := p.letter(1, time.Now())
	f := func(method, path string) {
		t.Helper()
		for _, token := range []string{"", "Bearer x", "Basic " + p.token} {
			a := p.ask(method, path, []byte(`{"reason":"x"}`), "Authorization", token)
			a.problem(http.StatusUnauthorized, "API-001")
			require.NotEmpty(t, a.header.Get("WWW-Authenticate"))
			require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		}
	}
	f(http.MethodGet, deadLettersPath)
	f(http.MethodGet, deadLettersPath+"?limit=x&unknown=1") // nor is anybody told what would be right
	f(http.MethodGet, one)
	f(http.MethodGet, deadLettersPath+"/x")
	f(http.MethodPost, one+":replay")
	f(http.MethodPost, one+":discard")
	f(http.MethodPost, deadLettersPath+"/x")
	letter, err := p.deps.DeadLetters.Letter(access.System(t.Context()), p.hostile(1, time.Time{}).Position)
	require.NoError(t, err)
	require.Empty(t, letter.Acts)
	require.Equal(t, privateAnswer, p.read(one).ok().header.Get("Cache-Control"))
}

func TestDeadLettersElsewhere(t *testing.T) {
	p := newSmall(t)
	id := deadLettersPath + "/" + uuid.NewString() + ".1.1"
	p.read(deadLettersPath).problem(http.StatusNotImplemented, "API-016")
	p.read(id).problem(http.StatusNotImplemented, "API-016")
	p.post(id+":discard", []byte(`{"reason":"x"}`)).problem(http.StatusNotImplemented, "API-016")

	// A process with a store and without a broker decides everything but a replay.
	q := newPlatform(t)
	q.deps.DeadLetters = deadletter.New(q.store, nil, q.deps.Log)
	q.deps.Registry = prometheus.NewRegistry()
	q.serve()
	one := q.letter(1, time.Now())
	q.post(one+":replay", []byte(`{"reason":"x"}`)).problem(http.StatusNotImplemented, "API-016")
	require.Empty(t, read[DeadLetterDetail](q.read(one).ok()).Acts)
	require.Equal(t, http.StatusOK, q.post(one+":discard", []byte(`{"reason":"x"}`)).status)
}

func TestDeadLetterPages(t *testing.T) {
	p := newPlatform(t)
	empty := read[DeadLetterList](p.read(deadLettersPath).ok())
	require.Empty(t, empty.DeadLetters)
	require.Empty(t, empty.Counts)
	base := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var want []string
	for i := range 9 {
		path := p.letter(uint64(i), base.Add(time.Duration(i)*time.Second))
		want = append([]string{strings.TrimPrefix(path, deadLettersPath+"/")}, want...)
	}
	p.post(deadLettersPath+"/"+want[0]+":discard", []byte(`{"reason":"x"}`)).ok()
	f := func(query string, want ...string) {
		t.Helper()
		got := []string{}
		for next := deadLettersPath + query; next != ""; {
			a := p.read(next).ok()
			page := read[DeadLetterList](a)
			for _, l := range page.DeadLetters {
				got = append(got, l.ID)
			}
			require.LessOrEqual(t, len(page.DeadLetters), 4)
			require.Equal(t, []DeadLetterCount{{"EVT-001", "discarded", 1}, {"EVT-001", "open", 8}}, page.Counts)
			if next = page.Next; next != "" {
				require.Equal(t, "<"+next+`>; rel="next"`, a.header.Get("Link"))
			} else {
				require.Empty(t, a.header.Get("Link"))
			}
		}
		require.Equal(t, want, got)
	}
	f("?limit=4", want...)
	f("?limit=3&state=open", want[1:]...)
	f("?limit=2&state=discarded,replayed", want[0])
	f("?limit=1&partition=0,3", want[0], want[1], want[4], want[5], want[8])
	f("?limit=2&code=EVT-001,EVT-009&since=2026-03-01T16:00:02%2B07:00&until=2026-03-01T09:00:05Z", want[4], want[5], want[6])
	f("?limit=4&code=%27%29+OR+1%3D1+--", []string{}...)
	f("?limit=4&code=%5C%27", []string{}...)

	for _, query := range []string{
		"?limit=0", "?limit=501", "?state=lost", "?partition=70000", "?partition=-1", "?since=yesterday", "?cursor=x",
		"?cursor=1." + strings.ToUpper(want[0]), "?cursor=" + strings.Repeat("1", 101),
	} {
		p.read(deadLettersPath+query).problem(http.StatusUnprocessableEntity, "API-006")
	}
	p.read(deadLettersPath+"?page=2").problem(http.StatusUnprocessableEntity, "API-007")
}

// What a message holds comes back byte for byte, and harms nobody on the way.
func TestADeadLetterIsShownWhole(t *testing.T) {
	p := newPlatform(t)
	path := p.letter(5, time.Now())
	want := p.hostile(5, time.Time{})
	a := p.read(path).ok()
	a.is(jsonType)
	got := read[DeadLetterDetail](a)
	require.Equal(t, want.ID(), got.ID)
	require.Equal(t, "quotes \uFFFD\x1b[2J <script>", got.Detail)
	require.Equal(t, want.Value, got.Value.Base64)
	require.Equal(t, len(want.Value), got.Value.Size)
	require.Nil(t, got.Value.Text, "it is no UTF-8")
	require.NotNil(t, got.Key.Text)
	require.Equal(t, got.ReportID.String(), *got.Key.Text)
	require.Len(t, got.Headers, 3)
	require.Equal(t, "\uFFFD", got.Headers[2].Name)
	require.Equal(t, []byte("\xff\x00"), got.Headers[2].Value.Base64)
	require.Equal(t, "TN", *got.Headers[0].Value.Text)
	require.Equal(t, "open", got.State)
	require.Empty(t, got.Acts)
	require.NotContains(t, p.logged(), "script", "the log holds nothing of it")
}

func TestDecisionsOverHTTP(t *testing.T) {
	p := newPlatform(t)
	one, other := p.letter(1, time.Now()), p.letter(2, time.Now())
	reply := p.post(one+":replay", []byte(`{"reason":" đã sửa  ","by":"Trần Thị B"}`)).ok()
	replayed := read[DeadLetterResult](reply)
	require.Equal(t, "replayed", replayed.State)
	require.Equal(t, "replayed", replayed.Act.Act)
	require.Equal(t, "đã sửa", replayed.Act.Reason)
	require.Equal(t, "Trần Thị B", replayed.Act.By)
	require.Equal(t, identity.LocalID, replayed.Act.Principal)
	require.WithinDuration(t, time.Now(), replayed.Act.At, time.Minute)
	to, err := store.ParsePosition(replayed.Act.ReplayedAs)
	require.NoError(t, err)
	require.Equal(t, p.epoch, to.Epoch)
	p.post(one+":discard", []byte(`{"reason":"x"}`)).problem(http.StatusConflict, "API-042")
	require.Equal(t, "replayed", read[DeadLetterResult](p.post(one+":replay", []byte(`{"reason":"again"}`)).ok()).State)

	discarded := read[DeadLetterResult](p.post(other+":discard", []byte(`{"reason":"x"}`)).ok())
	require.Equal(t, "discarded", discarded.State)
	require.Equal(t, identity.LocalID, discarded.Act.By)
	require.Empty(t, discarded.Act.ReplayedAs)
	problem := p.post(other+":replay", []byte(`{"reason":"x"}`)).problem(http.StatusConflict, "API-042")
	require.Contains(t, problem.Errors[0].MessageVI, "đã loại bỏ")
	require.Len(t, read[DeadLetterDetail](p.read(one)).Acts, 4)

	large := p.hostile(3, time.Now())
	large.Value = make([]byte, 900_000)
	require.NoError(t, p.store.InsertDeadLetters(t.Context(), uuid.NewString(), []store.DeadLetter{large}))
	p.post(deadLettersPath+"/"+large.ID()+":replay", []byte(`{"reason":"x"}`)).problem(http.StatusConflict, "API-044")
	shown := read[DeadLetterDetail](p.read(deadLettersPath + "/" + large.ID()).ok())
	require.Equal(t, 900_000, shown.Value.Size)
	require.Empty(t, shown.Acts, "a replay that cannot be is not begun")
}

func TestHostileDecisions(t *testing.T) {
	p := newPlatform(t)
	one := p.letter(1, time.Now())
	f := func(path, body string, status int, code string) {
		t.Helper()
		p.post(path, []byte(body)).problem(status, code)
	}
	f(one+":discard", ``, http.StatusBadRequest, "API-040")
	f(one+":discard", `[]`, http.StatusBadRequest, "API-040")
	f(one+":discard", `{"reason":"x","more":1}`, http.StatusBadRequest, "API-040")
	f(one+":discard", `{"reason":"x","reason":"y"}`, http.StatusBadRequest, "API-040")
	f(one+":discard", `{"reason":"\ud800"}`, http.StatusBadRequest, "API-040")
	f(one+":discard", `{}`, http.StatusUnprocessableEntity, "API-041")
	f(one+":discard", `{"reason":" \n"}`, http.StatusUnprocessableEntity, "API-041")
	f(one+":discard", `{"reason":"a\u0000b"}`, http.StatusUnprocessableEntity, "API-041")
	f(one+":discard", `{"reason":"x","by":"a\u001bb"}`, http.StatusUnprocessableEntity, "API-041")
	f(one+":discard", `{"reason":"`+strings.Repeat("x", 2001)+`"}`, http.StatusUnprocessableEntity, "API-041")
	f(one+":discard?by=x", `{"reason":"x"}`, http.StatusUnprocessableEntity, "API-007")
	f(one, `{"reason":"x"}`, http.StatusNotFound, "API-009")
	f(one+":keep", `{"reason":"x"}`, http.StatusNotFound, "API-009")
	f(one+":replay:replay", `{"reason":"x"}`, http.StatusUnprocessableEntity, "API-006")
	for _, id := range []string{
		":replay", "x", "..", "1.1.1", p.epoch.String() + ".1", p.epoch.String() + ".1.-1", p.epoch.String() + ".01.1",
		strings.ToUpper(p.epoch.String()) + ".1.1", p.epoch.String() + ".1.1'--", p.epoch.String() + ".1.1\x00", "{" + p.epoch.String() + "}.1.1",
		strings.Repeat("9", 5000),
	} {
		path := deadLettersPath + "/" + url.PathEscape(id)
		p.read(path).problem(http.StatusUnprocessableEntity, "API-006")
		f(path+":discard", `{"reason":"x"}`, http.StatusUnprocessableEntity, "API-006")
	}
	unknown := deadLettersPath + "/" + uuid.NewString() + ".1.1"
	p.read(unknown).problem(http.StatusNotFound, "API-015")
	f(unknown+":replay", `{"reason":"x"}`, http.StatusNotFound, "API-015")
	require.Empty(t, read[DeadLetterDetail](p.read(one).ok()).Acts)
}

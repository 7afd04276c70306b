package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

func TestSubmitEveryKind(t *testing.T) {
	p := newPlatform(t)
	for _, d := range report.Definitions() {
		raw := reporttest.Valid(d.Kind)
		first := p.accept(raw)
		require.Equal(t, string(d.Kind), first.Kind)
		require.False(t, first.Replayed)
		require.Equal(t, "/v1/reports/"+first.ReportID.String(), first.StatusURL)
		require.NotEmpty(t, first.Proof.JWS)

		again := p.post("/v1/reports", raw)
		require.Equal(t, http.StatusAccepted, again.status)
		require.Equal(t, first.StatusURL, again.header.Get("Location"))
		replay := read[Acceptance](again)
		require.True(t, replay.Replayed)
		require.Equal(t, first.TrackingNumber, replay.TrackingNumber)
	}
}

func TestSubmitStates(t *testing.T) {
	p := newPlatform(t)
	raw := declaration(t)
	first := p.accept(raw, "Idempotency-Key", "a key")

	f := func(body []byte, status int, code string, headers ...string) Problem {
		t.Helper()
		return p.post("/v1/reports", body, headers...).problem(status, code)
	}
	other := reporttest.Set(raw, "/content/commuting", "true")
	conflict := f(other, http.StatusConflict, "GWY-004")
	require.Equal(t, first.ReportID, *conflict.ReportID)
	require.Equal(t, uint32(1), conflict.CurrentRevision)

	f(reporttest.Set(other, "/report_id", `"`+uuid.Must(uuid.NewV7()).String()+`"`), http.StatusUnprocessableEntity, "GWY-008", "Idempotency-Key", "a key")

	third := reporttest.Set(reporttest.Set(other, "/revision", "3"), "/reason", `"x"`)
	a := p.post("/v1/reports", third)
	a.problem(http.StatusPreconditionFailed, "GWY-005")
	require.Equal(t, "2", a.header.Get("Retry-After"))

	f([]byte(`{"kind":`), http.StatusBadRequest, "GWY-001")
	f(nil, http.StatusBadRequest, "GWY-001")
	f([]byte("{\"kind\":\"\xff\"}"), http.StatusBadRequest, "GWY-001")

	// Every finding at once.
	bad := reporttest.Set(reporttest.Remove(raw, "/content/summary"), "/content/victims/0/severity", `"bruised"`)
	refused := f(reporttest.Set(bad, "/content/nonsense", "1"), http.StatusUnprocessableEntity, firstCode(t, p, bad))
	require.GreaterOrEqual(t, len(refused.Errors), 3)

	second := reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"x"`)
	require.Equal(t, uint32(2), p.accept(second).Revision)
}

func firstCode(t *testing.T, p *platform, raw []byte) string {
	t.Helper()
	return read[Problem](p.post("/v1/reports?dry_run=true", raw)).Errors[0].Code
}

func TestSubmitAroundTheBody(t *testing.T) {
	p := newPlatform(t)
	raw := declaration(t)
	f := func(status int, code, path string, headers ...string) answer {
		t.Helper()
		a := p.post(path, raw, headers...)
		a.problem(status, code)
		return a
	}
	a := f(http.StatusUnauthorized, "API-001", "/v1/reports", "Authorization", "")
	require.Equal(t, `Bearer realm="atvsld"`, a.header.Get("WWW-Authenticate"))
	a = f(http.StatusUnauthorized, "API-001", "/v1/reports", "Authorization", "Bearer nonsense")
	require.Contains(t, a.header.Get("WWW-Authenticate"), "invalid_token")
	f(http.StatusUnauthorized, "API-001", "/v1/reports", "Authorization", "Basic "+p.token)
	f(http.StatusForbidden, "API-002", "/v1/reports", LoaderHeader, "true")
	f(http.StatusUnsupportedMediaType, "API-003", "/v1/reports", "Content-Type", "text/plain")
	f(http.StatusUnsupportedMediaType, "API-003", "/v1/reports", "Content-Type", "")
	f(http.StatusUnsupportedMediaType, "API-003", "/v1/reports", "Content-Type", "application/json; charset=utf-16")
	f(http.StatusUnsupportedMediaType, "API-003", "/v1/reports", "Content-Encoding", "gzip")
	f(http.StatusUnprocessableEntity, "API-005", "/v1/reports", "Idempotency-Key", strings.Repeat("k", 201))
	f(http.StatusUnprocessableEntity, "API-005", "/v1/reports", "Idempotency-Key", "khóa")
	f(http.StatusUnprocessableEntity, "API-006", "/v1/reports?dry_run=maybe")
	f(http.StatusUnprocessableEntity, "API-006", "/v1/reports?dry_run=true;x=1")
	f(http.StatusUnprocessableEntity, "API-006", "/v1/reports?dry_run=%zz")
	f(http.StatusUnprocessableEntity, "API-007", "/v1/reports?dryrun=true")
	f(http.StatusUnprocessableEntity, "API-023", "/v1/reports?dry_run=true&dry_run=false")
	f(http.StatusNotFound, "API-009", "/v1/reports/")
	p.ask(http.MethodPut, "/v1/reports", raw).problem(http.StatusMethodNotAllowed, "API-010")

	large := append(raw, bytes.Repeat([]byte(" "), report.MaxBytes)...)
	p.post("/v1/reports", large).problem(http.StatusRequestEntityTooLarge, "API-004")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v1/reports", struct{ *bytes.Reader }{bytes.NewReader(large)})
	require.NoError(t, err)
	r.ContentLength = -1 // chunked: the length is not known beforehand
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", jsonType)
	p.do(r).problem(http.StatusRequestEntityTooLarge, "API-004")

	p.accept(raw, "Content-Type", "application/json; charset=UTF-8")
}

func TestDryRunFilesNothing(t *testing.T) {
	p := newPlatform(t)
	raw := declaration(t)
	dry := read[DryRun](p.post("/v1/reports?dry_run=true", raw).ok())
	require.True(t, dry.DryRun)
	require.False(t, p.accept(raw).Replayed)
	p.post("/v1/reports?dry_run=true", []byte("{}")).problem(http.StatusUnprocessableEntity, firstCode(t, p, []byte("{}")))
}

func TestLoaderMayDateBackInADemonstrationStore(t *testing.T) {
	p := newPlatform(t, func(d *Deps, _ *Config) { d.Demonstration = true })
	raw := reporttest.Set(declaration(t), "/received_at", `"2026-01-07T08:00:00+07:00"`)
	refused := p.post("/v1/reports", raw).problem(http.StatusUnprocessableEntity, "GWY-003")
	require.True(t, refused.Demonstration)
	accepted := p.accept(raw, LoaderHeader, "true")
	require.True(t, accepted.Demonstration)
	require.Equal(t, "2026-01-07T08:00:00+07:00", accepted.ReceivedAt.Format(time.RFC3339))
}

// troubledLog stands for a broker in trouble, which a real one cannot be made to be
// at will.
type troubledLog struct {
	produce func(events []queue.Event) []error
}

func (l *troubledLog) Produce(_ context.Context, events []queue.Event) []error {
	return l.produce(events)
}

func failing(err error) *troubledLog {
	return &troubledLog{func(events []queue.Event) []error {
		errs := make([]error, len(events))
		for i := range errs {
			errs[i] = err
		}
		return errs
	}}
}

// emptyLedger knows nothing: for tests of what happens before and after filing.
type emptyLedger struct{}

func (emptyLedger) Known(context.Context, []store.Key) (map[store.Key]*store.Known, error) {
	return nil, nil
}

func (emptyLedger) ByRequest(context.Context, []uuid.UUID) (map[uuid.UUID][]store.Requested, error) {
	return nil, nil
}

func (emptyLedger) Filers(context.Context, []uuid.UUID) (map[uuid.UUID]store.Filer, error) {
	return nil, nil
}

// acceptingAll files without engines.
func acceptingAll(t *testing.T) func(*Deps, *Config) {
	return func(d *Deps, _ *Config) {
		d.Gateway = newGateway(t, d.Keys, emptyLedger{}, failing(nil))
	}
}

func withLog(t *testing.T, log *troubledLog) func(*Deps, *Config) {
	return func(d *Deps, _ *Config) {
		st, _ := engine.Store(t)
		d.Gateway = newGateway(t, d.Keys, st, log)
	}
}

func TestSubmitWhenTheLogIsInTrouble(t *testing.T) {
	f := func(err error, code, words string) {
		t.Helper()
		p := newSmall(t, withLog(t, failing(err)))
		a := p.post("/v1/reports", declaration(t))
		problem := a.problem(http.StatusServiceUnavailable, code)
		require.Equal(t, "2", a.header.Get("Retry-After"))
		require.Contains(t, problem.Errors[0].Message, words)
	}
	f(queue.ErrBusy, "API-011", "nothing was filed")
	f(fmt.Errorf("%w: no answer", queue.ErrUnconfirmed), "API-025", "the very same again")
}

func TestFullHouseIsAnsweredAtOnce(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	log := &troubledLog{func(events []queue.Event) []error {
		inside <- struct{}{}
		<-leave
		return make([]error, len(events))
	}}
	p := newSmall(t, withLog(t, log), func(_ *Deps, c *Config) { c.Singles, c.Waiting, c.Wait = 1, 1, 50*time.Millisecond })
	done := make(chan answer)
	go func() { done <- p.post("/v1/reports", declaration(t)) }()
	<-inside
	a := p.post("/v1/reports", declaration(t))
	a.problem(http.StatusServiceUnavailable, "API-011")
	require.Equal(t, "2", a.header.Get("Retry-After"))
	// Reading is not kept out by filing.
	p.get("/livez").ok()
	close(leave)
	require.Equal(t, http.StatusAccepted, (<-done).status)
}

func TestGatewayOnlyAndReaderOnly(t *testing.T) {
	p := newSmall(t)
	p.post("/v1/reports", declaration(t)).problem(http.StatusNotImplemented, "API-016")
	p.post("/v1/reports:batch", nil, "Content-Type", ndjsonType).problem(http.StatusNotImplemented, "API-016")
	for _, path := range []string{"/v1/indicators", "/v1/indicators/N4", "/v1/indicators/N4/series", "/v1/attainment", "/v1/reports/" + uuid.NewString()} {
		p.ask(http.MethodGet, path, nil).problem(http.StatusNotImplemented, "API-016")
	}
	require.Contains(t, string(p.get(plainPath).ok().body), "chỉ nhận báo cáo")
}

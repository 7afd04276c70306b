package api

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report/reporttest"
)

func TestStatusBeforeAndAfterStorage(t *testing.T) {
	p := newPlatform(t)
	raw := declaration(t)
	filed := p.accept(raw)
	path := filed.StatusURL
	whole, err := json.Marshal(filed.Signed)
	require.NoError(t, err)
	presented := base64.RawURLEncoding.EncodeToString(whole)

	// Nothing is stored yet: only a genuine receipt, or the filer's own token with the number, says more than 404.
	a := p.get(path)
	a.problem(http.StatusUnauthorized, "API-001")
	a = p.ask(http.MethodGet, path, nil)
	a.problem(http.StatusNotFound, "API-014")
	require.Equal(t, "2", a.header.Get("Retry-After"))
	p.get(path+"?tracking="+filed.TrackingNumber).problem(http.StatusNotFound, "API-014")
	a = p.get(path, "Receipt", presented).ok()
	require.Equal(t, "2", a.header.Get("Retry-After"))
	status := read[ReportStatus](a)
	require.Equal(t, StateReceived, status.State)
	require.Equal(t, filed.TrackingNumber, status.Revisions[0].TrackingNumber)
	require.Equal(t, StateReceived, read[ReportStatus](p.ask(http.MethodGet, path, nil, "Receipt", filed.TrackingNumber).ok()).State)
	p.get("/v1/reports/"+uuid.NewString(), "Receipt", presented).problem(http.StatusNotFound, "API-014")
	forged := filed.Signed
	forged.Revision++
	bad, err := json.Marshal(forged)
	require.NoError(t, err)
	p.get(path, "Receipt", base64.RawURLEncoding.EncodeToString(bad)).problem(http.StatusUnprocessableEntity, "API-020")
	p.get(path, "Receipt", "TN-nonsense").problem(http.StatusUnprocessableEntity, "API-020")

	p.startLog()
	stored := read[ReportStatus](p.get(path+"?tracking="+filed.TrackingNumber, "Prefer", "respond-async, wait=25").ok())
	require.Equal(t, "stored", stored.State)
	require.Equal(t, uint32(1), stored.CurrentRevision)
	require.Equal(t, filed.ReceivedAt.UTC(), stored.Revisions[0].ReceivedAt.UTC())
	require.Equal(t, filed.SHA256, stored.Revisions[0].SHA256)

	p.accept(reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"x"`))
	require.Eventually(t, func() bool {
		return read[ReportStatus](p.ask(http.MethodGet, path, nil).ok()).CurrentRevision == 2
	}, 20*time.Second, 50*time.Millisecond)
	a = p.get(path + "?tracking=" + filed.TrackingNumber).ok() // any revision's number will do
	require.Equal(t, privateAnswer, a.header.Get("Cache-Control"))
	require.NotContains(t, string(a.body), "Nguyễn")

	// Another report's number opens nothing.
	other := p.accept(declaration(t))
	p.get(path+"?tracking="+other.TrackingNumber).problem(http.StatusNotFound, "API-014")
	p.get("/v1/reports/x?tracking="+other.TrackingNumber).problem(http.StatusUnprocessableEntity, "API-006")
}

func TestPreferredWait(t *testing.T) {
	f := func(header string, want time.Duration) {
		t.Helper()
		require.Equal(t, want, preferredWait(header))
	}
	f("", 0)
	f("wait=5", 5*time.Second)
	f("respond-async, wait = 7", 7*time.Second)
	f("wait=31", maxPreferWait)
	f("wait=99999999999", maxPreferWait)
	f("wait=99999999999999999999", 0)
	f("wait=-3", 0)
	f("wait=x", 0)
	f("Wait=1", time.Second)
}

func TestReceiptsAreVerifiedForAnybody(t *testing.T) {
	p := newSmall(t, acceptingAll(t))
	keys := read[Keys](p.get("/v1/receipts/keys").ok())
	require.Len(t, keys.Keys, 1)
	require.Equal(t, "OKP", keys.Keys[0].KeyType)
	a := p.post("/v1/reports", declaration(t))
	filed := read[Acceptance](a)

	f := func(body []byte) Verification {
		t.Helper()
		return read[Verification](p.post("/v1/receipts/verify", body, "Authorization", "").ok())
	}
	got := f(a.body) // the answer as it came
	require.True(t, got.Genuine)
	require.Equal(t, filed.TrackingNumber, got.Receipt.TrackingNumber)
	alone, err := json.Marshal(filed.Signed)
	require.NoError(t, err)
	require.True(t, f(alone).Genuine)
	linked := p.get("/v1/receipts/verify?receipt=" + base64.RawURLEncoding.EncodeToString(alone)).ok()
	require.True(t, read[Verification](linked).Genuine)

	forged := f(reporttest.Set(alone, "/revision", "2"))
	require.False(t, forged.Genuine)
	require.NotEmpty(t, forged.ReasonVI)
	require.Nil(t, forged.Receipt)
	require.False(t, f([]byte(`{}`)).Genuine)
	require.False(t, f([]byte(`nonsense`)).Genuine)
	foreign := newSmall(t, acceptingAll(t)).post("/v1/reports", declaration(t)) // of another platform
	require.Contains(t, f(foreign.body).Reason, "does not publish")
	p.get("/v1/receipts/verify").problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/receipts/verify?receipt=%21").problem(http.StatusUnprocessableEntity, "API-020")
}

package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

func TestStatusBeforeAndAfterStorage(t *testing.T) {
	p := newPlatform(t)
	raw := declaration(t)
	filed := p.accept(raw)
	path := filed.StatusURL
	presented := encoded(t, filed.Signed)

	// Nothing is stored yet: only a genuine receipt says more than 404.
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
	p.ask(http.MethodGet, path, nil, "Receipt", filed.TrackingNumber).problem(http.StatusNotFound, "API-014")
	p.get("/v1/reports/"+uuid.NewString(), "Receipt", presented).problem(http.StatusNotFound, "API-014")
	forged := filed.Signed
	forged.Revision++
	p.get(path, "Receipt", encoded(t, forged)).problem(http.StatusUnprocessableEntity, "API-020")
	p.get(path, "Receipt", "TN-nonsense").problem(http.StatusUnprocessableEntity, "API-020")

	p.startLog()
	stored := read[ReportStatus](p.get(path+"?tracking="+filed.TrackingNumber, "Prefer", "respond-async, wait=25").ok())
	require.Equal(t, "stored", stored.State)
	require.Equal(t, uint32(1), stored.CurrentRevision)
	require.Equal(t, filed.ReceivedAt.UTC(), stored.Revisions[0].ReceivedAt.UTC())
	require.Zero(t, stored.Revisions[0].SHA256, "the platform has none to give")

	// The amendment is what its receipt asks for, not the first revision.
	second := p.accept(reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"x"`))
	amended := read[ReportStatus](p.get(path, "Receipt", encoded(t, second.Signed), "Prefer", "wait=25").ok())
	require.Equal(t, "stored", amended.State)
	require.Equal(t, uint32(2), amended.CurrentRevision)
	require.Len(t, amended.Revisions, 1)
	require.Equal(t, second.TrackingNumber, amended.Revisions[0].TrackingNumber)
	a = p.get(path + "?tracking=" + filed.TrackingNumber).ok() // any revision's number will do
	require.Equal(t, uint32(2), read[ReportStatus](a).CurrentRevision)
	require.Equal(t, privateAnswer, a.header.Get("Cache-Control"))
	require.NotContains(t, string(a.body), "Nguyễn")

	// Another report's number opens nothing.
	other := p.accept(declaration(t))
	p.get(path+"?tracking="+other.TrackingNumber).problem(http.StatusNotFound, "API-014")
	p.get("/v1/reports/x?tracking="+other.TrackingNumber).problem(http.StatusUnprocessableEntity, "API-006")
}

// encoded is the receipt as it is presented.
func encoded(t *testing.T, r receipt.Signed) string {
	t.Helper()
	whole, err := json.Marshal(r)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(whole)
}

// stages stands for a store in the middle of storing, which a real one cannot be held
// in: each call shows the next stage, the last one for good.
type stages struct {
	closings
	mu   sync.Mutex
	left [][]store.Revision
}

func (s *stages) Revisions(context.Context, uuid.UUID, store.Presented) ([]store.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.left[0]
	if len(s.left) > 1 {
		s.left = s.left[1:]
	}
	return now, nil
}

func storedAs(r receipt.Receipt, state string) store.Revision {
	return store.Revision{Stored: store.Stored{Revision: r.Revision, SHA256: r.SHA256, Tracking: r.TrackingNumber, ReceivedAt: r.ReceivedAt}, State: state, Kind: r.Kind}
}

// With the first revision stored, the receipt of the second asks for the second.
func TestStatusOfThePresentedRevision(t *testing.T) {
	shown := &stages{}
	p := newSmall(t, acceptingAll(t), func(d *Deps, _ *Config) { d.Store = shown })
	one := declaration(t)
	two := reporttest.Set(reporttest.Set(one, "/revision", "2"), "/reason", `"x"`)
	got, _ := p.batch("/v1/reports:batch", strings.NewReader(oneLine(one)+"\n"+oneLine(two)))
	require.Equal(t, 2, got.summary.Accepted)
	first, second := got.rows[0].Receipt, got.rows[1].Receipt
	rival := second.Receipt
	rival.TrackingNumber, rival.SHA256 = "TN-00000-00000-00000-00000", receipt.Digest{1}

	begun := []store.Revision{storedAs(first.Receipt, store.StateStored)}
	done := append(slices.Clone(begun), storedAs(second.Receipt, store.StateStored))
	lost := append(slices.Clone(begun), storedAs(rival, store.StateStored))
	settled := append(slices.Clone(lost), storedAs(second.Receipt, store.StateConflict))
	path := "/v1/reports/" + first.ReportID.String()

	type state struct {
		whole string
		rows  []string
	}
	f := func(want state, left [][]store.Revision, headers ...string) {
		t.Helper()
		for _, token := range []string{"", "Bearer " + p.token} {
			shown.left = left
			a := p.get(path, append([]string{"Authorization", token, "Receipt", encoded(t, *second)}, headers...)...).ok()
			status := read[ReportStatus](a)
			state := state{whole: status.State}
			for _, r := range status.Revisions {
				state.rows = append(state.rows, fmt.Sprint(r.Revision, " ", r.State, " ", r.TrackingNumber == second.TrackingNumber, " ", r.StoredAt != nil))
			}
			require.Equal(t, want, state)
			require.Equal(t, status.State == StateReceived, a.header.Get("Retry-After") == "2")
		}
	}
	f(state{"received", []string{"2 received true false"}}, [][]store.Revision{nil})
	f(state{"received", []string{"1 stored false true", "2 received true false"}}, [][]store.Revision{begun})
	f(state{"received", []string{"1 stored false true", "2 received true false"}}, [][]store.Revision{begun, begun, done}, "Prefer", "wait=0")
	f(state{"stored", []string{"1 stored false true", "2 stored true true"}}, [][]store.Revision{nil, begun, done}, "Prefer", "wait=20")
	f(state{"conflict", []string{"1 stored false true", "2 stored false true", "2 conflict true false"}}, [][]store.Revision{begun, lost}, "Prefer", "wait=20")
	f(state{"conflict", []string{"1 stored false true", "2 stored false true", "2 conflict true true"}}, [][]store.Revision{settled})

	// The number alone proves nothing, also beside a token; but it is what is waited for.
	shown.left = [][]store.Revision{begun}
	for _, token := range []string{"", "Bearer " + p.token} {
		a := p.get(path+"?tracking="+second.TrackingNumber, "Authorization", token)
		a.problem(http.StatusNotFound, "API-014")
		require.Equal(t, "2", a.header.Get("Retry-After"))
	}
	p.ask(http.MethodGet, "/v1/reports/"+uuid.NewString(), nil, "Receipt", encoded(t, *second)).problem(http.StatusNotFound, "API-014")
	shown.left = [][]store.Revision{begun, done}
	require.Equal(t, "stored", read[ReportStatus](p.get(path+"?tracking="+second.TrackingNumber, "Prefer", "wait=20").ok()).State)
	// Without one the report is asked for.
	shown.left = [][]store.Revision{begun}
	require.Equal(t, "stored", read[ReportStatus](p.ask(http.MethodGet, path, nil).ok()).State)
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

// A number or a receipt shows the revision that it is of, and no other.
func TestStatusOfWhatIsPresentedOnly(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	first := p.accept(reporttest.Valid(report.AnnexXII))
	second := p.accept(reporttest.Amended(report.AnnexXII))
	p.ask(http.MethodGet, second.StatusURL, nil, "Receipt", second.TrackingNumber, "Prefer", "wait=30").ok()
	for _, shown := range []string{first.TrackingNumber, encoded(t, first.Signed)} {
		status := read[ReportStatus](p.get(first.StatusURL, "Receipt", shown).ok())
		require.Len(t, status.Revisions, 1)
		require.Equal(t, first.TrackingNumber, status.Revisions[0].TrackingNumber)
		require.Equal(t, shown == first.TrackingNumber, status.Revisions[0].SHA256 == receipt.Digest{}, "a receipt has it")
	}
	require.Len(t, read[ReportStatus](p.ask(http.MethodGet, first.StatusURL, nil).ok()).Revisions, 2)
}

// Numbers are not for who may see the state but not the persons, digests for nobody.
func TestStatusHidesNumbers(t *testing.T) {
	w := newWorld(t)
	w.withRoles()
	for role, hidden := range map[access.Role]bool{access.Ministry: true, access.Auditor: true, access.LabourOfficer: true, access.Enterprise: false} {
		status := read[ReportStatus](w.as(role, get("%s/%s", reportsPath, w.ids[here][report.AnnexXII])).ok())
		require.Zero(t, status.Revisions[0].SHA256)
		require.Equal(t, hidden, status.Revisions[0].TrackingNumber == "", role)
	}
}

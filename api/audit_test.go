package api

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// roles lets whoever presents the name of a role in as one of it.
type roles struct{}

func (roles) Identify(_ context.Context, token string) (access.Caller, error) {
	return access.Caller{ID: "test-" + token, Role: access.Role(token), Nation: true, Token: "k1"}, nil
}

// onRecord are the entries of requests, in order.
func (m *memory) requests() []audit.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []audit.Entry
	for _, s := range m.entries {
		if s.Entry.Kind == audit.Request {
			all = append(all, s.Entry)
		}
	}
	return all
}

// recorded waits for n entries, because denials are recorded behind the answer.
func (m *memory) recorded(t *testing.T, n int) []audit.Entry {
	t.Helper()
	require.Eventually(t, func() bool { return len(m.requests()) >= n }, 10*time.Second, time.Millisecond)
	all := m.requests()
	require.Len(t, all, n)
	return all
}

// newRecorded is an interface with one filed report whose record can be read.
func newRecorded(t *testing.T, raw []byte) (*platform, *memory) {
	t.Helper()
	kept := &memory{}
	return newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.Reports, d.Store = roles{}, filedReports(t, d.Keys, raw), closings{"2024"}
		d.Audit = recordTo(t, kept, d.Keys)
	}), kept
}

func as(role access.Role, more ...string) []string {
	return append([]string{"Authorization", "Bearer " + string(role)}, more...)
}

func reportIDOf(t *testing.T, raw []byte) uuid.UUID {
	t.Helper()
	s, _, err := report.Decode(raw)
	require.NoError(t, err)
	return s.ReportID
}

// A look is on record with who, what, why, under which scope, and each personal member.
func TestReadingIsOnRecord(t *testing.T) {
	raw := declaration(t)
	p, kept := newRecorded(t, raw)
	id := reportIDOf(t, raw)
	path := "/v1/reports/" + id.String()
	headers := as(access.Inspector, PurposeHeader, "investigation; QD-123/2025")
	a := p.ask(http.MethodGet, path+"/revisions/1", nil, headers...).ok()
	e := kept.recorded(t, 1)[0]
	require.Equal(t, audit.Who{ID: "test-inspector", Role: access.Inspector, Token: "k1"}, e.Who)
	require.Equal(t, audit.Scope{Extent: access.Area, Nation: true}, e.Scope)
	require.Equal(t, "report-revision", e.Operation)
	require.Equal(t, access.ReadReports, e.Action)
	require.EqualValues(t, "investigation", e.Purpose)
	require.Equal(t, "QD-123/2025", e.Reference)
	require.Equal(t, audit.Allowed, e.Outcome)
	require.EqualValues(t, http.StatusOK, e.Status)
	require.Equal(t, a.header.Get("X-Request-Id"), e.RequestID.String())
	require.Equal(t, "127.0.0.0/24", e.Network)
	require.Equal(t, []audit.Touch{{Kind: audit.Report, ID: id.String(), Revision: 1, Fields: report.PersonalPointers(raw)}}, e.On)
	require.Contains(t, e.On[0].Fields, "/content/victims/0/name")
	require.Greater(t, len(e.On[0].Fields), 3)

	// Being told that nothing changed, and the head of an answer, are looks, too.
	p.ask(http.MethodGet, path+"/revisions/1", nil, append(headers, "If-None-Match", a.header.Get("ETag"))...)
	p.ask(http.MethodHead, path+"/revisions/1", nil, headers...)
	all := kept.recorded(t, 3)
	require.EqualValues(t, http.StatusNotModified, all[1].Status)
	require.Equal(t, e.On, all[1].On)
	require.Equal(t, e.On, all[2].On)

	// Of the history only the facts of the filing are shown.
	p.ask(http.MethodGet, path+"/history", nil, headers...).ok()
	for _, pointer := range kept.recorded(t, 4)[3].On[0].Fields {
		require.False(t, strings.HasPrefix(pointer, "/content"), pointer)
	}
	// What is not there is looked for on record as well.
	p.ask(http.MethodGet, path+"/revisions/7", nil, headers...).problem(http.StatusNotFound, "API-014")
	missing := kept.recorded(t, 5)[4]
	require.Equal(t, audit.Failed, missing.Outcome)
	require.Equal(t, []audit.Touch{{Kind: audit.Report, ID: id.String(), Fields: []string{}}}, missing.On)
}

// Public data, and what has its record elsewhere, are not in the audit log.
func TestPublicReadingIsNotRecorded(t *testing.T) {
	p, kept := newRecorded(t, declaration(t))
	for _, path := range []string{"/v1/rules", "/livez", "/metrics", "/", "/v1/audit/keys", "/nothing"} {
		p.ask(http.MethodGet, path, nil, as(access.Operator)...)
		if path != "/metrics" { // of a real store only for those with a token
			p.get(path)
		}
	}
	require.Empty(t, kept.requests())
	// Status by number is for whoever filed; with a token it is a look.
	path := "/v1/reports/" + uuid.NewString()
	p.get(path + "?tracking=x")
	p.ask(http.MethodGet, path, nil, as(access.Operator)...)
	require.Equal(t, access.Operator, kept.recorded(t, 1)[0].Who.Role)
}

// Whoever is refused is on record without anybody waiting for it.
func TestDeniedIsOnRecord(t *testing.T) {
	raw := declaration(t)
	p, kept := newRecorded(t, raw)
	path := "/v1/reports/" + reportIDOf(t, raw).String() + "/revisions/1"
	p.get(path).problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, path, nil, as(access.Auditor)...).problem(http.StatusForbidden, "API-085")
	p.ask(http.MethodPost, "/v1/reports", raw, as(access.Auditor)...).problem(http.StatusForbidden, "API-085")
	p.ask(http.MethodGet, path, nil, as(access.Inspector)...).problem(http.StatusForbidden, "API-120")
	all := kept.recorded(t, 4)
	slices.SortFunc(all, func(a, b audit.Entry) int { return int(a.Number) - int(b.Number) })
	for _, e := range all {
		require.Equal(t, audit.Denied, e.Outcome)
	}
	require.Equal(t, access.Public, all[0].Who.Role)
	require.Equal(t, []audit.Touch{{Kind: audit.Report, ID: reportIDOf(t, raw).String(), Fields: []string{}}}, all[1].On)
	require.Equal(t, "file-report", all[2].Operation)
	require.EqualValues(t, http.StatusForbidden, all[3].Status)
}

// A purpose is a code; some roles must give one to open personal data.
func TestPurpose(t *testing.T) {
	raw := declaration(t)
	p, _ := newRecorded(t, raw)
	path := "/v1/reports/" + reportIDOf(t, raw).String() + "/revisions/1"
	for _, c := range []struct {
		role   access.Role
		value  string
		status int
		code   string
	}{
		{access.Inspector, "", http.StatusForbidden, "API-120"},
		{access.Ministry, "", http.StatusForbidden, "API-120"},
		{access.Operator, "", http.StatusOK, ""},
		{access.Enterprise, "", http.StatusOK, ""},
		{access.Inspector, "inspection", http.StatusOK, ""},
		{access.Inspector, "curiosity", http.StatusUnprocessableEntity, "API-127"},
		{access.Inspector, "inspection; Nguyen Van A", http.StatusUnprocessableEntity, "API-127"},
		{access.Inspector, "inspection; 001085012345", http.StatusUnprocessableEntity, "API-127"},
		{access.Operator, "inspection;", http.StatusUnprocessableEntity, "API-127"},
	} {
		a := p.ask(http.MethodGet, path, nil, as(c.role, PurposeHeader, c.value)...)
		require.Equal(t, c.status, a.status, "%s %q: %s", c.role, c.value, a.body)
		if c.code != "" {
			a.problem(c.status, c.code)
		}
	}
	// Where nothing personal is opened nobody has to say why.
	require.NotEqual(t, http.StatusForbidden, p.ask(http.MethodGet, "/v1/reports", nil, as(access.Inspector)...).status)
	operation := p.document().at("paths", "/v1/reports/{id}/revisions/{revision}", "get").(map[string]any)
	require.Contains(t, operation["x-purpose"], "inspector")
	require.True(t, slices.ContainsFunc(operation["parameters"].([]any), func(v any) bool { return v.(map[string]any)["name"] == PurposeHeader }))
}

// refusing is a store that takes no entries.
type refusing struct{ memory }

func (*refusing) AppendAudit(context.Context, string, []audit.Signed) error {
	return errors.New("the disk is full")
}

// The page shows live figures to whoever may see them, and that is a look like any other,
// whether he is known by a header or by a session.
func TestLivePageIsOnRecord(t *testing.T) {
	kept := &memory{}
	p := newReader(t, func(d *Deps, _ *Config) {
		d.Identity, d.Audit = roles{}, recordTo(t, kept, d.Keys)
	})
	cookie := signedIn(p, string(access.Ministry))
	before := len(kept.requests())
	for i, header := range [][]string{as(access.Ministry), {"Cookie", cookie}} {
		p.get("/plain?view=live", header...).ok()
		e := kept.recorded(t, before+i+1)[before+i]
		require.Equal(t, "test-ministry", e.Who.ID)
		require.Equal(t, plainPath, e.Operation)
		require.Equal(t, access.ReadLive, e.Action)
		require.Equal(t, audit.Scope{Extent: access.ExtentOf(access.Ministry, access.ReadLive), Nation: true}, e.Scope)
		require.Equal(t, audit.Allowed, e.Outcome)
	}
	// Closed figures are public, also for him.
	p.get(plainPath, as(access.Ministry)...).ok()
	p.get("/plain?view=live").ok()
	require.Len(t, kept.requests(), before+2)
}

// Without a record nothing is shown: no body, no size, no hash of what would have been there.
func TestNothingIsShownWithoutARecord(t *testing.T) {
	raw := declaration(t)
	repairs := &proving{}
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.Reports, d.Prover = roles{}, filedReports(t, d.Keys, raw), repairs
		config := audit.DefaultConfig()
		config.Patience, config.Retry = 50*time.Millisecond, time.Millisecond
		d.Audit = audit.Start(&refusing{}, d.Keys.AuditKey(), config, slog.New(slog.DiscardHandler))
		t.Cleanup(func() {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_ = d.Audit.Close(ctx)
		})
	})
	path := "/v1/reports/" + reportIDOf(t, raw).String()
	for _, look := range []string{"/revisions/1", "/history", "/diff"} {
		a := p.ask(http.MethodGet, path+look, nil, as(access.Operator, "Accept-Encoding", "gzip")...)
		a.problem(http.StatusServiceUnavailable, "API-128")
		require.NotEmpty(t, a.header.Get("Retry-After"))
		for _, header := range []string{"ETag", "Content-Encoding", "Link", "Vary"} {
			require.Empty(t, a.header.Get(header), header)
		}
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.NotContains(t, string(a.body), "victims")
		require.NotContains(t, string(a.body), "Nguyễn")
	}
	// Nor is anything done.
	p.ask(http.MethodPost, "/v1/proof:repair", []byte(`{"reason":"test"}`), as(access.Operator)...).problem(http.StatusServiceUnavailable, "API-128")
	require.Zero(t, repairs.by)
	// Public data need no record, and who is refused anyhow learns nothing new.
	p.get("/v1/rules").ok()
	p.get(path+"/history").problem(http.StatusUnauthorized, "API-001")
}

// An interface that lets anybody in must have a record.
func TestRecordIsNotOptional(t *testing.T) {
	p, _ := newRecorded(t, declaration(t))
	d := p.deps
	d.Audit = nil
	_, err := New(d, Default())
	require.ErrorContains(t, err, "Audit is missing")
}

// What is done is on record before it is done, and again when it is.
func TestActsAreRecordedBeforeTheyAreDone(t *testing.T) {
	kept := &memory{}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Prover, d.Audit = &proving{}, recordTo(t, kept, d.Keys) })
	a := p.post("/v1/proof:repair", []byte(`{"reason":"test"}`)).ok()
	all := kept.recorded(t, 2)
	for i, outcome := range []audit.Outcome{audit.Begun, audit.Allowed} {
		require.Equal(t, outcome, all[i].Outcome)
		require.Equal(t, "repair", all[i].Operation)
		require.Equal(t, a.header.Get("X-Request-Id"), all[i].RequestID.String())
	}
}

// The name of an act that shares its route with others is its own.
func TestActsOfOneRouteAreToldApart(t *testing.T) {
	p := newSmall(t)
	g := p.server.gates["POST /v1/dead-letters/:id"]
	require.Equal(t, "replay-dead-letter", g.operation("/v1/dead-letters/x:replay"))
	require.Equal(t, "discard-dead-letter", g.operation("/v1/dead-letters/x:discard"))
}

// The log says that somebody was looked at, never who that was.
func TestAuditHoldsNoPersonalText(t *testing.T) {
	raw := declaration(t)
	p, kept := newRecorded(t, raw)
	path := "/v1/reports/" + reportIDOf(t, raw).String()
	const household = "001085012345"
	_, private := reporttest.Divide(raw)
	require.NotEmpty(t, private)
	for _, look := range []string{
		path + "/revisions/1", path + "/history", path + "/diff", "/v1/reports?tax_code=" + household, "/v1/reports?unit=" + household + "/0",
		"/v1/reports/draft?kind=annex_xii&period=2025&tax_code=" + household, "/v1/reports/" + household + "/history", "/v1/obligations?unit=" + household + "/0",
	} {
		p.ask(http.MethodGet, look, nil, as(access.Operator, PurposeHeader, "operation")...)
	}
	require.Greater(t, len(kept.requests()), 5)
	for _, e := range kept.requests() {
		canonical, err := e.Canonical()
		require.NoError(t, err)
		require.NotContains(t, string(canonical), household)
		for pointer, text := range private {
			require.NotContains(t, string(canonical), text, pointer)
		}
	}
	require.True(t, slices.ContainsFunc(kept.requests(), func(e audit.Entry) bool {
		return slices.ContainsFunc(e.On, func(on audit.Touch) bool { return on.Kind == audit.Unit && strings.HasPrefix(on.ID, "hb:") })
	}), "the household is named by its pseudonym")
}

// The log is read and exported over HTTP, and that is on record, too.
func TestReadingTheAuditLog(t *testing.T) {
	st, _ := engine.Store(t)
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.AuditLog, d.Audit = roles{}, st, recordTo(t, st, d.Keys)
		d.AuditKeys = []ed25519.PublicKey{d.Keys.AuditKey().Public().(ed25519.PublicKey)}
	})
	for range 3 {
		p.ask(http.MethodGet, "/v1/audit?limit=1", nil, as(access.Auditor)...).ok()
	}
	p.ask(http.MethodGet, "/v1/audit", nil, as(access.Inspector)...).problem(http.StatusForbidden, "API-085")
	var list AuditList
	require.Eventually(t, func() bool {
		list = read[AuditList](p.ask(http.MethodGet, "/v1/audit?outcome=denied", nil, as(access.Auditor)...).ok())
		return len(list.Entries) == 1
	}, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, access.Inspector, list.Entries[0].Entry.Who.Role)

	// Pages follow one another without a gap.
	seen := map[uint64]bool{}
	next := "/v1/audit?limit=2&operation=read-audit&who=test-auditor"
	for pages := 0; next != "" && pages < 50; pages++ {
		page := read[AuditList](p.ask(http.MethodGet, next, nil, as(access.Auditor)...).ok())
		for _, s := range page.Entries {
			require.False(t, seen[s.Entry.Number])
			seen[s.Entry.Number] = true
		}
		next = page.Next
	}
	require.GreaterOrEqual(t, len(seen), 4)

	a := p.ask(http.MethodGet, "/v1/audit", nil, as(access.Auditor, "Accept", ndjsonType)...).ok()
	a.is(ndjsonType)
	v := audit.NewVerifier(audit.KeysOf(p.deps.AuditKeys...), nil)
	require.NoError(t, v.ReadExport(bytes.NewReader(a.body)))
	result := v.Result()
	require.Empty(t, result.Problems)
	require.Equal(t, 1, result.Chains)
	require.Contains(t, string(a.body), `"id":"export"`, "the export holds the record of itself")
	require.Len(t, read[Keys](p.get("/v1/audit/keys").ok()).Keys, 1)
	_, _, err := st.Audit(access.With(t.Context(), access.Caller{Role: access.Ministry}), store.AuditFilter{Limit: 1})
	require.ErrorIs(t, err, access.ErrDenied)
}

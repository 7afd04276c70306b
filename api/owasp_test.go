package api

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// One test for each item of the OWASP API Security Top 10 of 2023, on one platform with both
// sides' reports in it. Each shows that the platform stands against the risk as a whole; the
// details have tests of their own, see docs/THREATS.md.
func TestOWASP(t *testing.T) {
	w := newWorld(t)
	w.withRoles()
	for _, item := range []struct {
		name string
		test func(*testing.T, *world)
	}{
		{"API1 Broken object level authorization", brokenObjectLevelAuthorization},
		{"API2 Broken authentication", brokenAuthentication},
		{"API3 Broken object property level authorization", brokenObjectPropertyLevelAuthorization},
		{"API4 Unrestricted resource consumption", unrestrictedResourceConsumption},
		{"API5 Broken function level authorization", brokenFunctionLevelAuthorization},
		{"API6 Unrestricted access to sensitive business flows", unrestrictedBusinessFlows},
		{"API7 Server side request forgery", serverSideRequestForgery},
		{"API8 Security misconfiguration", securityMisconfiguration},
		{"API9 Improper inventory management", improperInventory},
		{"API10 Unsafe consumption of APIs", unsafeConsumption},
	} {
		t.Run(item.name, func(t *testing.T) { item.test(t, w.in(t)) })
	}
}

// in is the world for a part of a test.
func (w *world) in(t *testing.T) *world {
	part, base := *w, *w.platform
	base.t, part.platform, part.document.t = t, &base, t
	return &part
}

// limitedRoles are the roles that reach a part of the store only.
func limitedRoles() (roles []access.Role) {
	for _, info := range access.Roles() {
		switch access.ExtentOf(info.Role, access.ReadReports) {
		case access.Own, access.Granted, access.Area, access.Sector:
			roles = append(roles, info.Role)
		}
	}
	return roles
}

// API1:2023. A foreign report, accident or case is answered
// exactly like one that does not exist, whoever asks and whatever he asks of it.
func brokenObjectLevelAuthorization(t *testing.T, w *world) {
	for _, role := range limitedRoles() {
		for _, address := range []string{"/%s", "/%s/revisions/1", "/%s/history", "/%s/diff?from=1&to=1"} {
			foreign := w.as(role, get(reportsPath+address, w.ids[there][kindOf(role)]))
			unknown := w.as(role, get(reportsPath+address, uuid.New()))
			require.Equal(t, http.StatusNotFound, foreign.status, "%s %s: %s", role, address, foreign.body)
			require.Equal(t, withoutInstance(unknown.body), withoutInstance(foreign.body), "%s %s", role, address)
			own := w.as(role, get(reportsPath+address, w.ids[here][kindOf(role)]))
			require.Equal(t, http.StatusOK, own.status, "%s %s: %s", role, address, own.body)
		}
		if !(access.Caller{Role: role}).May(access.ReadCases) {
			continue
		}
		for _, address := range []string{"/%s", "/%s/quick-report"} {
			foreign := w.as(role, get(accidentsPath+address, w.ids[there][report.AccidentDeclaration]))
			unknown := w.as(role, get(accidentsPath+address, uuid.New()))
			require.Equal(t, http.StatusNotFound, foreign.status, "%s %s: %s", role, address, foreign.body)
			require.Equal(t, withoutInstance(unknown.body), withoutInstance(foreign.body), "%s %s", role, address)
		}
	}
	// The receipt of a report is a key to its state, for whoever holds it, and to nothing else.
	receipt := []string{"Receipt", w.tracking[there][report.AnnexXII]}
	status := w.as(access.Public, question{method: http.MethodGet, path: reportsPath + "/" + w.ids[there][report.AnnexXII].String(), headers: receipt})
	require.Equal(t, http.StatusOK, status.status)
	text := w.as(access.Enterprise, question{method: http.MethodGet, path: reportsPath + "/" + w.ids[there][report.AnnexXII].String() + "/history", headers: receipt})
	require.Equal(t, http.StatusNotFound, text.status)
}

var instance = regexp.MustCompile(`"instance":"[^"]*"`)

// withoutInstance is an answer without the name of its request.
func withoutInstance(body []byte) string { return instance.ReplaceAllString(string(body), "") }

// Lists without a filter hold what is in one's scope and nothing else.
func TestListsHoldOnlyOnesScope(t *testing.T) {
	w := newWorld(t)
	w.withRoles()
	foreign := []string{"0300588569", "0315551233", "26734", `"code":"79"`}
	for _, id := range w.ids[there] {
		foreign = append(foreign, id.String())
	}
	for _, role := range limitedRoles() {
		for _, path := range []string{reportsPath + "?limit=500", "/v1/investigations?limit=200"} {
			a := w.as(role, get("%s", path))
			if a.status == http.StatusForbidden {
				continue
			}
			require.Equal(t, http.StatusOK, a.status, "%s %s: %s", role, path, a.body)
			for _, text := range foreign {
				require.False(t, bytes.Contains(a.body, []byte(text)), "%s %s holds %s", role, path, text)
			}
		}
		list := read[FiledList](w.as(role, get("%s?limit=500", reportsPath)))
		require.NotEmpty(t, list.Reports, role)
	}
}

// API2:2023. What is no token of the platform is refused everywhere, also
// where none is needed, and nothing says why. The attacks on tokens are in package identity.
func brokenAuthentication(t *testing.T, w *world) {
	presented := []string{
		"Bearer", "Bearer ", "Bearer x", "Bearer " + w.token + "x", "Bearer " + w.token[:len(w.token)-1], "Basic " + w.token, "bearer\t" + w.token,
		"Bearer " + strings.ToUpper(w.token), "Bearer null", "Bearer undefined", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer " + strings.Repeat("a", 12_000),
	}
	for id, ask := range w.probes() {
		q := ask(access.Public, here)
		for _, authorization := range presented {
			a := w.ask(q.method, q.path, q.body, append([]string{"Authorization", authorization}, q.headers...)...)
			require.Contains(t, []int{http.StatusUnauthorized, http.StatusTooManyRequests}, a.status, "%s %q", id, authorization)
			require.NotContains(t, string(a.body), w.token)
		}
	}
}

// API3:2023. Who may read a report but not the
// persons in it gets it without them, in every kind; who may not, cannot set members that the
// platform sets.
func brokenObjectPropertyLevelAuthorization(t *testing.T, w *world) {
	for kind, id := range w.ids[here] {
		_, private := reporttest.Divide(w.raw[here][kind])
		for _, role := range []access.Role{access.Ministry, access.SectorMinistry, access.ZoneBoard} {
			for _, address := range []string{"/%s/revisions/1", "/%s/history", "/%s/diff?from=1&to=1"} {
				a := w.as(role, get(reportsPath+address, id))
				for pointer, text := range private {
					if role == access.Ministry && strings.Contains(text, " ") && len(text) > 30 {
						continue // a narrative, blanked
					}
					require.False(t, len(text) > 5 && bytes.Contains(a.body, []byte(text)), "%s %s %s shows %s", role, kind, address, pointer)
				}
			}
		}
	}
	for _, member := range []string{"submitted_by", "received_at", "stored_at", "tracking_number", "role", "stat_year", "unit", "sealed", "version"} {
		a := w.as(access.Enterprise, post(reportsPath, reporttest.Set(w.raw[here][report.AnnexXII], "/"+member, `"2020"`)))
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%s: %s", member, a.body)
	}
}

// API4:2023. Every list has a longest page, every body a
// largest size; rates are limited, see TestRate….
func unrestrictedResourceConsumption(t *testing.T, w *world) {
	for path, item := range w.document.at("paths").(map[string]any) {
		for _, op := range item.(map[string]any) {
			for _, p := range parametersOf(op) {
				if p["name"] == "limit" {
					most, err := strconv.Atoi(fmt.Sprint(p["schema"].(map[string]any)["maximum"]))
					require.NoError(t, err, path)
					require.LessOrEqual(t, most, 1000, path)
				}
			}
		}
	}
	w.post(reportsPath, bytes.Repeat([]byte(" "), report.MaxBytes+1)).problem(http.StatusRequestEntityTooLarge, "API-004")
	for _, path := range []string{deadLettersPath + "/" + w.epoch.String() + ".0.1:discard", "/v1/receipts/verify"} {
		a := w.post(path, bytes.Repeat([]byte(" "), 4<<20))
		require.Contains(t, []int{http.StatusRequestEntityTooLarge, http.StatusBadRequest}, a.status, "%s: %s", path, a.body)
	}
}

func parametersOf(op any) (all []map[string]any) {
	parameters, _ := op.(map[string]any)["parameters"].([]any)
	for _, p := range parameters {
		all = append(all, p.(map[string]any))
	}
	return all
}

// API5:2023. Whom the policy denies an action is refused at
// each of its addresses, with whatever method and however the address is written.
func brokenFunctionLevelAuthorization(t *testing.T, w *world) {
	probes := w.probes()
	for _, item := range w.document.at("paths").(map[string]any) {
		for _, value := range item.(map[string]any) {
			op := value.(map[string]any)
			action, id := access.Action(op["x-action"].(string)), op["operationId"].(string)
			for _, info := range access.Roles() {
				if (access.Caller{Role: info.Role}).May(action) || action == access.ReadStatus {
					continue
				}
				want := http.StatusForbidden
				if info.Role == access.Public {
					want = http.StatusUnauthorized
				}
				q := probes[id](info.Role, here)
				require.Equal(t, want, w.as(info.Role, q).status, "%s %s", info.Role, id)
				for _, path := range []string{"/" + q.path, strings.Replace(q.path, "/v1/", "/V1/", 1), strings.Replace(q.path, "/v1/", "/v1/./", 1), q.path + "/"} {
					a := w.as(info.Role, question{method: q.method, path: path, body: q.body, headers: q.headers})
					require.GreaterOrEqual(t, a.status, http.StatusBadRequest, "%s %s", info.Role, path)
				}
				a := w.as(info.Role, question{method: http.MethodPost, path: q.path, body: q.body, headers: append(q.headers, "X-HTTP-Method-Override", "GET")})
				require.GreaterOrEqual(t, a.status, http.StatusBadRequest, "%s %s", info.Role, id)
			}
		}
	}
}

// API6:2023. Filing again and again gains
// nothing: one report, one receipt; and nobody files for somebody else.
func unrestrictedBusinessFlows(t *testing.T, w *world) {
	raw := reporttest.Set(w.raw[here][report.AnnexXII], "/content/period", `"2025H1"`)
	first := w.as(access.Enterprise, post(reportsPath, raw))
	require.Equal(t, http.StatusAccepted, first.status, string(first.body))
	for range 5 {
		again := w.as(access.Enterprise, post(reportsPath, raw))
		require.Equal(t, http.StatusAccepted, again.status)
		require.Equal(t, read[Acceptance](first).TrackingNumber, read[Acceptance](again).TrackingNumber)
	}
	for _, role := range limitedRoles() {
		if (access.Caller{Role: role}).May(access.File) {
			a := w.as(role, post(reportsPath, reporttest.Set(w.raw[there][report.AnnexXII], "/content/period", `"2025H1"`)))
			require.Equal(t, http.StatusForbidden, a.status, "%s: %s", role, a.body)
		}
	}
}

// API7:2023. Nothing that a caller writes makes the platform call an
// address: not a key's address in a token, not a link in a report or a receipt.
func serverSideRequestForgery(t *testing.T, w *world) {
	var calls atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer trap.Close()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("k", 32))}, (&jose.SignerOptions{}).
		WithHeader("jku", trap.URL).WithHeader("x5u", trap.URL).WithHeader("kid", trap.URL))
	require.NoError(t, err)
	signed, err := signer.Sign(fmt.Appendf(nil, `{"iss":%q,"aud":"atvsld","role":"operator"}`, trap.URL))
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	w.ask(http.MethodGet, "/v1/rules", nil, "Authorization", "Bearer "+token).problem(http.StatusUnauthorized, "API-001")
	linked := bytes.ReplaceAll(declaration(t), []byte("Công trường cầu Đuống"), []byte(trap.URL))
	w.accept(linked)
	for _, header := range []string{"Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "Referer", "Origin"} {
		w.ask(http.MethodGet, "/v1/rules", nil, header, trap.URL)
	}
	require.Zero(t, calls.Load())
}

// API8:2023. Every answer carries the headers that browsers need to be
// strict; methods that nobody needs are refused; errors tell nothing of the inside.
func securityMisconfiguration(t *testing.T, w *world) {
	inside := regexp.MustCompile(`(?i)\.go:\d|goroutine|DB::Exception|SELECT |panic|/home/|/root/|clickhouse|kafka\.`)
	for id, ask := range w.probes() {
		q := ask(access.Public, here)
		a := w.ask(q.method, q.path, q.body, append([]string{"Authorization", ""}, q.headers...)...)
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"), id)
		require.Equal(t, "DENY", a.header.Get("X-Frame-Options"), id)
		require.Contains(t, a.header.Get("Content-Security-Policy"), "script-src 'none'", id)
		require.Empty(t, a.header.Get("Access-Control-Allow-Origin"), id)
		require.Empty(t, a.header.Get("Server"), id)
		if a.status >= http.StatusBadRequest {
			require.NotRegexp(t, inside, string(a.body), id)
		}
	}
	for _, method := range []string{http.MethodTrace, http.MethodConnect, http.MethodPut, http.MethodDelete, http.MethodPatch, "DEBUG"} {
		require.GreaterOrEqual(t, rawStatus(t, w.url, method+" /v1/rules HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 400, method)
	}
}

// rawStatus sends bytes as they are and returns the status of the answer.
func rawStatus(t *testing.T, url, request string) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.Write([]byte(request))
	require.NoError(t, err)
	var status int
	_, err = fmt.Fscanf(conn, "HTTP/1.1 %d", &status)
	require.NoError(t, err)
	return status
}

// API9:2023. What is bound under /v1 is in the OpenAPI document,
// and the other way round; there is one version, and it says which build it is.
func improperInventory(t *testing.T, w *world) {
	documented := map[string]bool{}
	for path, item := range w.document.at("paths").(map[string]any) {
		for method := range item.(map[string]any) {
			documented[strings.ToUpper(method)+" "+pathParameter.ReplaceAllString(path, ":$1")] = true
		}
	}
	bound := map[string]bool{}
	for _, route := range w.server.engine.Routes() {
		name := route.Method + " " + strings.ReplaceAll(route.Path, `\:`, ":")
		bound[name] = true
		if strings.HasPrefix(route.Path, "/v1") {
			require.True(t, documented[name], "%s is not in the document", name)
		}
	}
	for name := range documented {
		require.True(t, bound[name], "%s is not bound", name)
	}
	require.NotEmpty(t, w.document.at("info", "version"))
}

// API10:2023. What comes from others (integrators' messages, an
// identity provider's keys, files of the operator) is treated like what comes from anybody:
// TestHostileInbox…, TestKeySetOfAnIssuerIsBounded; here the platform's own answers, read back.
func unsafeConsumption(t *testing.T, w *world) {
	raw := reporttest.Set(fresh(t, report.AccidentDeclaration), "/content/summary", `"=HYPERLINK(\"http://x\") <script>alert(1)</script> ${jndi:ldap://x} '; DROP TABLE report_log; --"`)
	accepted := w.accept(raw)
	w.ask(http.MethodGet, accepted.StatusURL, nil, "Prefer", "wait=30").ok()
	a := w.ask(http.MethodGet, accepted.StatusURL+"/revisions/1", nil).ok()
	a.is(jsonType)
	require.Contains(t, string(read[FiledRevision](a).Submission), "DROP TABLE")
	require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
}

package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// What stands around a submission is read whole or refused with findings, and a refusal
// is one that can be written.
func FuzzFiling(f *testing.F) {
	f.Add("dry_run=true", "k", jsonType, "")
	f.Add("dry_run=true&dry_run=false", "", "application/json; charset=utf-8", "identity")
	f.Add("dry_run=true;x=1&%zz", "khóa", "text/plain", "gzip")
	f.Fuzz(func(t *testing.T, query, key, mediaType, encoding string) {
		r := &http.Request{Header: http.Header{"Idempotency-Key": {key}, "Content-Type": {mediaType}, "Content-Encoding": {encoding}}}
		r.URL = httptest.NewRequest(http.MethodPost, "/v1/reports", nil).URL
		r.URL.RawQuery = query
		ask, problem := readFiling(r, jsonType)
		if problem == nil {
			require.True(t, printable(ask.key))
			return
		}
		require.Equal(t, filing{}, ask)
		require.NotEmpty(t, problem.Errors)
	})
}

func FuzzPrefer(f *testing.F) {
	f.Add("wait=10")
	f.Add("respond-async, WAIT = 99999999999999999999 ,wait=-1")
	f.Fuzz(func(t *testing.T, prefer string) {
		wait := preferredWait(prefer)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		require.LessOrEqual(t, wait, maxPreferWait)
	})
}

func FuzzAreas(f *testing.F) {
	f.Add("34:01,VN,01,:")
	f.Fuzz(func(t *testing.T, text string) {
		texts := strings.Split(text, ",")
		areas, findings := readAreas(texts)
		require.Len(t, texts, len(areas)+len(findings))
		for _, finding := range findings {
			require.Equal(t, ruleArea.code, finding.Code)
			require.LessOrEqual(t, utf8.RuneCountInString(finding.Value), 100)
		}
	})
}

// What an officer decides is within its limits, or refused.
func FuzzDecision(f *testing.F) {
	f.Add([]byte(`{"reason":"đã gọi điện","by":"An"}`))
	f.Add([]byte(`{"reason":"\u202e","by":`))
	f.Fuzz(func(t *testing.T, body []byte) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/v1/dead-letters/x:replay", strings.NewReader(string(body)))
		c.Request.Header.Set("Content-Type", jsonType)
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callKey{}, &call{by: access.Caller{ID: identity.LocalID, Role: access.Operator}}))
		decision, problem := readDecision(c)
		if problem == nil {
			require.Empty(t, decision.Wrong())
		}
	})
}

// Headers that name tags and codings match what they name and nothing else.
func FuzzCacheHeaders(f *testing.F) {
	f.Add(`W/"a", "b"`, "gzip;q=0, br")
	f.Add(`*`, "gzip")
	f.Fuzz(func(t *testing.T, ifNoneMatch, accept string) {
		if matches(ifNoneMatch, `"tag"`) {
			require.True(t, strings.Contains(ifNoneMatch, `"tag"`) || strings.Contains(ifNoneMatch, "*"))
		}
		if takesGzip(accept) {
			require.Contains(t, strings.ToLower(accept), "gzip")
		}
	})
}

// Whatever is asked is answered: with what was asked, or with a problem in JSON, but
// never with a fault of the platform.
func FuzzQuestion(f *testing.F) {
	keys, err := seal.Open(filepath.Join(f.TempDir(), "keys"))
	require.NoError(f, err)
	s, err := New(Deps{Keys: keys, Seeds: seeds.Default(), Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}, Default())
	require.NoError(f, err)
	for _, path := range []string{"/v1/dictionary?kind=annex_xii", "/v1/codelists/provinces", "/v1/reports/x?wait=1", "/v1/receipts/verify?receipt=eyJ9",
		"/v1/indicators/A1/series?by=province&area=01", "/v1/attainment?year=x", "/v1/dead-letters?cursor=1.2", "/%2e%2e/?a=%zz"} {
		f.Add(path, "Bearer x")
	}
	f.Add("/v1/attainment?\xff", "")
	f.Fuzz(func(t *testing.T, path, authorization string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		r.URL.Path = "/" + strings.TrimPrefix(path, "/")
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		s.engine.ServeHTTP(w, r)
		require.NotEqual(t, http.StatusInternalServerError, w.Code, w.Body.String())
		if w.Code >= http.StatusBadRequest && strings.HasPrefix(w.Header().Get("Content-Type"), problemType) {
			var p Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
			require.True(t, len(p.Errors) > 0 && p.Errors[0].Severity == report.Error)
		}
	})
}

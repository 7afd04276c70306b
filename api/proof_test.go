package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/proof"
)

// proving answers with what it is told to have found, and remembers what was asked.
type proving struct {
	found proof.Report
	err   error
	takes time.Duration
	asked proof.Request
	by    deadletter.Decision
}

func (p *proving) Repair(ctx context.Context, by deadletter.Decision) (proof.Repaired, error) {
	p.by = by
	select {
	case <-ctx.Done():
		return proof.Repaired{}, ctx.Err()
	case <-time.After(p.takes):
	}
	return proof.Repaired{Drifting: 3, Mended: 2, Remaining: 1, Drifts: []store.Drift{{Logged: []store.Copy{}, Current: []store.Copy{}}}}, p.err
}

func (p *proving) Verify(ctx context.Context, r proof.Request) (proof.Report, error) {
	p.asked = r
	select {
	case <-ctx.Done():
		return proof.Report{}, ctx.Err()
	case <-time.After(p.takes):
	}
	return p.found, p.err
}

func TestProofIsForHoldersOfTheToken(t *testing.T) {
	proves := &proving{found: proof.Report{Totals: proof.Totals{Missing: 3}}}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Prover = proves })
	require.Equal(t, http.StatusUnauthorized, p.ask(http.MethodGet, "/v1/proof", nil, "Authorization", "").status)

	answer := read[Proof](p.ask(http.MethodGet, "/v1/proof?partition=2&from=5&to=9&figures=true", nil).ok())
	require.Equal(t, uint64(3), answer.Totals.Missing)
	require.Equal(t, 2, *proves.asked.Partition)
	require.Equal(t, int64(5), *proves.asked.From)
	require.Equal(t, int64(9), *proves.asked.To)
	require.True(t, proves.asked.Figures)
	p.ask(http.MethodGet, "/v1/proof", nil).ok()
	require.Equal(t, proof.Request{}, proves.asked)

	proves.err = fmt.Errorf("%w: partition 9 of clickhouse://user:password@host", proof.ErrRequest)
	refused := p.ask(http.MethodGet, "/v1/proof?partition=9", nil)
	require.Equal(t, http.StatusUnprocessableEntity, refused.status)
	require.NotContains(t, string(refused.body), "password")
	require.Equal(t, http.StatusNotImplemented, newSmall(t).ask(http.MethodGet, "/v1/proof", nil).status)
}

// A verification may take longer than reading and writing any other request.
func TestProofTakesItsTime(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Prover = &proving{takes: time.Second} })
	server := httptest.NewUnstartedServer(p.server.Handler())
	server.Config.ReadTimeout, server.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	p.url = server.URL
	p.ask(http.MethodGet, "/v1/proof", nil).ok()
	p.post("/v1/proof:repair", []byte(`{"reason":"x"}`)).ok()
}

// A repair takes the token, and the name and reason that go on record.
func TestRepairIsForHoldersOfTheToken(t *testing.T) {
	proves := &proving{}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Prover = proves })
	const path = "/v1/proof:repair"
	p.post(path, []byte(`{"reason":"x"}`), "Authorization", "").problem(http.StatusUnauthorized, "API-001")
	p.post(path, []byte(`{"reason":" "}`)).problem(http.StatusUnprocessableEntity, "API-041")
	p.post(path, []byte(`{"why":"x"}`)).problem(http.StatusBadRequest, "API-040")
	p.post(path+"?by=me", []byte(`{"reason":"x"}`)).problem(http.StatusUnprocessableEntity, "API-007")
	require.Zero(t, proves.by, "nothing was repaired")

	done := read[Repaired](p.post(path, []byte(`{"reason":" mất điện","by":"Trần Thị B"}`)).ok())
	require.Equal(t, []uint64{3, 2, 1}, []uint64{done.Drifting, done.Mended, done.Remaining})
	require.Equal(t, "Trần Thị B", proves.by.By)
	require.Equal(t, "mất điện", proves.by.Reason)
	require.NotEmpty(t, proves.by.Principal)

	proves.err = errors.New("clickhouse://user:password@host")
	refused := p.post(path, []byte(`{"reason":"x"}`))
	refused.problem(http.StatusServiceUnavailable, "API-017")
	require.NotContains(t, string(refused.body), "password")
	newSmall(t).post(path, []byte(`{"reason":"x"}`)).problem(http.StatusNotImplemented, "API-016")
}

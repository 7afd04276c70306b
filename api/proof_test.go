package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/proof"
)

// proving answers with what it is told to have found, and remembers what was asked.
type proving struct {
	found proof.Report
	err   error
	takes time.Duration
	asked proof.Request
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
}

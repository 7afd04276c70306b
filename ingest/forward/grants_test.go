package forward_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/forward"
	"atvsld/ingest/grant"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

func limited(c *forward.Config) { c.Unlimited = []string{"b"} }

func (l *line) grant(units ...string) []store.Grant {
	l.t.Helper()
	made, err := grant.New(l.store).Make(access.System(l.t.Context()), store.Grant{
		Grantee: "software:a", Rights: []access.Right{access.RightFile}, ValidFrom: time.Now().Add(-time.Minute), By: "A", Principal: "local",
	}, units)
	require.NoError(l.t, err)
	return made
}

// An integrator files for nobody until units grant it to, and not any more once they end
// it. It is told by the codes that filing over HTTP is told by.
func TestIntegratorsFileForWhoGrantedIt(t *testing.T) {
	l := newLine(t)
	stop := l.start(l.gateway(l.store), limited)
	l.startSink()
	whole, key := reporttest.Valid(report.AnnexXII), keyOf(report.AnnexXII)
	commune, communeKey := reporttest.Valid(report.CommuneReport), keyOf(report.CommuneReport)
	b := sender("b", l.keys)
	l.send(l.sender.Message("1", key, whole), l.sender.Message("1c", communeKey, commune), b.Message("1", communeKey, commune))
	for _, o := range l.outcomes("a", 2) {
		require.Equal(t, forward.Forbidden, o.State, o.codes())
		require.Nil(t, o.Receipt)
		require.Contains(t, o.codes(), "GWY-025")
		require.Equal(t, o.Cause.ID == "1c", slices.Contains(o.codes(), "GWY-020"), "software files for no commune: %v", o.codes())
	}
	require.Equal(t, forward.Accepted, l.outcomes("b", 1)[0].State, "the operator trusts it")

	made := l.grant("0100109106")
	stop() // the next one has read nothing
	stop = l.start(l.gateway(l.store), limited)
	l.send(l.sender.Message("2", key, whole), l.sender.Message("2c", communeKey, commune))
	accepted, refused := l.byID("a", 4)["2"], l.byID("a", 4)["2c"]
	require.Equal(t, forward.Accepted, accepted.State, accepted.codes())
	require.Equal(t, forward.Forbidden, refused.State)
	require.ElementsMatch(t, []string{"GWY-020", "GWY-021"}, refused.codes())
	require.Equal(t, forward.PrincipalOf("a"), l.submittedBy(accepted))

	_, err := grant.New(l.store).End(access.System(t.Context()), made[0].ID(), "A", "local", "")
	require.NoError(t, err)
	stop()
	l.start(l.gateway(l.store), limited)
	withdrawn := fmt.Appendf(nil, `{"kind":"annex_xii","report_id":%q,"revision":2,"withdrawn":true,"reason":"x"}`, accepted.ReportID)
	l.send(l.sender.Message("3", key, withdrawn))
	ended := l.byID("a", 5)["3"]
	require.Equal(t, forward.Stale, ended.State, "as if it were not on file: %v", ended.codes())
	require.Zero(t, ended.CurrentRevision)
}

func (l *line) byID(integrator string, n int) map[string]answered {
	l.t.Helper()
	all := map[string]answered{}
	for _, o := range l.outcomes(integrator, n) {
		all[o.Cause.ID] = o
	}
	return all
}

func (l *line) submittedBy(o answered) string {
	l.t.Helper()
	l.revisions(*o.ReportID, 1)
	filed, err := l.store.Filings(access.System(l.t.Context()), *o.ReportID, 1, 1, 1)
	require.NoError(l.t, err)
	return filed[0].SubmittedBy
}

// While nobody can tell for whom an integrator may file, its messages wait: they are
// neither filed nor refused.
func TestUnknownGrantsAreWaitedFor(t *testing.T) {
	l := newLine(t)
	l.grant("0100109106")
	desk := grant.New(l.store)
	var down atomic.Bool
	down.Store(true)
	var asked atomic.Int64
	c := forward.Default()
	c.Brokers, c.Integrators, c.Partitions = queue.At(l.brokers...), []string{"a"}, partitions
	f, err := forward.New(c, forward.Deps{
		Gateway: l.gateway(l.store), Keys: l.keys, Log: l.logger(), Registry: prometheus.NewRegistry(),
		Grants: func(ctx context.Context, grantee string) (access.Grants, error) {
			asked.Add(1)
			if down.Load() {
				return access.Grants{File: []string{"0100109106"}}, errors.New("down")
			}
			return desk.Of(ctx, grantee)
		},
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	l.send([]kafka.Message{l.sender.Message("1", keyOf(report.AnnexXII), reporttest.Valid(report.AnnexXII))}...)
	require.Eventually(t, func() bool { return asked.Load() > 2 }, time.Minute, 10*time.Millisecond)
	down.Store(false)
	o := l.outcomes("a", 1)
	require.Len(t, o, 1)
	require.Equal(t, forward.Accepted, o[0].State, o[0].codes())
}

func TestWhoIsUnlimitedIsAnIntegrator(t *testing.T) {
	c := forward.Default()
	c.Brokers, c.Integrators, c.Partitions, c.Unlimited = queue.At("localhost:9092"), []string{"a"}, 1, []string{"x"}
	require.ErrorContains(t, c.Validate(), `"x" files for everybody`)
	c.Unlimited = nil
	require.NoError(t, c.Validate())
	_, err := forward.New(c, forward.Deps{Registry: prometheus.NewRegistry()})
	require.ErrorContains(t, err, "for whom")
}

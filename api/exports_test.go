package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// held answers exports when it is let go.
type held struct {
	AuditLog
	begun, free chan struct{}
}

func (h *held) wait() {
	h.begun <- struct{}{}
	<-h.free
}

func (h *held) Mentions(context.Context, []string) ([]uuid.UUID, error) {
	h.wait()
	return nil, nil
}

func (h *held) ExportAudit(context.Context, func(*audit.Signed) error) error {
	h.wait()
	return nil
}

func (*held) Audit(context.Context, store.AuditFilter) ([]audit.Signed, bool, error) {
	return nil, false, nil
}

// Exports read a whole log each: two of a kind run at once, the next is told to come again,
// and a place that becomes free is given.
func TestExportsAreBounded(t *testing.T) {
	h := &held{begun: make(chan struct{}, 10), free: make(chan struct{})}
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.Persons, d.AuditLog = roles{}, h, h
		d.Reports = filedReports(t, d.Keys, declaration(t))
	})
	asks := []func() answer{
		func() answer {
			return p.ask(http.MethodPost, personsPath, []byte(`{"citizen_number":"001085012345"}`),
				as(access.Operator, PurposeHeader, "request_of_person", "Content-Type", jsonType)...)
		},
		func() answer {
			return p.ask(http.MethodGet, auditPath, nil, as(access.Auditor, "Accept", ndjsonType)...)
		},
	}
	var running sync.WaitGroup
	statuses := make(chan int, 2*len(asks))
	for _, ask := range asks {
		for range maxExports {
			running.Go(func() { statuses <- ask().status })
			<-h.begun
		}
		refused := ask()
		refused.problem(http.StatusServiceUnavailable, "API-129")
		require.NotEmpty(t, refused.header.Get("Retry-After"))
		require.NotContains(t, refused.header.Get("Content-Disposition"), "audit.ndjson")
	}
	close(h.free)
	running.Wait()
	for range 2 * len(asks) {
		require.Equal(t, http.StatusOK, <-statuses)
	}
	for _, ask := range asks {
		require.Equal(t, http.StatusOK, ask().status)
	}
	// A page of the log is no export.
	require.Equal(t, http.StatusOK, p.ask(http.MethodGet, auditPath, nil, as(access.Auditor)...).status)
}

// A software may have very many units: it is told how many, and the first of them.
func TestMyselfIsBounded(t *testing.T) {
	who := &anybody{access.Caller{ID: "misa", Role: access.Software}}
	for i := range 100_000 {
		who.by.Units = append(who.by.Units, fmt.Sprintf("%010d", i))
	}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Identity = who })
	a := p.ask(http.MethodGet, "/v1/access/me", nil).ok()
	me := read[Myself](a)
	require.Equal(t, 100_000, me.UnitCount)
	require.Equal(t, who.by.Units[:1000], me.Units)
	require.Less(t, len(a.body), 50_000)
	who.by.Units = who.by.Units[:2]
	me = read[Myself](p.ask(http.MethodGet, "/v1/access/me", nil).ok())
	require.Equal(t, 2, me.UnitCount)
	require.Equal(t, who.by.Units, me.Units)
}

// Rows that the caller may not file are on record, once for a batch, with how many they were.
func TestForbiddenRowsAreOnRecord(t *testing.T) {
	kept := &memory{}
	who := &anybody{access.Caller{ID: "a", Role: access.Enterprise, Units: []string{unitA}}}
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.Audit = who, recordTo(t, kept, d.Keys)
		d.Gateway = newGateway(t, d.Keys, nil, nil)
	})
	foreign, own := oneLine(annexOf(unitB))+"\n", oneLine(annexOf(unitA))+"\n"
	got, _ := p.batch("/v1/reports:batch?dry_run=true", strings.NewReader(own))
	require.Equal(t, "accepted", got.rows[0].State)
	got, a := p.batch("/v1/reports:batch?dry_run=true", strings.NewReader(foreign+own+foreign+foreign))
	require.Equal(t, 3, got.summary.States["forbidden"])
	e := kept.recorded(t, 1)[0]
	require.Equal(t, audit.Denied, e.Outcome)
	require.EqualValues(t, http.StatusForbidden, e.Status)
	require.Equal(t, "a", e.Who.ID)
	require.Equal(t, "file-reports", e.Operation)
	require.Equal(t, access.File, e.Action)
	require.Equal(t, a.header.Get("X-Request-Id"), e.RequestID.String())
	require.Equal(t, []audit.Touch{{Kind: audit.Rows, ID: "3", Fields: []string{}}}, e.On)
}

// A dry run tells of the report of the year before: whoever sees it by an area or by a grant
// is on record, the unit itself is not.
func TestLookingAtTheYearBeforeIsOnRecord(t *testing.T) {
	kept := &memory{}
	who := &anybody{}
	var past *store.LatestRevision
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Identity, d.Audit = who, recordTo(t, kept, d.Keys)
		d.Gateway = newGateway(t, d.Keys, nil, nil)
		d.Gateway.Past = func(context.Context, uuid.UUID) (*store.LatestRevision, error) { return past, nil }
	})
	now, _, err := report.Decode(annexOf(unitA))
	require.NoError(t, err)
	id, ok := now.PreviousID()
	require.True(t, ok)
	before, _, err := report.Decode(reporttest.Set(annexOf(unitA), "/content/period", `"2024"`))
	require.NoError(t, err)
	_, err = before.Strip(func(domain, value string) report.Pseudonym {
		return report.Pseudonym(p.deps.Keys.Pseudonym(domain, value))
	})
	require.NoError(t, err)
	content, err := marshal(before.Content)
	require.NoError(t, err)
	past = &store.LatestRevision{Kind: "annex_xii", Revision: 4, Payload: content}
	look := func(by access.Caller) {
		t.Helper()
		who.by = by
		a := p.post("/v1/reports?dry_run=true", reporttest.Set(annexOf(unitA), "/content/workers/total", "1400")).ok()
		require.Contains(t, codes(read[DryRun](a).Warnings), "AXII-060")
	}
	unit := []string{unitA}
	look(access.Caller{ID: "own", Role: access.Enterprise, Units: unit})
	require.Empty(t, kept.requests())
	for i, by := range []access.Caller{
		{ID: "local", Role: access.Operator, Nation: true},
		access.Caller{ID: "misa", Role: access.Software}.With(access.Grants{File: unit, Read: unit}),
	} {
		look(by)
		e := kept.recorded(t, i+1)[i]
		require.Equal(t, by.ID, e.Who.ID)
		require.Equal(t, "file-report", e.Operation)
		require.Equal(t, access.ReadReports, e.Action)
		require.Equal(t, audit.Allowed, e.Outcome)
		require.Equal(t, []audit.Touch{{Kind: audit.Report, ID: id.String(), Revision: 4, Fields: []string{}}}, e.On)
	}
	past = nil
	who.by = access.Caller{ID: "local", Role: access.Operator, Nation: true}
	p.post("/v1/reports?dry_run=true", annexOf(unitA)).ok()
	require.Len(t, kept.requests(), 2, "where there is none nothing is shown")
}

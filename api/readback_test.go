package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
)

// filings stands for a store that holds two revisions of one declaration.
type filings struct {
	all  []store.Filing
	last store.ReportFilter
}

func filedReports(t *testing.T, keys *seal.Keys, raw []byte) *filings {
	t.Helper()
	f := &filings{}
	for revision := uint32(2); revision >= 1; revision-- {
		s, _, err := report.Decode(raw)
		require.NoError(t, err)
		_, err = s.Strip(func(domain, value string) report.Pseudonym { return report.Pseudonym(keys.Pseudonym(domain, value)) })
		require.NoError(t, err)
		content, err := json.Marshal(s.Content)
		require.NoError(t, err)
		filing := store.Filing{Kind: string(s.Kind), StatYear: 2026, Unit: "0100109106/0", SubmittedBy: identity.LocalID, Payload: content,
			EnteredAt: reporttest.Now()}
		filing.Revision, filing.ReceivedAt = revision, reporttest.Now()
		sha, err := report.SHA256(raw)
		require.NoError(t, err)
		filing.SHA256, filing.Tracking = keys.Mark(sha), "TN-1"
		filing.Sealed, filing.SealedKey, err = keys.Seal(seal.Slot{Year: 2026}, report.Pack(raw, content, nil), seal.AAD(s.ReportID, revision))
		require.NoError(t, err)
		f.all = append(f.all, filing)
	}
	return f
}

func (f *filings) Filings(_ context.Context, _ uuid.UUID, low, high uint32, limit int) ([]store.Filing, error) {
	found := slices.DeleteFunc(slices.Clone(f.all), func(one store.Filing) bool { return one.Revision < low || one.Revision > high })
	return found[:min(limit, len(found))], nil
}

func (f *filings) Reports(_ context.Context, filter store.ReportFilter) ([]store.ListedReport, bool, error) {
	f.last = filter
	return []store.ListedReport{{Kind: "annex_xii", ReportID: uuid.New(), Revision: 1, FiledAt: reporttest.Now(), ProvinceList: "34", ProvinceCode: "01"}}, true, nil
}

func (*filings) Declared(context.Context, string, int, int) ([]store.Declared, error) {
	return nil, nil
}

// A household is asked for by its pseudonym, and never by its number, which is a citizen's.
func TestHouseholdsAreListedByPseudonym(t *testing.T) {
	const number = "001085012345"
	kept := &filings{}
	p := newSmall(t, func(d *Deps, _ *Config) { d.Reports = kept })
	for _, query := range []string{"?tax_code=" + number, "?unit=" + number, "?unit=" + number + "/0", "?tax_code=" + number + "&site=2", "/draft?kind=annex_xii&period=2025&tax_code=" + number} {
		a := p.ask(http.MethodGet, reportsPath+query, nil)
		a.problem(http.StatusUnprocessableEntity, "API-101")
		require.NotContains(t, string(a.body)+p.logged(), number)
		require.Zero(t, kept.last, "nothing is looked for")
	}
	household := string(report.HouseholdCode(number, p.server.pseudonym))
	for _, query := range []string{"tax_code=" + household, "unit=" + household + "/0", "tax_code=" + household + "&site=2"} {
		a := p.ask(http.MethodGet, reportsPath+"?"+query, nil).ok()
		asked := kept.last
		require.Contains(t, asked.Unit+asked.UnitPrefix, "hb:")
		// The link asks for the same.
		next := read[FiledList](a).Next
		require.Equal(t, "<"+next+`>; rel="next"`, a.header.Get("Link"))
		p.ask(http.MethodGet, next, nil).ok()
		require.Equal(t, asked.Unit+asked.UnitPrefix, kept.last.Unit+kept.last.UnitPrefix)
		require.NotNil(t, kept.last.After)
	}
	bad := p.ask(http.MethodGet, reportsPath+"?kind=x&tax_code="+number, nil)
	require.Equal(t, http.StatusUnprocessableEntity, bad.status)
	require.NotContains(t, string(bad.body)+p.logged(), number)
}

// A process without keys or without the store offers none of it.
func TestReadingBackNeedsStoreAndKeys(t *testing.T) {
	p := newSmall(t)
	for _, path := range []string{"", "/" + uuid.NewString() + "/history", "/" + uuid.NewString() + "/diff", "/" + uuid.NewString() + "/revisions/1",
		"/draft?kind=annex_xii&tax_code=0100109106&period=2025"} {
		p.ask(http.MethodGet, reportsPath+path, nil).problem(http.StatusNotImplemented, "API-016")
		p.get(reportsPath+path).problem(http.StatusUnauthorized, "API-001")
	}
}

func TestPagesOfReports(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	var ids []uuid.UUID
	for range 5 {
		accepted := p.accept(declaration(t))
		ids = append(ids, accepted.ReportID)
		p.awaitStored(accepted)
	}
	var got []uuid.UUID
	next := reportsPath + "?limit=2&kind=accident_declaration,annex_xii&province=34:24&tax_code=0100109106&year=2026"
	for pages := 0; next != ""; pages++ {
		require.Less(t, pages, 3)
		page := read[FiledList](p.ask(http.MethodGet, next, nil).ok())
		for _, r := range page.Reports {
			got = append(got, r.ReportID)
		}
		next = page.Next
	}
	require.ElementsMatch(t, ids, got)
	// By the first receipt, which the gateway's clock makes the same for all: then by id.
	require.True(t, slices.IsSortedFunc(got, func(a, b uuid.UUID) int { return bytes.Compare(b[:], a[:]) }))
	for query, want := range map[string]int{
		"province=34:01": 5, "province=34:99": -1, "province=34:04": 0, "period=2025": 0, "year=2025": 0, "unit=0100109106/0": 5, "tax_code=0100112437": 0,
		"tax_code=0100109106&site=0": 5, "tax_code=0100109106&site=2": 0, "withdrawn=true": 0, "kind=monitoring_report": 0,
		"received_from=" + url.QueryEscape(reporttest.Now().Format(time.RFC3339)): 5,
		"received_to=" + url.QueryEscape(reporttest.Now().Format(time.RFC3339)):   0,
	} {
		a := p.ask(http.MethodGet, reportsPath+"?"+query, nil)
		if want < 0 {
			a.problem(http.StatusUnprocessableEntity, "API-008")
			continue
		}
		require.Len(t, read[FiledList](a.ok()).Reports, want, query)
	}
}

// awaitStored waits until the store has it.
func (p *platform) awaitStored(a Acceptance) {
	p.t.Helper()
	p.ask(http.MethodGet, a.StatusURL, nil, "Receipt", a.TrackingNumber, "Prefer", "wait=30").ok()
}

// When the key of its year is destroyed, the personal part of a report is absent, with a
// word why, and the rest can still be read.
func TestErasedPartsAreAbsent(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	raw := declaration(t)
	accepted := p.accept(raw)
	p.awaitStored(accepted)
	amended := p.accept(reporttest.Set(reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"Lý do riêng"`), "/content/commuting", "true"))
	p.awaitStored(amended)
	require.NoError(t, p.deps.Keys.Destroy(seal.Slot{Year: 2026}, "", ""))

	a := p.ask(http.MethodGet, accepted.StatusURL+"/revisions/2", nil).ok()
	got := read[FiledRevision](a)
	require.Equal(t, personalErased, got.Personal)
	require.False(t, got.Exact)
	require.Equal(t, "API-121", got.Notes[0].Code)
	require.Empty(t, got.Reason)
	text := string(a.body)
	for _, gone := range []string{"Nguyễn", "001085012345", "Ngã từ", "Lý do riêng", "name_key", `"person"`} {
		require.NotContains(t, text, gone)
	}
	require.Contains(t, text, `"occupation":"7111"`)

	history := read[FiledHistory](p.ask(http.MethodGet, accepted.StatusURL+"/history", nil).ok())
	require.Len(t, history.Revisions, 2)
	require.Empty(t, history.Revisions[0].Reason)
	diff := read[FiledDiff](p.ask(http.MethodGet, accepted.StatusURL+"/diff", nil).ok())
	require.Len(t, diff.Changes, 1)
	require.Equal(t, "/content/commuting", diff.Changes[0].Pointer)
	require.Equal(t, "API-121", diff.Notes[0].Code)
}

// An officer enters a report that came on paper: the day of the paper is its legal time
// of receipt, in the receipt, on the way and in the store, and who entered it is kept.
func TestPaperFiledOnBehalf(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	raw := reporttest.Set(reporttest.Valid(report.AnnexXII), "/paper", `{"received_on":"2026-01-06","entered_by":"MARKEROFFICER Hoa","reference":"17/CV-MARKER"}`)
	accepted := p.accept(raw)
	p.awaitStored(accepted)
	legal := time.Date(2026, 1, 6, 23, 59, 59, 999_000_000, time.FixedZone("+07", 7*60*60))
	require.True(t, legal.Equal(accepted.ReceivedAt), accepted.ReceivedAt)
	require.Equal(t, "2026-01-06", accepted.PaperReceivedOn)
	claims, err := json.Marshal(accepted.Signed)
	require.NoError(t, err)
	signed, err := receipt.Parse(claims)
	require.NoError(t, err)
	_, err = receipt.Verify(signed, p.deps.ReceiptKeys)
	require.NoError(t, err)

	m := p.lastMessage(accepted.ReportID)
	headers := fmt.Sprintf("%s %v", m.Value, m.Headers)
	require.NotContains(t, headers, "MARKER")
	event, err := queue.Decode(m)
	require.NoError(t, err)
	require.True(t, legal.Equal(event.ReceivedAt))
	require.True(t, reporttest.Now().Equal(event.EnteredAt))

	got := read[FiledRevision](p.ask(http.MethodGet, accepted.StatusURL+"/revisions/1", nil).ok())
	require.True(t, got.Exact)
	require.True(t, legal.Equal(got.ReceivedAt))
	require.Equal(t, "2026-01-06", got.Paper.ReceivedOn)
	require.Equal(t, "MARKEROFFICER Hoa", got.Paper.EnteredBy)
	require.Equal(t, "17/CV-MARKER", got.Paper.Reference)
	require.True(t, reporttest.Now().Equal(got.Paper.EnteredAt))
	history := read[FiledHistory](p.ask(http.MethodGet, accepted.StatusURL+"/history", nil).ok())
	require.Equal(t, got.Paper, history.Revisions[0].Paper)
	// Timeliness goes by the day of the paper.
	listed := read[FiledList](p.ask(http.MethodGet, reportsPath+"?received_to=2026-01-07T00:00:00%2B07:00", nil).ok()).Reports
	require.Len(t, listed, 1)
	require.True(t, legal.Equal(listed[0].FiledAt))
	require.NotContains(t, p.logged(), "MARKER")

	// Entering it once more changes nothing; nobody else may enter one.
	require.True(t, p.accept(raw).Replayed)
	out := p.deps.Gateway.Submit(t.Context(), intake.Principal{Caller: access.Caller{ID: "integrator:x", Role: access.Software, FileUnits: []string{"0100112437"}}}, []intake.Item{{Raw: reporttest.Set(raw, "/content/reporter/tax_code", `"0100112437"`)}})
	require.Equal(t, intake.Refused, out[0].State)
	require.True(t, slices.ContainsFunc(out[0].Findings, func(f report.Finding) bool { return f.Code == "GWY-011" }))
	future := reporttest.Set(raw, "/paper/received_on", `"2026-01-09"`)
	p.post(reportsPath, reporttest.Set(future, "/content/reporter/site", `"2"`)).problem(http.StatusUnprocessableEntity, "ENV-030")
}

// lastMessage reads the first message of a report's partition.
func (p *platform) lastMessage(id uuid.UUID) kafka.Message {
	p.t.Helper()
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: p.brokers, Topic: queue.ReportsTopic, Partition: queue.PartitionOf([]byte(id.String()), partitions), MaxWait: 50 * time.Millisecond,
	})
	defer func() { require.NoError(p.t, reader.Close()) }()
	m, err := reader.FetchMessage(p.t.Context())
	require.NoError(p.t, err)
	return m
}

// What can never be amended is refused with a code, and so is whatever does not follow
// the newest revision.
func TestWhatCannotBeAmended(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	raw := declaration(t)
	p.awaitStored(p.accept(raw))
	second := func(edits ...string) []byte {
		document := reporttest.Set(reporttest.Set(raw, "/revision", "2"), "/reason", `"Sửa"`)
		for i := 0; i < len(edits); i += 2 {
			document = reporttest.Set(document, edits[i], edits[i+1])
		}
		return document
	}
	p.post(reportsPath, reporttest.Remove(second(), "/reason")).problem(http.StatusUnprocessableEntity, "ENV-022")
	p.post(reportsPath, second("/content/reporter/tax_code", `"0100112437"`)).problem(http.StatusUnprocessableEntity, "GWY-006")
	otherYear := second("/content/occurred_at", `"2025-12-30T14:30:00+07:00"`, "/content/victims/0/died_on", `"2025-12-30"`)
	p.post(reportsPath, otherYear).problem(http.StatusUnprocessableEntity, "GWY-006")
	stale := p.post(reportsPath, second("/revision", "3")).problem(http.StatusPreconditionFailed, "GWY-005")
	require.Equal(t, uint32(1), stale.CurrentRevision)
	for _, wrong := range []string{"1", `W/"1"`, "*", `"x"`, `"0"`} {
		p.post(reportsPath, second(), "If-Match", wrong).problem(http.StatusUnprocessableEntity, "API-124")
	}
	p.post(reportsPath, second(), "If-Match", `"4"`).problem(http.StatusPreconditionFailed, "GWY-012")
	p.awaitStored(p.accept(second("/content/commuting", "true"), "If-Match", `"1"`))
	// Who read revision 1 and amends it now is too late.
	p.post(reportsPath, second(), "If-Match", `"1"`).problem(http.StatusConflict, "GWY-004")
	batch := p.post("/v1/reports:batch", []byte(oneLine(raw)+"\n"), "Content-Type", ndjsonType, "If-Match", `"1"`)
	batch.problem(http.StatusUnprocessableEntity, "API-124")
	require.NotContains(t, p.logged(), "Sửa")
}

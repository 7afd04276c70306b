package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

func TestObligationsNameKindsOfTheCatalogue(t *testing.T) {
	for _, o := range seeds.Default().Obligations() {
		if o.Kind == "" {
			continue
		}
		_, taken := report.Lookup(report.Kind(o.Kind))
		require.True(t, taken, "%s: %s", o.Code, o.Kind)
	}
}

// filed files documents and waits until all are stored.
func (p *platform) filed(documents ...[]byte) {
	p.t.Helper()
	var receipts []Acceptance
	for _, raw := range documents {
		receipts = append(receipts, p.accept(raw))
	}
	for _, receipt := range receipts {
		a := p.ask(http.MethodGet, receipt.StatusURL, nil, "Prefer", "wait=20", "Receipt", encoded(p.t, receipt.Signed)).ok()
		require.Equal(p.t, "stored", read[ReportStatus](a).State)
	}
}

func (p *platform) obligations(query string) ObligationList {
	p.t.Helper()
	return read[ObligationList](p.ask(http.MethodGet, "/v1/obligations?"+query, nil).ok())
}

// registered is a registration of a unit that is nobody's branch.
func registered(taxCode, name string) []byte {
	raw := reporttest.Set(reporttest.Valid(report.RegistrationEntry), "/content/registered/tax_code", `"`+taxCode+`"`)
	raw = reporttest.Set(reporttest.Remove(raw, "/content/covered"), "/content/registered/name", `"`+name+`"`)
	return reporttest.Set(raw, "/content/head_office/0/province/code", `"01"`)
}

func TestObligations(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	branch := reporttest.Set(reporttest.Valid(report.RegistrationEntry), "/content/head_office/0/province/code", `"01"`)
	household := reporttest.Set(registered("001085012345", "Hộ kinh doanh Bà Tư"), "/content/active", `{"from":"2025-01-01"}`)
	p.filed(registered("0100109106", "Công ty Mẫu"), branch, registered("0100112437", "=Công ty Im Lặng"), household,
		reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/covers_branches", `["0100109106-001"]`),
		reporttest.Set(reporttest.Valid(report.ObligationRelief), "/content/relieved/tax_code", `"0100112437"`))

	// Who has not filed, and whom to call.
	const moment = "&at=2026-06-01T00:00:00%2B07:00"
	missing := p.obligations("province=34:01&year=2025&kind=annex_xii&state=missing&period=2025" + moment)
	require.Equal(t, 4, missing.Units)
	require.Equal(t, []ObligationCount{{"missing", 2}, {"filed", 1}, {"replaced", 1}}, missing.Counts)
	require.Len(t, missing.Obligations, 2)
	silent, house := missing.Obligations[0], missing.Obligations[1]
	require.Equal(t, "0100112437/0", silent.Unit)
	require.Equal(t, "0100112437", silent.TaxCode)
	require.Equal(t, "=Công ty Im Lặng", silent.Name)
	require.Equal(t, "024 0000 0000", silent.Phone)
	require.Equal(t, "2026-01-31", silent.ExtendedTo.String())
	require.Equal(t, "Sở Nội vụ nơi đặt trụ sở chính", silent.RecipientVI)
	require.Equal(t, &ObligationProvince{"34", "01"}, silent.Province)
	require.Nil(t, silent.FiledAt)
	require.Regexp(t, `^hb:[0-9a-f]{32}/0$`, house.Unit)
	require.Empty(t, house.TaxCode)
	require.NotContains(t, string(p.ask(http.MethodGet, "/v1/obligations?province=34:01&period=2025"+moment, nil).ok().body), "001085012345")
	require.Equal(t, 4, p.obligations("province=63:01&period=2025H1&kind=annex_xii"+moment).Units, "the same on the list of before")
	require.Zero(t, p.obligations("province=34:24&year=2025").Units)

	// What one owes and when.
	own := p.obligations("unit=0100112437/0&year=2025&at=2026-01-20T00:00:00%2B07:00")
	states := map[string]string{}
	for _, o := range own.Obligations {
		states[o.Obligation] = o.State + " " + o.DueBy.String()
	}
	require.Equal(t, map[string]string{
		"annex_xii_half": "missing 2025-07-04", "annex_xii_year": "extended 2026-01-31", "disease_year": "undated ", "monitoring_year": "undated ", "osh_year": "undated ",
		"workplace_health_half": "elsewhere 2025-07-04", "workplace_health_year": "elsewhere 2026-01-09",
	}, states)
	require.Equal(t, "replaced", p.obligations("unit=0100109106-001/0&period=2025&kind=annex_xii" + moment).Obligations[0].State)
	require.Equal(t, house.Unit, p.obligations("unit=" + house.Unit).Obligations[0].Unit)

	// Pages of one are the whole list in its order.
	whole := p.obligations("province=34:01&year=2025" + moment)
	var paged []Obligation
	next := "/v1/obligations?province=34:01&year=2025&limit=1" + moment
	for next != "" {
		a := p.ask(http.MethodGet, next, nil).ok()
		list := read[ObligationList](a)
		require.Equal(t, whole.Counts, list.Counts)
		require.LessOrEqual(t, len(list.Obligations), 1)
		require.Equal(t, list.Next != "", strings.Contains(a.header.Get("Link"), `rel="next"`))
		paged, next = append(paged, list.Obligations...), list.Next
	}
	require.Equal(t, whole.Obligations, paged)

	a := p.ask(http.MethodGet, "/v1/obligations?province=34:01&state=missing&period=2025"+moment, nil, "Accept", csvType).ok()
	rows, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "0100112437/0", rows[1][0])
	require.Equal(t, "'=Công ty Im Lặng", rows[1][3])

	// The register follows its amendments, and forgets what is withdrawn.
	closed := reporttest.Set(reporttest.Set(reporttest.Set(registered("0100112437", "Công ty Im Lặng"), "/content/active/to", `"2025-12-30"`), "/revision", "2"), "/reason", `"giải thể"`)
	p.filed(closed)
	require.Equal(t, []ObligationCount{{"missing", 1}, {"filed", 1}, {"replaced", 1}}, p.obligations("province=34:01&kind=annex_xii&period=2025"+moment).Counts)
	receipt := p.accept(registered("0100109106", "Công ty Mẫu"))
	p.filed([]byte(`{"kind":"registration","report_id":"` + receipt.ReportID.String() + `","revision":2,"withdrawn":true,"reason":"ghi nhầm"}`))
	p.ask(http.MethodGet, "/v1/obligations?unit=0100109106/0", nil).problem(http.StatusNotFound, "API-102")
}

// nobody stands for an empty register.
type nobody struct{}

func (nobody) Obliged(context.Context, store.ObligedQuery, func(*store.Obliged) error) error {
	return nil
}

func (nobody) Sealed(context.Context, []store.Key) (map[store.Key]store.SealedText, error) {
	return nil, nil
}

func TestWrongQuestionsAboutObligations(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Register = nobody{} })
	f := func(query string, codes ...string) {
		t.Helper()
		got := p.ask(http.MethodGet, "/v1/obligations?"+query, nil).problem(http.StatusUnprocessableEntity, codes[0])
		var all []string
		for _, e := range got.Errors {
			all = append(all, e.Code)
		}
		require.Equal(t, codes, all)
		require.NotContains(t, got.Detail, "001085012345")
	}
	f("", "API-100")
	f("unit=0100109106/0&province=34:01", "API-100")
	f("unit=001085012345/0", "API-101")
	f("province=01", "API-008")
	f("province=VN", "API-008")
	f("province=34:03", "API-006")
	f("province=34:01&period=2025H2", "API-006")
	f("province=34:01&period=2025&year=2024", "API-006")
	f("province=34:01&kind=accident_declaration", "API-103")
	f("province=34:01&kind=osh", "API-103")
	f("province=34:01&cursor=x", "API-006")
	f("province=34:01&year=2025&cursor=0100109106/0~annex_xii_year~2024", "API-006")
	f("province=99&kind=x&period=1", "API-008", "API-006")
	p.ask(http.MethodGet, "/v1/obligations?province=34:01&state=lost", nil).problem(http.StatusUnprocessableEntity, "API-006")
	p.get("/v1/obligations?province=34:01").problem(http.StatusUnauthorized, "API-001")
	newSmall(t).ask(http.MethodGet, "/v1/obligations?province=34:01", nil).problem(http.StatusNotImplemented, "API-016")
}

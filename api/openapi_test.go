package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/store"
	"atvsld/api/web/webtest"
	"atvsld/ingest/proof"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/seeds"
)

// document is the served OpenAPI document as plain JSON.
type document struct {
	t    *testing.T
	root map[string]any
}

func (p *platform) document() document {
	p.t.Helper()
	a := p.get("/openapi.json").ok()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
	require.NoError(p.t, err)
	return document{p.t, value.(map[string]any)}
}

func (d document) at(path ...string) any {
	d.t.Helper()
	var value any = d.root
	for _, name := range path {
		object, ok := value.(map[string]any)
		require.True(d.t, ok, "%v", path)
		value, ok = object[name]
		require.True(d.t, ok, "%v: no %q", path, name)
	}
	return value
}

// pointerTo is a JSON pointer (RFC 6901) into the document.
func pointerTo(path ...string) string {
	var out strings.Builder
	for _, name := range path {
		out.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	return out.String()
}

// schema compiles the schema at a place of the document (JSON Schema 2020-12, which
// OpenAPI 3.1 schemas are).
func (d document) schema(path ...string) *jsonschema.Schema {
	d.t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(d.t, c.AddResource("https://atvsld.example/openapi.json", d.root))
	s, err := c.Compile("https://atvsld.example/openapi.json#" + escapeFragment(pointerTo(path...)))
	require.NoError(d.t, err, "%v", path)
	return s
}

func escapeFragment(pointer string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer)
}

func (d document) validate(s *jsonschema.Schema, data []byte) {
	d.t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(d.t, err, string(data))
	require.NoError(d.t, s.Validate(value), string(data[:min(len(data), 2000)]))
}

// The schema of OpenAPI 3.1 documents is that of the OpenAPI Initiative
// (https://spec.openapis.org/oas/3.1/schema/2021-04-15, Apache-2.0).
func TestOpenAPIDocumentIsValid(t *testing.T) {
	p := newSmall(t)
	data, err := os.ReadFile("testdata/openapi-3.1-schema.json")
	require.NoError(t, err)
	meta, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("openapi-3.1.json", meta))
	s, err := c.Compile("openapi-3.1.json")
	require.NoError(t, err)
	d := p.document()
	require.NoError(t, s.Validate(d.root))
	require.Equal(t, "3.1.0", d.root["openapi"])
	require.Contains(t, string(p.get("/openapi.yaml").ok().body), "openapi: 3.1.0")

	// Every reference leads somewhere, every schema compiles, every operation speaks both languages.
	all := string(p.get("/openapi.json").body)
	schemas := d.at("components", "schemas").(map[string]any)
	for _, match := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(all, -1) {
		require.Contains(t, schemas, match[1])
	}
	require.NotContains(t, all, "ErrorModel")
	for name := range schemas {
		d.schema("components", "schemas", name)
	}
	ids := map[string]bool{}
	for path, item := range d.at("paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			operation := op.(map[string]any)
			id, _ := operation["operationId"].(string)
			require.NotEmpty(t, id, "%s %s", method, path)
			require.False(t, ids[id], id)
			ids[id] = true
			require.Contains(t, operation["summary"], " / ", id)
			require.Contains(t, operation["responses"], "500", id)
		}
	}
	require.Len(t, ids, 61)
}

// Whatever the platform accepts, the schema of submissions accepts, and the other way
// round for what is plainly malformed.
func TestSchemaOfSubmissions(t *testing.T) {
	d := newSmall(t).document()
	s := d.schema("components", "schemas", "Submission")
	for _, definition := range report.Definitions() {
		raw := reporttest.Valid(definition.Kind)
		d.validate(s, raw)
		f := func(document []byte) {
			t.Helper()
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
			require.NoError(t, err)
			require.Error(t, s.Validate(value), string(definition.Kind))
		}
		f(reporttest.Set(raw, "/kind", `"nothing"`))
		f(reporttest.Remove(raw, "/kind"))
		f(reporttest.Set(raw, "/unknown", "1"))
		f(reporttest.Remove(raw, "/content/reporter"))
		f(reporttest.Set(raw, "/content/unknown", "1"))
		f(reporttest.Set(raw, "/content/reporter/province/list", `1`))
		f(reporttest.Set(raw, "/revision", "0"))
	}
	accident := reporttest.Valid(report.AccidentDeclaration)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(reporttest.Set(accident, "/content/victims/0/person", `"00000000000000000000000000000000"`)))
	require.NoError(t, err)
	require.Error(t, s.Validate(value), "what the platform computes is not for filers")
}

// exchange is one call of an operation and what it must answer.
type exchange struct {
	operation string // method and path template
	path      string
	status    int
	body      []byte
	headers   []string
}

// Every operation is called, and its status, media type and body are those of the
// document.
func TestHandlersKeepTheirContract(t *testing.T) {
	proves := &proving{found: proof.Report{Log: uuid.New(), ProvenAt: time.Now(), Figures: &proof.Figures{},
		Partitions: []proof.Partition{{Gaps: []proof.Offsets{{Low: 1, High: 2}}}}, Drifts: []store.Drift{{ReportID: uuid.New(), Logged: []store.Copy{{Kind: "annex_xii"}}}}}}
	raw := declaration(t)
	p := newPlatform(t, func(d *Deps, _ *Config) {
		d.Store, d.Prover, d.Health = closings{"2024", "2025"}, proves, d.Store.(HealthFigures)
		d.Reports = filedReports(t, d.Keys, raw)
		d.Store, d.Prover = closings{"2024", "2025"}, proves
		engine, err := webtest.Figures{Seeds: seeds.Default()}.Engine()
		require.NoError(t, err)
		d.Indicators = engine
		d.Watermark = &tide{}
		d.Boundaries = supplied(t, seeds.List34)
	})
	d := p.document()
	dry := p.post("/v1/reports?dry_run=true", raw)
	accepted := p.post("/v1/reports", raw)
	filed := read[Acceptance](accepted)
	signed, err := json.Marshal(filed.Signed)
	require.NoError(t, err)
	link := base64.RawURLEncoding.EncodeToString(signed)
	one, other := p.letter(1, time.Now()), p.letter(2, time.Now())
	key := accessKeysPath + "/" + p.makeKey(`{"name":"x"}`).Key.ID
	why := []byte(`{"reason":"test"}`)
	order := []byte(`{"grantee":"software:misa","units":["0100109106","0100112437"],"rights":["file"]}`)
	granted := store.Grant{Grantee: "software:misa", Unit: "0100109106"}

	d.keeps("post /v1/reports", dry)
	d.keeps("post /v1/reports", accepted)
	for _, e := range []exchange{
		{"post /v1/reports", "/v1/reports", 400, []byte("{"), nil},
		{"post /v1/reports", "/v1/reports", 401, nil, []string{"Authorization", ""}},
		{"post /v1/reports", "/v1/reports", 403, nil, []string{LoaderHeader, "true"}},
		{"post /v1/reports", "/v1/reports", 409, reporttest.Set(raw, "/content/commuting", "true"), nil},
		{"post /v1/reports", "/v1/reports", 412, reporttest.Set(reporttest.Set(raw, "/revision", "9"), "/reason", `"x"`), nil},
		{"post /v1/reports", "/v1/reports", 413, make([]byte, report.MaxBytes+1), nil},
		{"post /v1/reports", "/v1/reports", 415, nil, []string{"Content-Type", "text/plain"}},
		{"post /v1/reports", "/v1/reports", 422, []byte("{}"), nil},
		{"post /v1/reports:batch", "/v1/reports:batch", 200, []byte(oneLine(raw) + "\n{}\n"), []string{"Content-Type", ndjsonType}},
		{"post /v1/reports:batch", "/v1/reports:batch", 400, nil, []string{"Content-Type", ndjsonType}},
		{"post /v1/reports:batch", "/v1/reports:batch", 415, nil, nil},
		{"get /v1/reports/{id}", filed.StatusURL, 200, nil, []string{"Receipt", link}},
		{"get /v1/reports/{id}", filed.StatusURL, 404, nil, nil},
		{"get /v1/reports/{id}", filed.StatusURL, 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports/{id}", "/v1/reports/x", 422, nil, nil},
		{"get /v1/reports/{id}/revisions/{revision}", filed.StatusURL + "/revisions/1", 200, nil, nil},
		{"get /v1/reports/{id}/revisions/{revision}", filed.StatusURL + "/revisions/1", 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports/{id}/revisions/{revision}", filed.StatusURL + "/revisions/9", 404, nil, nil},
		{"get /v1/reports/{id}/revisions/{revision}", filed.StatusURL + "/revisions/0", 422, nil, nil},
		{"get /v1/reports/{id}/history", filed.StatusURL + "/history?limit=1", 200, nil, nil},
		{"get /v1/reports/{id}/history", filed.StatusURL + "/history", 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports/{id}/history", filed.StatusURL + "/history?before=1", 404, nil, nil},
		{"get /v1/reports/{id}/history", "/v1/reports/x/history", 422, nil, nil},
		{"get /v1/reports/{id}/diff", filed.StatusURL + "/diff", 200, nil, nil},
		{"get /v1/reports/{id}/diff", filed.StatusURL + "/diff", 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports/{id}/diff", filed.StatusURL + "/diff?to=9", 404, nil, nil},
		{"get /v1/reports", "/v1/reports?tax_code=001085012345", 422, nil, nil},
		{"get /v1/reports", "/v1/reports", 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports", "/v1/reports?kind=x&period=1&province=01&tax_code=1&site=1&unit=x&cursor=x", 422, nil, nil},
		{"get /v1/reports", "/v1/reports?province=34:01&withdrawn=true", 422, nil, nil},
		{"get /v1/reports/draft", "/v1/reports/draft?kind=annex_xii&tax_code=0100109106&period=2025", 200, nil, nil},
		{"get /v1/reports/draft", "/v1/reports/draft?kind=annex_xii&tax_code=0100109106&period=2025", 401, nil, []string{"Authorization", ""}},
		{"get /v1/reports/draft", "/v1/reports/draft?kind=accident_declaration&tax_code=1&period=1", 422, nil, nil},
		{"get /v1/indicators", "/v1/indicators", 200, nil, nil},
		{"get /v1/indicators/{id}", "/v1/indicators/A1", 200, nil, nil},
		{"get /v1/indicators/{id}", "/v1/indicators/x", 404, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A1/series?by=province,employment", 200, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/N1/series?by=vsic,cause&from=2026&to=2026", 200, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A1/series", 200, nil, []string{"Accept", csvType}},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A3/series?by=province&compare=previous&rank=true&from=2024&to=2026", 200, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A3/series?period=H2&compare=base&base_year=2020", 200, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A3/series", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A1/series?view=live", 403, nil, []string{"Authorization", ""}},
		{"get /v1/indicators/{id}/series", "/v1/indicators/x/series", 404, nil, nil},
		{"get /v1/indicators/{id}/series", "/v1/indicators/A1/series?year=1", 422, nil, nil},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/A3/chart?by=province", 200, nil, nil},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/B1/chart?to=2026", 200, nil, nil},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/A3/chart", 200, nil, []string{"Accept", csvType}},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/A3/chart", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/A3/chart?from=2020&to=2024&baseline_from=2019", 422, nil, nil},
		{"get /v1/indicators/{id}/chart", "/v1/indicators/x/chart", 404, nil, nil},
		{"get /v1/indicators/{id}/funnel", "/v1/indicators/A3/funnel", 200, nil, nil},
		{"get /v1/indicators/{id}/funnel", "/v1/indicators/A1/funnel?from=2024&to=2026", 200, nil, nil},
		{"get /v1/indicators/{id}/funnel", "/v1/indicators/A3/funnel", 200, nil, []string{"Accept", csvType}},
		{"get /v1/indicators/{id}/funnel", "/v1/indicators/A3/funnel", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/indicators/{id}/funnel", "/v1/indicators/A3/funnel?view=live", 403, nil, []string{"Authorization", ""}},
		{"get /v1/indicators/{id}/movers", "/v1/indicators/N4/movers", 200, nil, nil},
		{"get /v1/indicators/{id}/movers", "/v1/indicators/B1/movers", 200, nil, []string{"Authorization", ""}},
		{"get /v1/indicators/{id}/movers", "/v1/indicators/N4/movers", 200, nil, []string{"Accept", csvType}},
		{"get /v1/indicators/{id}/movers", "/v1/indicators/N4/movers", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/indicators/{id}/movers", "/v1/indicators/N4/movers?from=2025&to=2025", 422, nil, nil},
		{"get /v1/outliers", outliersPath + "?province=34:01&limit=1", 200, nil, nil},
		{"get /v1/outliers", outliersPath, 200, nil, []string{"Accept", csvType}},
		{"get /v1/outliers", outliersPath, 401, nil, []string{"Authorization", ""}},
		{"get /v1/outliers", outliersPath + "?province=01&cursor=*", 422, nil, nil},
		{"get /v1/indicators/{id}/explain", "/v1/indicators/A1/explain", 200, nil, nil},
		{"get /v1/indicators/{id}/explain", "/v1/indicators/A1/explain?view=live", 403, nil, []string{"Authorization", ""}},
		{"get /v1/indicators/{id}/explain", "/v1/indicators/x/explain", 404, nil, nil},
		{"get /v1/indicators/{id}/explain", "/v1/indicators/A1/explain?area=01", 422, nil, nil},
		{"get /v1/indicators/{id}/explain/reports", "/v1/indicators/A1/explain/reports?role=denominator", 200, nil, nil},
		{"get /v1/indicators/{id}/explain/reports", "/v1/indicators/A1/explain/reports", 401, nil, []string{"Authorization", ""}},
		{"get /v1/indicators/{id}/explain/reports", "/v1/indicators/x/explain/reports", 404, nil, nil},
		{"get /v1/indicators/{id}/explain/reports", "/v1/indicators/N1/explain/reports?view=closed&code=counted", 422, nil, nil},
		{"get /v1/indicators/{id}/explain/reports", "/v1/indicators/N1/explain/reports?cursor=x", 422, nil, nil},
		{"get /v1/attainment", "/v1/attainment", 200, nil, nil},
		{"get /v1/attainment", "/v1/attainment?year=2016&geography=63", 200, nil, nil},
		{"get /v1/attainment", "/v1/attainment", 200, nil, []string{"Accept", csvType}},
		{"get /v1/attainment", "/v1/attainment?plan=D31,N19,P659,D31-63-60&base=2020&area=VN,34:68", 200, nil, nil},
		{"get /v1/attainment", "/v1/attainment?area=01", 422, nil, nil},
		{"get /v1/targets", "/v1/targets", 200, nil, nil},
		{"get /v1/targets", "/v1/targets?year=2025&province=63:60", 200, nil, []string{"Authorization", ""}},
		{"get /v1/targets", "/v1/targets?province=60", 422, nil, nil},
		{"get /v1/attainment", "/v1/attainment", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/live", livePath + "?once=true", 200, nil, nil},
		{"get /v1/live", livePath, 401, nil, []string{"Authorization", ""}},
		{"get /v1/live", livePath + "?once=x", 422, nil, nil},
		{"get /v1/boundaries/{list}", "/v1/boundaries/34", 200, nil, nil},
		{"get /v1/boundaries/{list}", "/v1/boundaries/63", 404, nil, []string{"Authorization", ""}},
		{"get /v1/boundaries/{list}", "/v1/boundaries/x", 422, nil, nil},
		{"get /v1/closings", "/v1/closings", 200, nil, nil},
		{"get /v1/closings", "/v1/closings", 200, nil, []string{"Authorization", ""}},
		{"get /v1/osh-figures", "/v1/osh-figures?year=2025&by=province", 200, nil, nil},
		{"get /v1/osh-figures", "/v1/osh-figures?year=2025", 401, nil, []string{"Authorization", ""}},
		{"get /v1/osh-figures", "/v1/osh-figures", 422, nil, nil},
		{"get /v1/violations", "/v1/violations", 200, nil, []string{"Authorization", ""}},
		{"get /v1/violations", "/v1/violations?province=01", 422, nil, nil},
		{"get /v1/summaries/{area}", "/v1/summaries/34:01?period=2025", 200, nil, nil},
		{"get /v1/summaries/{area}", "/v1/summaries/VN?period=2025H1&factor=100000", 200, nil, []string{"Accept", csvType}},
		{"get /v1/summaries/{area}", "/v1/summaries/63:01?period=2025", 200, nil, []string{"Accept", sheetType}},
		{"get /v1/summaries/{area}", "/v1/summaries/34:01?period=2025", 401, nil, []string{"Authorization", ""}},
		{"get /v1/summaries/{area}", "/v1/summaries/34:99?period=2025", 404, nil, nil},
		{"get /v1/summaries/{area}", "/v1/summaries/01?period=2025", 422, nil, nil},
		{"get /v1/summaries/{area}", "/v1/summaries/VN?period=2025H2", 422, nil, nil},
		{"get /v1/summaries/{area}", "/v1/summaries/VN", 422, nil, nil},
		{"get /v1/base-figures", "/v1/base-figures", 200, nil, nil},
		{"get /v1/base-figures", "/v1/base-figures?area=63:01&conflict=true", 200, nil, []string{"Accept", csvType, "Authorization", ""}},
		{"get /v1/base-figures", "/v1/base-figures?view=live", 403, nil, []string{"Authorization", ""}},
		{"get /v1/base-figures", "/v1/base-figures?area=01", 422, nil, nil},
		{"get /v1/rules", "/v1/rules", 200, nil, nil},
		{"get /v1/dictionary", "/v1/dictionary", 200, nil, nil},
		{"get /v1/dictionary", "/v1/dictionary?kind=annex_xii", 200, nil, nil},
		{"get /v1/dictionary", "/v1/dictionary?kind=x", 422, nil, nil},
		{"get /v1/codelists", "/v1/codelists", 200, nil, nil},
		{"get /v1/codelists/{name}", "/v1/codelists/targets", 200, nil, nil},
		{"get /v1/codelists/{name}", "/v1/codelists/provinces", 200, nil, nil},
		{"get /v1/codelists/{name}", "/v1/codelists/x", 404, nil, nil},
		{"get /v1/dead-letters", "/v1/dead-letters?limit=1", 200, nil, nil},
		{"get /v1/dead-letters", "/v1/dead-letters", 401, nil, []string{"Authorization", ""}},
		{"get /v1/dead-letters", "/v1/dead-letters?limit=0", 422, nil, nil},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 200, why, nil},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 400, []byte("{"), nil},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 401, why, []string{"Authorization", ""}},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 413, make([]byte, report.MaxBytes+1), nil},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 415, why, []string{"Content-Type", "text/plain"}},
		{"post /v1/dead-letters/{id}:replay", one + ":replay", 422, []byte("{}"), nil},
		{"post /v1/dead-letters/{id}:discard", other + ":discard", 200, why, nil},
		{"post /v1/dead-letters/{id}:discard", other + ":discard", 409, why, nil},
		{"post /v1/dead-letters/{id}:discard", other + "9:discard", 404, why, nil},
		{"get /v1/dead-letters/{id}", one, 200, nil, nil},
		{"get /v1/dead-letters/{id}", other, 401, nil, []string{"Authorization", ""}},
		{"get /v1/dead-letters/{id}", other + "9", 404, nil, nil},
		{"get /v1/dead-letters/{id}", "/v1/dead-letters/x", 422, nil, nil},
		{"get /v1/obligations", "/v1/obligations?province=34:01&year=2025&kind=annex_xii&state=missing", 200, nil, nil},
		{"get /v1/obligations", "/v1/obligations?province=34:01", 200, nil, []string{"Accept", csvType}},
		{"get /v1/obligations", "/v1/obligations?unit=0100109106/0", 404, nil, nil},
		{"get /v1/obligations", "/v1/obligations", 401, nil, []string{"Authorization", ""}},
		{"get /v1/obligations", "/v1/obligations", 422, nil, nil},
		{"get /v1/receipts/keys", "/v1/receipts/keys", 200, nil, nil},
		{"get /v1/inbox/keys", "/v1/inbox/keys", 200, nil, nil},
		{"get /v1/receipts/verify", "/v1/receipts/verify?receipt=" + link, 200, nil, nil},
		{"get /v1/receipts/verify", "/v1/receipts/verify", 422, nil, nil},
		{"post /v1/receipts/verify", "/v1/receipts/verify", 200, accepted.body, nil},
		{"post /v1/receipts/verify", "/v1/receipts/verify", 200, []byte("{}"), nil},
		{"post /v1/receipts/verify", "/v1/receipts/verify", 400, []byte(""), nil},
		{"post /v1/receipts/verify", "/v1/receipts/verify", 413, bytes.Repeat([]byte(" "), 400_000), nil},
		{"post /v1/receipts/verify", "/v1/receipts/verify", 413, make([]byte, 1<<20), nil},
		{"get /v1/proof", "/v1/proof?partition=1&from=2&to=3&figures=true", 200, nil, nil},
		{"get /v1/proof", "/v1/proof", 200, nil, nil},
		{"get /v1/proof", "/v1/proof", 401, nil, []string{"Authorization", ""}},
		{"get /v1/proof", "/v1/proof?partition=-2", 422, nil, nil},
		{"get /v1/investigations", "/v1/investigations?province=34:24&state=running", 200, nil, nil},
		{"get /v1/investigations", "/v1/investigations", 401, nil, []string{"Authorization", ""}},
		{"get /v1/investigations", "/v1/investigations?cursor=x", 422, nil, nil},
		{"get /v1/accidents/{accident_id}", accidentsPath + "/" + uuid.NewString(), 404, nil, nil},
		{"get /v1/accidents/{accident_id}", accidentsPath + "/x", 422, nil, nil},
		{"get /v1/accidents/{accident_id}/quick-report", accidentsPath + "/" + uuid.NewString() + "/quick-report", 404, nil, nil},
		{"get /v1/treated-victims", "/v1/treated-victims?period=2025&by=province", 200, nil, nil},
		{"get /v1/treated-victims", "/v1/treated-victims?period=2025H1&geography=reported", 200, nil, nil},
		{"get /v1/treated-victims", "/v1/treated-victims?period=2025", 401, nil, []string{"Authorization", ""}},
		{"get /v1/treated-victims", "/v1/treated-victims?period=25", 422, nil, nil},
		{"get /v1/disease-cases/funnel", "/v1/disease-cases/funnel?by=year,province,disease,factor", 200, nil, nil},
		{"get /v1/disease-cases/funnel", "/v1/disease-cases/funnel", 401, nil, []string{"Authorization", ""}},
		{"get /v1/disease-cases/funnel", "/v1/disease-cases/funnel?area=01", 422, nil, nil},
		{"get /v1/erasures", "/v1/erasures", 200, nil, nil},
		{"get /v1/erasures", "/v1/erasures", 401, nil, []string{"Authorization", ""}},
		{"post /v1/persons:export", personsPath, 200, []byte(`{"citizen_number":"001085012345"}`), []string{PurposeHeader, "request_of_person"}},
		{"post /v1/persons:export", personsPath, 403, []byte(`{"citizen_number":"001085012345"}`), nil},
		{"post /v1/persons:export", personsPath, 422, []byte(`{}`), []string{PurposeHeader, "request_of_person"}},
		{"get /v1/access/policy", "/v1/access/policy", 200, nil, nil},
		{"get /v1/access/me", "/v1/access/me", 200, nil, nil},
		{"get /v1/access/me", "/v1/access/me", 200, nil, []string{"Authorization", ""}},
		{"post /v1/access/grants", grantsPath, 200, order, nil},
		{"post /v1/access/grants", grantsPath + "?dry_run=true", 200, order, nil},
		{"post /v1/access/grants", grantsPath, 400, []byte("{"), nil},
		{"post /v1/access/grants", grantsPath, 401, order, []string{"Authorization", ""}},
		{"post /v1/access/grants", grantsPath, 413, make([]byte, report.MaxBytes+1), nil},
		{"post /v1/access/grants", grantsPath, 415, order, []string{"Content-Type", "text/plain"}},
		{"post /v1/access/grants", grantsPath, 422, []byte("{}"), nil},
		{"get /v1/access/grants", grantsPath + "?limit=1&grantee=software:misa", 200, nil, nil},
		{"get /v1/access/grants", grantsPath, 401, nil, []string{"Authorization", ""}},
		{"get /v1/access/grants", grantsPath + "?cursor=x", 422, nil, nil},
		{"post /v1/access/grants/{id}:end", grantsPath + "/" + granted.ID().String() + ":end", 200, nil, nil},
		{"post /v1/access/grants/{id}:end", grantsPath + "/" + uuid.NewString() + ":end", 404, nil, nil},
		{"post /v1/access/grants/{id}:end", grantsPath + "/" + granted.ID().String() + ":end", 422, []byte(`{"by":"\u0001"}`), nil},
		{"post /v1/access/keys", accessKeysPath, 201, []byte(`{"name":"x"}`), nil},
		{"post /v1/access/keys", accessKeysPath, 400, []byte("{"), nil},
		{"post /v1/access/keys", accessKeysPath, 401, []byte("{}"), []string{"Authorization", ""}},
		{"post /v1/access/keys", accessKeysPath, 413, make([]byte, report.MaxBytes+1), nil},
		{"post /v1/access/keys", accessKeysPath, 415, []byte("{}"), []string{"Content-Type", "text/plain"}},
		{"post /v1/access/keys", accessKeysPath, 422, []byte("{}"), nil},
		{"get /v1/access/keys", accessKeysPath + "?limit=1", 200, nil, nil},
		{"get /v1/access/keys", accessKeysPath, 401, nil, []string{"Authorization", ""}},
		{"get /v1/access/keys", accessKeysPath + "?limit=0", 422, nil, nil},
		{"post /v1/access/keys/{id}:rotate", key + ":rotate", 200, []byte(`{"grace_seconds":60}`), nil},
		{"post /v1/access/keys/{id}:rotate", key + "9:rotate", 404, []byte(`{"grace_seconds":60}`), nil},
		{"post /v1/access/keys/{id}:rotate", key + ":rotate", 422, []byte(`{}`), nil},
		{"post /v1/access/keys/{id}:revoke", key + ":revoke", 200, why, nil},
		{"post /v1/access/keys/{id}:revoke", key + ":revoke", 422, []byte(`{}`), nil},
		{"post /v1/access/keys/{id}:rotate", key + ":rotate", 409, []byte(`{"grace_seconds":60}`), nil},
		{"post /v1/access/revocations", revocationsPath, 201, []byte(`{"token":"x","reason":"x"}`), nil},
		{"post /v1/access/revocations", revocationsPath, 400, []byte("{"), nil},
		{"post /v1/access/revocations", revocationsPath, 422, []byte("{}"), nil},
		{"get /v1/access/revocations", revocationsPath, 200, nil, nil},
		{"get /v1/access/revocations", revocationsPath + "?since=x", 422, nil, nil},
		{"get /v1/audit", "/v1/audit?limit=2&role=operator&outcome=denied", 200, nil, nil},
		{"get /v1/audit", "/v1/audit?limit=2", 200, nil, nil},
		{"get /v1/audit", "/v1/audit", 200, nil, []string{"Accept", ndjsonType}},
		{"get /v1/audit", "/v1/audit?role=operator", 422, nil, []string{"Accept", ndjsonType}},
		{"get /v1/audit", "/v1/audit?role=x&cursor=x&report=x", 422, nil, nil},
		{"get /v1/audit", "/v1/audit", 401, nil, []string{"Authorization", ""}},
		{"get /v1/audit/keys", "/v1/audit/keys", 200, nil, []string{"Authorization", ""}},
		{"post /v1/proof:repair", "/v1/proof:repair", 200, why, nil},
		{"post /v1/proof:repair", "/v1/proof:repair", 400, []byte("{"), nil},
		{"post /v1/proof:repair", "/v1/proof:repair", 401, why, []string{"Authorization", ""}},
		{"post /v1/proof:repair", "/v1/proof:repair", 415, why, []string{"Content-Type", "text/plain"}},
		{"post /v1/proof:repair", "/v1/proof:repair", 422, []byte(`{"reason":" "}`), nil},
	} {
		method, _, _ := strings.Cut(e.operation, " ")
		a := p.ask(strings.ToUpper(method), e.path, e.body, e.headers...)
		require.Equal(t, e.status, a.status, "%s %s: %s", e.operation, e.path, a.body)
		d.keeps(e.operation, a)
	}
	proves.err = proof.ErrMoving
	moving := p.ask(http.MethodGet, "/v1/proof?figures=true", nil)
	require.Equal(t, http.StatusServiceUnavailable, moving.status)
	d.keeps("get /v1/proof", moving)
	require.Empty(t, d.uncalled(), "operations that no call above covers")
}

// called remembers which operations were checked.
func (d document) uncalled() []string {
	var left []string
	for path, item := range d.at("paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			if _, ok := op.(map[string]any)["called"]; !ok {
				left = append(left, method+" "+path)
			}
		}
	}
	return left
}

// keeps checks an answer against the document.
func (d document) keeps(operation string, a answer) {
	d.t.Helper()
	method, path, _ := strings.Cut(operation, " ")
	place := []string{"paths", path, method, "responses", strconv.Itoa(a.status), "content"}
	contents := d.at(place...).(map[string]any)
	d.at("paths", path, method).(map[string]any)["called"] = true
	mediaType, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	require.Contains(d.t, contents, mediaType, operation)
	switch mediaType {
	case csvType, sheetType:
		return
	case eventStreamType:
		s := d.schema(append(place, mediaType, "schema")...)
		for line := range bytes.Lines(a.body) {
			if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
				d.validate(s, data)
			}
		}
		return
	case ndjsonType:
		s := d.schema(append(place, mediaType, "schema")...)
		for line := range bytes.Lines(a.body) {
			d.validate(s, line)
		}
		return
	}
	d.validate(d.schema(append(place, mediaType, "schema")...), a.body)
}

func TestDocumentationPage(t *testing.T) {
	p := newSmall(t)
	page := string(p.get("/docs").ok().body)
	for _, text := range []string{"/v1/reports:batch", "POST", `id="problem-unconfirmed"`, `id="schema-Submission"`, `id="schema-AnnexXiiSubmission"`, "openapi.yaml"} {
		require.Contains(t, page, text)
	}
	ids := map[string]bool{}
	for _, match := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.False(t, ids[match[1]], "id %s is used twice", match[1])
		ids[match[1]] = true
	}
	for _, match := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.True(t, ids[match[1]], "no %s to go to", match[1])
	}
	// The type of every problem leads to its explanation.
	for _, k := range allProblems() {
		require.True(t, ids["problem-"+k.slug], k.slug)
	}
	made := string(newSmall(t, func(d *Deps, _ *Config) { d.Demonstration = true }).get("/docs").ok().body)
	require.Contains(t, made, "<strong>Dữ liệu mẫu / Demonstration data</strong>: số liệu giả định, không phải thống kê. / made-up figures, no statistics.</p>")
	require.NotContains(t, made, "/ :")
	a := p.get("/v1/nothing")
	require.Equal(t, http.StatusNotFound, a.status)
	require.True(t, ids[strings.TrimPrefix(read[Problem](a).Type, "/docs#")])
}

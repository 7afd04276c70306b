package api

import (
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/api/web"
	"atvsld/ingest/report/reporttest"
)

// ahead are the links by which a document names what its view asks for.
var ahead = regexp.MustCompile(`<link rel="(?:preload" as="(?:fetch|style)|modulepreload)" crossorigin href="([^"]+)">`)

// Every view begins with the same document, which may run the page's own scripts and nothing else. It
// differs in what it names alone.
func TestEveryViewIsTheOneDocument(t *testing.T) {
	p := newSmall(t)
	var document []byte
	for _, address := range web.Addresses() {
		address = regexp.MustCompile(`:\w+`).ReplaceAllString(address, "x")
		a := p.get(address, "Accept-Encoding", "identity").ok()
		require.Equal(t, htmlType, a.header.Get("Content-Type"), address)
		require.Equal(t, pagePolicy, a.header.Get("Content-Security-Policy"), address)
		require.Equal(t, documentAnswer, a.header.Get("Cache-Control"), address)
		require.Equal(t, "DENY", a.header.Get("X-Frame-Options"), address)
		bare := ahead.ReplaceAll(a.body, nil)
		if document == nil {
			document = bare
		}
		require.Equal(t, string(document), string(bare), address)
	}
	require.Equal(t, string(document), string(p.get("/index.html", "Accept-Encoding", "identity").ok().body), "the one that is kept on a device names nothing")
	require.Contains(t, string(document), `<html lang="vi">`)
	require.Contains(t, string(document), `href="/plain"`, "whoever runs no scripts is told where to go")
	p.get("/attainment/x").problem(http.StatusNotFound, "API-009")
	p.get("/assets/../index.html").problem(http.StatusNotFound, "API-009")
	p.get("/assets/nothing.js").problem(http.StatusNotFound, "API-009")
}

// Who goes to a wrong address with a browser is told so in the page, with the status that it has.
func TestWrongAddressInABrowser(t *testing.T) {
	p := newSmall(t)
	a := p.get("/trends/nothing", "Sec-Fetch-Mode", "navigate")
	require.Equal(t, http.StatusNotFound, a.status)
	require.Equal(t, htmlType, a.header.Get("Content-Type"))
	require.Equal(t, pagePolicy, a.header.Get("Content-Security-Policy"))
	p.get("/v1/nothing", "Sec-Fetch-Mode", "navigate").problem(http.StatusNotFound, "API-009")
	p.get("/assets/nothing.js", "Sec-Fetch-Mode", "no-cors").problem(http.StatusNotFound, "API-009")
}

// The document asks for nothing of a foreign host, holds no script and no style of its own, and
// everything that it asks for is there.
func TestDocumentIsSelfContained(t *testing.T) {
	p := newSmall(t)
	document := string(p.get("/", "Accept-Encoding", "identity").ok().body)
	require.NotContains(t, document, "<style")
	require.NotRegexp(t, `<script[^>]*>[^<]`, document)
	addresses := regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(document, -1)
	require.Greater(t, len(addresses), 4)
	for _, found := range addresses {
		require.True(t, strings.HasPrefix(found[1], "/") && !strings.HasPrefix(found[1], "//"), found[1])
		if strings.HasPrefix(found[1], "/v1/") {
			continue // a question of the view
		}
		a := p.get(found[1]).ok()
		if strings.HasPrefix(found[1], "/assets/") {
			require.Equal(t, lastingAnswer, a.header.Get("Cache-Control"), found[1])
		}
	}
	p.get("/worker.js").ok().is("text/javascript; charset=utf-8")
}

// A whole office opens the page at the same hour behind one address: its files cost no budget,
// what it asks of the platform does.
func TestPageIsNotRationed(t *testing.T) {
	p, _ := limited(t, Rates{Address: Rate{0.5, 1}})
	for range 20 {
		p.get("/", from("203.0.113.9")...).ok()
		p.get("/worker.js", from("203.0.113.9")...).ok()
	}
	p.get("/v1/rules", from("203.0.113.9")...).ok()
	p.get("/v1/rules", from("203.0.113.9")...).tooMany("API-141", 2)
}

// What a phone loads before it shows a view stays small: 250 kB packed, with what is named beside the
// document.
func TestFirstScriptIsSmall(t *testing.T) {
	p := newSmall(t)
	for _, address := range web.Addresses() {
		a := p.get(regexp.MustCompile(`:\w+`).ReplaceAllString(address, "x"), "Accept-Encoding", "identity").ok()
		sum := 0
		scripts := regexp.MustCompile(`/assets/[\w-]+\.js`).FindAllString(string(a.body), -1)
		slices.Sort(scripts)
		for _, script := range slices.Compact(scripts) {
			sum += len(p.get(script, "Accept-Encoding", "gzip").ok().body)
		}
		require.Positive(t, sum, address)
		require.Less(t, sum, 250_000, address)
	}
}

// What has to be there before anything is drawn stays small: 20 kB packed.
func TestFirstStylesAreSmall(t *testing.T) {
	p := newSmall(t)
	document := string(p.get("/", "Accept-Encoding", "identity").ok().body)
	styles := regexp.MustCompile(`<link rel="stylesheet"[^>]*href="([^"]+)"`).FindAllStringSubmatch(document, -1)
	require.NotEmpty(t, styles)
	sum := 0
	for _, style := range styles {
		sum += len(p.get(style[1], "Accept-Encoding", "gzip").ok().body)
	}
	require.Less(t, sum, 20_000)
}

// The document names what its view asks for, and everything that it names is there.
func TestDocumentNamesWhatItsViewNeeds(t *testing.T) {
	p := newSmall(t)
	for _, address := range web.Addresses() {
		address = regexp.MustCompile(`:\w+`).ReplaceAllString(address, "x")
		named := namedFor(p, address)
		require.Contains(t, named, "/v1/access/me", address)
		files := slices.DeleteFunc(named, func(one string) bool { return !strings.HasPrefix(one, "/assets/") })
		require.NotEmpty(t, files, address)
		for _, file := range files {
			p.get(file).ok()
		}
	}
	require.Empty(t, ahead.FindAll(p.get("/trends/nothing", "Sec-Fetch-Mode", "navigate", "Accept-Encoding", "identity").body, -1))
}

// namedFor is what the document of an address names, for whoever asks with these headers.
func namedFor(p *platform, address string, headers ...string) []string {
	var named []string
	for _, found := range ahead.FindAllStringSubmatch(string(p.get(address, append(headers, "Accept-Encoding", "identity")...).ok().body), -1) {
		named = append(named, html.UnescapeString(found[1]))
	}
	return named
}

// A view asks first for what is the caller's own, live if he may watch, unless its address says otherwise.
func TestFirstQuestionsOfAView(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) {
		d.Clock = reporttest.Now
		d.Identity = known{identity.New(d.Keys), map[string]access.Caller{
			"hanoi":      {ID: "1", Role: access.LabourOfficer, Provinces: []string{"01"}},
			"ministry":   {ID: "2", Role: access.Ministry, Nation: true},
			"enterprise": {ID: "3", Role: access.Enterprise, Units: []string{"0100109106"}},
			"commune":    {ID: "4", Role: access.Commune, Units: []string{"commune:00001"}},
		}}
	})
	base := strconv.Itoa(reporttest.Now().Year() - 10)
	require.Equal(t, privateAnswer, p.ask(http.MethodGet, "/attainment", nil, "Authorization", "Bearer hanoi").ok().header.Get("Cache-Control"))
	for _, asked := range []struct{ by, address, question string }{
		{"", "/", "/v1/attainment?area=VN&geography=34&view=closed"},
		{"", "/?lang=en", "/v1/attainment?area=VN&geography=34&view=closed"},
		{"", "/?area=34:01", ""},
		{"", "/attainment", "/v1/attainment?plan=D31&area=VN&geography=34&view=closed"},
		{"enterprise", "/attainment", "/v1/attainment?plan=D31&area=VN&geography=34&view=closed"},
		{"ministry", "/attainment", "/v1/attainment?plan=D31&area=VN&geography=34&view=live"},
		{"ministry", "/attainment?view=live&wall=1", "/v1/attainment?plan=D31&area=VN&geography=34&view=live"},
		{"ministry", "/attainment?view=closed", "/v1/attainment?plan=D31&area=VN&geography=34&view=closed"},
		{"ministry", "/attainment?year=2024", ""},
		{"hanoi", "/attainment", "/v1/attainment?plan=D31&area=34%3A01&geography=34&view=live"},
		{"hanoi", "/targets/D31-1", "/v1/attainment?target=D31-1&area=34%3A01&base=" + base + "&geography=34&view=live"},
		{"", "/targets/D31-1", "/v1/attainment?target=D31-1&area=VN&base=" + base + "&geography=34&view=closed"},
		{"", "/trends", "/v1/indicators"},
		{"", "/rules", "/v1/rules"},
		{"", "/dictionary", "/v1/dictionary"},
		{"enterprise", "/owed", "/v1/obligations?unit=0100109106%2F0&limit=1000"},
		{"commune", "/owed", ""},
		{"enterprise", "/reports", "/v1/reports?limit=25"},
		{"enterprise", "/new/accident", "/v1/dictionary?kind=accident_declaration"},
		{"hanoi", "/records", "/v1/investigations?limit=25"},
		{"hanoi", "/missing", "/v1/codelists/provinces"},
		{"hanoi", "/missing", "/v1/access/policy"},
	} {
		var who []string
		if asked.by != "" {
			who = []string{"Authorization", "Bearer " + asked.by}
		}
		named := namedFor(p, asked.address, who...)
		if asked.question == "" {
			require.NotRegexp(t, "/v1/(attainment|obligations)", strings.Join(named, " "), asked.address)
			continue
		}
		require.Contains(t, named, asked.question, "%s by %s", asked.address, asked.by)
	}
}

// Files go out as packed as the browser takes them, and are the same unpacked.
func TestFilesArePacked(t *testing.T) {
	p := newSmall(t)
	document := string(p.get("/", "Accept-Encoding", "identity").ok().body)
	script := regexp.MustCompile(`/assets/[\w-]+\.js`).FindString(document)
	require.NotEmpty(t, script)
	whole := p.get(script, "Accept-Encoding", "identity").ok()
	require.Empty(t, whole.header.Get("Content-Encoding"))
	packed := p.get(script, "Accept-Encoding", "gzip").ok()
	require.Equal(t, "gzip", packed.header.Get("Content-Encoding"))
	unpacked, err := gzip.NewReader(bytes.NewReader(packed.body))
	require.NoError(t, err)
	same, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	require.True(t, bytes.Equal(whole.body, same))
	smallest := p.get(script, "Accept-Encoding", "gzip, deflate, br").ok()
	require.Equal(t, "br", smallest.header.Get("Content-Encoding"))
	require.Less(t, len(smallest.body), len(packed.body))
	require.Empty(t, p.get(script, "Accept-Encoding", "br;q=0").ok().header.Get("Content-Encoding"))
}

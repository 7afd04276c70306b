package web

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"atvsld/analytics/indicator"
	"atvsld/api/web/webtest"
	"atvsld/seeds"
)

var update = flag.Bool("update", false, "write the golden pages anew")

func attainment(t *testing.T, year int) *indicator.Attainment {
	t.Helper()
	engine, err := webtest.Figures{Seeds: seeds.Default()}.Engine()
	require.NoError(t, err)
	a, err := engine.Attainment(t.Context(), indicator.AttainmentRequest{Year: year})
	require.NoError(t, err)
	return a
}

func render(t *testing.T, page Home) string {
	t.Helper()
	pages := newPages(t)
	var out bytes.Buffer
	require.NoError(t, pages.Home(&out, page))
	return out.String()
}

func years() []int { return []int{2025, 2024, 2023, 2022, 2021, 2020, 2019, 2018, 2017, 2016} }

func newPages(t *testing.T) *Pages {
	t.Helper()
	app, err := OpenApp()
	require.NoError(t, err)
	pages, err := New(app)
	require.NoError(t, err)
	return pages
}

// The golden pages are read by people when they change: go test ./api/web -update.
func TestHomeIsAsReviewed(t *testing.T) {
	golden := func(name string, page Home) {
		t.Helper()
		got := render(t, page)
		file := filepath.Join("testdata", name+".html")
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), got)
	}
	golden("home.vi", Home{Lang: VI, Version: "test", Year: 2025, Years: years(), Attainment: attainment(t, 2025), Demonstration: true})
	golden("home.en", Home{Lang: EN, Version: "test", Year: 2017, Years: years(), Attainment: attainment(t, 2017)})
	golden("home.empty", Home{Lang: VI, Version: "test", Trouble: NothingClosed})
}

func TestHomeAnswersFirst(t *testing.T) {
	page := render(t, Home{Lang: VI, Year: 2025, Years: years(), Attainment: attainment(t, 2025)})
	words := textOf(t, page)
	question, answer := strings.Index(words, "Chỉ thị 31 có đạt không? Năm 2025"), strings.Index(words, "Cả nước đạt")
	chooser, table := strings.Index(words, "Chọn năm"), strings.Index(words, "34 tỉnh, thành phố")
	require.True(t, 0 <= question && question < answer && answer < chooser && chooser < table, "%d %d %d %d", question, answer, chooser, table)
	require.Contains(t, words, "Số liệu đến 17:00 31/03/2026")
	require.Contains(t, words, "Chưa đối chiếu với sổ đăng ký cơ sở phải báo cáo")
	for _, p := range seeds.Default().Provinces(seeds.List34) {
		require.Contains(t, words, p.NameVI)
	}
}

func TestHomeSaysDemonstration(t *testing.T) {
	actual := Home{Lang: VI, Year: 2025, Years: years(), Attainment: attainment(t, 2025)}
	require.NotContains(t, render(t, actual), "Dữ liệu mẫu")
	made := actual
	made.Demonstration = true
	require.Contains(t, render(t, made), "Dữ liệu mẫu")
	made.Lang = EN
	require.Contains(t, render(t, made), "Demonstration data")
}

// A ministry's page may ask no foreign host, and needs no script.
func TestPagesAreSelfContained(t *testing.T) {
	pages := newPages(t)
	docs, err := pages.Docs(Docs{Title: "atvsld"})
	require.NoError(t, err)
	home := render(t, Home{Lang: VI, Year: 2025, Years: years(), Attainment: attainment(t, 2025)})
	foreign := regexp.MustCompile(`(?i)(src|href|action)\s*=\s*["']?\s*(https?:)?//|<script|\sstyle=|\son[a-z]+=|url\(`)
	for name, page := range map[string]string{"home": home, "docs": string(docs)} {
		require.Empty(t, foreign.FindAllString(page, -1), name)
	}
	_, css, ok := pages.Asset("style.css")
	require.True(t, ok)
	require.NotRegexp(t, `(?i)@import|https?:`, string(css))
	files := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(string(css), -1)
	require.Len(t, files, 2, "the font of the page, for Vietnamese and the rest")
	for _, file := range files {
		require.Regexp(t, `^/assets/[\w-]+\.woff2$`, file[1])
	}
}

func TestAssetsAreOnlyOurs(t *testing.T) {
	pages := newPages(t)
	for _, name := range []string{"", ".", "..", "../web.go", "style.css/..", "nothing.css", "template/home.html", "static/style.css", "style.CSS"} {
		_, _, ok := pages.Asset(name)
		require.False(t, ok, name)
	}
	mediaType, _, ok := pages.Asset("icon.svg")
	require.True(t, ok)
	require.Equal(t, "image/svg+xml", mediaType)
}

func TestHomeOfEveryVerdict(t *testing.T) {
	one, upper, pct, reason := int64(1), 2.0, -3.96, &indicator.Reason{Code: "x", VI: "Lý do.", EN: "A reason."}
	yes := true
	item := indicator.Item{
		Target: indicator.TargetRef{ID: "N19-1", Plan: "N19", Name: indicator.Text{VI: "Tên <b>", EN: "Name <b>"}},
		Area:   indicator.Area{Level: indicator.LevelNation}, Definition: indicator.Method{ID: "m", Headline: true},
		Current:   indicator.YearFigure{Year: 2025, Figure: indicator.Figure{Numerator: &one}},
		Previous:  indicator.YearFigure{Year: 2024},
		Threshold: &indicator.Threshold{Num: 96, Den: 100}, ChangePct: &pct, Reason: reason, WithinNoise: &yes,
		CoverageComparison: indicator.CoverageComparison{CoverageChanged: &yes, FallWithCoverage: indicator.ReasonOf(indicator.ReasonFallWithCoverage)},
		Provisional:        true, Ratio: &indicator.Interval{Lower: 0.5, Upper: &upper},
	}
	for verdict, word := range map[indicator.Verdict]string{
		indicator.Met: "Met", indicator.NotMet: "Not met", indicator.NotAssessable: "Not assessable", indicator.Hidden: "Hidden for privacy",
	} {
		item.Verdict = verdict
		page := render(t, Home{Lang: EN, Year: 2025, Attainment: &indicator.Attainment{Year: 2025, Items: []indicator.Item{item}}})
		require.Contains(t, page, `<span class="word">`+word+`</span>`)
		require.Contains(t, page, "Name &lt;b&gt;")
		require.Contains(t, page, "A reason.")
		if verdict == indicator.Met {
			require.Contains(t, page, "−3.96%") // −4.0% would look like met
			require.Contains(t, page, "Within noise")
			require.Contains(t, page, "Coverage changed")
			require.Contains(t, page, "a fall that may be one of reporting")
			require.Contains(t, page, "Provisional")
		}
	}
}

func textOf(t *testing.T, page string) string {
	t.Helper()
	node, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var out strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			out.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(node)
	return strings.Join(strings.Fields(out.String()), " ")
}

package api

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/api/web"
	"atvsld/seeds"
)

// pagePolicy lets the page run its own scripts and nothing else: no script in the document, none
// of another host, no style but its own.
const pagePolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// lastingAnswer is for files whose name changes with what they hold.
const lastingAnswer = "public, max-age=31536000, immutable"

// documentAnswer is for the document of the page as strangers get it: the same for all of them, and
// asked for again. The links in it name the area of whoever is signed in: his is a privateAnswer.
const documentAnswer = "public, no-cache"

// bareDocument is the document as it is kept on a device, for every view: it names what none asks.
const bareDocument = "/index.html"

// routeApp binds the views of the page and its files, and returns their addresses in gin's form.
func (s *Server) routeApp() []string {
	addresses := append(web.Addresses(), bareDocument)
	for _, address := range addresses {
		s.engine.GET(address, s.appDocument)
	}
	files := map[string]bool{"/assets/:file": true}
	for _, name := range s.app.Paths() {
		if !strings.HasPrefix(name, "/assets/") && name != bareDocument {
			files[name] = true
		}
	}
	for _, address := range slices.Sorted(maps.Keys(files)) {
		s.engine.GET(address, s.appFile)
		addresses = append(addresses, address)
	}
	s.ofPage = map[string]bool{}
	for _, address := range addresses {
		s.ofPage[address] = true
	}
	return addresses
}

// appDocument answers every view with the one document, and names in it what the view will ask
// for: all of that then comes at once, and not one after the other as scripts have run.
func (s *Server) appDocument(c *gin.Context) {
	f, built := s.app.Begin(c.FullPath(), s.firstQuestions(c))
	if !built {
		c.String(http.StatusNotImplemented, web.ErrNotBuilt.Error()+"\n")
		return
	}
	s.sendFile(c, http.StatusOK, f)
}

// firstQuestions are the addresses of the API that the view of an address asks when it opens, as
// its script writes them: one that differs by a letter would be asked twice. Where the address says
// more than most do, the view asks by itself.
func (s *Server) firstQuestions(c *gin.Context) []string {
	if c.FullPath() == bareDocument {
		return nil
	}
	by := callOf(c.Request.Context()).by
	questions := []string{"/v1/access/me"}
	if by.Role != access.Public {
		questions = append(questions, "/v1/access/policy")
	}
	said := c.Request.URL.Query()
	said.Del("lang")
	said.Del("wall")
	bare := len(said) == 0
	look := said.Get("view")
	said.Del("view")
	board := len(said) == 0
	switch path := c.FullPath(); {
	case path == "/" && bare:
		questions = append(questions, "/v1/attainment?area=VN&geography=34&view=closed")
	case path == "/attainment" && board:
		area, view := s.boardOf(c, look)
		questions = append(questions, "/v1/attainment?plan=D31&area="+area+"&geography=34&view="+view)
	case path == "/targets/:id" && board:
		area, view := s.boardOf(c, look)
		base := s.Clock().In(seeds.Local()).Year() - yearsOfPath
		questions = append(questions, "/v1/attainment?target="+url.QueryEscape(c.Param("id"))+"&area="+area+"&base="+strconv.Itoa(base)+"&geography=34&view="+view)
	case path == "/rules" && bare:
		questions = append(questions, "/v1/rules")
	case path == "/dictionary" && bare:
		questions = append(questions, "/v1/dictionary")
	case path == "/owed" && bare && len(by.Units) > 0 && isTaxCode(by.Units[0]):
		questions = append(questions, "/v1/dictionary", "/v1/obligations?unit="+url.QueryEscape(by.Units[0]+headOffice)+"&limit=1000")
	case path == "/reports" && bare && by.Role != access.Public:
		questions = append(questions, "/v1/dictionary", "/v1/reports?limit=25")
	case path == "/records" && bare && by.May(access.ReadCases):
		questions = append(questions, "/v1/investigations?limit=25", "/v1/codelists/provinces")
	case path == "/missing" && by.May(access.ReadObligations):
		questions = append(questions, "/v1/codelists/provinces")
	case path == "/new/accident" && bare && by.May(access.File):
		questions = append(questions, "/v1/dictionary?kind=accident_declaration")
	case path == "/trends":
		questions = append(questions, "/v1/indicators", "/v1/closings")
		if last := s.lastClosed(c.Request.Context()); bare && last != 0 {
			from, to := strconv.Itoa(last-yearsOfSeries+1), strconv.Itoa(last)
			questions = append(questions, "/v1/indicators/N4/series?from="+from+"&to="+to+"&period=Y&geography=34&compare=base&base_year="+from)
		}
	}
	return questions
}

// yearsOfPath is how many years before this one the path of a target begins, yearsOfSeries how
// many years trends show.
const (
	yearsOfPath   = 10
	yearsOfSeries = 10
)

// headOffice is the place of a tax code itself, as the register names it.
const headOffice = "/0"

// isTaxCode tells the units that the register names by a tax code from communes and households.
func isTaxCode(unit string) bool {
	return strings.IndexFunc(unit, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// lastClosed is the last closed year; 0 if there is none, or if the store does not say so at once:
// the document waits for nobody.
func (s *Server) lastClosed(ctx context.Context) int {
	const patience = 100 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	years, err := s.closedYears(ctx)
	if err != nil || len(years) == 0 {
		return 0
	}
	return years[0]
}

// boardOf is the area that the caller is there for and the figures that he is shown of it, if the
// address leaves both open: live ones to whoever may watch.
func (s *Server) boardOf(c *gin.Context, look string) (area, view string) {
	by := callOf(c.Request.Context()).by
	area, view = "VN", string(indicator.Closed)
	watches := by.May(access.ReadLive) && (by.Nation || access.ExtentOf(by.Role, access.ReadLive) == access.All)
	if !by.Nation {
		for _, p := range access.PlacesOf(by.Provinces, s.Seeds) {
			if p.List == seeds.List34 {
				area, watches = url.QueryEscape(string(p.List)+":"+p.Code), by.May(access.ReadLive)
				break
			}
		}
	}
	if watches && look != view {
		view = string(indicator.Live)
	}
	return area, view
}

func (s *Server) appFile(c *gin.Context) {
	f, there := s.app.File(c.Request.URL.Path)
	if !there {
		s.noRoute(c)
		return
	}
	s.sendFile(c, http.StatusOK, f)
}

func (s *Server) sendFile(c *gin.Context, status int, f web.File) {
	accept := c.GetHeader("Accept-Encoding")
	data, encoding, err := f.In(func(coding string) bool { return takesCoding(accept, coding) })
	if err != nil {
		s.Log.Error("a file of the page cannot be sent", "path", c.FullPath(), "error", err)
		s.refuse(c, problemFailed.new(ruleFault.finding()))
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	switch one := callOf(c.Request.Context()); {
	case f.Lasting:
		h.Set("Cache-Control", lastingAnswer)
	case one.by.Role != access.Public || one.cookie:
		h.Set("Cache-Control", privateAnswer)
	default:
		h.Set("Cache-Control", documentAnswer)
	}
	if encoding != web.Plain {
		h.Set("Content-Encoding", encoding)
	}
	c.Data(status, f.MediaType, data)
}

package api

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/api/web"
	"atvsld/seeds"
)

// plainPath is the first page for those whose browser runs no scripts.
const plainPath = "/plain"

// home is the page without a script: does the plan hold, for the nation and every province.
// Everybody sees closed figures; who may see those of this moment for the nation can ask for
// them with view=live.
func (s *Server) home(c *gin.Context) {
	year, err := strconv.Atoi(c.DefaultQuery("year", "0"))
	if err != nil {
		year = -1 // no year, and the page says so
	}
	page := web.Home{Lang: web.Language(c.Query("lang")), Demonstration: s.Demonstration, Version: s.version()}
	page.Visitor = s.visitor(c, page.Lang)
	s.offerLive(c, &page)
	status := s.fillHome(c, year, &page)
	var out bytes.Buffer
	if err := s.pages.Home(&out, page); err != nil {
		s.Log.Error("writing the page", "error", err, "request_id", callOf(c.Request.Context()).id)
		s.refuse(c, problemFailed.new(ruleFault.finding()))
		return
	}
	c.Data(status, htmlType, out.Bytes())
}

// offerLive says which live figures the visitor may see.
func (s *Server) offerLive(c *gin.Context, page *web.Home) {
	by := callOf(c.Request.Context()).by
	reach, err := by.Reach(access.ReadLive, s.Seeds)
	if err != nil || s.Indicators == nil {
		return
	}
	if reach.Extent == access.All {
		page.MayLive, page.Live = true, c.Query("view") == string(indicator.Live)
		return
	}
	for _, p := range s.Seeds.Provinces(seeds.List34) {
		if slices.Contains(by.Provinces, p.Code) {
			page.LiveLinks = append(page.LiveLinks, web.Link{
				Address: "/v1/attainment?view=live&area=" + url.QueryEscape(string(seeds.List34)+":"+p.Code), Text: page.Lang.T(p.NameVI, p.NameEN),
			})
		}
	}
}

// fillHome gets the figures; the page says in words when there are none.
func (s *Server) fillHome(c *gin.Context, year int, page *web.Home) (status int) {
	ctx := c.Request.Context()
	if s.Indicators == nil {
		page.Trouble = web.NotHere
		return http.StatusOK
	}
	years, err := s.closedYears(ctx)
	if err != nil {
		page.Trouble = web.StoreSilent
		return s.storeProblem(ctx, err).Status
	}
	view := indicator.Closed
	if page.Live {
		callOf(ctx).uses(access.ReadLive)
		view = indicator.Live
		if now := s.Clock().In(seeds.Local()).Year(); !slices.Contains(years, now) {
			years = append([]int{now}, years...)
		}
	}
	page.Years = years
	if len(years) == 0 {
		page.Trouble = web.NothingClosed
		return http.StatusOK
	}
	page.Year = years[0]
	status = http.StatusOK
	if year != 0 {
		page.Year = year
	}
	attainment, problem := s.assess(ctx, indicator.AttainmentRequest{Year: page.Year, View: view}, time.Time{})
	if problem != nil {
		page.Trouble = web.StoreSilent
		switch {
		case problem.Status == http.StatusForbidden:
			page.Trouble = web.NotYours
		case problem.Status < http.StatusInternalServerError:
			page.Trouble, page.Year = web.NoSuchYear, years[0]
		}
		return problem.Status
	}
	page.Attainment = attainment
	return status
}

// asset serves the page's own files.
func (s *Server) asset(c *gin.Context) {
	mediaType, data, ok := s.pages.Asset(c.Param("file"))
	if !ok {
		s.noRoute(c)
		return
	}
	c.Data(http.StatusOK, mediaType, data)
}

package api

import (
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// route binds every address. Whatever is under /v1 stands in the OpenAPI document.
func (s *Server) route() error {
	// Gin prints every route in its debug mode, which is its default.
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.RedirectTrailingSlash, e.RedirectFixedPath, e.HandleMethodNotAllowed = false, false, true
	if err := e.SetTrustedProxies(s.config.proxies()); err != nil {
		return fmt.Errorf("set up routes: %w", err)
	}
	e.RemoteIPHeaders = []string{"X-Forwarded-For"}
	e.Use(s.secure, s.begin, s.record, s.survive, s.knownHost, s.crossOrigin, s.authenticate, s.limit, s.pass, s.wellFormed, s.cache)
	e.NoRoute(s.noRoute)
	e.NoMethod(s.noMethod)
	s.engine = e
	s.api = humagin.New(e, s.openAPIConfig())

	s.documentIntake()
	// Gin reads ":" as the start of a parameter unless it is escaped.
	e.POST(`/v1/reports`, s.submit)
	e.POST(`/v1/reports\:batch`, s.batch)
	s.routeReports()
	s.routeReadBack()
	s.routeReportList()
	s.routeDraft()
	s.routeIndicators()
	s.routeClosings()
	s.routeLive()
	s.routeBoundaries()
	s.routeSummaries()
	s.routeBaseFigures()
	s.routeCodeLists()
	s.routeRules()
	s.routeDictionary()
	s.routePolicy()
	s.routeReceipts()
	s.routeDeadLetters()
	s.routeInbox()
	s.routeProof()
	s.routeSafety()
	s.routeAccidents()
	s.routeHealth()
	s.routeObligations()
	s.routeOutliers()
	s.routeAccess()
	s.routeGrants()
	s.routeErasures()
	s.routePersons()
	s.routeAudit()
	s.finishOpenAPI()

	e.GET("/livez", s.live)
	e.GET("/readyz", s.ready)
	e.GET("/metrics", s.scraper, gin.WrapH(promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{Registry: s.Registry})))
	s.routeDocs()
	e.GET(plainPath, s.home)
	e.GET("/web/:file", s.asset)
	s.routeSignIn()
	s.routeSecurityContact()
	page := s.routeApp()
	s.closeGates(append(page, "/livez", "/readyz", "/metrics", plainPath, "/web/:file", securityTxt, "/openapi.json", "/openapi.yaml", "/asyncapi.json", "/docs")...)
	s.openSignIn()
	return nil
}

func (s *Server) hasGateway() bool { return s.Gateway != nil }

// operation statuses every documented operation may answer beside its own.
func always() []int {
	return []int{http.StatusUnauthorized, http.StatusMisdirectedRequest, http.StatusTooManyRequests, http.StatusInternalServerError}
}

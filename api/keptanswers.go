package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jellydator/ttlcache/v3"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// keptRoutes answer from figures and reference data alone: the same question of who sees as much
// has the same answer while the figures are the same.
var keptRoutes = map[string]bool{
	"/v1/attainment": true, "/v1/indicators/:id/series": true, "/v1/indicators/:id/chart": true,
	"/v1/indicators/:id/funnel": true, "/v1/indicators/:id/movers": true,
}

// keptAnswers are whole answers: on the day of a publication very many ask the same, and a board
// that is looked at asks again with every report.
type keptAnswers struct {
	held *ttlcache.Cache[string, *keptAnswer]
}

// keptAnswer is an answer with what its handler would say again.
type keptAnswer struct {
	*wholeAnswer
	// sources are what the answer was made of. The public needs none: its key names the closings,
	// and it is shown nothing else.
	sources *store.Sources
	// action and touches are for the record: a look at a kept answer is a look.
	action  access.Action
	touches []audit.Touch

	mu      sync.Mutex
	lookers map[looker]bool
}

// keptBytes is about how much memory kept answers take.
const keptBytes = 64 << 20

func newKeptAnswers() keptAnswers {
	return keptAnswers{ttlcache.New(ttlcache.WithMaxCost(keptBytes, func(item ttlcache.CostItem[string, *keptAnswer]) uint64 {
		const rest = 2000
		return uint64(len(item.Key) + len(item.Value.body) + rest)
	}))}
}

// get returns what is kept under a key and still so, nil if there is nothing.
func (k keptAnswers) get(ctx context.Context, key string) *keptAnswer {
	if key == "" {
		return nil
	}
	item := k.held.Get(key)
	if item == nil {
		return nil
	}
	if a := item.Value(); a.sources == nil || a.sources.Stand(ctx) {
		return a
	}
	return nil
}

// looker is who was shown an answer, as the record names him.
type looker struct {
	who                audit.Who
	purpose            audit.PurposeCode
	reference, network string
}

func lookerOf(e *audit.Entry) looker { return looker{e.Who, e.Purpose, e.Reference, e.Network} }

// maxLookers bounds those that an answer remembers; a look of others is one for the first time.
const maxLookers = 1000

// shownTo remembers a look that is on record.
func (a *keptAnswer) shownTo(l looker) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lookers == nil {
		a.lookers = map[looker]bool{}
	}
	if len(a.lookers) < maxLookers {
		a.lookers[l] = true
	}
}

// wasShownTo tells whether a look at this very answer is on record already.
func (a *keptAnswer) wasShownTo(l looker) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lookers[l]
}

// keptKey names a question, how much the caller sees, and the closings and the day of its answer.
// It is empty where the answer is not kept.
func (s *Server) keptKey(c *gin.Context) string {
	one := callOf(c.Request.Context())
	switch {
	case !keptRoutes[c.FullPath()] || s.Store == nil || c.Query("as_of") != "":
		return ""
	case one.by.Role == access.Public && one.cookie:
		return "" // of a session that has ended, which the answer says
	case len(one.by.Units)+len(one.by.FileUnits) > 0:
		return "" // hardly anybody else has the same
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.config.QueryTimeout)
	defer cancel()
	closings, err := s.Store.Closings(ctx)
	if err != nil {
		return "" // as the handler will find out
	}
	var last time.Time
	for _, closing := range closings {
		if closing.ClosedAt.After(last) {
			last = closing.ClosedAt
		}
	}
	header := c.Request.Header
	return fmt.Sprintf("%q as %q, %q, packed %t, on %s after %d closings, the last at %d, to %s %t %q %q",
		c.Request.URL.RequestURI(), one.accept, header.Values("Accept"), takesGzip(header.Get("Accept-Encoding")),
		seeds.DateOf(s.Clock()), len(closings), last.UnixMilli(), one.by.Role, one.by.Nation, one.by.Provinces, one.by.Sections)
}

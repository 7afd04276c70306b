package api

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/time/rate"

	"atvsld/analytics/access"
)

// maxHolders bounds how many holders or addresses one budget remembers; the one that was
// away longest is forgotten first. 65,536 take some 20 MB.
const maxHolders = 1 << 16

// allowances are the budgets of one kind, one for each holder.
type allowances[K comparable] struct {
	rate Rate
	held *ttlcache.Cache[K, *rate.Limiter]
}

func newAllowances[K comparable](r Rate) *allowances[K] {
	if r.PerSecond == 0 {
		return &allowances[K]{}
	}
	// By then it is full again, so that forgetting it changes nothing.
	full := time.Duration(float64(r.Burst)/r.PerSecond*float64(time.Second)) + time.Minute
	return &allowances[K]{rate: r, held: ttlcache.New(ttlcache.WithTTL[K, *rate.Limiter](full), ttlcache.WithCapacity[K, *rate.Limiter](maxHolders))}
}

// of returns the budget of a holder; nil if there is no limit.
func (a *allowances[K]) of(key K) *rate.Limiter {
	if a.held == nil {
		return nil
	}
	item, _ := a.held.GetOrSetFunc(key, func() *rate.Limiter { return rate.NewLimiter(rate.Limit(a.rate.PerSecond), a.rate.Burst) })
	return item.Value()
}

// take spends one. It returns how long to wait when nothing is left.
func (a *allowances[K]) take(key K, now time.Time) time.Duration {
	l := a.of(key)
	if l == nil || l.AllowN(now, 1) {
		return 0
	}
	return a.until(l, now)
}

// until is how long it takes until one can be spent; 0 for now.
func (a *allowances[K]) until(l *rate.Limiter, now time.Time) time.Duration {
	missing := 1 - l.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / a.rate.PerSecond * float64(time.Second))
}

// rates are all budgets of a server. They are of this process: N processes let N times as
// much through.
type rates struct {
	reading, filing, batches, rows *allowances[string]
	address, failures              *allowances[netip.Prefix]
	// good remembers tokens that were accepted a while ago, by their digest: who shares an
	// address with a guesser, behind a proxy or in an office, keeps working.
	good *ttlcache.Cache[[sha256.Size]byte, struct{}]
}

// goodFor is how long an accepted token is remembered after its last use.
const goodFor = 12 * time.Hour

func newRates(r Rates) *rates {
	out := &rates{
		reading: newAllowances[string](r.Reading), filing: newAllowances[string](r.Filing), batches: newAllowances[string](r.Batches),
		rows: newAllowances[string](r.Rows), address: newAllowances[netip.Prefix](r.Address), failures: newAllowances[netip.Prefix](r.Failures),
	}
	if r.Failures.PerSecond > 0 {
		out.good = ttlcache.New(ttlcache.WithTTL[[sha256.Size]byte, struct{}](goodFor), ttlcache.WithCapacity[[sha256.Size]byte, struct{}](maxHolders))
	}
	return out
}

// limit answers 429 to who asks too often. It stands behind [Server.authenticate], which
// slows down wrong tokens by itself.
func (s *Server) limit(c *gin.Context) {
	by := callOf(c.Request.Context()).by
	// The page comes in some forty files out of memory, and a whole office opens it at the same hour.
	if by.Role == access.Operator || s.ofPage[c.FullPath()] {
		return
	}
	name, wait := s.spend(c, by)
	if wait > 0 {
		s.metrics.limited.WithLabelValues(name).Inc()
		s.refuse(c, problemLimited.new(ruleLimited.finding()).after(wait))
	}
}

// spend takes the request from the budget that it belongs to.
func (s *Server) spend(c *gin.Context, by access.Caller) (name string, wait time.Duration) {
	now := s.Clock()
	if by.Role == access.Public {
		from := s.caller(c)
		if from.IsLoopback() {
			// This machine: a probe, or a proxy that nobody told of, which stands for
			// everybody. See [Server.caller].
			return "address", 0
		}
		return "address", s.rates.address.take(network(from), now)
	}
	if c.Request.Method == http.MethodPost {
		switch c.FullPath() {
		case "/v1/reports":
			return "filing", s.rates.filing.take(by.ID, now)
		case "/v1/reports:batch":
			return "batches", s.rates.batches.take(by.ID, now)
		}
	}
	return "reading", s.rates.reading.take(by.ID, now)
}

// awaitRows holds a batch back until its holder may file so many rows more, or the server
// stops.
func (b *batchRun) awaitRows(ctx context.Context, rows int) {
	if b.by.Role == access.Operator {
		return
	}
	l := b.server.rates.rows.of(b.by.ID)
	if l == nil {
		return
	}
	ctx, giveUp := b.server.untilStop(ctx)
	defer giveUp()
	// Who is gone or too late is dealt with by who files the rows.
	_ = l.WaitN(ctx, rows)
}

// guessing returns how long tokens from the address are not looked at; 0 if they are.
func (s *Server) guessing(from netip.Addr, token string) time.Duration {
	l := s.guesses(from)
	if l == nil {
		return 0
	}
	wait := s.rates.failures.until(l, s.Clock())
	if wait == 0 || s.rates.good.Has(sha256.Sum256([]byte(token))) {
		return 0
	}
	s.metrics.limited.WithLabelValues("failures").Inc()
	return wait
}

// guesses is the budget of wrong tokens of an address; nil if it has none to keep to.
func (s *Server) guesses(from netip.Addr) *rate.Limiter {
	if from.IsLoopback() {
		return nil
	}
	return s.rates.failures.of(network(from))
}

// guessed notes a token that was not accepted. Guesses sent all at once are paid for as
// well, up to twice the budget, so that no address is out for ever.
func (s *Server) guessed(from netip.Addr, token string) {
	l := s.guesses(from)
	if l == nil {
		return
	}
	s.rates.good.Delete(sha256.Sum256([]byte(token)))
	if now := s.Clock(); l.TokensAt(now) > float64(-l.Burst()) {
		l.ReserveN(now, 1)
	}
}

// accepted notes a token that was.
func (s *Server) accepted(token string) {
	if s.rates.good != nil {
		s.rates.good.Set(sha256.Sum256([]byte(token)), struct{}{}, ttlcache.DefaultTTL)
	}
}

// network is what one subscriber has: an IPv4 address, or a /64 of IPv6.
func network(from netip.Addr) netip.Prefix {
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	p, err := from.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{} // an address that cannot be read: all such share one budget
	}
	return p
}

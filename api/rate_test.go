package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
)

// limited starts an interface that believes its peer about addresses, with a clock.
func limited(t *testing.T, r Rates) (*platform, *hands) {
	t.Helper()
	clock := &hands{now: time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)}
	p := newSmall(t, func(d *Deps, c *Config) {
		everything := &troubledLog{func(events []queue.Event) []error { return make([]error, len(events)) }}
		d.Identity, d.Clock, d.Gateway = somebody(), clock.clock, newGateway(t, d.Keys, emptyLedger{}, everything)
		c.Rates, c.Proxies = r, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	return p, clock
}

// tooMany checks an answer 429.
func (a answer) tooMany(code string, seconds int) {
	a.t.Helper()
	a.problem(http.StatusTooManyRequests, code)
	require.Equal(a.t, strconv.Itoa(seconds), a.header.Get("Retry-After"))
}

func TestRateLimitPerAddress(t *testing.T) {
	p, clock := limited(t, Rates{Address: Rate{0.5, 3}})
	read := func(address string) answer { return p.get("/v1/rules", from(address)...) }
	for range 3 {
		read("203.0.113.9").ok()
	}
	read("203.0.113.9").tooMany("API-141", 2)
	read("203.0.113.10").ok()
	// A subscriber of IPv6 has a whole /64.
	for i := range 3 {
		read(fmt.Sprintf("2001:db8:0:1::%d", i+1)).ok()
	}
	read("2001:db8:0:1:ffff::9").tooMany("API-141", 2)
	read("2001:db8:0:2::1").ok()
	// What does not exist costs as much: nobody searches for free.
	for range 3 {
		require.Equal(t, http.StatusNotFound, p.get("/nothing", from("203.0.113.11")...).status)
	}
	p.get("/nothing", from("203.0.113.11")...).tooMany("API-141", 2)
	// A token has its own budget, wherever it is.
	p.get("/v1/rules", append(from("203.0.113.9"), "Authorization", "Bearer enterprise")...).ok()
	clock.move(2 * time.Second)
	read("203.0.113.9").ok()
	read("203.0.113.9").tooMany("API-141", 2)
	require.Contains(t, string(p.ask(http.MethodGet, "/metrics", nil, "Authorization", "Bearer operator").ok().body), `atvsld_http_limited_total{budget="address"} 4`)
}

// Whoever cannot be told from others, because nothing says where he is, has no budget: a
// probe, or all the world behind a proxy that was not named.
func TestThisMachineHasNoAddressBudget(t *testing.T) {
	p, _ := limited(t, Rates{Address: Rate{0.5, 1}, Failures: Rate{0.5, 1}})
	for range 5 {
		p.get("/v1/rules").ok()
		p.get("/v1/rules", "Authorization", "Bearer wrong").problem(http.StatusUnauthorized, "API-001")
	}
}

func TestRateLimitPerToken(t *testing.T) {
	p, clock := limited(t, Rates{Reading: Rate{1, 2}})
	read := func(token, address string) answer {
		return p.get("/v1/rules", append(from(address), "Authorization", "Bearer "+token)...)
	}
	read("enterprise", "203.0.113.1").ok()
	read("enterprise", "203.0.113.2").ok()
	read("enterprise", "203.0.113.3").tooMany("API-141", 1) // wherever he goes
	read("ministry", "203.0.113.3").ok()
	for range 20 {
		read("operator", "203.0.113.3").ok()
	}
	clock.move(time.Second)
	read("enterprise", "203.0.113.4").ok()
}

// A bulk load of the same token, and all that it reads, never keeps out the declaration of a
// death.
func TestBulkLoadDoesNotStarveFatalDeclaration(t *testing.T) {
	p, _ := limited(t, Rates{Reading: Rate{0.001, 1}, Filing: Rate{0.001, 2}, Batches: Rate{0.001, 1}})
	as := []string{"Authorization", "Bearer enterprise"}
	batch := func() answer {
		return p.post("/v1/reports:batch", []byte(oneLine(declaration(t))), append(as, "Content-Type", ndjsonType)...)
	}
	batch().ok()
	batch().tooMany("API-141", 1000)
	p.get("/v1/rules", as...).ok()
	p.get("/v1/rules", as...).tooMany("API-141", 1000)
	require.NotEqual(t, http.StatusTooManyRequests, p.post("/v1/reports", declaration(t), as...).status)
	require.NotEqual(t, http.StatusTooManyRequests, p.post("/v1/reports?dry_run=true", declaration(t), as...).status)
	p.post("/v1/reports", declaration(t), as...).tooMany("API-141", 1000)
}

// Rows of a batch wait; nothing of it is refused. The operator's do not wait.
func TestRowsOfABatchWait(t *testing.T) {
	p, _ := limited(t, Rates{Rows: Rate{PerSecond: 1, Burst: intake.MaxChunk}})
	rows := []byte(strings.Repeat(oneLine(declaration(t))+"\n", 3))
	file := func(token string) answer {
		return p.post("/v1/reports:batch", rows, "Authorization", "Bearer "+token, "Content-Type", ndjsonType)
	}
	file("enterprise").ok()
	l := p.server.rates.rows.of("enterprise-1")
	require.InDelta(t, intake.MaxChunk-3, l.TokensAt(time.Now()), 2)
	file("operator").ok()
	require.InDelta(t, intake.MaxChunk, p.server.rates.rows.of("local").TokensAt(time.Now()), 0.1)
	require.True(t, l.AllowN(time.Now(), int(l.TokensAt(time.Now()))))
	start := time.Now()
	file("enterprise").ok()
	require.Greater(t, time.Since(start), time.Second) // a lower bound, however slow the machine
}

// Guessing tokens is slowed down where it happens, and nobody else notices.
func TestTokenGuessingIsSlowedDown(t *testing.T) {
	p, clock := limited(t, Rates{Failures: Rate{0.1, 3}})
	guess := func(token, address string) answer {
		return p.get("/v1/rules", append(from(address), "Authorization", "Bearer "+token)...)
	}
	const attacker, office = "203.0.113.9", "203.0.113.10"
	guess("ministry", attacker).ok() // known to be good from now on
	for i := range 3 {
		guess(fmt.Sprintf("guess-%d", i), attacker).problem(http.StatusUnauthorized, "API-001")
	}
	guess("guess-4", attacker).tooMany("API-142", 10)
	// Not even a right guess is told from a wrong one.
	guess("enterprise", attacker).tooMany("API-142", 10)
	// Everybody works on elsewhere; who worked here before works on here, too.
	guess("enterprise", office).ok()
	guess("ministry", attacker).ok()
	p.get("/v1/rules", from(attacker)...).ok()
	// By now this process knows the token, so that an attacker cannot lock its holder out.
	guess("enterprise", attacker).ok()
	clock.move(10 * time.Second)
	guess("guess-5", attacker).problem(http.StatusUnauthorized, "API-001")
	guess("guess-6", attacker).tooMany("API-142", 10)
	require.NotContains(t, p.logged(), "guess-")
}

// A token that was good and is not any more is guessed like any other.
func TestRevokedTokenIsNotGoodForEver(t *testing.T) {
	known := somebody()
	p := newSmall(t, func(d *Deps, c *Config) {
		d.Identity, c.Rates = known, Rates{Failures: Rate{0.001, 1}}
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	ask := func(token string) int {
		return p.get("/v1/rules", append(from("203.0.113.9"), "Authorization", "Bearer "+token)...).status
	}
	require.Equal(t, http.StatusOK, ask("ministry"))
	delete(known, "ministry")
	require.Equal(t, http.StatusUnauthorized, ask("ministry"))
	require.Equal(t, http.StatusTooManyRequests, ask("ministry"))
}

// Guesses sent all at once are paid for, too; but no address is out for ever.
func TestGuessesAllAtOnce(t *testing.T) {
	p, clock := limited(t, Rates{Failures: Rate{1, 5}})
	address := netip.MustParseAddr("203.0.113.9")
	for range 1000 {
		p.server.guessed(address, "x")
	}
	require.Equal(t, 6*time.Second, p.server.guessing(address, "y"))
	clock.move(6 * time.Second)
	require.Zero(t, p.server.guessing(address, "y"))
}

// Over any time nobody gets more than the burst and what refilled.
func TestAllowanceIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rate{PerSecond: rapid.Float64Range(0.1, 100).Draw(t, "per second"), Burst: rapid.IntRange(1, 50).Draw(t, "burst")}
		a := newAllowances[string](r)
		start := time.Unix(1_800_000_000, 0)
		now, taken := start, 0
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 2000), 1, 200).Draw(t, "pauses") {
			now = now.Add(time.Duration(pause) * time.Millisecond)
			wait := a.take("x", now)
			if wait == 0 {
				taken++
				continue
			}
			// Who waits as long as told is let in.
			require.LessOrEqual(t, a.until(a.of("x"), now.Add(wait)), time.Microsecond)
		}
		require.LessOrEqual(t, float64(taken), float64(r.Burst)+r.PerSecond*now.Sub(start).Seconds()+1e-6)
	})
}

func TestAllowancesAreBounded(t *testing.T) {
	a := newAllowances[int](Rate{1, 1})
	for i := range maxHolders + 1000 {
		a.take(i, time.Now())
	}
	require.Equal(t, maxHolders, a.held.Len())
}

// Tokens that are too long are refused by the bound on headers.
func TestOversizedHeaders(t *testing.T) {
	p := newSmall(t)
	head := "GET / HTTP/1.1\r\nHost: x\r\n"
	for name, header := range map[string]string{
		"token":  "Authorization: Bearer " + strings.Repeat("x", 64<<10) + "\r\n",
		"cookie": "Cookie: atvsld-session=" + strings.Repeat("x", 64<<10) + "\r\n",
		"many":   string(bytes.Repeat([]byte("X-Many: x\r\n"), 10_000)),
	} {
		require.Contains(t, p.raw(head+header+"\r\n"), "431", name)
	}
}

// The operator's token, which loads and measures, and an interface without budgets count
// nothing.
func TestNoLimits(t *testing.T) {
	p, _ := limited(t, Rates{})
	for range 50 {
		p.get("/v1/rules", append(from("203.0.113.9"), "Authorization", "Bearer enterprise")...).ok()
	}
	require.Zero(t, p.server.guessing(netip.MustParseAddr("203.0.113.9"), "x"))
	require.True(t, access.Caller{Role: access.Operator}.May(access.File))
}

package audit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
)

// memory is a log in memory that stores what has one token once.
type memory struct {
	mu     sync.Mutex
	chains map[uuid.UUID][]audit.Signed
	order  []uuid.UUID
	tokens map[string]bool
	// fails is how often to answer with an error: half of them after the entries were stored.
	fails atomic.Int32
	// killed is a chain of which nothing more is stored.
	killed uuid.UUID
}

func (m *memory) AppendAudit(_ context.Context, token string, entries []audit.Signed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if entries[0].Entry.Chain == m.killed {
		return errors.New("the process is gone")
	}
	left := m.fails.Add(-1)
	if left >= 0 && left%2 == 0 {
		return errors.New("the store does not answer")
	}
	if m.chains == nil {
		m.chains, m.tokens = map[uuid.UUID][]audit.Signed{}, map[string]bool{}
	}
	if !m.tokens[token] {
		m.tokens[token] = true
		chain := entries[0].Entry.Chain
		if m.chains[chain] == nil {
			m.order = append(m.order, chain)
		}
		m.chains[chain] = append(m.chains[chain], entries...)
	}
	if left >= 0 {
		return errors.New("the connection broke")
	}
	return nil
}

func (m *memory) AuditHeads(context.Context) ([]audit.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var heads []audit.Head
	for _, id := range m.order {
		chain := m.chains[id]
		heads = append(heads, chain[len(chain)-1].Head())
	}
	return heads, nil
}

func (m *memory) kill(chain uuid.UUID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.killed = chain
}

// all are the entries as an export has them.
func (m *memory) all() []audit.Signed {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []audit.Signed
	for _, id := range m.order {
		all = append(all, m.chains[id]...)
	}
	return all
}

var key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func keys() audit.Keys { return audit.KeysOf(key.Public().(ed25519.PublicKey)) }

func quick() audit.Config {
	c := audit.DefaultConfig()
	c.Retry = time.Microsecond
	return c
}

func start(t testing.TB, log audit.Log, c audit.Config) *audit.Writer {
	return audit.Start(log, key, c, slog.New(slog.DiscardHandler))
}

func closed(t testing.TB, w *audit.Writer) {
	t.Helper()
	if err := w.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func entry(id string) audit.Entry {
	return audit.Entry{
		Kind: audit.Request, Who: audit.Who{ID: id, Role: access.Inspector, Token: "t1"}, Operation: "report-revision", Action: access.ReadReports,
		Scope: audit.Scope{Extent: access.Area, Provinces: 1}, Purpose: "inspection", Reference: "QD-1", Outcome: audit.Allowed, Status: 200,
		On:        []audit.Touch{{Kind: audit.Report, ID: uuid.NewString(), Revision: 1, Fields: []string{"/reason", "/content/victims/0/name"}}},
		RequestID: uuid.New(), Network: "10.0.0.0/24",
	}
}

// sample is a log of three processes, of which the second was killed.
func sample(t testing.TB) *memory {
	t.Helper()
	log := &memory{}
	c := quick()
	c.CheckpointEntries = 3
	first := start(t, log, c)
	require.NoError(t, first.Record(t.Context(), entry("a"), entry("b")))
	second := start(t, log, c)
	require.NoError(t, second.Record(t.Context(), entry("c")))
	require.NoError(t, first.Record(t.Context(), entry("d"), entry("e")))
	require.NoError(t, first.Record(t.Context(), entry("f")))
	closed(t, first)
	third := start(t, log, c)
	require.NoError(t, third.Record(t.Context(), entry("g")))
	closed(t, third)
	killed, cancel := context.WithCancel(context.Background())
	cancel()
	log.kill(second.Chain())
	_ = second.Close(killed)
	return log
}

func export(t testing.TB, all []audit.Signed) []byte {
	t.Helper()
	var out bytes.Buffer
	x := audit.NewExporter(&out)
	for i := range all {
		require.NoError(t, x.Write(&all[i]))
	}
	require.NoError(t, x.Close())
	return out.Bytes()
}

func verify(data []byte, earlier ...audit.Head) audit.Result {
	v := audit.NewVerifier(keys(), earlier)
	_ = v.ReadExport(bytes.NewReader(data))
	return v.Result()
}

func problems(r audit.Result) string {
	var texts []string
	for _, p := range r.Problems {
		texts = append(texts, p.String())
	}
	return strings.Join(texts, "\n")
}

// A log that nobody touched has no problem; the chain that was killed is told to be open.
func TestValidLog(t *testing.T) {
	all := sample(t).all()
	r := verify(export(t, all))
	require.Empty(t, r.Problems)
	require.EqualValues(t, len(all), r.Entries)
	require.Equal(t, 3, r.Chains)
	require.Len(t, r.Open, 1)
	require.Len(t, r.Heads, 3)
	again := verify(export(t, all), r.Heads...)
	require.Empty(t, again.Problems, "what was seen earlier is still there")
}

// The rule is written down in the open: whoever knows it can verify without this program.
func TestTheRuleOfTheChain(t *testing.T) {
	var before audit.Hash
	for _, s := range sample(t).all() {
		if s.Entry.Number == 1 {
			before = audit.Hash{}
		}
		canonical, err := s.Entry.Canonical()
		require.NoError(t, err)
		require.Equal(t, audit.Hash(sha256.Sum256(append(before[:], canonical...))), s.Hash)
		require.True(t, ed25519.Verify(key.Public().(ed25519.PublicKey), s.Hash[:], s.Signature))
		before = s.Hash
	}
}

func index(all []audit.Signed, match func(e *audit.Entry) bool) int {
	for i := range all {
		if match(&all[i].Entry) {
			return i
		}
	}
	return -1
}

func without(all []audit.Signed, from, to int) []audit.Signed {
	return append(append([]audit.Signed{}, all[:from]...), all[to:]...)
}

func TestRemovedAuditLineIsDetected(t *testing.T) {
	all := sample(t).all()
	size := func(chain uuid.UUID) (from, to int) {
		from = index(all, func(e *audit.Entry) bool { return e.Chain == chain })
		for to = from; to < len(all) && all[to].Entry.Chain == chain; to++ {
		}
		return from, to
	}
	from, to := size(all[0].Entry.Chain)
	second := all[to].Entry.Chain
	t.Run("middle", func(t *testing.T) {
		require.Contains(t, problems(verify(export(t, without(all, from+1, from+2)))), "entries 2 to 2 are missing")
	})
	t.Run("end after a checkpoint", func(t *testing.T) {
		require.Contains(t, problems(verify(export(t, without(all, to-1, to)))), "and is gone", "the third chain named it")
	})
	t.Run("whole chain", func(t *testing.T) {
		begin, end := size(second)
		require.Contains(t, problems(verify(export(t, without(all, begin, end)))), "the whole chain is gone")
	})
	t.Run("beginning", func(t *testing.T) {
		require.Contains(t, problems(verify(export(t, without(all, 0, 1)))), "missing")
	})
	// What no other chain has named is found out by who has seen it before.
	last, end := size(all[len(all)-1].Entry.Chain)
	require.Empty(t, verify(export(t, without(all, end-1, end))).Problems, "the end of the newest chain")
	seen := verify(export(t, all)).Heads
	require.Contains(t, problems(verify(export(t, without(all, end-1, end)), seen...)), "was seen earlier, and is gone")
	require.Contains(t, problems(verify(export(t, without(all, last, end)), seen...)), "the whole chain is gone")
}

func TestReorderedAuditLines(t *testing.T) {
	all := sample(t).all()
	all[1], all[2] = all[2], all[1]
	found := problems(verify(export(t, all)))
	require.Contains(t, found, "are missing")
	require.Contains(t, found, "the order was changed")

	mixed := sample(t).all()
	other := index(mixed, func(e *audit.Entry) bool { return e.Chain != mixed[0].Entry.Chain })
	mixed = append([]audit.Signed{mixed[other]}, without(mixed, other, other+1)...)
	require.Contains(t, problems(verify(export(t, mixed))), "its chain came before another one")
}

// Whoever has no key cannot write an entry, nor a whole log.
func TestAuditForgedWithoutKey(t *testing.T) {
	stranger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	log := &memory{}
	w := audit.Start(log, stranger, quick(), slog.New(slog.DiscardHandler))
	require.NoError(t, w.Record(t.Context(), entry("a")))
	closed(t, w)
	forged := log.all()
	require.Contains(t, problems(verify(export(t, forged))), "signing key that is not known")
	for i := range forged {
		forged[i].Entry.Key = audit.KeyID(key.Public().(ed25519.PublicKey))
	}
	require.Contains(t, problems(verify(export(t, forged))), "was changed")

	// A second writer of the same chain shows as a fork, even with the key.
	all := sample(t).all()
	at := index(all, func(e *audit.Entry) bool { return e.Number == 2 })
	twice := append(append([]audit.Signed{}, all[:at+1]...), all[at:]...)
	require.Contains(t, problems(verify(export(t, twice))), "it is there twice")
	other := twice[at+1].Entry
	other.Status = 404
	var err error
	twice[at+1], err = audit.Seal(other, all[at].Previous, key)
	require.NoError(t, err)
	require.Contains(t, problems(verify(export(t, twice))), "the chain was forked")
}

// Any single change of an export is found: of a byte, of the place of a line, of their number.
func TestAnyMutationIsFound(t *testing.T) {
	valid := export(t, sample(t).all())
	lines := bytes.SplitAfter(valid, []byte("\n"))
	lines = lines[:len(lines)-1]
	rapid.Check(t, func(r *rapid.T) {
		var changed []byte
		switch rapid.IntRange(0, 3).Draw(r, "mutation") {
		case 0:
			changed = bytes.Clone(valid)
			changed[rapid.IntRange(0, len(valid)-1).Draw(r, "at")] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
		case 1:
			at := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
			changed = bytes.Join(append(append([][]byte{}, lines[:at]...), lines[at+1:]...), nil)
		case 2:
			from, to := rapid.IntRange(0, len(lines)-1).Draw(r, "from"), rapid.IntRange(0, len(lines)-1).Draw(r, "to")
			moved := append([][]byte{}, lines...)
			moved[from], moved[to] = moved[to], moved[from]
			if changed = bytes.Join(moved, nil); bytes.Equal(changed, valid) {
				return
			}
		default:
			at := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
			changed = bytes.Join(append(append(append([][]byte{}, lines[:at+1]...), lines[at]), lines[at+1:]...), nil)
		}
		found := verify(changed).Problems
		if len(found) == 0 {
			r.Fatalf("not found: %s", changed)
		}
	})
}

// Nothing that is read makes the verifier fail, and what has no problem has one as soon as its
// end is gone.
func FuzzReadExport(f *testing.F) {
	f.Add(export(f, sample(f).all()))
	f.Add([]byte(`{"chains":0,"end":true,"entries":0}` + "\n"))
	f.Add([]byte(`{"entry":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := verify(data)
		if len(r.Problems) == 0 {
			require.NotEmpty(t, verify(data[:len(data)-1]).Problems)
		}
	})
}

// BenchmarkVerify checks an export, for each entry.
func BenchmarkVerify(b *testing.B) {
	log := &memory{}
	w := start(b, log, quick())
	for range 1000 {
		if err := w.Record(context.Background(), entry("a")); err != nil {
			b.Fatal(err)
		}
	}
	closed(b, w)
	data := export(b, log.all())
	b.ReportMetric(float64(len(data))/float64(len(log.all())), "bytes/entry")
	for b.Loop() {
		if r := verify(data); len(r.Problems) > 0 {
			b.Fatal(r.Problems)
		}
	}
}

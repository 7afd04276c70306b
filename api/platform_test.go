package api

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/analytics/summary"
	"atvsld/api/identity"
	"atvsld/api/web/webtest"
	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/grant"
	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// platform is the interface on a real broker and a real store.
type platform struct {
	t        *testing.T
	server   *Server
	url      string
	token    string
	store    *store.Store
	epoch    uuid.UUID
	deps     Deps
	log      *bytes.Buffer
	locked   *lockedWriter // of log
	brokers  []string
	startLog func()
}

const partitions = 4

// newPlatform starts everything; change may replace parts of it beforehand.
func newPlatform(t *testing.T, change ...func(*Deps, *Config)) *platform {
	t.Helper()
	st, info := engine.Store(t)
	brokers := startBroker(t)
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"))
	require.NoError(t, err)
	p := &platform{t: t, store: st, token: keys.LocalToken(), log: &bytes.Buffer{}, brokers: brokers}
	verifier, err := identity.Open(identity.Config{Keys: keys, Records: st})
	require.NoError(t, err)
	p.deps = Deps{
		Gateway: newGateway(t, keys, st, newProducer(t, brokers)), Identity: verifier, Access: identity.NewDesk(verifier, st), Keys: keys, Store: st, Accidents: st, Register: st, FollowUp: st, Persons: st, Erasures: st, Seeds: seeds.Default(),
		Summaries: summary.New(st, seeds.Default()), BaseFigures: st,
		ReceiptKeys: signer(t, keys).JWKS(), InboxKeys: keys.InboxKeys(), Registry: prometheus.NewRegistry(), Version: "test",
		Log:         p.logger(),
		DeadLetters: deadletter.New(st, queue.NewReplayer(queue.At(brokers...), partitions), slog.New(slog.DiscardHandler)),
	}
	p.deps.Reports, p.deps.Fates, p.deps.Grants, p.epoch = st, st, grant.New(st), info.Epoch
	p.deps.AuditLog, p.deps.Audit = st, recordTo(t, st, keys)
	p.deps.Indicators, err = webtest.Figures{Seeds: seeds.Default()}.Engine()
	require.NoError(t, err)
	p.startLog = func() { startSink(t, brokers, st, info.Epoch) }
	p.serve(change...)
	return p
}

// newSmall starts the interface without broker and store.
func newSmall(t *testing.T, change ...func(*Deps, *Config)) *platform {
	t.Helper()
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"))
	require.NoError(t, err)
	p := &platform{t: t, token: keys.LocalToken(), log: &bytes.Buffer{}}
	p.deps = Deps{
		Identity: identity.New(keys), Keys: keys, Seeds: seeds.Default(), ReceiptKeys: signer(t, keys).JWKS(), InboxKeys: keys.InboxKeys(), Registry: prometheus.NewRegistry(), Version: "test",
		Log: p.logger(),
	}
	p.deps.Audit = recordTo(t, &memory{}, keys)
	p.serve(change...)
	return p
}

// recordTo records as a process does.
func recordTo(t *testing.T, log audit.Log, keys *seal.Keys) *audit.Writer {
	t.Helper()
	w := audit.Start(log, keys.AuditKey(), audit.DefaultConfig(), slog.New(slog.DiscardHandler))
	t.Cleanup(func() { require.NoError(t, w.Close(context.Background())) })
	return w
}

// memory is the record of a test that has no store.
type memory struct {
	mu      sync.Mutex
	entries []audit.Signed
}

func (m *memory) AppendAudit(_ context.Context, _ string, entries []audit.Signed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, entries...)
	return nil
}

func (m *memory) AuditHeads(context.Context) ([]audit.Head, error) { return nil, nil }

// logger writes into log.
func (p *platform) logger() *slog.Logger {
	p.locked = &lockedWriter{to: p.log}
	return slog.New(slog.NewTextHandler(p.locked, nil))
}

// logged returns the log so far, while others write into it.
func (p *platform) logged() string {
	p.locked.mu.Lock()
	defer p.locked.mu.Unlock()
	return p.log.String()
}

func (p *platform) serve(change ...func(*Deps, *Config)) {
	p.t.Helper()
	config := Default()
	// Tests ask more often than people; those of the budgets set their own.
	config.Rates = Rates{}
	for _, f := range change {
		f(&p.deps, &config)
	}
	var err error
	p.server, err = New(p.deps, config)
	require.NoError(p.t, err)
	server := httptest.NewUnstartedServer(p.server.Handler())
	server.Config.ReadHeaderTimeout, server.Config.ReadTimeout = config.HeaderTimeout, config.ReadTimeout
	server.Config.WriteTimeout, server.Config.MaxHeaderBytes = config.WriteTimeout, config.MaxHeaderBytes
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	p.t.Cleanup(func() {
		server.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	p.url = server.URL
}

func closeYears(t *testing.T, st *store.Store) {
	t.Helper()
	require.NoError(t, st.ClosePeriods(t.Context(), []string{"2023", "2024", "2025", "2025H1"}, "test", "", webtest.ClosedAt(webtest.LastClosed)))
}

func signer(t *testing.T, keys *seal.Keys) *receipt.Signer {
	t.Helper()
	s, err := receipt.NewSigner("atvsld test", keys.ReceiptKey(), time.Now)
	require.NoError(t, err)
	return s
}

// producing is what intake.Deps.Producer takes.
type producing interface {
	Produce(ctx context.Context, events []queue.Event) []error
}

func newGateway(t *testing.T, keys *seal.Keys, ledger intake.Ledger, log producing) *intake.Gateway {
	t.Helper()
	return intake.New(intake.Deps{
		Keys: keys, Signer: signer(t, keys), Producer: log, Ledger: ledger, Seeds: seeds.Default(),
		Log: slog.New(slog.DiscardHandler), Clock: reporttest.Now, StatusPath: "/v1/reports/",
	})
}

func newProducer(t *testing.T, brokers []string) *queue.Producer {
	t.Helper()
	p := queue.NewProducer(queue.At(brokers...), queue.DefaultProducer())
	t.Cleanup(func() {
		require.NoError(t, p.Close())
		// Connections in the pool of the process would outlive the broker.
		kafka.DefaultTransport.(*kafka.Transport).CloseIdleConnections()
	})
	return p
}

func startBroker(t *testing.T) []string {
	t.Helper()
	c := broker.Default()
	c.DataDir, c.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	for _, topic := range queue.Topics(partitions, time.Hour) {
		c.Topics = append(c.Topics, broker.Topic{Name: topic.Name, Partitions: int32(topic.Partitions), Config: topic.Config})
	}
	b, err := broker.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b.Addrs()
}

func startSink(t *testing.T, brokers []string, st *store.Store, epoch uuid.UUID) {
	t.Helper()
	c := sink.Default()
	c.Brokers, c.Partitions = queue.At(brokers...), partitions
	s := sink.New(c, st, epoch, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
}

// answer is a response that was read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// ask sends a request with the token; headers are name, value in turn, and an empty
// value takes a header away.
func (p *platform) ask(method, path string, body []byte, headers ...string) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, bytes.NewReader(body))
	require.NoError(p.t, err)
	r.Header.Set("Authorization", "Bearer "+p.token)
	// Packing and unpacking thousands of answers costs more than making them; tests of packing ask for it.
	r.Header.Set("Accept-Encoding", "identity")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", jsonType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return p.do(r)
}

func (p *platform) do(r *http.Request) answer {
	p.t.Helper()
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(p.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return answer{p.t, response.StatusCode, response.Header, data}
}

// get asks without a token.
func (p *platform) get(path string, headers ...string) answer {
	p.t.Helper()
	return p.ask(http.MethodGet, path, nil, append([]string{"Authorization", ""}, headers...)...)
}

func (p *platform) post(path string, body []byte, headers ...string) answer {
	p.t.Helper()
	return p.ask(http.MethodPost, path, body, headers...)
}

func read[T any](a answer) (v T) {
	a.t.Helper()
	require.NoError(a.t, json.Unmarshal(a.body, &v), string(a.body))
	return v
}

// problem checks that the answer is one and that its first finding has the code.
func (a answer) problem(status int, code string) Problem {
	a.t.Helper()
	require.Equal(a.t, status, a.status, string(a.body))
	require.Equal(a.t, problemType, a.header.Get("Content-Type"))
	p := read[Problem](a)
	require.Equal(a.t, status, p.Status)
	require.NotEmpty(a.t, p.Title)
	require.NotEmpty(a.t, p.TitleVI)
	require.Equal(a.t, "urn:uuid:"+a.header.Get("X-Request-Id"), p.Instance)
	require.NotEmpty(a.t, p.Errors)
	require.Equal(a.t, code, p.Errors[0].Code, string(a.body))
	for _, f := range p.Errors {
		require.NotEmpty(a.t, f.Message)
		require.NotEmpty(a.t, f.MessageVI)
	}
	return p
}

// is checks the media type.
func (a answer) is(want string) {
	a.t.Helper()
	require.Equal(a.t, want, a.header.Get("Content-Type"))
}

func (a answer) ok() answer {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, string(a.body))
	return a
}

func (p *platform) accept(raw []byte, headers ...string) Acceptance {
	p.t.Helper()
	a := p.post("/v1/reports", raw, headers...)
	require.Equal(p.t, http.StatusAccepted, a.status, string(a.body))
	return read[Acceptance](a)
}

// declaration is a valid accident declaration with an id of its own.
func declaration(t *testing.T) []byte {
	t.Helper()
	return reporttest.Set(reporttest.Valid(report.AccidentDeclaration), "/report_id", `"`+freshID()+`"`)
}

// freshID is a UUIDv7 of the time at which the examples are filed.
func freshID() string {
	id := uuid.New()
	binary.BigEndian.PutUint32(id[:], uint32(reporttest.Now().UnixMilli()>>16))
	binary.BigEndian.PutUint16(id[4:], uint16(reporttest.Now().UnixMilli()))
	id[6] = id[6]&0x0f | 0x70
	return id.String()
}

// oneLine is the document as a row of a batch.
func oneLine(raw []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\n", ""), "\r", "")
}

package api

import (
	"bytes"
	"context"
	"flag"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/forward"
	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
	"atvsld/ingest/seal"
)

var update = flag.Bool("update", false, "write docs/asyncapi.json anew")

// asyncDocument is the served AsyncAPI document.
func asyncDocument(t *testing.T, p *platform) document {
	t.Helper()
	a := p.get("/asyncapi.json").ok()
	a.is("application/vnd.aai.asyncapi+json;version=3.0.0")
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
	require.NoError(t, err)
	return document{t, value.(map[string]any)}
}

// The schema of AsyncAPI documents is that of the AsyncAPI Initiative (npm package
// @asyncapi/specs 6.11.1, schemas/3.0.0-without-$id.json, Apache-2.0), without
// descriptions, examples and the bindings of other protocols.
func TestAsyncAPIDocumentIsValid(t *testing.T) {
	d := asyncDocument(t, newSmall(t))
	data, err := os.ReadFile("testdata/asyncapi-3.0-schema.json")
	require.NoError(t, err)
	meta, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("asyncapi-3.0.json", meta))
	s, err := c.Compile("asyncapi-3.0.json")
	require.NoError(t, err)
	require.NoError(t, s.Validate(d.root))
	for name := range d.at("components", "schemas").(map[string]any) {
		d.schema("components", "schemas", name)
	}
}

// The document beside the guide is the one that is served.
func TestAsyncAPIDocumentIsWrittenDown(t *testing.T) {
	const file = "../docs/asyncapi.json"
	want := jsontext.Value(newSmall(t).get("/asyncapi.json").ok().body)
	require.NoError(t, want.Indent(jsontext.WithIndent(" ")))
	want = append(want, '\n')
	if *update {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "go test ./api -run AsyncAPI -update")
}

// headersOf gives the headers of a message as an object.
func headersIn(t *testing.T, m kafka.Message) []byte {
	t.Helper()
	all := map[string]string{}
	for _, h := range m.Headers {
		all[h.Key] = string(h.Value)
	}
	data, err := marshal(all)
	require.NoError(t, err)
	return data
}

// What integrators send is what the document says; what is sent in clear is not.
func TestAsyncAPISubmissions(t *testing.T) {
	d := asyncDocument(t, newSmall(t))
	keys, err := seal.Open(t.TempDir() + "/keys")
	require.NoError(t, err)
	sender := forwardtest.Sender{ID: "a", Key: keys.InboxKeys().Keys[0]}
	payload := d.schema("components", "messages", "submission", "payload")
	headers := d.schema("components", "messages", "submission", "headers")
	refused := func(data []byte) {
		t.Helper()
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		require.NoError(t, err)
		require.Error(t, payload.Validate(value), string(data))
	}
	for _, definition := range report.Definitions() {
		whole := reporttest.Valid(definition.Kind)
		m := sender.Message("1", "019b9b5e-8c00-7a3c-9f21-0a1b2c3d4e5f", whole)
		d.validate(payload, m.Value)
		d.validate(headers, headersIn(t, m))
		open, private := reporttest.Divide(whole)
		d.validate(payload, open)
		for pointer := range private {
			refused(reporttest.Set(open, pointer, `"x"`))
		}
		refused(reporttest.Set(open, "/private", `"x"`))
		refused(reporttest.Set(open, "/reason", `"x"`))
		refused(reporttest.Set(open, "/unknown", `"x"`))
		refused(reporttest.Remove(open, "/kind"))
	}
	// Of one kind: to read so long a text again and again takes longer than all the rest.
	open, _ := reporttest.Divide(reporttest.Valid(report.AccidentDeclaration))
	longest := strings.Repeat("A", seal.MaxLetter-len(".A.A.A.A")) + ".A.A.A.A"
	d.validate(payload, reporttest.Set(open, "/private", `"`+longest+`"`))
	refused(reporttest.Set(open, "/private", `"A`+longest+`"`))
	d.validate(payload, reporttest.Set(reporttest.Valid(report.AnnexXII), "/content/reporter", `{"type":"establishment","province":{"list":"34","code":"01"}}`))
}

// Outcomes are what the document says, whatever they tell.
func TestAsyncAPIOutcomes(t *testing.T) {
	p := newPlatform(t)
	d := asyncDocument(t, p)
	payload := d.schema("components", "messages", "outcome", "payload")
	headers := d.schema("components", "messages", "outcome", "headers")
	sender := forwardtest.Sender{ID: "a", Key: p.deps.InboxKeys.Keys[0]}
	whole := declaration(t)
	var head struct {
		ReportID string `json:"report_id"`
	}
	require.NoError(t, json.Unmarshal(whole, &head))
	key, second := head.ReportID, reporttest.Set(reporttest.Set(whole, "/revision", "2"), "/reason", `"x"`)
	order, err := json.Marshal(GrantOrder{Grantee: "software:a", Units: []string{"0100109106"}, Rights: []string{"file"}})
	require.NoError(t, err)
	p.post(grantsPath, order).ok()
	outcomes := p.forward(
		sender.Message("1", key, whole),
		sender.Message("2", key, reporttest.Set(whole, "/content/commuting", "true")),
		sender.Message("1", key, second),
		sender.Message("3", key, reporttest.Set(second, "/revision", "9")),
		sender.Message("4", key, reporttest.Set(second, "/content/victims", "[]")),
		sender.Open("5", key, whole),
		sender.Message("6", key, reporttest.Set(second, "/content/reporter/tax_code", `"0100112437"`)),
		kafka.Message{Topic: forward.InboxTopic("a"), Key: []byte("x"), Value: []byte("{")},
	)
	states := map[forward.State]bool{}
	for _, m := range outcomes {
		d.validate(payload, m.Value)
		d.validate(headers, headersIn(t, m))
		states[read[forward.Outcome](answer{t: t, body: m.Value}).State] = true
	}
	for _, state := range forward.States() {
		require.Equal(t, state != forward.Failed, states[state], state)
	}
}

// forward puts messages into inbox a and reads their outcomes.
func (p *platform) forward(messages ...kafka.Message) (outcomes []kafka.Message) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	p.t.Cleanup(cancel)
	require.NoError(p.t, queue.EnsureTopics(ctx, queue.At(p.brokers...), forward.Topics([]string{"a"}, partitions, time.Hour), 1))
	c := forward.Default()
	c.Brokers, c.Integrators, c.Partitions, c.Patience = queue.At(p.brokers...), []string{"a"}, partitions, time.Millisecond
	f, err := forward.New(c, forward.Deps{
		Gateway: p.deps.Gateway, Keys: p.deps.Keys, Grants: p.deps.Grants.Of, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(),
	})
	require.NoError(p.t, err)
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- f.Run(running) }()
	p.t.Cleanup(func() { stop(); require.NoError(p.t, <-done) })

	w := &kafka.Writer{Addr: kafka.TCP(p.brokers...), Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll}
	require.NoError(p.t, w.WriteMessages(ctx, messages...))
	require.NoError(p.t, w.Close())
	found := make(chan kafka.Message)
	for n := range partitions {
		r := kafka.NewReader(kafka.ReaderConfig{Brokers: p.brokers, Topic: forward.OutcomeTopic("a"), Partition: n, MaxWait: 50 * time.Millisecond})
		p.t.Cleanup(func() { require.NoError(p.t, r.Close()) })
		go func() {
			for {
				m, err := r.ReadMessage(ctx)
				if err != nil {
					return
				}
				select {
				case found <- m:
				case <-ctx.Done():
				}
			}
		}()
	}
	for range messages {
		select {
		case m := <-found:
			outcomes = append(outcomes, m)
		case <-ctx.Done():
			p.t.Fatal("no outcome in time")
		}
	}
	cancel()
	return outcomes
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/fault"
	"atvsld/ingest/forward"
	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/queue"
	"atvsld/ingest/seal"
)

// ranOnVariable names the folder where a test leaves a line on what it ran, for `make`.
const ranOnVariable = "ATVSLD_TEST_RAN_ON"

func ranOn(t *testing.T, name, line string) {
	t.Helper()
	t.Log(line)
	if dir := os.Getenv(ranOnVariable); dir != "" {
		require.NoError(t, os.MkdirAll(dir, 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(line+"\n"), 0o600))
	}
}

// The examples for integrators file through a running platform, and their keys lie where
// ours do: a forwarder refuses a message on another partition.
func TestExamplesFileThroughTheInbox(t *testing.T) {
	const partitions = 12
	brokers := freeAddress(t)
	p := start(t, t.TempDir(), "--integrators", "demo,other", "--broker-listen", brokers, "--partitions", strconv.Itoa(partitions))
	p.grants("software:demo")
	year := time.Now().In(time.FixedZone("+07", 7*60*60)).Add(-3 * time.Hour).Year()
	filed := int64(0)
	files := func(cmd *exec.Cmd) {
		t.Helper()
		cmd.Stderr = &logOf{t}
		out, err := cmd.Output()
		require.NoError(t, err, "%s", out)
		var o forward.Outcome
		require.NoError(t, json.Unmarshal(out, &o), "%s", out)
		require.Equal(t, forward.Accepted, o.State)
		require.NotNil(t, o.Receipt)
		require.Equal(t, queue.PartitionOf([]byte(o.ReportID.String()), partitions), o.Cause.Partition)
		filed++
		p.requireFatal(year, filed, filed)
	}
	t.Run("Go", func(t *testing.T) {
		example := exec.CommandContext(t.Context(), "go", "run", "../../docs/examples/inbox/go",
			"-brokers", brokers, "-integrator", "demo", "-platform", "http://"+p.address)
		example.Env = append(os.Environ(), "CGO_ENABLED=0")
		files(example)
		ranOn(t, "ExampleGo", "the Go example")
	})
	t.Run("Java", func(t *testing.T) {
		files(exec.CommandContext(t.Context(), "java", "-cp", javaExample(t), "FileReport", brokers, "demo", "http://"+p.address))
		ranOn(t, "ExampleJava", "the Java example")
	})
	require.InDelta(t, filed, p.metric("atvsld_forwarder_outcomes_total"), 0)
	p.stop()
}

// grants lets somebody file for the unit of the examples, as docs/INTEGRATORS.md says.
func (p *process) grants(grantee string) {
	p.t.Helper()
	out, err := runOnce(p.t, "grants", "import", "--url", "http://"+p.address, "--token-file", filepath.Join(p.data, "keys", "local-token"),
		"--grantee", grantee, "--file", "../../docs/examples/grants/demo.csv", "--by", "Văn phòng", "--reason", "dùng thử")
	require.NoError(p.t, err, out)
	require.Contains(p.t, out, "1 grants recorded")
}

// javaExample builds the example and returns its class path.
func javaExample(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"java", "javac", "mvn"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("ATVSLD_TEST_KAFKA") == "" {
			ranOn(t, "ExampleJava", "not the Java example: no "+tool)
			t.Skip("no ", tool)
		}
	}
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("../../docs/examples/inbox/java")))
	build := exec.CommandContext(t.Context(), "mvn", "--batch-mode", "--quiet", "--no-transfer-progress", "-C", "package")
	build.Dir = dir
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return filepath.Join(dir, "target", "inbox-example.jar") + string(os.PathListSeparator) + filepath.Join(dir, "target", "lib", "*")
}

// logOf is the log of a test as a writer.
type logOf struct{ t *testing.T }

func (l *logOf) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

// A forwarder that dies between filing and answering, or between answering and its
// commit, does both again: every message has its outcome, always the same receipt, and
// every report counts once.
func TestForwarderDiesAndComesBack(t *testing.T) {
	t.Parallel()
	needEngine(t)
	mortal := filepath.Join(t.TempDir(), "atvsld")
	build := exec.Command("go", "build", "-tags", "torture", "-o", mortal, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, point := range []fault.Point{fault.ForwarderAfterSubmit, fault.ForwarderAfterAnswer} {
		t.Run(string(point), func(t *testing.T) {
			data, brokers := t.TempDir(), freeAddress(t)
			args := []string{"--integrators", "demo", "--integrators-unlimited", "demo", "--broker-listen", brokers}
			p := start(t, data, args...)
			to := p.inboxKey()
			p.stop()

			dying := command(t, append([]string{"run", "--data", data, "--listen", freeAddress(t), "--log-level", "warn"}, args...)...)
			dying.Path, dying.Env = mortal, append(dying.Env, "ATVSLD_FAULT_POINT="+string(point))
			require.NoError(t, dying.Start())
			const messages = 8
			s := forwardtest.Sender{ID: "demo", Key: to}
			var sent []kafka.Message
			for n := range messages {
				a := accident{
					id: eventID(t), reporter: employerA, province: "24", occurred: "2024-05-20T08:00:00+07:00", diedOn: "2024-05-20",
					victims: []victim{{fmt.Sprintf("Nạn nhân %d", n), "dead", "contract"}},
				}
				sent = append(sent, s.Message(strconv.Itoa(n), a.id, a.json()))
			}
			sendUntilTaken(t, brokers, sent)
			require.Error(t, dying.Wait(), "killed by itself")

			p = start(t, data, args...)
			p.requireFatal(2024, messages, messages)
			answers := outcomesOf(t, brokers, messages)
			require.Len(t, answers, messages)
			repeated := false
			for cause, all := range answers {
				for _, o := range all {
					require.Equal(t, "accepted", o.state, cause)
					require.Equal(t, all[0], o, cause)
				}
				repeated = repeated || len(all) > 1
			}
			require.Equal(t, point == fault.ForwarderAfterAnswer, repeated)
			p.stop()
		})
	}
}

func TestNewInboxKey(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	out, err := runOnce(t, "new-inbox-key", "--keys", keys)
	require.NoError(t, err, out)
	opened, err := seal.Open(keys)
	require.NoError(t, err)
	set := opened.InboxKeys().Keys
	require.Len(t, set, 2, "the first, and the new one")
	require.Contains(t, out, set[0].KeyID)
}

func (p *process) inboxKey() jose.JSONWebKey {
	p.t.Helper()
	var set map[string]any
	p.public("/v1/inbox/keys", &set)
	data, err := json.Marshal(set["keys"].([]any)[0])
	require.NoError(p.t, err)
	var key jose.JSONWebKey
	require.NoError(p.t, key.UnmarshalJSON(data))
	return key
}

func sendUntilTaken(t *testing.T, brokers string, messages []kafka.Message) {
	t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{Addr: kafka.TCP(brokers), Transport: transport, Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll, BatchTimeout: 5 * time.Millisecond}
	defer w.Close()
	require.Eventually(t, func() bool { return w.WriteMessages(context.Background(), messages...) == nil }, time.Minute, 100*time.Millisecond)
}

type outcomeSeen struct{ id, state, tracking string }

// outcomesOf reads the outcome topic until so many causes are answered, and what is
// there beside.
func outcomesOf(t *testing.T, brokers string, causes int) map[string][]outcomeSeen {
	t.Helper()
	seen := map[string][]outcomeSeen{}
	require.Eventually(t, func() bool {
		clear(seen)
		for partition := range 4 {
			readOutcomes(t, brokers, partition, seen)
		}
		return len(seen) >= causes
	}, time.Minute, 200*time.Millisecond)
	return seen
}

func readOutcomes(t *testing.T, brokers string, partition int, seen map[string][]outcomeSeen) {
	t.Helper()
	topic := forward.OutcomeTopic("demo")
	leader, err := kafka.DialLeader(t.Context(), "tcp", brokers, topic, partition)
	require.NoError(t, err)
	end, err := leader.ReadLastOffset()
	require.NoError(t, err)
	require.NoError(t, leader.Close())
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{brokers}, Topic: topic, Partition: partition, MaxWait: 50 * time.Millisecond})
	defer r.Close()
	for range end {
		m, err := r.ReadMessage(t.Context())
		require.NoError(t, err)
		headers := map[string]string{}
		for _, h := range m.Headers {
			headers[h.Key] = string(h.Value)
		}
		var o forward.Outcome
		require.NoError(t, json.Unmarshal(m.Value, &o))
		require.NotNil(t, o.Receipt, "%s", m.Value)
		cause := headers["ce_causeid"]
		seen[cause] = append(seen[cause], outcomeSeen{headers["ce_id"], headers["ce_state"], o.Receipt.TrackingNumber})
	}
}

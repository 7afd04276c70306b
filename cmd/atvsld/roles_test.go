package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/forward/forwardtest"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// background runs one role until the test ends and then stops it in order.
func background(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, cmd.Wait(), "%v", cmd.Args)
	})
}

// Every role as a process of its own, sharing nothing but Kafka, ClickHouse and
// the keys.
func TestRolesApart(t *testing.T) {
	t.Parallel()
	needEngine(t)
	data := t.TempDir()
	brokers := freeAddress(t)
	background(t, command(t, "broker", "--data", data, "--broker-listen", brokers))
	engine := command(t, "engine", "--data", data)
	stdout, err := engine.StdoutPipe()
	require.NoError(t, err)
	background(t, engine)
	dsn, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	dsn = strings.TrimSpace(dsn)
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", brokers)
		if err == nil {
			c.Close()
		}
		return err == nil
	}, 2*time.Minute, 50*time.Millisecond)

	role := func(name string, args ...string) *process {
		p := &process{t: t, data: data, address: freeAddress(t)}
		cmd := command(t, append([]string{name, "--listen", p.address, "--clickhouse", dsn}, args...)...)
		background(t, cmd)
		p.exited = make(chan error, 1)
		p.waitReady(time.Minute)
		return p
	}
	atBrokers := []string{"--brokers", brokers}
	keys := []string{"--data", data}
	gateway := role("gateway", append(atBrokers, keys...)...)
	sinkA := role("sink", atBrokers...)
	sinkB := role("sink", atBrokers...)
	reading := role("api", keys...)
	forwarder := role("forwarder", append(append(atBrokers, keys...), "--integrators", "demo", "--integrators-unlimited", "demo")...)

	token, err := os.ReadFile(filepath.Join(data, "keys", "local-token"))
	require.NoError(t, err)
	gateway.token, reading.token = strings.TrimSpace(string(token)), strings.TrimSpace(string(token))
	id := gateway.file(reporttest.Valid(report.AccidentDeclaration))
	reading.requireFatal(2026, 1, 1)
	var status struct{ State string }
	gateway.get("/v1/reports/"+id, &status)
	require.Equal(t, "stored", status.State)
	require.InDelta(t, 1, sinkA.metric("atvsld_sink_stored_total")+sinkB.metric("atvsld_sink_stored_total"), 0)
	require.NotEqual(t, 200, sinkA.ask("/v1/reports/"+id, "", nil), "a sink takes no questions")

	inbox := forwardtest.Sender{ID: "demo", Key: gateway.inboxKey()}
	a := accident{
		id: eventID(t), reporter: employerA, province: "24", occurred: "2024-05-20T08:00:00+07:00", diedOn: "2024-05-20",
		victims: []victim{{"Nạn nhân", "dead", "contract"}},
	}
	sendUntilTaken(t, brokers, []kafka.Message{inbox.Message("1", a.id, a.json())})
	reading.requireFatal(2024, 1, 1)
	require.Len(t, outcomesOf(t, brokers, 1), 1)
	forwarder.token = gateway.token
	require.InDelta(t, 1, forwarder.metric("atvsld_forwarder_outcomes_total"), 0)
}

func TestConfigurationIsChecked(t *testing.T) {
	f := func(wants []string, args ...string) {
		t.Helper()
		out, err := runOnce(t, args...)
		if len(wants) == 0 {
			require.NoError(t, err, out)
			require.Contains(t, out, "valid")
			return
		}
		require.Error(t, err)
		for _, want := range wants {
			require.Contains(t, out, want)
		}
	}
	f(nil, "run", "--check-config")
	f([]string{"--listen", "--clickhouse", "--log-format", "--retention"}, "run", "--check-config",
		"--listen", "nowhere", "--clickhouse", "gopher://x", "--log-format", "xml", "--retention", "1s")
	f([]string{"--partitions", "--replication"}, "run", "--check-config", "--partitions", "0", "--replication", "-1")
	f([]string{"--max-backlog", "below the retention"}, "run", "--check-config", "--max-backlog", "0", "--max-backlog-age", "960h")
	f([]string{"--brokers"}, "gateway", "--check-config", "--brokers", "kafka", "--clickhouse", "http://127.0.0.1:1")
	f([]string{"--brokers is needed", "--clickhouse is needed"}, "sink", "--check-config")
	f([]string{"--integrators is needed"}, "forwarder", "--check-config", "--brokers", "127.0.0.1:1", "--clickhouse", "http://127.0.0.1:1")
	f([]string{`--integrators-unlimited: "c" is none`}, "run", "--check-config", "--integrators", "a", "--integrators-unlimited", "c")
	f([]string{`integrator "a.b"`, `"c" is there twice`}, "run", "--check-config", "--integrators", "a.b,c,c")
	f([]string{"--oidc-issuer", `"http://sso.example.vn"`, "given twice", "--oidc-audience is empty"}, "api", "--check-config", "--clickhouse", "http://127.0.0.1:1",
		"--oidc-issuer", "http://sso.example.vn", "--oidc-issuer", "https://a.vn", "--oidc-issuer", "https://a.vn", "--oidc-audience", "")
	f(nil, "gateway", "--check-config", "--brokers", "127.0.0.1:1", "--clickhouse", "http://127.0.0.1:1", "--oidc-issuer", "https://a.vn/realms/x")
	f([]string{"no arguments"}, "run", "--check-config", "now")
}

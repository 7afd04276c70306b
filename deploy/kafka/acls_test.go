package kafka_test

import (
	"encoding/csv"
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/analytics/trust/trusttest"
	"atvsld/deploy/local"
	"atvsld/ingest/forward"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const partitions = 4

// right is a row of acls.csv.
type right struct{ who, resource, pattern, name, operation string }

func rights(t *testing.T) []right {
	t.Helper()
	file, err := os.Open("acls.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"who", "resource", "pattern", "name", "operation"}, rows[0])
	var all []right
	for _, r := range rows[1:] {
		all = append(all, right{r[0], r[1], r[2], r[3], r[4]})
	}
	return all
}

// entries are the rights of acls.csv as Kafka's protocol has them.
func entries(t *testing.T, who, user, id string) []kafka.ACLEntry {
	t.Helper()
	var all []kafka.ACLEntry
	for _, r := range rights(t) {
		if r.who != who {
			continue
		}
		e := kafka.ACLEntry{
			ResourceName: strings.ReplaceAll(r.name, "{id}", id), Principal: "User:" + user, Host: "*",
			PermissionType: kafka.ACLPermissionTypeAllow,
		}
		require.NoError(t, e.ResourceType.UnmarshalText([]byte(r.resource)))
		require.NoError(t, e.ResourcePatternType.UnmarshalText([]byte(r.pattern)))
		require.NoError(t, e.Operation.UnmarshalText([]byte(r.operation)))
		all = append(all, e)
	}
	require.NotEmpty(t, all)
	return all
}

// secured starts Apache Kafka with TLS, names and the rights of acls.csv, or skips.
func secured(t *testing.T) (s local.Security, address string) {
	t.Helper()
	mode := os.Getenv("ATVSLD_TEST_KAFKA")
	if mode == "no" {
		t.Skip("ATVSLD_TEST_KAFKA=no")
	}
	ours := trusttest.NewAuthority(t)
	pair := ours.Issue("localhost")
	s = local.Security{
		CAFile: ours.File(), CertFile: pair.CertFile, KeyFile: pair.KeyFile, Admin: "admin",
		Users: map[string]string{"admin": "admin-pw", "atvsld": "platform-pw", "user-a": "a-pw", "user-b": "b-pw"},
	}
	c, err := local.StartSecured(t.Context(), t.TempDir(), 1, s)
	if mode == "" && (errors.Is(err, local.ErrNoJava) || errors.Is(err, local.ErrNoMaven)) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	address = c.Addrs()[0]
	acls := entries(t, "platform", "atvsld", "")
	acls = append(acls, entries(t, "integrator", "user-a", "a")...)
	acls = append(acls, entries(t, "integrator", "user-b", "b")...)
	client := newClient(t, as(t, s, address, "admin"))
	created, err := client.CreateACLs(t.Context(), &kafka.CreateACLsRequest{ACLs: acls})
	require.NoError(t, err)
	require.NoError(t, errors.Join(created.Errors...))
	return s, address
}

func as(t *testing.T, s local.Security, address, user string) queue.Brokers {
	t.Helper()
	b, err := queue.Connect([]string{address}, s.As(user))
	require.NoError(t, err)
	return b
}

func newClient(t *testing.T, b queue.Brokers) *kafka.Client {
	t.Helper()
	transport := b.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	return &kafka.Client{Addr: b.Addr(), Transport: transport, Timeout: 10 * time.Second}
}

// at speaks to the broker about a topic whatever its metadata say: a client that is told of
// no such topic would ask nothing, and prove nothing.
func at(t *testing.T, b queue.Brokers, topic string, do func(*kafka.Conn) error) error {
	t.Helper()
	conn, err := b.Dialer().DialPartition(t.Context(), "tcp", "", kafka.Partition{Topic: topic, Leader: broker(t, b)})
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	return do(conn)
}

func broker(t *testing.T, b queue.Brokers) kafka.Broker {
	t.Helper()
	host, port, err := net.SplitHostPort(b.Addrs()[0])
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	return kafka.Broker{Host: host, Port: number, ID: 1}
}

func produce(t *testing.T, b queue.Brokers, topic string) error {
	t.Helper()
	return at(t, b, topic, func(conn *kafka.Conn) error {
		_, err := conn.WriteMessages(kafka.Message{Key: []byte("k"), Value: []byte("v")})
		return err
	})
}

// read asks for the first message of a topic, or where it would be.
func read(t *testing.T, b queue.Brokers, topic string) error {
	t.Helper()
	return at(t, b, topic, func(conn *kafka.Conn) error {
		batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: 1 << 20, MaxWait: 50 * time.Millisecond})
		err := batch.Err()
		return errors.Join(err, batch.Close())
	})
}

// On Apache Kafka with the rights of acls.csv only the platform writes reports: an
// integrator may write into its own inbox and read its own outcomes, and nothing else.
func TestIntegratorCannotWriteReports(t *testing.T) {
	s, address := secured(t)
	platform := as(t, s, address, "atvsld")
	topics := append(queue.Topics(partitions, time.Hour), forward.Topics([]string{"a", "b"}, partitions, time.Hour)...)
	require.Eventually(t, func() bool { return queue.EnsureTopics(t.Context(), platform, topics, 1) == nil }, 30*time.Second, 100*time.Millisecond)
	require.NoError(t, queue.EnsureTopics(t.Context(), platform, topics, 1), "its topics are there")

	p := queue.NewProducer(platform, queue.DefaultProducer())
	e := queue.Event{
		ReportID: uuid.New(), Revision: 1, Kind: report.AnnexXII, StatYear: 2025, Period: "2025", Unit: "0100109106/0",
		SubmittedBy: "t", FiledAt: time.Now(), ReceivedAt: time.Now(), Tracking: "TN", RulesVersion: "1", Content: []byte(`{}`),
	}
	require.Equal(t, []error{nil}, p.Produce(t.Context(), []queue.Event{e}), "the platform writes reports")
	require.NoError(t, p.Close())

	a := as(t, s, address, "user-a")
	require.NoError(t, produce(t, a, forward.InboxTopic("a")))
	require.NoError(t, read(t, platform, forward.InboxTopic("a")), "the forwarder reads every inbox")
	require.NoError(t, produce(t, platform, forward.OutcomeTopic("a")))
	require.NoError(t, read(t, a, forward.OutcomeTopic("a")))
	for _, topic := range []string{
		queue.ReportsTopic, queue.RejectedTopic, forward.InboxTopic("b"), forward.OutcomeTopic("a"), forward.OutcomeTopic("b"),
	} {
		require.ErrorIs(t, produce(t, a, topic), kafka.TopicAuthorizationFailed, topic)
	}
	for _, topic := range []string{
		queue.ReportsTopic, queue.RejectedTopic, forward.InboxTopic("a"), forward.InboxTopic("b"), forward.OutcomeTopic("b"),
	} {
		require.ErrorIs(t, read(t, a, topic), kafka.TopicAuthorizationFailed, topic)
	}
	seen, err := newClient(t, a).Metadata(t.Context(), &kafka.MetadataRequest{})
	require.NoError(t, err)
	var names []string
	for _, topic := range seen.Topics {
		names = append(names, topic.Name)
	}
	require.ElementsMatch(t, []string{forward.InboxTopic("a"), forward.OutcomeTopic("a")}, names, "it does not even see the others")

	t.Run("groups", func(t *testing.T) { groupsAreTheirOwners(t, s, address) })
	t.Run("the integrator has not the name of the platform", func(t *testing.T) {
		wrong := s.As("atvsld")
		wrong.Password = "a-pw"
		b, err := queue.Connect([]string{address}, wrong)
		require.NoError(t, err)
		require.ErrorContains(t, queue.Reachable(t.Context(), b), "SASL Authentication Failed")
	})
}

// groupsAreTheirOwners: nobody can move the offsets of the sinks, or of another integrator.
func groupsAreTheirOwners(t *testing.T, s local.Security, address string) {
	a := newClient(t, as(t, s, address, "user-a"))
	commit := func(client *kafka.Client, group, topic string) error {
		answer, err := client.OffsetCommit(t.Context(), &kafka.OffsetCommitRequest{
			GroupID: group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{topic: {{Partition: 0, Offset: 1}}},
		})
		if err != nil {
			return err
		}
		return answer.Topics[topic][0].Error
	}
	require.Eventually(t, func() bool { return commit(a, "a.reader", forward.OutcomeTopic("a")) == nil }, 20*time.Second, 100*time.Millisecond,
		"a group of its own")
	for _, group := range []string{queue.SinkGroup, forward.Group, "b.reader"} {
		require.ErrorIs(t, commit(a, group, forward.OutcomeTopic("a")), kafka.GroupAuthorizationFailed, group)
	}
	require.NoError(t, commit(newClient(t, as(t, s, address, "atvsld")), queue.SinkGroup, queue.ReportsTopic))
}

// The script gives what the table says, and nothing to whom it does not know.
func TestScriptFollowsTheTable(t *testing.T) {
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "bash", append([]string{"acls.sh"}, args...)...)
		cmd.Env = append(os.Environ(), "DRY=1", "BOOTSTRAP=k:9093", "CONFIG=c")
		out, err := cmd.Output()
		return string(out), err
	}
	for who, args := range map[string][]string{"platform": {"platform", "atvsld"}, "integrator": {"integrator", "user-a", "a"}} {
		out, err := run(args...)
		require.NoError(t, err)
		var want []string
		for _, r := range rights(t) {
			if r.who == who {
				want = append(want, "kafka-acls.sh --bootstrap-server k:9093 --command-config c --add --allow-principal User:"+args[1]+
					" --resource-pattern-type "+r.pattern+" --"+r.resource+" "+strings.ReplaceAll(r.name, "{id}", "a")+" --operation "+r.operation)
			}
		}
		require.Equal(t, want, strings.Split(strings.TrimSpace(out), "\n"))
	}
	for _, args := range [][]string{{"integrator", "u"}, {"integrator", "u", "*"}, {"integrator", "u", "a.b"}, {"somebody", "u"}, {"platform"}} {
		_, err := run(args...)
		require.Error(t, err, "%q", args)
	}
}

package queue_test

import (
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"atvsld/analytics/trust"
	"atvsld/analytics/trust/trusttest"
	"atvsld/deploy/embedded/broker/brokertest"
	"atvsld/ingest/queue"
)

const planted = "planted-4711"

// secured is a broker that wants a certificate of ours, and a name with its password.
type secured struct {
	address string
	ours    *trusttest.Authority
	right   queue.Security
}

func startSecured(t *testing.T, mechanism string) secured {
	t.Helper()
	s := secured{ours: trusttest.NewAuthority(t)}
	s.address = brokertest.Start(t, s.ours.Server(s.ours), kfake.EnableSASL(), kfake.Superuser(mechanism, "platform", planted))
	pair := s.ours.Issue("platform")
	s.right = queue.Security{
		TLS: true, Files: trust.Files{CA: s.ours.File(), Cert: pair.CertFile, Key: pair.KeyFile},
		SASL: mechanism, User: "platform", PasswordFile: passwordFile(t, planted),
	}
	return s
}

func passwordFile(t *testing.T, password string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(password+"\n"), 0o600))
	return file
}

func connect(t *testing.T, address string, s queue.Security) queue.Brokers {
	t.Helper()
	b, err := queue.Connect([]string{address}, s)
	require.NoError(t, err)
	return b
}

// Every client of the log passes with the right name: what is written is read.
func TestEveryClientIsSecured(t *testing.T) {
	for _, mechanism := range queue.Mechanisms() {
		t.Run(mechanism, func(t *testing.T) {
			s := startSecured(t, mechanism)
			b := connect(t, s.address, s.right)
			require.NoError(t, queue.EnsureTopics(t.Context(), b, queue.Topics(partitions, time.Hour), 1))
			p := queue.NewProducer(b, queue.DefaultProducer())
			defer func() { require.NoError(t, p.Close()) }()
			e := event()
			require.Equal(t, []error{nil}, p.Produce(t.Context(), []queue.Event{e}))
			partition := queue.PartitionOf([]byte(e.ReportID.String()), partitions)

			read := make(chan kafka.Message, 1)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			// Who returns gives all partitions back.
			work := func(ctx context.Context, c *queue.Claim) error {
				if c.Partition == partition {
					r, err := c.Exactly(ctx, 0, 0)
					if err != nil {
						return err
					}
					if err := c.Commit(ctx, queue.Mark{Offset: 1, Metadata: "mark"}); err != nil {
						return err
					}
					read <- r.Messages[0]
				}
				<-ctx.Done()
				return nil
			}
			done := make(chan error, 1)
			go func() {
				done <- queue.NewConsumer(b, queue.DefaultConsumer(), work, func() {}, slog.New(slog.NewTextHandler(t.Output(), nil))).Run(ctx)
			}()
			var m kafka.Message
			select {
			case m = <-read:
			case err := <-done:
				require.FailNow(t, "nothing was read", "%v", err)
			}
			letters := queue.NewDeadLetters(b)
			require.NoError(t, letters.Write(ctx, []queue.DeadLetter{{Code: "EVT-001", Origin: m}}))
			require.NoError(t, letters.Close())
			_, _, err := queue.NewReplayer(b, partitions).Replay(ctx, m, "0:0")
			require.NoError(t, err)
			extents, err := queue.Extents(ctx, b, partitions)
			require.NoError(t, err)
			require.Equal(t, int64(2), extents[partition].End)
			require.Eventually(t, func() bool {
				committed, err := queue.Committed(ctx, b, partitions)
				return err == nil && committed[partition] == 1
			}, 10*time.Second, 20*time.Millisecond)
			f := queue.NewFollower(b)
			_, err = f.First(ctx, partition)
			require.NoError(t, err)
			f.Close()
			cancel()
			require.NoError(t, <-done)
		})
	}
}

// Whoever is wrongly configured is told so soon, by every way in, and never the password.
func TestWrongSecurityFailsSoonAndClearly(t *testing.T) {
	s := startSecured(t, queue.ScramSHA512)
	plain := startPlain(t)
	with := func(change func(*queue.Security)) queue.Security {
		c := s.right
		change(&c)
		return c
	}
	stranger := trusttest.NewAuthority(t)
	for _, test := range []struct {
		name, address string
		security      queue.Security
		want          string
	}{
		{"wrong password", s.address, with(func(c *queue.Security) { c.PasswordFile = passwordFile(t, planted+"x") }), "SASL Authentication Failed"},
		{"unknown user", s.address, with(func(c *queue.Security) { c.User = "nobody" }), "SASL Authentication Failed"},
		{"other mechanism", s.address, with(func(c *queue.Security) { c.SASL = queue.ScramSHA256 }), "SASL"},
		{"no name", s.address, with(func(c *queue.Security) { c.SASL, c.User, c.PasswordFile = "", "", "" }), "want a name and a password"},
		{"another authority", s.address, with(func(c *queue.Security) { c.Files.CA = stranger.File() }), "unknown authority"},
		{"another name in the certificate", s.address, with(func(c *queue.Security) { c.Files.ServerName = "kafka.example.vn" }), "kafka.example.vn"},
		{"no certificate", s.address, with(func(c *queue.Security) { c.Files.Cert, c.Files.Key = "", "" }), "certificate required"},
		{"plain text to TLS", s.address, queue.Security{}, "want TLS"},
		{"TLS to plain text", plain, s.right, "plain text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := connect(t, test.address, test.security)
			errs := everyWayIn(t, b)
			for way, err := range errs {
				require.Error(t, err, way)
				require.NotContains(t, err.Error(), planted, way)
				t.Logf("%s: %v", way, err)
			}
			require.ErrorContains(t, errs["client"], test.want)
		})
	}
}

// everyWayIn tries what kafka-go has of ways to connect: Client, Writer and Dialer. Each
// ends within the time of a connection.
func everyWayIn(t *testing.T, b queue.Brokers) map[string]error {
	t.Helper()
	begin := time.Now()
	errs := map[string]error{"client": queue.Reachable(t.Context(), b)}
	c := queue.DefaultProducer()
	c.Deadline = 300 * time.Millisecond
	p := queue.NewProducer(b, c)
	errs["writer"] = p.Produce(t.Context(), []queue.Event{event()})[0]
	require.NoError(t, p.Close())
	conn, err := b.Dialer().DialContext(t.Context(), "tcp", b.Addrs()[0])
	if err == nil { // nothing is spoken before the first question
		_, err = conn.Brokers()
		_ = conn.Close()
	}
	errs["dialer"] = err
	require.Less(t, time.Since(begin), 20*time.Second)
	return errs
}

func startPlain(t *testing.T) string { t.Helper(); return brokertest.Start(t, nil) }

func TestPlainNeedsTLS(t *testing.T) {
	security := queue.Security{SASL: queue.Plain, User: "platform", Password: planted}
	_, err := queue.Connect([]string{"127.0.0.1:9092", "kafka.example.vn:9092"}, security)
	require.ErrorContains(t, err, "kafka.example.vn:9092: SASL PLAIN without TLS")
	require.NotContains(t, err.Error(), planted)

	address := brokertest.Start(t, nil, kfake.EnableSASL(), kfake.Superuser(queue.Plain, "platform", planted))
	b := connect(t, address, security)
	require.NoError(t, queue.Reachable(t.Context(), b), "on loopback nobody listens")

	// Metadata may name another address than the one that was given.
	transport := b.Transport()
	elsewhere := sasl.WithMetadata(t.Context(), &sasl.Metadata{Host: "192.0.2.1", Port: 9092})
	_, _, err = transport.SASL.Start(elsewhere)
	require.ErrorContains(t, err, "SASL PLAIN without TLS")
	_, _, err = transport.SASL.Start(t.Context())
	require.ErrorContains(t, err, "SASL PLAIN without TLS", "unknown is not loopback")
}

// A new password is taken from the file at the next connection.
func TestPasswordIsReadForEveryConnection(t *testing.T) {
	s := startSecured(t, queue.ScramSHA256)
	s.right.PasswordFile = passwordFile(t, "not yet")
	b := connect(t, s.address, s.right)
	require.ErrorContains(t, queue.Reachable(t.Context(), b), "SASL Authentication Failed")
	require.NoError(t, os.WriteFile(s.right.PasswordFile, []byte(planted), 0o600))
	require.NoError(t, queue.Reachable(t.Context(), b))
	require.NoError(t, os.Remove(s.right.PasswordFile))
	require.ErrorIs(t, queue.Reachable(t.Context(), b), os.ErrNotExist)
}

func TestSecurityIsCheckedAllAtOnce(t *testing.T) {
	ours := trusttest.NewAuthority(t)
	for _, test := range []struct {
		name  string
		s     queue.Security
		wants []string
	}{
		{"nothing", queue.Security{}, nil},
		{"password by hand", queue.Security{SASL: queue.ScramSHA512, User: "u", Password: planted}, nil},
		{"user alone", queue.Security{User: "u"}, []string{"without a mechanism"}},
		{"unknown mechanism", queue.Security{SASL: "GSSAPI"}, []string{"GSSAPI", "user is not given", "password is not given"}},
		{"password twice", queue.Security{SASL: queue.Plain, User: "u", Password: planted, PasswordFile: passwordFile(t, planted)}, []string{"given twice"}},
		{"password nowhere", queue.Security{SASL: queue.Plain, User: "u", PasswordFile: "/nowhere"}, []string{"/nowhere"}},
		{"authorities without TLS, empty password", queue.Security{Files: trust.Files{CA: ours.File()}, SASL: queue.Plain, User: "u", PasswordFile: passwordFile(t, "")},
			[]string{"without TLS", "is empty"}},
		{"TLS without files", queue.Security{TLS: true, Files: trust.Files{CA: "/nowhere", Cert: "/here"}}, []string{"/nowhere", "go together"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.s.Validate()
			if test.wants == nil {
				require.NoError(t, err)
			}
			for _, want := range test.wants {
				require.ErrorContains(t, err, want)
			}
			if err != nil {
				require.NotContains(t, err.Error(), planted)
			}
		})
	}
}

func TestOldTLSIsNotSpoken(t *testing.T) {
	ours := trusttest.NewAuthority(t)
	server := ours.Server(nil)
	server.MinVersion, server.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 // the point of the test
	b := connect(t, brokertest.Start(t, server), queue.Security{TLS: true, Files: trust.Files{CA: ours.File()}})
	require.ErrorContains(t, queue.Reachable(t.Context(), b), "protocol version")
}

package proxy_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/broker"
	"atvsld/deploy/torture/proxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers every line with itself and tells on heard what it got.
func echo(t *testing.T) (address string, heard <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	lines := make(chan string, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					line, err := in.ReadString('\n')
					if err != nil {
						return
					}
					lines <- line
					if _, err := io.WriteString(c, line); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), lines
}

func listen(t *testing.T, target string, wrap proxy.Wrap) *proxy.Proxy {
	t.Helper()
	p, err := proxy.Listen(t.Context(), target, wrap)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

type caller struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func call(t *testing.T, p *proxy.Proxy) caller {
	t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return caller{c, t, bufio.NewReader(c)}
}

func (c caller) say(line string) (string, error) {
	c.t.Helper()
	if _, err := io.WriteString(c, line); err != nil {
		return "", err
	}
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	return c.in.ReadString('\n')
}

func TestAGoodNetworkChangesNothing(t *testing.T) {
	address, _ := echo(t)
	c := call(t, listen(t, address, nil))
	for _, line := range []string{"one\n", strings.Repeat("x", 200_000) + "\n"} {
		got, err := c.say(line)
		require.NoError(t, err)
		require.Equal(t, line, got)
	}
}

func TestCutBreaksWhatIsOpen(t *testing.T) {
	address, _ := echo(t)
	p := listen(t, address, nil)
	c := call(t, p)
	_, err := c.say("one\n")
	require.NoError(t, err)
	p.Cut()
	_, err = c.say("two\n")
	require.Error(t, err)
	_, err = call(t, p).say("three\n")
	require.NoError(t, err)
}

func TestRefuse(t *testing.T) {
	address, _ := echo(t)
	p := listen(t, address, nil)
	p.Set(proxy.Fault{Refuse: true})
	refused(t, p)
	p.Heal()
	_, err := call(t, p).say("two\n")
	require.NoError(t, err)
}

func TestDelayAndThrottle(t *testing.T) {
	f := func(fault proxy.Fault, line string, least time.Duration) {
		t.Helper()
		address, _ := echo(t)
		p := listen(t, address, nil)
		p.Set(fault)
		begin := time.Now()
		got, err := call(t, p).say(line)
		require.NoError(t, err)
		require.Equal(t, line, got)
		require.GreaterOrEqual(t, time.Since(begin), least)
	}
	f(proxy.Fault{Delay: 50 * time.Millisecond}, "one\n", 100*time.Millisecond)
	f(proxy.Fault{BytesPerSecond: 10_000}, strings.Repeat("x", 2_999)+"\n", 300*time.Millisecond)
}

func TestABlackHoleHoldsWhatArrives(t *testing.T) {
	address, heard := echo(t)
	p := listen(t, address, nil)
	c := call(t, p)
	p.Set(proxy.Fault{BlackHole: true})
	_, err := io.WriteString(c, "one\n")
	require.NoError(t, err)
	select {
	case <-heard:
		t.Fatal("it came through")
	case <-time.After(50 * time.Millisecond):
	}
	p.Heal()
	require.Equal(t, "one\n", <-heard)
	got, err := c.in.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "one\n", got)
}

func TestAnswersAreCutAfterTheDeed(t *testing.T) {
	f := func(after int, want string) {
		t.Helper()
		address, heard := echo(t)
		p := listen(t, address, nil)
		c := call(t, p)
		_, err := c.say("before\n")
		require.NoError(t, err)
		<-heard
		p.Set(proxy.Fault{CutAnswers: true, CutAfter: after})
		_, err = io.WriteString(c, "deed\n")
		require.NoError(t, err)
		require.Equal(t, "deed\n", <-heard, "the target was asked")
		got, err := io.ReadAll(c.in)
		require.Error(t, err)
		require.LessOrEqual(t, len(got), after)
		require.True(t, strings.HasPrefix(want, string(got)), "%q", got)
		require.EqualValues(t, 1, p.Cuts())
	}
	f(0, "")
	f(3, "dee")
}

func TestOnlyTheAnswerToTheTextIsCut(t *testing.T) {
	address, heard := echo(t)
	p := listen(t, address, nil)
	p.Set(proxy.Fault{CutAnswerTo: "INSERT"})
	c := call(t, p)
	got, err := c.say("SELECT\n")
	require.NoError(t, err)
	require.Equal(t, "SELECT\n", got)
	<-heard
	_, err = c.say("INSERT\n")
	require.Error(t, err)
	require.Equal(t, "INSERT\n", <-heard)
}

func TestADeadTarget(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	refused(t, listen(t, l.Addr().String(), nil))
}

// refused requires that nothing can be said; the reset may come before or after the
// connection is made.
func refused(t *testing.T, p *proxy.Proxy) {
	t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return
	}
	defer c.Close()
	_, err = caller{c, t, bufio.NewReader(c)}.say("one\n")
	require.Error(t, err)
}

// A Kafka client that knows one proxy only stays on it: what it does fails as soon as
// the proxy refuses.
func TestKafkaClientsStayOnTheProxy(t *testing.T) {
	config := broker.Default()
	config.DataDir, config.Logger = t.TempDir(), slog.New(slog.DiscardHandler)
	config.Topics = []broker.Topic{{Name: "topic", Partitions: 2, Config: map[string]string{"retention.ms": "-1", "retention.bytes": "-1"}}}
	b, err := broker.Open(t.Context(), config)
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()
	var names proxy.Brokers
	p := listen(t, b.Addrs()[0], names.Wrap)
	names.Replace(b.Addrs()[0], p.Addr())

	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(p.Addr()), Timeout: 5 * time.Second, Transport: transport}
	meta, err := client.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{"topic"}})
	require.NoError(t, err)
	require.Equal(t, p.Addr(), net.JoinHostPort(meta.Brokers[0].Host, port(meta.Brokers[0].Port)))
	group, err := client.FindCoordinator(t.Context(), &kafka.FindCoordinatorRequest{Key: "group", KeyType: kafka.CoordinatorKeyTypeConsumer})
	require.NoError(t, err)
	require.Equal(t, p.Addr(), net.JoinHostPort(group.Coordinator.Host, port(group.Coordinator.Port)))

	w := &kafka.Writer{Addr: kafka.TCP(p.Addr()), Topic: "topic", RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond,
		MaxAttempts: 1, WriteTimeout: 2 * time.Second, Transport: transport}
	defer func() { require.NoError(t, w.Close()) }()
	require.NoError(t, w.WriteMessages(t.Context(), kafka.Message{Value: []byte("one")}))
	p.Set(proxy.Fault{Refuse: true})
	p.Cut()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	require.Error(t, w.WriteMessages(ctx, kafka.Message{Value: []byte("two")}))
}

func port(n int) string { return strconv.Itoa(n) }

// Package local runs Apache Kafka on this machine without containers: the jars
// that pom.xml names, Java, one or three brokers on loopback addresses. It is
// for trying the product on the real thing and for the tests that do; the
// product itself only ever gets addresses.
package local

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"

	"atvsld/ingest/queue"
)

// Version is the version of Apache Kafka that pom.xml names.
const Version = "4.3.1"

// startTimeout bounds the start of a broker: it answers after three seconds on an
// idle machine, and on a busy one it should not be given up.
const startTimeout = 2 * time.Minute

// Cluster is a number of running brokers, each of which is a controller too.
// Its methods are not for concurrent use.
type Cluster struct {
	jvm     jvm
	id      string
	brokers []*node
}

// Start starts so many brokers with their folders below dir and waits until each
// of them knows all of them. What dir holds already is kept, so that a cluster
// can be started again; it must then have the same number of brokers.
// ctx bounds the start only. Errors: ErrNoJava, ErrNoMaven.
func Start(ctx context.Context, dir string, brokers int) (*Cluster, error) {
	return begin(ctx, dir, brokers, nil)
}

// StartSecured is Start with TLS, names and access lists. Names are those of the first
// start for as long as dir is kept.
func StartSecured(ctx context.Context, dir string, brokers int, s Security) (*Cluster, error) {
	return begin(ctx, dir, brokers, &s)
}

func begin(ctx context.Context, dir string, brokers int, s *Security) (*Cluster, error) {
	r, err := prepare(ctx)
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2 * brokers)
	if err != nil {
		return nil, err
	}
	c := &Cluster{jvm: r}
	if c.id, err = clusterID(dir); err != nil {
		return nil, err
	}
	voters := make([]string, brokers)
	for i := range voters {
		voters[i] = fmt.Sprintf("%d@127.0.0.1:%d", i+1, ports[brokers+i])
	}
	for i := range brokers {
		c.brokers = append(c.brokers, &node{
			id: i + 1, dir: filepath.Join(dir, fmt.Sprintf("broker-%d", i+1)),
			port: ports[i], controllerPort: ports[brokers+i], voters: strings.Join(voters, ","), of: brokers, security: s,
		})
	}
	if err := c.start(ctx, c.brokers); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, nodes []*node) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	var group errgroup.Group
	for _, n := range nodes {
		group.Go(func() error { return n.start(ctx, c.jvm, c.id) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := c.await(ctx, n); err != nil {
			return fmt.Errorf("broker %d of Apache Kafka does not answer: %w\n%s", n.id, err, n.lastWords())
		}
	}
	return nil
}

// await blocks until n lists every broker that runs.
func (c *Cluster) await(ctx context.Context, n *node) error {
	running := 0
	for _, other := range c.brokers {
		if other.running() {
			running++
		}
	}
	for {
		known, err := members(ctx, n)
		if known >= running {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-n.process.exited:
			return fmt.Errorf("it ended: %w", n.process.err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// members asks a broker how many brokers are alive.
func members(ctx context.Context, n *node) (int, error) {
	brokers := queue.At(n.address())
	if n.security != nil {
		var err error
		if brokers, err = queue.Connect(brokers.Addrs(), n.security.As(n.security.Admin)); err != nil {
			return 0, err
		}
	}
	transport := brokers.Transport()
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: brokers.Addr(), Transport: transport, Timeout: 5 * time.Second}
	answer, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return 0, err
	}
	return len(answer.Brokers), nil
}

// Addrs returns the addresses of all brokers, whether they run or not.
func (c *Cluster) Addrs() []string {
	addrs := make([]string, len(c.brokers))
	for i, n := range c.brokers {
		addrs[i] = n.address()
	}
	return addrs
}

// Kill ends a broker as a power cut would (SIGKILL) and returns when it is gone.
// Brokers count from 1, as in Kafka's own answers.
func (c *Cluster) Kill(id int) error {
	n, err := c.node(id)
	if err != nil {
		return err
	}
	return n.kill()
}

// Restart starts a broker that was killed, on its old address and folder, and
// waits until it is back among the others.
func (c *Cluster) Restart(ctx context.Context, id int) error {
	n, err := c.node(id)
	if err != nil {
		return err
	}
	if n.running() {
		return fmt.Errorf("broker %d runs", id)
	}
	return c.start(ctx, []*node{n})
}

func (c *Cluster) node(id int) (*node, error) {
	i := slices.IndexFunc(c.brokers, func(n *node) bool { return n.id == id })
	if i < 0 {
		return nil, fmt.Errorf("there is no broker %d", id)
	}
	return c.brokers[i], nil
}

// Close stops the brokers one after the other and leaves no process behind.
func (c *Cluster) Close() error {
	var errs []error
	for i, n := range c.brokers {
		// The last broker of three cannot hand over: without a majority nobody
		// would answer it, and it would wait for minutes.
		majority := 2*(len(c.brokers)-i) > len(c.brokers)
		errs = append(errs, n.stop(majority))
	}
	return errors.Join(errs...)
}

// Java runs a program of Kafka's own, such as org.apache.kafka.tools.ConsoleProducer,
// with input, and returns what it printed.
func (c *Cluster) Java(ctx context.Context, input, class string, args ...string) (string, error) {
	return c.jvm.run(ctx, input, class, args...)
}

// clusterID keeps the id of a cluster in its folder.
func clusterID(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	file := filepath.Join(dir, "cluster-id")
	kept, err := os.ReadFile(file)
	if err == nil {
		return string(kept), nil
	}
	text := newClusterID()
	return text, os.WriteFile(file, []byte(text), 0o600)
}

// newClusterID draws an id as Kafka writes them, but none that begins like an option of
// its command line, which one in 64 does.
func newClusterID() string {
	for {
		id := uuid.New()
		if text := base64.RawURLEncoding.EncodeToString(id[:]); text[0] != '-' {
			return text
		}
	}
}

// freePorts finds ports that nobody listens on. They are free again when it
// returns: Kafka has to know all of them before the first broker starts.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // binding a loopback port does not wait
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

package local

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// stopTimeout is how long a broker may take to hand over its partitions.
const stopTimeout = 20 * time.Second

// node is one broker with its folder.
type node struct {
	id                   int
	dir                  string
	port, controllerPort int
	voters               string
	of                   int       // brokers in the cluster
	security             *Security // nil for none
	process              *process
}

func (n *node) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(n.port)) }

func (n *node) log() string { return filepath.Join(n.dir, "broker.log") }

func (n *node) running() bool { return n.process != nil && n.process.alive() }

// start formats the folder if it is new and starts the broker.
func (n *node) start(ctx context.Context, r jvm, clusterID string) error {
	if err := os.MkdirAll(n.dir, 0o750); err != nil {
		return err
	}
	properties := filepath.Join(n.dir, "broker.properties")
	text := n.properties()
	var names []string
	if n.security != nil {
		more, err := n.security.write(n.dir, n.address(), net.JoinHostPort("127.0.0.1", strconv.Itoa(n.controllerPort)))
		if err != nil {
			return fmt.Errorf("secure broker %d: %w", n.id, err)
		}
		text += more // of a property that stands twice, the last one counts
		names = n.security.formatArgs()
	}
	if err := os.WriteFile(properties, []byte(text), 0o600); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(n.dir, "data", "meta.properties")); err != nil {
		format := append([]string{"format", "-t", clusterID, "-c", properties}, names...)
		if _, err := r.run(ctx, "", "kafka.tools.StorageTool", format...); err != nil {
			return fmt.Errorf("format the folder of broker %d: %w", n.id, err)
		}
	}
	out, err := os.OpenFile(n.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	n.process, err = spawn(r.java, r.args("384m", "kafka.Kafka", properties), n.dir, out)
	if err != nil {
		return fmt.Errorf("start broker %d: %w", n.id, err)
	}
	return nil
}

// properties is the configuration of the broker. What is not said is Kafka's
// default, except for what would make three brokers on one small machine slow.
func (n *node) properties() string {
	replicas, inSync := min(n.of, 3), 1
	if n.of >= 3 {
		inSync = 2
	}
	var b strings.Builder
	for _, p := range []struct{ name, value string }{
		{"process.roles", "broker,controller"},
		{"node.id", strconv.Itoa(n.id)},
		{"controller.quorum.voters", n.voters},
		{"listeners", fmt.Sprintf("PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d", n.port, n.controllerPort)},
		{"advertised.listeners", "PLAINTEXT://" + n.address()},
		{"listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"},
		{"controller.listener.names", "CONTROLLER"},
		{"inter.broker.listener.name", "PLAINTEXT"},
		{"log.dirs", filepath.ToSlash(filepath.Join(n.dir, "data"))},
		{"auto.create.topics.enable", "false"},
		{"min.insync.replicas", strconv.Itoa(inSync)},
		{"offsets.topic.replication.factor", strconv.Itoa(replicas)},
		{"offsets.topic.num.partitions", "4"},
		{"transaction.state.log.replication.factor", strconv.Itoa(replicas)},
		{"transaction.state.log.min.isr", strconv.Itoa(inSync)},
		{"transaction.state.log.num.partitions", "4"},
		// A first member need not wait three seconds for company.
		{"group.initial.rebalance.delay.ms", "0"},
	} {
		fmt.Fprintf(&b, "%s=%s\n", p.name, p.value)
	}
	return b.String()
}

func (n *node) kill() error {
	if !n.running() {
		return fmt.Errorf("broker %d does not run", n.id)
	}
	return n.process.kill()
}

// stop ends the broker, in order if it can.
func (n *node) stop(inOrder bool) error {
	if !n.running() {
		return nil
	}
	if inOrder && n.process.terminate(stopTimeout) {
		return nil
	}
	return n.process.kill()
}

// lastWords is the end of the broker's log, for an error that explains itself.
func (n *node) lastWords() string {
	text, err := os.ReadFile(n.log())
	if err != nil {
		return err.Error()
	}
	const most = 4000
	text = text[max(0, len(text)-most):]
	return string(bytes.TrimSpace(text))
}

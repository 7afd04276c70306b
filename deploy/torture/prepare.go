package torture

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"atvsld/deploy/torture/proxy"
	"atvsld/ingest/queue"
)

func (p *platform) prepare(ctx context.Context) error {
	if err := p.prepareEngine(ctx); err != nil {
		return err
	}
	if err := p.prepareBroker(ctx); err != nil {
		return err
	}
	for i := range gateways {
		err := p.prepareRole(ctx, "gateway", i+1, true, "--data", p.dir, "--keys", p.keys())
		if err != nil {
			return err
		}
	}
	// One more than work all the time: it comes and goes.
	for i := range sinks + 1 {
		if err := p.prepareRole(ctx, "sink", i+1, true); err != nil {
			return err
		}
	}
	p.roles[spareSink].hold()
	err := p.prepareRole(ctx, "forwarder", 1, true, "--data", p.dir, "--keys", p.keys(), "--integrators", integratorID, "--integrators-unlimited", integratorID)
	if err != nil {
		return err
	}
	return p.prepareRole(ctx, "api", 1, false, "--data", p.dir, "--keys", p.keys())
}

func (p *platform) keys() string { return filepath.Join(p.dir, "keys") }

// spareSink joins and leaves; api serves the figures; the others are counted from 1.
var (
	spareSink = "sink-" + strconv.Itoa(sinks+1)
	apiRole   = "api-1"
)

const (
	brokerRole = "broker"
	engineRole = "engine"
)

func (p *platform) prepareEngine(ctx context.Context) error {
	var err error
	if p.engine, err = freeAddress(ctx); err != nil {
		return err
	}
	data, err := p.diskFor(engineRole)
	if err != nil {
		return err
	}
	r := p.newRole(engineRole, "", func() *exec.Cmd {
		return p.atvsld(nil, "engine", "--data", data, "--engine-listen", p.engine, "--engine-password", p.pass)
	})
	r.ready = func(ctx context.Context) error { return dialable(ctx, p.engine) }
	return nil
}

func (p *platform) prepareBroker(ctx context.Context) error {
	if p.config.Kafka != nil {
		p.brokers = p.config.Kafka.Addrs()
		return queue.EnsureTopics(ctx, queue.At(p.brokers...), topics(), len(p.brokers))
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	data, err := p.diskFor(brokerRole)
	if err != nil {
		return err
	}
	p.brokers = []string{address}
	command, err := brokerCommand(brokerSettings{Dir: data, Addr: address})
	if err != nil {
		return err
	}
	r := p.newRole(brokerRole, "", func() *exec.Cmd { return command })
	r.ready = func(ctx context.Context) error { return queue.Reachable(ctx, queue.At(p.brokers...)) }
	r.started = p.control.attach
	return nil
}

// prepareRole makes a role with proxies to what it calls.
func (p *platform) prepareRole(ctx context.Context, kind string, number int, kafka bool, args ...string) error {
	name := kind + "-" + strconv.Itoa(number)
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	toStore, err := p.connect(ctx, name+">store", p.engine, nil)
	if err != nil {
		return err
	}
	args = append([]string{kind, "--listen", address, "--clickhouse", p.dsn(toStore)}, args...)
	if kafka {
		brokers, err := p.connectBrokers(ctx, name)
		if err != nil {
			return err
		}
		args = append(args, "--brokers", strings.Join(brokers, ","), "--partitions", strconv.Itoa(partitions), "--replication", strconv.Itoa(len(p.brokers)))
	}
	if kind == "gateway" {
		if _, err := p.connect(ctx, "filer>"+name, address, nil); err != nil {
			return err
		}
	}
	var env []string
	if kind == "sink" && p.config.Flaw != "" {
		env = append(env, "ATVSLD_FAULT_FLAW="+string(p.config.Flaw))
	}
	p.newRole(name, address, func() *exec.Cmd { return p.atvsld(env, args...) })
	return nil
}

func (p *platform) newRole(name, address string, command func() *exec.Cmd) *role {
	r := &role{
		name: name, address: address, log: filepath.Join(p.dir, name+".log"), command: command,
		ready: answersReady(p.web, address), wake: make(chan struct{}, 1),
	}
	p.roles[name] = r
	return r
}

func (p *platform) connect(ctx context.Context, name, target string, wrap proxy.Wrap) (string, error) {
	made, err := proxy.Listen(ctx, target, wrap)
	if err != nil {
		return "", err
	}
	p.links[name] = &link{Proxy: made}
	return made.Addr(), nil
}

// connectBrokers puts a proxy before every broker, and keeps the role on them.
func (p *platform) connectBrokers(ctx context.Context, name string) ([]string, error) {
	var names proxy.Brokers
	var addrs []string
	for i, broker := range p.brokers {
		to := name + ">broker"
		if len(p.brokers) > 1 {
			to += "-" + strconv.Itoa(i+1)
		}
		address, err := p.connect(ctx, to, broker, names.Wrap)
		if err != nil {
			return nil, err
		}
		names.Replace(broker, address)
		addrs = append(addrs, address)
	}
	return addrs, nil
}

func (p *platform) dsn(address string) string {
	return "http://default:" + p.pass + "@" + address + "/atvsld"
}

// atvsld prepares a run of the program.
func (p *platform) atvsld(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(p.config.Binary, append(args, "--log-level", "warn")...) //nolint:noctx // see spawn
	cmd.Env = append(environment(os.Environ()), env...)
	if p.config.EngineLibrary != "" {
		cmd.Env = append(cmd.Env, "ATVSLD_ENGINE_LIBRARY="+p.config.EngineLibrary)
	}
	return cmd
}

// environment keeps what the operator has set for a server of his away from ours.
func environment(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool {
		return strings.HasPrefix(v, "ATVSLD_") && !strings.HasPrefix(v, "ATVSLD_ENGINE_LIBRARY=")
	})
}

// freeAddress finds a port that nobody listens on, below those that the system gives
// to clients: a role that comes back must find its port free.
func freeAddress(ctx context.Context) (string, error) {
	var errs []error
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(20_000))
		if err != nil {
			return "", err
		}
		address := net.JoinHostPort("127.0.0.1", strconv.FormatInt(12_000+n.Int64(), 10))
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err == nil {
			return address, l.Close()
		}
		errs = append(errs, err)
	}
	return "", fmt.Errorf("find a free port: %w", errors.Join(errs...))
}

func dialable(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: 2 * time.Second}
	c, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return c.Close()
}

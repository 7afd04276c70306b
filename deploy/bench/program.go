package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"atvsld/ingest/queue"
)

const (
	readyTimeout = 10 * time.Minute
	stopTimeout  = 2 * time.Minute
	readyPoll    = 5 * time.Millisecond
)

// program is one running role of the program under load.
type program struct {
	role    string
	cmd     *exec.Cmd
	started time.Time
	address string // of its HTTP interface, if it has one
	token   string
	log     string
	output  io.ReadCloser
	exited  chan struct{}
	err     error // after exited
}

func (p *program) pid() int { return p.cmd.Process.Pid }

// launch starts a role. It ends with the context, in order, or by stop.
func (b *bench) launch(ctx context.Context, role string, args ...string) (*program, error) {
	p := &program{role: role, exited: make(chan struct{}), log: filepath.Join(b.dir, fmt.Sprintf("%02d-%s.log", b.launched, role))}
	b.launched++
	log, err := os.Create(p.log)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", role, err)
	}
	defer log.Close()
	if b.EngineLibrary != "" && (role == "run" || role == "engine") {
		args = append(args, "--engine-library", b.EngineLibrary)
	}
	p.cmd = exec.CommandContext(ctx, b.Executable, append([]string{role, "--log-level", "warn"}, args...)...)
	p.cmd.Env = environment(os.Environ())
	p.cmd.Stderr = log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopTimeout
	if p.output, err = p.cmd.StdoutPipe(); err != nil {
		return nil, fmt.Errorf("start %s: %w", role, err)
	}
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", role, err)
	}
	b.programs = append(b.programs, p)
	return p, nil
}

// watch waits for the end of the process; its output must not be read any more.
func (p *program) watch() {
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
}

// environment keeps what the operator has set for a server of his away from ours.
func environment(all []string) []string {
	var kept []string
	for _, v := range all {
		if !strings.HasPrefix(v, "ATVSLD_") || strings.HasPrefix(v, "ATVSLD_ENGINE_LIBRARY=") {
			kept = append(kept, v)
		}
	}
	return kept
}

// serve starts a role with an HTTP interface and waits until it is ready.
func (b *bench) serve(ctx context.Context, role, data string, args ...string) (p *program, ready time.Duration, err error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, 0, err
	}
	p, err = b.launch(ctx, role, append([]string{"--data", data, "--listen", address, "--demonstration"}, args...)...)
	if err != nil {
		return nil, 0, err
	}
	p.address = address
	p.watch()
	if err := p.waitReady(ctx); err != nil {
		return nil, 0, errors.Join(err, p.stop())
	}
	ready = time.Since(p.started)
	token, err := os.ReadFile(filepath.Join(data, "keys", "local-token"))
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("read the token: %w", err), p.stop())
	}
	p.token = strings.TrimSpace(string(token))
	return p, ready, nil
}

func (p *program) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		if status, _, err := p.get(ctx, "/readyz"); err == nil && status == http.StatusOK {
			return nil
		}
		if err := p.pause(ctx, readyPoll); err != nil {
			return fmt.Errorf("wait until %s is ready: %w", p.role, err)
		}
	}
}

// pause waits, unless the program ends or the context does.
func (p *program) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.exited:
		return fmt.Errorf("%s: %w\n%s", p.role, errors.Join(errEnded, p.err), lastLines(p.log))
	}
}

var errEnded = errors.New("a program ended before it was asked to")

// lastLines returns the end of a log.
func lastLines(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	const most = 4 << 10
	return string(bytes.TrimSpace(data[max(0, len(data)-most):]))
}

// stop ends the program in order. A second call does nothing.
func (p *program) stop() error {
	select {
	case <-p.exited:
		return nil
	default:
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.exited
		return fmt.Errorf("%s did not stop within %s\n%s", p.role, stopTimeout, lastLines(p.log))
	}
	if p.err != nil {
		return fmt.Errorf("stop %s: %w\n%s", p.role, p.err, lastLines(p.log))
	}
	return nil
}

// engine starts ClickHouse on a folder and returns its address, or the place's own when
// one was given (program is nil then).
func (b *bench) engine(ctx context.Context, at *place) (dsn string, p *program, err error) {
	if at.dsn != "" {
		return at.dsn, nil, nil
	}
	p, err = b.launch(ctx, "engine", "--data", at.dir)
	if err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(p.output).ReadString('\n')
	p.watch()
	if err != nil {
		return "", nil, fmt.Errorf("start engine: %w\n%s", errors.Join(err, p.stop()), lastLines(p.log))
	}
	return strings.TrimSpace(line), p, nil
}

// broker starts the broker on a folder and returns its address, or the given ones
// (program is nil then).
func (b *bench) broker(ctx context.Context, at *place) (brokers []string, p *program, err error) {
	if len(b.Brokers) > 0 {
		return b.Brokers, nil, queue.EnsureTopics(ctx, queue.At(b.Brokers...), queue.Topics(partitions, retention), 1)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, nil, err
	}
	p, err = b.launch(ctx, "broker", "--data", at.dir, "--broker-listen", address)
	if err != nil {
		return nil, nil, err
	}
	p.watch()
	brokers = []string{address}
	for queue.Reachable(ctx, queue.At(brokers...)) != nil {
		if err := p.pause(ctx, 20*time.Millisecond); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("wait for the broker: %w", err), p.stop())
		}
	}
	return brokers, p, nil
}

func stopAll(programs ...*program) error {
	var errs []error
	for _, p := range programs {
		if p != nil {
			errs = append(errs, p.stop())
		}
	}
	return errors.Join(errs...)
}

// freeAddress returns a loopback address that was free a moment ago.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"

	"atvsld/ingest/fault"
)

// role is one process of the platform. Like under a service manager, it is started
// again whenever it ends, unless a fault holds it down.
type role struct {
	name    string
	address string // of its HTTP interface; empty if it has none
	log     string
	command func() *exec.Cmd
	// ready returns nil when the role works.
	ready func(ctx context.Context) error
	// started gets the input of every new process; nil if it has none.
	started func(io.WriteCloser)

	// turn is held by the one fault that works on the role.
	turn sync.Mutex

	mu     sync.Mutex
	now    *child
	extra  []string // environment of the next process only
	held   bool
	signed bool // the end of the process was our doing
	// alone counts the processes that ended by themselves.
	alone int
	wake  chan struct{}
}

// restartPause is what a service manager would wait before it starts a role again.
const restartPause = 100 * time.Millisecond

// supervise keeps the role running until ctx ends, and then kills it.
func (r *role) supervise(ctx context.Context) error {
	defer r.kill()
	for ctx.Err() == nil {
		if r.isHeld() {
			r.wait(ctx, time.Second)
			continue
		}
		c, err := r.start()
		if err != nil {
			return err
		}
		select {
		case <-c.exited:
		case <-ctx.Done():
			return nil
		}
		r.gone(ctx)
		r.wait(ctx, restartPause)
	}
	return nil
}

func (r *role) isHeld() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held
}

func (r *role) start() (*child, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	cmd := r.command()
	var input io.Reader
	var control io.WriteCloser
	if r.started != nil {
		reader, writer, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		defer reader.Close()
		input, control = reader, writer
	}
	c, err := spawn(r.log, append(cmd.Env, r.extra...), input, cmd.Path, cmd.Args[1:]...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	r.now, r.extra, r.signed = c, nil, false
	if r.started != nil {
		r.started(control)
	}
	return c, nil
}

// gone notes the end of a process.
func (r *role) gone(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.signed && ctx.Err() == nil {
		r.alone++
	}
}

func (r *role) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-r.wake:
	}
}

// hold keeps the role down once it ends; release lets it start again.
func (r *role) hold() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = true
}

func (r *role) release() {
	r.mu.Lock()
	r.held = false
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// process returns the running process, nil if there is none, and takes the blame
// for its end if asked to.
func (r *role) process(ours bool) *child {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now == nil || !r.now.alive() {
		return nil
	}
	r.signed = r.signed || ours
	return r.now
}

func (r *role) running() bool { return r.process(false) != nil }

// kill ends the process with SIGKILL, if there is one.
func (r *role) kill() {
	if c := r.process(true); c != nil {
		c.kill()
	}
}

// orderly ends the process with SIGTERM, and with SIGKILL if that takes too long.
func (r *role) orderly(within time.Duration) {
	c := r.process(true)
	if c == nil {
		return
	}
	c.signal(syscall.SIGTERM)
	if !c.ended(within) {
		c.kill()
	}
}

// dieAt starts the role anew so that it kills itself at a point, and tells whether it
// did before the time was over; otherwise it is killed then.
func (r *role) dieAt(ctx context.Context, p fault.Point, after int, within time.Duration) bool {
	r.mu.Lock()
	r.extra = []string{"ATVSLD_FAULT_POINT=" + string(p), fmt.Sprintf("ATVSLD_FAULT_AFTER=%d", after)}
	before := r.now
	r.mu.Unlock()
	r.orderly(5 * time.Second)
	deadline := time.Now().Add(within)
	c := r.process(true)
	for (c == nil || c == before) && time.Now().Before(deadline) && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
		c = r.process(true)
	}
	if c == nil || c == before {
		return false
	}
	if c.ended(time.Until(deadline)) {
		return true
	}
	c.kill()
	return false
}

// await blocks until the role works.
func (r *role) await(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		err := errors.New("it does not run")
		if r.running() {
			err = r.ready(ctx)
		}
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready after %s: %w\n%s", r.name, within, err, lastLines(r.log))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// answersReady asks /readyz.
func answersReady(web *http.Client, address string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		response, err := web.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK && !onlyUnproven(body) {
			return fmt.Errorf("%s: %s", response.Status, body)
		}
		return nil
	}
}

// onlyUnproven tells of a role that works and says that something is missing or stored
// twice: that is for the oracle to count, and a sink with a flaw says so itself.
func onlyUnproven(body []byte) bool {
	var answer struct {
		Checks map[string]string `json:"checks"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Checks["proof"] == "ok" || answer.Checks["proof"] == "" {
		return false
	}
	for name, check := range answer.Checks {
		if name != "proof" && check != "ok" {
			return false
		}
	}
	return true
}

package local

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a started program with all that it starts itself.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // of Wait; read it after exited is closed
}

// spawn starts a program that does not outlive this one.
func spawn(program string, args []string, dir string, out *os.File) (*process, error) {
	cmd := exec.Command(program, args...) //nolint:noctx // it ends by terminate or kill
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.SysProcAttr = attributes()
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		// Linux sends the death signal when the thread that started the process
		// ends, so that thread waits for it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.exited)
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) alive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// terminate asks the process to end and tells whether it did.
func (p *process) terminate(within time.Duration) bool {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return !p.alive()
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.exited:
		return true
	case <-timer.C:
		return false
	}
}

// kill ends the process and what it started, and waits for it.
func (p *process) kill() error {
	if err := killGroup(p.cmd.Process); err != nil && p.alive() {
		return fmt.Errorf("kill process %d: %w", p.cmd.Process.Pid, err)
	}
	<-p.exited
	return nil
}

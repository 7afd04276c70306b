package local

import (
	"os"
	"syscall"
)

// attributes gives the process a group of its own, so that an interrupt of the
// terminal reaches only us and we stop it in order, and ends it when we die.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

//go:build !linux

package torture

import (
	"errors"
	"syscall"
)

// The engine library exists for Linux only, so that nothing is lost here.
var errHost = errors.New("the torture program runs on Linux only")

const (
	signalPause  = syscall.SIGKILL
	signalResume = syscall.SIGKILL
)

func attributes() *syscall.SysProcAttr { return nil }
func mountDisk(string, int64) error    { return errHost }
func resizeDisk(string, int64) error   { return errHost }
func unmountDisk(string) error         { return errHost }
func usedBytes(string) (int64, error)  { return 0, errHost }

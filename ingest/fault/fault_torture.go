//go:build torture

// Package fault is described in fault.go; this is what a torture build has of it.
package fault

import (
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
)

// Point is an instant in the life of a report.
type Point string

// Flaw is a mistake that a correct sink does not make.
type Flaw string

// What a torture build reads from its environment: die at the named point, but pass it
// so many times before; make the named mistake.
const (
	EnvPoint = "ATVSLD_FAULT_POINT"
	EnvAfter = "ATVSLD_FAULT_AFTER"
	EnvFlaw  = "ATVSLD_FAULT_FLAW"
)

var (
	point    = Point(os.Getenv(EnvPoint))
	flaw     = Flaw(os.Getenv(EnvFlaw))
	after, _ = strconv.ParseInt(os.Getenv(EnvAfter), 10, 64)
	passed   atomic.Int64
)

// At kills this process, with no chance to clean up, if it is the point asked for.
func At(p Point) {
	if p == point && passed.Add(1) > after {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
		select {} // nothing more happens until the signal arrives
	}
}

// Has tells whether this process is to make the mistake.
func Has(f Flaw) bool { return f == flaw }

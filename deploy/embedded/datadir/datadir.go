// Package datadir guards a folder that exactly one process may use: the
// embedded broker and the embedded engine both keep state that two writers
// would destroy.
package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrInUse says that another process holds the folder.
var ErrInUse = errors.New("in use by another atvsld")

// lockName is the file that carries the lock. It stays behind after a stop:
// removing it would let two processes lock two different files.
const lockName = "atvsld.lock"

// Lock is a held folder. It is held until Release or the end of the process,
// also when nothing refers to it any more: an os.File would give the lock back
// as soon as the garbage collector finds it unused.
type Lock struct{ handle handle }

// Acquire creates the folder (mode 0700) when it is missing and takes it for
// this process. The operating system gives it back when the process ends, also
// after kill -9. The error wraps ErrInUse when another process has it.
func Acquire(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	held, err := lock(filepath.Join(dir, lockName))
	if errors.Is(err, errTaken) {
		return nil, fmt.Errorf("data folder %s is %w", dir, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the data folder %s: %w", dir, err)
	}
	return &Lock{handle: held}, nil
}

var errTaken = errors.New("taken")

// Release gives the folder back.
func (l *Lock) Release() error {
	if err := l.handle.close(); err != nil {
		return fmt.Errorf("release the data folder: %w", err)
	}
	return nil
}

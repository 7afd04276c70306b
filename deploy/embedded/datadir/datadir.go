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

// Lock is a held folder.
type Lock struct{ file *os.File }

// Acquire creates the folder (mode 0700) when it is missing and takes it for
// this process. The operating system gives it back when the process ends, also
// after kill -9. The error wraps ErrInUse when another process has it.
func Acquire(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data folder: %w", err)
	}
	taken, err := tryLock(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the data folder %s: %w", dir, err), file.Close())
	}
	if !taken {
		return nil, errors.Join(fmt.Errorf("data folder %s is %w", dir, ErrInUse), file.Close())
	}
	return &Lock{file: file}, nil
}

// Release gives the folder back.
func (l *Lock) Release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("release the data folder: %w", err)
	}
	return nil
}

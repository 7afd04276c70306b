package seal

import (
	"errors"
	"fmt"
)

// mode is how much of the directory a lock takes.
type mode bool

const (
	shared mode = false // with others who make or read key files
	alone  mode = true  // for rotating the master key and for destroying
)

// locked does something under the lock of the key directory. The system takes the lock back
// from a process that dies. It may not be nested.
func (k *Keys) locked(m mode, do func() error) (err error) {
	release, err := lockFile(k.path("lock"), m)
	if err != nil {
		return fmt.Errorf("lock the key directory: %w", err)
	}
	defer func() { err = errors.Join(err, release()) }()
	return do()
}

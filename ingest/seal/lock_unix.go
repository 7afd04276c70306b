//go:build unix

package seal

import (
	"errors"

	"golang.org/x/sys/unix"
)

// lockFile waits for a lock on the file. It is opened for writing because file systems over a
// network lock nothing else.
func lockFile(path string, m mode) (release func() error, err error) {
	fd, err := unix.Open(path, unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	how := unix.LOCK_SH
	if m == alone {
		how = unix.LOCK_EX
	}
	for {
		if err = unix.Flock(fd, how); !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return func() error { return unix.Close(fd) }, nil
}

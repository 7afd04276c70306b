//go:build unix

package datadir

import (
	"errors"

	"golang.org/x/sys/unix"
)

type handle int

func lock(path string) (handle, error) {
	fd, err := unix.Open(path, unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return 0, err
	}
	for {
		err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	switch {
	case err == nil:
		return handle(fd), nil
	case errors.Is(err, unix.EWOULDBLOCK):
		err = errTaken
	}
	return 0, errors.Join(err, unix.Close(fd))
}

func (h handle) close() error { return unix.Close(int(h)) }

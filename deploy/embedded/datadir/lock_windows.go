package datadir

import (
	"errors"

	"golang.org/x/sys/windows"
)

type handle windows.Handle

func lock(path string) (handle, error) {
	file, err := windows.Open(path, windows.O_CREAT|windows.O_RDWR|windows.O_CLOEXEC, 0o600)
	if err != nil {
		return 0, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(file, flags, 0, 1, 0, new(windows.Overlapped))
	switch {
	case err == nil:
		return handle(file), nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		err = errTaken
	}
	return 0, errors.Join(err, windows.CloseHandle(file))
}

func (h handle) close() error { return windows.CloseHandle(windows.Handle(h)) }

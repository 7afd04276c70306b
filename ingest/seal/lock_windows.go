package seal

import (
	"errors"

	"golang.org/x/sys/windows"
)

// lockFile waits for a lock on the file.
func lockFile(path string, m mode) (release func() error, err error) {
	file, err := windows.Open(path, windows.O_CREAT|windows.O_RDWR|windows.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	var flags uint32
	if m == alone {
		flags = windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	if err := windows.LockFileEx(file, flags, 0, 1, 0, new(windows.Overlapped)); err != nil {
		return nil, errors.Join(err, windows.CloseHandle(file))
	}
	return func() error { return windows.CloseHandle(file) }, nil
}

package torture

import (
	"fmt"
	"os"
	"syscall"
)

// attributes gives a child a group of its own, so that an interrupt of the terminal
// reaches only us, and ends it when we die.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

const (
	signalPause  = syscall.SIGSTOP
	signalResume = syscall.SIGCONT
)

// mountDisk puts a file system of so many bytes on a folder, which needs root.
func mountDisk(dir string, size int64) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, fmt.Sprintf("size=%d", size)); err != nil {
		return &os.PathError{Op: "mount a small file system on", Path: dir, Err: err}
	}
	return nil
}

// resizeDisk changes its size; what is there already stays.
func resizeDisk(dir string, size int64) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_NOSUID|syscall.MS_NODEV, fmt.Sprintf("size=%d", size)); err != nil {
		return &os.PathError{Op: "resize the file system on", Path: dir, Err: err}
	}
	return nil
}

func unmountDisk(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }

// usedBytes tells how much of the file system on dir is taken.
func usedBytes(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(s.Blocks-s.Bfree) * s.Bsize, nil
}

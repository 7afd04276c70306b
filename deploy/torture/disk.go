package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// disk is a file system of its own for the data of one role, so that it can be full
// without filling anybody else's.
type disk struct {
	dir string
}

const (
	diskBytes = 4 << 30 // it takes memory only for what is on it
	// leftBytes is what a full disk has left: some writes still succeed.
	leftBytes = 64 << 10
	// A disk fills from roomBytes free at 400 MB a second, faster than most others
	// would fill it, but not within an instant.
	roomBytes = 512 << 20
	fillBytes = 16 << 20
	fillEvery = 40 * time.Millisecond
)

// diskFor gives the folder for a role's data, on a disk of its own if that can be had.
func (p *platform) diskFor(role string) (string, error) {
	dir := filepath.Join(p.dir, role)
	if err := os.Mkdir(dir, 0o750); err != nil {
		return "", err
	}
	if p.diskless() == nil {
		d := &disk{dir: dir}
		if err := mountDisk(dir, diskBytes); err != nil {
			return "", err
		}
		p.disks[role] = d
	}
	return dir, nil
}

// diskless says why there cannot be a full disk; nil if there can.
func (p *platform) diskless() error {
	probe := filepath.Join(p.dir, "probe")
	if err := os.MkdirAll(probe, 0o750); err != nil {
		return err
	}
	defer os.Remove(probe)
	if err := mountDisk(probe, 1<<20); err != nil {
		return err
	}
	return unmountDisk(probe)
}

// fill takes what is free until next to nothing is left.
func (d *disk) fill(ctx context.Context) error {
	for left := int64(roomBytes); ctx.Err() == nil; left -= fillBytes {
		used, err := usedBytes(d.dir)
		if err != nil {
			return err
		}
		// What is written between the two calls may leave less room than there is data.
		err = resizeDisk(d.dir, used+max(left, leftBytes))
		if err == nil && left <= leftBytes {
			return nil
		}
		if err != nil && !errors.Is(err, syscall.EINVAL) {
			return err
		}
		sleep(ctx, fillEvery)
	}
	return ctx.Err()
}

func (d *disk) empty() error { return resizeDisk(d.dir, diskBytes) }

func (d *disk) unmount() error {
	if err := unmountDisk(d.dir); err != nil {
		return fmt.Errorf("unmount %s: %w", d.dir, err)
	}
	return nil
}

// keep copies what is on the disk to a folder beside it, which outlives the disk.
func (d *disk) keep() error { return os.CopyFS(d.dir+"-kept", os.DirFS(d.dir)) }

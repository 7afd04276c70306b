package torture

import (
	"fmt"
	"os"
	"path/filepath"
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

// fill leaves next to nothing free.
func (d *disk) fill() error {
	used, err := usedBytes(d.dir)
	if err != nil {
		return err
	}
	return resizeDisk(d.dir, used+leftBytes)
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

package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	dirMode  = 0o700
	openBits = 0o077 // group and others
	// maxFile bounds what is read of a key file; the longest is a few hundred bytes.
	maxFile    = 4096
	tempPrefix = ".new-"
	// staleAfter is far more than writing a key takes, so no running process loses its file.
	staleAfter = time.Hour
)

// privateDir makes the directory if it is missing and refuses one that others can enter.
func privateDir(dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return fmt.Errorf("make key directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("inspect key directory: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("key directory %s is not a directory", dir)
	}
	if info.Mode().Perm()&openBits != 0 {
		return fmt.Errorf("key directory %s is open to group or others (mode %04o): run chmod 700 on it, and replace the keys if someone may have read them",
			dir, info.Mode().Perm())
	}
	return nil
}

// obtain reads the file, or makes it from fresh when it is missing. Of several processes that
// do so at once exactly one makes the file and all read that one. When it returns, the file
// survives a power cut.
func obtain(path string, fresh func() ([]byte, error)) ([]byte, os.FileInfo, error) {
	data, info, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path, fresh); err != nil {
			return nil, nil, err
		}
		data, info, err = readPrivate(path)
	}
	if err != nil {
		return nil, nil, err
	}
	// Also when another process made the file: it may not have come to this line yet, and
	// nothing may be encrypted under a key that a power cut can take away.
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, nil, err
	}
	return data, info, nil
}

// readPrivate reads a key file. The mode is taken from the open file, so the file that is
// checked is the one that is read.
func readPrivate(path string) (data []byte, info os.FileInfo, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open key file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()

	if info, err = f.Stat(); err != nil {
		return nil, nil, fmt.Errorf("inspect key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("key file %s is not a regular file", path)
	}
	if info.Mode().Perm()&openBits != 0 {
		return nil, nil, fmt.Errorf("key file %s is open to group or others (mode %04o): run chmod 600 on it, and replace the key if someone may have read it",
			path, info.Mode().Perm())
	}
	if data, err = io.ReadAll(io.LimitReader(f, maxFile+1)); err != nil {
		return nil, nil, fmt.Errorf("read key file: %w", err)
	}
	if len(data) > maxFile {
		return nil, nil, fmt.Errorf("key file %s is damaged: longer than %d bytes", path, maxFile)
	}
	return data, info, nil
}

// create writes the file under a temporary name and links it to its place. A link, unlike a
// rename, fails when the place is taken: the first process wins, and a crash leaves a whole
// file or none. Losing the race is no error.
func create(path string, fresh func() ([]byte, error)) (err error) {
	data, err := fresh()
	if err != nil {
		return fmt.Errorf("make key %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix+"*") // mode 0600
	if err != nil {
		return fmt.Errorf("create key file: %w", err)
	}
	// The temporary name must go: it is a second link to the key.
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()

	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err = os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("put key file in place (the file system must know hard links): %w", err)
	}
	return nil
}

// removeStaleTemps removes what a crash between link and remove left behind. Such a name may
// be a second link to a key that is to be destroyed one day.
func removeStaleTemps(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list key directory: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), tempPrefix) {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its process has just removed it
		}
		if err != nil {
			return fmt.Errorf("inspect temporary key file: %w", err)
		}
		if time.Since(info.ModTime()) < staleAfter {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove stale temporary key file: %w", err)
		}
	}
	return nil
}

// eraseTemps erases every temporary file of a directory. Nobody else may be writing there.
func eraseTemps(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list temporary key files: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), tempPrefix) {
			continue
		}
		if err := erase(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// erase blanks the file and removes it. Blanking reaches every hard link of the file; on media
// that write elsewhere (flash, copy-on-write) the old block may live on for a while.
func erase(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("inspect key file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another process is erasing it too
	}
	if err != nil {
		return fmt.Errorf("open key file to erase it: %w", err)
	}
	_, err = f.Write(make([]byte, info.Size()))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("blank key file: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove key file: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in the directory survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open key directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync key directory: %w", err)
	}
	return nil
}

package engine

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

var (
	// ErrUnsupportedPlatform says that there is no engine library for this
	// operating system or processor.
	ErrUnsupportedPlatform = fmt.Errorf("the embedded engine exists for linux/amd64 only, this is %s/%s: give the address of a ClickHouse server instead", runtime.GOOS, runtime.GOARCH)

	// ErrNoLibrary says that the engine library is not installed.
	ErrNoLibrary = errors.New("the engine library libchdb.so is not installed: run `make engine`, or name the file, or give the address of a ClickHouse server instead")
)

const libraryName = "libchdb.so"

// inRepository is where `make engine` puts the library, seen from the root of
// the repository.
var inRepository = filepath.Join("deploy", "embedded", "engine", "lib", "node_modules", "@chdb", "lib-linux-x64-gnu", libraryName)

// Locate finds the engine library. A path that is given is taken as it is.
// Without one these places are searched, in this order: the folder of the
// executable, its lib subfolder, then the repository that the executable or the
// working directory lies in (a parent folder whose go.mod names this module).
// Errors: ErrUnsupportedPlatform, ErrNoLibrary.
func Locate(path string) (string, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", ErrUnsupportedPlatform
	}
	if path != "" {
		if !isFile(path) {
			return "", fmt.Errorf("%w (looked for %s)", ErrNoLibrary, path)
		}
		return filepath.Abs(path)
	}
	for _, candidate := range candidates() {
		if isFile(candidate) {
			return candidate, nil
		}
	}
	return "", ErrNoLibrary
}

func candidates() []string {
	var found []string
	var starts []string
	if executable, err := os.Executable(); err == nil {
		if resolved, err := filepath.EvalSymlinks(executable); err == nil {
			executable = resolved
		}
		dir := filepath.Dir(executable)
		found = append(found, filepath.Join(dir, libraryName), filepath.Join(dir, "lib", libraryName))
		starts = append(starts, dir)
	}
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	for _, start := range starts {
		if root, ok := repositoryRoot(start); ok {
			found = append(found, filepath.Join(root, inRepository))
		}
	}
	return found
}

// repositoryRoot walks up to the folder of this module. A library is only ever
// loaded from our own repository, never from whatever lies above a working
// directory.
func repositoryRoot(dir string) (string, bool) {
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module atvsld\n")) {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

package engine

import (
	"fmt"

	"github.com/ebitengine/purego"
)

// loadLibrary maps the shared library into the process, where it stays: the
// engine inside it cannot be unloaded. Its signal handlers are switched off
// before anything else runs, or a nil dereference that Go code recovers from
// hangs the whole process.
func loadLibrary(path string) (lib *library, err error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load the engine library: %w", err)
	}
	// RegisterLibFunc panics when a symbol is missing, as in an older library.
	defer func() {
		if r := recover(); r != nil {
			lib, err = nil, fmt.Errorf("%s is not libchdb %s: %v", path, LibraryVersion, r)
		}
	}()
	lib = &library{path: path}
	for name, function := range lib.symbols() {
		purego.RegisterLibFunc(function, handle, name)
	}
	lib.setSignalHandlersEnabled(0)
	return lib, nil
}

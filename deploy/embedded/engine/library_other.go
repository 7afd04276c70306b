//go:build !(linux && amd64)

package engine

func loadLibrary(string) (*library, error) {
	return nil, ErrUnsupportedPlatform
}

//go:build !linux

package engine

func freeBytes(string) (int64, error) { return 0, ErrUnsupportedPlatform }

package report

import (
	"strconv"
	"strings"
)

// escapePointer writes a name as a segment of an RFC 6901 pointer.
var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

func pointerMember(at, name string) string { return at + "/" + escapePointer.Replace(name) }

func pointerIndex(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// segments splits a pointer.
func segments(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i, p := range parts {
		if strings.Contains(p, "~") {
			parts[i] = unescapePointer.Replace(p)
		}
	}
	return parts
}

// below tells whether pointer is at or below top.
func below(pointer, top string) bool {
	return strings.HasPrefix(pointer, top) && (len(pointer) == len(top) || pointer[len(top)] == '/')
}

// rowOf returns the index in the outermost list around a pointer and the rest
// of the pointer as a column.
func rowOf(parts []string) (row *int, column string) {
	for i, p := range parts {
		if !digits(p) || p == "" {
			continue
		}
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, ""
		}
		return &n, strings.Join(parts[i+1:], "/")
	}
	return nil, ""
}

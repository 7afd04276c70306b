package receipt

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
)

// Prefixes keep leaves and nodes apart (RFC 6962 section 2.1): without them an inner node
// could be passed off as a leaf.
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
	// maxPath is the longest path of a tree that fits a statement.
	maxPath = 32
)

// Node is a hash of the tree, in JSON 43 characters of base64url.
type Node [32]byte

// MarshalText returns the hash in base64url without padding.
func (n Node) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, n[:]), nil
}

// UnmarshalText reads a hash in base64url without padding, and nothing that merely decodes to
// the same bytes.
func (n *Node) UnmarshalText(text []byte) error {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(n)) {
		return fmt.Errorf("hash has %d characters, want %d", len(text), base64.RawURLEncoding.EncodedLen(len(n)))
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("read hash: %w", err)
	}
	if len(raw) != len(n) { // the decoder skips line breaks
		return errors.New("read hash: line break")
	}
	copy(n[:], raw)
	return nil
}

func leafHash(claims []byte) Node {
	input := make([]byte, 0, 1+len(claims))
	return sha256.Sum256(append(append(input, leafPrefix), claims...))
}

func nodeHash(left, right Node) Node {
	var input [1 + 2*sha256.Size]byte
	input[0] = nodePrefix
	copy(input[1:], left[:])
	copy(input[1+len(left):], right[:])
	return sha256.Sum256(input[:])
}

// tree holds all levels, leaves first. A node without a sibling moves up unchanged, which
// gives the tree of RFC 6962.
type tree [][]Node

func newTree(leaves []Node) tree {
	t := tree{leaves}
	for level := leaves; len(level) > 1; {
		above := make([]Node, 0, (len(level)+1)/2)
		for pair := range slices.Chunk(level, 2) {
			if len(pair) == 1 {
				above = append(above, pair[0])
				continue
			}
			above = append(above, nodeHash(pair[0], pair[1]))
		}
		t, level = append(t, above), above
	}
	return t
}

func (t tree) root() Node { return t[len(t)-1][0] }

// path returns the siblings from the leaf to the root; never nil, so that it is [] in JSON.
func (t tree) path(index int) []Node {
	path := make([]Node, 0, len(t)-1)
	for _, level := range t[:len(t)-1] {
		if sibling := index ^ 1; sibling < len(level) {
			path = append(path, level[sibling])
		}
		index /= 2
	}
	return path
}

// fold computes the root from a leaf and its path (RFC 9162 section 2.1.3.2). Index and size
// fix on which side every sibling stands and how many there are.
func fold(leaf Node, index, size uint64, path []Node) (Node, error) {
	if index >= size {
		return Node{}, errors.New("index lies outside the tree")
	}
	at, last, hash := index, size-1, leaf
	for _, sibling := range path {
		if last == 0 {
			return Node{}, errors.New("path is too long")
		}
		if at&1 == 1 || at == last {
			hash = nodeHash(sibling, hash)
			// A right edge node without sibling moves up unchanged.
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			hash = nodeHash(hash, sibling)
		}
		at, last = at>>1, last>>1
	}
	if last != 0 {
		return Node{}, errors.New("path is too short")
	}
	return hash, nil
}

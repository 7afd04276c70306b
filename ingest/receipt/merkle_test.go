package receipt

import (
	"encoding/hex"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Leaves and roots of the reference Merkle tree tests of Certificate Transparency
// (google/certificate-transparency, merkletree tests; transparency-dev/merkle keeps them).
var (
	referenceLeaves = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	referenceRoots  = []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func TestTreeIsThatOfCertificateTransparency(t *testing.T) {
	var leaves []Node
	for i, text := range referenceLeaves {
		data, err := hex.DecodeString(text)
		require.NoError(t, err)
		leaves = append(leaves, leafHash(data))
		root := newTree(leaves).root()
		require.Equal(t, referenceRoots[i], hex.EncodeToString(root[:]))
	}
}

// recursiveRoot is the definition in RFC 6962 section 2.1, written as it stands there.
func recursiveRoot(leaves []Node) Node {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return nodeHash(recursiveRoot(leaves[:k]), recursiveRoot(leaves[k:]))
}

func distinctLeaves(n int) []Node {
	leaves := make([]Node, n)
	for i := range leaves {
		leaves[i] = leafHash([]byte{byte(i), byte(i >> 8)})
	}
	return leaves
}

func TestEveryLeafOfEverySizeFoldsToTheRootAtItsPlaceOnly(t *testing.T) {
	for size := 1; size <= 300; size++ {
		leaves := distinctLeaves(size)
		tree := newTree(leaves)
		root := tree.root()
		require.Equal(t, recursiveRoot(leaves), root, "size %d", size)
		for i, leaf := range leaves {
			got, err := fold(leaf, uint64(i), uint64(size), tree.path(i))
			if err != nil || got != root {
				t.Fatalf("leaf %d of %d: %x, %v", i, size, got, err)
			}
		}
	}
	// All pairs of leaf and index are many, so fewer sizes.
	for _, size := range []int{1, 2, 3, 5, 7, 8, 9, 31, 33, 64, 65} {
		leaves := distinctLeaves(size)
		tree := newTree(leaves)
		for i, leaf := range leaves {
			for index := range uint64(size + 2) {
				got, err := fold(leaf, index, uint64(size), tree.path(i))
				if ok := err == nil && got == tree.root(); ok != (index == uint64(i)) {
					t.Fatalf("leaf %d of %d at index %d: accepted %v", i, size, index, ok)
				}
			}
		}
	}
}

func TestFoldRefusesEveryOtherProof(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 300).Draw(t, "size")
		index := rapid.IntRange(0, size-1).Draw(t, "index")
		leaves := distinctLeaves(size)
		tree := newTree(leaves)
		path := tree.path(index)
		refused := func(what string, leaf Node, index, size uint64, path []Node) {
			if got, err := fold(leaf, index, size, path); err == nil && got == tree.root() {
				t.Fatalf("accepted: %s", what)
			}
		}
		at, all := uint64(index), uint64(size)
		other := leafHash([]byte("another report"))
		refused("other leaf", other, at, all, path)
		refused("longer path", leaves[index], at, all, append(slices.Clone(path), other))
		refused("path begins earlier", leaves[index], at, all, append([]Node{other}, path...))
		refused("outside", leaves[index], at+all, all, path)
		refused("empty tree", leaves[index], at, 0, path)
		if len(path) == 0 {
			return
		}
		refused("shorter path", leaves[index], at, all, path[:len(path)-1])
		refused("path without leaf's sibling", leaves[index], at, all, path[1:])
		place := rapid.IntRange(0, len(path)-1).Draw(t, "place")
		changed := slices.Clone(path)
		changed[place][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		refused("changed path", leaves[index], at, all, changed)
	})
}

// Without different prefixes for leaves and nodes, the text left‖right would be a leaf of the
// tree one level up.
func TestNodeIsNoLeaf(t *testing.T) {
	leaves := distinctLeaves(4)
	tree := newTree(leaves)
	inner := tree[1][0]
	text := append(slices.Clone(leaves[0][:]), leaves[1][:]...)
	require.NotEqual(t, inner, leafHash(text))
	require.NotEqual(t, inner, leafHash(append([]byte{nodePrefix}, text...)))

	// The inner node as a leaf of a smaller tree with the same root: the signed size forbids it.
	path := tree.path(0)[1:]
	got, err := fold(inner, 0, 2, path)
	require.NoError(t, err)
	require.Equal(t, tree.root(), got, "so the size must be signed")
	_, err = fold(inner, 0, 4, path)
	require.ErrorContains(t, err, "path is too short")
}

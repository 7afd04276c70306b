package store

import (
	"iter"

	"github.com/google/uuid"
)

// oneAccident groups ids that are of one accident: live declarations with the id that they
// quote, and all that a live finding names.
func oneAccident(quotes iter.Seq2[uuid.UUID, uuid.UUID], findings iter.Seq[Finding]) union[uuid.UUID] {
	groups := union[uuid.UUID]{}
	for declaration, quoted := range quotes {
		groups.join(declaration, quoted)
	}
	for f := range findings {
		for _, id := range f.Declarations {
			groups.join(f.Declarations[0], id)
		}
	}
	return groups
}

// union is a union-find. What was never joined is a group of its own.
type union[T comparable] map[T]T

func (u union[T]) root(x T) T {
	for {
		up, ok := u[x]
		if !ok || up == x {
			return x
		}
		if above, ok := u[up]; ok {
			u[x] = above // long chains are gone through once
		}
		x = up
	}
}

func (u union[T]) join(a, b T) {
	a, b = u.root(a), u.root(b)
	if a != b {
		u[a] = b
	}
}

// groups returns the members of every group of several.
func (u union[T]) groups() map[T][]T {
	members := map[T][]T{}
	for x := range u {
		root := u.root(x)
		if members[root] == nil {
			members[root] = []T{root}
		}
		members[root] = append(members[root], x)
	}
	return members
}

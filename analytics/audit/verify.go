package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Place says where something is wrong.
type Place struct {
	// Line of the export, 0 for none.
	Line int
	// Chain and Number of the entry; the zero id for none.
	Chain  uuid.UUID
	Number uint64
}

// String writes what is known of the place.
func (p Place) String() string {
	switch {
	case p.Chain == uuid.Nil && p.Line == 0:
		return "export"
	case p.Chain == uuid.Nil:
		return fmt.Sprintf("line %d", p.Line)
	case p.Line == 0:
		return fmt.Sprintf("chain %s entry %d", p.Chain, p.Number)
	}
	return fmt.Sprintf("line %d: chain %s entry %d", p.Line, p.Chain, p.Number)
}

// Problem is one thing that is wrong.
type Problem struct {
	Place
	Text string
}

// String is the problem on one line.
func (p Problem) String() string { return p.Place.String() + ": " + p.Text }

// Verifier checks a whole audit log: give it every entry, chain by chain, and ask for the
// result. It keeps 32 bytes for each entry.
type Verifier struct {
	keys     Keys
	read     uint64
	chains   map[uuid.UUID]*seen
	current  *seen
	named    []naming
	problems []Problem
}

// seen is what is known of a chain.
type seen struct {
	id     uuid.UUID
	hashes []Hash // by number, from 1 on; of a number that is missing zeros
	number uint64
	hash   Hash
	at     time.Time
	over   bool
}

// naming is an entry of another chain that an entry, or the caller, says was there.
type naming struct {
	by   Place
	head Head
}

// NewVerifier makes a verifier. earlier are heads that were seen before and must still be there.
func NewVerifier(keys Keys, earlier []Head) *Verifier {
	v := &Verifier{keys: keys, chains: map[uuid.UUID]*seen{}}
	for _, head := range earlier {
		v.named = append(v.named, naming{head: head})
	}
	return v
}

// maxProblems is how many problems are kept: of a log that was changed everywhere the first
// ones say enough.
const maxProblems = 10_000

func (v *Verifier) wrong(at Place, text string) {
	if len(v.problems) < maxProblems {
		v.problems = append(v.problems, Problem{at, text})
	}
}

// Add takes the next entry.
func (v *Verifier) Add(s *Signed) { v.add(s, 0) }

func (v *Verifier) add(s *Signed, line int) {
	v.read++
	e := &s.Entry
	at := Place{line, e.Chain, e.Number}
	if err := s.check(v.keys); err != nil {
		v.wrong(at, err.Error())
	}
	c := v.chainOf(e.Chain, at)
	v.follow(c, s, at)
	for _, head := range e.Heads {
		v.named = append(v.named, naming{at, head})
	}
	c.take(s)
}

// chainOf finds the chain; the entries of one stand together.
func (v *Verifier) chainOf(id uuid.UUID, at Place) *seen {
	if v.current != nil && v.current.id == id {
		return v.current
	}
	c, known := v.chains[id]
	if known {
		v.wrong(at, "its chain came before another one: the order was changed")
	} else {
		c = &seen{id: id}
		v.chains[id] = c
	}
	v.current = c
	return c
}

// follow checks an entry against the one before it.
func (v *Verifier) follow(c *seen, s *Signed, at Place) {
	e := &s.Entry
	switch {
	case e.Number == c.number+1 && s.Previous != c.hash:
		v.wrong(at, "it does not follow the entry before it: one of them was changed, or two processes wrote the same chain")
	case e.Number == c.number+1:
	case e.Number == 0:
		v.wrong(at, "no entry has the number 0")
	case e.Number > c.number+1:
		v.wrong(at, fmt.Sprintf("entries %d to %d are missing", c.number+1, e.Number-1))
	case c.has(e.Number) == s.Hash:
		v.wrong(at, "it is there twice")
	case c.has(e.Number) == Hash{}:
		v.wrong(at, "it comes behind later ones: the order was changed")
	default:
		v.wrong(at, "another entry has its number: the chain was forked by a second writer, or an entry was put in")
	}
	if (e.Kind == First) != (e.Number == 1) {
		v.wrong(at, "the first entry of a chain, and no other, is its beginning")
	}
	if c.over {
		v.wrong(at, "it stands behind the end of its chain")
	}
	if e.At.Before(c.at) {
		v.wrong(at, "it is older than the entry before it")
	}
}

// maxGap bounds what a number that was made up can make the verifier keep.
const maxGap = 1 << 16

func (c *seen) take(s *Signed) {
	e := &s.Entry
	if e.Number > c.number {
		c.number, c.hash, c.at, c.over = e.Number, s.Hash, e.At, e.Kind == Last
	}
	if e.Number == 0 || e.Number > uint64(len(c.hashes))+maxGap {
		return // it is wrong already
	}
	for uint64(len(c.hashes)) < e.Number {
		c.hashes = append(c.hashes, Hash{})
	}
	if c.hashes[e.Number-1] == (Hash{}) {
		c.hashes[e.Number-1] = s.Hash
	}
}

// has returns the hash of an entry, zeros if it was not seen.
func (c *seen) has(number uint64) Hash {
	if number == 0 || number > uint64(len(c.hashes)) {
		return Hash{}
	}
	return c.hashes[number-1]
}

// Result is what a verification found.
type Result struct {
	Entries  uint64
	Chains   int
	Problems []Problem
	// Open are chains without an end: their process runs, was killed, or their end was taken
	// away since chains were named last.
	Open []Head
	// Heads are the newest entries of all chains, to be kept and given to the next verification.
	Heads []Head
}

// Result checks what chains say of each other, and what was seen earlier. It is asked for last.
func (v *Verifier) Result() Result {
	for _, n := range v.named {
		v.checkNaming(n)
	}
	v.named = nil
	r := Result{Entries: v.read, Chains: len(v.chains), Problems: v.problems}
	for _, c := range slices.SortedFunc(maps.Values(v.chains), func(a, b *seen) int { return slices.Compare(a.id[:], b.id[:]) }) {
		head := Head{c.id, c.number, c.hash}
		r.Heads = append(r.Heads, head)
		if !c.over {
			r.Open = append(r.Open, head)
		}
	}
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return r
}

func (v *Verifier) checkNaming(n naming) {
	at, says := n.by, "was named there"
	if at == (Place{}) {
		at, says = Place{Chain: n.head.Chain, Number: n.head.Number}, "was seen earlier"
	}
	what := fmt.Sprintf("entry %d of chain %s", n.head.Number, n.head.Chain)
	c := v.chains[n.head.Chain]
	switch {
	case c == nil:
		v.wrong(at, fmt.Sprintf("%s %s, and the whole chain is gone", what, says))
	case c.has(n.head.Number) == Hash{}:
		v.wrong(at, fmt.Sprintf("%s %s, and is gone", what, says))
	case c.has(n.head.Number) != n.head.Hash:
		v.wrong(at, fmt.Sprintf("%s %s with another hash: the chain was written anew", what, says))
	}
}

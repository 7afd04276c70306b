package receipt

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
)

// rounds are the signatures of SignShared. While one is being made, everybody who comes
// shares the next.
type rounds struct {
	mu      sync.Mutex
	next    *round
	running bool
}

// round is one signature.
type round struct {
	leaves []Node
	done   chan struct{}

	tree tree
	jws  string
	err  error
}

// SignShared signs the receipt of somebody who files alone. Those who ask while another
// signature is being made share one: signing is most of what a receipt costs, and under
// load many are due at once.
//
// Nobody learns of the others: beside the leaf of each stands one of random bytes, so
// what a filer sees of another's claims is a hash that no guess can be compared with.
func (s *Signer) SignShared(claims Receipt) (Signed, error) {
	usual, leaf, err := claims.leaf()
	if err != nil {
		return Signed{}, fmt.Errorf("sign the receipt of report %s: %w", claims.ReportID, err)
	}
	r, place := s.join(leaf)
	<-r.done
	if r.err != nil {
		return Signed{}, r.err
	}
	index := place * len(r.tree[0]) / len(r.leaves)
	return Signed{Receipt: usual, Proof: Proof{JWS: r.jws, Index: uint64(index), Path: r.tree.path(index)}}, nil
}

// join puts a leaf into the next round.
func (s *Signer) join(leaf Node) (r *round, place int) {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	if s.shared.next == nil {
		s.shared.next = &round{done: make(chan struct{})}
	}
	r = s.shared.next
	r.leaves = append(r.leaves, leaf)
	if !s.shared.running {
		s.shared.running = true
		go s.runRounds()
	}
	return r, len(r.leaves) - 1
}

// runRounds signs until nobody waits.
func (s *Signer) runRounds() {
	for {
		// A batch of the log is acknowledged to many at once: those who can run come
		// first, so that they share this signature. Where nobody can it costs nothing.
		runtime.Gosched()
		s.shared.mu.Lock()
		r := s.shared.next
		s.shared.next = nil
		s.shared.running = r != nil
		s.shared.mu.Unlock()
		if r == nil {
			return
		}
		r.tree = newTree(blinded(r.leaves))
		r.jws, r.err = s.signTree(r.tree)
		close(r.done)
	}
}

// blinded puts random bytes beside each leaf; one alone needs none.
func blinded(leaves []Node) []Node {
	if len(leaves) == 1 {
		return leaves
	}
	all := make([]Node, 2*len(leaves))
	random := make([]byte, len(Node{})*len(leaves))
	_, _ = rand.Read(random) // never fails: it would end the program
	for i, leaf := range leaves {
		all[2*i] = leaf
		copy(all[2*i+1][:], random[i*len(Node{}):])
	}
	return all
}

package audit

import (
	"crypto/ed25519"
	"maps"
	"time"

	"github.com/google/uuid"
)

// chain is the state of the chain that a process writes.
type chain struct {
	id    uuid.UUID
	key   ed25519.PrivateKey
	keyID string

	number uint64
	hash   Hash
	at     time.Time
	// since counts the entries since other chains were named.
	since int
	named map[uuid.UUID]uint64
	over  bool
}

// seal numbers, links and signs entries, and returns the chain as it is behind them.
func (c chain) seal(entries []Entry) (chain, []Signed, error) {
	c.named = maps.Clone(c.named)
	sealed := make([]Signed, len(entries))
	for i, e := range entries {
		// The clock may go back, the log does not.
		if now := time.Now().UTC().Truncate(time.Millisecond); now.After(c.at) {
			c.at = now
		}
		c.number++
		e.tidy()
		e.Chain, e.Number, e.At, e.Key = c.id, c.number, c.at, c.keyID
		var err error
		if sealed[i], err = seal(e, c.hash, c.key); err != nil {
			return c, nil, err
		}
		c.hash = sealed[i].Hash
		c.note(&e)
	}
	return c, sealed, nil
}

func (c *chain) note(e *Entry) {
	c.since++
	c.over = e.Kind == Last
	if e.Kind != First && e.Kind != Checkpoint {
		return
	}
	c.since, c.named = 0, map[uuid.UUID]uint64{}
	for _, head := range e.Heads {
		c.named[head.Chain] = head.Number
	}
}

// grown tells whether a head lies behind the one that this chain named last.
func (c *chain) grown(heads []Head) bool {
	for _, head := range heads {
		if head.Number > c.named[head.Chain] {
			return true
		}
	}
	return false
}

package forward

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// stuckAfter is how long a partition may be in trouble before the forwarder calls
// itself unhealthy.
const stuckAfter = 30 * time.Second

// health knows since when the messages of a partition could not be decided or answered.
type health struct {
	mu      sync.Mutex
	failing map[partition]time.Time
}

type partition struct {
	topic string
	id    int
}

func (c Cause) partition() partition { return partition{c.Topic, c.Partition} }

func (h *health) fail(p partition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failing == nil {
		h.failing = make(map[partition]time.Time)
	}
	if _, already := h.failing[p]; !already {
		h.failing[p] = time.Now()
	}
}

func (h *health) well(p partition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.failing, p)
}

// forgetOthers forgets what another member of the group has from now on.
func (h *health) forgetOthers(mine map[string][]kafka.PartitionAssignment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.failing {
		if !slices.ContainsFunc(mine[p.topic], func(a kafka.PartitionAssignment) bool { return a.ID == p.id }) {
			delete(h.failing, p)
		}
	}
}

// Check returns an error when a partition of this forwarder has been waiting for long.
func (f *Forwarder) Check() error {
	f.health.mu.Lock()
	defer f.health.mu.Unlock()
	for p, since := range f.health.failing {
		if time.Since(since) > stuckAfter {
			return fmt.Errorf("%s, partition %d: nothing could be forwarded since %s", p.topic, p.id, since.Format(time.RFC3339))
		}
	}
	return nil
}

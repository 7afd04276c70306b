package forward

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"atvsld/ingest/intake"
	"atvsld/ingest/queue"
)

// Config says whom a forwarder serves and how patient it is.
type Config struct {
	Brokers     queue.Brokers
	Integrators []string
	// Unlimited are those of them that file for everybody: systems of the state itself,
	// which the operator trusts. All others file for units that granted it to them.
	Unlimited []string
	// Partitions is the number of partitions of every inbox.
	Partitions int
	// MaxMessages and MaxAge close a batch, whichever comes first.
	MaxMessages int
	MaxAge      time.Duration
	// Patience is how long a revision waits for the one before it, which another
	// forwarder may have filed and the store may not show yet, and how long a fault of
	// the platform is tried again before it is answered; it runs from when the message
	// first met either. Meanwhile its partition waits.
	Patience time.Duration
	// Demonstration: the store holds made-up data. Every outcome says so.
	Demonstration bool
}

// Default gives batches of 200 messages and a patience of 30 s.
func Default() Config {
	return Config{MaxMessages: 200, MaxAge: 20 * time.Millisecond, Patience: 30 * time.Second}
}

// Validate reports everything that is wrong at once.
func (c Config) Validate() error {
	errs := []error{CheckIntegrators(c.Integrators)}
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("forwarder: "+format, args...))
		}
	}
	check(c.Brokers.Given(), "no broker address")
	check(len(c.Integrators) > 0, "no integrator")
	for _, id := range c.Unlimited {
		check(slices.Contains(c.Integrators, id), "%q files for everybody, but is no integrator", id)
	}
	check(c.Partitions > 0, "partitions is %d, must be positive", c.Partitions)
	check(c.MaxMessages > 0 && c.MaxMessages <= intake.MaxChunk, "max messages is %d, must be from 1 to %d", c.MaxMessages, intake.MaxChunk)
	check(c.MaxAge > 0 && c.Patience > 0, "max age %s and patience %s must be positive", c.MaxAge, c.Patience)
	return errors.Join(errs...)
}

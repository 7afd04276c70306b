// Package torture runs the platform as its roles run in service, each a process of its
// own with a bad network between every two, files reports under load, does to it what
// machines, networks and operators do, and then counts: every receipt must be in the
// store, every place of the log exactly once, and every figure what was filed.
//
// Which faults there are, when, where, how long, and what is filed follow from a seed
// alone. What does not is the machine: how far a process has come when it is killed
// after so many milliseconds differs from run to run, and so does how much is filed
// meanwhile. A seed repeats a campaign, not an instruction.
package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"atvsld/ingest/fault"
)

// Cluster is a number of brokers that are killed and come back; see deploy/local.
type Cluster interface {
	Addrs() []string
	// Kill and Restart take the number of a broker, from 1.
	Kill(id int) error
	Restart(ctx context.Context, id int) error
}

// Config says what is tortured, and how.
type Config struct {
	// Faults is how many there are, Seed what they and the reports follow from.
	Faults int
	Seed   uint64
	// PerRound is after how many faults everything heals, drains and is counted.
	PerRound int
	// Binary is the program, built with the tag "torture" (see ingest/fault).
	Binary string
	// EngineLibrary is the path of libchdb.so.
	EngineLibrary string
	// Dir is where a folder for the campaign is made; empty takes that for temporary files.
	Dir string
	// Filers file at once, each with a pause of up to twice Pace after a report.
	Filers int
	Pace   time.Duration
	// Flaw is a mistake that the sinks make on purpose; empty for none.
	Flaw fault.Flaw
	// Aim restricts the faults to those that show the flaw.
	Aim bool
	// Kafka are the brokers; nil takes the embedded one, as a role of its own.
	Kafka Cluster
	// Discard removes the folder of the campaign whatever was found.
	Discard bool
	// Out gets a line for every fault and the findings.
	Out io.Writer
}

// Default is a short campaign. Binary is left for the caller.
func Default() Config {
	return Config{Faults: 20, Seed: 1, PerRound: 10, Filers: 6, Pace: 10 * time.Millisecond, Out: os.Stdout}
}

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("torture: "+format, args...))
		}
	}
	check(c.Faults > 0, "%d faults, at least one is needed", c.Faults)
	check(c.PerRound > 0, "%d faults a round, at least one is needed", c.PerRound)
	check(c.Filers > 0, "%d filers, at least one is needed", c.Filers)
	check(c.Pace >= 0, "a pause of %s", c.Pace)
	check(c.Binary != "", "no program is given")
	check(c.Out != nil, "nowhere to write to")
	check(!c.Aim || c.Flaw != "", "an aim needs a flaw")
	return errors.Join(errs...)
}

const (
	partitions = 4
	gateways   = 2
	sinks      = 2
	// retention is longer than any campaign.
	retention = 24 * time.Hour
)

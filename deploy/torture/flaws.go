package torture

import (
	"context"
	"fmt"

	"atvsld/ingest/fault"
)

// aimedFaults are enough to show any flaw: each of them does.
const aimedFaults = 4

// Flaws runs a campaign on sinks with each of the known mistakes, aimed at it, and
// returns an error unless every single one was found out: something lost or double, or
// a sink that says that it had to heal a loss.
func Flaws(ctx context.Context, c Config) error {
	missed := 0
	for _, flaw := range fault.Flaws() {
		c.Flaw, c.Aim, c.Faults, c.PerRound, c.Discard = flaw, true, aimedFaults, aimedFaults, true
		result, err := Run(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", flaw, err)
		}
		word := "caught"
		if !result.FoundOut() {
			word = "NOT caught"
			missed++
		}
		_, _ = fmt.Fprintf(c.Out, "flaw %s with seed %d: %s by %s, %d alarms\n\n", flaw, c.Seed, word, result.Summary(), result.Alarms)
	}
	if missed > 0 {
		return fmt.Errorf("%d flaws were not caught", missed)
	}
	return nil
}

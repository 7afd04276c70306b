package demo

import (
	"context"
	"fmt"

	"atvsld/ingest/report"
	"atvsld/seeds"
	"atvsld/seeds/demo/count"
)

// Expected generates a configuration and counts what was filed, from the JSON
// alone, by a counter that knows nothing of the generator. It keeps every report
// in memory: it is for sets of test size.
func Expected(ctx context.Context, c Config) (count.Totals, error) {
	counter := count.New(seeds.Default())
	for s, err := range Generate(ctx, c) {
		if err != nil {
			return nil, err
		}
		decoded, form, err := report.Decode(s.Raw)
		if err != nil {
			return nil, fmt.Errorf("demonstration data: %w", err)
		}
		if len(form) > 0 {
			return nil, fmt.Errorf("demonstration data: %s at %s", form[0].Code, form[0].Pointer)
		}
		if err := counter.Add(decoded); err != nil {
			return nil, fmt.Errorf("demonstration data: %w", err)
		}
	}
	return counter.Totals(), nil
}

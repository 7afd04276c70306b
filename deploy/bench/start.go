package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// measureStart measures from the start of the process to the first answer 200 of /readyz,
// which for demonstration data means loaded, stored and closed.
func (b *bench) measureStart(ctx context.Context) ([]Phase, error) {
	p := Phase{ID: "start", Title: "start to ready"}
	var first, again []time.Duration
	for i := range b.Starts {
		at, err := b.place(ctx, fmt.Sprintf("start%d", i))
		if err != nil {
			return []Phase{p}, err
		}
		for _, times := range []*[]time.Duration{&first, &again} {
			ready, _, err := b.startOnce(ctx, at, "--demo-load=false")
			if err != nil {
				return []Phase{p}, err
			}
			*times = append(*times, ready)
		}
	}
	p.spread("empty", "on an empty folder", spreadOf(first))
	p.spread("again", "on the same folder again", spreadOf(again))
	err := b.measureDemonstration(ctx, &p)
	return []Phase{p}, err
}

func (b *bench) measureDemonstration(ctx context.Context, p *Phase) error {
	at, err := b.place(ctx, "demonstration")
	if err != nil {
		return err
	}
	size := []string{"--demo-establishments", strconv.Itoa(b.Establishments)}
	ready, m, err := b.startOnce(ctx, at, size...)
	if err != nil {
		return err
	}
	p.number("demonstration", "with the demonstration data, loaded over HTTP", ready.Seconds(), "s")
	p.number("demonstration_rss_peak", "its peak of memory", float64(m.peak)/mib, "MiB")
	if ready, m, err = b.startOnce(ctx, at, size...); err != nil {
		return err
	}
	p.number("demonstration_again", "with the demonstration data there", ready.Seconds(), "s")
	p.number("demonstration_again_rss", "its memory", float64(m.resident)/mib, "MiB")
	return nil
}

func (b *bench) startOnce(ctx context.Context, at *place, args ...string) (time.Duration, usage, error) {
	server, ready, err := b.serve(ctx, "run", at.dir, b.runArguments(at, args...)...)
	if err != nil {
		return 0, usage{}, err
	}
	used := usageOf(server.pid())
	return ready, used, server.stop()
}

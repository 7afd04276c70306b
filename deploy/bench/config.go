package bench

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"atvsld/ingest/queue"
)

// Config says what is measured and on what.
type Config struct {
	// Executable is the program under load; Version is what it calls itself.
	Executable, Version string
	// EngineLibrary is the path of libchdb.so; empty lets the program find it.
	EngineLibrary string
	// Data is an existing folder in which a folder for the run is made; empty takes the
	// system's folder for temporary files.
	Data string
	// Keep leaves the data and logs of the run.
	Keep bool

	// Only names the parts that are measured, of Parts; all when it is empty.
	Only []string
	// Duration is how long each phase of load lasts.
	Duration time.Duration
	// Starts is how often start-to-ready is measured.
	Starts int
	// Establishments is the size of the demonstration data; 0 is the program's default.
	Establishments int
	// Connections is the number of filers at once in the phase of single submissions.
	Connections int
	// Streams are the numbers of batches sent at once, one measurement each.
	Streams []int
	// Backlog is the number of reports in the log that the sink finds.
	Backlog int
	// Long, when it is not 0, is the length of a log whose drain is all that is measured.
	Long int
	// Rates are the steady rates, in reports a second, at which accept to visible is measured.
	Rates []int
	// Sizes are the numbers of stored reports at which attainment is measured.
	Sizes []int
	// Requests bounds how often each question on figures is asked.
	Requests int

	// ClickHouse and Brokers are measured instead of the embedded engines when given.
	// Databases are made and dropped there; the log must hold no reports.
	ClickHouse string
	Brokers    []string

	// Out gets the table, Log the progress.
	Out io.Writer
	Log *slog.Logger
}

// Parts are what can be measured apart, in this order.
var Parts = []string{"start", "filing", "drain", "visible", "figures"}

// Default returns what `make bench` measures.
func Default() Config {
	return Config{
		Duration: 10 * time.Second, Starts: 3, Connections: 64, Streams: []int{1, 4}, Backlog: 400_000,
		Rates: []int{200, 2000}, Sizes: []int{1_000_000, 20_000_000}, Requests: 200,
		Out: io.Discard, Log: slog.Default(),
	}
}

// Quick returns a run of about a minute: enough to see that something broke, too short
// to quote.
func Quick() Config {
	c := Default()
	c.Duration, c.Starts, c.Backlog, c.Sizes, c.Requests = 2*time.Second, 1, 40_000, []int{100_000}, 20
	return c
}

// Bounds of Config.
const (
	minSize = 1000
	maxSize = 200_000_000
	maxLong = 80_000_000 // tax codes that the bench can make up
)

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("bench: "+format, args...))
		}
	}
	check(c.Executable != "", "the program to measure is not given")
	check(c.Duration >= 100*time.Millisecond && c.Duration <= time.Hour, "duration %s is not from 100ms to 1h", c.Duration)
	check(c.Starts >= 1 && c.Starts <= 100, "%d starts, want 1 to 100", c.Starts)
	check(c.Establishments >= 0, "%d establishments", c.Establishments)
	check(c.Connections >= 1 && c.Connections <= 10_000, "%d connections, want 1 to 10000", c.Connections)
	check(c.Backlog >= minSize && c.Backlog <= 10_000_000, "backlog %d is not from %d to 10000000", c.Backlog, minSize)
	for _, part := range c.Only {
		check(slices.Contains(Parts, part), "no part %q: there are %s", part, strings.Join(Parts, ", "))
	}
	check(c.Long == 0 || c.Long >= minSize && c.Long <= maxLong, "a log of %d reports is not from %d to %d", c.Long, minSize, maxLong)
	check(c.Requests >= 1, "%d requests for each question, want at least 1", c.Requests)
	for _, n := range c.Streams {
		check(n >= 1 && n <= 64, "%d streams, want 1 to 64", n)
	}
	for _, n := range c.Rates {
		check(n >= 1 && n <= 20_000, "rate %d is not from 1 to 20000 a second", n)
	}
	for _, n := range c.Sizes {
		check(n >= minSize && n <= maxSize, "size %d is not from %d to %d stored reports", n, minSize, maxSize)
	}
	if c.ClickHouse != "" {
		if _, err := clickhouse.ParseDSN(c.ClickHouse); err != nil {
			errs = append(errs, fmt.Errorf("bench: ClickHouse address: %w", err))
		}
	}
	if len(c.Brokers) > 0 {
		if err := queue.CheckBrokers(c.Brokers); err != nil {
			errs = append(errs, fmt.Errorf("bench: %w", err))
		}
	}
	check(c.Out != nil && c.Log != nil, "no place for the output")
	return errors.Join(errs...)
}

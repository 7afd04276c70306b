package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	"atvsld/deploy/bench"
)

// benchCommand measures this very program. Addresses are taken from flags only: what the
// environment names may be in service.
func benchCommand() *cli.Command {
	var (
		c, usual       = bench.Default(), bench.Default()
		duration       time.Duration
		quick          bool
		sizes          []int
		jsonFile, data string
	)
	return &cli.Command{
		Name:  "bench",
		Usage: "measure this program: filing, storing, figures; on data of its own, which it removes",
		Flags: []cli.Flag{
			&cli.IntSliceFlag{Name: "sizes", Value: usual.Sizes, Usage: "numbers of stored reports at which figures are measured", Destination: &sizes},
			&cli.DurationFlag{Name: "duration", Value: usual.Duration, Usage: "length of each phase of load", Destination: &duration},
			&cli.IntFlag{Name: "drain", Usage: "measure only how the sink stores a log of so many short reports: rate and memory for each million", Destination: &c.Long},
			&cli.StringSliceFlag{Name: "only", Usage: "measure only these parts: " + strings.Join(bench.Parts, ", "), Destination: &c.Only},
			&cli.BoolFlag{Name: "quick", Usage: "a run of about a minute: to see that it works, not to quote", Destination: &quick},
			&cli.StringFlag{Name: "data", Usage: "existing folder to work in, on the disk that is to be measured (default: that for temporary files)", Destination: &data},
			&cli.BoolFlag{Name: "keep", Usage: "keep data and logs", Destination: &c.Keep},
			&cli.StringFlag{Name: "json", Usage: "write the figures to this file as well", Destination: &jsonFile},
			&cli.StringFlag{Name: "clickhouse", Usage: "measure with this ClickHouse; databases are made and dropped there", Destination: &c.ClickHouse},
			&cli.StringSliceFlag{Name: "brokers", Usage: "measure with these Kafka brokers; they must hold no reports, and their topics are deleted", Destination: &c.Brokers},
			&cli.StringFlag{Name: "engine-library", Usage: "path of libchdb.so (default: where make engine puts it)", Destination: &c.EngineLibrary, Sources: env("engine-library")},
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return fmt.Errorf("bench takes no arguments, got %q", cmd.Args().First())
			}
			if quick {
				q := bench.Quick()
				c.Duration, c.Starts, c.Backlog, c.Sizes, c.Requests = q.Duration, q.Starts, q.Backlog, q.Sizes, q.Requests
			}
			if cmd.IsSet("duration") {
				c.Duration = duration
			}
			if cmd.IsSet("sizes") {
				c.Sizes = sizes
			}
			executable, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			c.Executable, c.Version, c.Data = executable, "atvsld "+version(), data
			c.Out, c.Log = cmd.Root().Writer, slog.New(slog.NewTextHandler(os.Stderr, nil))
			result, err := bench.Run(ctx, c)
			if jsonFile == "" {
				return err
			}
			return errors.Join(err, writeJSON(jsonFile, result))
		},
	}
}

func writeJSON(path string, v any) error {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

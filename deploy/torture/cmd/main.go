// Command cmd runs a campaign of package torture: make torture.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"atvsld/deploy/embedded/engine"
	"atvsld/deploy/local"
	"atvsld/deploy/torture"
	"atvsld/ingest/fault"
)

func main() {
	run := campaign
	if torture.IsBroker() {
		run = torture.ServeBroker
	}
	err := run()
	if err != nil && !errors.Is(err, errSaid) {
		fmt.Fprintln(os.Stderr, "torture:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}

func campaign() error {
	c := torture.Default()
	seed := flag.String("seed", "", "seed of the campaign; empty draws one")
	flag.IntVar(&c.Faults, "n", c.Faults, "number of faults")
	flag.IntVar(&c.PerRound, "round", c.PerRound, "after so many faults everything heals and is counted")
	flag.IntVar(&c.Filers, "filers", c.Filers, "filers at once")
	flag.DurationVar(&c.Pace, "pace", c.Pace, "mean pause of a filer after a report")
	flag.StringVar(&c.Binary, "binary", "bin/atvsld-torture", "the program, built with -tags torture")
	flag.StringVar(&c.Dir, "dir", "", "where the folder of the campaign is made")
	flag.StringVar((*string)(&c.Flaw), "flaw", "", fmt.Sprintf("mistake that the sinks make: %v", fault.Flaws()))
	flag.BoolVar(&c.Aim, "aim", false, "only faults that show the flaw")
	brokers := flag.Int("kafka", 0, "brokers of Apache Kafka, 1 or 3, in place of the embedded one")
	flaws := flag.Bool("flaws", false, "show that every known mistake is caught")
	flag.Parse()
	var err error
	if c.Seed, err = readSeed(*seed); err != nil {
		return err
	}
	if c.EngineLibrary, err = engine.Locate(""); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *brokers > 0 {
		stop, err := startKafka(ctx, *brokers, &c)
		if err != nil {
			return err
		}
		defer stop()
	}
	if *flaws {
		return torture.Flaws(ctx, c)
	}
	result, err := torture.Run(ctx, c)
	if err == nil && !result.Clean() {
		err = errNotClean
	}
	// The summary is the last line, whatever there is to say.
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
	}
	fmt.Println(result.Summary())
	if err != nil {
		return errSaid
	}
	return nil
}

var (
	// errNotClean says no more than the findings above do.
	errNotClean = errors.New("not clean, see above")
	// errSaid ends the program with an error that is told already.
	errSaid = errors.New("told")
)

// startKafka starts Apache Kafka and makes it the brokers of the campaign.
func startKafka(ctx context.Context, brokers int, c *torture.Config) (stop func(), err error) {
	dir, err := os.MkdirTemp(c.Dir, "atvsld-kafka-")
	if err != nil {
		return nil, err
	}
	kafka, err := local.Start(ctx, dir, brokers)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	c.Kafka = kafka
	return func() {
		if err := errors.Join(kafka.Close(), os.RemoveAll(dir)); err != nil {
			fmt.Fprintln(os.Stderr, "torture:", err)
		}
	}, nil
}

func readSeed(text string) (uint64, error) {
	if text == "" {
		return rand.Uint64N(1_000_000_000), nil
	}
	return strconv.ParseUint(text, 10, 64)
}

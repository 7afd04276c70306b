// Package bench measures the real program as its users meet it: it starts the executable
// in processes of their own, on folders of their own, files reports over HTTP and asks for
// figures over HTTP. It ends by itself and removes what it made.
//
// Client and server run on the same cores, so every rate is that of both together.
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/analytics/store"
	"atvsld/ingest/queue"
)

// What the program's own defaults are.
const (
	partitions = 4
	retention  = 30 * 24 * time.Hour
)

// bench is one run.
type bench struct {
	Config
	dir      string
	machine  Machine
	launched int
	programs []*program
	places   []*place
}

// Run measures everything in c, writes the table to c.Out and returns it. What was
// measured before an error or the end of ctx is written and returned, too.
func Run(ctx context.Context, c Config) (result Result, err error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	b := &bench{Config: c}
	if b.dir, err = os.MkdirTemp(c.Data, "atvsld-bench-"); err != nil {
		return Result{}, fmt.Errorf("bench: make a folder: %w", err)
	}
	b.machine = machine(c, b.dir)
	defer func() {
		err = errors.Join(err, b.clean(context.WithoutCancel(ctx)))
		result.Machine = b.machine
		if len(result.Phases) > 0 {
			err = errors.Join(err, result.write(c.Out))
		}
	}()
	if err := b.checkBrokers(ctx); err != nil {
		return Result{}, err
	}
	for _, measure := range b.phases() {
		start := time.Now()
		phases, err := measure(ctx)
		result.Phases = append(result.Phases, phases...)
		if err != nil {
			return result, fmt.Errorf("bench: %w", err)
		}
		c.Log.Info("measured", "phase", phases[0].ID, "took", time.Since(start).Round(100*time.Millisecond))
	}
	return result, nil
}

func (b *bench) phases() []func(context.Context) ([]Phase, error) {
	if b.Long > 0 {
		return []func(context.Context) ([]Phase, error){b.measureLong}
	}
	var all []func(context.Context) ([]Phase, error)
	add := func(name string, measure func(context.Context) ([]Phase, error)) {
		if len(b.Only) == 0 || slices.Contains(b.Only, name) {
			all = append(all, measure)
		}
	}
	add("start", b.measureStart)
	add("filing", b.measureFiling)
	for _, l := range backlogs {
		add("drain", func(ctx context.Context) ([]Phase, error) { return b.measureDrain(ctx, l) })
	}
	add("visible", b.measureVisible)
	for _, size := range b.Sizes {
		add("figures", func(ctx context.Context) ([]Phase, error) { return b.measureFigures(ctx, size) })
	}
	return all
}

// place is where the data of one server are: a folder, and a database when ClickHouse is
// not ours.
type place struct {
	dir, dsn, database string
}

// place makes a new, empty one.
func (b *bench) place(ctx context.Context, name string) (*place, error) {
	at := &place{dir: filepath.Join(b.dir, name)}
	if err := os.MkdirAll(at.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if b.ClickHouse == "" {
		return at, nil
	}
	at.database = "atvsld_bench_" + uuid.New().String()[:8]
	if err := b.onServer(ctx, "CREATE DATABASE "+at.database); err != nil {
		return nil, err
	}
	b.places = append(b.places, at)
	var err error
	at.dsn, err = inDatabase(b.ClickHouse, at.database)
	return at, err
}

// runArguments are the arguments of `run` at a place.
func (b *bench) runArguments(at *place, more ...string) []string {
	args := more
	if at.dsn != "" {
		args = append(args, "--clickhouse", at.dsn)
	}
	for _, broker := range b.Brokers {
		args = append(args, "--brokers", broker)
	}
	return args
}

// openStore connects to the store of a place, which holds made-up reports only.
func openStore(ctx context.Context, dsn string) (*store.Store, store.Info, error) {
	c := store.Default()
	// Freezing a year of millions of reports is one insert.
	c.DSN, c.InsertTimeout, c.QueryTimeout = dsn, 30*time.Minute, 10*time.Minute
	s, err := store.Open(ctx, c)
	if err != nil {
		return nil, store.Info{}, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, store.Info{}, errors.Join(err, s.Close())
	}
	info, err := s.Init(ctx, true)
	if err != nil {
		return nil, store.Info{}, errors.Join(err, s.Close())
	}
	return s, info, nil
}

// clean stops what runs and removes what was made.
func (b *bench) clean(ctx context.Context) error {
	errs := []error{stopAll(b.programs...)}
	if b.Keep {
		b.Log.Info("data and logs are kept", "folder", b.dir)
		return errors.Join(errs...)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, at := range b.places {
		errs = append(errs, b.forget(ctx, at))
	}
	if len(b.Brokers) > 0 {
		errs = append(errs, deleteTopics(ctx, b.Brokers))
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

// forget removes a place. Its server has stopped.
func (b *bench) forget(ctx context.Context, at *place) error {
	err := os.RemoveAll(at.dir)
	if at.database != "" {
		err = errors.Join(err, b.onServer(ctx, "DROP DATABASE IF EXISTS "+at.database+" SYNC"))
	}
	return err
}

// onServer runs a statement on the given ClickHouse.
func (b *bench) onServer(ctx context.Context, statement string) error {
	conn, err := connect(b.ClickHouse)
	if err != nil {
		return err
	}
	return errors.Join(conn.Exec(ctx, statement), conn.Close())
}

// checkBrokers refuses a log with reports in it: what the bench files would be carried
// into somebody's store, and its topics are deleted at the end.
func (b *bench) checkBrokers(ctx context.Context) error {
	if len(b.Brokers) == 0 {
		return nil
	}
	if err := queue.EnsureTopics(ctx, queue.At(b.Brokers...), queue.Topics(partitions, retention), 1); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	ends, err := queue.Ends(ctx, queue.At(b.Brokers...), partitions)
	if err != nil {
		b.Brokers = nil // nothing of it is ours
		return fmt.Errorf("bench: %w", err)
	}
	for _, end := range ends {
		if end > 0 {
			b.Brokers = nil
			return errors.New("bench: the log holds reports: give brokers that nobody uses")
		}
	}
	return nil
}

func deleteTopics(ctx context.Context, brokers []string) error {
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(brokers...), Timeout: 10 * time.Second, Transport: transport}
	topics, err := client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: []string{queue.ReportsTopic, queue.RejectedTopic}})
	if err != nil {
		return fmt.Errorf("delete the topics: %w", err)
	}
	var errs []error
	for name, err := range topics.Errors {
		if err != nil {
			errs = append(errs, fmt.Errorf("delete topic %s: %w", name, err))
		}
	}
	// Its offsets belong to the deleted log.
	if _, err := client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{queue.SinkGroup, plainGroup}}); err != nil {
		errs = append(errs, fmt.Errorf("delete the groups: %w", err))
	}
	return errors.Join(errs...)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/ingest/retention"
)

// startRetention looks once a day for personal data whose time is over, until close.
func (p *platform) startRetention(ctx context.Context) error {
	mode := retention.Mode(p.settings.Expired)
	if mode == retention.Off {
		return nil
	}
	if err := p.openAudit(); err != nil { // here: the job runs beside what else opens it
		return err
	}
	job := p.retentionJob()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		job.Daily(ctx, mode)
	}()
	p.onClose("retention", func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return nil
}

func (p *platform) retentionJob() *retention.Job {
	return &retention.Job{Keys: p.keys, Store: p.store, Seeds: p.seeds, Log: p.log.With("part", "retention"), Clock: time.Now, Act: p.act}
}

// retentionCommand ends the retention of personal data by hand, and tells what was erased.
func retentionCommand() *cli.Command {
	return &cli.Command{
		Name: "retention", Usage: "personal data whose retention is over: destroy their keys, and report what was erased",
		Commands: []*cli.Command{retentionRunCommand(), retentionReportCommand()},
	}
}

// ending is a run of the job by hand.
type ending struct {
	settings   *settings
	dryRun     bool
	by, reason string
}

func retentionRunCommand() *cli.Command {
	e := &ending{settings: &settings{}}
	flags := e.settings.flags("data", "keys", "clickhouse", "reference-data", "demonstration", "engine-listen", "engine-library")
	return &cli.Command{
		Name: "run", Usage: "destroy the keys whose retention is over, but none whose period has no source, and record every erasure",
		Flags: append(flags,
			&cli.BoolFlag{Name: "dry-run", Usage: "destroy nothing, only list", Destination: &e.dryRun},
			&cli.StringFlag{Name: "by", Usage: "name of who decides it", Destination: &e.by},
			&cli.StringFlag{Name: "reason", Usage: "why, for the record", Destination: &e.reason},
		),
		Action: func(ctx context.Context, c *cli.Command) error { return e.run(ctx, c.Root().Writer) },
	}
}

func (e *ending) run(ctx context.Context, out io.Writer) error {
	mode := retention.Report
	if !e.dryRun {
		mode = retention.Enforce
		if err := retention.CheckDecision(e.by, e.reason); err != nil {
			return err
		}
	}
	return e.settings.withStoreAndKeys(ctx, func(ctx context.Context, p *platform) error {
		done, err := p.retentionJob().Run(ctx, mode, e.by, e.reason)
		return errors.Join(err, printOutcome(out, done))
	})
}

// withStoreAndKeys opens both without serving anything, and closes them. It makes up neither:
// new ones have nothing of what is asked for.
func (s *settings) withStoreAndKeys(ctx context.Context, do func(ctx context.Context, p *platform) error) (err error) {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	if err := s.haveKeys(); err != nil {
		return err
	}
	if s.ClickHouse == "" {
		if _, err := os.Stat(filepath.Join(s.Data, "clickhouse")); err != nil {
			return fmt.Errorf("--data: %w", err)
		}
	}
	reference, err := s.reference()
	if err != nil {
		return err
	}
	p, err := newPlatform(s, reference, s.logger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close(ctx)) }()
	if err := p.openStoreAndKeys(ctx); err != nil {
		return err
	}
	return do(ctx, p)
}

// haveKeys refuses a folder that holds no keys, which seal.Open would fill with new ones.
func (s *settings) haveKeys() error {
	if _, err := os.Stat(filepath.Join(s.keysDir(), "master")); err != nil {
		return fmt.Errorf("no keys here, see --keys and --data: %w", err)
	}
	return nil
}

func printOutcome(out io.Writer, done retention.Outcome) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	for _, k := range done.Due {
		why := "retention over"
		if k.Unverified {
			why = "retention over, but the period has no source: never destroyed by itself"
		}
		line("due\t%s\tkept until the end of %d\t%s\t%s", k.Slot, k.LastYear, counted(k.Reports), why)
	}
	for _, k := range done.Destroyed {
		line("destroyed\t%s\tkept until the end of %d\t%s\t", k.Slot, k.LastYear, counted(k.Reports))
	}
	for _, e := range done.Recorded {
		line("recorded\t%d %s\t%s\t%s\t%d persons", e.Year, e.Class, e.DestroyedAt.Format(time.DateOnly), counted(e.Reports), e.Persons)
	}
	if len(done.Due)+len(done.Destroyed)+len(done.Recorded) == 0 {
		line("no retention is over, and every erasure is on record")
	}
	return w.Flush()
}

// counted writes reports by kind: "accident_declaration 3, investigation 1".
func counted(reports map[string]uint64) string {
	if len(reports) == 0 {
		return "no reports"
	}
	parts := make([]string, 0, len(reports))
	for _, kind := range slices.Sorted(maps.Keys(reports)) {
		parts = append(parts, fmt.Sprintf("%s %d", kind, reports[kind]))
	}
	return strings.Join(parts, ", ")
}

// remote is a platform that runs.
type remote struct{ url, tokenFile, data string }

func (r *remote) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "url", Value: "http://127.0.0.1:8080", Usage: "address of the platform", Destination: &r.url},
		&cli.StringFlag{Name: "token-file", Usage: "file that holds the token (default DATA/keys/local-token)", Destination: &r.tokenFile, Sources: env("token-file")},
		&cli.StringFlag{Name: "data", Value: "data", Usage: "folder that holds everything of this machine", Destination: &r.data, Sources: env("data")},
	}
}

func (r *remote) client() (*letterClient, error) {
	if r.tokenFile == "" {
		r.tokenFile = filepath.Join(r.data, "keys", "local-token")
	}
	return newLetterClient(r.url, r.tokenFile)
}

func retentionReportCommand() *cli.Command {
	r := &remote{}
	return &cli.Command{
		Name: "report", Usage: "what was erased, as a running platform has it on record", Flags: r.flags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			client, err := r.client()
			if err != nil {
				return err
			}
			var list api.ErasureList
			if err := client.ask(ctx, http.MethodGet, client.url+"/v1/erasures", nil, &list); err != nil {
				return err
			}
			return printErasures(c.Root().Writer, list.Erasures)
		},
	}
}

func printErasures(out io.Writer, erased []api.Erasure) error {
	if len(erased) == 0 {
		_, err := fmt.Fprintln(out, "nothing was erased")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "year\tclass\tdestroyed\tby\treason\treports\tpersons")
	for _, e := range erased {
		reports := map[string]uint64{}
		for _, r := range e.Reports {
			reports[r.Kind] = r.Reports
		}
		class := e.Class
		if class == "" {
			class = "all"
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%d\n", e.Year, class, e.DestroyedAt.Format(time.DateOnly), e.By, e.Reason, counted(reports), e.Persons)
	}
	return w.Flush()
}

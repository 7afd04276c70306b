package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/api/identity"
	"atvsld/ingest/forward"
	"atvsld/ingest/intake"
	"atvsld/ingest/proof"
	"atvsld/ingest/queue"
	"atvsld/ingest/retention"
	"atvsld/ingest/sink"
	"atvsld/seeds"
)

// settings is what flags and environment say. Every flag --some-name can be
// given as ATVSLD_SOME_NAME; the flag wins.
type settings struct {
	Data          string
	Listen        string
	PublicURL     string
	Issuer        string
	MaxBacklog    int64
	MaxBacklogAge time.Duration
	Keys          string
	OIDCIssuers   []string
	OIDCAudience  string
	Brokers       []string
	Integrators   []string
	Unlimited     []string // integrators that need no grants
	BrokerListen  string
	ClickHouse    string
	ReferenceData string
	Boundaries34  string
	Boundaries63  string
	EngineListen  string
	EngineLibrary string
	EnginePass    string
	Partitions    int
	Replication   int
	Retention     time.Duration
	ProveEvery    time.Duration
	Expired       string
	Demonstration bool
	DemoLoad      bool
	DemoSeed      uint64
	DemoSize      int
	MaxDeadRun    int
	MaxDeadRatio  float64
	LogLevel      string
	LogFormat     string
	CheckConfig   bool
	transport     transport

	edgeSettings

	// insertTimeout is how long a command waits for a statement that writes; 0 is the store's own.
	insertTimeout time.Duration

	// needs names the flags without which the role cannot work: only run and the
	// roles broker and engine bring engines of their own.
	needs []string
	// offered names the flags that the role has.
	offered []string
}

// minRetention is the shortest time that the log may keep a report. The broker
// deletes by age alone, also what no sink has stored yet.
const minRetention = 24 * time.Hour

func env(name string) cli.ValueSourceChain {
	return cli.EnvVars("ATVSLD_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
}

// flags gives the flags of a role by name, so that a role offers only what it uses.
func (s *settings) flags(names ...string) []cli.Flag {
	text := func(name, value, usage string, dest *string) cli.Flag {
		return &cli.StringFlag{Name: name, Value: value, Usage: usage, Destination: dest, Sources: env(name)}
	}
	number := func(name string, value int, usage string, dest *int) cli.Flag {
		return &cli.IntFlag{Name: name, Value: value, Usage: usage, Destination: dest, Sources: env(name)}
	}
	usual := sink.DefaultLimits()
	all := []cli.Flag{
		text("data", "data", "folder that holds everything of this machine", &s.Data),
		text("listen", "127.0.0.1:8080", "address of the HTTP interface and the page", &s.Listen),
		text("reference-data", "", "folder with tables of reference data (CSV, named as in seeds/data) in place of the built-in ones", &s.ReferenceData),
		text("boundaries-34", "", "GeoJSON of the 34 provinces, for the map of the page (docs/BOUNDARIES.md); none shows tiles", &s.Boundaries34),
		text("boundaries-63", "", "the same of the former 63", &s.Boundaries63),
		text("public-url", "", "address under which filers reach this gateway, for the status_url of receipts; empty gives a path", &s.PublicURL),
		text("issuer", "atvsld", "name that signs the receipts", &s.Issuer),
		&cli.Int64Flag{Name: "max-backlog", Value: intake.DefaultBacklog(minRetention).MaxRecords, Usage: "reports in the log that no sink has stored, from which on filers are answered 503; twice as many end also the first declarations of events", Destination: &s.MaxBacklog, Sources: env("max-backlog")},
		&cli.DurationFlag{Name: "max-backlog-age", Usage: "the same by the age of the oldest of them; below the retention (default: half of it)", Destination: &s.MaxBacklogAge, Sources: env("max-backlog-age")},
		text("keys", "", "folder of the keys, shared by all gateways (default DATA/keys)", &s.Keys),
		&cli.StringSliceFlag{Name: "oidc-issuer", Usage: "address of an OpenID provider whose access tokens are accepted (https); may be repeated", Destination: &s.OIDCIssuers, Sources: env("oidc-issuer")},
		text("oidc-audience", identity.DefaultAudience, "audience that those tokens must be for", &s.OIDCAudience),
		&cli.StringSliceFlag{Name: "brokers", Usage: "Kafka brokers, host:port; empty starts the embedded broker", Destination: &s.Brokers, Sources: env("brokers")},
		&cli.StringSliceFlag{Name: "integrators", Usage: "ids of the integrators that file through Kafka; each has the topics atvsld.inbox.ID and atvsld.outcome.ID", Destination: &s.Integrators, Sources: env("integrators")},
		&cli.StringSliceFlag{Name: "integrators-unlimited", Usage: "ids of those of them that file for everybody, such as a ministry's own system; all others file for units that granted it to software:ID", Destination: &s.Unlimited, Sources: env("integrators-unlimited")},
		text("broker-listen", "127.0.0.1:0", "loopback address of the embedded broker; port 0 takes a free one", &s.BrokerListen),
		text("clickhouse", "", "ClickHouse address, clickhouse://user:password@host:9000/database or http(s)://…; empty starts the embedded engine", &s.ClickHouse),
		text("engine-listen", "127.0.0.1:0", "loopback address of the embedded engine; port 0 takes a free one", &s.EngineListen),
		text("engine-library", "", "path of libchdb.so (default: where make engine puts it)", &s.EngineLibrary),
		text("engine-password", "", "password of the embedded engine; empty makes another one at every start, which only this process knows", &s.EnginePass),
		number("partitions", 4, "partitions of the report topic; fixed for the life of a log", &s.Partitions),
		number("replication", 0, "replicas of each topic; 0 for three, or as many as there are brokers", &s.Replication),
		&cli.DurationFlag{Name: "retention", Value: 30 * 24 * time.Hour, Usage: "how long the log keeps a report, stored or not: longer than any outage of the store", Destination: &s.Retention, Sources: env("retention")},
		number("max-dead-run", usual.MaxRun, "so many dead letters in a row halt a partition", &s.MaxDeadRun),
		&cli.FloatFlag{Name: "max-dead-ratio", Value: usual.MaxRatio, Usage: "so large a share of dead letters halts a partition; 1 for never", Destination: &s.MaxDeadRatio, Sources: env("max-dead-ratio")},
		&cli.DurationFlag{Name: "prove-every", Value: proof.Default().Every, Usage: "time between two comparisons of log and store; 0 for never", Destination: &s.ProveEvery, Sources: env("prove-every")},
		text("personal-retention", string(retention.Report), "what is done once a day about personal data whose retention is over (seeds/data/retention.csv): enforce destroys their keys, which cannot be undone; report says so in the log; off", &s.Expired),
		&cli.BoolFlag{Name: "demonstration", Usage: "the store holds demonstration data (fixed for its life); run loads it", Destination: &s.Demonstration, Sources: env("demonstration")},
		&cli.BoolFlag{Name: "demo-load", Value: true, Usage: "with --demonstration: file the demonstration data and close their years", Destination: &s.DemoLoad, Sources: env("demo-load")},
		&cli.Uint64Flag{Name: "demo-seed", Value: 31, Usage: "seed of the demonstration data", Destination: &s.DemoSeed, Sources: env("demo-seed")},
		number("demo-establishments", 0, "establishments that report in the demonstration data; 0 is the default size", &s.DemoSize),
		text("log-level", "info", "debug, info, warn or error", &s.LogLevel),
		text("log-format", "text", "text or json", &s.LogFormat),
		&cli.BoolFlag{Name: "check-config", Usage: "check the configuration, start nothing", Destination: &s.CheckConfig},
	}
	all = append(all, s.transport.flags()...)
	all = append(all, s.edgeSettings.flags()...)
	names = append(names, "log-level", "log-format", "check-config")
	s.offered = names
	return slices.DeleteFunc(all, func(f cli.Flag) bool { return !slices.Contains(names, f.Names()[0]) })
}

// Validate returns everything that is wrong with what was given. What the role has
// no flag for is not looked at.
func (s *settings) Validate() error {
	errs := []error{s.fromFiles(), s.checkTransport()}
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	has := func(flag string) bool { return slices.Contains(s.offered, flag) }
	if slices.Contains(s.needs, "brokers") && len(s.Brokers) == 0 {
		bad("--brokers is needed")
	}
	if slices.Contains(s.needs, "clickhouse") && s.ClickHouse == "" {
		bad("--clickhouse is needed")
	}
	if slices.Contains(s.needs, "integrators") && len(s.Integrators) == 0 {
		bad("--integrators is needed")
	}
	if err := forward.CheckIntegrators(s.Integrators); err != nil {
		bad("--integrators: %w", err)
	}
	for _, id := range s.Unlimited {
		if !slices.Contains(s.Integrators, id) {
			bad("--integrators-unlimited: %q is none of --integrators", id)
		}
	}
	if s.Listen != "" {
		if _, _, err := net.SplitHostPort(s.Listen); err != nil {
			bad("--listen %q is not host:port", s.Listen)
		}
	}
	if reference, err := s.reference(); err != nil {
		bad("--reference-data: %w", err)
	} else if _, err := s.boundaries(reference); err != nil {
		errs = append(errs, err)
	}
	if s.PublicURL != "" && !strings.HasPrefix(s.PublicURL, "https://") && !strings.HasPrefix(s.PublicURL, "http://") {
		bad("--public-url %q is not an http(s) address", s.PublicURL)
	}
	if err := identity.CheckIssuers(s.OIDCIssuers); err != nil {
		bad("--oidc-issuer: %w", err)
	}
	if has("oidc-audience") && s.OIDCAudience == "" {
		bad("--oidc-audience is empty: a token for anybody else would be accepted")
	}
	if has("tls-cert") {
		if _, err := s.edges(); err != nil {
			errs = append(errs, err)
		}
	}
	if has("max-backlog") {
		if err := s.backlog().Validate(); err != nil {
			bad("--max-backlog, --max-backlog-age: %w", err)
		}
	}
	if len(s.Brokers) > 0 {
		if err := queue.CheckBrokers(s.Brokers); err != nil {
			bad("--brokers: %w", err)
		}
	}
	if has("partitions") && (s.Partitions < 1 || s.Partitions > 1024) {
		bad("--partitions %d is not from 1 to 1024", s.Partitions)
	}
	if has("replication") && (s.Replication < 0 || s.Replication > 9) {
		bad("--replication %d is not from 0 to 9", s.Replication)
	}
	if has("retention") && s.Retention < minRetention {
		bad("--retention %s is below %s: the log must outlast an outage of the store", s.Retention, minRetention)
	}
	if has("max-dead-run") {
		if err := s.limits().Validate(); err != nil {
			bad("--max-dead-run, --max-dead-ratio: %w", err)
		}
	}
	if has("prove-every") && s.ProveEvery != 0 && s.ProveEvery < time.Second {
		bad("--prove-every %s is below one second", s.ProveEvery)
	}
	if has("personal-retention") && !slices.Contains(retention.Modes(), retention.Mode(s.Expired)) {
		bad("--personal-retention %q is none of %v", s.Expired, retention.Modes())
	}
	if s.DemoSize < 0 {
		bad("--demo-establishments %d is negative", s.DemoSize)
	}
	if _, err := s.level(); err != nil {
		bad("--log-level: %w", err)
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		bad("--log-format %q is neither text nor json", s.LogFormat)
	}
	return errors.Join(errs...)
}

// limits are those of the dead letters.
func (s *settings) limits() sink.Limits {
	l := sink.DefaultLimits()
	l.MaxRun, l.MaxRatio = s.MaxDeadRun, s.MaxDeadRatio
	return l
}

func (s *settings) level() (slog.Level, error) {
	var l slog.Level
	err := l.UnmarshalText([]byte(s.LogLevel))
	return l, err
}

func (s *settings) logger() *slog.Logger {
	level, _ := s.level()
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

func (s *settings) keysDir() string {
	if s.Keys != "" {
		return s.Keys
	}
	return filepath.Join(s.Data, "keys")
}

// reference is the reference data that the role works with.
func (s *settings) reference() (*seeds.Data, error) {
	if s.ReferenceData == "" {
		return seeds.Default(), nil
	}
	return seeds.LoadOver(os.DirFS(s.ReferenceData))
}

// boundaries reads the boundaries of provinces that were supplied.
func (s *settings) boundaries(reference *seeds.Data) (map[seeds.ProvinceList][]byte, error) {
	all := map[seeds.ProvinceList][]byte{}
	var errs []error
	for list, name := range map[seeds.ProvinceList]string{seeds.List34: s.Boundaries34, seeds.List63: s.Boundaries63} {
		if name == "" {
			continue
		}
		data, err := readBoundaries(name, list, reference)
		if err != nil {
			errs = append(errs, fmt.Errorf("--boundaries-%s %s: %w", list, name, err))
		}
		all[list] = data
	}
	return all, errors.Join(errs...)
}

func readBoundaries(name string, list seeds.ProvinceList, reference *seeds.Data) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return api.ReadBoundaries(file, list, reference)
}

// role makes the subcommand of a role: its flags, those of them that must be
// given, and what it starts.
func role(name, usage string, flags, needs []string, start starter) *cli.Command {
	s := &settings{needs: needs}
	return &cli.Command{
		Name: name, Usage: usage, Flags: s.flags(flags...),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("%s takes no arguments, got %q", name, c.Args().First())
			}
			return s.run(ctx, c.Root().Writer, start)
		},
	}
}

// run validates, and then serves unless only the check was asked for.
func (s *settings) run(ctx context.Context, out io.Writer, start starter) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	if s.CheckConfig {
		_, err := fmt.Fprintln(out, "configuration is valid")
		return err
	}
	log := s.logger()
	warnOfCommandLine(log, os.Args)
	return serve(ctx, s, log, start)
}

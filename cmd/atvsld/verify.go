package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	"atvsld/analytics/store"
	"atvsld/api"
	"atvsld/ingest/proof"
)

// errDisagree is what verify ends with when something is wrong.
var errDisagree = errors.New("log and store do not agree")

// verification is what verify is asked for.
type verification struct {
	settings        *settings
	url, tokenFile  string
	partition       int
	from, to        int64
	figures, asJSON bool
	// repair is asked for with the decision that goes on record; repaired is what it came to.
	repair   bool
	decision api.DeadLetterDecision
	repaired *proof.Repaired
}

// verifyCommand compares log and store: those of a running platform over HTTP, or those
// at the given addresses or in the data folder of one that is stopped.
func verifyCommand() *cli.Command {
	v := &verification{settings: &settings{}}
	flags := v.settings.flags(flagNames([]string{"data", "keys", "brokers", "partitions", "retention", "clickhouse"},
		[]string{"broker-listen", "engine-listen", "engine-library"}, kafkaSecurityFlags, storeSecurityFlags)...)
	return &cli.Command{
		Name:  "verify",
		Usage: "compare log and store: what is missing, stored twice, in overlapping ranges, or drifts",
		Flags: append(flags,
			&cli.StringFlag{Name: "url", Usage: "address of a running platform, which then does it; its data folder is locked", Destination: &v.url},
			&cli.StringFlag{Name: "token-file", Usage: "with --url: file that holds the token (default DATA/keys/local-token)", Destination: &v.tokenFile, Sources: env("token-file")},
			&cli.IntFlag{Name: "partition", Value: -1, Usage: "partition of the log; -1 for all", Destination: &v.partition},
			&cli.Int64Flag{Name: "from", Value: -1, Usage: "first offset; -1 for the beginning", Destination: &v.from},
			&cli.Int64Flag{Name: "to", Value: -1, Usage: "last offset; -1 for the end", Destination: &v.to},
			&cli.BoolFlag{Name: "figures", Usage: "recompute every figure from report_log as well, in a database of its own", Destination: &v.figures},
			&cli.BoolFlag{Name: "repair", Usage: "first store the current rows of reports that drift again, from report_log; with --by and --reason", Destination: &v.repair},
			&cli.StringFlag{Name: "by", Usage: "with --repair: name of who decides it", Destination: &v.decision.By},
			&cli.StringFlag{Name: "reason", Usage: "with --repair: why, for the record", Destination: &v.decision.Reason},
			&cli.BoolFlag{Name: "json", Usage: "print everything as JSON", Destination: &v.asJSON},
		),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("verify takes no arguments, got %q", c.Args().First())
			}
			return v.run(ctx, c.Root().Writer)
		},
	}
}

func (v *verification) run(ctx context.Context, out io.Writer) error {
	if err := v.checkRepair(); err != nil {
		return err
	}
	var found proof.Report
	var err error
	switch {
	case v.url != "":
		found, err = v.ask(ctx)
	default:
		if err := v.where(); err != nil {
			return err
		}
		found, err = v.look(ctx, out)
	}
	if err != nil || v.settings.CheckConfig {
		return err
	}
	if err := v.print(out, found); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if !found.Totals.Clean() {
		return errDisagree
	}
	return nil
}

// where refuses to make up an engine: a new one has nothing of what is to be verified.
func (v *verification) where() error {
	s := v.settings
	if err := s.fromFiles(); err != nil {
		return err
	}
	if len(s.Brokers) > 0 && s.ClickHouse != "" {
		return nil
	}
	if len(s.Brokers) > 0 || s.ClickHouse != "" {
		return errors.New("--brokers and --clickhouse go together")
	}
	for _, folder := range []string{"kafka", "clickhouse"} {
		if _, err := os.Stat(filepath.Join(s.Data, folder)); err != nil {
			return fmt.Errorf("--data: %w", err)
		}
	}
	return nil
}

func (v *verification) request() proof.Request {
	r := proof.Request{Figures: v.figures}
	if v.partition >= 0 {
		r.Partition = &v.partition
	}
	if v.from >= 0 {
		r.From = &v.from
	}
	if v.to >= 0 {
		r.To = &v.to
	}
	return r
}

// look verifies what lies at the given addresses, or in the data folder.
func (v *verification) look(ctx context.Context, out io.Writer) (found proof.Report, err error) {
	err = v.settings.run(ctx, out, func(ctx context.Context, p *platform, failed func(error)) error {
		defer failed(nil)
		// In the order of run, so that the folder of one that runs is not touched.
		if err := p.startBroker(ctx); err != nil {
			return fmt.Errorf("%w; a platform that runs on this folder is asked with --url", err)
		}
		dsn, err := p.startEngine(ctx)
		if err != nil {
			return fmt.Errorf("%w; a platform that runs on this folder is asked with --url", err)
		}
		s, err := store.Open(ctx, p.settings.storeConfig(dsn))
		if err != nil {
			return err
		}
		p.store = s
		p.onClose("store", func(context.Context) error { return s.Close() })
		info, err := s.Info(ctx)
		if err != nil {
			return err
		}
		prover := proof.New(p.proofConfig(), s, info.Epoch, p.log)
		if err := v.repairHere(ctx, p, prover); err != nil {
			return err
		}
		found, err = prover.Verify(ctx, v.request())
		return err
	})
	return found, err
}

// ask lets a running platform verify itself, and repair before that.
func (v *verification) ask(ctx context.Context) (proof.Report, error) {
	if err := v.askRepair(ctx); err != nil {
		return proof.Report{}, err
	}
	request, err := v.httpRequest(ctx)
	if err != nil {
		return proof.Report{}, err
	}
	// Without a limit: recomputing figures takes as long as it takes.
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return proof.Report{}, fmt.Errorf("ask the platform: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return proof.Report{}, fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return proof.Report{}, fmt.Errorf("the platform answered %s: %.500s", response.Status, body)
	}
	var answer api.Proof
	if err := json.Unmarshal(body, &answer); err != nil {
		return proof.Report{}, fmt.Errorf("read the answer: %w", err)
	}
	return answer.Report, nil
}

// token is the file that holds it.
func (v *verification) token() string {
	if v.tokenFile != "" {
		return v.tokenFile
	}
	return filepath.Join(v.settings.keysDir(), "local-token")
}

func (v *verification) httpRequest(ctx context.Context) (*http.Request, error) {
	address, err := url.Parse(v.url)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return nil, fmt.Errorf("--url %q is not an http(s) address", v.url)
	}
	token, err := os.ReadFile(v.token())
	if err != nil {
		return nil, fmt.Errorf("--token-file: %w", err)
	}
	address = address.JoinPath("/v1/proof")
	address.RawQuery = url.Values{
		"partition": {strconv.Itoa(v.partition)}, "from": {strconv.FormatInt(v.from, 10)}, "to": {strconv.FormatInt(v.to, 10)},
		"figures": {strconv.FormatBool(v.figures)},
	}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask the platform: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	return request, nil
}

// verified is what --json prints.
type verified struct {
	proof.Report
	Repaired *proof.Repaired `json:"repaired,omitzero"`
}

func (v *verification) print(out io.Writer, found proof.Report) error {
	if v.asJSON {
		data, err := json.Marshal(verified{found, v.repaired}, json.Deterministic(true), jsontext.WithIndent("  "))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s\n", data)
		return err
	}
	if err := printRepair(out, v.repaired); err != nil {
		return err
	}
	return printProof(out, found)
}

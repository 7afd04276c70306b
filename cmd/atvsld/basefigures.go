package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/ingest/basefile"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// errImport: the file was not filed, or not all of it.
var errImport = errors.New("the file was not imported as a whole")

func importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "take over tables of printed figures and of provincial targets",
		Commands: []*cli.Command{importBaseFiguresCommand(), importTargetsCommand()},
	}
}

// baseImport is what the command is told.
type baseImport struct {
	url, tokenFile string
	dryRun         bool
	acknowledge    []string
}

func importBaseFiguresCommand() *cli.Command {
	var b baseImport
	return &cli.Command{
		Name: "base-figures", ArgsUsage: "FILE",
		Usage: "import printed statistics of years without reports from CSV (docs/BASE-FIGURES.md); the same file again changes nothing",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Value: "http://127.0.0.1:8080", Usage: "address of the platform", Destination: &b.url, Sources: env("url")},
			&cli.StringFlag{Name: "token-file", Value: "data/keys/local-token", Usage: "file that holds the token", Destination: &b.tokenFile, Sources: env("token-file")},
			&cli.BoolFlag{Name: "dry-run", Usage: "run every check, here and on the platform, and file nothing", Destination: &b.dryRun},
			&cli.StringSliceFlag{Name: "acknowledge", Usage: "codes of warnings that you have read, as in BAS-013", Destination: &b.acknowledge},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("import base-figures takes one file")
			}
			client, err := newLetterClient(b.url, b.tokenFile)
			if err != nil {
				return err
			}
			file, err := os.Open(c.Args().First())
			if err != nil {
				return err
			}
			defer file.Close()
			return b.run(ctx, client, file, c.Root().Writer)
		},
	}
}

// run checks the whole file before it files any of it: nothing is filed of a file that
// has an error.
func (b *baseImport) run(ctx context.Context, client *letterClient, file io.Reader, out io.Writer) error {
	submissions, found, err := basefile.Read(file)
	if err != nil {
		return err
	}
	found = append(found, basefile.Check(report.Context{Seeds: seeds.Default(), Now: time.Now()}, submissions, b.acknowledge)...)
	if err := printFindings(out, found); err != nil {
		return err
	}
	if blocking(found) {
		return errImport
	}
	failed := false
	for _, s := range submissions {
		if s, err = s.Acknowledge(b.acknowledge); err != nil {
			return err
		}
		answer, err := b.file(ctx, client, s)
		if err != nil {
			return err
		}
		failed = failed || answer.refused
		if _, err := fmt.Fprintf(out, "rows %d-%d: %s\n", s.Rows[0], s.Rows[len(s.Rows)-1], answer.text); err != nil {
			return err
		}
		if err := printFindings(out, answer.findings); err != nil {
			return err
		}
	}
	if failed {
		return errImport
	}
	return nil
}

func blocking(found []basefile.Finding) bool {
	for _, f := range found {
		if !f.Warning {
			return true
		}
	}
	return false
}

func printFindings(out io.Writer, found []basefile.Finding) error {
	if len(found) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROW\tCOLUMN\tCODE\t")
	for _, f := range found {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s / %s\n", f.Row, plain(f.Column), f.Code, plain(f.MessageVI), plain(f.Message))
	}
	return table.Flush()
}

// filed is what the platform answered to one report.
type filed struct {
	text     string
	refused  bool
	findings []basefile.Finding
}

func (b *baseImport) file(ctx context.Context, client *letterClient, s basefile.Submission) (filed, error) {
	address := client.url + "/v1/reports"
	if b.dryRun {
		address += "?dry_run=true"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(s.Raw))
	if err != nil {
		return filed{}, fmt.Errorf("file rows from %d: %w", s.Rows[0], err)
	}
	request.Header.Set("Authorization", "Bearer "+client.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.http.Do(request)
	if err != nil {
		return filed{}, fmt.Errorf("file rows from %d (is the platform running? --url says where): %w", s.Rows[0], err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return filed{}, fmt.Errorf("read the answer: %w", err)
	}
	return readFiled(response, data, s)
}

func readFiled(response *http.Response, data []byte, s basefile.Submission) (filed, error) {
	switch response.StatusCode {
	case http.StatusAccepted:
		var a api.Acceptance
		if err := json.Unmarshal(data, &a); err != nil {
			return filed{}, fmt.Errorf("read the answer: %w", err)
		}
		return filed{text: "filed as " + a.ReportID.String() + ", tracking number " + a.TrackingNumber}, nil
	case http.StatusOK:
		return filed{text: "checked, nothing was filed"}, nil
	}
	var problem api.Problem
	if err := json.Unmarshal(data, &problem); err != nil || len(problem.Errors) == 0 {
		return filed{}, errors.New(response.Status)
	}
	answer := filed{text: "refused: " + plain(response.Status), refused: true}
	for _, f := range problem.Errors {
		answer.findings = append(answer.findings, s.Place(f, f.Severity == report.Error || f.Acknowledge))
	}
	return answer, nil
}

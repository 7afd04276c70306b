package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/urfave/cli/v3"

	"atvsld/api"
	"atvsld/ingest/register"
	"atvsld/ingest/report"
)

// registerCommand files the register of expected reporters over HTTP, like any filer.
func registerCommand() *cli.Command {
	return &cli.Command{
		Name: "register", Usage: "keep the register of expected reporters of a platform that runs",
		Commands: []*cli.Command{registerImportCommand()},
	}
}

func registerImportCommand() *cli.Command {
	var address, tokenFile, province string
	var dryRun bool
	keeper := register.Keeper{}
	return &cli.Command{
		Name: "import", ArgsUsage: "FILE",
		Usage: "check a CSV file whole, and file it if nothing is wrong with it. Columns: " + strings.Join(register.Columns(), ", "),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Value: "http://127.0.0.1:8080", Usage: "address of the platform", Destination: &address, Sources: env("url")},
			&cli.StringFlag{Name: "token-file", Value: "data/keys/local-token", Usage: "file that holds the token", Destination: &tokenFile, Sources: env("token-file")},
			&cli.StringFlag{Name: "authority", Value: report.LabourAuthority, Usage: "branch of the authority that keeps the register: labour or health", Destination: &keeper.Authority},
			&cli.StringFlag{Name: "province", Usage: "its province as list:code, as in 34:01", Required: true, Destination: &province},
			&cli.StringFlag{Name: "keeper", Usage: "its name", Required: true, Destination: &keeper.Name},
			&cli.BoolFlag{Name: "dry-run", Usage: "check everything and file nothing", Destination: &dryRun},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("register import takes one file")
			}
			keeper.List, keeper.Province, _ = strings.Cut(province, ":")
			client, err := newLetterClient(address, tokenFile)
			if err != nil {
				return err
			}
			client.http.Timeout = 0 // a large register takes its time; the context ends it
			i := &registerImport{client: client, out: c.Root().Writer}
			return i.run(ctx, c.Args().First(), keeper, dryRun)
		},
	}
}

// registerImport is one file on its way.
type registerImport struct {
	client *letterClient
	out    io.Writer
	rows   []register.Row
}

func (i *registerImport) run(ctx context.Context, name string, keeper register.Keeper, dryRun bool) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the register: %w", err)
	}
	defer file.Close()
	rows, faults, err := register.Read(file, keeper)
	if err != nil {
		return err
	}
	i.rows = rows
	for _, f := range faults {
		i.tell(f.Line, f.Column, "", f.VI, f.EN)
	}
	wrong := len(faults)
	// Rows with a fault are left out, so that all that is wrong with the others shows, too.
	if len(rows) > 0 {
		refused, err := i.send(ctx, true)
		if err != nil {
			return err
		}
		wrong += refused.findings
	}
	switch {
	case wrong > 0:
		return fmt.Errorf("nothing was filed: %d findings", wrong)
	case len(rows) == 0:
		return errors.New("nothing was filed: the file has no rows")
	case dryRun:
		fmt.Fprintf(i.out, "%d entries would be filed\n", len(rows))
		return nil
	}
	filed, err := i.send(ctx, false)
	if err != nil {
		return err
	}
	fmt.Fprintf(i.out, "%d entries filed, %d of them filed before\n", filed.accepted, filed.replayed)
	if filed.findings > 0 {
		return fmt.Errorf("%d entries were not filed; import the file again once they are mended, nothing is filed twice", len(rows)-filed.accepted)
	}
	return nil
}

// sent counts the answers to a file.
type sent struct{ accepted, replayed, findings int }

// send files everything, or asks what would be said. Rows that found the platform busy are
// sent again with all others, which is safe.
func (i *registerImport) send(ctx context.Context, dryRun bool) (sent, error) {
	var result sent
	var err error
	for range loadAttempts {
		if result, err = i.once(ctx, dryRun); !errors.Is(err, errAgain) {
			break
		}
	}
	return result, err
}

func (i *registerImport) once(ctx context.Context, dryRun bool) (sent, error) {
	var body bytes.Buffer
	for _, row := range i.rows {
		body.Write(row.Document)
		body.WriteByte('\n')
	}
	address := i.client.url + "/v1/reports:batch"
	if dryRun {
		address += "?dry_run=true"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body)
	if err != nil {
		return sent{}, fmt.Errorf("file the register: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+i.client.token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := i.client.http.Do(request)
	if err != nil {
		return sent{}, fmt.Errorf("file the register (is the platform running? --url says where): %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		data, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
		return sent{}, refusal(response.Status, data)
	}
	return i.read(response.Body, dryRun)
}

// read tells what is wrong and counts. Nothing is told of an attempt that is made again.
func (i *registerImport) read(from io.Reader, dryRun bool) (result sent, err error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 4<<20)
	var answers []api.BatchRow
	for lines.Scan() {
		var answer struct {
			api.BatchRow
			api.BatchEnd
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			return result, fmt.Errorf("read an answer: %w", err)
		}
		switch {
		case answer.Error != nil:
			return result, fmt.Errorf("the batch ended early: %s", answer.Error.Title)
		case answer.Summary != nil:
			return i.told(answers, dryRun), nil
		case answer.Status == http.StatusServiceUnavailable:
			return result, errAgain
		case answer.Row < 1 || answer.Row > len(i.rows):
			return result, fmt.Errorf("an answer to row %d of %d", answer.Row, len(i.rows))
		}
		answers = append(answers, answer.BatchRow)
	}
	return result, errors.Join(errors.New("the answer broke off before its summary"), lines.Err())
}

// told tells warnings on the dry run alone, which always comes first.
func (i *registerImport) told(answers []api.BatchRow, dryRun bool) (result sent) {
	for _, answer := range answers {
		line := i.rows[answer.Row-1].Line
		for _, f := range answer.Errors {
			i.tell(line, register.Column(f.Pointer), f.Code, f.MessageVI, f.Message)
		}
		for _, f := range answer.Warnings {
			if !dryRun {
				break
			}
			i.tell(line, register.Column(f.Pointer), f.Code+" ("+string(f.Severity)+")", f.MessageVI, f.Message)
		}
		switch {
		case answer.Status != http.StatusAccepted && answer.Status != http.StatusOK:
			result.findings += max(1, len(answer.Errors))
		case answer.Replayed:
			result.replayed++
			fallthrough
		default:
			result.accepted++
		}
	}
	return result
}

// tell writes one finding. Messages may hold what stands in the file, so it is made safe
// for a terminal.
func (i *registerImport) tell(line int, column, code, vi, en string) {
	place := fmt.Sprintf("dòng/line %d", line)
	if column != "" {
		place += ", " + column
	}
	fmt.Fprintf(i.out, "%s: %s\n", place, strings.TrimSpace(code+" "+plain(vi)+" / "+plain(en)))
}

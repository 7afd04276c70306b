package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	"atvsld/api"
)

// personCommand exports everything about one person.
func personCommand() *cli.Command {
	return &cli.Command{
		Name: "person", Usage: "what the platform holds about one person",
		Commands: []*cli.Command{personExportCommand()},
	}
}

// personNumber bounds the file that is read.
const personNumber = 64

func personExportCommand() *cli.Command {
	r := &remote{}
	var file, purpose string
	return &cli.Command{
		Name: "export", Usage: "write everything about one person as JSON; the number is read from a file, because arguments stand in process lists and histories",
		Flags: append(r.flags(),
			&cli.StringFlag{Name: "file", Usage: "file with the citizen number or the 12-digit tax code, nothing else", Destination: &file},
			&cli.StringFlag{Name: "purpose", Required: true, Usage: "why, as the header Access-Purpose says it: a code and, after a semicolon, the number of the case", Destination: &purpose},
		),
		Action: func(ctx context.Context, c *cli.Command) error {
			number, err := readNumber(file)
			if err != nil {
				return err
			}
			client, err := r.client()
			if err != nil {
				return err
			}
			client.http.Timeout = 0 // it reads the whole log of revisions
			var export api.PersonExport
			if err := client.ask(ctx, http.MethodPost, client.url+"/v1/persons:export", api.PersonRequest{CitizenNumber: number}, &export, api.PurposeHeader, purpose); err != nil {
				return err
			}
			return json.MarshalWrite(c.Root().Writer, export, jsontext.WithIndent("  "))
		},
	}
}

// readNumber reads the number. No error repeats it.
func readNumber(path string) (string, error) {
	if path == "" {
		return "", errors.New("--file is needed")
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("--file: %w", err)
	}
	if info.Size() > personNumber {
		return "", errors.New("--file holds more than one number")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--file: %w", err)
	}
	number := strings.TrimSpace(string(text))
	if len(number) != 12 || strings.Trim(number, "0123456789") != "" {
		return "", errors.New("--file does not hold 12 digits and nothing else")
	}
	return number, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/api"
)

// deadLettersCommand asks a running platform over HTTP: a process that holds the
// embedded engine lets no other at its data, and so there is one place where letters
// are decided on and one set of rules.
func deadLettersCommand() *cli.Command {
	return &cli.Command{
		Name:  "dead-letters",
		Usage: "list, show, replay or discard messages that could not be stored, of a platform that runs (roles run, gateway, api; replay: run, gateway)",
		Commands: []*cli.Command{
			listLettersCommand(), showLetterCommand(),
			actCommand("replay", "write the messages of letters to the log once more"),
			actCommand("discard", "decide that letters will never be stored; final"),
		},
	}
}

// desk is what every subcommand is told: where the platform is, who asks, and how to answer.
type desk struct {
	url, tokenFile, output string
}

// asked gives the client and the printer, or what is wrong with the flags.
func (d *desk) asked(out io.Writer) (*letterClient, *letterPrinter, error) {
	if d.output != "table" && d.output != "json" {
		return nil, nil, fmt.Errorf("--output %q is neither table nor json", d.output)
	}
	client, err := newLetterClient(d.url, d.tokenFile)
	return client, &letterPrinter{out: out, json: d.output == "json"}, err
}

func (d *desk) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "url", Value: "http://127.0.0.1:8080", Usage: "address of the platform", Destination: &d.url, Sources: env("url")},
		&cli.StringFlag{Name: "token-file", Value: "data/keys/local-token", Usage: "file that holds the token", Destination: &d.tokenFile, Sources: env("token-file")},
		&cli.StringFlag{Name: "output", Value: "table", Usage: "table or json", Destination: &d.output},
	}, more...)
}

func listLettersCommand() *cli.Command {
	var d desk
	var q letterQuery
	var ids bool
	return &cli.Command{
		Name: "list", Usage: "list letters, the newest first",
		Flags: d.flags(
			&cli.StringSliceFlag{Name: "state", Value: []string{"open"}, Usage: "open, replayed, discarded", Destination: &q.states},
			&cli.StringSliceFlag{Name: "code", Usage: "reasons, as in EVT-001", Destination: &q.codes},
			&cli.StringSliceFlag{Name: "partition", Usage: "partitions of the log", Destination: &q.partitions},
			&cli.TimestampFlag{Name: "since", Usage: "from this time of the log on, RFC 3339", Config: cli.TimestampConfig{Layouts: []string{time.RFC3339}}, Destination: &q.since},
			&cli.TimestampFlag{Name: "until", Usage: "before this time of the log, RFC 3339", Config: cli.TimestampConfig{Layouts: []string{time.RFC3339}}, Destination: &q.until},
			&cli.BoolFlag{Name: "ids", Usage: "write the ids and nothing else, for replay or discard by xargs", Destination: &ids},
			&cli.IntFlag{Name: "limit", Value: 50, Usage: "how many at most; 0 for all", Destination: &q.limit},
		),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("dead-letters list takes no arguments, got %q", c.Args().First())
			}
			client, printer, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			list, err := client.list(ctx, q)
			if err != nil {
				return err
			}
			if ids {
				return printer.ids(list)
			}
			return printer.list(list)
		},
	}
}

func showLetterCommand() *cli.Command {
	var d desk
	var original bool
	return &cli.Command{
		Name: "show", Usage: "show one letter with everything that is known of it", ArgsUsage: "ID",
		Flags: d.flags(&cli.BoolFlag{Name: "bytes", Usage: "write the original bytes of the value and nothing else", Destination: &original}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("dead-letters show takes the id of one letter")
			}
			client, printer, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			var letter api.DeadLetterDetail
			if err := client.ask(ctx, http.MethodGet, client.address(c.Args().First()), nil, &letter); err != nil {
				return err
			}
			if original {
				_, err := printer.out.Write(letter.Value.Base64)
				return err
			}
			return printer.letter(letter)
		},
	}
}

// actCommand decides about letters one by one. What could not be done with one of
// them does not keep it from the others.
func actCommand(act, usage string) *cli.Command {
	var d desk
	var decision api.DeadLetterDecision
	return &cli.Command{
		Name: act, Usage: usage, ArgsUsage: "ID...",
		Flags: d.flags(
			&cli.StringFlag{Name: "by", Usage: "name of who decides", Required: true, Destination: &decision.By},
			&cli.StringFlag{Name: "reason", Usage: "why", Required: true, Destination: &decision.Reason},
		),
		Action: func(ctx context.Context, c *cli.Command) error {
			if !c.Args().Present() {
				return fmt.Errorf("dead-letters %s takes the ids of letters", act)
			}
			client, printer, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			var errs []error
			for _, id := range c.Args().Slice() {
				var result api.DeadLetterResult
				err := client.ask(ctx, http.MethodPost, client.address(id)+":"+act, decision, &result)
				if err == nil {
					err = printer.result(result)
				}
				if err != nil {
					errs = append(errs, fmt.Errorf("%s %s: %w", act, plain(id), err))
				}
			}
			return errors.Join(errs...)
		},
	}
}

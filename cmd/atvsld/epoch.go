package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
)

// epochCommand is atvsld sink epoch.
func epochCommand() *cli.Command {
	return &cli.Command{
		Name: "epoch", Usage: "the log whose offsets the store records",
		Commands: []*cli.Command{newEpochCommand()},
	}
}

// newEpochCommand records that offsets come from another log from now on. It is an
// operator's decision: the rows of the old log keep their precedence, and what that
// log held beyond the store is given up.
func newEpochCommand() *cli.Command {
	s := &settings{}
	var by, reason string
	return &cli.Command{
		Name: "new", Usage: "record that the log was replaced: offsets count anew from now on",
		Flags: append(s.flags(flagNames([]string{"data", "keys", "clickhouse", "engine-listen", "engine-library"}, storeSecurityFlags)...),
			&cli.StringFlag{Name: "by", Usage: "who decides it", Required: true, Destination: &by},
			&cli.StringFlag{Name: "reason", Usage: "why, for the record", Required: true, Destination: &reason}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return errors.New("sink epoch new takes no arguments")
			}
			return s.run(ctx, c.Root().Writer, func(ctx context.Context, p *platform, failed func(error)) error {
				defer failed(nil)
				return p.newEpoch(ctx, by, reason)
			})
		},
	}
}

func (p *platform) newEpoch(ctx context.Context, by, reason string) error {
	dsn, err := p.startEngine(ctx)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, p.settings.storeConfig(dsn))
	if err != nil {
		return err
	}
	p.store = s
	p.onClose("store", func(context.Context) error { return s.Close() })
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	before, err := s.Info(ctx)
	if err != nil {
		return err
	}
	var after store.Info
	err = p.act(ctx, audit.Act{Operation: "sink-epoch-new", Action: access.RepairStore, By: by, Reason: reason}, func(ctx context.Context) (err error) {
		after, err = s.NewEpoch(ctx, by, reason)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stdout, "store %s: epoch %s follows %s\n", after.StoreID, after.Epoch, before.Epoch)
	return err
}

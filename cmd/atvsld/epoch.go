package main

import (
	"context"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/store"
)

// newEpochCommand records that offsets come from another log from now on. It is an
// operator's decision: the rows of the old log keep their precedence, and what that
// log held beyond the store is given up.
func newEpochCommand() *cli.Command {
	return role("new-epoch", "record that the log was replaced: offsets count anew from now on", []string{"data", "clickhouse", "engine-listen", "engine-library"}, nil,
		func(ctx context.Context, p *platform, failed func(error)) error {
			defer failed(nil)
			dsn, err := p.startEngine(ctx)
			if err != nil {
				return err
			}
			c := store.Default()
			c.DSN = dsn
			s, err := store.Open(ctx, c)
			if err != nil {
				return err
			}
			p.onClose("store", func(context.Context) error { return s.Close() })
			before, err := s.Info(ctx)
			if err != nil {
				return err
			}
			after, err := s.NewEpoch(ctx)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(os.Stdout, "store %s: epoch %s follows %s\n", after.StoreID, after.Epoch, before.Epoch)
			return err
		})
}

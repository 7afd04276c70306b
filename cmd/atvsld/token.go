package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/api/identity"
	"atvsld/ingest/seal"
)

// openIdentity makes the part that tells who presents a token.
func (p *platform) openIdentity() (*identity.Verifier, error) {
	c := identity.Config{Keys: p.keys, Seeds: p.seeds, Issuers: p.settings.OIDCIssuers, Audience: p.settings.OIDCAudience}
	if p.store != nil {
		c.Records, c.Granted = p.store, p.grants.Of
	}
	return identity.Open(c)
}

// tokenCommand is the local issuer: whoever reads the keys of this machine gives out tokens
// of any role for it.
func tokenCommand() *cli.Command {
	s := &settings{}
	var order identity.Order
	list := func(name, usage string, dest *[]string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: usage, Destination: dest}
	}
	text := func(name, usage string, dest *string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: usage, Destination: dest}
	}
	return &cli.Command{
		Name: "token", Usage: "sign a token of the local issuer and print it",
		Flags: append(s.flags("data", "keys", "reference-data"),
			text("subject", "who will hold it, in a-z 0-9 : . _ -; it stands in reports and in the audit log, so no person's name", &order.Subject),
			text("role", "role, as in enterprise or labour_officer", &order.Role),
			list("province", "province of the role as 34:01 or 63:15; VN for all", &order.Provinces),
			list("establishment", "tax code of the role", &order.Establishments),
			list("commune", "commune of the role, 5 digits", &order.Communes),
			list("section", "section of VSIC of the role, as 2025:F", &order.Sections),
			text("software", "name of filing software, whose units are granted", &order.Software),
			text("zone", "name of a zone board, whose units are granted", &order.Zone),
			&cli.DurationFlag{Name: "for", Value: 8 * time.Hour, Usage: "how long it is valid, up to 24h", Destination: &order.For},
		),
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("token takes no arguments, got %q", c.Args().First())
			}
			return s.issue(c.Root().Writer, order)
		},
	}
}

// issue prints a token, or names everything that is wrong.
func (s *settings) issue(out io.Writer, order identity.Order) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	// Keys that are made here would be known to no platform.
	if _, err := os.Stat(filepath.Join(s.keysDir(), "pseudonym")); err != nil {
		return fmt.Errorf("--keys, --data: no keys of a platform; they are made when it starts first: %w", err)
	}
	reference, err := s.reference()
	if err != nil {
		return err
	}
	keys, err := seal.Open(s.keysDir())
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	token, faults, err := identity.Issue(keys, reference, order, time.Now())
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range faults {
		errs = append(errs, fmt.Errorf("%s: %s", f.Member, f.EN))
	}
	if len(errs) > 0 {
		return fmt.Errorf("no token:\n%w", errors.Join(errs...))
	}
	_, err = fmt.Fprintln(out, token)
	return err
}

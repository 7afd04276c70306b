package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/audit"
	"atvsld/ingest/retention"
	"atvsld/ingest/seal"
)

// keysCommand works on the key directory. Processes that run on it notice what it does.
func keysCommand() *cli.Command {
	return &cli.Command{
		Name: "keys", Usage: "the keys of personal data: list, put the master key anew, destroy",
		Commands: []*cli.Command{keysListCommand(), rotateMasterCommand(), destroyCommand()},
	}
}

func keysListCommand() *cli.Command {
	s := &settings{}
	return &cli.Command{
		Name: "list", Usage: "data keys by year and retention class, and what was destroyed", Flags: s.flags("data", "keys"),
		Action: func(_ context.Context, c *cli.Command) error {
			keys, err := s.openHaveKeys()
			if err != nil {
				return err
			}
			all, err := keys.DataKeys()
			if err != nil {
				return err
			}
			return printKeys(c.Root().Writer, all)
		},
	}
}

func (s *settings) openHaveKeys() (*seal.Keys, error) {
	if err := s.haveKeys(); err != nil {
		return nil, err
	}
	return seal.Open(s.keysDir())
}

func printKeys(out io.Writer, all []seal.DataKey) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "year\tclass\tkey\tdestroyed\tby\treason")
	for _, k := range all {
		class, destroyed := k.Class, ""
		if k.Destroyed() {
			destroyed = k.DestroyedAt.Format(time.RFC3339)
		}
		if class == "" {
			class = "all"
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", k.Year, class, k.ID, destroyed, k.By, k.Reason)
	}
	return w.Flush()
}

// decided is who decides about keys and why, and whether it may be done without a record.
type decided struct {
	by, reason    string
	withoutRecord bool
}

func (d *decided) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "by", Usage: "name of who decides it", Destination: &d.by},
		&cli.StringFlag{Name: "reason", Usage: "why, for the record", Destination: &d.reason},
		&cli.BoolFlag{Name: "without-record", Usage: "do it even if there is no store whose audit log could record it", Destination: &d.withoutRecord},
	}
}

// act does something to the keys, on record before it is done. If it cannot be recorded it is
// only done when that was allowed; recorded tells whether it was.
func (d *decided) act(ctx context.Context, s *settings, operation, key string, do func(keys *seal.Keys) error) (recorded bool, err error) {
	a := audit.Act{Operation: operation, By: d.by, Reason: d.reason, On: []audit.Touch{{Kind: audit.Key, ID: key}}}
	begun := false
	err = s.withStoreAndKeys(ctx, func(ctx context.Context, p *platform) error {
		return p.act(ctx, a, func(context.Context) error {
			begun = true
			return do(p.keys)
		})
	})
	if begun {
		return true, err
	}
	if !d.withoutRecord {
		return false, unrecorded(err)
	}
	keys, err := s.openHaveKeys()
	if err != nil {
		return false, err
	}
	return false, do(keys)
}

func unrecorded(err error) error {
	return fmt.Errorf("nothing was done: it cannot be put on record (%w). Stop the platform on this machine or give --clickhouse; --without-record does it all the same", err)
}

func rotateMasterCommand() *cli.Command {
	s, d := &settings{}, &decided{}
	return &cli.Command{
		Name: "rotate-master", Usage: "wrap every data key under a new master key and destroy the old one; can be repeated after a crash",
		Flags:  append(s.flags("data", "keys", "clickhouse", "reference-data", "demonstration", "engine-listen", "engine-library"), d.flags()...),
		Action: func(ctx context.Context, c *cli.Command) error { return rotateMaster(ctx, c.Root().Writer, s, d) },
	}
}

func rotateMaster(ctx context.Context, out io.Writer, s *settings, d *decided) error {
	if err := errors.Join(retention.CheckDecision(d.by, d.reason), s.haveKeys()); err != nil {
		return err
	}
	wrapped := 0
	recorded, err := d.act(ctx, s, "rotate-master", "master", func(keys *seal.Keys) (err error) {
		wrapped, err = keys.RotateMaster()
		return err
	})
	if err != nil {
		return err
	}
	if !recorded {
		_, _ = fmt.Fprintln(out, "The audit log does not have it: its store was not asked")
	}
	_, err = fmt.Fprintf(out, "the master key is new, %d data keys are wrapped under it; make a new backup and destroy the old one\n", wrapped)
	return err
}

// destruction is what keys destroy is asked for.
type destruction struct {
	decided
	settings *settings
	year     int
	class    string
	yes      bool
}

func destroyCommand() *cli.Command {
	d := &destruction{settings: &settings{}}
	flags := d.settings.flags("data", "keys", "clickhouse", "reference-data", "demonstration", "engine-listen", "engine-library")
	return &cli.Command{
		Name: "destroy", Usage: "destroy the key of a year, or of a class of it: what is personal in its reports can never be read again",
		Flags: append(append(flags, d.flags()...),
			&cli.IntFlag{Name: "year", Usage: "year for which the reports count", Destination: &d.year},
			&cli.StringFlag{Name: "class", Usage: "retention class; without one all of the year", Destination: &d.class},
			&cli.BoolFlag{Name: "yes", Usage: "do it; without it only what would be lost is shown, and a terminal is asked", Destination: &d.yes},
		),
		Action: func(ctx context.Context, c *cli.Command) error { return d.run(ctx, os.Stdin, c.Root().Writer) },
	}
}

func (d *destruction) run(ctx context.Context, in io.Reader, out io.Writer) error {
	slot := seal.Slot{Year: d.year, Class: d.class}
	if err := errors.Join(retention.CheckDecision(d.by, d.reason), d.known(slot)); err != nil {
		return err
	}
	keys, err := d.settings.openHaveKeys()
	if err != nil {
		return err
	}
	missing, err := d.show(ctx, out, keys, slot)
	if err != nil {
		return err
	}
	if missing != nil && !d.withoutRecord {
		return unrecorded(missing)
	}
	if !d.yes && !agrees(in, out, slot) {
		_, err := fmt.Fprintln(out, "nothing was destroyed")
		return err
	}
	recorded, err := d.act(ctx, d.settings, "destroy-key", slot.String(), func(keys *seal.Keys) error { return keys.Destroy(slot, d.by, d.reason) })
	if err != nil {
		return err
	}
	if !recorded {
		if _, err := fmt.Fprintln(out, "The audit log does not have it: its store was not asked. The key directory says when, by whom and why, and a platform that runs on it records the erasure"); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "destroyed: %s. Purge it from every backup of the key directory, too\n", slot)
	return err
}

// known refuses a class that is misspelt: its tombstone would stand for nothing.
func (d *destruction) known(slot seal.Slot) error {
	if slot.Year == 0 {
		return errors.New("--year is needed")
	}
	reference, err := d.settings.reference()
	if err != nil {
		return err
	}
	if slot.Class == "" {
		return nil
	}
	var classes []string
	for _, r := range reference.Retentions() {
		if r.Class == slot.Class {
			return nil
		}
		classes = append(classes, r.Class)
	}
	return fmt.Errorf("--class %q is none of %s", slot.Class, strings.Join(classes, ", "))
}

// show tells what would become unreadable: counted in the store if there is one to ask.
// missing says why there is none.
func (d *destruction) show(ctx context.Context, out io.Writer, keys *seal.Keys, slot seal.Slot) (missing, err error) {
	listed, missing := d.concerned(ctx, keys, slot)
	if missing != nil {
		if _, err := fmt.Fprintf(out, "the store does not say what is sealed (%v)\n", missing); err != nil {
			return missing, err
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, k := range listed {
		reports := "reports are not counted"
		if missing == nil {
			reports = fmt.Sprintf("%s; %d persons", counted(k.Reports), k.Persons)
		}
		_, _ = fmt.Fprintf(w, "will be unreadable:\t%s\t%s\t%s\n", k.Slot, k.ID, reports)
	}
	if len(listed) == 0 {
		_, _ = fmt.Fprintf(w, "there is no key of %s; none will ever be made\n", slot)
	}
	return missing, w.Flush()
}

func (d *destruction) concerned(ctx context.Context, keys *seal.Keys, slot seal.Slot) ([]retention.Key, error) {
	have, err := keys.DataKeys()
	if err != nil {
		return nil, err
	}
	var all []retention.Key
	for _, k := range have {
		if !k.Destroyed() {
			all = append(all, retention.Key{Slot: k.Slot, ID: k.ID})
		}
	}
	s := d.settings
	if _, err := os.Stat(filepath.Join(s.Data, "clickhouse")); err != nil && s.ClickHouse == "" {
		return retention.Concerned(all, slot), errors.New("neither --clickhouse nor a store in --data")
	}
	err = s.withStoreAndKeys(ctx, func(ctx context.Context, p *platform) error {
		job := p.retentionJob()
		listed, err := job.List(ctx)
		if err != nil {
			return err
		}
		listed = retention.Concerned(listed, slot)
		if err := job.Count(ctx, listed); err != nil {
			return err
		}
		all = listed
		return nil
	})
	return retention.Concerned(all, slot), err
}

// agrees asks for the name of what is destroyed, so that nobody agrees by mistake.
func agrees(in io.Reader, out io.Writer, slot seal.Slot) bool {
	_, _ = fmt.Fprintf(out, "This cannot be undone. To go on, type %s: ", slot)
	answer, err := bufio.NewReader(in).ReadString('\n')
	return (err == nil || errors.Is(err, io.EOF)) && strings.TrimSpace(answer) == slot.String()
}

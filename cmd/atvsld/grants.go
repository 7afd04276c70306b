package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/access"
	"atvsld/api"
	"atvsld/ingest/grant"
)

const grantsPath = "/v1/access/grants"

// grantsCommand asks a running platform over HTTP, so that there is one place where grants
// are recorded and one set of rules.
func grantsCommand() *cli.Command {
	return &cli.Command{
		Name:     "grants",
		Usage:    "list, import or end what units let filing software, integrators and boards of zones do for them, of a platform that runs",
		Commands: []*cli.Command{listGrantsCommand(), importGrantsCommand(), endGrantsCommand()},
	}
}

func listGrantsCommand() *cli.Command {
	var d desk
	var grantee string
	return &cli.Command{
		Name: "list", Usage: "list grants by grantee and unit, ended ones too",
		Flags: d.flags(&cli.StringFlag{Name: "grantee", Usage: "only this one, as in software:misa or zone:hanoi-1", Destination: &grantee}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("grants list takes no arguments, got %q", c.Args().First())
			}
			client, printer, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			grants, err := client.grants(ctx, grantee)
			if err != nil {
				return err
			}
			return printer.grants(grants)
		},
	}
}

// grants follows the pages to the last.
func (c *letterClient) grants(ctx context.Context, grantee string) (all []api.Grant, err error) {
	query := url.Values{"limit": {"500"}}
	if grantee != "" {
		query.Set("grantee", grantee)
	}
	for next := grantsPath + "?" + query.Encode(); next != ""; {
		var page api.GrantList
		if err := c.ask(ctx, http.MethodGet, c.url+next, nil, &page); err != nil {
			return nil, err
		}
		all, next = append(all, page.Grants...), page.Next
	}
	return all, nil
}

func (p *letterPrinter) grants(grants []api.Grant) error {
	if p.json {
		return p.inJSON(append([]api.Grant{}, grants...))
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tGRANTEE\tUNIT\tRIGHTS\tSTATE\tUNTIL\tBY\tREASON")
	for _, g := range grants {
		until := "-"
		if g.ValidTo != nil {
			until = g.ValidTo.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", g.ID, plain(g.Grantee), plain(g.Unit), plain(strings.Join(g.Rights, ";")), plain(g.State), until, short(g.By), short(g.Reason))
	}
	return w.Flush()
}

// saying are the flags of who acts and why.
func saying(end *api.GrantEnd) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "by", Usage: "office that decides; it goes on record", Required: true, Destination: &end.By},
		&cli.StringFlag{Name: "reason", Usage: "why; it goes on record", Required: true, Destination: &end.Reason},
	}
}

func endGrantsCommand() *cli.Command {
	var d desk
	var end api.GrantEnd
	return &cli.Command{
		Name: "end", ArgsUsage: "ID...", Usage: "end grants, at once", Flags: d.flags(saying(&end)...),
		Action: func(ctx context.Context, c *cli.Command) error {
			if !c.Args().Present() {
				return errors.New("grants end takes the ids of grants")
			}
			client, printer, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			var ended []api.Grant
			var failed error
			for _, id := range c.Args().Slice() {
				var g api.Grant
				if err := client.ask(ctx, http.MethodPost, client.url+grantsPath+"/"+url.PathEscape(id)+":end", end, &g); err != nil {
					failed = errors.Join(failed, fmt.Errorf("%s: %w", plain(id), err))
					continue
				}
				ended = append(ended, g)
			}
			return errors.Join(printer.grants(ended), failed)
		},
	}
}

func importGrantsCommand() *cli.Command {
	var d desk
	i := grantImport{}
	var file string
	var usual []string
	return &cli.Command{
		Name:  "import",
		Usage: "check a CSV file whole, and record its grants if nothing is wrong with it. Columns: " + strings.Join(grant.Columns(), ", "),
		Flags: d.flags(append(saying(&i.end),
			&cli.StringFlag{Name: "grantee", Usage: "who may act, as in software:misa (also integrator misa) or zone:hanoi-1", Required: true, Destination: &i.grantee},
			&cli.StringFlag{Name: "file", Usage: "the file", Required: true, Destination: &file},
			&cli.StringSliceFlag{Name: "rights", Usage: "rights where a line names none: file, read (default: of software both, of a zone read)", Destination: &usual},
			&cli.BoolFlag{Name: "dry-run", Usage: "check everything and record nothing", Destination: &i.dryRun},
		)...),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("grants import takes no arguments, got %q", c.Args().First())
			}
			client, _, err := d.asked(c.Root().Writer)
			if err != nil {
				return err
			}
			i.client, i.out = client, c.Root().Writer
			if i.usual, err = usualRights(i.grantee, usual); err != nil {
				return err
			}
			return i.run(ctx, file)
		},
	}
}

// usualRights are those of a line that names none: as many as the grantee can use.
func usualRights(grantee string, named []string) ([]access.Right, error) {
	role, ok := access.GranteeRole(grantee)
	if !ok {
		return nil, fmt.Errorf("--grantee %q is neither software:ID nor zone:ID", grantee)
	}
	var rights []access.Right
	for _, r := range []access.Right{access.RightFile, access.RightRead} {
		if len(named) == 0 && access.ExtentOf(role, r.Action()) != access.None || slices.Contains(named, string(r)) {
			rights = append(rights, r)
		}
	}
	if len(named) > 0 && len(rights) != len(named) {
		return nil, fmt.Errorf("--rights %s: they are file and read", strings.Join(named, ","))
	}
	return rights, nil
}

// grantImport is one file on its way.
type grantImport struct {
	client  *letterClient
	out     io.Writer
	grantee string
	end     api.GrantEnd
	usual   []access.Right
	dryRun  bool
}

func (i *grantImport) run(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the grants: %w", err)
	}
	defer file.Close()
	rows, faults, err := grant.Read(file, i.usual)
	if err != nil {
		return err
	}
	for _, f := range faults {
		i.tell(f.Line, f.Column, "", f.VI, f.EN)
	}
	wrong := len(faults)
	parts := partsOf(rows)
	// Lines with a fault are left out, so that all that is wrong with the others shows, too.
	for _, part := range parts {
		findings, err := i.send(ctx, part, true)
		if err != nil {
			return err
		}
		wrong += findings
	}
	switch {
	case wrong > 0:
		return fmt.Errorf("nothing was recorded: %d findings", wrong)
	case len(rows) == 0:
		return errors.New("nothing was recorded: the file has no lines")
	case i.dryRun:
		fmt.Fprintf(i.out, "%d grants would be recorded\n", len(rows))
		return nil
	}
	for _, part := range parts {
		if _, err := i.send(ctx, part, false); err != nil {
			return fmt.Errorf("%w; import the file again, nothing is granted twice", err)
		}
	}
	fmt.Fprintf(i.out, "%d grants recorded\n", len(rows))
	return nil
}

// partsOf puts lines together that one order can hold.
func partsOf(rows []grant.Row) (parts [][]grant.Row) {
	const most = 1000
	alike := map[string]int{} // index of the part that is being filled
	for _, r := range rows {
		key := fmt.Sprint(r.Rights, r.From, r.To)
		at, ok := alike[key]
		if !ok || len(parts[at]) == most {
			at = len(parts)
			alike[key], parts = at, append(parts, nil)
		}
		parts[at] = append(parts[at], r)
	}
	return parts
}

func (i *grantImport) send(ctx context.Context, part []grant.Row, dryRun bool) (findings int, err error) {
	order := api.GrantOrder{Grantee: i.grantee, GrantEnd: i.end}
	for _, r := range part[0].Rights {
		order.Rights = append(order.Rights, string(r))
	}
	if from := part[0].From; !from.IsZero() {
		order.ValidFrom = from.Start()
	}
	if to := part[0].To; !to.IsZero() {
		order.ValidTo = to.AddDays(1).Start() // the last day is included
	}
	for _, r := range part {
		order.Units = append(order.Units, r.Unit)
	}
	var made api.GrantsMade
	err = i.client.ask(ctx, http.MethodPost, i.client.url+grantsPath+"?dry_run="+strconv.FormatBool(dryRun), order, &made)
	if refused, ok := errors.AsType[*refusalError](err); ok && refused.problem.Status == http.StatusUnprocessableEntity {
		return i.told(part, refused.problem), nil
	}
	return 0, err
}

// told tells what the platform finds, by the lines of the file.
func (i *grantImport) told(part []grant.Row, problem api.Problem) int {
	for _, f := range problem.Errors {
		line, column := part[0].Line, strings.TrimPrefix(f.Pointer, "/")
		if at, isUnit := strings.CutPrefix(f.Pointer, "/units/"); isUnit {
			if n, err := strconv.Atoi(at); err == nil && n >= 0 && n < len(part) {
				line, column = part[n].Line, "unit"
			}
		}
		i.tell(line, column, f.Code, f.MessageVI, f.Message)
	}
	return max(1, len(problem.Errors))
}

func (i *grantImport) tell(line int, column, code, vi, en string) {
	place := fmt.Sprintf("dòng/line %d", line)
	if column != "" {
		place += ", " + plain(column)
	}
	fmt.Fprintf(i.out, "%s: %s\n", place, strings.TrimSpace(code+" "+plain(vi)+" / "+plain(en)))
}

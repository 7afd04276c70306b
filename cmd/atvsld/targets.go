package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/indicator"
	"atvsld/ingest/basefile"
	"atvsld/seeds"
)

// planImport is what the command is told. Plans of provinces are few and change once in
// years: they are reference data of the operator, not reports.
type planImport struct {
	folder string
	dryRun bool
}

func importTargetsCommand() *cli.Command {
	var p planImport
	return &cli.Command{
		Name: "targets", ArgsUsage: "FILE",
		Usage: "import plans of provinces from CSV into the folder of reference data (docs/TARGETS.md); they take the place of the plans of the same id",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "reference-data", Required: true, Usage: "folder that the platform is started with; its api serves the plans from the next start on", Destination: &p.folder, Sources: env("reference-data")},
			&cli.BoolFlag{Name: "dry-run", Usage: "run every check and write nothing", Destination: &p.dryRun},
		},
		Action: func(_ context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return errors.New("import targets takes one file")
			}
			raw, err := os.ReadFile(c.Args().First())
			if err != nil {
				return err
			}
			return p.run(raw, c.Root().Writer)
		},
	}
}

// run checks the whole file before it writes anything.
func (p planImport) run(raw []byte, out io.Writer) error {
	data, err := seeds.LoadOver(os.DirFS(p.folder))
	if err != nil {
		return err
	}
	catalogue, err := indicator.Default()
	if err != nil {
		return err
	}
	file, found := data.ReadPlans(raw, catalogue.Definitions())
	if err := printFindings(out, planFindings(found)); err != nil {
		return err
	}
	switch {
	case len(found) > 0:
		return errImport
	case len(file.Targets) == 0:
		return errors.New("the file has no targets")
	}
	if !p.dryRun {
		if err := writePlans(filepath.Join(p.folder, seeds.PlanFileName), file.Over(data.ProvincialPlans())); err != nil {
			return err
		}
	}
	return p.report(out, file)
}

func (p planImport) report(out io.Writer, file seeds.PlanFile) error {
	done := "written"
	if p.dryRun {
		done = "checked, nothing was written"
	}
	for _, plan := range file.Plans {
		n := 0
		for _, t := range file.Targets {
			if t.Plan == plan.ID {
				n++
			}
		}
		if _, err := fmt.Fprintf(out, "%s of %s: %d targets, %s\n", plan.ID, plan.Province, n, done); err != nil {
			return err
		}
	}
	return nil
}

func planFindings(found []seeds.PlanFinding) []basefile.Finding {
	out := make([]basefile.Finding, len(found))
	for i, f := range found {
		out[i] = basefile.Finding{Code: f.Code, Row: f.Row, Column: f.Column, MessageVI: f.VI, Message: f.EN}
	}
	return out
}

// writePlans puts the table in its place in one step: a role that starts meanwhile reads the
// former or the new one.
func writePlans(path string, file seeds.PlanFile) (err error) {
	var text bytes.Buffer
	if err := file.WriteCSV(&text); err != nil {
		return fmt.Errorf("write the plans: %w", err)
	}
	next, err := os.CreateTemp(filepath.Dir(path), ".plans-")
	if err != nil {
		return fmt.Errorf("write the plans: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write the plans: %w", errors.Join(err, os.Remove(next.Name())))
		}
	}()
	_, err = next.Write(text.Bytes())
	if err = errors.Join(err, next.Chmod(0o644), next.Sync(), next.Close()); err != nil {
		return err
	}
	return os.Rename(next.Name(), path)
}

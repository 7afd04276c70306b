package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"atvsld/analytics/store"
	"atvsld/ingest/proof"
)

// printed is how many faults of each sort the table lists; --json has more.
const printed = 10

// printProof writes a table of the partitions, the faults, and last the totals.
func printProof(out io.Writer, found proof.Report) error {
	var text strings.Builder
	fmt.Fprintf(&text, "log %s, compared %s\n\n", found.Log, found.ProvenAt.Format(time.RFC3339))
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "partition\tfrom\tto\tcommitted\taccepted\tstored\trejected\tunstored\tmissing\tduplicate\toverlapping\tlag\t")
	for _, p := range found.Partitions {
		lag := time.Duration(p.LagSeconds * float64(time.Second)).Round(time.Millisecond)
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t\n", p.Partition, p.From, p.To, p.Committed, p.Accepted, p.Stored,
			p.Rejected, p.Unstored, p.Missing, p.Duplicate, p.Overlapping, lag)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	text.WriteByte('\n')
	for _, p := range found.Partitions {
		list(&text, p.Gaps, func(o proof.Offsets) string { return fmt.Sprintf("missing: partition %d, %s", p.Partition, offsets(o)) })
		list(&text, p.Overlaps, func(o proof.Offsets) string {
			return fmt.Sprintf("overlapping: partition %d, the range %s begins inside another one", p.Partition, offsets(o))
		})
	}
	list(&text, found.Drifts, func(d store.Drift) string {
		return fmt.Sprintf("drifting: report %s should be %s and is %s", d.ReportID, copies(d.Logged), copies(d.Current))
	})
	if f := found.Figures; f != nil {
		fmt.Fprintf(&text, "figures: %d compared, %d different\n", f.Cells, f.Different)
		list(&text, f.Differences, figure)
	}
	fmt.Fprintln(&text, found.Totals)
	_, err := io.WriteString(out, text.String())
	return err
}

func list[E any](out *strings.Builder, faults []E, line func(E) string) {
	for i, fault := range faults {
		if i == printed {
			fmt.Fprintln(out, "  … and more")
			return
		}
		fmt.Fprintln(out, line(fault))
	}
}

func offsets(o proof.Offsets) string {
	if o.Low == o.High {
		return fmt.Sprintf("offset %d", o.Low)
	}
	return fmt.Sprintf("offsets %d to %d", o.Low, o.High)
}

func copies(all []store.Copy) string {
	if len(all) == 0 {
		return "nothing"
	}
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = fmt.Sprintf("%s of %d, revision %d (partition %d, offset %d, log %d)", c.Kind, c.StatYear, c.Revision, c.Partition, c.Offset, c.Log)
	}
	return strings.Join(texts, " and ")
}

func figure(d proof.FigureDifference) string {
	of := []string{d.Measure, fmt.Sprintf("%d %s", d.Year, d.Span)}
	if d.Month > 0 {
		of = append(of, fmt.Sprintf("month %d", d.Month))
	}
	for _, by := range []struct{ name, value string }{
		{"province", d.Province}, {"section", d.Section}, {d.Cut, d.Member}, {"employment", d.Employment},
	} {
		if by.value != "" {
			of = append(of, by.name+" "+by.value)
		}
	}
	return fmt.Sprintf("drifting: %s: live %d, recomputed %d", strings.Join(of, ", "), d.Live, d.Recomputed)
}

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// The log is lost and the store stays: starting on a new log as if nothing had
// happened would take its first messages for repetitions of the old ones and drop
// what somebody has a receipt for.
func TestLostLogIsNoticed(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := start(t, data)
	for _, kind := range []report.Kind{report.AccidentDeclaration, report.AnnexXII, report.DiseaseReport, report.MonitoringReport} {
		p.file(reporttest.Valid(kind))
	}
	p.drained(4)
	p.stop()
	require.NoError(t, os.RemoveAll(filepath.Join(data, "kafka")))

	out, err := runOnce(t, "run", "--data", data, "--listen", freeAddress(t))
	require.Error(t, err)
	require.Contains(t, out, "this is not the log that the store was filled from")

	out, err = runOnce(t, "sink", "epoch", "new", "--data", data, "--by", "operator", "--reason", "the broker was lost")
	require.NoError(t, err, out)
	require.Contains(t, out, "follows")
	again := start(t, data)
	again.requireFatal(2026, 1, 1)
	another := accident{
		id: eventID(t), reporter: employerA, province: "24", occurred: "2024-05-20T08:00:00+07:00", diedOn: "2024-05-20",
		victims: []victim{{"Nạn nhân", "dead", "contract"}},
	}
	again.file(another.json())
	again.requireFatal(2024, 1, 1)
	again.stop()
}

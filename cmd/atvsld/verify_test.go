package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/proof"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// The whole path with the real program: everything is there once, and what is spoilt by
// hand afterwards is found, by the stopped platform's data, over HTTP and in health.
func TestVerify(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	var annex string
	for _, d := range report.Definitions() {
		id := p.file(reporttest.Valid(d.Kind))
		if d.Kind == report.AnnexXII {
			annex = id
		}
	}
	p.drained(len(report.Definitions()))
	require.Eventually(t, func() bool { return p.metric("atvsld_proof_last_success_timestamp_seconds") > 0 }, time.Minute, 50*time.Millisecond)
	require.Zero(t, p.metric("atvsld_proof_missing_offsets"))

	over := []string{"verify", "--url", "http://" + p.address, "--data", data}
	out, err := runOnce(t, append(over, "--figures")...)
	require.NoError(t, err, out)
	require.Contains(t, out, "different\n0 missing, 0 duplicate, 0 overlapping, 0 drifting\n")
	out, err = runOnce(t, append(over, "--partition", "9")...)
	require.Error(t, err)
	require.Contains(t, out, "API-006")
	out, err = runOnce(t, "verify", "--data", data)
	require.Error(t, err)
	require.Contains(t, out, "--url", "the folder is locked, and the message says what to do")
	p.stop()

	out, err = runOnce(t, "verify", "--data", data, "--figures", "--log-level", "warn")
	require.NoError(t, err, out)
	require.True(t, strings.HasSuffix(out, "0 missing, 0 duplicate, 0 overlapping, 0 drifting\n"), out)

	spoil(t, data, "INSERT INTO report_log SELECT * FROM report_log WHERE report_id = "+number(t, annex))
	spoil(t, data, "ALTER TABLE annex_xii DELETE WHERE report_id = "+number(t, annex)+" SETTINGS mutations_sync = 2")
	out, err = runOnce(t, "verify", "--data", data, "--log-level", "error")
	require.Error(t, err)
	require.Contains(t, out, "drifting: report "+annex+" should be annex_xii")
	require.Contains(t, out, "0 missing, 1 duplicate, 0 overlapping, 1 drifting\n")
	require.Contains(t, out, errDisagree.Error())

	spoil(t, data, "ALTER TABLE report_log DELETE WHERE report_id = "+number(t, annex)+" SETTINGS mutations_sync = 2")
	cmd := command(t, "verify", "--data", data, "--json", "--figures", "--log-level", "error")
	stdout, err := cmd.Output()
	require.Error(t, err, "exit code 1")
	var found proof.Report
	require.NoError(t, json.Unmarshal(stdout, &found))
	require.Equal(t, proof.Totals{Missing: 1}, found.Totals, "neither the log of revisions nor the table has it")
}

// What current tables have lost is stored again, over HTTP and in a stopped platform's
// data; what the log of revisions does not ask for is told and stays.
func TestVerifyRepairs(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	annex, accident := p.file(reporttest.Valid(report.AnnexXII)), p.file(reporttest.Valid(report.AccidentDeclaration))
	p.drained(2)
	p.stop()
	of := func(id string) string { return " WHERE report_id = " + number(t, id) }
	repair := []string{"--repair", "--by", "Trần Thị B", "--reason", "mất điện"}

	spoil(t, data, "ALTER TABLE annex_xii DELETE"+of(annex)+" SETTINGS mutations_sync = 2")
	p = start(t, data)
	out, err := runOnce(t, append([]string{"verify", "--url", "http://" + p.address, "--data", data, "--figures"}, repair...)...)
	require.NoError(t, err, out)
	require.Contains(t, out, "1 reports drifted and were stored again, 1 are mended, 0 cannot be mended so\n")
	require.True(t, strings.HasSuffix(out, "0 missing, 0 duplicate, 0 overlapping, 0 drifting\n"), out)
	p.stop()

	spoil(t, data, "ALTER TABLE annex_xii DELETE"+of(annex)+" SETTINGS mutations_sync = 2")
	spoil(t, data, "INSERT INTO accident_declaration SELECT * REPLACE (version + 1 AS version) FROM accident_declaration"+of(accident))
	out, err = runOnce(t, append([]string{"verify", "--data", data, "--log-level", "error"}, repair...)...)
	require.Error(t, err)
	require.Contains(t, out, "2 reports drifted and were stored again, 1 are mended, 1 cannot be mended so\n")
	require.Contains(t, out, "drifting: report "+accident)
	require.Contains(t, out, "0 missing, 0 duplicate, 0 overlapping, 1 drifting\n")
}

// Health says in public words what is wrong, and nothing more.
func TestHealthTellsWhatDrifts(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	id := p.file(reporttest.Valid(report.AnnexXII))
	p.drained(1)
	p.stop()
	spoil(t, data, "ALTER TABLE annex_xii DELETE WHERE report_id = "+number(t, id)+" SETTINGS mutations_sync = 2")

	again := &process{t: t, data: data, address: freeAddress(t)}
	background(t, command(t, "run", "--data", data, "--listen", again.address, "--log-level", "error", "--prove-every", "1s"))
	var body string
	require.Eventually(t, func() bool {
		response, err := http.Get("http://" + again.address + "/readyz")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		body = string(text)
		return response.StatusCode == http.StatusServiceUnavailable && strings.Contains(body, "proof")
	}, time.Minute, 50*time.Millisecond, "%s", &body)
	require.Contains(t, body, string(errDrift))
	require.NotContains(t, body, id)
}

// spoil changes the store of a platform that is stopped.
func spoil(t *testing.T, data, statement string) {
	t.Helper()
	openStopped(t, data, func(dsn string) {
		options, err := clickhouse.ParseDSN(dsn)
		require.NoError(t, err)
		conn, err := clickhouse.Open(options)
		require.NoError(t, err)
		require.NoError(t, conn.Exec(context.Background(), statement))
		require.NoError(t, conn.Close())
	})
}

func number(t *testing.T, id string) string {
	t.Helper()
	parsed, err := uuid.Parse(id)
	require.NoError(t, err)
	return fmt.Sprintf("reinterpretAsUInt128(reverse(unhex('%s')))", hex.EncodeToString(parsed[:]))
}

func TestVerifyMakesNothingUp(t *testing.T) {
	out, err := runOnce(t, "verify", "--data", filepath.Join(t.TempDir(), "nothing"))
	require.Error(t, err)
	require.Contains(t, out, "--data")
	out, err = runOnce(t, "verify", "--brokers", "127.0.0.1:1")
	require.Error(t, err)
	require.Contains(t, out, "go together")
	out, err = runOnce(t, "verify", "--url", "nowhere")
	require.Error(t, err)
	require.Contains(t, out, "not an http(s) address")
	out, err = runOnce(t, "verify", "--repair", "--by", "me")
	require.Error(t, err)
	require.Contains(t, out, "--repair needs --by and --reason")
	out, err = runOnce(t, "verify", "--reason", "x")
	require.Error(t, err)
	require.Contains(t, out, "go with --repair")
}

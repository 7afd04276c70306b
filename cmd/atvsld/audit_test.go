package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// The record of a real platform is verified over HTTP and from a file, with what was seen
// earlier, and a line that somebody changes in the store is found.
func TestAuditVerify(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	id := p.file(reporttest.Valid(report.AnnexXII))
	p.drained(1)
	token, err := os.ReadFile(filepath.Join(data, "keys", "local-token"))
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+"/v1/reports/"+id+"/revisions/1", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+string(bytes.TrimSpace(token)))
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)

	heads, exported, key := filepath.Join(data, "heads.json"), filepath.Join(data, "audit.ndjson"), filepath.Join(data, "keys", "audit.pub")
	there := []string{"--url", "http://" + p.address, "--token-file", filepath.Join(data, "keys", "local-token")}
	out, err := runOnce(t, append([]string{"audit", "verify", "--write-heads", heads}, there...)...)
	require.NoError(t, err, out)
	require.Contains(t, out, " entries in 1 chains, 1 of them open: 0 problems\n")
	p.stop()

	// An act beside HTTP is on record, in a chain of its own.
	out, err = runOnce(t, "sink", "epoch", "new", "--data", data, "--by", "Trần Thị B", "--reason", "nhật ký đã mất")
	require.NoError(t, err, out)
	spoil(t, data, "ALTER TABLE log_epoch DELETE WHERE number = 1 SETTINGS mutations_sync = 2")
	p = start(t, data)
	there[1] = "http://" + p.address
	out, err = runOnce(t, append([]string{"audit", "export", "--output", exported}, there...)...)
	require.NoError(t, err, out)
	out, err = runOnce(t, "audit", "verify", "--file", exported, "--key", key, "--heads", heads)
	require.NoError(t, err, out)
	require.Contains(t, out, " entries in 3 chains, 1 of them open: 0 problems\n")
	log, err := os.ReadFile(exported)
	require.NoError(t, err)
	require.Contains(t, string(log), `"operation":"sink-epoch-new"`)
	require.Contains(t, string(log), `"operation":"report-revision"`)
	p.stop()

	changed := bytes.Replace(log, []byte(`"operation":"report-revision"`), []byte(`"operation":"report-history"`), 1)
	require.NoError(t, os.WriteFile(exported, changed, 0o600))
	out, err = runOnce(t, "audit", "verify", "--file", exported, "--key", key)
	require.Error(t, err)
	require.Contains(t, out, "its hash is not that of its content: it was changed")
	require.Contains(t, out, errTampered.Error())

	spoil(t, data, "ALTER TABLE audit_entry DELETE WHERE operation = 'report-revision' SETTINGS mutations_sync = 2")
	p = start(t, data)
	there[1] = "http://" + p.address
	out, err = runOnce(t, append([]string{"audit", "verify", "--heads", heads}, there...)...)
	require.Error(t, err)
	require.Contains(t, out, "wrong: ")
	require.Contains(t, out, "are missing")
	p.stop()
	out, err = runOnce(t, "audit", "verify", "--file", exported)
	require.Error(t, err)
	require.Contains(t, out, "--file needs --key")
}

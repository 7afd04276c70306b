package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"atvsld/analytics/trust/trusttest"
	"atvsld/deploy/embedded/broker/brokertest"
)

// planted stands in every secret of these tests, so that one search finds all of them.
const planted = "planted4711"

// securedKafka is a broker with TLS, certificates and names, and the flags that pass.
func securedKafka(t *testing.T) (address string, flags []string) {
	t.Helper()
	ours := trusttest.NewAuthority(t)
	address = brokertest.Start(t, ours.Server(ours), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "atvsld", planted+"-kafka"))
	pair := ours.Issue("atvsld")
	return address, []string{
		"--brokers", address, "--kafka-tls", "--kafka-ca", ours.File(), "--kafka-cert", pair.CertFile, "--kafka-key", pair.KeyFile,
		"--kafka-sasl", "SCRAM-SHA-512", "--kafka-user", "atvsld",
	}
}

func valueOf(flags []string, name string) string { return flags[slices.Index(flags, name)+1] }

func textFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(file, []byte(text+"\n"), 0o600))
	return file
}

// Every part of the platform passes TLS, certificate, name and password: what is filed is
// stored and proven. Nothing secret is in what the process says meanwhile, at debug level
// and with things going wrong.
func TestRunOverTLSWithoutASecretInTheLog(t *testing.T) {
	address, flags := securedKafka(t)
	t.Setenv("ATVSLD_ENGINE_PASSWORD", planted+"-engine")
	data := t.TempDir()
	p := start(t, data, append(flags, "--kafka-password-file", textFile(t, planted+"-kafka"), "--integrators", "demo",
		"--log-level", "debug", "--prove-every", "1s")...)
	p.grants("software:demo")
	p.file(siteReport(1))
	example := exec.CommandContext(t.Context(), "go", "run", "../../docs/examples/inbox/go", "-brokers", address, "-integrator", "demo",
		"-platform", "http://"+p.address, "-ca", valueOf(flags, "--kafka-ca"), "-cert", valueOf(flags, "--kafka-cert"), "-key", valueOf(flags, "--kafka-key"), "-user", "atvsld")
	example.Env = append(os.Environ(), "KAFKA_PASSWORD="+planted+"-kafka", "CGO_ENABLED=0")
	out, err := example.CombinedOutput()
	require.NoError(t, err, "%s", out)
	p.drained(2)
	require.Eventually(t, func() bool { return p.status("/readyz") == http.StatusOK }, time.Minute, 50*time.Millisecond)

	secrets := keyTexts(t, filepath.Join(data, "keys"))
	require.NotEmpty(t, secrets)
	secrets = append(secrets, planted)
	var seen bytes.Buffer
	for _, bearer := range []string{planted + "-token", p.token + "x", "eyJhbGciOiJub25lIn0." + planted + ".", p.token} {
		for _, path := range []string{"/metrics", "/v1/reports", "/readyz", "/v1/nowhere?token=" + planted, "/openapi.json"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+path, nil)
			require.NoError(t, err)
			request.Header.Set("Authorization", "Bearer "+bearer)
			request.Header.Set("Cookie", "session="+planted)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			_, err = io.Copy(&seen, response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
		}
	}
	_, _, err = p.tryPost([]byte(`{"kind":`))
	require.NoError(t, err)
	p.kill()
	seen.Write(p.log.Bytes())
	require.Contains(t, seen.String(), "level=DEBUG")
	for _, secret := range secrets {
		// What the requests themselves brought may stand in the answer that refuses it.
		require.NotContains(t, strings.ReplaceAll(seen.String(), "token="+planted, ""), secret)
	}
}

// keyTexts are the contents of a key folder, and their usual forms.
func keyTexts(t *testing.T, dir string) (texts []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) == 0 { // a lock
			return err
		}
		texts = append(texts, hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw))
		if text := strings.TrimSpace(string(raw)); len(text) >= 16 {
			texts = append(texts, text)
		}
		return nil
	}))
	return texts
}

// A process that cannot get in says why, soon, and ends; what it was given to get in
// with stands nowhere.
func TestWrongTransportEndsTheProcess(t *testing.T) {
	address, flags := securedKafka(t)
	wrong := append(flags, "--kafka-password-file", textFile(t, planted+"-wrong"))
	stranger := trusttest.NewAuthority(t)
	nobody := freeAddress(t)
	store := "http://user:" + planted + "@" + nobody + "/db"
	for _, test := range []struct {
		name string
		args []string
		want []string
	}{
		{"wrong password", append([]string{"gateway", "--clickhouse", store}, wrong...), []string{"SASL Authentication Failed", "holds a password"}},
		{"wrong authority", append(append([]string{"sink", "--clickhouse-file", textFile(t, store)}, wrong...), "--kafka-ca", stranger.File()), []string{"unknown authority"}},
		{"plain text", []string{"forwarder", "--integrators", "demo", "--clickhouse", store, "--brokers", address}, []string{"want TLS"}},
		{"no store", []string{"migrate", "--clickhouse", store, "--clickhouse-read", store}, []string{"ping store", "connection refused"}},
		{"everything wrong", []string{
			"gateway", "--brokers", "k.example.vn:9092", "--kafka-sasl", "PLAIN", "--kafka-user", "u", "--kafka-ca", "/nowhere",
			"--clickhouse", "ftp://user:" + planted + "@host/db", "--clickhouse-read", "http://user:" + planted + "@host/db?secure=true", "--clickhouse-cert", "/nowhere",
		}, []string{"without TLS", "scheme", "SASL PLAIN without TLS", "TLS specify", "go together"}},
		{"address twice", []string{"api", "--clickhouse", store, "--clickhouse-file", textFile(t, store+"x")}, []string{"exclude each other"}},
		{"security of nothing", []string{"run", "--kafka-tls", "--clickhouse-read", store}, []string{"give --brokers", "go with --clickhouse"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := command(t, append(test.args, "--log-level", "debug", "--listen", "127.0.0.1:0")...)
			if test.args[0] == "migrate" {
				cmd = command(t, append(test.args, "--log-level", "debug")...)
			}
			cmd.Dir = t.TempDir()
			cmd.Env = append(cmd.Env, kafkaPassword+"="+planted+"-variable")
			begin := time.Now()
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			require.Less(t, time.Since(begin), 30*time.Second)
			for _, want := range test.want {
				require.Contains(t, string(out), want)
			}
			require.NotContains(t, string(out), planted)
		})
	}
}

func TestCommandLineWithPassword(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"atvsld", "api", "--clickhouse", "http://u:" + planted + "@h/d"}, []string{"--clickhouse"}},
		{[]string{"atvsld", "api", "-clickhouse=http://u:" + planted + "@h/d", "--clickhouse-read=http://h/d?password=" + planted}, []string{"--clickhouse", "--clickhouse-read"}},
		{[]string{"atvsld", "engine", "--engine-password", planted}, []string{"--engine-password"}},
		{[]string{"atvsld", "api", "--clickhouse", "http://u@h/d", "--clickhouse-file", "http://u:" + planted + "@h/d", "clickhouse", planted}, nil},
	} {
		var out bytes.Buffer
		warnOfCommandLine(slog.New(slog.NewTextHandler(&out, nil)), test.args)
		require.Equal(t, len(test.want), strings.Count(out.String(), "level=WARN"), "%q", test.args)
		for _, flag := range test.want {
			require.Contains(t, out.String(), "flag="+flag+"\n")
		}
		require.NotContains(t, out.String(), planted)
	}
}

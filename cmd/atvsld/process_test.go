package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/api"
	"atvsld/deploy/embedded/engine"
)

// binary is the real program, built once for all tests of this package, without
// cgo like the product.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "atvsld-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "atvsld")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// process is the real program running everything on one data folder. Tests that need no more than
// such programs run side by side: they wait much. Those that open a folder themselves do not,
// because the engine's library has one a process.
type process struct {
	t       *testing.T
	data    string
	address string
	token   string
	cmd     *exec.Cmd
	log     *bytes.Buffer
	exited  chan error
}

// start runs the program and waits until it is ready.
func start(t *testing.T, data string, args ...string) *process {
	t.Helper()
	needEngine(t)
	p := &process{t: t, data: data, address: freeAddress(t), log: &bytes.Buffer{}, exited: make(chan error, 1)}
	all := append([]string{"run", "--data", data, "--listen", p.address, "--log-level", "warn"}, args...)
	p.cmd = command(t, all...)
	p.cmd.Stderr = p.log
	require.NoError(t, p.cmd.Start())
	go func() { p.exited <- p.cmd.Wait() }()
	t.Cleanup(p.kill)
	p.waitReady(10 * time.Minute)
	token, err := os.ReadFile(filepath.Join(data, "keys", "local-token"))
	require.NoError(t, err)
	p.token = strings.TrimSpace(string(token))
	return p
}

// command prepares a run of the program. It lies in another folder than the
// engine library, so that must be named.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	library, err := engine.Locate("")
	require.NoError(t, err)
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "ATVSLD_ENGINE_LIBRARY="+library)
	return cmd
}

func needEngine(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the engine library exists for linux/amd64 only")
	}
}

// given are the addresses that tests have had: whoever was told one listens there only later.
var given sync.Map

func freeAddress(t *testing.T) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		require.NoError(t, l.Close())
		if _, again := given.LoadOrStore(address, true); !again {
			return address
		}
	}
}

func (p *process) waitReady(within time.Duration) {
	p.t.Helper()
	deadline := time.Now().Add(within)
	for time.Now().Before(deadline) {
		select {
		case err := <-p.exited:
			p.exited <- err
			p.t.Fatalf("the program ended before it was ready: %v\n%s", err, p.log)
		default:
		}
		response, err := http.Get("http://" + p.address + "/readyz")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("not ready within %s\n%s", within, p.log)
}

// kill ends the program like a power cut would.
func (p *process) kill() {
	if p.cmd.ProcessState != nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.exited
	p.exited <- nil
}

// stop ends it in order and fails the test if that is not clean.
func (p *process) stop() {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-p.exited:
		p.exited <- err
		require.NoError(p.t, err, "%s", p.log)
	case <-time.After(time.Minute):
		p.t.Fatalf("did not stop within a minute\n%s", p.log)
	}
}

// get asks with the token and decodes the answer.
func (p *process) get(path string, into any) int {
	p.t.Helper()
	return p.ask(path, p.token, into)
}

// public asks without a token.
func (p *process) public(path string, into any) int {
	p.t.Helper()
	return p.ask(path, "", into)
}

func (p *process) ask(path, token string, into any) int {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+p.address+path, nil)
	require.NoError(p.t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	if into != nil && response.StatusCode == http.StatusOK {
		require.NoError(p.t, json.Unmarshal(body, into, json.MatchCaseInsensitiveNames(true)), "%s: %.500s", path, body)
	}
	if into != nil && response.StatusCode != http.StatusOK {
		p.t.Fatalf("GET %s: %s %.500s", path, response.Status, body)
	}
	return response.StatusCode
}

// post files one report and returns the status and the answer.
func (p *process) post(raw []byte) (int, []byte) {
	p.t.Helper()
	status, body, err := p.tryPost(raw)
	require.NoError(p.t, err)
	return status, body
}

func (p *process) tryPost(raw []byte) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+p.address+"/v1/reports", bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// file files one report, which must be accepted, and returns its id.
func (p *process) file(raw []byte) string {
	p.t.Helper()
	status, body := p.post(raw)
	require.Equal(p.t, http.StatusAccepted, status, "%s", body)
	var receipt struct {
		ReportID string `json:"report_id"`
	}
	require.NoError(p.t, json.Unmarshal(body, &receipt))
	return receipt.ReportID
}

// batch files lines as the demonstration loader and returns the answers.
func (p *process) batch(lines [][]byte) []api.BatchRow {
	p.t.Helper()
	reader, writer := io.Pipe()
	go func() {
		out := bufio.NewWriter(writer)
		for _, l := range lines {
			_, _ = out.Write(l)
			_ = out.WriteByte('\n')
		}
		writer.CloseWithError(out.Flush())
	}()
	request, err := http.NewRequest(http.MethodPost, "http://"+p.address+"/v1/reports:batch", reader)
	require.NoError(p.t, err)
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set(api.LoaderHeader, "true")
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	require.Equal(p.t, http.StatusOK, response.StatusCode)
	scanner := bufio.NewScanner(response.Body)
	scanner.Buffer(nil, 4<<20)
	var rows []api.BatchRow
	for scanner.Scan() {
		var answer struct {
			api.BatchRow
			api.BatchEnd
		}
		require.NoError(p.t, json.Unmarshal(scanner.Bytes(), &answer))
		if answer.Summary != nil {
			return rows
		}
		require.Nil(p.t, answer.Error, "%s", scanner.Bytes())
		rows = append(rows, answer.BatchRow)
	}
	p.t.Fatalf("the answer broke off after %d rows: %v", len(rows), scanner.Err())
	return nil
}

// metric sums the samples of a metric over its labels.
func (p *process) metric(name string) (sum float64) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+p.address+"/metrics", nil)
	require.NoError(p.t, err)
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	scanner := bufio.NewScanner(response.Body)
	for scanner.Scan() {
		sample, value, ok := strings.Cut(scanner.Text(), " ")
		if base, _, _ := strings.Cut(sample, "{"); !ok || base != name {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		require.NoError(p.t, err)
		sum += n
	}
	return sum
}

// drained waits until the sink has stored n messages since the program started.
func (p *process) drained(n int) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return p.metric("atvsld_sink_stored_total") >= float64(n) }, 2*time.Minute, 50*time.Millisecond)
}

// openStopped opens the data of a program that has ended and calls look with a
// store on it.
func openStopped(t *testing.T, data string, look func(dsn string)) {
	t.Helper()
	c := engine.Default()
	c.DataDir = filepath.Join(data, "clickhouse")
	e, err := engine.Open(context.Background(), c)
	require.NoError(t, err)
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, e.Close(ctx))
	}()
	look(e.DSN())
}

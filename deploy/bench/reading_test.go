package bench

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Every report that the bench files is taken without a finding, at any time of the year,
// and no two are of one establishment.
func TestFilingsAreValid(t *testing.T) {
	data := seeds.Default()
	for _, day := range []time.Time{
		time.Date(2026, 1, 1, 0, 30, 0, 0, seeds.Local()), time.Date(2026, 6, 30, 12, 0, 0, 0, seeds.Local()),
		time.Date(2026, 7, 1, 0, 0, 1, 0, seeds.Local()), time.Date(2031, 12, 31, 23, 59, 0, 0, seeds.Local()),
	} {
		f := newFilings(day, data)
		reports := f.prepare(3_999_000, 2000)
		seen := map[uuid.UUID]bool{}
		for i := range reports.len() {
			require.NotContains(t, string(reports.at(i)), "\n")
			s, form, err := report.Decode(reports.at(i))
			require.NoError(t, err)
			require.Empty(t, report.Check(report.Context{Seeds: data, Now: day}, &s, form), "%s", reports.at(i))
			id := report.ReportID(s.Kind, s.Content.Identity())
			require.False(t, seen[id], "%s", reports.at(i))
			seen[id] = true
		}
	}
}

func TestQuotasAddUp(t *testing.T) {
	for _, size := range []int{1000, 100_000, 1_000_000, 20_000_000} {
		sum := 0
		for _, d := range loaded() {
			sum += quota(d.Kind, size)
		}
		require.Equal(t, size, sum*(lastYear-firstYear+1))
		// Small shares are rounded down, in favour of Annex XII.
		require.InEpsilon(t, float64(size)/10*0.9, quota(report.AnnexXII, size), 0.03)
	}
}

func TestSumMetric(t *testing.T) {
	text := "# HELP a_total x\n# TYPE a_total counter\na_total{kind=\"x y\"} 3\na_total{kind=\"z\"} 4.5\na_total_more 100\nb 1e+06\n"
	f := func(name string, want float64) {
		t.Helper()
		got, err := sumMetric([]byte(text), name)
		require.NoError(t, err)
		require.InDelta(t, want, got, 0)
	}
	f("a_total", 7.5)
	f("b", 1e6)
	f("c", 0)
	_, err := sumMetric([]byte("a x\n"), "a")
	require.Error(t, err)
}

func TestCPUTime(t *testing.T) {
	f := func(stat string, want time.Duration) {
		t.Helper()
		require.Equal(t, want, cpuTime(stat))
	}
	f("42 (atvsld) S 1 42 42 0 -1 4194560 1 2 3 4 150 25 0 0 20 0 9 0 100 1 1", 1750*time.Millisecond)
	f("42 (a) b) S 1 42 42 0 -1 4194560 1 2 3 4 1 0 0 0 20 0 9 0 100 1 1", 10*time.Millisecond)
	f("", 0)
	f("42 (cut", 0)
}

func TestUsageOfThisProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("there is no /proc on this system")
	}
	u := usageOf(os.Getpid())
	require.Greater(t, u.resident, int64(1<<20))
	require.GreaterOrEqual(t, u.peak, u.resident)
	require.Equal(t, usage{}, usageOf(1<<30), "no such process")
}

func TestEnvironmentOfTheProgram(t *testing.T) {
	kept := environment([]string{"PATH=/bin", "ATVSLD_CLICKHOUSE=clickhouse://prod", "ATVSLD_BROKERS=prod:9092", "ATVSLD_ENGINE_LIBRARY=/x.so"})
	require.Equal(t, []string{"PATH=/bin", "ATVSLD_ENGINE_LIBRARY=/x.so"}, kept)
}

func TestReadSummary(t *testing.T) {
	f := func(text string, want int, wrong string) {
		t.Helper()
		n, err := readSummary(strings.NewReader(text))
		require.Equal(t, want, n)
		if wrong == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, wrong)
	}
	row := `{"row":1,"status":202,"state":"accepted"}` + "\n"
	f(row+`{"summary":{"rows":1,"accepted":1,"replayed":0,"failed":0,"states":{},"dry_run":false,"demonstration":true}}`+"\n", 1, "")
	f(row, 0, "without its summary")
	f("", 0, "without its summary")
	f(row+`{"row":2,"status":422,"state":"refused"}`+"\n"+`{"summary":{"rows":2,"accepted":1,"failed":1,"states":{}}}`+"\n", 0, `"status":422`)
}

// A feed is whole lines, and ends by itself.
func TestFeed(t *testing.T) {
	f := newFilings(time.Now(), seeds.Default())
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(f.feed(context.Background(), writer, 0, 20*time.Millisecond, 0)) }()
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, line := range lines {
		require.Equal(t, string(f.append(nil, i)), line)
	}
}

// A feed at a rate does not run ahead of it.
func TestPacedFeed(t *testing.T) {
	f := newFilings(time.Now(), seeds.Default())
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(f.feed(context.Background(), writer, 0, 200*time.Millisecond, 500)) }()
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	lines := strings.Count(string(text), "\n")
	require.Positive(t, lines)
	require.LessOrEqual(t, lines, 110)
}

// What an offset's first look is decides the figure.
func TestSeen(t *testing.T) {
	start := time.Now()
	at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	w := &watcher{looks: []look{
		{at(0), nil}, {at(1), map[uint16]uint64{0: 4}}, {at(2), map[uint16]uint64{0: 4, 1: 0}}, {at(3), map[uint16]uint64{0: 9, 1: 0}},
	}}
	f := func(partition uint16, offset uint64, want int) {
		t.Helper()
		got, ok := w.seen(partition, offset)
		require.Equal(t, want >= 0, ok)
		if ok {
			require.Equal(t, at(want), got)
		}
	}
	f(0, 0, 1)
	f(0, 4, 1)
	f(0, 5, 3)
	f(0, 10, -1)
	f(1, 0, 2)
	f(2, 0, -1)
	require.Equal(t, []time.Duration{time.Second, time.Second, time.Second}, w.gaps())
}

func TestInDatabase(t *testing.T) {
	f := func(dsn, want string) {
		t.Helper()
		got, err := inDatabase(dsn, "x")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	f("clickhouse://u:p@h:9000", "clickhouse://u:p@h:9000/x")
	f("http://u:p@h:8123/default?secure=true", "http://u:p@h:8123/x?secure=true")
}

func TestValidate(t *testing.T) {
	c := Default()
	c.Executable = "atvsld"
	require.NoError(t, c.Validate())
	q := Quick()
	q.Executable = "atvsld"
	require.NoError(t, q.Validate())
	c.Duration, c.Starts, c.Connections, c.Backlog, c.Requests = 0, 0, 0, 0, 0
	c.Streams, c.Rates, c.Sizes = []int{0}, []int{0}, []int{1}
	c.ClickHouse, c.Brokers, c.Executable = "://", []string{"no port"}, ""
	err := c.Validate()
	for _, what := range []string{"program", "duration", "starts", "connections", "backlog", "requests", "streams", "rate", "size", "ClickHouse", "broker"} {
		require.ErrorContains(t, err, what)
	}
	_, err = Run(t.Context(), c)
	require.ErrorContains(t, err, "duration")
}

// A program that ends at once is told with its own words, and nothing is left behind.
func TestProgramThatEnds(t *testing.T) {
	c := tiny(t)
	c.Executable = executable
	c.EngineLibrary = "/nowhere/libchdb.so"
	_, err := Run(t.Context(), c)
	require.ErrorIs(t, err, errEnded)
	require.ErrorContains(t, err, "nowhere")
	left, err := os.ReadDir(c.Data)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestCallerReportsRefusals(t *testing.T) {
	var r loadResult
	p := serveTest(t, func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		switch string(body) {
		case "taken":
			w.WriteHeader(http.StatusAccepted)
		case "busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, "AXII-030")
		}
	})
	c, err := p.dial(t.Context(), http.MethodPost, "/v1/reports")
	require.NoError(t, err)
	defer c.close()
	require.NoError(t, r.send(c, []byte("taken")))
	require.NoError(t, r.send(c, []byte("busy")))
	require.ErrorContains(t, r.send(c, []byte("wrong")), "AXII-030")
	require.Len(t, r.times, 1)
	require.Equal(t, 1, r.busy)
}

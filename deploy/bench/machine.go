package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Machine holds the facts without which no figure means anything.
type Machine struct {
	Started   time.Time `json:"started"`
	Program   string    `json:"program"`
	Go        string    `json:"go"`
	Engine    string    `json:"engine" doc:"Version of ClickHouse"`
	OS        string    `json:"os"`
	Processor string    `json:"processor"`
	Cores     int       `json:"cores"`
	MemoryGiB float64   `json:"memory_gib"`
	// Load is the load average over the minute before the run: what else the machine did.
	Load      string `json:"load_before"`
	Data      string `json:"data"`
	Embedded  bool   `json:"embedded"`
	Arguments string `json:"arguments"`
}

func machine(c Config, dir string) Machine {
	m := Machine{
		Started: time.Now().Truncate(time.Second), Program: c.Version, Go: runtime.Version(),
		OS: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Data: dir,
		Embedded:  c.ClickHouse == "" && len(c.Brokers) == 0,
		Processor: procField("/proc/cpuinfo", "model name"), Engine: "not asked",
		Arguments: fmt.Sprintf("--duration %s --sizes %s", c.Duration, strings.Trim(strings.ReplaceAll(fmt.Sprint(c.Sizes), " ", ","), "[]")),
	}
	kib, _ := strconv.ParseFloat(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 64)
	m.MemoryGiB = kib / (1 << 20)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load, _, _ = strings.Cut(string(load), " ")
	}
	return m
}

func (m Machine) lines() []string {
	engines := "embedded broker and embedded ClickHouse"
	if !m.Embedded {
		engines = "engines given by address (their memory and processor time are not counted)"
	}
	return []string{
		fmt.Sprintf("%s, %s, Go %s, ClickHouse %s, %s", m.Started.Format(time.RFC3339), m.Program, strings.TrimPrefix(m.Go, "go"), m.Engine, engines),
		fmt.Sprintf("%s, %d cores, %s GiB of memory, %s; load average before the run: %s", m.Processor, m.Cores, digits(m.MemoryGiB), m.OS, m.Load),
		"client and server share these cores; what the client takes is printed, too",
		fmt.Sprintf("arguments: %s; data in %s", m.Arguments, m.Data),
	}
}

// procField returns the value of a "name: value" line, "unknown" where there is none.
func procField(path, name string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

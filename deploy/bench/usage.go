package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is what a process has taken so far. It is zero where there is no /proc.
type usage struct {
	resident, peak int64 // bytes
	cpu            time.Duration
}

// ticksPerSecond is USER_HZ, which Linux fixes at 100 for all that /proc tells.
const ticksPerSecond = 100

// usageOf reads the usage of a process.
func usageOf(pid int) usage {
	status := fmt.Sprintf("/proc/%d/status", pid)
	u := usage{resident: kibibytes(procField(status, "VmRSS")), peak: kibibytes(procField(status, "VmHWM"))}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u
	}
	u.cpu = cpuTime(string(stat))
	return u
}

// cpuTime reads user and system time (fields 14 and 15) of a stat line. The second field
// is the name in parentheses and may hold anything.
func cpuTime(stat string) time.Duration {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const user, system = 14 - 3, 15 - 3
	if len(fields) <= system {
		return 0
	}
	var ticks int64
	for _, field := range []string{fields[user], fields[system]} {
		n, _ := strconv.ParseInt(field, 10, 64)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

func kibibytes(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSuffix(text, " kB"), 10, 64)
	return n << 10
}

// forgetPeak lets the peak of a process begin anew. Where that is not possible the peak is
// that since its start.
func forgetPeak(pid int) { _ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0) }

// meter measures what processes take during a phase.
type meter struct {
	programs []*program
	before   []usage
	client   usage
}

func meterOf(programs ...*program) *meter {
	m := &meter{client: usageOf(os.Getpid())}
	for _, p := range programs {
		if p == nil {
			continue // an engine that is not ours
		}
		m.programs = append(m.programs, p)
		m.before = append(m.before, usageOf(p.pid()))
	}
	return m
}

const mib = 1 << 20

// fromHere lets the peaks of the processes begin anew.
func (m *meter) fromHere() *meter {
	for _, p := range m.programs {
		forgetPeak(p.pid())
	}
	return m
}

// memory adds the memory of each process to the phase.
func (m *meter) memory(p *Phase) {
	for _, program := range m.programs {
		u := usageOf(program.pid())
		p.number("rss_"+program.role, "memory of `"+program.role+"` at the end", float64(u.resident)/mib, "MiB")
		p.number("rss_peak_"+program.role, "its peak in this phase", float64(u.peak)/mib, "MiB")
	}
}

// cpu adds the processor time of each process and of the client since the meter began,
// for each of n reports.
func (m *meter) cpu(p *Phase, id string, n int, of string) {
	perReport := func(after, before usage) float64 {
		return float64((after.cpu - before.cpu).Microseconds()) / float64(max(n, 1))
	}
	for i, program := range m.programs {
		p.number(id+"cpu_"+program.role, "processor time of `"+program.role+"`"+of, perReport(usageOf(program.pid()), m.before[i]), "µs/report")
	}
	p.number(id+"cpu_client", "processor time of the client"+of, perReport(usageOf(os.Getpid()), m.client), "µs/report")
}

// speed is how fast reports were stored, and what each took of the processor (µs), all
// processes together.
type speed struct{ rate, cpu float64 }

// all is the processor time of processes and client since the meter began, for each of
// n reports.
func (m *meter) all(n int) float64 {
	sum := usageOf(os.Getpid()).cpu - m.client.cpu
	for i, program := range m.programs {
		sum += usageOf(program.pid()).cpu - m.before[i].cpu
	}
	return float64(sum.Microseconds()) / float64(max(n, 1))
}

package bench

import (
	"log/slog"
	"os"
	"strconv"
	"testing"
)

func TestOnlyDrain(t *testing.T) {
	c := Default()
	c.Executable = os.Getenv("EXE")
	if c.Executable == "" {
		t.Skip()
	}
	c.Backlog, _ = strconv.Atoi(os.Getenv("BACKLOG"))
	c.Out = os.Stdout
	c.Log = slog.Default()
	c.Data = "/tmp/sp"
	b := &bench{Config: c}
	var err error
	if b.dir, err = os.MkdirTemp(c.Data, "drain-"); err != nil {
		t.Fatal(err)
	}
	b.machine = machine(c, b.dir)
	ph, err := b.measureDrain(t.Context())
	Result{Machine: b.machine, Phases: ph}.write(os.Stdout)
	if err != nil {
		t.Fatal(err)
	}
	b.clean(t.Context())
}

package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// childFolder tells the test binary to be the program that dies.
const childFolder = "ATVSLD_TEST_KAFKA_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

// child starts a program that would run for ever, says its process id and is killed.
func child(dir string) {
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		panic(err)
	}
	p, err := spawn("sleep", []string{"600"}, dir, out)
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pid"), fmt.Append(nil, p.cmd.Process.Pid), 0o600); err != nil {
		panic(err)
	}
	<-p.exited
}

func start(t *testing.T, brokers int) *Cluster {
	t.Helper()
	mode := os.Getenv("ATVSLD_TEST_KAFKA")
	if mode == "no" {
		t.Skip("ATVSLD_TEST_KAFKA=no")
	}
	c, err := Start(t.Context(), t.TempDir(), brokers)
	if mode == "" && (errors.Is(err, ErrNoJava) || errors.Is(err, ErrNoMaven)) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func TestABrokerDiesAndComesBack(t *testing.T) {
	begin := time.Now()
	c := start(t, 1)
	t.Logf("one broker answers after %s", time.Since(begin).Round(10*time.Millisecond))
	alive := func() int {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		n, _ := members(ctx, c.brokers[0])
		return n
	}
	require.Equal(t, 1, alive())
	require.ErrorContains(t, c.Restart(t.Context(), 1), "runs")
	require.NoError(t, c.Kill(1))
	require.Zero(t, alive())
	require.ErrorContains(t, c.Kill(1), "does not run")
	require.ErrorContains(t, c.Kill(2), "no broker 2")
	require.NoError(t, c.Restart(t.Context(), 1))
	require.Equal(t, 1, alive())
	begin = time.Now()
	require.NoError(t, c.Close())
	t.Logf("it stops in %s", time.Since(begin).Round(10*time.Millisecond))
	require.Zero(t, alive())
	require.NoError(t, c.Close(), "twice")
}

// Every file on the class path is one that was expected.
func TestJarsAreChecked(t *testing.T) {
	dir := t.TempDir()
	require.ErrorContains(t, check(dir), "92 jars are missing")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "stranger.jar"), []byte("x"), 0o600))
	require.ErrorContains(t, check(dir), "does not belong there")
	require.NoError(t, os.Remove(filepath.Join(dir, "stranger.jar")))
	_, first, _ := strings.Cut(strings.SplitN(string(sums), "\n", 2)[0], "  ")
	require.NoError(t, os.WriteFile(filepath.Join(dir, first), []byte("x"), 0o600))
	require.ErrorContains(t, check(dir), "is not the file that was expected")
}

func TestWithoutJavaOrMaven(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Start(t.Context(), t.TempDir(), 1)
	require.ErrorIs(t, err, ErrNoJava)
	require.ErrorIs(t, fetch(t.Context(), filepath.Join(t.TempDir(), "jars")), ErrNoMaven)
}

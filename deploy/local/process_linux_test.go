package local

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whoever starts a broker and is killed leaves no broker behind.
func TestNothingOutlivesItsStarter(t *testing.T) {
	dir := t.TempDir()
	starter := exec.CommandContext(t.Context(), os.Args[0])
	starter.Env = append(os.Environ(), childFolder+"="+dir)
	require.NoError(t, starter.Start())
	var pid int
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(filepath.Join(dir, "pid"))
		pid, _ = strconv.Atoi(string(text))
		return pid > 0
	}, 2*time.Minute, 10*time.Millisecond)
	require.True(t, sleeps(pid))
	require.NoError(t, starter.Process.Kill())
	require.Error(t, starter.Wait())
	require.Eventually(t, func() bool { return !sleeps(pid) }, 2*time.Minute, 10*time.Millisecond)
}

// sleeps tells whether the process exists and is not just waiting to be reaped.
func sleeps(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

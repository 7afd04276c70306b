package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOpenMakesPrivateFilesOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "keys")
	first, err := fingerprint(open(t, dir))
	require.NoError(t, err)
	second, err := fingerprint(open(t, dir))
	require.NoError(t, err)
	require.Equal(t, first, second)

	var files []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := d.Info()
		require.NoError(t, err)
		if d.IsDir() {
			require.Equal(t, fs.FileMode(0o700), info.Mode().Perm(), path)
			return nil
		}
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), path)
		name, err := filepath.Rel(dir, path)
		files = append(files, filepath.ToSlash(name))
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []string{"audit", "audit.pub", "inbox/1", "issuer", "local-token", "lock", "master", "pseudonym", "receipt", "receipt.pub", "session", "years/2025"}, files)
}

func TestTwoDirectoriesShareNothing(t *testing.T) {
	one, err := fingerprint(open(t, t.TempDir()+"/keys"))
	require.NoError(t, err)
	two, err := fingerprint(open(t, t.TempDir()+"/keys"))
	require.NoError(t, err)
	parts := strings.Fields(two)
	for i, part := range strings.Fields(one) {
		require.NotEqual(t, part, parts[i])
	}
}

func TestGoroutinesAgreeOnOneSetOfKeys(t *testing.T) {
	for range 10 {
		dir := t.TempDir() + "/keys"
		const n = 32
		prints, errs := make([]string, n), make([]error, n)
		start := make(chan struct{})
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				<-start
				k, err := Open(dir)
				if err != nil {
					errs[i] = err
					return
				}
				prints[i], errs[i] = fingerprint(k)
			})
		}
		close(start)
		group.Wait()
		for i := range n {
			require.NoError(t, errs[i])
			require.Equal(t, prints[0], prints[i])
		}
		requireNoTemps(t, dir)
	}
}

func TestProcessesAgreeOnOneSetOfKeys(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for range 3 {
		dir := t.TempDir() + "/keys"
		const n = 8
		outs, errs := make([]string, n), make([]error, n)
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				cmd := exec.CommandContext(t.Context(), self)
				cmd.Env = append(os.Environ(), childDir+"="+dir)
				out, err := cmd.CombinedOutput()
				outs[i], errs[i] = string(out), err
			})
		}
		group.Wait()
		for i := range n {
			require.NoError(t, errs[i], outs[i])
			require.Equal(t, outs[0], outs[i])
		}
		requireNoTemps(t, dir)
	}
}

func requireNoTemps(t *testing.T, dir string) {
	t.Helper()
	for _, pattern := range []string{dir + "/.new-*", dir + "/years/.new-*"} {
		left, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

func TestOpenRefusesFilesOthersCanRead(t *testing.T) {
	f := func(name string, mode fs.FileMode, want string) {
		t.Helper()
		dir := t.TempDir() + "/keys"
		_, err := fingerprint(open(t, dir))
		require.NoError(t, err)
		require.NoError(t, os.Chmod(filepath.Join(dir, name), mode))
		_, err = Open(dir)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, filepath.Join(dir, name))
	}
	f("master", 0o640, "run chmod 600")
	f("master", 0o604, "run chmod 600")
	f("pseudonym", 0o644, "run chmod 600")
	f("receipt", 0o660, "run chmod 600")
	f("local-token", 0o644, "run chmod 600")
	f("years/2025", 0o644, "run chmod 600")
	f("years", 0o750, "run chmod 700")
	f(".", 0o755, "run chmod 700")
}

func TestOpenRefusesDamagedAndMissingKeys(t *testing.T) {
	f := func(name, content, want string) {
		t.Helper()
		dir := t.TempDir() + "/keys"
		_, err := fingerprint(open(t, dir))
		require.NoError(t, err)
		path := filepath.Join(dir, name)
		if content == "" {
			require.NoError(t, os.Remove(path))
		} else {
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		}
		before := tree(t, dir)
		_, err = Open(dir)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, name)
		require.Equal(t, before, tree(t, dir), "a refused start changes nothing")
	}
	zeros := strings.Repeat("0", 64)
	f("master", "", "restore it from a backup")
	f("pseudonym", "", "restore it from a backup")
	f("master", zeros[1:], "damaged: want 64 hex digits")
	f("master", strings.Repeat("x", 64), "damaged: want 64 hex digits")
	f("master", strings.Repeat("0", 5000), "longer than 4096 bytes")
	f("pseudonym", zeros+"00", "damaged: want 64 hex digits")
	f("receipt", "no PEM", "want a PEM block")
	f("issuer", "no PEM", "want a PEM block")
	f("receipt", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "want an Ed25519 key")
	f("receipt.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "does not belong to")
	f("local-token", "atvsld_local_short", "damaged")
	f("local-token", strings.Repeat("A", 43), "damaged")
	f("years/2025", "{}", "damaged")
	f("years/2025", `{"id":"2024-0123456789abcdef","wrapped":""}`, "another year")
	f("years/2025", `{"id":"2025-0123456789abcdef","wrapped":"AAAA"}`, "does not open under this master key")
}

func TestOpenRefusesAnotherMasterKey(t *testing.T) {
	dir := t.TempDir() + "/keys"
	_, err := fingerprint(open(t, dir))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "master"), []byte(strings.Repeat("ab", 32)), 0o600))
	_, err = Open(dir)
	require.ErrorContains(t, err, "restore the file and the master key from one backup")
}

func TestReceiptKeyAndTokenCanBeReplaced(t *testing.T) {
	dir := t.TempDir() + "/keys"
	before := open(t, dir)
	for _, name := range []string{"receipt", "receipt.pub", "issuer", "local-token"} {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	after := open(t, dir)
	require.NotEqual(t, before.ReceiptKeyID(), after.ReceiptKeyID())
	require.NotEqual(t, before.IssuerKeyID(), after.IssuerKeyID())
	require.NotEqual(t, before.LocalToken(), after.LocalToken())
	require.Equal(t, before.Pseudonym("person", "1"), after.Pseudonym("person", "1"))
}

func TestOpenRemovesStaleTemps(t *testing.T) {
	dir := t.TempDir() + "/keys"
	open(t, dir)
	stale, fresh := filepath.Join(dir, "years", tempPrefix+"1"), filepath.Join(dir, tempPrefix+"2")
	for _, path := range []string{stale, fresh} {
		require.NoError(t, os.WriteFile(path, []byte("key"), 0o600))
	}
	old := time.Now().Add(-2 * staleAfter)
	require.NoError(t, os.Chtimes(stale, old, old))
	open(t, dir)
	require.NoFileExists(t, stale)
	require.FileExists(t, fresh, "a process that starts now may be writing it")
}

func TestNothingPrintsASecret(t *testing.T) {
	k := open(t, t.TempDir()+"/keys")
	_, err := fingerprint(k)
	require.NoError(t, err)
	type holder struct {
		Shown  *Keys
		hidden *Keys
	}
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		fmt.Fprintf(&text, verb+"\n", k)
		fmt.Fprintf(&text, verb+"\n", holder{Shown: k, hidden: k})
		fmt.Fprintf(&text, verb+"\n", &holder{Shown: k, hidden: k})
	}
	fmt.Fprintln(&text, k.String(), k.GoString())
	for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
		slog.New(handler).Info("started", "keys", k, "holder", holder{Shown: k, hidden: k})
	}
	marshalled, err := json.Marshal(map[string]any{"keys": k})
	require.NoError(t, err)
	text.Write(marshalled)

	require.Contains(t, text.String(), "keys(", "the directory is printed")
	leak := fmt.Sprintf("%v", *k.secrets)
	var seen int
	for _, secret := range secretsOf(t, k) {
		require.NotContains(t, text.String(), secret)
		if strings.Contains(leak, secret) {
			seen++
		}
	}
	require.GreaterOrEqual(t, seen, 3, "the search does find the secrets where they are printed")
}

func TestErrorsPrintNoSecret(t *testing.T) {
	dir := t.TempDir() + "/keys"
	open(t, dir)
	const secret = "0123456789abcdef0123456789abcdef"
	for _, name := range []string{"master", "pseudonym", "receipt", "issuer", "local-token"} {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(secret+"z"), 0o600))
		_, err = Open(dir)
		require.Error(t, err)
		require.NotContains(t, err.Error(), secret)
		require.NoError(t, os.WriteFile(path, good, 0o600))
	}
}

// tree maps every file of the directory to its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[path] = string(data)
		return err
	})
	require.NoError(t, err)
	return out
}

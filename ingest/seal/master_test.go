package seal

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Environment of a copy of the test binary that rotates the master key and dies on the way.
const (
	rotateDir  = "ATVSLD_TEST_SEAL_ROTATE_DIR"
	rotateDies = "ATVSLD_TEST_SEAL_ROTATE_DIES"
)

// rotateChild ends itself at the given step of a rotation, as by kill -9.
func rotateChild(dir string, dies int) int {
	k, err := Open(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	at := 0
	k.step = func() {
		if at++; at == dies {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			select {}
		}
	}
	if _, err := k.RotateMaster(); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("rotated", at)
	return 0
}

func rotateAndDie(t *testing.T, dir string, dies int) (finished bool) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), rotateDir+"="+dir, rotateDies+"="+strconv.Itoa(dies))
	out, err := cmd.CombinedOutput()
	if err == nil {
		require.Contains(t, string(out), "rotated")
		return true
	}
	require.ErrorContains(t, err, "killed", string(out))
	return false
}

func TestRotatedMasterOpensEverything(t *testing.T) {
	dir := t.TempDir() + "/keys"
	here, elsewhere := open(t, dir), open(t, dir)
	slots := []Slot{{2024, ""}, {2024, "accident"}, {2025, "health"}}
	all := sealAll(t, here, slots...)
	require.Equal(t, slots, opens(t, elsewhere, all))
	old, err := os.ReadFile(filepath.Join(dir, "master"))
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Link(filepath.Join(dir, "master"), link))

	wrapped, err := here.RotateMaster()
	require.NoError(t, err)
	require.Equal(t, 3, wrapped)
	fresh, err := os.ReadFile(filepath.Join(dir, "master"))
	require.NoError(t, err)
	require.NotEqual(t, old, fresh)
	blanked, err := os.ReadFile(link)
	require.NoError(t, err)
	require.NotContains(t, string(blanked), strings.TrimSpace(string(old)))
	require.NoFileExists(t, filepath.Join(dir, nextMaster))

	for _, k := range []*Keys{here, elsewhere, open(t, dir)} {
		require.Equal(t, slots, opens(t, k, all))
	}
	// A key that a process made which was running before the rotation opens under the new one.
	later := sealAll(t, elsewhere, Slot{2026, "accident"})
	require.Len(t, opens(t, open(t, dir), later), 1)
	// A destroyed key does not come back.
	require.NoError(t, elsewhere.Destroy(slots[1], "A", "r"))
	wrapped, err = here.RotateMaster()
	require.NoError(t, err)
	require.Equal(t, 3, wrapped, "three keys are left")
	require.Equal(t, []Slot{slots[0], slots[2]}, opens(t, open(t, dir), all))
}

// Wherever a rotation is cut short, the directory opens, processes that were running go on,
// new keys can be made, and the next rotation comes to its end.
func TestKilledRotation(t *testing.T) {
	for dies := 1; ; dies++ {
		dir := t.TempDir() + "/keys"
		running := open(t, dir)
		slots := []Slot{{2024, ""}, {2024, "accident"}, {2025, "health"}}
		all := sealAll(t, running, slots...)
		finished := rotateAndDie(t, dir, dies)
		require.Equal(t, slots, opens(t, running, all), "running, killed at step %d", dies)
		require.Equal(t, slots, opens(t, open(t, dir), all), "new, killed at step %d", dies)
		all = append(all, sealAll(t, running, Slot{2026, "accident"})...)
		require.Len(t, opens(t, open(t, dir), all), 4)

		_, err := open(t, dir).RotateMaster()
		require.NoError(t, err)
		require.Len(t, opens(t, running, all), 4)
		require.Len(t, opens(t, open(t, dir), all), 4)
		require.NoFileExists(t, filepath.Join(dir, nextMaster))
		if finished {
			require.Greater(t, dies, 6, "every step was tried")
			return
		}
	}
}

// Sealing, opening, destroying, rotating and dying in any order: what was sealed opens until
// its key is destroyed, in every process.
func TestKeysProperty(t *testing.T) {
	base, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		dir := filepath.Join(base, strconv.Itoa(runs))
		processes := []*Keys{open(t, dir), open(t, dir)}
		slot := rapid.Custom(func(t *rapid.T) Slot {
			return Slot{rapid.IntRange(2019, 2020).Draw(t, "year"), rapid.SampledFrom([]string{"", "accident", "health"}).Draw(t, "class")}
		})
		process := func(t *rapid.T) *Keys { return rapid.SampledFrom(processes).Draw(t, "process") }
		var sealed []sealedText
		gone := map[Slot]bool{}
		destroyed := func(s Slot) bool { return gone[s] || gone[Slot{Year: s.Year}] }
		t.Repeat(map[string]func(*rapid.T){
			"seal": func(t *rapid.T) {
				s := slot.Draw(t, "slot")
				text, id, err := process(t).Seal(s, []byte(s.String()), AAD(reportA, 1))
				if destroyed(s) {
					require.ErrorIs(t, err, ErrKeyDestroyed)
					return
				}
				require.NoError(t, err)
				sealed = append(sealed, sealedText{s, id, text})
			},
			"destroy": func(t *rapid.T) {
				s := slot.Draw(t, "slot")
				require.NoError(t, process(t).Destroy(s, "A", "r"))
				gone[s] = true
			},
			"rotate": func(t *rapid.T) {
				_, err := process(t).RotateMaster()
				require.NoError(t, err)
			},
			"die in a rotation": func(t *rapid.T) {
				k := process(t)
				dies := rapid.IntRange(1, 8).Draw(t, "step")
				dieAt(k, dies)
			},
			"restart": func(t *rapid.T) {
				processes[rapid.IntRange(0, 1).Draw(t, "which")] = open(t, dir)
			},
			"": func(t *rapid.T) {
				for _, k := range processes {
					var want []Slot
					for _, s := range sealed {
						if !destroyed(s.slot) {
							want = append(want, s.slot)
						}
					}
					require.Equal(t, want, opens(t, k, sealed))
				}
			},
		})
	})
}

// dieAt leaves a rotation at a step, as a crash does: nothing behind the step runs but what
// the system does for a dead process.
func dieAt(k *Keys, dies int) {
	type died struct{}
	defer func() {
		k.step = nil
		if r := recover(); r != nil {
			if _, ok := r.(died); !ok {
				panic(r)
			}
		}
	}()
	at := 0
	k.step = func() {
		if at++; at == dies {
			panic(died{})
		}
	}
	_, _ = k.RotateMaster()
}

// While one process rotates, others seal and open without an error.
func TestRotationUnderLoad(t *testing.T) {
	dir := t.TempDir() + "/keys"
	k := open(t, dir)
	all := sealAll(t, k, Slot{2024, ""}, Slot{2024, "accident"}, Slot{2025, "health"})
	stop := make(chan struct{})
	errs := make([]error, 4)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				if errs[i] = sealAndOpen(dir, all, Slot{2026 + n%900, "accident"}); errs[i] != nil {
					return
				}
			}
		})
	}
	for range 20 {
		_, err := k.RotateMaster()
		require.NoError(t, err)
	}
	close(stop)
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// sealAndOpen does as a process that has just started.
func sealAndOpen(dir string, all []sealedText, slot Slot) error {
	k, err := Open(dir)
	if err != nil {
		return err
	}
	for _, one := range all {
		if _, err := k.Unseal(one.id, one.text, AAD(reportA, 1)); err != nil {
			return err
		}
	}
	text, id, err := k.Seal(slot, []byte("x"), AAD(reportA, 1))
	if err != nil {
		return err
	}
	_, err = k.Unseal(id, text, AAD(reportA, 1))
	return err
}

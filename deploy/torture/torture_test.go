package torture

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"atvsld/deploy/embedded/engine"
)

func TestMain(m *testing.M) {
	if IsBroker() {
		if err := ServeBroker(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// faultsVariable of the environment says how many faults the campaign of the tests has.
const faultsVariable = "ATVSLD_TEST_TORTURE"

// program builds what is tortured.
func program(t *testing.T) Config {
	t.Helper()
	library, err := engine.Locate("")
	if err != nil {
		t.Skip("the engine library is not there: ", err)
	}
	c := Default()
	c.Binary, c.EngineLibrary, c.Dir, c.Out = filepath.Join(t.TempDir(), "atvsld"), library, t.TempDir(), t.Output()
	build := exec.Command("go", "build", "-tags", "torture", "-o", c.Binary, "atvsld/cmd/atvsld")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return c
}

// A short campaign; `make torture` runs longer ones.
func TestCampaign(t *testing.T) {
	c := program(t)
	c.Faults, c.Seed = 5, 1
	if given := os.Getenv(faultsVariable); given != "" {
		var err error
		c.Faults, err = strconv.Atoi(given)
		require.NoError(t, err, faultsVariable)
	}
	result, err := Run(t.Context(), c)
	require.NoError(t, err)
	t.Log(result.Summary())
	require.True(t, result.Clean(), "%+v", result)
	require.Equal(t, c.Faults, result.Faults)
	require.NotZero(t, result.Receipts)
}

func TestConfigFindsEverything(t *testing.T) {
	require.ErrorContains(t, Config{}.Validate(), "no program is given")
	require.Error(t, Config{Faults: -1}.Validate())
	c := Default()
	c.Binary = "x"
	require.NoError(t, c.Validate())
	c.Aim = true
	require.ErrorContains(t, c.Validate(), "an aim needs a flaw")
}

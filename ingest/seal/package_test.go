package seal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

// childDir names the key directory that a copy of the test binary opens as another process.
const childDir = "ATVSLD_TEST_SEAL_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	if dir := os.Getenv(rotateDir); dir != "" {
		dies, _ := strconv.Atoi(os.Getenv(rotateDies))
		os.Exit(rotateChild(dir, dies))
	}
	goleak.VerifyTestMain(m)
}

// child opens the directory and prints what shows which keys it got.
func child(dir string) int {
	k, err := Open(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	keys, err := fingerprint(k)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(keys)
	return 0
}

// fingerprint is equal for two processes only if all their keys are.
func fingerprint(k *Keys) (string, error) {
	sealed, id, err := k.Seal(Slot{Year: 2025}, []byte("text"), []byte("aad"))
	if err != nil {
		return "", err
	}
	text, err := k.Unseal(id, sealed, []byte("aad"))
	if err != nil || string(text) != "text" {
		return "", errors.Join(err, errors.New("text does not come back"))
	}
	return strings.Join([]string{id, k.Pseudonym("person", "1"), k.ReceiptKeyID(), k.IssuerKeyID(), k.InboxKeys().Keys[0].KeyID, k.LocalToken()}, " "), nil
}

func open(t rapid.TB, dir string) *Keys {
	t.Helper()
	k, err := Open(dir)
	require.NoError(t, err)
	return k
}

// secretsOf lists every secret of the directory in the forms in which it might leak.
func secretsOf(t *testing.T, k *Keys) []string {
	t.Helper()
	var out []string
	for _, name := range []string{"pseudonym", "master", "receipt", "issuer", "local-token", "inbox/1"} {
		data, err := os.ReadFile(k.path(name))
		require.NoError(t, err)
		out = append(out, strings.TrimSpace(string(data)))
	}
	for _, raw := range [][]byte{k.secrets.pseudonym, k.secrets.receipt.Seed(), k.secrets.issuer.Seed()} {
		out = append(out, string(raw), hex.EncodeToString(raw), strings.Trim(fmt.Sprintf("%d", raw), "[]"), fmt.Sprintf("%#v", raw))
	}
	return out
}

// Package seal holds the platform's keys and does what needs them: it encrypts the personal
// text of a report before the report leaves the gateway, turns identities into keyed
// pseudonyms, and knows the local token and the key that signs receipts.
//
// Key directory (0700, files 0600), made at the first start and shared by all gateways:
//
//	pseudonym             HMAC-SHA256 key of the pseudonyms, 64 hex digits
//	master                AES-256 key that wraps the data keys, 64 hex digits
//	master.next           the one that an unfinished rotation leads to
//	years/2025-accident   AES-256 data key of one year and retention class, wrapped by the master key
//	years/2025            the same from before there were classes: all kinds of one year
//	years/2025-accident.destroyed, years/2025.destroyed
//	                      tombstone: the key, or all of the year, was destroyed and is never made again
//	lock                  empty; locked while keys are made, destroyed or wrapped anew
//	receipt, receipt.pub  Ed25519 key pair that signs receipts, PEM (PKCS #8, PKIX)
//	audit, audit.pub      Ed25519 key pair that signs the audit log; audit-….pub are earlier ones
//	inbox/1, inbox/2 …    P-256 keys to which integrators encrypt, PEM (PKCS #8); the highest is in use
//	issuer                Ed25519 key that signs the tokens of the local issuer, PEM (PKCS #8)
//	local-token           bearer token for local use
//	session               key of the cookies of the pages, 64 hex digits
//
// Back the directory up apart from the data, and purge a destroyed key from the backups too:
// erasure reaches only as far as the last copy of the key.
//
// Data keys change with every year by themselves; the master key changes by
// [Keys.RotateMaster]; the pseudonym key never changes, because it is what recognises a
// person who was reported before. None of them is ever replaced silently: when one is missing that
// must have existed, Open refuses to start. receipt (with receipt.pub), issuer, session and local-token may be
// removed by the operator and are then made anew at the next start; keep the old receipt.pub
// published, or the receipts of its time can no longer be verified. A new issuer key ends every
// token that the earlier one signed, once every process was started anew. Without the old
// session all who are signed in at the pages have to sign in again.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"atvsld/ingest/receipt"
)

// keySize is the length in bytes of every symmetric key here.
const keySize = 32

// Keys is the open key directory. It is safe for concurrent use, and it prints, logs and
// marshals as nothing but its directory.
type Keys struct {
	dir string
	// secrets is a pointer because fmt prints a nested pointer as an address, even where it
	// may not call the methods of the value that holds it.
	secrets *secrets

	// mu guards keys and secrets.master.
	mu   sync.RWMutex
	keys map[Slot]*dataKey

	// step is where a test ends a rotation; nil in the product.
	step func()
}

type secrets struct {
	pseudonym  []byte
	master     cipher.AEAD
	receipt    ed25519.PrivateKey
	issuer     ed25519.PrivateKey
	audit      ed25519.PrivateKey
	localToken string
	inbox      []inboxKey // the newest first, never empty
	cookies    cookieKeys
}

// Open reads the key directory and makes what is missing. Processes that start together on an
// empty directory agree on one set of keys.
//
// It fails when the directory or a key file is open to group or others, when a file is
// damaged, when a data key does not open under the master key, and when a key that must have
// existed is missing.
func Open(dir string) (*Keys, error) {
	k := &Keys{dir: dir, secrets: &secrets{}, keys: map[Slot]*dataKey{}}
	for _, d := range []string{dir, k.yearsDir(), k.inboxDir()} {
		if err := privateDir(d); err != nil {
			return nil, err
		}
		if err := removeStaleTemps(d); err != nil {
			return nil, err
		}
	}
	if err := k.openSymmetric(); err != nil {
		return nil, err
	}
	if err := k.locked(shared, func() error { return nil }); err != nil {
		return nil, err // where nothing can be locked, nothing may be made
	}
	if err := k.openReceipt(); err != nil {
		return nil, err
	}
	if err := k.openIssuer(); err != nil {
		return nil, err
	}
	if err := k.openAudit(); err != nil {
		return nil, err
	}
	if err := k.openLocalToken(); err != nil {
		return nil, err
	}
	if err := k.openSession(); err != nil {
		return nil, err
	}
	if err := k.openInbox(); err != nil {
		return nil, err
	}
	if err := k.checkKeys(); err != nil {
		return nil, err
	}
	return k, nil
}

// openSymmetric opens the pseudonym and the master key. They are made in the order pseudonym,
// master, years, and looked for in the opposite order. So whoever sees a later one knows that
// the earlier one existed, even while another process is starting.
func (k *Keys) openSymmetric() error {
	slots, err := k.presentSlots()
	if err != nil {
		return err
	}
	hasMaster, err := exists(k.path("master"))
	if err != nil {
		return err
	}
	if hasMaster {
		err = mustExist(k.path("pseudonym"), "a new one would no longer recognise a person who was reported before")
	}
	if err == nil && len(slots) > 0 {
		err = mustExist(k.path("master"), "a new one cannot open the data keys that are here")
	}
	if err != nil {
		return err
	}
	if k.secrets.pseudonym, err = obtainSymmetric(k.path("pseudonym")); err != nil {
		return err
	}
	if _, err = obtainSymmetric(k.path("master")); err != nil {
		return err
	}
	masters, err := k.masters()
	if err != nil {
		return err
	}
	k.secrets.master = masters[0]
	return nil
}

func mustExist(path, why string) error {
	ok, err := exists(path)
	if err != nil || ok {
		return err
	}
	return fmt.Errorf("key file %s is missing: restore it from a backup; %s", path, why)
}

func obtainSymmetric(path string) ([]byte, error) {
	data, _, err := obtain(path, func() ([]byte, error) {
		key := make([]byte, keySize)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		return []byte(hex.EncodeToString(key) + "\n"), nil
	})
	if err != nil {
		return nil, err
	}
	return parseSymmetric(path, data)
}

func parseSymmetric(path string, data []byte) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(string(data)))
	if err != nil || len(key) != keySize {
		// The cause would quote the content, so it is left out.
		return nil, fmt.Errorf("key file %s is damaged: want %d hex digits", path, 2*keySize)
	}
	return key, nil
}

// newAEAD returns AES-256-GCM that draws a random 96-bit nonce for each message and puts it
// before the ciphertext.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("set up AES-256: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("set up AES-256-GCM: %w", err)
	}
	return aead, nil
}

// ReceiptKey returns the private key that signs receipts.
func (k *Keys) ReceiptKey() ed25519.PrivateKey { return k.secrets.receipt }

// ReceiptKeyID returns the id of the receipt key: its RFC 7638 JWK thumbprint (SHA-256,
// base64url).
func (k *Keys) ReceiptKeyID() string {
	return receipt.KeyID(k.secrets.receipt.Public().(ed25519.PublicKey))
}

// String names the directory, and no secret.
func (k *Keys) String() string { return fmt.Sprintf("keys(%s)", k.dir) }

// GoString names the directory, and no secret.
func (k *Keys) GoString() string { return k.String() }

// Format answers every verb with String, because %x or %d would print the fields.
func (k *Keys) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(k.String())) }

// LogValue names the directory, and no secret.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

func (k *Keys) path(name string) string { return filepath.Join(k.dir, name) }

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for key file: %w", err)
	}
	return true, nil
}

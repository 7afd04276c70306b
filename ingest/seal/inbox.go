package seal

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/go-jose/go-jose/v4"
)

// inboxKey is a key pair to which integrators encrypt.
type inboxKey struct {
	number  int
	private *ecdsa.PrivateKey
	public  jose.JSONWebKey
}

// inboxName is the name of a key file: its number. The highest is the newest.
var inboxName = regexp.MustCompile(`^[1-9][0-9]{0,5}$`)

// InboxKeys returns the public keys to which integrators may encrypt, the one to use
// first: a key set to publish (RFC 7517).
func (k *Keys) InboxKeys() jose.JSONWebKeySet {
	var set jose.JSONWebKeySet
	for _, key := range k.secrets.inbox {
		set.Keys = append(set.Keys, key.public)
	}
	return set
}

// NewInboxKey makes a further key pair and returns its id. Processes that start after
// it (this one goes on as it is) publish it before the others and open letters to all of
// them, until the operator removes the file of an earlier one.
//
// It fails when another process makes one at the same moment.
func (k *Keys) NewInboxKey() (id string, err error) {
	next := 1
	if len(k.secrets.inbox) > 0 {
		next = k.secrets.inbox[0].number + 1
	}
	fresh, err := newInboxKey()
	if err != nil {
		return "", fmt.Errorf("make an inbox key: %w", err)
	}
	path := filepath.Join(k.inboxDir(), strconv.Itoa(next))
	have, _, err := obtain(path, func() ([]byte, error) { return fresh, nil })
	if err != nil {
		return "", err
	}
	if string(have) != string(fresh) {
		return "", fmt.Errorf("another process has just made %s", path)
	}
	key, err := openInboxKey(path, next)
	return key.public.KeyID, err
}

func (k *Keys) inboxDir() string { return k.path("inbox") }

// openInbox reads every inbox key and makes the first one.
func (k *Keys) openInbox() error {
	numbers, err := k.inboxNumbers()
	if err != nil {
		return err
	}
	if len(numbers) == 0 {
		numbers = []int{1}
	}
	keys := make([]inboxKey, len(numbers))
	for i, number := range numbers {
		if keys[i], err = openInboxKey(filepath.Join(k.inboxDir(), strconv.Itoa(number)), number); err != nil {
			return err
		}
	}
	k.secrets.inbox = keys
	return nil
}

// inboxNumbers lists the keys, the newest first.
func (k *Keys) inboxNumbers() ([]int, error) {
	entries, err := os.ReadDir(k.inboxDir())
	if err != nil {
		return nil, fmt.Errorf("list inbox keys: %w", err)
	}
	var numbers []int
	for _, entry := range entries {
		if !inboxName.MatchString(entry.Name()) {
			continue
		}
		number, err := strconv.Atoi(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("list inbox keys: %w", err)
		}
		numbers = append(numbers, number)
	}
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(b, a) })
	return numbers, nil
}

func openInboxKey(path string, number int) (inboxKey, error) {
	data, _, err := obtain(path, newInboxKey)
	if err != nil {
		return inboxKey{}, err
	}
	private, err := parseInboxKey(data)
	if err != nil {
		// The cause could quote the content, so it is left out.
		return inboxKey{}, fmt.Errorf("key file %s is damaged: want a PEM block %q with a P-256 key as PKCS #8", path, pemPrivate)
	}
	public := jose.JSONWebKey{Key: private.Public(), Algorithm: string(letterAlgorithm), Use: "enc"}
	sum, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return inboxKey{}, fmt.Errorf("name the key in %s: %w", path, err)
	}
	public.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	return inboxKey{number: number, private: private, public: public}, nil
}

func newInboxKey() ([]byte, error) {
	// P-256 and not X25519: every JOSE library has it without further parts.
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der}), nil
}

var errNoInboxKey = errors.New("not a P-256 key")

func parseInboxKey(data []byte) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemPrivate {
		return nil, errNoInboxKey
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errNoInboxKey
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errNoInboxKey
	}
	return private, nil
}

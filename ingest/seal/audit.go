package seal

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// AuditKey returns the private key that signs the audit log.
func (k *Keys) AuditKey() ed25519.PrivateKey { return k.secrets.audit }

// AuditKeys returns the public keys with which the audit log is verified: the one in use first,
// then those of files audit-….pub. When the key is replaced its audit.pub is kept under such a
// name, or what it signed can no longer be verified.
func (k *Keys) AuditKeys() ([]ed25519.PublicKey, error) {
	all := []ed25519.PublicKey{k.secrets.audit.Public().(ed25519.PublicKey)}
	earlier, err := filepath.Glob(k.path("audit-*.pub"))
	if err != nil {
		return nil, fmt.Errorf("look for earlier audit keys: %w", err)
	}
	slices.Sort(earlier)
	for _, path := range earlier {
		data, _, err := readPrivate(path)
		if err != nil {
			return nil, err
		}
		key, err := ParsePublicKey(data)
		if err != nil {
			return nil, fmt.Errorf("key file %s is damaged: %w", path, err)
		}
		all = append(all, key)
	}
	return all, nil
}

// ParsePublicKey reads an Ed25519 public key as audit.pub and receipt.pub hold it (PEM, PKIX).
func ParsePublicKey(data []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemPublic {
		return nil, fmt.Errorf("want a PEM block %q", pemPublic)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, ok := parsed.(ed25519.PublicKey)
	if err != nil || !ok {
		return nil, errors.New("want an Ed25519 key as PKIX")
	}
	return key, nil
}

// OpenAuditKey returns the key that signs the audit log to a command that needs no other. The
// directory must be that of the platform: a command that made one of its own would sign with a
// key that nobody publishes.
func OpenAuditKey(dir string) (ed25519.PrivateKey, error) {
	k := &Keys{dir: dir}
	there, err := exists(k.path("master"))
	if err == nil && !there {
		err = fmt.Errorf("there is no master key in it: %w", fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is not the key directory of a platform: %w", dir, err)
	}
	if err := privateDir(dir); err != nil {
		return nil, err
	}
	return openSigningPair(k.path("audit"))
}

func (k *Keys) openAudit() (err error) {
	k.secrets.audit, err = openSigningPair(k.path("audit"))
	return err
}

package seal

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"atvsld/ingest/receipt"
)

// IssuerKey returns the private key that signs the tokens of the local issuer.
func (k *Keys) IssuerKey() ed25519.PrivateKey { return k.secrets.issuer }

// IssuerKeyID returns the id of the issuer's key: its RFC 7638 JWK thumbprint (SHA-256,
// base64url).
func (k *Keys) IssuerKeyID() string {
	return receipt.KeyID(k.secrets.issuer.Public().(ed25519.PublicKey))
}

// openIssuer opens the key of the local issuer. It is another one than that of the receipts:
// receipts are kept for years, and it must be possible to take a new key for tokens any day.
func (k *Keys) openIssuer() (err error) {
	k.secrets.issuer, err = obtainEd25519(k.path("issuer"))
	return err
}

// obtainEd25519 reads an Ed25519 key as PKCS #8 in PEM, or makes it.
func obtainEd25519(path string) (ed25519.PrivateKey, error) {
	data, _, err := obtain(path, newEd25519)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemPrivate {
		return nil, fmt.Errorf("key file %s is damaged: want a PEM block %q", path, pemPrivate)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		// The cause could quote the content, so it is left out.
		return nil, fmt.Errorf("key file %s is damaged: want an Ed25519 key as PKCS #8", path)
	}
	return private, nil
}

// Package trust holds what clients of other servers need to trust them and to be trusted:
// certificates in files, and texts that no log may show.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Files name what a TLS client trusts and shows, as PEM. The zero value trusts the
// authorities of the system and shows nothing.
type Files struct {
	// CA holds the authorities that are trusted in place of those of the system.
	CA string
	// Cert and Key are the client's certificate, with what leads to its authority, and its
	// key.
	Cert, Key string
	// ServerName is expected in the server's certificate in place of its address.
	ServerName string
}

// Validate returns everything that is wrong with the files. It reads them.
func (f Files) Validate() error {
	var errs []error
	if _, err := f.authorities(); err != nil {
		errs = append(errs, err)
	}
	switch {
	case (f.Cert == "") != (f.Key == ""):
		errs = append(errs, errors.New("certificate and key go together"))
	case f.Cert != "":
		if _, err := f.certificate(); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Config is that of a client. Certificate and key are read anew for every connection, so
// that renewed files need no restart; the authorities are read now.
func (f Files) Config() (*tls.Config, error) {
	authorities, err := f.authorities()
	if err != nil {
		return nil, err
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities, ServerName: f.ServerName}
	if f.Cert != "" {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return f.certificate() }
	}
	return c, nil
}

// authorities are nil for those of the system.
func (f Files) authorities() (*x509.CertPool, error) {
	if f.CA == "" {
		return nil, nil // as crypto/tls takes it
	}
	text, err := os.ReadFile(f.CA)
	if err != nil {
		return nil, fmt.Errorf("authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("authorities: %s holds no certificate in PEM", f.CA)
	}
	return pool, nil
}

func (f Files) certificate() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
	if err != nil {
		return nil, fmt.Errorf("certificate of this client: %w", err)
	}
	return &pair, nil
}

// Secret is a text that no message, log or dump may show: formatted in whatever way, and
// as JSON, it is a row of stars. Only a conversion to string gives it away.
type Secret string

const hidden = "***"

// Format takes every verb, also those that would look past a String method.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// String is for what formats by itself.
func (Secret) String() string { return hidden }

// MarshalText is what encoders ask for, slog's among them.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// ReadSecret reads a file that holds one text, without the line end that editors leave.
func ReadSecret(file string) (Secret, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	secret := Secret(strings.TrimRight(string(text), "\r\n"))
	if secret == "" {
		return "", fmt.Errorf("%s is empty", file)
	}
	return secret, nil
}

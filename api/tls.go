package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Certificate is what the interface shows of itself in TLS. It is read anew when its files
// change, whatever way they were replaced; a pair that does not fit together is told in the
// log and the one before stays. It is safe for concurrent use.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	shown             atomic.Pointer[tls.Certificate]
	// seen is the digest of the files as they were looked at last.
	seen    [sha256.Size]byte
	reloads *prometheus.CounterVec
}

// LoadCertificate reads a certificate chain and its private key, both in PEM.
func LoadCertificate(certFile, keyFile string, log *slog.Logger, registry prometheus.Registerer) (*Certificate, error) {
	c := &Certificate{
		certFile: certFile, keyFile: keyFile, log: log,
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atvsld_tls_reloads_total", Help: "Changes of the certificate's files, by whether the new pair could be used."}, []string{"result"}),
	}
	if _, err := c.look(); err != nil {
		return nil, err
	}
	expiry := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "atvsld_tls_certificate_expiry_timestamp_seconds", Help: "When the shown certificate ends."},
		func() float64 { return float64(c.shown.Load().Leaf.NotAfter.Unix()) })
	if err := errors.Join(registry.Register(c.reloads), registry.Register(expiry)); err != nil {
		return nil, fmt.Errorf("register the metrics of TLS: %w", err)
	}
	return c, nil
}

// look reads the files and takes the pair if it is a new one.
func (c *Certificate) look() (changed bool, err error) {
	cert, err := os.ReadFile(c.certFile)
	if err != nil {
		return false, fmt.Errorf("read the certificate: %w", err)
	}
	key, err := os.ReadFile(c.keyFile)
	if err != nil {
		return false, fmt.Errorf("read the certificate's key: %w", err)
	}
	seen := sha256.Sum256(bytes.Join([][]byte{cert, key}, []byte{0}))
	if seen == c.seen {
		return false, nil
	}
	c.seen = seen
	// A file that is being written is seen again when it is whole.
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return false, fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
		return false, fmt.Errorf("certificate %s: %w", c.certFile, err)
	}
	if now := time.Now(); now.After(pair.Leaf.NotAfter) || now.Before(pair.Leaf.NotBefore) {
		return false, fmt.Errorf("certificate %s is valid from %s to %s only", c.certFile, pair.Leaf.NotBefore.Format(time.RFC3339), pair.Leaf.NotAfter.Format(time.RFC3339))
	}
	c.shown.Store(&pair)
	return true, nil
}

// Watch looks at the files until ctx ends.
func (c *Certificate) Watch(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	lost := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		changed, err := c.look()
		switch {
		case err != nil && !lost:
			c.reloads.WithLabelValues("kept the old").Inc()
			c.log.Error("the new certificate cannot be used; the old one stays", "error", err, "until", c.shown.Load().Leaf.NotAfter)
		case changed:
			c.reloads.WithLabelValues("taken").Inc()
			c.log.Info("a new certificate is in use", "until", c.shown.Load().Leaf.NotAfter)
		}
		// Files that are away are told once, not at every look.
		lost = err != nil
	}
}

// Server is the configuration of a server: TLS 1.2 or later, with the suites and curves that
// Go chooses, HTTP/2 and HTTP/1.1.
func (c *Certificate) Server() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.shown.Load(), nil },
	}
}

// Self is the configuration of a client within this process. It knows the server by the very
// certificate, whatever name that is for and whoever signed it.
func (c *Certificate) Self() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		// Verified below, by more than a name.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 || !bytes.Equal(state.PeerCertificates[0].Raw, c.shown.Load().Leaf.Raw) {
				return errors.New("another certificate than this process shows")
			}
			return nil
		},
	}
}

// Package brokertest runs the embedded broker's Kafka with TLS, names and rights, which
// the broker of one machine has not: it listens on loopback for its own process.
package brokertest

import (
	"crypto/tls"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
)

// Start runs a broker until the test ends and returns its address. Without options it
// speaks TLS to whom it trusts and knows nobody.
func Start(tb testing.TB, c *tls.Config, options ...kfake.Opt) string {
	tb.Helper()
	all := append([]kfake.Opt{kfake.NumBrokers(1)}, options...)
	if c != nil {
		all = append(all, kfake.TLS(c))
	}
	cluster, err := kfake.NewCluster(all...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(cluster.Close)
	return cluster.ListenAddrs()[0]
}

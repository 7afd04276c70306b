package local

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"atvsld/analytics/trust"
	"atvsld/ingest/queue"
)

// Security makes a cluster speak TLS and SASL (SCRAM-SHA-512) alone, and hold access lists:
// who is not on one may do nothing.
type Security struct {
	// CAFile holds the authority, CertFile and KeyFile the brokers' certificate (PEM).
	CAFile, CertFile, KeyFile string
	// Users are the names with their passwords, of letters, digits and hyphens; Admin is
	// the one of them that may do everything, the brokers themselves included.
	Users map[string]string
	Admin string
}

// As is how a user speaks to the cluster.
func (s Security) As(user string) queue.Security {
	return queue.Security{
		TLS: true, Files: trust.Files{CA: s.CAFile},
		SASL: queue.ScramSHA512, User: user, Password: trust.Secret(s.Users[user]),
	}
}

// formatArgs give the names to a new cluster, which nobody could create otherwise.
func (s Security) formatArgs() []string {
	var args []string
	for _, user := range slices.Sorted(maps.Keys(s.Users)) {
		args = append(args, "--add-scram", fmt.Sprintf("SCRAM-SHA-512=[name=%s,password=%s]", user, s.Users[user]))
	}
	return args
}

// write makes the files that a broker reads in dir and returns its properties. The
// listener of the controllers stays as it is, on loopback.
func (s Security) write(dir, address, controller string) (string, error) {
	store := filepath.Join(dir, "broker.pem")
	var pem []byte
	for _, file := range []string{s.KeyFile, s.CertFile} {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		pem = append(pem, text...)
	}
	if err := os.WriteFile(store, pem, 0o600); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range []struct{ name, value string }{
		{"listeners", "SASL_SSL://" + address + ",CONTROLLER://" + controller},
		{"advertised.listeners", "SASL_SSL://" + address},
		{"listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT"},
		{"inter.broker.listener.name", "SASL_SSL"},
		{"sasl.enabled.mechanisms", queue.ScramSHA512},
		{"sasl.mechanism.inter.broker.protocol", queue.ScramSHA512},
		{"listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config", fmt.Sprintf(
			`org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";`, s.Admin, s.Users[s.Admin])},
		{"ssl.keystore.type", "PEM"},
		{"ssl.keystore.location", filepath.ToSlash(store)},
		{"ssl.truststore.type", "PEM"},
		{"ssl.truststore.location", filepath.ToSlash(s.CAFile)},
		{"authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"},
		{"allow.everyone.if.no.acl.found", "false"},
		// Whom the controllers' listener does not ask for a name is one of them.
		{"super.users", "User:" + s.Admin + ";User:ANONYMOUS"},
	} {
		fmt.Fprintf(&b, "%s=%s\n", p.name, p.value)
	}
	return b.String(), nil
}

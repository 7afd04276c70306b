package queue

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"atvsld/analytics/trust"
)

// Names of the ways to say who one is, as Kafka has them.
const (
	Plain       = "PLAIN"
	ScramSHA256 = "SCRAM-SHA-256"
	ScramSHA512 = "SCRAM-SHA-512"
)

// Mechanisms lists them, the strongest first.
func Mechanisms() []string { return []string{ScramSHA512, ScramSHA256, Plain} }

// Security says how a cluster is spoken to. The zero value is plain text without a name.
type Security struct {
	// TLS encrypts, with Files.
	TLS   bool
	Files trust.Files
	// SASL is one of Mechanisms, or empty.
	SASL string
	User string
	// PasswordFile holds the password and is read anew for every connection, so that a new
	// password needs no restart; without it Password is the password.
	PasswordFile string
	Password     trust.Secret
}

// Validate returns everything that is wrong with s. It reads the files.
func (s Security) Validate() error {
	return errors.Join(append(s.checkSASL(), s.checkTLS())...)
}

func (s Security) checkTLS() error {
	if s.TLS {
		return s.Files.Validate()
	}
	if s.Files != (trust.Files{}) {
		return errors.New("authorities, certificate, key and server name are of no use without TLS")
	}
	return nil
}

func (s Security) checkSASL() []error {
	var errs []error
	if s.SASL == "" {
		if s.User != "" || s.PasswordFile != "" || s.Password != "" {
			errs = append(errs, fmt.Errorf("user and password are of no use without a mechanism: one of %s", strings.Join(Mechanisms(), ", ")))
		}
		return errs
	}
	if !slices.Contains(Mechanisms(), s.SASL) {
		errs = append(errs, fmt.Errorf("mechanism %q is none of %s", s.SASL, strings.Join(Mechanisms(), ", ")))
	}
	if s.User == "" {
		errs = append(errs, errors.New("the user is not given"))
	}
	if s.PasswordFile != "" && s.Password != "" {
		errs = append(errs, errors.New("the password is given twice"))
	}
	if password, err := s.password(); err != nil {
		errs = append(errs, err)
	} else if password == "" {
		errs = append(errs, errors.New("the password is not given"))
	}
	return errs
}

func (s Security) tlsConfig() (*tls.Config, error) {
	if !s.TLS {
		return nil, nil // plain text has none
	}
	return s.Files.Config()
}

func (s Security) password() (trust.Secret, error) {
	if s.PasswordFile == "" {
		return s.Password, nil
	}
	password, err := trust.ReadSecret(s.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return password, nil
}

func (s Security) mechanism() sasl.Mechanism {
	if s.SASL == "" {
		return nil
	}
	return login{s}
}

// login asks for the password at each connection and keeps nothing of it.
type login struct{ security Security }

func (l login) Name() string { return l.security.SASL }

// errClearPassword: whoever listens would have it.
var errClearPassword = errors.New("SASL PLAIN without TLS would send the password in clear: use TLS, or SCRAM")

// Start begins one conversation. Which broker it is with is known only here: metadata may
// lead from a loopback address to any other.
func (l login) Start(ctx context.Context) (sasl.StateMachine, []byte, error) {
	if l.security.SASL == Plain && !l.security.TLS && !isLoopback(sasl.MetadataFromContext(ctx)) {
		return nil, nil, errClearPassword
	}
	password, err := l.security.password()
	if err != nil {
		return nil, nil, err
	}
	switch l.security.SASL {
	case Plain:
		return plain.Mechanism{Username: l.security.User, Password: string(password)}.Start(ctx)
	case ScramSHA256:
		return startScram(ctx, scram.SHA256, l.security.User, password)
	default:
		return startScram(ctx, scram.SHA512, l.security.User, password)
	}
}

func startScram(ctx context.Context, algorithm scram.Algorithm, user string, password trust.Secret) (sasl.StateMachine, []byte, error) {
	m, err := scram.Mechanism(algorithm, user, string(password))
	if err != nil {
		// The text of the error could quote what it was given.
		return nil, nil, errors.New("user or password has characters that SCRAM does not allow")
	}
	return m.Start(ctx)
}

func isLoopback(at *sasl.Metadata) bool {
	if at == nil {
		return false
	}
	ip := net.ParseIP(at.Host)
	return at.Host == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckClear refuses addresses to which s would send the password in clear.
func (s Security) CheckClear(addrs []string) error {
	if s.SASL != Plain || s.TLS {
		return nil
	}
	for _, a := range addrs {
		if host, _, err := net.SplitHostPort(a); err == nil && !isLoopback(&sasl.Metadata{Host: host}) {
			return fmt.Errorf("%s: %w", a, errClearPassword)
		}
	}
	return nil
}

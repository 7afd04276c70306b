package queue

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
)

// Brokers are the brokers of a cluster and how they are spoken to. Every client of the
// log is made from them, so that none can forget the security of the others.
type Brokers struct {
	addrs []string
	tls   *tls.Config
	sasl  sasl.Mechanism
}

// At gives brokers that are spoken to in plain text and without a name, as those of one
// machine are.
func At(addrs ...string) Brokers { return Brokers{addrs: addrs} }

// Connect gives brokers that are spoken to with s. It reads the certificates and connects
// to nobody; the error names everything that is wrong.
func Connect(addrs []string, s Security) (Brokers, error) {
	b := At(addrs...)
	if err := errors.Join(CheckBrokers(addrs), s.Validate(), s.CheckClear(addrs)); err != nil {
		return Brokers{}, err
	}
	var err error
	if b.tls, err = s.tlsConfig(); err != nil {
		return Brokers{}, err
	}
	b.sasl = s.mechanism()
	return b, nil
}

// Given says whether there is an address at all.
func (b Brokers) Given() bool { return len(b.addrs) > 0 }

// Addrs are the addresses that a client begins with, host:port.
func (b Brokers) Addrs() []string { return b.addrs }

// Addr is what clients of kafka-go call their address.
func (b Brokers) Addr() net.Addr { return kafka.TCP(b.addrs...) }

// Transport makes connections for Writer and Client, of their own: whoever made it closes
// the idle ones.
func (b Brokers) Transport() *kafka.Transport { return &kafka.Transport{TLS: b.tls, SASL: b.sasl} }

// dialTimeout bounds the making of one connection: TCP, TLS, name and password.
const dialTimeout = 5 * time.Second

// Dialer makes connections for Reader and ConsumerGroup.
func (b Brokers) Dialer() *kafka.Dialer {
	return &kafka.Dialer{Timeout: dialTimeout, DualStack: true, TLS: b.tls, SASLMechanism: b.sasl}
}

// CheckBrokers refuses addresses that are not host:port.
func CheckBrokers(brokers []string) error {
	if len(brokers) == 0 {
		return errors.New("no broker address")
	}
	var errs []error
	for _, b := range brokers {
		if _, port, err := net.SplitHostPort(b); err != nil || port == "" {
			errs = append(errs, fmt.Errorf("broker address %q is not host:port", b))
		}
	}
	return errors.Join(errs...)
}

// dial makes a client with connections of its own; done closes them.
func dial(brokers Brokers, timeout time.Duration) (client *kafka.Client, done func()) {
	transport := brokers.Transport()
	return &kafka.Client{Addr: brokers.Addr(), Timeout: timeout, Transport: transport}, transport.CloseIdleConnections
}

// explain adds to the error of a first contact what may be wrong. The client's transport
// says no more than EOF when a broker does not take a name or a password.
func (b Brokers) explain(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	case errors.Is(err, context.DeadlineExceeded) && b.tls != nil:
		return fmt.Errorf("%w: the broker may speak plain text at this address, and TLS at another", err)
	default:
		return err
	}
	if b.sasl != nil {
		if said := b.introduce(ctx); said != nil && !errors.Is(said, io.EOF) {
			return fmt.Errorf("%w: %w", err, said)
		}
	}
	wants := "TLS, or a name and a password"
	if b.tls != nil {
		wants = "a name and a password, or a certificate"
	}
	return fmt.Errorf("%w: the broker closed the connection, it may want %s", err, wants)
}

// introduce goes through TLS, name and password with the first broker and returns what
// was said.
func (b Brokers) introduce(ctx context.Context) error {
	conn, err := b.Dialer().DialContext(ctx, "tcp", b.addrs[0])
	if err != nil {
		return err
	}
	return conn.Close()
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"atvsld/analytics/store"
	"atvsld/analytics/trust"
	"atvsld/ingest/queue"
)

// Flags that say how Kafka and ClickHouse are spoken to.
var (
	kafkaSecurityFlags = []string{"kafka-tls", "kafka-ca", "kafka-cert", "kafka-key", "kafka-server-name", "kafka-sasl", "kafka-user", "kafka-password-file"}
	// figuresFlags are of the roles that serve figures.
	figuresFlags       = []string{"figures-lag", "figures-memory", "boundaries-34", "boundaries-63"}
	storeSecurityFlags = []string{"clickhouse-file", "clickhouse-read", "clickhouse-read-file", "clickhouse-ca", "clickhouse-cert", "clickhouse-key"}
)

// kafkaPassword is the one setting that is a variable and no flag: a command line is there
// for everybody on the machine to read.
const kafkaPassword = "ATVSLD_KAFKA_PASSWORD"

// transport is how the process speaks to Kafka and ClickHouse.
type transport struct {
	Kafka    queue.Security
	StoreTLS trust.Files
	// ReadDSN is the address of the user that reads; empty for the one that writes.
	ReadDSN string
	// Files that hold an address each, password and all.
	DSNFile, ReadDSNFile string

	FiguresLag    time.Duration
	FiguresMemory int // MiB
}

func (t *transport) flags() []cli.Flag {
	text := func(name, usage string, dest *string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: usage, Destination: dest, Sources: env(name)}
	}
	k := &t.Kafka
	usual := store.Default()
	return []cli.Flag{
		&cli.DurationFlag{Name: "figures-lag", Value: time.Second, Usage: "live figures are read again when they are behind the store for longer, or for five times as long as that takes; 0 reads them for every question", Destination: &t.FiguresLag, Sources: env("figures-lag")},
		&cli.IntFlag{Name: "figures-memory", Value: int(usual.FiguresMemory >> 20), Usage: "MiB of memory for figures that are asked for again", Destination: &t.FiguresMemory, Sources: env("figures-memory")},
		&cli.BoolFlag{Name: "kafka-tls", Usage: "speak to Kafka over TLS", Destination: &k.TLS, Sources: env("kafka-tls")},
		text("kafka-ca", "file with the authorities that are trusted (PEM); empty for those of the system", &k.Files.CA),
		text("kafka-cert", "file with the certificate of this client (PEM)", &k.Files.Cert),
		text("kafka-key", "file with its key (PEM)", &k.Files.Key),
		text("kafka-server-name", "name that is expected in the brokers' certificates in place of their addresses", &k.Files.ServerName),
		text("kafka-sasl", "how to say who one is to Kafka: "+strings.Join(queue.Mechanisms(), ", "), &k.SASL),
		text("kafka-user", "name of this client with --kafka-sasl", &k.User),
		text("kafka-password-file", "file with its password; without it the variable "+kafkaPassword+" is the password", &k.PasswordFile),
		text("clickhouse-file", "file that holds what --clickhouse would say: a command line can be read by everybody on the machine", &t.DSNFile),
		text("clickhouse-read", "the same address with the user that only reads; empty reads as the user of --clickhouse", &t.ReadDSN),
		text("clickhouse-read-file", "file that holds what --clickhouse-read would say", &t.ReadDSNFile),
		text("clickhouse-ca", "file with the authorities that are trusted (PEM) when the address says secure=true; empty for those of the system", &t.StoreTLS.CA),
		text("clickhouse-cert", "file with the certificate of this client (PEM)", &t.StoreTLS.Cert),
		text("clickhouse-key", "file with its key (PEM)", &t.StoreTLS.Key),
	}
}

// fromFiles takes over what stands in files and in the environment alone. It may be called
// again.
func (s *settings) fromFiles() error {
	t := &s.transport
	if t.Kafka.SASL != "" && t.Kafka.PasswordFile == "" {
		t.Kafka.Password = trust.Secret(os.Getenv(kafkaPassword))
	}
	return errors.Join(
		addressFromFile("clickhouse", t.DSNFile, &s.ClickHouse),
		addressFromFile("clickhouse-read", t.ReadDSNFile, &t.ReadDSN))
}

func addressFromFile(flag, file string, dest *string) error {
	if file == "" {
		return nil
	}
	address, err := trust.ReadSecret(file)
	if err != nil {
		return fmt.Errorf("--%s-file: %w", flag, err)
	}
	if *dest != "" && *dest != string(address) {
		return fmt.Errorf("--%s and --%s-file exclude each other", flag, flag)
	}
	*dest = string(address)
	return nil
}

// checkTransport returns everything that is wrong with what the role has flags for.
func (s *settings) checkTransport() error {
	var errs []error
	bad := func(flags string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", flags, err))
		}
	}
	t := s.transport
	if t.FiguresMemory < 0 {
		errs = append(errs, fmt.Errorf("--figures-memory %d: no less than 0", t.FiguresMemory))
	}
	if t.FiguresLag < 0 || t.FiguresLag > store.MaxFiguresLag {
		errs = append(errs, fmt.Errorf("--figures-lag %s: from 0 to %s", t.FiguresLag, store.MaxFiguresLag))
	}
	if slices.Contains(s.offered, "kafka-tls") {
		bad("--kafka-tls, --kafka-sasl and what goes with them", errors.Join(t.Kafka.Validate(), t.Kafka.CheckClear(s.Brokers)))
		if len(s.Brokers) == 0 && !slices.Contains(s.needs, "brokers") && (t.Kafka.TLS || t.Kafka.SASL != "") {
			errs = append(errs, errors.New("--kafka-tls, --kafka-sasl: the embedded broker has neither; give --brokers"))
		}
	}
	switch {
	case s.ClickHouse != "":
		bad("--clickhouse, --clickhouse-read and what goes with them", s.storeConfig(s.ClickHouse).Validate())
	case t.ReadDSN != "" || t.StoreTLS != (trust.Files{}):
		errs = append(errs, errors.New("--clickhouse-read, --clickhouse-ca, --clickhouse-cert and --clickhouse-key go with --clickhouse"))
	}
	return errors.Join(errs...)
}

// storeConfig is how the store at dsn is spoken to. The embedded engine, whose address
// nobody gave, is spoken to as it is.
func (s *settings) storeConfig(dsn string) store.Config {
	c := store.Default()
	c.DSN = dsn
	c.FiguresLag, c.FiguresMemory = s.transport.FiguresLag, uint64(max(s.transport.FiguresMemory, 0))<<20
	if dsn == s.ClickHouse {
		c.ReadDSN, c.TLS = s.transport.ReadDSN, s.transport.StoreTLS
	}
	return c
}

// connectBrokers makes the brokers of which the settings tell, if they do.
func (s *settings) connectBrokers() (queue.Brokers, error) {
	if len(s.Brokers) == 0 {
		return queue.Brokers{}, nil
	}
	brokers, err := queue.Connect(s.Brokers, s.transport.Kafka)
	if err != nil {
		return queue.Brokers{}, fmt.Errorf("--brokers: %w", err)
	}
	return brokers, nil
}

// warnOfCommandLine tells of passwords that every user of the machine can read.
func warnOfCommandLine(log *slog.Logger, args []string) {
	for i, a := range args {
		name, value, given := strings.Cut(a, "=")
		if !given && i+1 < len(args) {
			value = args[i+1]
		}
		if flag := "--" + strings.TrimLeft(name, "-"); name != flag[2:] && holdsPassword(flag, value) {
			log.Warn("the command line holds a password, which every user of this machine can read: use the file or the variable", "flag", flag)
		}
	}
}

func holdsPassword(flag, value string) bool {
	switch flag {
	case "--engine-password":
		return value != ""
	case "--clickhouse", "--clickhouse-read":
		address, err := url.Parse(value)
		if err != nil {
			return false
		}
		password, _ := address.User.Password()
		return cmp.Or(password, address.Query().Get("password")) != ""
	default:
		return false
	}
}

package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"atvsld/analytics/trust"
	"atvsld/seeds"
)

// Config says where the store is and how hard it may be used.
type Config struct {
	// DSN is the address: clickhouse://user:password@host:9000/database (native)
	// or http(s)://user:password@host:8123/database.
	// With TLS: https://…?secure=true, or clickhouse://…?secure=true.
	DSN string
	// ReadDSN is the address for reading, which is another user's; empty for DSN.
	ReadDSN string
	// TLS are the authorities and the certificate of addresses with TLS.
	TLS trust.Files
	// InsertTimeout ends an insert whose outcome is then unknown. It must stay far
	// below the deduplication window, or a retry would store the batch twice.
	InsertTimeout time.Duration
	// QueryTimeout ends a read, on the server too.
	QueryTimeout time.Duration
	// WriteConns should be the number of partitions a process owns plus two.
	WriteConns int
	// ReadConns bounds the queries of the API that run at once.
	ReadConns int
	// QueryThreads is max_threads of one read; 0 leaves it to the server.
	QueryThreads int
	// QueryMemory is max_memory_usage of one read in bytes; 0 leaves it to the server.
	QueryMemory uint64
	// FiguresLag is how long live figures may be behind the store before Figures reads them
	// again, or five times as long as that takes if that is longer; meanwhile it gives the old
	// ones, whose AsOf says so, for four times as long at most. It is also how long a closing may go unseen.
	// With 0 every question is answered as of its own moment.
	FiguresLag time.Duration
	// FiguresMemory is about how much memory kept figures take, in bytes.
	FiguresMemory uint64
	// Seeds say which former provinces went into those of a caller's scope; nil is
	// seeds.Default.
	Seeds *seeds.Data
}

// MaxFiguresLag bounds Config.FiguresLag.
const MaxFiguresLag = time.Minute

// Default returns a configuration that lacks only the DSN.
func Default() Config {
	return Config{
		InsertTimeout: time.Minute,
		QueryTimeout:  30 * time.Second,
		WriteConns:    6,
		ReadConns:     8,
		QueryThreads:  2,
		QueryMemory:   4 << 30,
		FiguresMemory: 128 << 20,
	}
}

// Format shows nothing of c: its addresses hold passwords.
func (Config) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("store.Config(***)")) }

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	addresses := []string{c.DSN}
	if c.ReadDSN != "" {
		addresses = append(addresses, c.ReadDSN)
	}
	secure := false
	for _, dsn := range addresses {
		opt, err := parse(dsn)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		secure = secure || opt.TLS != nil
	}
	if len(errs) == 0 && !secure && c.TLS != (trust.Files{}) {
		errs = append(errs, errors.New("authorities and certificate are of no use without TLS: give the address secure=true"))
	}
	if err := c.TLS.Validate(); err != nil {
		errs = append(errs, err)
	}
	// The driver rounds deadlines below one second away from the server's own limit.
	if c.InsertTimeout < time.Second {
		errs = append(errs, fmt.Errorf("insert timeout %s is below one second", c.InsertTimeout))
	}
	if c.QueryTimeout < time.Second {
		errs = append(errs, fmt.Errorf("query timeout %s is below one second", c.QueryTimeout))
	}
	if c.WriteConns < 1 {
		errs = append(errs, fmt.Errorf("%d connections for writing: at least one is needed", c.WriteConns))
	}
	if c.ReadConns < 1 {
		errs = append(errs, fmt.Errorf("%d connections for reading: at least one is needed", c.ReadConns))
	}
	if c.QueryThreads < 0 {
		errs = append(errs, fmt.Errorf("%d threads for a query: 0 leaves it to the server", c.QueryThreads))
	}
	if c.FiguresLag < 0 || c.FiguresLag > MaxFiguresLag {
		errs = append(errs, fmt.Errorf("a lag of figures of %s: from 0 to %s", c.FiguresLag, MaxFiguresLag))
	}
	return errors.Join(errs...)
}

// schemes of store addresses: native, and HTTP with and without TLS.
var schemes = []string{"clickhouse", "tcp", "http", "https"}

// parse reads an address. The driver keeps the password out of its errors.
func parse(dsn string) (*clickhouse.Options, error) {
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("store address: %w", err)
	}
	// The driver takes any scheme for the native protocol.
	if scheme, _, _ := strings.Cut(dsn, "://"); !slices.Contains(schemes, scheme) {
		return nil, fmt.Errorf("store address: scheme %q is none of %s", scheme, strings.Join(schemes, ", "))
	}
	if opt.TLS != nil && opt.TLS.InsecureSkipVerify {
		return nil, errors.New("store address: skip_verify would trust whoever answers; give the authorities instead")
	}
	return opt, nil
}

const dialTimeout = 5 * time.Second

func (c Config) writeOptions() (*clickhouse.Options, error) {
	opt, err := c.options(c.DSN, c.WriteConns, c.InsertTimeout)
	if err != nil {
		return nil, err
	}
	// 1 by default in ClickHouse 26: an insert would be acknowledged from memory.
	opt.Settings["async_insert"] = 0
	return opt, nil
}

func (c Config) readOptions() (*clickhouse.Options, error) {
	opt, err := c.options(cmp.Or(c.ReadDSN, c.DSN), c.ReadConns, c.QueryTimeout)
	if err != nil {
		return nil, err
	}
	// 2, not 1: with 1 the server refuses the settings that come with a query.
	opt.Settings["readonly"] = 2
	opt.Settings["max_execution_time"] = int(c.QueryTimeout.Seconds())
	if c.QueryThreads > 0 {
		opt.Settings["max_threads"] = c.QueryThreads
	}
	if c.QueryMemory > 0 {
		opt.Settings["max_memory_usage"] = c.QueryMemory
	}
	return opt, nil
}

func (c Config) options(dsn string, conns int, timeout time.Duration) (*clickhouse.Options, error) {
	opt, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if opt.TLS != nil {
		files := c.TLS
		files.ServerName = cmp.Or(opt.TLS.ServerName, files.ServerName)
		if opt.TLS, err = files.Config(); err != nil {
			return nil, fmt.Errorf("store address: %w", err)
		}
	}
	if opt.DialTimeout == 0 {
		// Also how long a caller waits for a free connection.
		opt.DialTimeout = dialTimeout
	}
	if opt.ReadTimeout == 0 {
		opt.ReadTimeout = timeout + dialTimeout
	}
	if opt.Protocol == clickhouse.Native && opt.Compression == nil {
		opt.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	opt.MaxOpenConns, opt.MaxIdleConns = conns, conns
	return opt, nil
}

package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Config says where the store is and how hard it may be used.
type Config struct {
	// DSN is the address: clickhouse://user:password@host:9000/database (native)
	// or http(s)://user:password@host:8123/database.
	DSN string
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
}

// Default returns a configuration that lacks only the DSN.
func Default() Config {
	return Config{
		InsertTimeout: time.Minute,
		QueryTimeout:  30 * time.Second,
		WriteConns:    6,
		ReadConns:     8,
		QueryThreads:  2,
		QueryMemory:   4 << 30,
	}
}

// schemes of store addresses: native, and HTTP with and without TLS.
var schemes = []string{"clickhouse", "tcp", "http", "https"}

// Validate returns everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	if _, err := clickhouse.ParseDSN(c.DSN); err != nil {
		errs = append(errs, fmt.Errorf("store address: %w", err))
	} else if scheme, _, _ := strings.Cut(c.DSN, "://"); !slices.Contains(schemes, scheme) {
		// The driver takes any scheme for the native protocol.
		errs = append(errs, fmt.Errorf("store address: scheme %q is none of %s", scheme, strings.Join(schemes, ", ")))
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
	return errors.Join(errs...)
}

const dialTimeout = 5 * time.Second

func (c Config) writeOptions() (*clickhouse.Options, error) {
	opt, err := c.options(c.WriteConns, c.InsertTimeout)
	if err != nil {
		return nil, err
	}
	// 1 by default in ClickHouse 26: an insert would be acknowledged from memory.
	opt.Settings["async_insert"] = 0
	return opt, nil
}

func (c Config) readOptions() (*clickhouse.Options, error) {
	opt, err := c.options(c.ReadConns, c.QueryTimeout)
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

func (c Config) options(conns int, timeout time.Duration) (*clickhouse.Options, error) {
	opt, err := clickhouse.ParseDSN(c.DSN)
	if err != nil {
		return nil, fmt.Errorf("store address: %w", err)
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

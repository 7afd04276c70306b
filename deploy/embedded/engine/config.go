package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"time"
)

// Config says where the engine keeps its data and how much it may take.
type Config struct {
	// DataDir is the folder of the data; it is created when missing and belongs
	// to one process.
	DataDir string
	// Library is the path of libchdb.so; empty means search (see Locate).
	Library string
	// Addr is the loopback address of the HTTP interface; port 0 picks a free one.
	Addr string
	// Database is created when missing and is what a request without database
	// works in. It is a real one (Atomic): the library's own "default" is an
	// overlay that also sees files.
	Database string
	// User and Password guard the interface against other users of the machine.
	// An empty password is replaced by a random one at every start: see
	// Engine.Options.
	User     string
	Password string

	// MaxQueries is how many requests run at once; more wait up to QueueTimeout
	// and are then refused with code 202.
	MaxQueries   int
	QueueTimeout time.Duration
	// MaxQueryBytes bounds the SQL text, MaxBodyBytes the whole request body
	// (rows of an INSERT, as sent).
	MaxQueryBytes int64
	MaxBodyBytes  int64
	// SpoolMemory is how much of an answer is held in memory for
	// wait_end_of_query before the rest goes to a file in DataDir.
	SpoolMemory int64

	// KeepFree is how many bytes of the disk are left alone: with less than that free,
	// inserts are refused with code 243 and no merge begins. The library does not notice
	// when a write fails for want of space (26.7.3: the part is there, empty, and the
	// insert succeeds), so what has begun must find room.
	KeepFree int64

	// MaxMemory bounds what all queries, merges and caches take together, in
	// bytes; MarkCache and UncompressedCache are parts of it. 0 leaves
	// ClickHouse's default (90 % of the machine).
	MaxMemory         int64
	MarkCache         int64
	UncompressedCache int64
	// BackgroundThreads is the number of merges that run at once.
	BackgroundThreads int

	Logger *slog.Logger
}

const (
	kib = 1 << 10
	mib = 1 << 20
	gib = 1 << 30
)

// Default returns the configuration for a small machine. DataDir is left for the
// caller.
func Default() Config {
	return Config{
		Addr:              "127.0.0.1:0",
		Database:          "atvsld",
		User:              "default",
		MaxQueries:        32,
		QueueTimeout:      30 * time.Second,
		MaxQueryBytes:     16 * mib,
		MaxBodyBytes:      4 * gib,
		SpoolMemory:       8 * mib,
		KeepFree:          256 * mib,
		MaxMemory:         4 * gib,
		MarkCache:         256 * mib,
		UncompressedCache: 0,
		BackgroundThreads: 4,
		Logger:            slog.Default(),
	}
}

var identifierPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Validate reports everything that is wrong at once.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("engine: "+format, args...))
		}
	}
	check(c.DataDir != "", "the data folder is not given")
	check(identifierPattern.MatchString(c.Database), "database %q is not an identifier", c.Database)
	check(c.User != "" && !strings.ContainsAny(c.User, ":\r\n"), "user %q is empty or holds a colon", c.User)
	check(c.MaxQueries > 0, "max queries is %d, must be positive", c.MaxQueries)
	check(c.QueueTimeout > 0, "queue timeout is %v, must be positive", c.QueueTimeout)
	check(c.MaxQueryBytes >= 64*kib, "max query bytes is %d, must be at least 65536", c.MaxQueryBytes)
	check(c.MaxBodyBytes >= c.MaxQueryBytes, "max body bytes is %d, must be at least max query bytes (%d)", c.MaxBodyBytes, c.MaxQueryBytes)
	check(c.SpoolMemory >= 0, "spool memory is %d, must not be negative", c.SpoolMemory)
	check(c.KeepFree >= 0, "keep free is %d, must not be negative", c.KeepFree)
	check(c.MaxMemory == 0 || c.MaxMemory >= 512*mib, "max memory is %d, must be at least 536870912, or 0 for the default", c.MaxMemory)
	check(c.MarkCache >= 0 && c.UncompressedCache >= 0, "a cache size is negative")
	check(c.BackgroundThreads > 0, "background threads is %d, must be positive", c.BackgroundThreads)
	check(c.Logger != nil, "the logger is not given")
	check(isLoopback(c.Addr), "address %q is not a loopback address with a port", c.Addr)
	return errors.Join(errs...)
}

// isLoopback accepts literal addresses only: a name could resolve to anything.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// serverConfig is the configuration file that the library reads at its start.
func (c Config) serverConfig() string {
	var b strings.Builder
	b.WriteString("<clickhouse>\n")
	element := func(name string, value int64) { fmt.Fprintf(&b, "  <%s>%d</%s>\n", name, value, name) }
	if c.MaxMemory > 0 {
		element("max_server_memory_usage", c.MaxMemory)
	}
	element("mark_cache_size", c.MarkCache)
	element("uncompressed_cache_size", c.UncompressedCache)
	element("background_pool_size", int64(c.BackgroundThreads))
	element("background_schedule_pool_size", int64(c.BackgroundThreads))
	// MergeTree reserves background slots for mutations and large merges by
	// absolute number; with a small pool these defaults would not fit into it.
	b.WriteString("  <merge_tree>\n")
	for _, name := range []string{
		"number_of_free_entries_in_pool_to_lower_max_size_of_merge",
		"number_of_free_entries_in_pool_to_execute_mutation",
		"number_of_free_entries_in_pool_to_execute_optimize_entire_partition",
	} {
		fmt.Fprintf(&b, "    <%s>%d</%s>\n", name, c.BackgroundThreads, name)
	}
	b.WriteString("  </merge_tree>\n")
	fmt.Fprintf(&b, "  <storage_configuration><disks><default><keep_free_space_bytes>%d</keep_free_space_bytes></default></disks></storage_configuration>\n", c.KeepFree)
	b.WriteString("</clickhouse>\n")
	return b.String()
}

// newPassword returns 130 random bits.
func newPassword() string { return rand.Text() }

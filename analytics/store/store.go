// Package store keeps reports in ClickHouse: every revision in report_log, the
// newest one in a table per kind, and the figures of closed periods. It speaks to
// ClickHouse only through clickhouse-go, native or HTTP.
//
// The sink writes with InsertCurrent and InsertLog, gateway and sink ask with
// Known, KnownAt and ByRequest, the indicators read Cells.
//
// What a caller of the interface can cause asks access.Of(ctx) who asks, and answers only
// within his scope: see actions. The error is access.ErrNoCaller when the context names
// nobody, access.ErrDenied when the policy does not allow the question or not there. The
// platform's own work asks with access.System.
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"atvsld/analytics/store/native"
	"atvsld/seeds"
)

// Store is a client of one ClickHouse database. It is safe for concurrent use.
type Store struct {
	config Config
	// Two pools: a storm of queries must not keep the sink from inserting.
	write, read driver.Conn
	// http: the store is spoken to over HTTP, not the native protocol.
	http bool
	// blocks are batches to be filled again.
	blocks chan *native.Block

	// present is the moment that tells which periods are over; zero for now.
	present time.Time
	// registered: somebody was in the register once, and so always is something to count.
	registered atomic.Bool

	kept *kept

	mu      sync.Mutex
	epochs  map[uuid.UUID]uint8
	columns map[string]map[string]string // table → column → type
}

// Open connects to the store. It changes nothing there: see Migrate and Init.
func Open(ctx context.Context, config Config) (*Store, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if config.Seeds == nil {
		config.Seeds = seeds.Default()
	}
	s := &Store{config: config, epochs: map[uuid.UUID]uint8{}, columns: map[string]map[string]string{},
		blocks: make(chan *native.Block, config.WriteConns), kept: newKept(config.FiguresMemory)}
	options, err := config.writeOptions()
	if s.write, err = connect(options, err); err != nil {
		return nil, err
	}
	s.http = options.Protocol == clickhouse.HTTP
	if s.read, err = connect(config.readOptions()); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(opt *clickhouse.Options, err error) (driver.Conn, error) {
	if err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return conn, nil
}

// Ping asks both pools for an answer.
func (s *Store) Ping(ctx context.Context) error {
	for _, conn := range []driver.Conn{s.write, s.read} {
		if err := conn.Ping(ctx); err != nil {
			return fmt.Errorf("ping store: %w", err)
		}
	}
	return nil
}

// Close closes both pools. Batches in flight must have ended.
func (s *Store) Close() error {
	s.kept.close()
	return errors.Join(s.write.Close(), s.read.Close())
}

// Conn returns the reading pool for queries that this package does not offer.
// They run read-only and within the limits of Config.
func (s *Store) Conn() driver.Conn { return s.read }

// parameters are bound by the server: {name:Type} in the query.
type parameters map[string]any

func (p parameters) args() []any {
	args := make([]any, 0, len(p))
	for name, value := range p {
		if at, ok := value.(time.Time); ok {
			// Named would send a fraction only when there is one.
			args = append(args, clickhouse.DateNamed(name, at, clickhouse.MilliSeconds))
			continue
		}
		args = append(args, clickhouse.Named(name, value))
	}
	return args
}

// each runs a query and calls scan for every row. Rows are always read to the end:
// an HTTP connection of the driver is returned to its pool only then.
func each(ctx context.Context, conn driver.Conn, query string, params parameters, scan func(driver.Rows) error) error {
	rows, err := conn.Query(ctx, query, params.args()...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err == nil {
			err = scan(rows)
		}
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

func (s *Store) queryContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.config.QueryTimeout)
}

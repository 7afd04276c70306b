package store

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"

	"github.com/ClickHouse/clickhouse-go/v2"
)

var (
	// ErrDemonstration says that the store is demonstration and was asked to be real, or
	// the other way round. It is one of them for life.
	ErrDemonstration = errors.New("store: demonstration and real data never share a store")
	// ErrNotInitialised says that Init was never called on this store.
	ErrNotInitialised = errors.New("store: not initialised")
	// ErrUnknownEpoch says that a row names a log that this store does not know. Offsets of
	// an unknown log cannot be compared with those stored.
	ErrUnknownEpoch = errors.New("store: unknown log epoch")
	// ErrMigration says that the schema is not one that this program may touch.
	ErrMigration = errors.New("store: schema does not fit this program")
	// ErrRow says that a row cannot be stored as it is; trying again does not help.
	ErrRow = errors.New("store: row does not fit its table")
)

// retryableCodes are the server errors that may be gone on the next attempt, as
// listed by the Kafka connector of the ClickHouse project (clickhouse-kafka-connect
// v1.5.0, Utils.java), and a full disk, which somebody mends. Any other server error
// would come again for ever.
var retryableCodes = map[int32]bool{
	3:   true, // UNEXPECTED_END_OF_FILE
	107: true, // FILE_DOESNT_EXIST
	159: true, // TIMEOUT_EXCEEDED
	164: true, // READONLY
	202: true, // TOO_MANY_SIMULTANEOUS_QUERIES
	203: true, // NO_FREE_CONNECTION
	209: true, // SOCKET_TIMEOUT
	210: true, // NETWORK_ERROR
	241: true, // MEMORY_LIMIT_EXCEEDED
	242: true, // TABLE_IS_READ_ONLY
	243: true, // NOT_ENOUGH_SPACE
	252: true, // TOO_MANY_PARTS
	285: true, // TOO_FEW_LIVE_REPLICAS
	319: true, // UNKNOWN_STATUS_OF_INSERT
	425: true, // SYSTEM_ERROR
	999: true, // KEEPER_EXCEPTION
}

// Retryable reports whether the same call, with the same token, may succeed later:
// one of the listed server codes or an error of the network. After such an error the
// outcome is unknown; the batch may have been stored.
func Retryable(err error) bool {
	if code, ok := Code(err); ok {
		return retryableCodes[code]
	}
	if errors.Is(err, context.Canceled) {
		return false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, clickhouse.ErrAcquireConnTimeout) {
		return true
	}
	if answer, ok := errors.AsType[*clickhouse.HTTPError](err); ok {
		// No exception of ClickHouse in it: something on the way answered instead.
		return answer.StatusCode == http.StatusBadGateway ||
			answer.StatusCode == http.StatusServiceUnavailable ||
			answer.StatusCode == http.StatusGatewayTimeout
	}
	_, network := errors.AsType[net.Error](err)
	return network ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// Code returns the number of ClickHouse's exception, if err is one.
func Code(err error) (int32, bool) {
	exception, ok := errors.AsType[*clickhouse.Exception](err)
	if !ok {
		return 0, false
	}
	return exception.Code, true
}

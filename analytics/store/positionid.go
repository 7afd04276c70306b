package store

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// ErrPosition says that a text names no position in a log.
var ErrPosition = errors.New("store: not a position in a log")

// ID names the position in one word that needs no escaping in a URL: epoch, partition
// and offset with dots between them, as in
// 5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.3.1042. It is also the id of what lies there.
func (p Position) ID() string {
	return p.Epoch.String() + "." + strconv.FormatUint(uint64(p.Partition), 10) + "." + strconv.FormatUint(p.Offset, 10)
}

// ParsePosition reads what ID wrote and nothing else: one position has one id. The
// error is ErrPosition; it does not repeat the text, which may be anybody's.
func ParsePosition(text string) (Position, error) {
	// The longest id; what is longer is not looked at.
	const most = 36 + 1 + 5 + 1 + 19
	parts := strings.Split(text[:min(len(text), most+1)], ".")
	if len(text) > most || len(parts) != 3 {
		return Position{}, fmt.Errorf("%w: want epoch.partition.offset", ErrPosition)
	}
	epoch, err := uuid.Parse(parts[0])
	if err != nil {
		return Position{}, fmt.Errorf("%w: its epoch is no UUID", ErrPosition)
	}
	partition, err := strconv.ParseUint(parts[1], 10, 16)
	if err != nil {
		return Position{}, fmt.Errorf("%w: its partition is no number up to %d", ErrPosition, math.MaxUint16)
	}
	// Kafka's offsets are signed.
	offset, err := strconv.ParseUint(parts[2], 10, 63)
	if err != nil {
		return Position{}, fmt.Errorf("%w: its offset is no number up to %d", ErrPosition, int64(math.MaxInt64))
	}
	p := Position{Epoch: epoch, Partition: uint16(partition), Offset: offset}
	if p.ID() != text {
		return Position{}, fmt.Errorf("%w: it is not in canonical form", ErrPosition)
	}
	return p, nil
}

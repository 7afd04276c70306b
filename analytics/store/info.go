package store

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Info says what a store is.
type Info struct {
	StoreID uuid.UUID
	// Demonstration: its data are made up. Fixed for life.
	Demonstration bool
	// Epoch is the Kafka log whose offsets the store records now.
	Epoch uuid.UUID
}

// maxEpoch is the highest number that fits into a version; see Version.
const maxEpoch = 255

// Init gives a new store its identity, its kind and its first epoch, and returns
// those of a store that has them. The error is ErrDemonstration when the store is of
// the other kind. It is safe in several processes at once: one of them wins and all
// return the same.
func (s *Store) Init(ctx context.Context, demonstration bool) (Info, error) {
	info, found, err := s.readInfo(ctx)
	if err != nil {
		return Info{}, err
	}
	if !found {
		if info, err = s.firstInit(ctx, demonstration); err != nil {
			return Info{}, err
		}
	}
	if info.Demonstration != demonstration {
		return info, fmt.Errorf("%w: store %s has demonstration=%t", ErrDemonstration, info.StoreID, info.Demonstration)
	}
	return info, nil
}

func (s *Store) firstInit(ctx context.Context, demonstration bool) (Info, error) {
	// The epoch first: a row in store_info means that everything is there.
	if err := s.recordEpoch(ctx, 0, "", "the first"); err != nil {
		return Info{}, err
	}
	err := s.once(ctx, "store_info", "INSERT INTO store_info (store_id, demonstration) SELECT {id:UUID}, {demonstration:Bool}",
		parameters{"id": uuid.NewString(), "demonstration": demonstration})
	if err != nil {
		return Info{}, err
	}
	return s.Info(ctx)
}

// Info returns what the store is, or ErrNotInitialised.
func (s *Store) Info(ctx context.Context) (Info, error) {
	info, found, err := s.readInfo(ctx)
	if err == nil && !found {
		err = ErrNotInitialised
	}
	return info, err
}

func (s *Store) readInfo(ctx context.Context) (info Info, found bool, err error) {
	err = each(ctx, s.write, "SELECT store_id, demonstration FROM store_info", nil, func(rows driver.Rows) error {
		if found {
			return errors.New("two rows")
		}
		found = true
		return rows.Scan(&info.StoreID, &info.Demonstration)
	})
	if err != nil {
		return Info{}, false, fmt.Errorf("read store_info: %w", err)
	}
	if !found {
		return Info{}, false, nil
	}
	epochs, err := s.loadEpochs(ctx)
	if err != nil {
		return Info{}, false, err
	}
	for epoch, number := range epochs {
		if int(number) == len(epochs)-1 {
			info.Epoch = epoch
		}
	}
	return info, true, nil
}

// NewEpoch records that offsets will come from another log from now on, by whom and
// why. An operator does this when the broker was replaced or lost its data; rows of the
// old log keep their precedence.
func (s *Store) NewEpoch(ctx context.Context, by, reason string) (Info, error) {
	epochs, err := s.loadEpochs(ctx)
	if err != nil {
		return Info{}, err
	}
	if len(epochs) > maxEpoch {
		return Info{}, fmt.Errorf("open epoch: all %d are used", maxEpoch+1)
	}
	if err := s.recordEpoch(ctx, uint8(len(epochs)), by, reason); err != nil {
		return Info{}, err
	}
	return s.Info(ctx)
}

func (s *Store) recordEpoch(ctx context.Context, number uint8, by, reason string) error {
	return s.once(ctx, fmt.Sprintf("epoch/%d", number),
		"INSERT INTO log_epoch (number, epoch, opened_by, reason) SELECT {number:UInt8}, {epoch:UUID}, {by:String}, {reason:String}",
		parameters{"number": number, "epoch": uuid.NewString(), "by": by, "reason": reason})
}

// Origin returns the id of the Kafka cluster that the log of epoch lies on. The first
// who asks tells: cluster is recorded if nothing was before.
func (s *Store) Origin(ctx context.Context, epoch uuid.UUID, cluster string) (string, error) {
	origin, err := s.readOrigin(ctx, epoch)
	if err != nil || origin != "" {
		return origin, err
	}
	err = s.once(ctx, "origin/"+epoch.String(), "INSERT INTO log_origin (epoch, cluster) SELECT {epoch:UUID}, {cluster:String}",
		parameters{"epoch": epoch.String(), "cluster": cluster})
	if err != nil {
		return "", err
	}
	return s.readOrigin(ctx, epoch)
}

func (s *Store) readOrigin(ctx context.Context, epoch uuid.UUID) (origin string, err error) {
	const query = "SELECT cluster FROM log_origin WHERE epoch = {epoch:UUID} ORDER BY recorded_at LIMIT 1"
	err = each(ctx, s.write, query, parameters{"epoch": epoch.String()}, func(rows driver.Rows) error { return rows.Scan(&origin) })
	if err != nil {
		return "", fmt.Errorf("read the origin of log %s: %w", epoch, err)
	}
	return origin, nil
}

func (s *Store) loadEpochs(ctx context.Context) (map[uuid.UUID]uint8, error) {
	epochs := map[uuid.UUID]uint8{}
	err := each(ctx, s.write, "SELECT epoch, number FROM log_epoch", nil, func(rows driver.Rows) error {
		var epoch uuid.UUID
		var number uint8
		if err := rows.Scan(&epoch, &number); err != nil {
			return err
		}
		epochs[epoch] = number
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read log_epoch: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epochs = maps.Clone(epochs)
	return epochs, nil
}

// epochNumber returns the number of a known epoch, asking the store once if needed.
func (s *Store) epochNumber(ctx context.Context, epoch uuid.UUID) (uint8, error) {
	s.mu.Lock()
	number, known := s.epochs[epoch]
	s.mu.Unlock()
	if known {
		return number, nil
	}
	epochs, err := s.loadEpochs(ctx)
	if err != nil {
		return 0, err
	}
	number, known = epochs[epoch]
	if !known {
		return 0, fmt.Errorf("%w: %s", ErrUnknownEpoch, epoch)
	}
	return number, nil
}

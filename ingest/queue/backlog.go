package queue

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Unstored is what of a partition of ReportsTopic the sinks have not stored yet.
type Unstored struct {
	Partition int
	Records   int64
	// Oldest is when the first of them came into the log; zero if there is none.
	Oldest time.Time
}

// Backlog reads what is not stored of each partition of the log of epoch. Records that
// retention has deleted do not count: they are lost.
func Backlog(ctx context.Context, brokers Brokers, partitions int, epoch uuid.UUID) ([]Unstored, error) {
	extents, err := Extents(ctx, brokers, partitions)
	if err != nil {
		return nil, err
	}
	client, done := dial(brokers, 5*time.Second)
	defer done()
	all := make([]Unstored, partitions)
	for p, e := range extents {
		from := max(e.Of(epoch).Committed, e.First) // -1: nothing was ever stored
		all[p] = Unstored{Partition: p, Records: max(0, e.End-from)}
		if all[p].Records == 0 {
			continue
		}
		if all[p].Oldest, err = loggedAt(ctx, client, p, from); err != nil {
			return nil, err
		}
	}
	return all, nil
}

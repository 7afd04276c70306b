package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
)

// Loss is what the store was found to have lost of a partition.
type Loss struct {
	Epoch     uuid.UUID
	Partition uint16
	// Behind counts messages at the end of what was committed, Holes the stretches that
	// are missing before that.
	Behind, Holes uint64
}

// RecordLoss keeps on record that the store has lost something, and gives the loss a
// name. It comes before anything is stored again; see LastLoss.
func (s *Store) RecordLoss(ctx context.Context, l Loss) (uuid.UUID, error) {
	loss := uuid.New()
	err := s.once(ctx, "loss/"+loss.String(),
		"INSERT INTO store_loss (epoch, kafka_partition, loss, behind, holes) "+
			"SELECT {epoch:UUID}, {partition:UInt16}, {loss:UUID}, {behind:UInt64}, {holes:UInt64}",
		parameters{"epoch": l.Epoch.String(), "partition": l.Partition, "loss": loss.String(), "behind": l.Behind, "holes": l.Holes})
	return loss, err
}

// LastLoss returns the name of the last loss of a partition, Nil without one. It has to
// be part of every token from then on: ClickHouse may still know the tokens of rows
// that it has lost, and would drop what is stored again in silence.
func (s *Store) LastLoss(ctx context.Context, epoch uuid.UUID, partition uint16) (loss uuid.UUID, err error) {
	const query = "SELECT argMax(loss, noticed_at) FROM store_loss WHERE epoch = {epoch:UUID} AND kafka_partition = {partition:UInt16}"
	params := parameters{"epoch": epoch.String(), "partition": partition}
	err = each(ctx, s.write, query, params, func(rows driver.Rows) error { return rows.Scan(&loss) })
	if err != nil {
		return uuid.Nil, fmt.Errorf("read the last loss of partition %d: %w", partition, err)
	}
	return loss, nil
}

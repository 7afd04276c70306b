package store

import (
	"math/big"

	"github.com/google/uuid"
)

// Report ids are stored as UInt128 because ClickHouse sorts UUID by its second
// half: time-ordered ids would be scattered over the primary key.

func idNumber(id uuid.UUID) *big.Int { return new(big.Int).SetBytes(id[:]) }

func idOf(n *big.Int) (id uuid.UUID) {
	n.FillBytes(id[:])
	return id
}

func idNumbers(ids []uuid.UUID) []*big.Int {
	numbers := make([]*big.Int, len(ids))
	for i, id := range ids {
		numbers[i] = idNumber(id)
	}
	return numbers
}

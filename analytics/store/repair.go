package store

import (
	"context"

	"github.com/google/uuid"
)

// Repair is on whose word current rows are stored again from report_log, and why.
type Repair struct {
	ID uuid.UUID
	// By is the name that was given, Principal whose token it was, if any.
	By, Principal string
	Reason        string
}

// RepairStep is how many reports RecordRepair takes at once.
const RepairStep = idsPerQuery

// RecordRepair keeps on record that current rows of reports are stored again, at most
// RepairStep of them. It comes before anything is stored.
func (s *Store) RecordRepair(ctx context.Context, r Repair, ids []uuid.UUID) error {
	return s.once(ctx, "repair/"+uuid.NewString(),
		"INSERT INTO current_repair (repair, by, principal, reason, report_ids) "+
			"SELECT {repair:UUID}, {by:String}, {principal:String}, {reason:String}, {ids:Array(UInt128)}",
		parameters{"repair": r.ID.String(), "by": r.By, "principal": r.Principal, "reason": r.Reason, "ids": idNumbers(ids)})
}

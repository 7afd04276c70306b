package proof

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"atvsld/analytics/store"
)

// Report is what a proof found.
type Report struct {
	Log        uuid.UUID   `json:"log" doc:"The log's epoch"`
	ProvenAt   time.Time   `json:"proven_at"`
	Partitions []Partition `json:"partitions" nullable:"false"`
	// Drifting counts reports; Drifts are the first of them.
	Drifting uint64        `json:"drifting" doc:"Reports whose current row is not the one that the log of revisions asks for"`
	Drifts   []store.Drift `json:"drifts" nullable:"false" doc:"The first of them"`
	// Figures is nil unless it was asked for.
	Figures *Figures `json:"figures" doc:"Figures recomputed from the log of revisions; null unless asked for"`
	Totals  Totals   `json:"totals"`
}

// Totals are the four numbers that have to be 0.
type Totals struct {
	Missing     uint64 `json:"missing" doc:"Offsets below the committed ones that are neither stored nor rejected"`
	Duplicate   uint64 `json:"duplicate" doc:"Rows beyond one for each offset"`
	Overlapping uint64 `json:"overlapping" doc:"Ranges that begin inside another one"`
	Drifting    uint64 `json:"drifting" doc:"Reports and figures that drift"`
}

// String gives the line that a verification ends with.
func (t Totals) String() string {
	return fmt.Sprintf("%d missing, %d duplicate, %d overlapping, %d drifting", t.Missing, t.Duplicate, t.Overlapping, t.Drifting)
}

// Clean tells that nothing is wrong.
func (t Totals) Clean() bool { return t == Totals{} }

// Offsets is a run of offsets, both ends included.
type Offsets struct {
	Low  uint64 `json:"low"`
	High uint64 `json:"high"`
}

// Partition is what was found of one partition.
type Partition struct {
	Partition int   `json:"partition"`
	First     int64 `json:"first" doc:"Offset of the oldest message that the log still has"`
	End       int64 `json:"end" doc:"Offset that the next message will get"`
	Committed int64 `json:"committed" doc:"Offset below which everything must be stored; -1 for none"`
	// From and To bound what was proven.
	From int64 `json:"from" doc:"First proven offset"`
	To   int64 `json:"to" doc:"Last proven offset; below from when there was nothing to prove"`

	Accepted uint64 `json:"accepted" doc:"Messages that the log took from from to to"`
	Stored   uint64 `json:"stored" doc:"Of them in the log of revisions"`
	Rejected uint64 `json:"rejected" doc:"Of them among the dead letters"`
	Unstored uint64 `json:"unstored" doc:"Of them neither"`

	Missing     uint64    `json:"missing" doc:"Of these, below the committed offset"`
	Duplicate   uint64    `json:"duplicate"`
	Overlapping uint64    `json:"overlapping"`
	Gaps        []Offsets `json:"gaps" nullable:"false" doc:"The first runs of missing offsets"`
	Overlaps    []Offsets `json:"overlaps" nullable:"false" doc:"The first ranges that begin inside another one"`

	LagSeconds float64 `json:"lag_seconds" doc:"Age, by the log's clock, of the oldest message that is not stored; 0 when everything is"`
}

// sum adds up what was found.
func (r *Report) sum() {
	r.Totals = Totals{Drifting: r.Drifting}
	for _, p := range r.Partitions {
		r.Totals.Missing += p.Missing
		r.Totals.Duplicate += p.Duplicate
		r.Totals.Overlapping += p.Overlapping
	}
	if r.Figures != nil {
		r.Totals.Drifting += r.Figures.Different
	}
}

func offsets(ranges []store.Range) []Offsets {
	all := make([]Offsets, len(ranges))
	for i, r := range ranges {
		all[i] = Offsets(r)
	}
	return all
}

package proof

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"atvsld/analytics/store"
	"atvsld/ingest/rebuild"
)

// Figures is what recomputing them found.
type Figures struct {
	Cells       uint64             `json:"cells" doc:"Sums that were compared"`
	Different   uint64             `json:"different" doc:"Of them different"`
	Differences []FigureDifference `json:"differences" nullable:"false" doc:"The first of them"`
}

// FigureDifference is one sum that is another one when it is recomputed.
type FigureDifference struct {
	Measure    string `json:"measure"`
	Year       int    `json:"year"`
	Span       string `json:"span" enum:"Y,H1"`
	Month      int    `json:"month" doc:"0 when not by month"`
	Province   string `json:"province" doc:"list:code as reported; empty when not by province"`
	Section    string `json:"section" doc:"version:section; empty when not by section"`
	Cut        string `json:"cut" doc:"What it is split by beside that: cause, factor, sex, age_group or size_class; empty when not"`
	Member     string `json:"member" doc:"Member of the cut"`
	Employment string `json:"employment"`
	Live       int64  `json:"live"`
	Recomputed int64  `json:"recomputed"`
}

// ErrMoving says that reports were stored all the time while figures were recomputed, so
// that a difference proves nothing.
var ErrMoving = errors.New("reports were stored all the time: figures can be compared when it is quiet")

// catchUps is how often what was stored meanwhile is added before giving up.
const catchUps = 5

// figures rebuilds the current tables from report_log in a database of their own, and
// compares every sum of both. What is stored meanwhile is added until both stand still
// for as long as the comparison takes.
func (p *Prover) figures(ctx context.Context) (_ *Figures, err error) {
	scratch, drop, err := p.store.Scratch(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, drop(ctx))
	}()
	reached, err := p.store.Positions(ctx, p.epoch)
	if err != nil {
		return nil, err
	}
	if err := p.rows().All(ctx, scratch, reached); err != nil {
		return nil, err
	}
	for range catchUps {
		found, err := compareFigures(ctx, p.store, scratch)
		if err != nil || found.Different == 0 {
			return found, err
		}
		now, moved, err := p.catchUp(ctx, scratch, reached)
		if err != nil {
			return nil, err
		}
		if !moved {
			return found, nil
		}
		reached = now
	}
	return nil, ErrMoving
}

// rows are what current tables are made of again.
func (p *Prover) rows() rebuild.Source {
	return rebuild.Source{Store: p.store, Epoch: p.epoch, Portion: p.portion}
}

// catchUp adds what was stored behind reached, and waits for ranges in work: their current
// rows are counted before the log has them.
func (p *Prover) catchUp(ctx context.Context, scratch *store.Store, reached map[uint16]store.StoredPosition) (now map[uint16]store.StoredPosition, moved bool, err error) {
	if err := pause(ctx, confirmAfter); err != nil {
		return nil, false, err
	}
	if now, err = p.store.Positions(ctx, p.epoch); err != nil {
		return nil, false, err
	}
	since, err := p.store.StoredSince(ctx, p.epoch, reached)
	if err != nil {
		return nil, false, err
	}
	for ids := range slices.Chunk(since.IDs, rebuild.Rows) {
		if err := p.rows().Reports(ctx, scratch, store.Scope{IDs: ids}, now); err != nil {
			return nil, false, err
		}
	}
	return now, len(since.IDs) > 0, nil
}

// questions are what both stores are asked: together every dimension of every measure.
// Both judge the same limits to have passed: those of now.
func questions(now time.Time) []store.CellQuery {
	var all []store.CellQuery
	// The second half-year has nothing but events, which those of the year by month hold.
	for _, span := range []store.Span{store.Year, store.FirstHalf} {
		ask := func(measures []string, by ...store.Dim) {
			by = append(by, store.ByYear, store.ByProvince, store.ByEmployment)
			all = append(all, store.CellQuery{Measures: measures, From: 1990, To: 2999, Span: span, Basis: store.Live, Now: now, GroupBy: by})
		}
		ask(store.Measures(), store.BySection)
		for _, cut := range store.Cuts() {
			ask(store.MeasuresBy(cut), store.ByMonth, cut)
		}
	}
	return all
}

// compareFigures asks both stores the same questions.
func compareFigures(ctx context.Context, live, recomputed *store.Store) (*Figures, error) {
	found := &Figures{Differences: []FigureDifference{}}
	for _, q := range questions(time.Now()) {
		have, err := live.Cells(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("live figures: %w", err)
		}
		want, err := recomputed.Cells(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("recomputed figures: %w", err)
		}
		found.compare(q, have, want)
	}
	return found, nil
}

func (f *Figures) compare(q store.CellQuery, live, recomputed []store.Cell) {
	type pair struct{ live, recomputed int64 }
	sums := make(map[store.Cell]pair, len(live))
	for _, c := range live {
		value := c.Value
		c.Value = 0
		sums[c] = pair{live: value}
	}
	for _, c := range recomputed {
		value := c.Value
		c.Value = 0
		sums[c] = pair{sums[c].live, value}
	}
	var different []FigureDifference
	for c, s := range sums {
		if s.live != s.recomputed {
			different = append(different, difference(q, c, s.live, s.recomputed))
		}
	}
	slices.SortFunc(different, compareDifferences)
	f.Cells += uint64(len(sums))
	f.Different += uint64(len(different))
	f.Differences = append(f.Differences, different[:min(len(different), listed-len(f.Differences))]...)
}

func difference(q store.CellQuery, c store.Cell, live, recomputed int64) FigureDifference {
	d := FigureDifference{
		Measure: c.Measure, Year: c.Year, Span: string(q.Span), Month: c.Month, Cut: string(q.Cut()), Member: c.Member, Employment: c.Employment,
		Live: live, Recomputed: recomputed,
	}
	if c.Province.Code != "" {
		d.Province = string(c.Province.List) + ":" + c.Province.Code
	}
	if c.VSICSection != "" {
		d.Section = c.VSICVersion + ":" + c.VSICSection
	}
	return d
}

func compareDifferences(a, b FigureDifference) int {
	return cmp.Or(
		cmp.Compare(a.Year, b.Year), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Month, b.Month),
		cmp.Compare(a.Province, b.Province), cmp.Compare(a.Section, b.Section), cmp.Compare(a.Cut, b.Cut), cmp.Compare(a.Member, b.Member),
		cmp.Compare(a.Employment, b.Employment))
}

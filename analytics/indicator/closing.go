package indicator

import (
	"context"
	"time"
)

// closedFigures are the closed figures that live ones of the same years are held against.
type closedFigures struct {
	set  CellSet
	sums sums
	held bool
}

// readClosing reads what was closed of a live answer's years, if anything.
func (e *Engine) readClosing(ctx context.Context, req SeriesRequest, c counter, live CellSet) (closedFigures, error) {
	if req.View != Live || len(live.Closed) == 0 {
		return closedFigures{}, nil
	}
	req.View = Closed
	c.options.WithoutCoverage = true // which is of the live figures
	set, beside, err := e.readSeries(ctx, req, c)
	if err != nil {
		return closedFigures{}, err
	}
	return closedFigures{set: set, sums: c.sum(e.seeds, set.Cells, beside, e.bases(req.Geography, set)), held: true}, nil
}

// status is that of a live figure of a closed year: the closing's while they are the same,
// revised when a report has changed it since. Other figures keep theirs.
func (c closedFigures) status(k figureKey, live Figure, otherwise Status) (status Status, asOf *time.Time) {
	if !c.held {
		return otherwise, nil
	}
	asOf, status, ok := c.set.stamp(Closed, k.year, c.sums.measures(), c.sums.cut())
	switch {
	case !ok:
		return otherwise, nil
	case !c.sums.figure(k, true).sameAs(live):
		return Revised, asOf
	}
	return status, asOf
}

// sameAs compares what two figures are made of.
func (f Figure) sameAs(other Figure) bool {
	return sameCount(f.Numerator, other.Numerator) && sameCount(f.Denominator, other.Denominator)
}

func sameCount(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

package api

import (
	"context"
	"errors"
	"time"

	"atvsld/analytics/indicator"
	"atvsld/ingest/rebuild"
)

// settled is how long ago a moment must be to be asked for. Rows get their time of storing
// when an insert begins, so that more recent moments may still gain some.
const settled = time.Minute

// asOfView is the view that a question for an earlier moment means: what was closed does not
// change with time.
func asOfView(view string, asOf time.Time) (string, *Problem) {
	switch {
	case asOf.IsZero() || view == string(indicator.Live):
		return view, nil
	case view == "":
		return string(indicator.Live), nil
	}
	return "", problemParameters.new(ruleTogether.parameter("as_of", "as_of", "view=closed", "as_of", "view=closed"))
}

// engineAt returns the engine for figures of a moment, of now if it is zero. release gives
// it back.
func (s *Server) engineAt(ctx context.Context, asOf time.Time) (engine *indicator.Engine, release func(), problem *Problem) {
	switch {
	case asOf.IsZero():
		return s.Indicators, func() {}, nil
	case s.Past == nil:
		return nil, nil, problemNotHere.new(ruleNotHere.parameter("as_of"))
	case asOf.After(s.Clock().Add(-settled)):
		return nil, nil, problemParameters.new(ruleNotPast.parameter("as_of"))
	}
	earlier, release, err := s.Past.At(ctx, asOf)
	switch {
	case errors.Is(err, rebuild.ErrPreparing):
		return nil, nil, problemPreparing.new(rulePreparing.parameter("as_of"))
	case errors.Is(err, rebuild.ErrBusy):
		return nil, nil, problemPreparing.new(ruleOtherMoments.parameter("as_of"))
	case err != nil:
		return nil, nil, s.storeProblem(ctx, err)
	}
	engine, err = indicator.New(s.Indicators.Catalogue(), indicator.FromPast(earlier, s.Seeds, asOf), s.Seeds)
	if err != nil {
		release()
		return nil, nil, s.storeProblem(ctx, err)
	}
	return engine, release, nil
}

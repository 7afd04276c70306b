package api

import (
	"context"
	"slices"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// level is how much of what is personal in a report its reader gets. It is decided before
// anything is opened: for who gets nothing, nothing is.
type level uint8

const (
	levelOpen       level = iota // what is not personal
	levelNarratives              // also free text, with persons, numbers and contacts blanked
	levelFull                    // as it was filed
)

// levelOf tells how much of a filing the caller may read. content is the stripped content of
// the report, which of a withdrawal is that of the revision before.
func (s *Server) levelOf(ctx context.Context, f *store.Filing, content []byte) (level, error) {
	for _, one := range []struct {
		action access.Action
		level  level
	}{{access.ReadPersonal, levelFull}, {access.ReadNarratives, levelNarratives}} {
		allowed, err := s.reaches(ctx, one.action, f.Kind, f.Unit, content)
		if err != nil {
			return levelOpen, err
		}
		if allowed {
			return one.level, nil
		}
	}
	return levelOpen, nil
}

// reaches tells whether the caller's role and scope reach a report with an action: by its
// unit, its provinces or its industry.
func (s *Server) reaches(ctx context.Context, action access.Action, kind, unit string, content []byte) (bool, error) {
	caller, err := access.Of(ctx)
	if err != nil {
		return false, err
	}
	reach, err := caller.Reach(action, s.Seeds)
	if err != nil || !reach.HasKind(kind) {
		return false, nil //nolint:nilerr // the only error says that the caller reaches nothing
	}
	switch reach.Extent {
	case access.All:
		return true, nil
	case access.Own, access.Granted:
		return reach.HasUnit(unit), nil
	case access.Area, access.Sector:
		return inArea(reach, report.Kind(kind), content)
	default:
		return false, nil
	}
}

func inArea(reach access.Reach, kind report.Kind, content []byte) (bool, error) {
	if len(content) == 0 {
		return false, nil
	}
	area, err := report.AreaOf(kind, content)
	if err != nil {
		return false, err
	}
	if reach.Extent == access.Sector {
		return slices.Contains(reach.Sections, area.Section), nil
	}
	return slices.ContainsFunc(area.Provinces, reach.HasPlace), nil
}

// contentBefore returns the content that a withdrawn revision took back: who may read what
// is said of it depends on where the report belonged.
func (s *Server) contentBefore(ctx context.Context, key store.Key, stored []store.Filing) ([]byte, error) {
	for i := range stored {
		if len(stored[i].Payload) > 0 && stored[i].Revision <= key.Revision {
			return stored[i].Payload, nil
		}
	}
	if key.Revision <= 1 {
		return nil, nil
	}
	// A report is not withdrawn twice in a row, so the one before has it.
	before, err := s.Reports.Filings(ctx, key.ReportID, 1, key.Revision-1, 1)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	return before[0].Payload, nil
}

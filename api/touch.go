package api

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/intake"
	"atvsld/ingest/report"
)

// touched adds what a handler has touched to the record of the request. It is called before the
// answer is written.
func (one *call) touched(t audit.Touch) { one.touches = append(one.touches, t) }

// disclosed adds the personal members of a report that the answer shows.
func (one *call) disclosed(id uuid.UUID, revision uint32, pointers []string) {
	one.touched(audit.Touch{Kind: audit.Report, ID: id.String(), Revision: revision, Fields: pointers})
}

// uses says that the answer takes more than the action of the address: live figures, say, where
// anybody may read closed ones.
func (one *call) uses(a access.Action) { one.action = a }

func (one *call) actionOr(a access.Action) access.Action {
	if one.action != "" {
		return one.action
	}
	return a
}

// disclose records the personal members of a filing of which the answer shows those that shown
// holds for.
func disclose(ctx context.Context, id uuid.UUID, o *opened, shown func(pointer string) bool) {
	var pointers []string
	if o.back.Personal {
		pointers = slices.DeleteFunc(report.PersonalPointers(o.back.Document), func(p string) bool { return !shown(p) })
	}
	callOf(ctx).disclosed(id, o.Revision, pointers)
}

func everything(string) bool { return true }

// beside are the members of a submission that are not of its content: the facts of a filing.
func beside(pointer string) bool { return !report.Beneath(pointer, "/content") }

// within chooses personal members that lie in a change, or hold it.
func within(places []string) func(pointer string) bool {
	return func(pointer string) bool {
		return slices.ContainsFunc(places, func(place string) bool {
			return report.Beneath(pointer, place) || report.Beneath(place, pointer)
		})
	}
}

// discloseDiff records the personal members that a comparison shows.
func discloseDiff(ctx context.Context, id uuid.UUID, from, to *opened, changes []DiffChange) {
	var older, newer []string
	for _, c := range changes {
		newer = append(newer, c.Pointer)
		older = append(older, c.Pointer)
		if c.OldPointer != "" {
			older[len(older)-1] = c.OldPointer
		}
	}
	disclose(ctx, id, to, within(newer))
	if from.Revision != to.Revision {
		disclose(ctx, id, from, within(older))
	}
}

// discloseAccident records that the persons of an accident were shown, by pseudonym.
func discloseAccident(ctx context.Context, a *AccidentCase) {
	t := audit.Touch{Kind: audit.Accident, ID: a.AccidentID.String()}
	for i := range a.Persons {
		t.Fields = append(t.Fields, "/persons/"+strconv.Itoa(i))
	}
	callOf(ctx).touched(t)
}

// discloseObligation records what was shown of a unit's registration.
func discloseObligation(ctx context.Context, o *Obligation) {
	t := audit.Touch{Kind: audit.Unit, ID: o.Unit}
	for pointer, text := range map[string]string{"/name": o.Name, "/phone": o.Phone, "/address": o.Address} {
		if text != "" {
			t.Fields = append(t.Fields, pointer)
		}
	}
	slices.Sort(t.Fields)
	one := callOf(ctx)
	again := func(before audit.Touch) bool { return before.Kind == t.Kind && before.ID == t.ID }
	if len(t.Fields) > 0 && !slices.ContainsFunc(one.touches[max(0, len(one.touches)-1):], again) {
		one.touched(t) // a unit's obligations stand together
	}
}

// discloseAgainst records that findings may show figures of the year before. A unit that sees
// its own is told nothing that it has not filed itself.
func discloseAgainst(ctx context.Context, looked *intake.Against) {
	one := callOf(ctx)
	if looked == nil || access.ExtentOf(one.by.Role, access.ReadReports) == access.Own {
		return
	}
	one.uses(access.ReadReports)
	one.touched(audit.Touch{Kind: audit.Report, ID: looked.ReportID.String(), Revision: looked.Revision})
}

// touches are what handlers have said, and what the address asks for.
func (s *Server) touches(c *gin.Context, one *call) []audit.Touch {
	all := slices.Clone(one.touches)
	for _, asked := range s.asked(c) {
		same := func(t audit.Touch) bool { return t.Kind == asked.Kind && t.ID == asked.ID }
		if !slices.ContainsFunc(all, same) {
			all = append(all, asked)
		}
	}
	return all
}

// How areas and units are written; whatever else a caller writes there is not kept.
var (
	areaForm = regexp.MustCompile(`^(?:VN|nation|(?:34|63):[0-9]{2})$`)
	unitForm = regexp.MustCompile(`^(?:[0-9]{10}(?:-[0-9]{3})?|hb:[0-9a-f]{32}|commune:[0-9]{5}@[0-9-]{10}|authority:[a-z]+@[0-9]{2}:[0-9]{2})(?:/[0-9A-Za-z-]{1,10})?$`)
)

// asked reads from the address what was asked for.
func (s *Server) asked(c *gin.Context) []audit.Touch {
	var all []audit.Touch
	id := c.Param("id")
	if report, err := uuid.Parse(id); err == nil && strings.HasPrefix(c.FullPath(), reportsPath+"/") {
		all = append(all, audit.Touch{Kind: audit.Report, ID: report.String()})
	}
	if strings.HasPrefix(c.FullPath(), deadLettersPath) {
		place, _, _ := strings.Cut(id, ":")
		if at, err := store.ParsePosition(place); err == nil {
			all = append(all, audit.Touch{Kind: audit.Letter, ID: at.ID()})
		}
	}
	if accident, err := uuid.Parse(c.Param("accident_id")); err == nil {
		all = append(all, audit.Touch{Kind: audit.Accident, ID: accident.String()})
	}
	for _, area := range []string{c.Param("area"), c.Query("area"), c.Query("province")} {
		if areaForm.MatchString(area) {
			all = append(all, audit.Touch{Kind: audit.Area, ID: area})
		}
	}
	return append(all, s.askedUnits(c)...)
}

// askedUnits reads units; a household's number becomes its pseudonym.
func (s *Server) askedUnits(c *gin.Context) []audit.Touch {
	var all []audit.Touch
	for _, unit := range []string{c.Query("unit"), c.Query("tax_code")} {
		if s.Keys != nil && unit != "" {
			unit = s.openUnit(unit)
		}
		if unitForm.MatchString(unit) {
			all = append(all, audit.Touch{Kind: audit.Unit, ID: unit})
		}
	}
	return all
}

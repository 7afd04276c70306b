// Package access says who may see and do what: the roles, the policy and the scope of a
// caller. It does no I/O. The policy is policy.csv, actions.csv, roles.csv and kinds.csv beside this file;
// what they do not allow is denied.
//
// A caller travels in the context of a request. The store asks for the caller's [Reach] in
// every question that a caller can cause, and refuses a context without one, so that no
// handler can forget to.
package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"atvsld/seeds"
)

// Role is what a caller is to the platform.
type Role string

// The roles, in the order of the policy.
const (
	Public         Role = "public"
	Enterprise     Role = "enterprise"
	Software       Role = "software" // files for units that granted it to
	Commune        Role = "commune"
	Clinic         Role = "clinic"
	ServiceBody    Role = "service_body"
	ZoneBoard      Role = "zone_board"
	LabourOfficer  Role = "labour_officer"
	HealthOfficer  Role = "health_officer"
	Insurance      Role = "insurance"
	SectorMinistry Role = "sector_ministry"
	Ministry       Role = "ministry"
	Inspector      Role = "inspector"
	Auditor        Role = "auditor"
	// Operator runs the installation: it holds the keys and could read everything anyway.
	Operator Role = "operator"
)

// Action is something that the policy allows or denies.
type Action string

// The actions. An operation of the interface is of exactly one.
const (
	// ReadPublic: closed figures, rules, code lists, verification of receipts.
	ReadPublic Action = "read_public"
	// ReadStatus: what became of a report. Whoever presents its receipt may always.
	ReadStatus Action = "read_status"
	File       Action = "file"
	// FilePaper: to enter what came on paper, on behalf of who made it.
	FilePaper Action = "file_paper"
	// ReadReports: reports as they were filed, without what is personal in them.
	ReadReports Action = "read_reports"
	// ReadNarratives: free text with persons, numbers and contacts blanked.
	ReadNarratives Action = "read_narratives"
	// ReadPersonal: names, identity numbers, birth dates and free text as filed.
	ReadPersonal Action = "read_personal"
	// ReadCases: single accidents and their investigations, victims by pseudonym.
	ReadCases Action = "read_cases"
	// ReadFigures: summaries and comparisons of an area from single reports.
	ReadFigures Action = "read_figures"
	// ReadLive: indicators before their period is closed.
	ReadLive        Action = "read_live"
	ReadObligations Action = "read_obligations"
	// FollowUp: which establishments' reports look odd.
	FollowUp Action = "follow_up"
	// Grant: to let software file and read for one's units, and to end it.
	Grant      Action = "grant"
	ManageKeys Action = "manage_keys"
	// RevokeTokens: to end tokens of anybody before they expire.
	RevokeTokens Action = "revoke_tokens"
	// ExportPerson: everything about one person, for that person.
	ExportPerson  Action = "export_person"
	ReadAudit     Action = "read_audit"
	ProveStore    Action = "prove_store"
	RepairStore   Action = "repair_store"
	HandleLetters Action = "handle_letters"
	ReadMetrics   Action = "read_metrics"
)

// Extent is how far a role reaches with an action.
type Extent string

// The extents.
const (
	None    Extent = "-"
	Own     Extent = "own"
	Granted Extent = "granted"
	Area    Extent = "area"
	Sector  Extent = "sector"
	All     Extent = "all"
)

// Errors.
var (
	// ErrNoCaller: the context says nobody who asks. It is a mistake of the program.
	ErrNoCaller = errors.New("nobody asks: the context has no caller")
	// ErrDenied: the policy does not allow it to this caller, or not there.
	ErrDenied = errors.New("not allowed to this caller")
)

// DeniedError is [ErrDenied] and names what is not allowed.
type DeniedError struct{ Action Action }

func (e *DeniedError) Error() string { return string(e.Action) + ": " + ErrDenied.Error() }

// Is makes it ErrDenied.
func (e *DeniedError) Is(target error) bool { return target == ErrDenied }

// Caller is who asks, with the scope that his token or key gives.
type Caller struct {
	// ID is stable and names no person: it stands in stored reports and in the audit log.
	ID   string
	Role Role
	// Units are the caller's own: "0100109106" (with its branches and sites),
	// "0100109106-001", "hb:…" or "commune:00001", which is the commune of the list in
	// force since 1 July 2025: before, the code was another commune's. Of software and of a zone board they
	// are those that let it read; see [Caller.With].
	Units []string
	// FileUnits are the units that let software file for them. Only an extent of Granted
	// looks at them: who files for himself has Units.
	FileUnits []string
	// sorted: Units and FileUnits are in ascending order.
	sorted bool
	// Provinces are codes of the list in force since 1 July 2025.
	Provinces []string
	// Nation: every province.
	Nation bool
	// Sections are sections of VSIC as version and letter, as in "2025:F".
	Sections []string
	// Purpose is why, as the caller says; empty if nothing.
	Purpose string
	// Token names the token or key that was presented, so that it can be looked for; it is
	// no secret.
	Token string
}

// Nobody is who comes without a token.
func Nobody() Caller { return Caller{ID: string(Public), Role: Public} }

// May tells whether the policy allows the action to the caller's role at all.
func (c Caller) May(a Action) bool { return extentOf(c.Role, a) != None }

// Reach is the part of the store that a caller reaches with an action. What is empty is
// not limited to, except Units and so on when Extent says that they limit.
type Reach struct {
	Extent Extent
	// Units limit an Own or Granted extent, Places an Area, Sections a Sector.
	Units    []string
	Places   []seeds.ProvinceRef
	Sections []string
	// Kinds are the kinds of report that the role sees; nil for every kind.
	Kinds []string
	// sorted: Units are in ascending order, and need not be gone through one by one.
	sorted bool
}

// Reach returns how far the caller reaches. A *[DeniedError] when nowhere. s turns the provinces of
// the token into every unit that went into them: an officer sees the former ones.
func (c Caller) Reach(a Action, s *seeds.Data) (Reach, error) {
	r := Reach{Extent: extentOf(c.Role, a), Kinds: kindsFor(c.Role, a)}
	switch r.Extent {
	case Own, Granted:
		r.Units = c.unitsFor(a, r.Extent)
		if len(r.Units) == 0 {
			return Reach{}, &DeniedError{a}
		}
		r.sorted = c.sorted
	case Area:
		if c.Nation {
			r.Extent = All
			break
		}
		if r.Places = PlacesOf(c.Provinces, s); len(r.Places) == 0 {
			return Reach{}, &DeniedError{a}
		}
	case Sector:
		if r.Sections = c.Sections; len(r.Sections) == 0 {
			return Reach{}, &DeniedError{a}
		}
	case All:
	default:
		return Reach{}, &DeniedError{a}
	}
	return r, nil
}

// PlacesOf returns the provinces of the list in force with every former unit that went
// into them.
func PlacesOf(codes []string, s *seeds.Data) []seeds.ProvinceRef {
	var places []seeds.ProvinceRef
	for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
		for _, p := range s.Provinces(list) {
			if code, ok := s.To34(p.Ref()); ok && slices.Contains(codes, code) {
				places = append(places, p.Ref())
			}
		}
	}
	return places
}

// HasUnit tells whether a unit of a report ("0100109106-001/2", "commune:00001@2025-07-01")
// is one of the reach's. A tax code reaches its branches and sites, a branch only its own, the
// code of a commune nothing of the lists before the one in force.
func (r Reach) HasUnit(unit string) bool {
	if !r.sorted {
		return slices.ContainsFunc(r.Units, func(own string) bool { return belongs(unit, own) })
	}
	for end := range len(unit) + 1 {
		own := unit[:end]
		if !belongs(unit, own) {
			continue
		}
		if _, found := slices.BinarySearch(r.Units, own); found {
			return true
		}
	}
	return false
}

// CommunesSince is the first day of the communes that a code alone names: those of
// Resolution 202/2025/QH15 and Decision 19/2025/QD-TTg. Codes were given anew then, so that
// one may have been that of another commune.
const CommunesSince = "2025-07-01"

func belongs(unit, own string) bool {
	rest, ok := strings.CutPrefix(unit, own)
	if !ok || own == "" {
		return false
	}
	if day, dated := strings.CutPrefix(rest, "@"); dated {
		return strings.HasPrefix(own, "commune:") && day >= CommunesSince
	}
	return rest == "" || strings.HasPrefix(rest, "/") ||
		// A branch of a tax code; of what is a branch already there is none.
		(strings.HasPrefix(rest, "-") && !strings.Contains(own, "-") && !strings.Contains(own, ":"))
}

// HasPlace tells whether a province, as it was written, is in the reach.
func (r Reach) HasPlace(p seeds.ProvinceRef) bool {
	return r.Extent == All || slices.Contains(r.Places, p)
}

// HasKind tells whether the role sees reports of the kind.
func (r Reach) HasKind(kind string) bool { return r.Kinds == nil || slices.Contains(r.Kinds, kind) }

type callerKey struct{}

// With returns a context in which the caller asks.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// Of returns who asks.
func Of(ctx context.Context) (Caller, error) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	if !ok {
		return Caller{}, ErrNoCaller
	}
	return c, nil
}

// system is the platform itself: sinks, closing of periods, commands of the operator.
var system = Caller{ID: "system", Role: Operator}

// System returns a context in which the platform itself asks, not somebody from outside.
func System(ctx context.Context) context.Context { return With(ctx, system) }

package access

import (
	"regexp"
	"slices"
	"strings"
)

// Right is something that a unit lets somebody else do for it.
type Right string

// The rights.
const (
	RightFile Right = "file"
	RightRead Right = "read"
)

// Action is what the grantee's role must be allowed for the right to mean anything.
func (r Right) Action() Action {
	if r == RightFile {
		return File
	}
	return ReadReports
}

// Grants are the units that let a grantee file and read. One right does not hold the other.
type Grants struct {
	File, Read []string
	// sorted: both are in ascending order.
	sorted bool
}

// Sorted puts the lists in order, so that units are looked up in them. Half the enterprises
// of the country may have granted to one software, and it files them one by one.
func (g Grants) Sorted() Grants {
	slices.Sort(g.File)
	slices.Sort(g.Read)
	g.sorted = true
	return g
}

// With returns the caller with what was granted to it. Whoever else it is loses the units
// that a token may have named: only units themselves can grant.
func (c Caller) With(g Grants) Caller {
	c.FileUnits, c.Units, c.sorted = g.File, g.Read, g.sorted
	return c
}

// unitsFor are the units that limit an action.
func (c Caller) unitsFor(a Action, e Extent) []string {
	if e == Granted && a == File {
		return c.FileUnits
	}
	return c.Units
}

// Prefixes of grantees: filing software, and boards of industrial zones.
const (
	granteeSoftware = "software:"
	granteeZone     = "zone:"
)

// granteeID is what may stand behind the prefix: it is an integrator's id, a subject of
// the local issuer, a UUID or a pseudonym.
var granteeID = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$`)

// Grantee names a caller as grants do, "software:misa" or "zone:hanoi-1"; "" if nothing
// can be granted to the role.
func Grantee(r Role, id string) string {
	bare := strings.TrimPrefix(id, string(r)+":")
	switch r {
	case Software:
		return granteeSoftware + bare
	case ZoneBoard:
		return granteeZone + strings.TrimPrefix(bare, granteeZone)
	default:
		return ""
	}
}

// GranteeRole returns the role of a grantee; false if it is not named as one.
func GranteeRole(grantee string) (Role, bool) {
	for prefix, role := range map[string]Role{granteeSoftware: Software, granteeZone: ZoneBoard} {
		if id, ok := strings.CutPrefix(grantee, prefix); ok && granteeID.MatchString(id) {
			return role, true
		}
	}
	return "", false
}

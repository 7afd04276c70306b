package access

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed policy.csv actions.csv roles.csv kinds.csv
var tables embed.FS

// AnyReporter lets a role file in everybody's name, and see every domain.
const AnyReporter = "*"

// RoleInfo describes a role.
type RoleInfo struct {
	Role           Role   `json:"role"`
	NameVI, NameEN string `json:"-"`
	// Reporters are the types of reporter in whose name the role files, a branch of the
	// state after a colon, as in "authority:labour"; [AnyReporter] for every one.
	Reporters []string `json:"reporters"`
	// Domain chooses the kinds of report that the role sees; "*" for every kind, "-" for none.
	Domain string `json:"domain"`
	// Purpose: the role has to say why it opens personal data.
	Purpose bool `json:"purpose"`
}

// KindInfo says which branches of the state see a kind of report.
type KindInfo struct {
	Kind           string
	Domains        []string
	Status, Source string
}

// ActionInfo describes an action.
type ActionInfo struct {
	Action         Action
	NameVI, NameEN string
}

type policyTables struct {
	actions []ActionInfo
	extents map[Action]map[Role]Extent
	roles   []RoleInfo
	kinds   []KindInfo
}

// policy reads the tables, which are part of the program: a mistake in them is one of ours.
var policy = sync.OnceValue(func() *policyTables {
	p := &policyTables{extents: map[Action]map[Role]Extent{}}
	for _, row := range table("roles.csv")[1:] {
		p.roles = append(p.roles, RoleInfo{Role(row[0]), row[1], row[2], words(row[3]), row[4], row[5] == "yes"})
	}
	for _, row := range table("kinds.csv")[1:] {
		p.kinds = append(p.kinds, KindInfo{row[0], words(row[1]), row[2], row[3]})
	}
	for _, row := range table("actions.csv")[1:] {
		p.actions = append(p.actions, ActionInfo{Action(row[0]), row[1], row[2]})
	}
	rows := table("policy.csv")
	for _, row := range rows[1:] {
		action := Action(row[0])
		p.extents[action] = map[Role]Extent{}
		for i, extent := range row[1:] {
			p.extents[action][Role(rows[0][i+1])] = Extent(extent)
		}
	}
	return p
})

// words are separated by spaces; "-" stands for none.
func words(cell string) []string {
	return slices.DeleteFunc(strings.Fields(cell), func(w string) bool { return w == "-" })
}

func table(name string) [][]string {
	file, err := tables.Open(name)
	if err != nil {
		panic(err)
	}
	defer func() { _ = file.Close() }()
	r := csv.NewReader(file)
	r.Comment, r.TrimLeadingSpace, r.LazyQuotes = '#', true, false
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Errorf("policy table %s: %w", name, err))
	}
	for _, row := range rows {
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
	}
	return rows
}

// extentOf is None for whatever the table does not have.
func extentOf(r Role, a Action) Extent {
	if e, ok := policy().extents[a][r]; ok {
		return e
	}
	return None
}

// Actions lists the actions in the order of the table.
func Actions() []ActionInfo { return slices.Clone(policy().actions) }

// Roles lists the roles in the order of the table.
func Roles() []RoleInfo { return slices.Clone(policy().roles) }

// Kinds lists who sees which kind of report.
func Kinds() []KindInfo { return slices.Clone(policy().kinds) }

// ExtentOf tells how far a role reaches with an action.
func ExtentOf(r Role, a Action) Extent { return extentOf(r, a) }

// RolesFor lists the roles that may do something.
func RolesFor(a Action) []Role {
	var able []Role
	for _, r := range policy().roles {
		if extentOf(r.Role, a) != None {
			able = append(able, r.Role)
		}
	}
	return able
}

// Info describes a role; false if there is none of the name.
func Info(r Role) (RoleInfo, bool) {
	all := policy().roles
	i := slices.IndexFunc(all, func(info RoleInfo) bool { return info.Role == r })
	if i < 0 {
		return RoleInfo{}, false
	}
	return all[i], true
}

// FilesAs tells whether the role may file in the name of a type of reporter; authority is
// the branch of a state body.
func FilesAs(r Role, reporter, authority string) bool {
	info, _ := Info(r)
	name := reporter
	if authority != "" {
		name += ":" + authority
	}
	return slices.Contains(info.Reporters, AnyReporter) || slices.Contains(info.Reporters, name)
}

// kindsFor lists the kinds that a role sees with an action. A role that sees no report at
// all has no kinds that could limit whose state it sees.
func kindsFor(r Role, a Action) []string {
	if info, _ := Info(r); a == ReadStatus && info.Domain == string(None) {
		return nil
	}
	return kindsOf(r)
}

// kindsOf lists the kinds that a role sees, nil for every one; none of a role without a
// domain or of none that is known.
func kindsOf(r Role) []string {
	info, _ := Info(r)
	if info.Domain == AnyReporter {
		return nil
	}
	seen := []string{}
	for _, k := range policy().kinds {
		if slices.Contains(k.Domains, info.Domain) {
			seen = append(seen, k.Kind)
		}
	}
	return seen
}

package identity

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

// nation in the claim provinces stands for all of them.
const nation = "VN"

// householdPrefix begins a household business's unit, as in the reports.
const householdPrefix = "hb:"

// Scope is a role and how far it reaches, as tokens, API keys and the command line say it.
type Scope struct {
	Role string `json:"role,omitempty"`
	// Provinces as list and code, "34:01" or "63:15", or "VN" for all.
	Provinces []string `json:"provinces,omitempty"`
	// Establishments are tax codes.
	Establishments []string `json:"establishments,omitempty"`
	// Establishment is another way to say one of them.
	Establishment string `json:"establishment,omitempty"`
	// Communes are codes of 5 digits.
	Communes []string `json:"communes,omitempty"`
	// Sections of VSIC, as version and letter: "2025:F".
	Sections []string `json:"sections,omitempty"`
	// Software and Zone name filing software and a zone board, whose units are those that
	// granted it to them.
	Software string `json:"software,omitempty"`
	Zone     string `json:"zone,omitempty"`
}

// Fault is one thing that is wrong with a scope or a wish. It repeats no value, which may be
// personal.
type Fault struct {
	// Member is the JSON name, an item of a list as "provinces/1".
	Member string
	VI, EN string
	// Wider: it is well formed, but reaches further than who wishes it.
	Wider bool
}

func joined(faults []Fault) string {
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.Member+": "+f.EN)
	}
	return strings.Join(texts, "; ")
}

// scopeOf names the one member that a role needs; none of those that reach everything.
var scopeOf = map[access.Role]string{
	access.Enterprise: "establishments", access.Clinic: "establishments", access.ServiceBody: "establishments",
	access.Commune: "communes", access.Software: "software", access.ZoneBoard: "zone",
	access.LabourOfficer: "provinces", access.HealthOfficer: "provinces", access.Insurance: "provinces", access.Inspector: "provinces",
	access.SectorMinistry: "sections", access.Ministry: "", access.Auditor: "", access.Operator: "",
}

var (
	granteeForm = regexp.MustCompile(`^[a-z0-9-]{2,40}$`)
	communeForm = regexp.MustCompile(`^[0-9]{5}$`)
	subjectForm = regexp.MustCompile(`^[a-z0-9:._-]{1,64}$`)
)

// caller turns a scope into a caller without ID (but that of software and zone boards), or
// names everything that is wrong with it.
func (s Scope) caller(keys *seal.Keys, data *seeds.Data) (access.Caller, []Fault) {
	r := reading{keys: keys, data: data, caller: access.Caller{Role: access.Role(s.Role)}}
	needed, known := scopeOf[r.caller.Role]
	if !known {
		r.fault("role", "vai trò không có", "there is no such role")
	}
	establishments := s.Establishments
	if s.Establishment != "" && !slices.Contains(establishments, s.Establishment) {
		establishments = append(slices.Clone(establishments), s.Establishment)
	}
	each(s.Provinces, r.province)
	each(establishments, r.establishment)
	each(s.Communes, r.commune)
	each(s.Sections, r.section)
	r.grantee("software", s.Software)
	r.grantee("zone", s.Zone)
	given := map[string]bool{
		"provinces": len(s.Provinces) > 0, "establishments": len(establishments) > 0, "communes": len(s.Communes) > 0,
		"sections": len(s.Sections) > 0, "software": s.Software != "", "zone": s.Zone != "",
	}
	for _, member := range []string{"provinces", "establishments", "communes", "sections", "software", "zone"} {
		switch whole := known && needed == "" && member == "provinces" && slices.Equal(s.Provinces, []string{nation}); {
		case known && member == needed && !given[member]:
			r.fault(member, "vai trò này cần phạm vi này", "the role needs it")
		case known && member != needed && given[member] && !whole:
			r.fault(member, "vai trò này không có phạm vi này", "the role does not have it")
		}
	}
	if known && needed == "" {
		r.caller.Nation = true
	}
	return r.caller, r.faults
}

func each(values []string, do func(i int, value string)) {
	for i, value := range values {
		do(i, value)
	}
}

// reading collects a caller and the faults.
type reading struct {
	keys   *seal.Keys
	data   *seeds.Data
	caller access.Caller
	faults []Fault
}

func (r *reading) fault(member, vi, en string) {
	r.faults = append(r.faults, Fault{Member: member, VI: vi, EN: en})
}

func (r *reading) province(i int, value string) {
	if value == nation {
		r.caller.Nation = true
		return
	}
	list, code, _ := strings.Cut(value, ":")
	now, ok := r.data.To34(seeds.ProvinceRef{List: seeds.ProvinceList(list), Code: code})
	if !ok {
		r.fault(item("provinces", i), "cần danh mục và mã tỉnh, ví dụ 34:01, hoặc VN", "want list and code of a province, as in 34:01, or VN")
		return
	}
	// Two former units may be one now.
	if !slices.Contains(r.caller.Provinces, now) {
		r.caller.Provinces = append(r.caller.Provinces, now)
	}
}

func (r *reading) establishment(i int, value string) {
	code := report.TaxCode(value)
	if code.Valid() != nil {
		r.fault(item("establishments", i), "mã số thuế không hợp lệ", "not a valid tax code")
		return
	}
	if code.IsPerson() {
		value = householdPrefix + r.keys.Pseudonym(report.DomainHousehold, value)
	}
	r.caller.Units = append(r.caller.Units, value)
}

func (r *reading) commune(i int, value string) {
	if !communeForm.MatchString(value) {
		r.fault(item("communes", i), "mã xã gồm 5 chữ số", "a code of a commune has 5 digits")
		return
	}
	r.caller.Units = append(r.caller.Units, "commune:"+value)
}

func (r *reading) section(i int, value string) {
	version, letter, _ := strings.Cut(value, ":")
	if _, ok := r.data.VSICSection(version, letter); !ok {
		r.fault(item("sections", i), "cần phiên bản VSIC và chữ cái, ví dụ 2025:F", "want a version of VSIC and a letter, as in 2025:F")
		return
	}
	r.caller.Sections = append(r.caller.Sections, value)
}

func (r *reading) grantee(member, value string) {
	switch {
	case value == "":
	case !granteeForm.MatchString(value):
		r.fault(member, "gồm 2 đến 40 chữ thường, chữ số, gạch nối", "has 2 to 40 small letters, digits and hyphens")
	default:
		r.caller.ID = member + ":" + value
	}
}

func item(list string, i int) string { return list + "/" + strconv.Itoa(i) }

// principal is the ID of who has a subject of an issuer. Those of the local issuer name nobody
// and are taken as they are. Another's may name a person, and two issuers may give the same one
// to different persons: a keyed pseudonym of both takes its place. The role stands before it, so
// that who has two roles is not one holder of API keys.
func principal(keys *seal.Keys, role access.Role, issuer, subject string) string {
	if issuer == LocalIssuer {
		return subject
	}
	return string(role) + ":" + subjectKey(keys, issuer, subject)
}

// localSubject tells whether a local token may have the subject: not one of those that
// others are known by.
func localSubject(subject string) bool {
	if !subjectForm.MatchString(subject) || slices.Contains([]string{LocalID, "system", string(access.Public)}, subject) {
		return false
	}
	kind, _, named := strings.Cut(subject, ":")
	_, role := scopeOf[access.Role(kind)]
	return !slices.Contains([]string{"software", "zone", keyOwner}, kind) && (!named || !role)
}

// namesOf are those by which a token can be revoked.
func namesOf(keys *seal.Keys, c claims, id string) [][2]string {
	return [][2]string{
		{store.RevokedToken, c.ID}, {store.RevokedSubject, subjectKey(keys, c.Issuer, c.Subject)}, {store.RevokedPrincipal, id},
	}
}

package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// Policy is who may do what.
type Policy struct {
	Roles         []PolicyRole   `json:"roles"`
	Actions       []PolicyAction `json:"actions"`
	Kinds         []PolicyKind   `json:"kinds" doc:"Which branches of the state see which kind of report"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// PolicyRole is a role.
type PolicyRole struct {
	Role      access.Role `json:"role"`
	NameVI    string      `json:"name_vi"`
	NameEN    string      `json:"name_en"`
	Reporters []string    `json:"reporters" doc:"Types of reporter in whose name it files, a branch of the state after a colon; * any"`
	Domain    string      `json:"domain" enum:"*,-,labour,health,insurance" doc:"Whose kinds of report it sees; * all, - none"`
	Purpose   bool        `json:"purpose" doc:"Whether it has to say why it opens personal data (header Access-Purpose)"`
}

// PolicyAction is an action, and how far each role reaches with it.
type PolicyAction struct {
	Action  access.Action                 `json:"action"`
	NameVI  string                        `json:"name_vi"`
	NameEN  string                        `json:"name_en"`
	Extents map[access.Role]access.Extent `json:"extents" doc:"By role: - not at all; own what its own units reported; granted what units reported that granted it; area what lies in its provinces; sector what lies in its sections of VSIC; all"`
}

// PolicyKind is a kind of report and who sees it.
type PolicyKind struct {
	Kind    string   `json:"kind"`
	Domains []string `json:"domains"`
	Status  string   `json:"status" enum:"V,UNVERIFIED"`
	Source  string   `json:"source"`
}

// Myself is who asks, as the platform understands the token.
type Myself struct {
	ID            string                          `json:"id" doc:"As it stands in reports that the caller files, and in the audit log"`
	Role          access.Role                     `json:"role"`
	Units         []string                        `json:"units" maxItems:"1000" doc:"Tax codes with their branches and sites, household businesses, communes: the first 1,000 of unit_count"`
	UnitCount     int                             `json:"unit_count" doc:"How many units the scope has"`
	Provinces     []seeds.ProvinceRef             `json:"provinces" doc:"With the former units that went into them. Codes: /v1/codelists/provinces"`
	Nation        bool                            `json:"nation" doc:"Every province"`
	Sections      []string                        `json:"sections" doc:"Sections of VSIC as version:letter"`
	May           map[access.Action]access.Extent `json:"may" doc:"What the caller may do, and how far"`
	Demonstration bool                            `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routePolicy() {
	huma.Register(s.api, operation("get-policy", access.ReadPublic, http.MethodGet, "/v1/access/policy",
		"Ai được làm gì / Who may do what",
		"Bảng phân quyền mà hệ thống áp dụng; điều không có trong bảng thì bị từ chối. / The policy that the platform applies; what it does not have is denied.",
		tagReference), func(context.Context, *struct{}) (*policyOutput, error) {
		p := AccessPolicy()
		p.Demonstration = s.Demonstration
		return &policyOutput{p}, nil
	})
	huma.Register(s.api, operation("get-myself", access.ReadPublic, http.MethodGet, "/v1/access/me",
		"Tôi là ai, được làm gì / Who am I, and what may I do",
		"Hệ thống hiểu mã truy cập thế nào. Không có mã là công chúng. / How the platform understands the token. Without one: the public.",
		tagReference), s.myself)
}

type policyOutput struct{ Body Policy }

// AccessPolicy returns the policy.
func AccessPolicy() Policy {
	var p Policy
	for _, r := range access.Roles() {
		p.Roles = append(p.Roles, PolicyRole{r.Role, r.NameVI, r.NameEN, append([]string{}, r.Reporters...), r.Domain, r.Purpose})
	}
	for _, a := range access.Actions() {
		one := PolicyAction{a.Action, a.NameVI, a.NameEN, map[access.Role]access.Extent{}}
		for _, r := range p.Roles {
			one.Extents[r.Role] = access.ExtentOf(r.Role, a.Action)
		}
		p.Actions = append(p.Actions, one)
	}
	for _, k := range access.Kinds() {
		p.Kinds = append(p.Kinds, PolicyKind{k.Kind, k.Domains, k.Status, k.Source})
	}
	return p
}

type myselfOutput struct{ Body Myself }

// maxUnitsShown bounds what a caller is told of its scope: a software may have a hundred
// thousand units, and asks often. All of them are at /v1/grants.
const maxUnitsShown = 1000

func (s *Server) myself(ctx context.Context, _ *struct{}) (*myselfOutput, error) {
	by := callOf(ctx).by
	me := Myself{
		ID: by.ID, Role: by.Role, Nation: by.Nation, Demonstration: s.Demonstration,
		Units: slices.Concat([]string{}, by.Units[:min(len(by.Units), maxUnitsShown)]), UnitCount: len(by.Units), Sections: slices.Concat([]string{}, by.Sections),
		Provinces: append([]seeds.ProvinceRef{}, access.PlacesOf(by.Provinces, s.Seeds)...),
		May:       map[access.Action]access.Extent{},
	}
	for _, a := range access.Actions() {
		if by.May(a.Action) {
			me.May[a.Action] = access.ExtentOf(by.Role, a.Action)
		}
	}
	return &myselfOutput{me}, nil
}

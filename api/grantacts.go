package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/grant"
	"atvsld/ingest/report"
)

// GrantOrder is what somebody wants to grant.
type GrantOrder struct {
	Grantee   string    `json:"grantee" doc:"software:ID for filing software and integrators, zone:ID for the board of a zone"`
	Units     []string  `json:"units" minItems:"1" maxItems:"1000" doc:"Tax codes, with the branch of a branch; 12 digits or the pseudonym of a household business; 5 digits of a commune"`
	Rights    []string  `json:"rights" enum:"file,read" minItems:"1" maxItems:"2"`
	ValidFrom time.Time `json:"valid_from,omitzero" doc:"From now on by default"`
	ValidTo   time.Time `json:"valid_to,omitzero" doc:"Not included; none: until it is ended"`
	GrantEnd
}

// GrantEnd is on whose behalf and why. It is all that the end of a grant needs, and may be
// left out there.
type GrantEnd struct {
	By     string `json:"by,omitzero" maxLength:"200" doc:"Office that decides, not a person; by default the holder of the token"`
	Reason string `json:"reason,omitzero" maxLength:"2000" doc:"Why; it goes on record, in clear"`
}

// GrantsMade is the answer to an order.
type GrantsMade struct {
	Grants        []Grant `json:"grants" doc:"One for each unit; empty after a dry run"`
	DryRun        bool    `json:"dry_run"`
	Demonstration bool    `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// maxGrants is how many units one order names.
const maxGrants = 1000

const suffixEnd = ":end"

// documentGrantActs describes what is read without huma.
func (s *Server) documentGrantActs() {
	registry := s.api.OpenAPI().Components.Schemas
	problems := append(grantProblems(), http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	answers := func(schema *huma.Schema, text string) map[string]*huma.Response {
		return map[string]*huma.Response{"200": {Description: text, Content: map[string]*huma.MediaType{jsonType: {Schema: schema}}}}
	}
	body := func(schema *huma.Schema, required bool) *huma.RequestBody {
		return &huma.RequestBody{Required: required, Content: map[string]*huma.MediaType{jsonType: {Schema: schema}}}
	}
	made := operation("make-grants", access.Grant, http.MethodPost, grantsPath, "Ủy quyền cho phần mềm hoặc ban quản lý khu / Let software or the board of a zone act for units",
		"Chỉ cho các đơn vị của người ủy quyền. Ủy quyền mới thay ủy quyền cũ của cùng đơn vị cho cùng bên. Mọi lỗi được trả lời cùng một lúc. / "+
			"Only for units of who grants. A new grant takes the place of what the unit granted to the same grantee before. All findings come in one answer.",
		tagAccess, problems...)
	made.Parameters = []*huma.Param{{Name: "dry_run", In: "query", Description: "true: kiểm tra, không ghi / check everything and record nothing", Schema: &huma.Schema{Type: huma.TypeBoolean, Default: false}}}
	made.RequestBody = body(registry.Schema(typeOf[GrantOrder](), true, ""), true)
	made.Responses = answers(registry.Schema(typeOf[GrantsMade](), true, ""), "Đã ghi / On record")
	offered(&made, s.hasGrants)
	s.api.OpenAPI().AddOperation(&made)

	end := operation("end-grant", access.Grant, http.MethodPost, grantsPath+"/{id}"+suffixEnd, "Chấm dứt ủy quyền / End a grant",
		"Có hiệu lực ngay ở tiến trình này, ở các tiến trình khác trong vòng 5 giây. Chấm dứt lần nữa không thay đổi gì. / "+
			"It takes effect at once in this process, in others within 5 seconds. To end it again changes nothing.",
		tagAccess, append(slices.Clone(problems), http.StatusNotFound)...)
	end.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Description: "Id of the grant", Schema: &huma.Schema{Type: huma.TypeString, Format: "uuid"}}}
	end.RequestBody = body(registry.Schema(typeOf[GrantEnd](), true, ""), false)
	end.Responses = answers(registry.Schema(typeOf[Grant](), true, ""), "Đã chấm dứt / Ended")
	offered(&end, s.hasGrants)
	s.api.OpenAPI().AddOperation(&end)
}

func (s *Server) makeGrants(c *gin.Context) {
	ask, problem := readFiling(c.Request, jsonType)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	raw, problem := readBody(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	like, units, problem := s.readOrder(callOf(c.Request.Context()).by, raw)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	answer := GrantsMade{Grants: []Grant{}, DryRun: ask.dryRun, Demonstration: s.Demonstration}
	if !ask.dryRun {
		ctx, cancel := s.deciding(c)
		defer cancel()
		made, err := s.Grants.Make(ctx, like, units)
		if err != nil {
			s.refuse(c, s.grantProblem(ctx, err))
			return
		}
		answer.Grants = s.shownGrants(made)
	}
	s.write(c, http.StatusOK, jsonType, answer)
}

// deciding is not tied to the caller's connection: what was begun is brought to its end.
func (s *Server) deciding(c *gin.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.Request.Context()), s.config.SubmitTimeout)
}

// readOrder reads an order and finds everything that is wrong with it.
func (s *Server) readOrder(by access.Caller, raw []byte) (like store.Grant, units []string, problem *Problem) {
	var in GrantOrder
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return like, nil, problemUnreadable.new(ruleGrantForm.finding())
	}
	role, known := access.GranteeRole(in.Grantee)
	var findings []report.Finding
	note := func(pointer string, f report.Finding) {
		f.Pointer = pointer
		findings = append(findings, f)
	}
	if !known {
		note("/grantee", ruleGrantee.finding())
	}
	like = store.Grant{Grantee: in.Grantee, ValidFrom: in.ValidFrom, ValidTo: in.ValidTo}
	like.By, like.Principal, like.Reason, findings = s.readEnd(by, in.GrantEnd, findings)
	var ok bool
	if like.Rights, ok = rightsOf(in.Rights); !ok {
		note("/rights", ruleGrantRights.finding())
	}
	if like.ValidFrom.IsZero() {
		like.ValidFrom = s.Clock().Truncate(time.Millisecond)
	}
	if wrongTimes(like, s.Clock()) {
		note("/valid_to", ruleGrantTimes.finding())
	}
	units, findings = s.readUnits(by, in.Units, findings)
	if known && slices.Contains(like.Rights, access.RightFile) {
		findings = append(findings, useless(in.Grantee, role, units)...)
	}
	if len(findings) > 0 {
		return like, nil, problemParameters.new(bounded(findings)...)
	}
	return like, units, nil
}

func rightsOf(names []string) ([]access.Right, bool) {
	var rights []access.Right
	for _, name := range names {
		r := access.Right(name)
		if r != access.RightFile && r != access.RightRead || slices.Contains(rights, r) {
			return nil, false
		}
		rights = append(rights, r)
	}
	return rights, len(rights) > 0
}

// wrongTimes also keeps to what the store can hold.
func wrongTimes(g store.Grant, now time.Time) bool {
	odd := func(at time.Time) bool { return at.UTC().Year() < 2000 || at.UTC().Year() > 2200 }
	return odd(g.ValidFrom) || !g.ValidTo.IsZero() && (odd(g.ValidTo) || !g.ValidTo.After(now) || !g.ValidTo.After(g.ValidFrom))
}

// readUnits returns the units as scopes name them; one that cannot be granted is "".
func (s *Server) readUnits(by access.Caller, names []string, findings []report.Finding) ([]string, []report.Finding) {
	reach, err := by.Reach(access.Grant, s.Seeds)
	everything := err == nil && reach.Extent == access.All
	if len(names) == 0 || len(names) > maxGrants {
		f := ruleGrantUnits.finding(maxGrants, maxGrants)
		f.Pointer = "/units"
		return nil, append(findings, f)
	}
	units := make([]string, len(names))
	seen := map[string]bool{}
	for i, name := range names {
		unit, ok := grant.Unit(name, s.pseudonym)
		var f report.Finding
		switch {
		case !ok:
			f = ruleGrantUnit.finding()
		case !everything && (err != nil || !reach.HasUnit(unit)):
			f = ruleGrantReach.finding()
		case seen[unit]:
			f = ruleGrantUnits.finding(maxGrants, maxGrants)
		default:
			units[i], seen[unit] = unit, true
			continue
		}
		f.Pointer = "/units/" + strconv.Itoa(i)
		findings = append(findings, f)
	}
	return units, findings
}

// useless finds the units for which the grantee could not file whatever they granted.
func useless(grantee string, role access.Role, units []string) (findings []report.Finding) {
	for i, unit := range units {
		commune := grant.IsCommune(unit) && !access.FilesAs(role, string(report.CommuneReporter), "")
		if unit == "" || access.ExtentOf(role, access.File) != access.None && !commune {
			continue
		}
		f := ruleGrantUseless.finding(grantee, grantee)
		f.Pointer = "/units/" + strconv.Itoa(i)
		findings = append(findings, f)
	}
	return findings
}

// readEnd reads the texts that every act on a grant has.
func (s *Server) readEnd(caller access.Caller, in GrantEnd, findings []report.Finding) (by, principal, reason string, all []report.Finding) {
	if in.By == "" {
		in.By = caller.ID
	}
	texts := deadletter.Decision{By: in.By, Principal: caller.ID, Reason: in.Reason}.Tidy()
	for _, name := range texts.Wrong() {
		if name == "reason" && texts.Reason == "" {
			continue // only a dead letter needs one
		}
		f := ruleGrantText.finding(name, name)
		f.Pointer = "/" + name
		findings = append(findings, f)
	}
	return texts.By, caller.ID, texts.Reason, findings
}

func (s *Server) endGrant(c *gin.Context) {
	text, isEnd := strings.CutSuffix(c.Param("id"), suffixEnd)
	if !isEnd {
		s.noRoute(c)
		return
	}
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		s.refuse(c, problemNotFound.new(ruleNoData.parameter("id")))
		return
	}
	in, problem := readGrantEnd(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	by, principal, reason, findings := s.readEnd(callOf(c.Request.Context()).by, in, nil)
	if len(findings) > 0 {
		s.refuse(c, problemParameters.new(findings...))
		return
	}
	ctx, cancel := s.deciding(c)
	defer cancel()
	ended, err := s.Grants.End(ctx, id, by, principal, reason)
	if err != nil {
		s.refuse(c, s.grantProblem(ctx, err))
		return
	}
	s.write(c, http.StatusOK, jsonType, s.shownGrant(ended))
}

// readGrantEnd reads the body, which may be left out.
func readGrantEnd(c *gin.Context) (in GrantEnd, problem *Problem) {
	if c.Request.URL.RawQuery != "" {
		return in, problemParameters.new(ruleUnknown.finding("?", "?"))
	}
	raw, problem := readBody(c)
	if problem != nil || len(raw) == 0 {
		return in, problem
	}
	if !isMediaType(c.Request.Header, jsonType) {
		return in, problemMediaType.new(ruleMediaType.finding(jsonType, jsonType))
	}
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return in, problemUnreadable.new(ruleGrantForm.finding())
	}
	return in, nil
}

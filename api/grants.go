package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

const grantsPath = "/v1/access/grants"

// Grant is what a unit lets somebody else do for it.
type Grant struct {
	ID        uuid.UUID  `json:"id" doc:"The one grant of this unit to this grantee, for all time"`
	Grantee   string     `json:"grantee" doc:"software:ID or zone:ID"`
	Unit      string     `json:"unit" doc:"Tax code, hb: and the pseudonym of a household business, or commune: and its code"`
	Rights    []string   `json:"rights" enum:"file,read" doc:"file: to file for the unit. read: to read what the unit reported. One does not hold the other"`
	ValidFrom time.Time  `json:"valid_from"`
	ValidTo   *time.Time `json:"valid_to" doc:"Not included; null while it lasts until it is ended"`
	State     string     `json:"state" enum:"active,not_yet,expired,ended"`
	By        string     `json:"by" doc:"Name that was given by who granted it or, of an ended one, who ended it"`
	Principal string     `json:"principal" doc:"Whose token it was"`
	Reason    string     `json:"reason"`
	At        time.Time  `json:"at" doc:"When that was recorded"`
}

// GrantList is a page of grants.
type GrantList struct {
	Grants        []Grant `json:"grants" doc:"In the order of grantee and unit"`
	Next          string  `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page"`
	Demonstration bool    `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// The rules on grants.
var (
	ruleGrantForm    = rule{"API-111", report.Error, "Nội dung phải là JSON gồm grantee, units, rights và, nếu muốn, valid_from, valid_to, by, reason; khi chấm dứt chỉ gồm by, reason.", "The body must be JSON with grantee, units, rights and, if you like, valid_from, valid_to, by, reason; to end a grant, with by and reason only."}
	ruleGrantee      = rule{"API-112", report.Error, "Bên được ủy quyền phải là software: hoặc zone: kèm mã gồm 1 đến 64 chữ thường, chữ số và . _ -.", "The grantee must be software: or zone: and an id of 1 to 64 lower-case letters, digits and . _ -."}
	ruleGrantUnit    = rule{"API-113", report.Error, "Không phải mã số thuế, mã giả danh hb: hoặc mã xã 5 chữ số.", "No tax code, pseudonym with hb:, or commune of 5 digits."}
	ruleGrantReach   = rule{"API-114", report.Error, "Không phải đơn vị của người ủy quyền.", "Not a unit of who grants."}
	ruleGrantRights  = rule{"API-115", report.Error, "Quyền phải là file, read hoặc cả hai, mỗi quyền một lần.", "Rights are file, read or both, each once."}
	ruleGrantUseless = rule{"API-116", report.Error, "%s không dùng được quyền file cho đơn vị này: ban quản lý khu chỉ xem, phần mềm không nộp thay xã.", "%s cannot use the right to file for this unit: boards of zones only read, and software does not file for communes."}
	ruleGrantUnits   = rule{"API-117", report.Error, "Phải có từ 1 đến %d đơn vị, mỗi đơn vị một lần.", "There are 1 to %d units, each once."}
	ruleGrantTimes   = rule{"API-118", report.Error, "valid_to phải ở sau hiện tại và sau valid_from; các thời điểm trong khoảng năm 2000 đến 2200.", "valid_to must lie after now and after valid_from; times are of the years 2000 to 2200."}
	ruleGrantText    = rule{"API-119", report.Error, "%s quá dài hoặc có ký tự không đọc được: by tối đa 200 ký tự, reason tối đa 2000.", "%s is too long or holds characters that cannot be read: by has at most 200 characters, reason 2000."}
)

func grantRules() []rule {
	return []rule{
		ruleGrantForm, ruleGrantee, ruleGrantUnit, ruleGrantReach, ruleGrantRights, ruleGrantUseless, ruleGrantUnits, ruleGrantTimes, ruleGrantText,
	}
}

func (s *Server) hasGrants() bool { return s.Grants != nil && s.Keys != nil }

func (s *Server) routeGrants() {
	list := operation("list-grants", access.Grant, http.MethodGet, grantsPath, "Các ủy quyền của đơn vị / Grants of one’s units",
		"Ủy quyền của các đơn vị thuộc người hỏi, kể cả đã chấm dứt hoặc hết hạn. / Grants of the caller’s units, ended and expired ones too.",
		tagAccess, grantProblems()...)
	offered(&list, s.hasGrants)
	huma.Register(s.api, list, s.listGrants)
	s.documentGrantActs()
	s.engine.POST(grantsPath, s.makeGrants)
	// Gin has no parameter with a fixed end, so the act is cut off by hand.
	s.engine.POST(grantsPath+"/:id", s.endGrant)
}

func grantProblems() []int {
	return []int{http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable}
}

type grantsInput struct {
	Grantee string `query:"grantee" maxLength:"80" doc:"One grantee, as in software:misa"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Length of a page"`
	Cursor  string `query:"cursor" maxLength:"300" doc:"As in the address of the next page"`
}

type grantsOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body GrantList
}

func (s *Server) listGrants(ctx context.Context, in *grantsInput) (*grantsOutput, error) {
	f := store.GrantFilter{Grantee: in.Grantee, Limit: in.Limit}
	if in.Cursor != "" {
		after, err := store.ParseGrantKey(in.Cursor)
		if err != nil {
			return nil, problemParameters.new(ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
		}
		f.After = &after
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.Grants.List(ctx, f)
	if err != nil {
		return nil, s.grantProblem(ctx, err)
	}
	out := &grantsOutput{Body: GrantList{Grants: s.shownGrants(page), Demonstration: s.Demonstration}}
	if more {
		query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {page[len(page)-1].Key().String()}}
		if in.Grantee != "" {
			query.Set("grantee", in.Grantee)
		}
		out.Body.Next = grantsPath + "?" + query.Encode()
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	return out, nil
}

func (s *Server) shownGrants(grants []store.Grant) []Grant {
	shown := make([]Grant, len(grants))
	for i, g := range grants {
		shown[i] = s.shownGrant(g)
	}
	return shown
}

func (s *Server) shownGrant(g store.Grant) Grant {
	shown := Grant{
		ID: g.ID(), Grantee: g.Grantee, Unit: g.Unit, Rights: []string{}, ValidFrom: g.ValidFrom, State: string(g.State(s.Clock())),
		By: g.By, Principal: g.Principal, Reason: g.Reason, At: g.At,
	}
	for _, r := range g.Rights {
		shown.Rights = append(shown.Rights, string(r))
	}
	if !g.ValidTo.IsZero() {
		shown.ValidTo = &g.ValidTo
	}
	return shown
}

// grantProblem explains why a grant was not read or recorded.
func (s *Server) grantProblem(ctx context.Context, err error) *Problem {
	switch {
	case errors.Is(err, store.ErrNoGrant):
		return problemNotFound.new(ruleNoData.parameter("id"))
	case errors.Is(err, access.ErrDenied):
		return denied(access.Grant)
	}
	return s.storeProblem(ctx, err)
}

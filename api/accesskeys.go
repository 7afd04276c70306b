package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
	"atvsld/ingest/report"
)

const (
	accessKeysPath = "/v1/access/keys"
	suffixRotate   = ":rotate"
	suffixRevoke   = ":revoke"
)

// AccessKeyWish is which API key is to be made. Without a scope it has that of who makes it.
type AccessKeyWish struct {
	Name           string    `json:"name" minLength:"1" maxLength:"100" doc:"What it is for; no name of a person"`
	ExpiresAt      time.Time `json:"expires_at,omitzero" doc:"When it ends by itself: within a year, and in a year by default. An operator may name a later time, or none for never"`
	Role           string    `json:"role,omitempty" doc:"By default that of who makes it"`
	Establishments []string  `json:"establishments,omitempty" maxItems:"1000" doc:"Tax codes"`
	Communes       []string  `json:"communes,omitempty" maxItems:"1000" doc:"Codes of 5 digits"`
	Provinces      []string  `json:"provinces,omitempty" maxItems:"1000" doc:"List and code, as in 34:01; VN for all"`
	Sections       []string  `json:"sections,omitempty" maxItems:"1000" doc:"Version of VSIC and letter, as in 2025:F"`
	Software       string    `json:"software,omitempty" doc:"Name of filing software, in a-z 0-9 and hyphens; its units are those that grant it to it"`
	Zone           string    `json:"zone,omitempty" doc:"Name of a zone board, likewise"`
}

// AccessKeyRotation is how a key gets another secret.
type AccessKeyRotation struct {
	GraceSeconds *int64 `json:"grace_seconds" required:"true" nullable:"false" minimum:"0" maximum:"604800" doc:"How long the secret before it stays valid as well"`
}

// AccessKeyRevocation is why a key ends.
type AccessKeyRevocation struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"It goes on record"`
}

// AccessKey is an API key, without its secret.
type AccessKey struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	State     string           `json:"state" enum:"valid,expired,revoked"`
	Owner     string           `json:"owner" doc:"Who has presented it, as it stands in stored reports and in the audit log"`
	Role      string           `json:"role"`
	Units     []string         `json:"units" doc:"As they stand in reports: a household business by its pseudonym. Of software and zone boards none: theirs are granted"`
	Provinces []string         `json:"provinces" doc:"Codes of the list in force"`
	Nation    bool             `json:"nation" doc:"Every province"`
	Sections  []string         `json:"sections"`
	ExpiresAt *time.Time       `json:"expires_at"`
	Events    []AccessKeyEvent `json:"events" doc:"What was done about it, in order"`
}

// AccessKeyEvent is one thing that was done about a key.
type AccessKeyEvent struct {
	Event      string     `json:"event" enum:"made,rotated,revoked"`
	At         time.Time  `json:"at"`
	By         string     `json:"by"`
	With       string     `json:"with,omitempty" doc:"Token or key that was presented"`
	Reason     string     `json:"reason,omitempty"`
	GraceUntil *time.Time `json:"grace_until,omitzero" doc:"Until when the secret before it was valid as well"`
}

// AccessKeySecret is a key that was just made or rotated.
type AccessKeySecret struct {
	Key           AccessKey `json:"key"`
	Token         string    `json:"token" doc:"What its holder presents as a bearer token. It is shown this once and is stored nowhere"`
	Demonstration bool      `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// AccessKeyState is what has become of a key.
type AccessKeyState struct {
	Key           AccessKey `json:"key"`
	Demonstration bool      `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// AccessKeyList is a page of keys.
type AccessKeyList struct {
	Keys          []AccessKey `json:"keys" doc:"By id"`
	Next          string      `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page"`
	Demonstration bool        `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) hasAccess() bool { return s.Access != nil }

func (s *Server) routeAccess() {
	list := operation("list-access-keys", access.ManageKeys, http.MethodGet, accessKeysPath,
		"Các khóa API / API keys",
		"Khóa của người hỏi trong phạm vi của mã đang dùng; người vận hành thấy tất cả. / Those of who asks, within the scope of what he presents; an operator sees all.",
		tagAccess, accessProblems()...)
	offered(&list, s.hasAccess)
	huma.Register(s.api, list, s.listAccessKeys)
	s.documentAccessKeys()
	s.engine.POST(accessKeysPath, s.makeAccessKey)
	// Gin has no parameter with a fixed end, so the act is cut off by hand.
	s.engine.POST(accessKeysPath+"/:id", s.changeAccessKey)
	s.routeRevocations()
}

func accessProblems() []int {
	return []int{http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable}
}

func (s *Server) documentAccessKeys() {
	add := func(op huma.Operation, status string, body, answer *huma.Schema) {
		offered(&op, s.hasAccess)
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{jsonType: {Schema: body}}}
		op.Responses = map[string]*huma.Response{status: {Description: "Đã ghi / On record", Content: map[string]*huma.MediaType{jsonType: {Schema: answer}}}}
		if strings.Contains(op.Path, "{id}") {
			op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Description: "Id of the key", Schema: &huma.Schema{Type: huma.TypeString}}}
		}
		s.api.OpenAPI().AddOperation(&op)
	}
	schema := s.api.OpenAPI().Components.Schemas.Schema
	with := func(more ...int) []int {
		return append(accessProblems(), append(more, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusConflict,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)...)
	}
	add(operation("make-access-key", access.ManageKeys, http.MethodPost, accessKeysPath, "Tạo khóa API / Make an API key",
		"Mã bí mật chỉ hiện một lần. Vai trò và phạm vi cố định từ khi tạo và không rộng hơn của người tạo; người vận hành tạo được cho mọi vai trò. / "+
			"The secret is shown once. Role and scope are fixed and never wider than those of who makes it; an operator makes keys of any role. A key that was made with a key ends with it.",
		tagAccess, with()...), "201", schema(typeOf[AccessKeyWish](), true, ""), schema(typeOf[AccessKeySecret](), true, ""))
	add(operation("rotate-access-key", access.ManageKeys, http.MethodPost, accessKeysPath+"/{id}"+suffixRotate, "Đổi mã bí mật của khóa API / Rotate an API key",
		"Mã cũ còn dùng được trong thời gian nêu; sau đó khóa được tạo bằng mã cũ cũng hết hiệu lực. / The secret before it stays valid for the time that is named. After that keys end which were made while it was valid.",
		tagAccess, with(http.StatusNotFound)...), "200", schema(typeOf[AccessKeyRotation](), true, ""), schema(typeOf[AccessKeySecret](), true, ""))
	add(operation("revoke-access-key", access.ManageKeys, http.MethodPost, accessKeysPath+"/{id}"+suffixRevoke, "Thu hồi khóa API / Revoke an API key",
		"Tiến trình này từ chối khóa ngay, các tiến trình khác trong vòng 10 giây. / This process refuses the key at once, every other one within 10 seconds.",
		tagAccess, with(http.StatusNotFound)...), "200", schema(typeOf[AccessKeyRevocation](), true, ""), schema(typeOf[AccessKeyState](), true, ""))
}

type accessKeysInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
	Cursor string `query:"cursor" maxLength:"24" doc:"As in the address of the next page"`
}

type accessKeysOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body AccessKeyList
}

func (s *Server) listAccessKeys(ctx context.Context, in *accessKeysInput) (*accessKeysOutput, error) {
	page, more, err := s.Access.Keys(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.accessProblem(ctx, err)
	}
	out := &accessKeysOutput{Body: AccessKeyList{Keys: []AccessKey{}, Demonstration: s.Demonstration}}
	for _, k := range page {
		out.Body.Keys = append(out.Body.Keys, s.accessKey(k))
	}
	if more {
		query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {page[len(page)-1].ID}}
		out.Body.Next = accessKeysPath + "?" + query.Encode()
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	return out, nil
}

func (s *Server) makeAccessKey(c *gin.Context) {
	var in AccessKeyWish
	if problem := readAccess(c, &in); problem != nil {
		s.refuse(c, problem)
		return
	}
	key, token, faults, err := s.Access.MakeKey(c.Request.Context(), identity.Wish{
		Name: in.Name, Expires: in.ExpiresAt,
		Scope: identity.Scope{
			Role: in.Role, Provinces: in.Provinces, Establishments: in.Establishments, Communes: in.Communes, Sections: in.Sections,
			Software: in.Software, Zone: in.Zone,
		},
	})
	if problem := s.wishProblem(c.Request.Context(), faults, err); problem != nil {
		s.refuse(c, problem)
		return
	}
	s.write(c, http.StatusCreated, jsonType, AccessKeySecret{s.accessKey(key), token, s.Demonstration})
}

func (s *Server) changeAccessKey(c *gin.Context) {
	id := c.Param("id")
	switch {
	case strings.HasSuffix(id, suffixRotate):
		s.rotateAccessKey(c, strings.TrimSuffix(id, suffixRotate))
	case strings.HasSuffix(id, suffixRevoke):
		s.revokeAccessKey(c, strings.TrimSuffix(id, suffixRevoke))
	default:
		s.noRoute(c)
	}
}

func (s *Server) rotateAccessKey(c *gin.Context, id string) {
	var in AccessKeyRotation
	if problem := readAccess(c, &in); problem != nil {
		s.refuse(c, problem)
		return
	}
	key, token, faults, err := s.Access.RotateKey(c.Request.Context(), id, in.grace())
	if problem := s.wishProblem(c.Request.Context(), faults, err); problem != nil {
		s.refuse(c, problem)
		return
	}
	s.write(c, http.StatusOK, jsonType, AccessKeySecret{s.accessKey(key), token, s.Demonstration})
}

// grace is -1, which is none, where it is missing or out of every bound.
func (r AccessKeyRotation) grace() time.Duration {
	if r.GraceSeconds == nil || *r.GraceSeconds < 0 || *r.GraceSeconds > int64(identity.MaxGrace/time.Second) {
		return -1
	}
	return time.Duration(*r.GraceSeconds) * time.Second
}

func (s *Server) revokeAccessKey(c *gin.Context, id string) {
	var in AccessKeyRevocation
	if problem := readAccess(c, &in); problem != nil {
		s.refuse(c, problem)
		return
	}
	key, faults, err := s.Access.RevokeKey(c.Request.Context(), id, in.Reason)
	if problem := s.wishProblem(c.Request.Context(), faults, err); problem != nil {
		s.refuse(c, problem)
		return
	}
	s.write(c, http.StatusOK, jsonType, AccessKeyState{s.accessKey(key), s.Demonstration})
}

// readAccess reads the body of a request about keys or tokens.
func readAccess(c *gin.Context, into any) *Problem {
	if c.Request.URL.RawQuery != "" {
		return problemParameters.new(ruleUnknown.finding("?", "?"))
	}
	if !isMediaType(c.Request.Header, jsonType) {
		return problemMediaType.new(ruleMediaType.finding(jsonType, jsonType))
	}
	raw, problem := readBody(c)
	if problem != nil {
		return problem
	}
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return problemUnreadable.new(ruleAccessBody.finding())
	}
	return nil
}

// wishProblem tells why nothing was done; nil if it was.
func (s *Server) wishProblem(ctx context.Context, faults []identity.Fault, err error) *Problem {
	if err != nil {
		return s.accessProblem(ctx, err)
	}
	if len(faults) == 0 {
		return nil
	}
	var findings []report.Finding
	kind := problemForbidden
	for _, fault := range faults {
		rule := ruleAccessWider
		if !fault.Wider {
			kind, rule = problemParameters, ruleAccessWish
		}
		f := rule.finding(fault.Member, fault.VI, fault.Member, fault.EN)
		if fault.Member != "" {
			f.Pointer = "/" + fault.Member
		}
		findings = append(findings, f)
	}
	return kind.new(findings...)
}

func (s *Server) accessProblem(ctx context.Context, err error) *Problem {
	if refused, ok := errors.AsType[*access.DeniedError](err); ok {
		return denied(refused.Action)
	}
	switch {
	case errors.Is(err, access.ErrDenied):
		return denied(access.ManageKeys)
	case errors.Is(err, store.ErrNoAccessKey):
		return problemNotFound.new(ruleNoData.finding())
	case errors.Is(err, store.ErrKeyTaken):
		return problemKeyEnded.new(ruleKeyMeanwhile.finding())
	case errors.Is(err, identity.ErrEnded):
		return problemKeyEnded.new(ruleKeyEnded.finding())
	case errors.Is(err, identity.ErrTooMany):
		return problemKeyEnded.new(ruleKeysTooMany.finding())
	case errors.Is(err, identity.ErrRotations):
		return problemKeyEnded.new(ruleKeyRotations.finding())
	case errors.Is(err, identity.ErrKeyOfKey):
		return problemKeyEnded.new(ruleKeyOfKey.finding())
	}
	return s.storeProblem(ctx, err)
}

func (s *Server) accessKey(k store.AccessKey) AccessKey {
	out := AccessKey{
		ID: k.ID, Name: k.Name, State: s.stateOfKey(k), Owner: k.Owner, Role: string(k.Role), Units: k.Units, Provinces: k.Provinces,
		Nation: k.Nation, Sections: k.Sections, ExpiresAt: timeOrNull(k.Expires), Events: []AccessKeyEvent{},
	}
	for _, e := range k.Events {
		out.Events = append(out.Events, AccessKeyEvent{e.Event, e.At, e.By, e.Token, e.Reason, timeOrNull(e.GraceUntil)})
	}
	return out
}

func (s *Server) stateOfKey(k store.AccessKey) string {
	switch {
	case !k.Revoked().IsZero():
		return "revoked"
	case !k.Expires.IsZero() && !s.Clock().Before(k.Expires):
		return "expired"
	}
	return "valid"
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/api/identity"
)

const revocationsPath = "/v1/access/revocations"

// TokenRevocationWish is which tokens are to end before they expire: exactly one of token,
// subject (with issuer) and principal is named.
type TokenRevocationWish struct {
	Token        string    `json:"token,omitempty" maxLength:"255" doc:"The jti of one token, as in the audit log"`
	Issuer       string    `json:"issuer,omitempty" doc:"Issuer of the subject, as it is configured; atvsld-local for atvsld token"`
	Subject      string    `json:"subject,omitempty" maxLength:"255" doc:"All tokens of this subject. It is stored as a keyed pseudonym"`
	Principal    string    `json:"principal,omitempty" maxLength:"255" doc:"All tokens of who stands in reports and in the audit log under this name"`
	IssuedBefore time.Time `json:"issued_before,omitzero" doc:"Tokens that were issued later are accepted; now by default. Not with token"`
	Reason       string    `json:"reason" minLength:"1" maxLength:"500" doc:"It goes on record"`
}

// TokenRevocation is a revocation on record.
type TokenRevocation struct {
	ID           uuid.UUID `json:"id"`
	Kind         string    `json:"kind" enum:"token,subject,principal" doc:"What value names"`
	Value        string    `json:"value"`
	IssuedBefore time.Time `json:"issued_before"`
	At           time.Time `json:"at"`
	By           string    `json:"by"`
	With         string    `json:"with,omitempty" doc:"Token or key that was presented"`
	Reason       string    `json:"reason"`
}

// TokenRevocationList lists revocations.
type TokenRevocationList struct {
	Revocations   []TokenRevocation `json:"revocations" doc:"The newest first"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// TokenRevoked is what was recorded.
type TokenRevoked struct {
	Revocation    TokenRevocation `json:"revocation"`
	Demonstration bool            `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeRevocations() {
	list := operation("list-token-revocations", access.RevokeTokens, http.MethodGet, revocationsPath,
		"Các mã truy cập đã thu hồi / Revoked tokens",
		"Mới nhất trước. Thu hồi có hiệu lực tới khi mã hết hạn, không quá 24 giờ. / The newest first. A revocation matters until the tokens have expired, for 24 hours at most.",
		tagAccess, accessProblems()...)
	offered(&list, s.hasAccess)
	huma.Register(s.api, list, s.listRevocations)

	op := operation("revoke-tokens", access.RevokeTokens, http.MethodPost, revocationsPath, "Thu hồi mã truy cập / Revoke tokens",
		"Tiến trình này từ chối mã ngay, các tiến trình khác trong vòng 10 giây. Khóa API do người hoặc bằng mã bị thu hồi tạo hay đổi trước đó cũng hết hiệu lực. / "+
			"This process refuses the tokens at once, every other one within 10 seconds. API keys end with them that who is revoked, or the revoked token, made or rotated before.",
		tagAccess, append(accessProblems(), http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)...)
	offered(&op, s.hasAccess)
	schema := s.api.OpenAPI().Components.Schemas.Schema
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{jsonType: {Schema: schema(typeOf[TokenRevocationWish](), true, "")}}}
	op.Responses = map[string]*huma.Response{"201": {Description: "Đã ghi / On record",
		Content: map[string]*huma.MediaType{jsonType: {Schema: schema(typeOf[TokenRevoked](), true, "")}}}}
	s.api.OpenAPI().AddOperation(&op)
	s.engine.POST(revocationsPath, s.revokeTokens)
}

type revocationsInput struct {
	Since time.Time `query:"since" doc:"Recorded from this time on (RFC 3339); all by default"`
	Limit int       `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The newest so many"`
}

type revocationsOutput struct {
	Body TokenRevocationList
}

func (s *Server) listRevocations(ctx context.Context, in *revocationsInput) (*revocationsOutput, error) {
	list, err := s.Access.Revocations(ctx, in.Since, in.Limit)
	if err != nil {
		return nil, s.accessProblem(ctx, err)
	}
	out := &revocationsOutput{Body: TokenRevocationList{Revocations: []TokenRevocation{}, Demonstration: s.Demonstration}}
	for _, r := range list {
		out.Body.Revocations = append(out.Body.Revocations, revocation(r))
	}
	return out, nil
}

func (s *Server) revokeTokens(c *gin.Context) {
	var in TokenRevocationWish
	if problem := readAccess(c, &in); problem != nil {
		s.refuse(c, problem)
		return
	}
	recorded, faults, err := s.Access.RevokeTokens(c.Request.Context(), identity.Revoking{
		Token: in.Token, Issuer: in.Issuer, Subject: in.Subject, Principal: in.Principal, IssuedBefore: in.IssuedBefore, Reason: in.Reason,
	})
	if problem := s.wishProblem(c.Request.Context(), faults, err); problem != nil {
		s.refuse(c, problem)
		return
	}
	s.write(c, http.StatusCreated, jsonType, TokenRevoked{revocation(recorded), s.Demonstration})
}

func revocation(r store.Revocation) TokenRevocation {
	return TokenRevocation{r.ID, r.Kind, r.Value, r.IssuedBefore, r.At, r.By, r.Token, r.Reason}
}

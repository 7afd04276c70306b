package api

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/danielgtaylor/huma/v2/negotiation"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

const auditPath = "/v1/audit"

// AuditLog is the part of *store.Store that gives the audit log back.
type AuditLog interface {
	Audit(ctx context.Context, f store.AuditFilter) (page []audit.Signed, more bool, err error)
	ExportAudit(ctx context.Context, give func(*audit.Signed) error) error
}

// AuditList is a page of the audit log.
type AuditList struct {
	Entries       []audit.Signed `json:"entries" doc:"The newest first"`
	Next          string         `json:"next,omitempty" doc:"Address of the next page; none on the last page"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// AuditEnd is the last line of an export.
type AuditEnd struct {
	End     bool   `json:"end" doc:"An export without this line was cut off"`
	Chains  uint64 `json:"chains"`
	Entries uint64 `json:"entries"`
}

func (s *Server) routeAudit() {
	list := operation("read-audit", access.ReadAudit, http.MethodGet, auditPath,
		"Nhật ký truy cập / Audit log",
		"Ai đã xem, làm gì, khi nào, vì sao, trong phạm vi nào; mới nhất trước. Với Accept: application/x-ndjson: toàn bộ nhật ký, từng chuỗi theo thứ tự, để kiểm tra bằng atvsld audit verify. Lần đọc này cũng được ghi. / "+
			"Who looked at what, when, why and under which scope; the newest first. With Accept: application/x-ndjson the whole log, chain by chain, each in order, to be checked with atvsld audit verify; no filter goes with it. This very request is recorded, too.",
		tagService, readProblems()...)
	offered(&list, func() bool { return s.AuditLog != nil })
	registry := s.api.OpenAPI().Components.Schemas
	list.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{
			jsonType: {Schema: registry.Schema(typeOf[AuditList](), true, "")},
			ndjsonType: {Schema: &huma.Schema{AnyOf: []*huma.Schema{
				registry.Schema(typeOf[audit.Signed](), true, ""), registry.Schema(typeOf[AuditEnd](), true, ""),
			}}},
		},
	}}
	huma.Register(s.api, list, s.readAudit)
	keys := operation("audit-keys", access.ReadPublic, http.MethodGet, auditPath+"/keys",
		"Khóa công khai để kiểm tra nhật ký truy cập / Public keys for verifying the audit log",
		"JWKS (RFC 7517), khóa đang dùng đứng đầu. / JWKS (RFC 7517), the key in use first.", tagReference)
	huma.Register(s.api, keys, s.auditKeys)
}

type auditInput struct {
	Who       string    `query:"who" maxLength:"200" doc:"Id of the caller"`
	Role      string    `query:"role" maxLength:"40" doc:"Role of the caller"`
	Action    string    `query:"action" maxLength:"40" doc:"Action of the policy, as in read_personal"`
	Operation string    `query:"operation" maxLength:"80" doc:"operationId, or a command"`
	Outcome   string    `query:"outcome" enum:"begun,allowed,denied,failed"`
	Report    string    `query:"report" format:"uuid" doc:"Entries that touched this report"`
	From      time.Time `query:"from" doc:"From this time on (RFC 3339)"`
	To        time.Time `query:"to" doc:"Before this time (RFC 3339)"`
	Limit     int       `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
	Cursor    string    `query:"cursor" maxLength:"200" doc:"As in the address of the next page"`
}

type auditOutput struct {
	Link string `header:"Link"`
	Body func(huma.Context)
}

func (s *Server) readAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	if negotiation.SelectQValueFast(callOf(ctx).accept, []string{jsonType, ndjsonType}) == ndjsonType {
		if *in != (auditInput{Limit: in.Limit}) {
			return nil, problemParameters.new(ruleTogether.parameter("Accept", "Accept", ndjsonType, "Accept", ndjsonType))
		}
		callOf(ctx).touched(audit.Touch{Kind: audit.Chains, ID: "export"})
		return &auditOutput{Body: s.exportAudit}, nil
	}
	filter, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.AuditLog.Audit(ctx, filter)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	callOf(ctx).touched(audit.Touch{Kind: audit.Chains, ID: "list"})
	list := AuditList{Entries: append([]audit.Signed{}, page...), Demonstration: s.Demonstration}
	out := &auditOutput{}
	if more {
		list.Next = in.after(store.AuditCursorOf(&page[len(page)-1]))
		out.Link = "<" + list.Next + `>; rel="next"`
	}
	data, err := marshal(list)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out.Body = func(c huma.Context) {
		c.SetHeader("Content-Type", jsonType)
		c.SetHeader("Content-Length", strconv.Itoa(len(data)))
		_, _ = c.BodyWriter().Write(data) // a caller who is gone is no fault of ours
	}
	return out, nil
}

func (in *auditInput) filter() (store.AuditFilter, *Problem) {
	f := store.AuditFilter{
		Who: in.Who, Role: access.Role(in.Role), Action: access.Action(in.Action), Operation: in.Operation,
		Outcome: audit.Outcome(in.Outcome), From: in.From, To: in.To, Limit: in.Limit,
	}
	var findings []report.Finding
	wrong := func(name, vi, en string) {
		findings = append(findings, ruleParameter.parameter(name, name, vi, name, en))
	}
	if id, err := uuid.Parse(in.Report); err == nil {
		f.Report = id
	} else if in.Report != "" {
		wrong("report", "phải là UUID", "a UUID is needed")
	}
	if _, known := access.Info(f.Role); in.Role != "" && !known {
		wrong("role", "không có vai trò này", "there is no such role")
	}
	if in.Cursor != "" {
		after, err := store.ParseAuditCursor(in.Cursor)
		if err != nil {
			wrong("cursor", "lấy từ địa chỉ trang tiếp theo", "take it from the address of the next page")
		}
		f.After = &after
	}
	if len(findings) > 0 {
		return f, problemParameters.new(findings...)
	}
	return f, nil
}

// after is the address of the page behind an entry, with the same filter.
func (in *auditInput) after(c store.AuditCursor) string {
	query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {c.String()}}
	for name, value := range map[string]string{
		"who": in.Who, "role": in.Role, "action": in.Action, "operation": in.Operation, "outcome": in.Outcome, "report": in.Report,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": in.From, "to": in.To} {
		if !at.IsZero() {
			query.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	return auditPath + "?" + query.Encode()
}

// flushEvery is how many entries of an export go out together; each such portion has the time
// of an answer.
const flushEvery = 1000

// exportAudit streams the whole log. One that breaks off has no last line.
func (s *Server) exportAudit(c huma.Context) {
	if !s.exports.audit.TryAcquire(1) {
		s.refuse(humagin.Unwrap(c), tooManyExports())
		return
	}
	defer s.exports.audit.Release(1)
	ctx, cancel := context.WithTimeout(c.Context(), s.config.VerifyTimeout)
	defer cancel()
	ctx, giveUp := s.untilStop(ctx)
	defer giveUp()
	w := humagin.Unwrap(c).Writer
	control := http.NewResponseController(w)
	c.SetHeader("Content-Type", ndjsonType)
	c.SetHeader("Content-Disposition", `attachment; filename="audit.ndjson"`)
	w.WriteHeaderNow() // which puts the export on record, so that it holds itself
	export, written := audit.NewExporter(w), 0
	err := s.AuditLog.ExportAudit(ctx, func(one *audit.Signed) error {
		if written%flushEvery == 0 {
			if err := control.SetWriteDeadline(time.Now().Add(s.config.WriteTimeout)); err != nil {
				s.Log.Warn("an export may be cut off: no deadline can be set", "error", err)
			}
		}
		written++
		return export.Write(one)
	})
	if err == nil {
		err = export.Close()
	}
	if err != nil {
		s.Log.Error("an export of the audit log broke off", "error", err, "request_id", callOf(ctx).id)
	}
}

type auditKeysOutput struct{ Body Keys }

func (s *Server) auditKeys(context.Context, *struct{}) (*auditKeysOutput, error) {
	out := &auditKeysOutput{Body: Keys{Keys: []Key{}}}
	for _, key := range s.AuditKeys {
		out.Body.Keys = append(out.Body.Keys, auditKey(key))
	}
	return out, nil
}

func auditKey(key ed25519.PublicKey) Key {
	return Key{
		KeyType: "OKP", Curve: "Ed25519", X: base64.RawURLEncoding.EncodeToString(key),
		KeyID: audit.KeyID(key), Algorithm: "EdDSA", Use: "sig",
	}
}

package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"atvsld/analytics/access"
	"atvsld/ingest/receipt"
)

// Keys is the published set of signing keys (RFC 7517).
type Keys struct {
	Keys []Key `json:"keys"`
}

// Key is one public Ed25519 key (RFC 8037).
type Key struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
}

// Verification says whether a receipt is genuine.
type Verification struct {
	Genuine       bool           `json:"genuine"`
	Reason        string         `json:"reason,omitempty" doc:"Why it is not, in English"`
	ReasonVI      string         `json:"reason_vi,omitempty" doc:"Why it is not, in Vietnamese"`
	Receipt       *ReceiptClaims `json:"receipt" doc:"What was stated, when genuine"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// ReceiptClaims is what a genuine receipt states.
type ReceiptClaims struct {
	receipt.Receipt
	Issuer   string    `json:"issuer"`
	SignedAt time.Time `json:"signed_at" doc:"When it was signed; for a repeated receipt later than received_at"`
}

func (s *Server) routeReceipts() {
	huma.Register(s.api, operation("receipt-keys", access.ReadPublic, http.MethodGet, "/v1/receipts/keys",
		"Khóa công khai để kiểm tra biên nhận / Public keys for verifying receipts",
		"JWKS (RFC 7517). Kiểm tra ngoại tuyến: bỏ các thành phần proof, replayed, warnings, demonstration; viết phần còn lại theo RFC 8785; lá = SHA-256(0x00 ‖ văn bản đó); đi theo proof.path tới gốc như RFC 9162 (nút = SHA-256(0x01 ‖ trái ‖ phải)); gốc phải bằng root trong proof.jws (EdDSA). / "+
			"JWKS (RFC 7517). To verify offline: take away proof, replayed, warnings and demonstration; write the rest as RFC 8785; leaf = SHA-256(0x00 ‖ that text); follow proof.path up to the root as in RFC 9162 (node = SHA-256(0x01 ‖ left ‖ right)); it must be the root in proof.jws (EdDSA). sha256 is over the RFC 8785 form of the submission without received_at.",
		tagReference), s.receiptKeys)
	huma.Register(s.api, operation("verify-receipt-by-link", access.ReadPublic, http.MethodGet, "/v1/receipts/verify",
		"Kiểm tra biên nhận / Verify a receipt", "Biên nhận dạng base64url trong tham số receipt. / The receipt in base64url as the parameter receipt.",
		tagReference, http.StatusUnprocessableEntity), s.verifyByLink)
	op := operation("verify-receipt", access.ReadPublic, http.MethodPost, "/v1/receipts/verify",
		"Kiểm tra biên nhận / Verify a receipt",
		"Gửi nguyên câu trả lời khi nộp, hoặc riêng biên nhận. / Send the answer to a filing as it came, or the receipt alone.",
		tagReference, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	op.MaxBodyBytes, op.SkipValidateBody = 4*receipt.MaxSize, true
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		jsonType: {Schema: s.api.OpenAPI().Components.Schemas.Schema(typeOf[receipt.Signed](), true, "")},
	}}
	huma.Register(s.api, op, s.verifyBody)
}

type keysOutput struct{ Body Keys }

func (s *Server) receiptKeys(context.Context, *struct{}) (*keysOutput, error) {
	out := &keysOutput{Body: Keys{Keys: []Key{}}}
	for _, key := range s.ReceiptKeys.Keys {
		plain, err := plainKey(key)
		if err != nil {
			return nil, problemFailed.new(ruleFault.finding())
		}
		out.Body.Keys = append(out.Body.Keys, plain)
	}
	return out, nil
}

func plainKey(key jose.JSONWebKey) (plain Key, err error) {
	data, err := key.Public().MarshalJSON()
	if err != nil {
		return Key{}, err
	}
	return plain, json.Unmarshal(data, &plain)
}

type verifyLinkInput struct {
	Receipt string `query:"receipt" required:"true" maxLength:"12000" doc:"The receipt's JSON in base64url"`
}

type verifyBodyInput struct {
	RawBody []byte `contentType:"application/json"`
}

type verifyOutput struct{ Body Verification }

func (s *Server) verifyByLink(_ context.Context, in *verifyLinkInput) (*verifyOutput, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(in.Receipt, "="))
	if err != nil {
		return nil, problemParameters.new(ruleReceipt.parameter("receipt"))
	}
	return s.verification(raw), nil
}

func (s *Server) verifyBody(_ context.Context, in *verifyBodyInput) (*verifyOutput, error) {
	return s.verification(in.RawBody), nil
}

func (s *Server) verification(raw []byte) *verifyOutput {
	answer := Verification{Demonstration: s.Demonstration}
	signed, statement, err := s.verifyReceipt(raw)
	switch {
	case errors.Is(err, receipt.ErrUnknownKey):
		answer.Reason, answer.ReasonVI = "It names a signing key that this platform does not publish.", "Biên nhận dùng khóa ký mà hệ thống này không công bố."
	case err != nil:
		answer.Reason, answer.ReasonVI = "It was changed, or never given out.", "Biên nhận đã bị sửa hoặc chưa từng được cấp."
	default:
		answer.Genuine = true
		answer.Receipt = &ReceiptClaims{Receipt: signed.Receipt, Issuer: statement.Issuer, SignedAt: time.Unix(statement.IssuedAt, 0).UTC()}
	}
	return &verifyOutput{Body: answer}
}

// besideClaims are the members of [Acceptance] that are not in the signed receipt.
var besideClaims = []string{"replayed", "warnings", "demonstration"}

// verifyReceipt reads and verifies a receipt, as it is or within the answer to a filing.
func (s *Server) verifyReceipt(raw []byte) (receipt.Signed, receipt.Statement, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(raw, &members); err == nil {
		for _, name := range besideClaims {
			delete(members, name)
		}
		if alone, err := json.Marshal(members, json.Deterministic(true)); err == nil {
			raw = alone
		}
	}
	signed, err := receipt.Parse(raw)
	if err != nil {
		return receipt.Signed{}, receipt.Statement{}, err
	}
	statement, err := receipt.Verify(signed, s.ReceiptKeys)
	return signed, statement, err
}

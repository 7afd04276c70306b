package api

import (
	"context"
	"net/http"

	"atvsld/analytics/access"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// InboxKeys is the published set of keys to which integrators encrypt (RFC 7517).
type InboxKeys struct {
	Keys []InboxKey `json:"keys" doc:"The one to use first"`
}

// InboxKey is one public P-256 key (RFC 7518, section 6.2).
type InboxKey struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	Y         string `json:"y"`
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
}

func (s *Server) routeInbox() {
	huma.Register(s.api, operation("inbox-keys", access.ReadPublic, http.MethodGet, "/v1/inbox/keys",
		"Khóa công khai để mã hóa dữ liệu cá nhân khi nộp qua Kafka / Public keys for encrypting personal data when filing through Kafka",
		"JWKS (RFC 7517), khóa nên dùng đứng đầu. Hợp đồng của hộp thư: /asyncapi.json. / JWKS (RFC 7517), the key to use first. The contract of the inbox is /asyncapi.json.",
		tagReference), s.inboxKeys)
}

type inboxKeysOutput struct{ Body InboxKeys }

func (s *Server) inboxKeys(context.Context, *struct{}) (*inboxKeysOutput, error) {
	out := &inboxKeysOutput{Body: InboxKeys{Keys: []InboxKey{}}}
	for _, key := range s.InboxKeys.Keys {
		data, err := key.Public().MarshalJSON()
		var plain InboxKey
		if err == nil {
			err = json.Unmarshal(data, &plain)
		}
		if err != nil {
			return nil, problemFailed.new(ruleFault.finding())
		}
		out.Body.Keys = append(out.Body.Keys, plain)
	}
	return out, nil
}

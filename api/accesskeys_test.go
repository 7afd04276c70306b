package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/api/identity"
	"atvsld/seeds"
)

// bearer is the header of a token, as ask takes it.
func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// issued is a token of the local issuer.
func (p *platform) issued(subject string, s identity.Scope) string {
	p.t.Helper()
	token, faults, err := identity.Issue(p.deps.Keys, seeds.Default(), identity.Order{Scope: s, Subject: subject, For: time.Hour}, time.Now())
	require.NoError(p.t, err)
	require.Empty(p.t, faults)
	return token
}

func (p *platform) makeKey(body string, headers ...string) AccessKeySecret {
	p.t.Helper()
	a := p.post(accessKeysPath, []byte(body), headers...)
	require.Equal(p.t, http.StatusCreated, a.status, string(a.body))
	require.Equal(p.t, "no-store", a.header.Get("Cache-Control"))
	return read[AccessKeySecret](a)
}

func TestAccessKeysOverHTTP(t *testing.T) {
	p := newPlatform(t)
	made := p.makeKey(`{"name":"máy chủ","role":"software","software":"acme-ehs","expires_at":"2099-01-01T00:00:00+07:00"}`)
	require.Equal(t, "valid", made.Key.State)
	require.Equal(t, "software:acme-ehs", made.Key.Owner)
	require.Equal(t, identity.LocalID, made.Key.Events[0].By)

	own := bearer(made.Token)
	list := p.ask(http.MethodGet, accessKeysPath, nil, own...).ok()
	require.NotContains(t, string(list.body), made.Token)
	_, secret, _ := strings.Cut(strings.TrimPrefix(made.Token, identity.KeyPrefix), "_")
	require.NotContains(t, string(list.body), secret, "the secret is shown once")
	require.Equal(t, []AccessKey{made.Key}, read[AccessKeyList](list).Keys)
	require.NotContains(t, p.logged(), secret, "nor is it in the log")

	// A key of its own, of the same reach, and no other.
	child := p.makeKey(`{"name":"x"}`, own...)
	require.Equal(t, "software", child.Key.Role)
	require.Equal(t, made.Key.ID, child.Key.Events[0].With)
	denied := p.post(accessKeysPath, []byte(`{"name":"x","role":"operator"}`), own...).problem(http.StatusForbidden, "API-093")
	require.Equal(t, "/role", denied.Errors[0].Pointer)
	p.post(accessKeysPath, []byte(`{"name":"x"}`), bearer(child.Token)...).problem(http.StatusConflict, "API-097")

	rotated := p.post(accessKeysPath+"/"+made.Key.ID+":rotate", []byte(`{"grace_seconds":0}`), own...).ok()
	second := bearer(read[AccessKeySecret](rotated).Token)
	p.ask(http.MethodGet, accessKeysPath, nil, own...).problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, accessKeysPath, nil, second...).ok()

	revoked := p.post(accessKeysPath+"/"+made.Key.ID+":revoke", []byte(`{"reason":"không dùng nữa"}`), second...).ok()
	require.Equal(t, "revoked", read[AccessKeyState](revoked).Key.State)
	for _, ended := range [][]string{second, bearer(child.Token)} {
		p.ask(http.MethodGet, accessKeysPath, nil, ended...).problem(http.StatusUnauthorized, "API-001")
	}
	p.post(accessKeysPath+"/"+made.Key.ID+":rotate", []byte(`{"grace_seconds":0}`)).problem(http.StatusConflict, "API-094")
}

func TestAccessKeysOfOthersOverHTTP(t *testing.T) {
	p := newPlatform(t)
	foreign := p.makeKey(`{"name":"x","role":"clinic","establishments":["0100109106"]}`)
	enterprise := bearer(p.issued("dn-1", identity.Scope{Role: "enterprise", Establishment: "0100109106"}))
	for _, id := range []string{foreign.Key.ID, strings.Repeat("0", 24), "x", "%20"} {
		// Somebody else's is answered like none.
		p.post(accessKeysPath+"/"+id+":revoke", []byte(`{"reason":"x"}`), enterprise...).problem(http.StatusNotFound, "API-015")
		p.post(accessKeysPath+"/"+id+":rotate", []byte(`{"grace_seconds":1}`), enterprise...).problem(http.StatusNotFound, "API-015")
	}
	p.post(accessKeysPath+"/"+foreign.Key.ID, []byte(`{}`)).problem(http.StatusNotFound, "API-009")
	require.Empty(t, read[AccessKeyList](p.ask(http.MethodGet, accessKeysPath, nil, enterprise...).ok()).Keys)
	for _, role := range []string{"ministry", "auditor"} {
		token := bearer(p.issued("x-"+role, identity.Scope{Role: role}))
		p.ask(http.MethodGet, accessKeysPath, nil, token...).problem(http.StatusForbidden, "API-085")
		p.post(accessKeysPath, []byte(`{"name":"x"}`), token...).problem(http.StatusForbidden, "API-085")
	}
	p.post(accessKeysPath, []byte(`{"name":"x"}`), "Authorization", "").problem(http.StatusUnauthorized, "API-001")
}

func TestAccessKeyPages(t *testing.T) {
	p := newPlatform(t)
	want := map[string]bool{}
	for i := range 5 {
		want[p.makeKey(fmt.Sprintf(`{"name":"%d"}`, i)).Key.ID] = true
	}
	pages := 0
	for next := accessKeysPath + "?limit=2"; next != ""; pages++ {
		a := p.read(next).ok()
		page := read[AccessKeyList](a)
		for _, k := range page.Keys {
			require.True(t, want[k.ID])
			delete(want, k.ID)
		}
		next = page.Next
		require.Equal(t, next != "", strings.Contains(a.header.Get("Link"), `rel="next"`))
	}
	require.Empty(t, want)
	require.Equal(t, 3, pages)
}

// Everything that is wrong with a wish, at once; and bodies that are none.
func TestAccessKeyWishIsChecked(t *testing.T) {
	p := newPlatform(t)
	problem := p.post(accessKeysPath, []byte(`{"name":"","role":"boss","provinces":["01"],"establishments":["0100109107"],"expires_at":"2001-01-01T00:00:00Z"}`)).
		problem(http.StatusUnprocessableEntity, "API-092")
	var pointers []string
	for _, f := range problem.Errors {
		require.NotContains(t, f.Message, "0100109107")
		pointers = append(pointers, f.Pointer)
	}
	require.Equal(t, []string{"/role", "/provinces/0", "/establishments/0", "/name", "/expires_at"}, pointers)
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{accessKeysPath, ``, 400, "API-091"}, {accessKeysPath, `[]`, 400, "API-091"}, {accessKeysPath, `{"name":"x","hash":"y"}`, 400, "API-091"},
		{accessKeysPath, `{"name":7}`, 400, "API-091"}, {accessKeysPath + "?x=1", `{"name":"x"}`, 422, "API-007"},
		{accessKeysPath + "/x:rotate", `{"grace_seconds":"1h"}`, 400, "API-091"},
		{revocationsPath, `{}`, 422, "API-092"}, {revocationsPath, `{"reason":`, 400, "API-091"},
	} {
		p.post(c.path, []byte(c.body)).problem(c.status, c.code)
	}
	p.post(accessKeysPath, []byte(`{"name":"x"}`), "Content-Type", "text/plain").problem(http.StatusUnsupportedMediaType, "API-003")
	made := p.makeKey(`{"name":"x"}`)
	for _, grace := range []string{`{}`, `{"grace_seconds":-1}`, `{"grace_seconds":604801}`, `{"grace_seconds":9223372036854775807}`} {
		p.post(accessKeysPath+"/"+made.Key.ID+":rotate", []byte(grace)).problem(http.StatusUnprocessableEntity, "API-092")
	}
}

func TestTokensAreRevokedOverHTTP(t *testing.T) {
	p := newPlatform(t)
	scope := identity.Scope{Role: "enterprise", Establishment: "0100109106"}
	stolen, other := p.issued("dn-1", scope), p.issued("dn-2", scope)
	p.ask(http.MethodGet, accessKeysPath, nil, bearer(stolen)...).ok()
	// In the next second, so that it was issued before.
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second + time.Millisecond)))
	p.post(revocationsPath, []byte(`{"issuer":"atvsld-local","subject":"dn-1","reason":"x"}`), bearer(other)...).problem(http.StatusForbidden, "API-085")
	a := p.post(revocationsPath, []byte(`{"issuer":"atvsld-local","subject":"dn-1","reason":"mất máy"}`))
	require.Equal(t, http.StatusCreated, a.status, string(a.body))
	require.NotContains(t, string(a.body), "dn-1")
	p.ask(http.MethodGet, accessKeysPath, nil, bearer(stolen)...).problem(http.StatusUnauthorized, "API-001")
	p.ask(http.MethodGet, accessKeysPath, nil, bearer(other)...).ok()
	list := read[TokenRevocationList](p.read(revocationsPath).ok())
	require.Equal(t, []TokenRevocation{read[TokenRevoked](a).Revocation}, list.Revocations)
	p.ask(http.MethodGet, revocationsPath, nil, bearer(other)...).problem(http.StatusForbidden, "API-085")
}

func TestAccessElsewhere(t *testing.T) {
	p := newSmall(t)
	p.read(accessKeysPath).problem(http.StatusNotImplemented, "API-016")
	p.post(accessKeysPath, []byte(`{"name":"x"}`)).problem(http.StatusNotImplemented, "API-016")
	p.post(revocationsPath, []byte(`{"reason":"x"}`)).problem(http.StatusNotImplemented, "API-016")
}

// What the gate let pass and the store refuses all the same names what is not allowed.
func TestRefusalNamesItsAction(t *testing.T) {
	p := newSmall(t)
	for _, action := range []access.Action{access.RevokeTokens, access.ManageKeys} {
		problem := (&Server{Deps: p.deps}).accessProblem(t.Context(), &access.DeniedError{Action: action})
		require.Equal(t, denied(action), problem)
	}
}

// unsure cannot tell who presents a token.
type unsure struct{}

func (unsure) Identify(context.Context, string) (access.Caller, error) {
	return access.Caller{}, errors.Join(identity.ErrUnreachable, errors.New("dial tcp 10.0.0.1: secret address"))
}

// A token that cannot be checked is not a wrong one: 503, and nothing about why.
func TestTokenThatCannotBeCheckedNow(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) { d.Identity = unsure{} })
	a := p.ask(http.MethodGet, "/v1/rules", nil, bearer(uuid.NewString())...)
	a.problem(http.StatusServiceUnavailable, "API-090")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.NotContains(t, string(a.body), "10.0.0.1")
}

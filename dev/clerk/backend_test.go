package clerk

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
	"github.com/clerk/clerk-sdk-go/v2/m2m_token"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

// The Backend API is tested with Clerk's own client.

func TestSessions_mint(t *testing.T) {
	c := serve(t, Config{})
	client := session.NewClient(sdk(c, c.SecretKey()))
	c.PutSession(Session{ID: "sess_a", User: "user_ada", TTL: 20 * time.Second, Claims: map[string]any{
		"o": map[string]any{"id": "org_1", "rol": "admin"}, "email": "ada@x.test", "azp": "https://app.test", "exp": 5, "fva": nil,
	}})
	mint := func(params session.CreateTokenParams) map[string]any {
		t.Helper()
		params.ID = "sess_a"
		token := must(client.CreateToken(t.Context(), &params))(t)
		if token.Object != "token" {
			t.Errorf("object %q", token.Object)
		}
		header, claims := verified(t, c, token.JWT)
		if header.ExtraHeaders["cat"] != nil && params.TemplateName == "" {
			t.Errorf("%+v", header)
		}
		return claims
	}
	first, second := mint(session.CreateTokenParams{}), mint(session.CreateTokenParams{})
	if first["jti"] == second["jti"] {
		t.Errorf("two tokens %v", first["jti"])
	}
	delete(first, "jti")
	same(t, first, `{"iss":"`+c.URL()+`","aud":"convex","sub":"user_ada","sid":"sess_a","iat":1790000000,"nbf":1789999990,"exp":1790000020,
		"v":2,"sts":"active","o":{"id":"org_1","rol":"admin"},"email":"ada@x.test"}`)
	if claims := mint(session.CreateTokenParams{ExpiresInSeconds: clerk.Int64(300)}); claims["exp"] != 1790000300. {
		t.Errorf("%v", claims)
	}
	template := mint(session.CreateTokenParams{TemplateName: "convex"})
	delete(template, "jti")
	same(t, template, `{"iss":"`+c.URL()+`","aud":"convex","sub":"user_ada","iat":1790000000,"nbf":1789999990,"exp":1790000020,"email":"ada@x.test"}`)

	for _, seconds := range []int64{29, 315_360_001, -1} {
		_, err := client.CreateToken(t.Context(), &session.CreateTokenParams{ID: "sess_a", ExpiresInSeconds: new(seconds)})
		if status, code := refusal(t, err); status != 422 || code != "form_param_value_invalid" {
			t.Errorf("%d s: %d %s", seconds, status, code)
		}
	}
	_, err := client.CreateToken(t.Context(), &session.CreateTokenParams{ID: "sess_a", TemplateName: "other"})
	if status, _ := refusal(t, err); status != 404 {
		t.Errorf("another template: %d", status)
	}
	if got := do(t, "POST", c.APIURL()+"/sessions/sess_a/tokens", "{", "Authorization", "Bearer "+c.SecretKey()); got.status != 400 {
		t.Errorf("a bad body: %+v", got)
	}
	if n := c.Requests(Tokens); n != 9 {
		t.Errorf("%d requests", n)
	}
}

func TestSessions_status(t *testing.T) {
	c := serve(t, Config{})
	client := session.NewClient(sdk(c, c.SecretKey()))
	for status, mints := range map[string]bool{
		StatusActive: true, StatusPending: true, StatusRevoked: false, StatusEnded: false, StatusRemoved: false,
		StatusReplaced: false, StatusExpired: false, StatusAbandoned: false,
	} {
		sid := c.CreateSession("user_ada")
		if err := c.SetStatus(sid, status); err != nil {
			t.Fatal(err)
		}
		s := must(client.Get(t.Context(), sid))(t)
		if s.ID != sid || s.UserID != "user_ada" || s.Status != status || s.Object != "session" || s.CreatedAt != start.UnixMilli() {
			t.Errorf("%+v", s)
		}
		token, err := client.CreateToken(t.Context(), &session.CreateTokenParams{ID: sid})
		if !mints {
			if code, name := refusal(t, err); code != 404 || name != "resource_not_found" {
				t.Errorf("%s: %d %s", status, code, name)
			}
			if _, err := c.Mint(sid); err == nil {
				t.Errorf("%s: Mint", status)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_, claims := verified(t, c, token.JWT)
		_, again := verified(t, c, must(c.Mint(sid))(t))
		if claims["sts"] != status || again["sts"] != status {
			t.Errorf("%s: %v, %v", status, claims, again)
		}
	}
	_, err := client.Get(t.Context(), "sess_none")
	if code, name := refusal(t, err); code != 404 || name != "resource_not_found" {
		t.Errorf("%d %s", code, name)
	}
	if err := c.SetStatus("sess_none", StatusEnded); err == nil {
		t.Error("a status was set on nothing")
	}
}

func TestSessions_revoke(t *testing.T) {
	c := serve(t, Config{})
	client := session.NewClient(sdk(c, c.SecretKey()))
	sid := c.CreateSession("user_ada")
	if s := must(client.Revoke(t.Context(), &session.RevokeParams{ID: sid}))(t); s.Status != StatusRevoked {
		t.Errorf("%+v", s)
	}
	_, err := client.Revoke(t.Context(), &session.RevokeParams{ID: "sess_none"})
	if status, _ := refusal(t, err); status != 404 {
		t.Errorf("%d", status)
	}
	c.PutSession(Session{ID: sid, User: "user_ada"}) // signs in again
	if s := must(client.Get(t.Context(), sid))(t); s.Status != StatusActive {
		t.Errorf("%+v", s)
	}
}

func TestUsers(t *testing.T) {
	c := serve(t, Config{})
	users, sessions := user.NewClient(sdk(c, c.SecretKey())), session.NewClient(sdk(c, c.SecretKey()))
	ada, bob := c.CreateSession("user_ada"), c.CreateSession("user_bob")
	if u := must(users.Ban(t.Context(), "user_bob"))(t); u.ID != "user_bob" || !u.Banned {
		t.Errorf("%+v", u)
	}
	if s := must(sessions.Get(t.Context(), bob))(t); s.Status != StatusRevoked {
		t.Errorf("%+v", s)
	}
	if s := must(sessions.Get(t.Context(), ada))(t); s.Status != StatusActive {
		t.Errorf("%+v", s)
	}
	if u := must(users.Delete(t.Context(), "user_ada"))(t); u.ID != "user_ada" || !u.Deleted {
		t.Errorf("%+v", u)
	}
	_, err := sessions.Get(t.Context(), ada)
	if status, _ := refusal(t, err); status != 404 {
		t.Errorf("%d", status)
	}
}

func TestSecretKey(t *testing.T) {
	c := serve(t, Config{SecretKey: "sk_test_right"})
	for _, key := range []string{"sk_test_wrong", "", "sk_test_right2"} {
		config := sdk(c, key)
		_, err := jwks.NewClient(config).Get(t.Context(), &jwks.GetParams{})
		if status, code := refusal(t, err); status != 401 || code != "clerk_key_invalid" {
			t.Errorf("%q: %d %s", key, status, code)
		}
		if _, err = session.NewClient(config).Get(t.Context(), "sess_a"); err == nil {
			t.Errorf("%q: a session", key)
		}
		if _, err = m2m_token.NewClient(config).Verify(t.Context(), &m2m_token.VerifyParams{Token: "mt_x"}); err == nil {
			t.Errorf("%q: a machine token", key)
		}
	}
	set := must(jwks.NewClient(sdk(c, "sk_test_right")).Get(t.Context(), &jwks.GetParams{}))(t)
	if len(set.Keys) != 1 || set.Keys[0].KeyID != c.ID() || c.Requests(BackendKeys) != 4 {
		t.Errorf("%v", set.Keys)
	}
}

func TestMachineTokens(t *testing.T) {
	now := start
	c := serve(t, Config{Clock: func() time.Time { return now }})
	receiver, other := c.CreateMachine(), c.CreateMachine()
	sender := c.CreateMachine(receiver.ID)
	create := m2m_token.NewClient(sdk(c, sender.SecretKey))
	claims := json.RawMessage(`{"aud":"convex","n":1}`)
	opaque := must(create.Create(t.Context(), &m2m_token.CreateParams{Claims: &claims, SecondsUntilExpiration: clerk.Int64(60)}))(t)
	if opaque.Subject != sender.ID || !strings.HasPrefix(opaque.Token, "mt_") || len(opaque.Scopes) != 1 || opaque.Scopes[0] != receiver.ID ||
		*opaque.Expiration != start.Add(time.Minute).UnixMilli() || string(opaque.Claims) != string(claims) {
		t.Errorf("%+v", opaque)
	}
	signed := must(create.Create(t.Context(), &m2m_token.CreateParams{Claims: &claims, TokenFormat: new("jwt")}))(t)
	header, payload := verified(t, c, signed.Token)
	if header.ExtraHeaders["cat"] != categoryMachine {
		t.Errorf("%+v", header)
	}
	same(t, payload, `{"aud":"convex","n":1,"iss":"`+c.URL()+`","sub":"`+sender.ID+`","jti":"`+signed.ID+`","scopes":"`+receiver.ID+`",
		"iat":1790000000,"nbf":1789999990,"exp":1790003600}`)

	verify := func(key, token string) (*clerk.M2MToken, error) {
		return m2m_token.NewClient(sdk(c, key)).Verify(t.Context(), &m2m_token.VerifyParams{Token: token})
	}
	for _, key := range []string{c.SecretKey(), receiver.SecretKey} {
		for _, token := range []string{opaque.Token, signed.Token} {
			if got := must(verify(key, token))(t); got.Subject != sender.ID || got.Revoked || got.Expired {
				t.Errorf("%+v", got)
			}
		}
	}
	_, err := verify(other.SecretKey, opaque.Token)
	if status, _ := refusal(t, err); status != 404 {
		t.Errorf("not for that machine: %d", status)
	}
	_, err = verify(c.SecretKey(), "mt_unknown")
	if status, _ := refusal(t, err); status != 404 {
		t.Errorf("unknown: %d", status)
	}
	c.RevokeMachineToken(opaque.Token)
	now = start.Add(time.Minute)
	if got := must(verify(c.SecretKey(), opaque.Token))(t); !got.Revoked || !got.Expired {
		t.Errorf("%+v", got)
	}
}

func TestMachineTokens_refuses(t *testing.T) {
	c := serve(t, Config{})
	m := c.CreateMachine()
	for _, body := range []string{
		`{"claims":{"sub":"user_ada"}}`, `{"claims":{"iss":"x"}}`, `{"claims":[]}`, `{"token_format":"paseto"}`,
		`{"seconds_until_expiration":0}`, `{"seconds_until_expiration":-1}`, `{"seconds_until_expiration":1e30}`, `{"claims":`,
	} {
		if got := do(t, "POST", c.APIURL()+"/m2m_tokens", body, "Authorization", "Bearer "+m.SecretKey); got.status != http.StatusBadRequest {
			t.Errorf("%s: %+v", body, got)
		}
	}
	for _, body := range []string{``, `{}`, `{"claims":null,"seconds_until_expiration":null}`} {
		if got := do(t, "POST", c.APIURL()+"/m2m_tokens", body, "Authorization", "Bearer "+m.SecretKey); got.status != http.StatusCreated {
			t.Errorf("%s: %+v", body, got)
		}
	}
	if got := do(t, "POST", c.APIURL()+"/m2m_tokens", `{}`, "Authorization", "Bearer "+c.SecretKey()); got.status != http.StatusUnauthorized {
		t.Errorf("with the instance's key: %+v", got)
	}
}

package clerk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/go-jose/go-jose/v3"

	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var testKey = sync.OnceValue(generateKey)

var start = time.Unix(1_790_000_000, 0)

// serve runs an instance under a path, on a fixed clock, until the test ends.
func serve(t *testing.T, cfg Config) *Instance {
	t.Helper()
	if cfg.Clock == nil {
		cfg.Clock = func() time.Time { return start }
	}
	if cfg.Key == nil {
		cfg.Key = testKey()
	}
	c := New(cfg)
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	c.SetURL(srv.URL + "/clerk/")
	return c
}

var testClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// sdk is a config for Clerk's own client.
func sdk(c *Instance, key string) *clerk.ClientConfig {
	url := c.APIURL()
	return &clerk.ClientConfig{BackendConfig: clerk.BackendConfig{HTTPClient: testClient, URL: &url, Key: &key}}
}

// refusal is the status and code of an error of Clerk's client.
func refusal(t *testing.T, err error) (int, string) {
	t.Helper()
	answer, ok := errors.AsType[*clerk.APIErrorResponse](err)
	if !ok || len(answer.Errors) != 1 || answer.TraceID == "" || answer.Errors[0].LongMessage == "" {
		t.Fatalf("%v, want an error of Clerk's", err)
	}
	return answer.HTTPStatusCode, answer.Errors[0].Code
}

type response struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, method, url, body string, header ...string) response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer, err := testClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{answer.StatusCode, answer.Header, string(text)}
}

func get[T any](t *testing.T, url string) (decoded T) {
	t.Helper()
	answer := do(t, "GET", url, "")
	if err := json.Unmarshal([]byte(answer.body), &decoded); err != nil || answer.status != http.StatusOK {
		t.Fatalf("%s: %d %s", url, answer.status, answer.body)
	}
	return decoded
}

// verified returns the header and claims of a token that the published keys verify.
func verified(t *testing.T, c *Instance, token string) (jose.Header, map[string]any) {
	t.Helper()
	set := get[jose.JSONWebKeySet](t, c.URL()+"/.well-known/jwks.json")
	signed, err := jose.ParseSigned(token)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(&set)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return signed.Signatures[0].Protected, claims
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestDiscovery(t *testing.T) {
	c := serve(t, Config{})
	document := get[map[string]any](t, c.URL()+"/.well-known/openid-configuration")
	if document["issuer"] != c.URL() || document["jwks_uri"] != c.URL()+"/.well-known/jwks.json" || !strings.HasSuffix(c.URL(), "/clerk") {
		t.Errorf("%v", document)
	}
	if n := c.Requests(Discovery); n != 1 {
		t.Errorf("%d requests", n)
	}
	for _, path := range []string{"/clerk", "/clerk/", "/.well-known/jwks.json", "/clerk/v1/users"} {
		if got := do(t, "GET", strings.TrimSuffix(c.URL(), "/clerk")+path, ""); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestRotation(t *testing.T) {
	c := serve(t, Config{})
	type published struct{ kid, n string }
	now := func() published {
		set := get[struct{ Keys []map[string]string }](t, c.URL()+"/.well-known/jwks.json")
		if len(set.Keys) != 1 {
			t.Fatalf("%v", set)
		}
		verified(t, c, must(c.Token(TokenOptions{User: "user_ada"}))(t)) // signed by the published key
		return published{set.Keys[0]["kid"], set.Keys[0]["n"]}
	}
	first := now()
	c.RotateKeyInPlace()
	second := now()
	c.RotateKey()
	third := now()
	if first.kid != c.ID() || second.kid != first.kid || second.n == first.n || third.kid == second.kid || third.n == second.n {
		t.Errorf("%v, %v, %v", first, second, third)
	}
}

func TestKeyIsMadeWhenNeeded(t *testing.T) {
	c := New(Config{})
	_, key := c.PublicKey()
	if _, again := c.PublicKey(); key.Size() != keyBits/8 || !key.Equal(again) {
		t.Errorf("%d bytes", key.Size())
	}
}

func TestToken(t *testing.T) {
	c := serve(t, Config{TokenLifetime: 90 * time.Second})
	header, claims := verified(t, c, must(c.Token(TokenOptions{
		User: "user_ada", Header: map[string]any{"cat": "x"}, Claims: map[string]any{"name": "Ada", "fva": nil},
	}))(t))
	if header.KeyID != c.ID() || header.Algorithm != "RS256" || header.ExtraHeaders["cat"] != "x" || header.ExtraHeaders["typ"] != "JWT" {
		t.Errorf("header %+v", header)
	}
	if jti, _ := claims["jti"].(string); len(jti) < 16 {
		t.Errorf("jti %q", jti)
	}
	delete(claims, "jti")
	same(t, claims, `{"iss":"`+c.URL()+`","aud":"convex","sub":"user_ada","sid":"sess_ada","iat":1790000000,"nbf":1789999990,
		"exp":1790000090,"v":2,"sts":"active","name":"Ada"}`)
	if _, claims = verified(t, c, must(c.Token(TokenOptions{User: "user_ada", SessionID: "sess_b", TTL: time.Second}))(t)); claims["sid"] != "sess_b" || claims["exp"] != 1790000001. {
		t.Errorf("%v", claims)
	}
	if _, err := c.Token(TokenOptions{User: "user_ada", Claims: map[string]any{"x": func() {}}}); err == nil {
		t.Error("claims that are no JSON were signed")
	}
	if _, err := c.Sign(map[string]any{"x": func() {}}, nil); err == nil {
		t.Error("a header that is no JSON was signed")
	}
	token := must(c.Sign(map[string]any{"alg": "none", "kid": nil}, map[string]any{"sub": 5}))(t)
	if !strings.HasPrefix(token, "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOjV9.") {
		t.Errorf("%s", token)
	}
}

// same compares a value with JSON.
func same(t *testing.T, got any, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(wanted)
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func TestFail(t *testing.T) {
	c := serve(t, Config{})
	url := c.URL() + "/.well-known/jwks.json"
	status := func() int { return do(t, "GET", url, "").status }
	c.Fail(Keys, 2, Status(503))
	if got := [3]int{status(), status(), status()}; got != [3]int{503, 503, 200} {
		t.Errorf("two failures: %v", got)
	}
	c.Fail(Keys, Always, Status(500))
	if got := [3]int{status(), status(), status()}; got != [3]int{500, 500, 500} {
		t.Errorf("always: %v", got)
	}
	if other := do(t, http.MethodGet, c.URL()+"/.well-known/openid-configuration", "").status; other != 200 {
		t.Errorf("another endpoint: %d", other)
	}
	c.Fail(Keys, 0, nil)
	if got := status(); got != 200 || c.Requests(Keys) != 7 {
		t.Errorf("after the fault: %d after %d requests", got, c.Requests(Keys))
	}
	c.Fail(Keys, 1, TooManyRequests(7*time.Second))
	if got := do(t, "GET", url, ""); got.status != 429 || got.header.Get("Retry-After") != "7" {
		t.Errorf("%+v", got)
	}
	c.Fail(Keys, 1, TooManyRequests(0))
	if got := do(t, "GET", url, ""); got.status != 429 || got.header.Values("Retry-After") != nil {
		t.Errorf("%+v", got)
	}
	c.Fail(Keys, 1, Garbage(200))
	if got := do(t, "GET", url, ""); got.status != 200 || json.Valid([]byte(got.body)) {
		t.Errorf("%+v", got)
	}
	c.Fail(Keys, 1, Oversized(70_000))
	if got := do(t, "GET", url, ""); len(got.body) != 70_000 || !json.Valid([]byte(got.body)) {
		t.Errorf("%d bytes", len(got.body))
	}
	c.Fail(Keys, 1, KeyInvalid())
	if got := do(t, "GET", url, ""); got.status != 401 || !strings.Contains(got.body, `"clerk_key_invalid"`) {
		t.Errorf("%+v", got)
	}
	c.Fail(Keys, 1, RedirectTo(c.URL()+"/.well-known/openid-configuration"))
	if got := do(t, "GET", url, ""); !strings.Contains(got.body, `"issuer"`) {
		t.Errorf("%+v", got)
	}
}

func TestHang(t *testing.T) {
	c := serve(t, Config{})
	release := c.Hang(Keys, 2)
	ctx, cancel := context.WithCancel(t.Context())
	answers, cancelled := make(chan int, 1), make(chan error, 1)
	go func() {
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, c.URL()+"/.well-known/jwks.json", nil)
		answer, err := testClient.Do(request)
		if err == nil {
			_ = answer.Body.Close()
		}
		cancelled <- err
	}()
	untilRequests(t, c, 1)
	go func() { answers <- do(t, http.MethodGet, c.URL()+"/.well-known/jwks.json", "").status }()
	untilRequests(t, c, 2)
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case got := <-answers:
		t.Errorf("answered %d while it should hang", got)
	default:
	}
	release()
	release()
	if got := <-answers; got != 200 {
		t.Errorf("%d", got)
	}
}

// untilRequests returns when so many requests for the keys have come.
func untilRequests(t *testing.T, c *Instance, n int) {
	t.Helper()
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	for c.Requests(Keys) < n {
		select {
		case <-poll.C:
		case <-deadline.C:
			t.Fatalf("%d requests, want %d", c.Requests(Keys), n)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	c := serve(t, Config{})
	if got := do(t, "POST", c.APIURL()+"/m2m_tokens", strings.Repeat("x", maxBody+1)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%+v", got)
	}
}

func TestNew_panics(t *testing.T) {
	for name, cfg := range map[string]Config{"secret": {WebhookSecret: "s"}, "base64": {WebhookSecret: "whsec_!"}, "url": {URL: "http://%"}} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			New(cfg)
		})
	}
}

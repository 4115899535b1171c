package devtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	devclerk "convexgateway/dev/clerk"

	"convexgateway/dev/deployment"

	"github.com/go-jose/go-jose/v3"
)

// Key spares each test's store the making of a key.
var Key = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func NewStore() *deployment.Store {
	return deployment.NewStoreOf(devclerk.Config{Key: Key()})
}

// Start runs a deployment on a free port until the test ends.
func Start(t *testing.T, cfg deployment.Config) *deployment.Deployment {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	if cfg.Store == nil {
		cfg.Store = NewStore()
	}
	d, err := deployment.Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

var Client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Answer is a response, read.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

func Do(t *testing.T, method, url, body string, header ...string) Answer {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := Client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(text)}
}

// Post calls a function over HTTP with a JSON content type.
func Post(t *testing.T, d *deployment.Deployment, endpoint, body string, header ...string) Answer {
	t.Helper()
	return Do(t, "POST", d.URL()+"/api/"+endpoint, body, append([]string{"Content-Type", "application/json"}, header...)...)
}

// MustCall calls a function and returns its value, decoded from encoded JSON.
func MustCall(t *testing.T, d *deployment.Deployment, endpoint, path, args string) any {
	t.Helper()
	got := Post(t, d, endpoint, fmt.Sprintf(`{"path":%q,"args":%s,"format":"convex_encoded_json"}`, path, args))
	var response struct {
		Status string `json:"status"`
		Value  any    `json:"value"`
	}
	if err := json.Unmarshal([]byte(got.Body), &response); err != nil || response.Status != "success" {
		t.Fatalf("%s %s: %d %s", endpoint, path, got.Status, got.Body)
	}
	return response.Value
}

func MustToken(t *testing.T, d *deployment.Deployment, request deployment.TokenRequest) string {
	t.Helper()
	token, err := d.Token(request)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// SameJSON fails the test unless both texts are the same JSON value.
func SameJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("not JSON: %s", got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("not JSON: %s", want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// MustClaims reads a token's claims. Numbers are json.Number.
func MustClaims(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if err := decoder.Decode(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// WhoAmI calls users:me with a token.
func WhoAmI(t *testing.T, d *deployment.Deployment, token string) Answer {
	t.Helper()
	return Post(t, d, "query", `{"path":"users:me","args":{}}`, "Authorization", "bEaReR "+token)
}

// StartIssuer serves discovery for an issuer that spells its name with suffix, and the deployment's key.
func StartIssuer(t *testing.T, clerk *devclerk.Instance, suffix string, status int, cacheControl string, hits *int) string {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		*hits++
		w.Header().Set("Cache-Control", cacheControl)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": server.URL + suffix, "jwks_uri": server.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		kid, key := clerk.PublicKey()
		public, _ := jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"}.MarshalJSON()
		_, _ = w.Write([]byte(`{"keys":[{"kty":"new"},` + string(public) + `]}`))
	})
	return server.URL
}

// AddOne writes counter n over HTTP.
func AddOne(t *testing.T, d *deployment.Deployment, via *http.Client) {
	t.Helper()
	response, err := via.Post(d.URL()+"/api/mutation", "application/json", strings.NewReader(`{"path":"counter:add","args":{"name":"n"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", response.StatusCode, err)
	}
}

const RequestIDHeader = "Convex-Request-Id"

// Upload stores a file and returns its id.
func Upload(t *testing.T, d *deployment.Deployment, content, contentType string) string {
	t.Helper()
	url := MustCall(t, d, "mutation", "testing:upload", `{}`).(string)
	sum := sha256.Sum256([]byte(content))
	got := Do(t, "POST", url, content, "Content-Type", contentType, "Digest", "sha-256="+base64.StdEncoding.EncodeToString(sum[:]))
	id, ok := strings.CutPrefix(got.Body, `{"storageId":"`)
	if got.Status != 200 || !ok {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	return strings.TrimSuffix(id, `"}`)
}

// ActingAs is an Authorization header of an admin who acts as a user.
func ActingAs(d *deployment.Deployment, user string) string {
	return "Convex " + d.AdminKey() + ":" + base64.StdEncoding.EncodeToString([]byte(user))
}

const ActingUser = `{"issuer":"https://auth.example.test","subject":"user_123","email":"ada@example.test","emailVerified":true,"name":null,"org":{"role":"admin","n":3}}`

const UsersMe = `{"path":"users:me","args":{}}`

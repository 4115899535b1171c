package deployment

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	devclerk "convexgateway/dev/clerk"
)

// testKey spares each test's store the making of a key.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newTestStore() *Store {
	return NewStoreOf(devclerk.Config{Key: testKey()})
}

// startTest runs a deployment on a free port until the test ends.
func startTest(t *testing.T, cfg Config) *Deployment {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	if cfg.Store == nil {
		cfg.Store = newTestStore()
	}
	d, err := Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

var testClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// letPass lets time go by in a synctest.
func letPass(d time.Duration) { <-time.NewTimer(d).C }

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := testClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// post calls a function over HTTP with a JSON content type.
func post(t *testing.T, d *Deployment, endpoint, body string, header ...string) answer {
	t.Helper()
	return do(t, "POST", d.URL()+"/api/"+endpoint, body, append([]string{"Content-Type", "application/json"}, header...)...)
}

// mustCall calls a function and returns its value, decoded from encoded JSON.
func mustCall(t *testing.T, d *Deployment, endpoint, path, args string) any {
	t.Helper()
	got := post(t, d, endpoint, fmt.Sprintf(`{"path":%q,"args":%s,"format":"convex_encoded_json"}`, path, args))
	var response struct {
		Status string `json:"status"`
		Value  any    `json:"value"`
	}
	if err := json.Unmarshal([]byte(got.body), &response); err != nil || response.Status != "success" {
		t.Fatalf("%s %s: %d %s", endpoint, path, got.status, got.body)
	}
	return response.Value
}

func mustToken(t *testing.T, d *Deployment, request TokenRequest) string {
	t.Helper()
	token, err := d.Token(request)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// sameJSON fails the test unless both texts are the same JSON value.
func sameJSON(t *testing.T, got, want string) {
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

// mustClaims reads a token's claims. Numbers are json.Number.
func mustClaims(t *testing.T, token string) (claims map[string]any) {
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

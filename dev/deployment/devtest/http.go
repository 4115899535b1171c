package devtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

// Client is an HTTP client that keeps no connections open.
var Client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Answer is a response, read.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends a request; header is names and values in turn.
func Do(t *testing.T, method, url, body string, header ...string) Answer {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(header, 2) {
		request.Header.Set(pair[0], pair[1])
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

// UsersMe is the body of a call of users:me.
const UsersMe = `{"path":"users:me","args":{}}`

// RequestIDHeader is the header that sets the request id in error texts.
const RequestIDHeader = "Convex-Request-Id"

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

package convexapp_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// step is one call, in Convex's JSON encoding; the fields are described in README.md.
type step struct {
	Name string `json:"name"`
	Call struct {
		Kind string `json:"kind"`
		Path string `json:"path"`
		Args any    `json:"args"`
	} `json:"call"`
	Identity json.RawMessage `json:"identity"`
	Expect   map[string]any  `json:"expect"`
}

// TestExpectations runs the steps on the sample app of the development deployment, or on the app in TypeScript on the deployment
// that CONVEX_TEST_URL names, as expectations.test.ts does without a deployment. There, CONVEX_TEST_TOKENS is the URL that makes
// tokens of users as `dev` does at /dev/token.
func TestExpectations(t *testing.T) {
	c := newClient(t)
	for _, s := range readSteps(t) {
		t.Run(s.Name, func(t *testing.T) {
			got := c.outcome(t, s)
			if want, ok := s.Expect["errorContains"].(string); ok {
				if text, _ := got["error"].(string); !strings.Contains(text, want) {
					t.Errorf("got %v, want an error with %q", got, want)
				}
			} else if want := c.bound.resolve(s.Expect, got); !reflect.DeepEqual(any(got), want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestExpectations_everyFunctionIsCalled(t *testing.T) {
	called, functions := map[string]bool{}, map[string]bool{"messages:missing": true}
	for _, s := range readSteps(t) {
		called[s.Call.Path] = true
	}
	for _, f := range deployment.SampleApp() {
		functions[f.Path] = true
	}
	if !maps.Equal(called, functions) {
		t.Errorf("called %v\nwant %v", slices.Sorted(maps.Keys(called)), slices.Sorted(maps.Keys(functions)))
	}
}

func readSteps(t *testing.T) (steps []step) {
	t.Helper()
	text, err := os.ReadFile("expectations.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&steps); err != nil || len(steps) == 0 {
		t.Fatalf("expectations.json: %d steps, %v", len(steps), err)
	}
	return steps
}

// client calls a deployment over HTTP.
type client struct {
	url    string
	tokens string // URL that makes tokens
	bound  bindings
}

// newClient returns a client of the deployment under test, whose data of the steps is as in a new one.
func newClient(t *testing.T) *client {
	t.Helper()
	if url := os.Getenv("CONVEX_TEST_URL"); url != "" {
		c := &client{url: url, tokens: os.Getenv("CONVEX_TEST_TOKENS"), bound: bindings{}}
		if c.tokens == "" {
			t.Skip("NOT TESTED: CONVEX_TEST_TOKENS is not set")
		}
		c.reset(t)
		return c
	}
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return &client{url: d.URL(), tokens: d.URL() + "/dev/token", bound: bindings{"<issuer>": d.IssuerURL()}}
}

// reset removes what an earlier run has left: the messages of the steps' channels, and the values of their counters.
func (c *client) reset(t *testing.T) {
	t.Helper()
	run := func(kind, path string, args map[string]any) any {
		return c.post(t, c.url+"/api/"+kind, "", map[string]any{"path": path, "args": args, "format": "convex_encoded_json"})["value"]
	}
	for _, channel := range []string{"general", "other"} {
		run("mutation", "messages:clear", map[string]any{"channel": channel})
	}
	for _, counter := range []string{"n", "m"} {
		if value, _ := run("query", "counter:get", map[string]any{"name": counter}).(float64); value != 0 {
			run("mutation", "counter:add", map[string]any{"name": counter, "by": -value})
		}
	}
}

// outcome returns {"value"}, {"errorData"} or, for an error without data, {"error"}: its text.
func (c *client) outcome(t *testing.T, s step) map[string]any {
	t.Helper()
	token := ""
	if s.Identity != nil {
		token = c.post(t, c.tokens, "", s.Identity)["token"].(string)
	}
	request := map[string]any{"path": s.Call.Path, "args": c.bound.resolve(s.Call.Args, nil), "format": "convex_encoded_json"}
	response := c.post(t, c.url+"/api/"+s.Call.Kind, token, request)
	for _, field := range []string{"value", "errorData"} {
		if value, ok := response[field]; ok {
			return map[string]any{field: value}
		}
	}
	return map[string]any{"error": response["errorMessage"]}
}

func (c *client) post(t *testing.T, url, token string, body any) (response map[string]any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&response); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v %v", url, answer.Status, response, err)
	}
	return response
}

// bindings are placeholders and their values.
type bindings map[string]any

var placeholder = regexp.MustCompile(`^<\w+>$`)

// resolve returns the template with each placeholder replaced by its value. One without a value is bound to the value in got.
func (b bindings) resolve(template, got any) any {
	switch template := template.(type) {
	case string:
		return b.resolveString(template, got)
	case []any:
		other, _ := got.([]any)
		resolved := make([]any, len(template))
		for i, element := range template {
			var counterpart any
			if i < len(other) {
				counterpart = other[i]
			}
			resolved[i] = b.resolve(element, counterpart)
		}
		return resolved
	case map[string]any:
		other, _ := got.(map[string]any)
		resolved := make(map[string]any, len(template))
		for name, field := range template {
			resolved[name] = b.resolve(field, other[name])
		}
		return resolved
	default:
		return template
	}
}

func (b bindings) resolveString(template string, got any) any {
	if template == "<time>" {
		if at, ok := got.(float64); ok && at > 1e12 {
			return at
		}
		return template
	}
	if !placeholder.MatchString(template) {
		return template
	}
	if text, ok := got.(string); ok && b[template] == nil {
		b[template] = text
	}
	if value, ok := b[template]; ok {
		return value
	}
	return template
}

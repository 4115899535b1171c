package app_test

import (
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestSample_messages(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	id := devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"one"}`).(string)
	devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"two","author":"ada"}`)
	devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"elsewhere","channel":"other"}`)
	devtest.Post(t, d, "mutation", `{"path":"messages:send","args":{"body":"three"}}`, "Authorization", "Bearer "+devtest.MustToken(t, d, deployment.TokenRequest{User: "bob"}))
	devtest.Post(t, d, "mutation", `{"path":"messages:send","args":{"body":"four"}}`, "Authorization", "Bearer "+devtest.MustToken(t, d, deployment.TokenRequest{User: "eve", Claims: map[string]any{"name": nil}}))

	list := devtest.MustCall(t, d, "query", "messages:list", `{}`).([]any)
	var shown []string
	for _, m := range list {
		doc := m.(map[string]any)
		shown = append(shown, doc["author"].(string)+":"+doc["body"].(string))
	}
	if got := strings.Join(shown, " "); got != "anonymous:one ada:two bob:three user_eve:four" {
		t.Errorf("list: %s", got)
	}
	first := list[0].(map[string]any)
	if first["_id"] != id || first["id"] != id || first["channel"] != "general" || len(first) != 6 || first["_creationTime"].(float64) < 1e12 {
		t.Errorf("message %v", first)
	}
	newest := devtest.MustCall(t, d, "query", "messages:list", `{"limit":2}`).([]any)
	if len(newest) != 2 || newest[1].(map[string]any)["body"] != "four" {
		t.Errorf("newest two: %v", newest)
	}
	if got := devtest.MustCall(t, d, "query", "messages:list", `{"limit":0}`).([]any); len(got) != 0 {
		t.Errorf("newest none: %v", got)
	}
	if got := devtest.Post(t, d, "query", `{"path":"messages:list","args":{"limit":-1}}`); !strings.Contains(got.Body, "INVALID_ARGUMENT") {
		t.Errorf("limit -1: %s", got.Body)
	}
	devtest.SameJSON(t, devtest.Post(t, d, "mutation", `{"path":"messages:send","args":{"body":""}}`, devtest.RequestIDHeader, "r").Body,
		`{"status":"error","errorMessage":"[Request ID: r] Server Error\nUncaught ConvexError: {\"code\":\"INVALID_ARGUMENT\",\"message\":\"body must not be empty\"}\n    at handler (../convex/messages.ts)\n","errorData":{"code":"INVALID_ARGUMENT","message":"body must not be empty"}}`)
	devtest.SameJSON(t, devtest.Post(t, d, "mutation", `{"path":"messages:clear","args":{}}`).Body, `{"status":"success","value":"4"}`)
	if got := devtest.MustCall(t, d, "query", "messages:list", `{"channel":"other"}`).([]any); len(got) != 1 {
		t.Errorf("the other channel: %v", got)
	}
}

package deployment

import (
	"strings"
	"testing"
)

func TestSample_messages(t *testing.T) {
	d := startTest(t, Config{})
	id := mustCall(t, d, "mutation", "messages:send", `{"body":"one"}`).(string)
	mustCall(t, d, "mutation", "messages:send", `{"body":"two","author":"ada"}`)
	mustCall(t, d, "mutation", "messages:send", `{"body":"elsewhere","channel":"other"}`)
	post(t, d, "mutation", `{"path":"messages:send","args":{"body":"three"}}`, "Authorization", "Bearer "+mustToken(t, d, TokenRequest{User: "bob"}))
	post(t, d, "mutation", `{"path":"messages:send","args":{"body":"four"}}`, "Authorization", "Bearer "+mustToken(t, d, TokenRequest{User: "eve", Claims: map[string]any{"name": nil}}))

	list := mustCall(t, d, "query", "messages:list", `{}`).([]any)
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
	newest := mustCall(t, d, "query", "messages:list", `{"limit":2}`).([]any)
	if len(newest) != 2 || newest[1].(map[string]any)["body"] != "four" {
		t.Errorf("newest two: %v", newest)
	}
	if got := mustCall(t, d, "query", "messages:list", `{"limit":0}`).([]any); len(got) != 0 {
		t.Errorf("newest none: %v", got)
	}
	if got := post(t, d, "query", `{"path":"messages:list","args":{"limit":-1}}`); !strings.Contains(got.body, "INVALID_ARGUMENT") {
		t.Errorf("limit -1: %s", got.body)
	}
	sameJSON(t, post(t, d, "mutation", `{"path":"messages:send","args":{"body":""}}`, requestID, "r").body,
		`{"status":"error","errorMessage":"[Request ID: r] Server Error\nUncaught ConvexError: {\"code\":\"INVALID_ARGUMENT\",\"message\":\"body must not be empty\"}\n    at handler (../convex/messages.ts)\n","errorData":{"code":"INVALID_ARGUMENT","message":"body must not be empty"}}`)
	sameJSON(t, post(t, d, "mutation", `{"path":"messages:clear","args":{}}`).body, `{"status":"success","value":"4"}`)
	if got := mustCall(t, d, "query", "messages:list", `{"channel":"other"}`).([]any); len(got) != 1 {
		t.Errorf("the other channel: %v", got)
	}
}

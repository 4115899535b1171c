package server

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Some programs take U+0085, U+2028 and U+2029 for the end of a line. JSON allows them in strings; no text that the gateway
// sends has them bare.
func TestSeparatorsAreEscapedOnTextWires(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, separator := range []string{"\u0085", "\u2028", "\u2029", "\u2028\u2029\r\n\u0085", "é\u2028“\u0085”"} {
		value := map[string]any{"a": "a" + separator + "b", "nested": []any{separator}}
		args, err := json.Marshal(map[string]any{"value": value})
		if err != nil {
			t.Fatal(err)
		}
		raw := strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(string(args))
		data := strings.Replace(raw, `"value"`, `"data"`, 1)
		get := "?path=values:echo&args=" + url.QueryEscape(raw)
		for name, text := range map[string]string{
			"POST":               g.rest("POST", "/v1/query", `{"path":"values:echo","args":`+raw+`}`).body,
			"GET":                g.rest("GET", "/v1/query"+get, "").body,
			"error":              g.rest("POST", "/v1/query", `{"path":"errors:convex","args":`+data+`}`).body,
			"SSE":                g.firstResult("/v1/subscribe"+get, "text/event-stream"),
			"NDJSON":             g.firstResult("/v1/subscribe"+get, "*/*"),
			"SSE of an error":    g.firstResult("/v1/subscribe?path=errors:convex&args="+url.QueryEscape(data), "text/event-stream"),
			"NDJSON of an error": g.firstResult("/v1/subscribe?path=errors:convex&args="+url.QueryEscape(data), "*/*"),
		} {
			if strings.ContainsAny(text, "\u0085\u2028\u2029") {
				t.Errorf("%s of %q: %q", name, separator, text)
			}
			if !hasText(t, text, "a"+separator+"b") {
				t.Errorf("%s of %q has not the value: %s", name, separator, text)
			}
		}
	}
}

// firstResult opens a stream and returns the JSON of its first result.
func (g *gateway) firstResult(route, accept string) string {
	g.t.Helper()
	ctx, cancel := context.WithCancel(g.context())
	defer cancel()
	resp := g.request(ctx, "GET", route, "", "Accept", accept)
	defer resp.Body.Close()
	var text strings.Builder
	for buffer := make([]byte, 4096); ; {
		n, err := resp.Body.Read(buffer)
		text.Write(buffer[:n])
		for line := range strings.SplitAfterSeq(text.String(), "\n") {
			data, _ := strings.CutPrefix(line, "data: ")
			if strings.HasSuffix(data, "}\n") && strings.Contains(data, "resumeToken") {
				return data
			}
		}
		if err != nil {
			g.t.Fatalf("%v after %s", err, text.String())
		}
	}
}

// hasText reports whether a string is anywhere in a JSON text.
func hasText(t *testing.T, text, want string) bool {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var find func(any) bool
	find = func(value any) bool {
		switch value := value.(type) {
		case string:
			return value == want
		case map[string]any:
			for _, member := range value {
				if find(member) {
					return true
				}
			}
		case []any:
			return slices.ContainsFunc(value, find)
		}
		return false
	}
	return find(value)
}

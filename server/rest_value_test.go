package server

import (
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/dev/deployment"
)

// What is no Convex value is INVALID_VALUE with its place and cause, on every route and by GET, although it is not valid for
// protobuf's JSON either.
func TestBadValuesAreNamedOverREST(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	want := failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400}
	for args, message := range map[string]string{
		`{"value":"\ud800"}`:                       "args.value: string has a lone surrogate",
		`{"value":["x",{"a":"\udc00\ud800"}]}`:     "args.value[1].a: string has a lone surrogate",
		`{"value":"\ud83d","other":"é"}`:           "args.value: string has a lone surrogate",
		`{"\udfff":1}`:                             "args: string has a lone surrogate",
		"{\"value\":\"\xff\"}":                     "args.value: string is not valid UTF-8",
		`{"value":1e999}`:                          "args.value: number does not fit a Float64",
		`{"value":{"a":1,"a":2}}`:                  "args.value.a: field stands twice in its object",
		`{"value":` + nested(9_000) + `}`:          "value is nested deeper than 64 levels",
		`{"value":"\ud800","more":{"$integer":1}}`: "args.value: string has a lone surrogate",
	} {
		body := `{"path":"values:echo","args":` + args + `}`
		get := "?path=values:echo&args=" + url.QueryEscape(args)
		for route, got := range map[string]answer{
			"query":     g.rest("POST", "/v1/query", body),
			"mutate":    g.rest("POST", "/v1/mutate", body),
			"action":    g.rest("POST", "/v1/action", body),
			"subscribe": g.rest("POST", "/v1/subscribe", body),
			"tickets":   g.rest("POST", "/v1/tickets", `{"subscribe":`+body+`}`, "Authorization", "Bearer "+token),
			"GET":       g.rest("GET", "/v1/query"+short(get), ""),
			"stream":    g.rest("GET", "/v1/subscribe"+short(get), ""),
		} {
			if len(get) > maxHeaderBytes && (route == "GET" || route == "stream") {
				continue
			}
			want.checkAnswer(t, got)
			if !strings.Contains(got.body, message) {
				t.Errorf("%s of %.60q: %.200s, want %s", route, args, got.body, message)
			}
		}
	}
	for body, message := range map[string]string{
		`{"path":"\ud800"}`:                  "path: string has a lone surrogate",
		`{"path":"a:b","\ud800":1}`:          "string has a lone surrogate",
		"{\"path\":\"a\xff:b\",\"args\":{}}": "path: string is not valid UTF-8",
	} {
		got := g.rest("POST", "/v1/query", body)
		want.checkAnswer(t, got)
		if !strings.Contains(got.body, message) {
			t.Errorf("%q: %s, want %s", body, got.body, message)
		}
	}
	for _, body := range []string{`{"path":"a:b","args":{"value":"\ud800"}`, `{"path":"a:b","args":{"value":tru}}`, `{"args":1}`, `[]`} {
		failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: 400}.checkAnswer(t, g.rest("POST", "/v1/query", body))
	}
	if runs := g.dev.Stats().QueryRuns["values:echo"]; runs != 0 {
		t.Errorf("%d bad calls reached the deployment", runs)
	}
}

// short leaves out a query that is too long for a header.
func short(query string) string {
	if len(query) > maxHeaderBytes {
		return ""
	}
	return query
}

// A byte order mark before a body is skipped.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	g := start(t)
	const mark = "\ufeff"
	for route, body := range map[string]string{
		"/v1/query": `{"path":"users:me"}`, "/v1/mutate": `{"path":"messages:send","args":{"body":"x"}}`,
		"/v1/tickets": `{"subscribe":{"path":"users:me"}}`, "/v1/auth/refresh": `{"refreshKey":"kkkkkkkkkkkkkkkkkkkkkk"}`,
	} {
		with, without := g.rest("POST", route, mark+body), g.rest("POST", route, body)
		if with.status != without.status || strings.Contains(with.body, "INVALID_REQUEST") {
			t.Errorf("%s: HTTP %d %s, without it HTTP %d", route, with.status, with.body, without.status)
		}
	}
	g.sse("POST", "/v1/subscribe", mark+`{"path":"users:me"}`).result()
	if got := g.rest("POST", "/v1/query", mark+mark+`{"path":"users:me"}`); got.status != 400 {
		t.Errorf("two marks: HTTP %d", got.status)
	}
	if got := g.rest("POST", "/v1/query", mark); !strings.Contains(got.body, "INVALID_PATH") {
		t.Errorf("only a mark: %s", got.body)
	}
}

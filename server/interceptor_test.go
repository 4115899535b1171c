package server

import (
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// No log line holds a token, an argument or a result. Each call has one line with the ids by which it is found.
func TestLogs(t *testing.T) {
	t.Parallel()
	g := start(t)
	const argument, stored, thrown, key = "argument7f3a", "result9c2b", "thrown5d1e", "refreshkey-0123456789abcdef"
	token := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"secretClaim": "claim8e4f"}})
	bad := token[:len(token)-8] + "AAAAAAAA"
	ctx := metadata.AppendToOutgoingContext(g.as(token), call.RequestIDHeader, "id-of-the-mutation")
	g.mustCall(ctx, convex.Mutation, "messages:send", `{"channel":"`+argument+`","body":"`+stored+`"}`)
	g.mustCall(g.as(token), convex.Query, "messages:list", `{"channel":"`+argument+`"}`)
	bearer := []string{"Authorization", "Bearer " + token}
	g.rest("GET", "/v1/query?path=values:echo&args=%7B%22value%22%3A%22"+argument+"%22%7D", "", bearer...)
	g.rest("POST", "/v1/query", `{"path":"errors:convex","args":{"data":"`+thrown+`"}}`, append(bearer, "X-Request-Id", "id-of-the-error")...)
	g.rest("POST", "/v1/query", `{"path":"values:echo","args":{"value":{"$x":"`+argument+`"}}}`, bearer...)
	g.rest("POST", "/v1/query", `{"path":"values:echo","`+argument+`":1}`, bearer...)
	g.rest("POST", "/v1/query", `{"path":"a b `+argument+`"}`)
	g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+bad)
	stream := g.subscribe(g.as(token), &gatewayv1.SubscribeRequest{
		Path: "messages:list", ArgsJson: []byte(`{"channel":"` + argument + `"}`), RefreshKey: key,
	})
	resume := result(stream).GetResumeToken()
	s := g.sse("POST", "/v1/subscribe?path=values:echo&args=%7B%22value%22%3A%22"+argument+"%22%7D", `{"refreshKey":"`+key+`"}`, bearer...)
	s.result()
	if _, err := g.auth.RefreshAuth(g.as(token), &gatewayv1.RefreshAuthRequest{RefreshKey: key}); err != nil {
		t.Fatal(err)
	}
	g.dev.CutSockets()
	if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, err := stream.Recv(); err == nil; _, err = stream.Recv() {
	}
	if err := g.stop(); err != nil {
		t.Fatal(err)
	}

	text := g.logs.String()
	parts := strings.Split(token, ".")
	for name, secret := range map[string]string{
		"argument": argument, "result": stored, "error": thrown, "key": key, "claim": "claim8e4f", "resume token": resume,
		"payload": parts[1], "signature": parts[2], "bad signature": strings.Split(bad, ".")[2],
	} {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("the logs hold the %s: %s", name, text[max(0, i-200):min(len(text), i+100)])
		}
	}
	g.checkLine(map[string]any{
		"msg": "call", "method": "/convexgateway.v1.FunctionService/Mutate", "code": "OK", "path": "messages:send",
		"request_id": "id-of-the-mutation", "caller": "127.0.0.1", "rest": false,
	})
	g.checkLine(map[string]any{
		"msg": "call", "method": "/convexgateway.v1.FunctionService/Query", "code": "FailedPrecondition", "path": "errors:convex",
		"request_id": "id-of-the-error", "reason": "CONVEX_ERROR", "caller": "127.0.0.1", "rest": true,
	})
	g.checkLine(map[string]any{
		"msg": "call", "method": "/convexgateway.v1.FunctionService/Subscribe", "code": "Unauthenticated", "path": "messages:list", "reason": "SIGNED_OUT",
	})
	g.checkLine(map[string]any{"msg": "call", "code": "Unauthenticated", "reason": "BAD_SIGNATURE"})
}

// The log names what is wrong with a malformed token, and holds no value of it.
func TestLogNamesMalformedClaim(t *testing.T) {
	t.Parallel()
	g := start(t)
	const value = "value-5c1d"
	for _, claims := range []map[string]any{{"exp": value}, {"azp": []string{value}}, {"sid": map[string]any{value: 1}}} {
		token := g.token(deployment.TokenRequest{User: "ada", Claims: claims})
		g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token)
	}
	g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Basic "+value)
	for _, cause := range []string{
		"claims: exp is missing or not a number", "claims: azp is not a string", "claims: sid is not a session id", "not of the form Bearer <token>",
	} {
		g.checkLine(map[string]any{"msg": "call", "reason": "MALFORMED", "cause": cause})
	}
	if strings.Contains(g.logs.String(), value) {
		t.Errorf("the logs hold a claim's value: %s", g.logs)
	}
}

// checkLine fails the test unless a log line has all these attributes.
func (g *gateway) checkLine(want map[string]any) {
	g.t.Helper()
	if len(g.logs.find(g.t, want)) == 0 {
		g.t.Errorf("no line with %v in\n%s", want, g.logs)
	}
}

package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const (
	queryProcedure     = gatewayv1.FunctionService_Query_FullMethodName
	subscribeProcedure = gatewayv1.FunctionService_Subscribe_FullMethodName
)

// Every unary RPC, in both value formats.
func TestCallsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	onWires(t, func(t *testing.T, wire string) {
		over := g.over(t, wire)
		ctx := g.as(g.token(deployment.TokenRequest{User: userOf(wire)}))
		over.mustCall(ctx, convex.Mutation, "counter:add", fmt.Sprintf(`{"name":%q}`, wire))
		if got := over.mustCall(ctx, convex.Query, "counter:get", fmt.Sprintf(`{"name":%q}`, wire)); got != "1" {
			t.Errorf("the counter is %s", got)
		}
		if got := over.mustCall(ctx, convex.Action, "actions:sleep", `{"ms":1}`); got != "1" {
			t.Errorf("the action returned %s", got)
		}
		value, err := structpb.NewValue(map[string]any{"text": "a\u2028\"", "list": []any{1.5, nil, true}})
		if err != nil {
			t.Fatal(err)
		}
		echo, err := over.functions.Query(ctx, &gatewayv1.QueryRequest{Path: "values:echo", Args: &structpb.Struct{Fields: map[string]*structpb.Value{"value": value}}})
		if err != nil || fmt.Sprint(echo.GetValue().AsInterface()) != fmt.Sprint(value.AsInterface()) {
			t.Errorf("%v, %v", echo, err)
		}
		refreshed, err := over.auth.RefreshAuth(ctx, &gatewayv1.RefreshAuthRequest{RefreshKey: testKey})
		if err != nil || refreshed.GetIdentityTag() == "" {
			t.Errorf("%v, %v", refreshed, err)
		}
		if _, err := over.auth.SignOut(ctx, &gatewayv1.SignOutRequest{}); err != nil {
			t.Error(err)
		}
	})
}

// userOf is a user for each wire.
func userOf(wire string) string {
	return strings.NewReplacer(" ", "", ",", "", "-", "").Replace(wire)
}

// Subscribe, with resume; WatchSet; AuthState.
func TestStreamsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	onWires(t, func(t *testing.T, wire string) {
		over := g.over(t, wire)
		stream := over.subscribe(g.context(), counterQuery(wire))
		wantValue(t, result(stream), "0")
		g.add(wire)
		next := stream.next()
		wantValue(t, next, "1")
		stream.cancel()

		resumed := counterQuery(wire)
		resumed.ResumeToken = next.GetResumeToken()
		if got := result(over.subscribe(g.context(), resumed)); got.GetUnchanged() == nil {
			t.Errorf("resumed: %v", got)
		}

		watch, err := over.functions.WatchSet(g.context(), &gatewayv1.WatchSetRequest{Queries: []*gatewayv1.WatchQuery{
			{Target: 1, Path: "counter:get", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, wire)}, {Target: 2, Path: "no:such"}, {Target: 3, Path: "a b"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		outcomes := map[uint32]*gatewayv1.TargetChange{}
		for len(outcomes) < 3 {
			resp, err := watch.Recv()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range resp.GetChanges() {
				outcomes[c.GetTarget()] = c
			}
		}
		if outcomes[1].GetValue().GetNumberValue() != 1 || outcomes[2].GetFunctionError().GetReason() != "FUNCTION_NOT_FOUND" || outcomes[3].GetRemoved().GetReason() != "INVALID_PATH" {
			t.Errorf("%v", outcomes)
		}

		auth := over.authState(g.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.AuthStateRequest{})
		if got := untilState(auth, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false); got.GetIdentity().GetSubject() != "user_ada" {
			t.Errorf("%v", got)
		}
	})
}

// Streams end with a status: of a token that expires, and of a gateway that drains.
func TestEndsOfStreamsOverConnect(t *testing.T) {
	t.Parallel()
	onWires(t, func(t *testing.T, wire string) {
		t.Parallel()
		g := start(t)
		over := g.over(t, wire)
		ctx := g.as(g.token(deployment.TokenRequest{User: "ada", TTL: 3 * time.Second}))
		expiring := over.subscribe(ctx, counterQuery("a"))
		failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED"}.checkStatus(t, ending(expiring), expiring.Trailer())
		draining := over.subscribe(g.context(), counterQuery("a"))
		result(draining)
		go func() { _ = g.stop() }()
		failure{code: codes.Unavailable, reason: "DRAINING", retry: true}.checkStatus(t, ending(draining), draining.Trailer())
	})
}

// ending returns the error with which a stream ends, after any events.
func ending(s *subscription) error {
	_, err := s.until(func(*gatewayv1.SubscribeResponse) bool { return false })
	return err
}

// The headers of a stream are sent although there is no event, in time.
func TestEarlyHeadersOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	for kind, body := range map[string]string{
		"application/connect+json": enveloped(0, `{"path":"test:block"}`), "application/grpc-web+json": enveloped(0, `{"path":"test:block"}`),
	} {
		resp := g.request(g.context(), http.MethodPost, subscribeProcedure, body, "Content-Type", kind)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != kind || resp.Header.Get("X-Accel-Buffering") != "no" {
			t.Errorf("HTTP %d %v", resp.StatusCode, resp.Header)
		}
		_ = resp.Body.Close()
	}
}

// GET is cacheable, in each form of its parameters.
func TestConnectGet(t *testing.T) {
	t.Parallel()
	g := start(t)
	get := func(parameters string, header ...string) answer {
		t.Helper()
		return g.rest(http.MethodGet, queryProcedure+"?"+parameters, "", header...)
	}
	message := url.QueryEscape(`{"path":"counter:get","args":{"name":"a"}}`)
	json := "connect=v1&encoding=json&message=" + message
	first := get(json)
	tag := first.header.Get("ETag")
	if first.status != http.StatusOK || first.body != `{"value":0}` || tag == "" || first.header.Get("Cache-Control") != "private, no-cache" ||
		!slices.Contains(first.header.Values("Vary"), "Authorization") {
		t.Fatalf("HTTP %d %v %s", first.status, first.header, first.body)
	}
	if again := get(json, "If-None-Match", tag); again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != tag {
		t.Errorf("again: HTTP %d %v %s", again.status, again.header, again.body)
	}
	// {path: "counter:get", args_json: {"name":"a"}} in protobuf, and the same compressed
	for name, parameters := range map[string]string{
		"protobuf": "encoding=proto&base64=1&message=" + base64Message(t, ""), "gzip": "encoding=proto&base64=1&compression=gzip&message=" + base64Message(t, "gzip"),
	} {
		got := get(parameters)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/proto" || got.header.Get("ETag") != tag {
			t.Errorf("%s: HTTP %d %v %q", name, got.status, got.header, got.body)
		}
	}
	if got := g.rest(http.MethodHead, queryProcedure+"?"+json, ""); got.status != http.StatusOK || got.header.Get("ETag") != tag || got.body != "" {
		t.Errorf("HEAD: HTTP %d %v", got.status, got.header)
	}
	g.add("a")
	if got := get(json, "If-None-Match", tag); got.status != http.StatusOK || got.header.Get("ETag") == tag {
		t.Errorf("after a change: HTTP %d", got.status)
	}
	for parameters, want := range map[string]int{
		"encoding=json": 400, "encoding=xml&message={}": 415, "message={}": 415, "connect=v2&" + json: 400, "encoding=json&base64=1&message=***": 400,
		"encoding=proto&base64=1&compression=gzip&message=AAAAAA": 500, "encoding=proto&compression=br&message=A": 501, "encoding=json&message=": 400,
	} {
		if got := get(parameters); got.status != want {
			t.Errorf("%s: HTTP %d %s", parameters, got.status, got.body)
		}
	}
	if got := g.rest(http.MethodGet, gatewayv1.FunctionService_Mutate_FullMethodName+"?"+json, ""); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("GET of a mutation: HTTP %d %v", got.status, got.header)
	}
}

// Requests that are neither Connect's nor gRPC-Web's, or break their rules.
func TestBadRequestsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	unary, stream := `{"path":"users:me"}`, enveloped(0, `{"path":"users:me"}`)
	tests := map[string]struct {
		path, kind, body string
		header           []string
		status           int
		text             string
	}{
		"content type":              {queryProcedure, "image/png", unary, nil, 415, "application/grpc-web+proto"},
		"charset":                   {queryProcedure, "application/json; charset=latin1", unary, nil, 415, "application/json"},
		"unary type of a stream":    {subscribeProcedure, "application/json", unary, nil, 415, "application/connect+json"},
		"stream type of a unary":    {queryProcedure, "application/connect+json", stream, nil, 415, "application/proto"},
		"text form of gRPC-Web":     {queryProcedure, "application/grpc-web-text", "AAAA", nil, 415, "application/grpc-web+proto"},
		"native gRPC":               {queryProcedure, "application/grpc", stream, nil, 415, g.GRPCAddr()},
		"native gRPC, other path":   {"/grpc.health.v1.Health/Check", "application/grpc+proto", stream, nil, 415, g.GRPCAddr()},
		"unknown service":           {"/no.Such/Method", "application/proto", "", nil, 404, "no such route"},
		"a route of REST":           {"/v1/query", "application/proto", "", nil, 415, "bodies are application/json"},
		"unknown method":            {"/convexgateway.v1.FunctionService/None", "application/json", "{}", nil, 501, `"unimplemented"`},
		"Watch":                     {gatewayv1.FunctionService_Watch_FullMethodName, "application/connect+json", stream, nil, 200, `"unimplemented"`},
		"compression":               {queryProcedure, "application/json", unary, []string{"Content-Encoding", "br"}, 501, "there is no compression"},
		"compression of a stream":   {subscribeProcedure, "application/connect+json", stream, []string{"Connect-Content-Encoding", "br"}, 200, "there is no compression"},
		"not compressed":            {queryProcedure, "application/json", unary, []string{"Content-Encoding", "gzip"}, 400, "REQUEST_TOO_LARGE"},
		"timeout":                   {queryProcedure, "application/json", unary, []string{"Connect-Timeout-Ms", "1s"}, 400, "invalid Connect-Timeout-Ms"},
		"timeout of gRPC-Web":       {queryProcedure, "application/grpc-web+json", stream, []string{"Grpc-Timeout", "soon"}, 200, ""},
		"version":                   {queryProcedure, "application/json", unary, []string{"Connect-Protocol-Version", "2"}, 400, "must be 1"},
		"no JSON":                   {queryProcedure, "application/json", "{", nil, 400, "INVALID_REQUEST"},
		"empty JSON":                {queryProcedure, "application/json", "", nil, 400, "INVALID_REQUEST"},
		"no protobuf":               {queryProcedure, "application/proto", "\xff", nil, 400, "INVALID_REQUEST"},
		"no envelope":               {subscribeProcedure, "application/connect+json", "", nil, 200, `"unimplemented"`},
		"half an envelope":          {subscribeProcedure, "application/connect+json", stream[:3], nil, 200, `"internal"`},
		"short message":             {subscribeProcedure, "application/connect+json", stream[:12], nil, 200, `"internal"`},
		"two messages":              {subscribeProcedure, "application/connect+json", stream + stream, nil, 200, `"unimplemented"`},
		"compressed without coding": {subscribeProcedure, "application/connect+json", enveloped(1, "x"), nil, 200, `"internal"`},
		"credential lost":           {queryProcedure, "application/json", unary, []string{"Grpc-Metadata-Authorization", "Bearer x"}, 401, "AMBIGUOUS_CREDENTIALS"},
		"token in the URL":          {queryProcedure + "?access_token=x", "application/json", unary, nil, 401, "unauthenticated"},
		"large header":              {queryProcedure, "application/json", unary, []string{"X-Large", strings.Repeat("x", maxHeaderBytes)}, 400, "REQUEST_TOO_LARGE"},
	}
	for name, test := range tests {
		got := g.procedure(test.path, test.kind, test.body, test.header...)
		if got.status != test.status || !strings.Contains(got.body, test.text) {
			t.Errorf("%s: HTTP %d %v %s", name, got.status, got.header, got.body)
		}
	}
	if got := g.procedure(queryProcedure, "application/grpc-web+json", stream, "Grpc-Timeout", "soon"); got.header.Get("Grpc-Status") != "3" || got.header.Get("Error-Reason") != "INVALID_REQUEST" {
		t.Errorf("an early error over gRPC-Web: %v", got.header)
	}
	if got := g.rest(http.MethodDelete, queryProcedure, ""); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("DELETE: HTTP %d %v", got.status, got.header)
	}
	// what protobuf ignores, JSON ignores as well
	if got := g.procedure(queryProcedure, "application/json; charset=UTF-8", `{"path":"values:echo","args":{"value":1},"newer":{}}`); got.status != http.StatusOK || got.body != `{"value":1}` {
		t.Errorf("an unknown field: HTTP %d %s", got.status, got.body)
	}
}

// Deadlines of the protocols' own headers count.
func TestDeadlinesOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	onWires(t, func(t *testing.T, wire string) {
		header := []string{"Connect-Timeout-Ms", "200"}
		kind, body := "application/json", `{"path":"test:block"}`
		if isGRPCWeb(wire) {
			header, kind, body = []string{"Grpc-Timeout", "200m"}, "application/grpc-web+json", enveloped(0, body)
		}
		got := g.procedure(queryProcedure, kind, body, header...)
		if !isGRPCWeb(wire) && (got.status != http.StatusGatewayTimeout || !strings.Contains(got.body, "DEADLINE_EXCEEDED")) ||
			isGRPCWeb(wire) && (got.header.Get("Grpc-Status") != "4" || got.header.Get("Error-Reason") != "DEADLINE_EXCEEDED") {
			t.Errorf("HTTP %d %v %s", got.status, got.header, got.body)
		}
	})
}

// What a call leaves behind is the same as of gRPC: log, metrics, request id; a mutation with a key is committed once.
func TestCallsOverConnectAreCounted(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.ClusterKeys, c.AdminAddr = Keys{newClusterKey()}, "127.0.0.1:0" })
	onWires(t, func(t *testing.T, wire string) {
		over := g.over(t, wire)
		id := fmt.Sprintf("%-32s", wire)
		id = strings.NewReplacer(" ", "_", ",", "_").Replace(id)
		ctx := metadata.AppendToOutgoingContext(g.context(), "x-request-id", id, "idempotency-key", id)
		for range 2 {
			if got := over.mustCall(ctx, convex.Mutation, "counter:add", fmt.Sprintf(`{"name":%q}`, wire)); got != "1" {
				t.Errorf("the counter is %s", got)
			}
		}
		protocol := "connect"
		if isGRPCWeb(wire) {
			protocol = "grpc-web"
		}
		lines := g.logs.find(t, map[string]any{"msg": "call", "request_id": id, "protocol": protocol, "rest": false, "code": "OK", "path": "counter:add"})
		if len(lines) != 2 {
			t.Errorf("logged %v", lines)
		}
	})
	want := fmt.Sprintf("convexgateway_rpcs_total{code=\"OK\",method=%q} %d", gatewayv1.FunctionService_Mutate_FullMethodName, 2*len(wires))
	if got := g.fromAdmin("/metrics"); !strings.Contains(got.body, want) {
		t.Errorf("the metrics have no %s", want)
	}
}

// Large results arrive whole, and compressed where the caller accepts that.
func TestLargeResultOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	text := strings.Repeat("x", 2<<20)
	onWires(t, func(t *testing.T, wire string) {
		got := g.over(t, wire).mustCall(g.context(), convex.Query, "values:echo", `{"value":"`+text+`"}`)
		if got != `"`+text+`"` {
			t.Errorf("%d bytes", len(got))
		}
	})
	body := `{"path":"values:echo","args":{"value":"` + text[:10_000] + `"}}`
	for kind, body := range map[string]string{"application/json": body, "application/grpc-web+json": enveloped(0, body)} {
		got := g.procedure(queryProcedure, kind, body, "Accept-Encoding", "gzip", "Grpc-Accept-Encoding", "gzip")
		if compressed := got.header.Get("Content-Encoding") == "gzip"; compressed != (kind == "application/json") || compressed != (len(got.body) < 1000) {
			t.Errorf("%s: %d bytes, %v", kind, len(got.body), got.header)
		}
	}
}

// Pages of allowed origins may call, and read errors; others get Connect's own form of the refusal.
func TestConnectFromPages(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage)
	headers := "authorization,connect-protocol-version,connect-timeout-ms,content-type,grpc-timeout,x-grpc-web,x-user-agent"
	preflight := func(origin, method string) answer {
		return g.rest(http.MethodOptions, queryProcedure, "", "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers)
	}
	if got := preflight(page, http.MethodPost); got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Headers") != headers {
		t.Errorf("HTTP %d %v", got.status, got.header)
	}
	for origin, method := range map[string]string{foreign: http.MethodPost, page: http.MethodDelete} {
		got := preflight(origin, method)
		if got.status != http.StatusForbidden || !strings.Contains(got.body, `"code":"permission_denied"`) || !strings.Contains(got.body, "CROSS_SITE") || got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s from %s: HTTP %d %v %s", method, origin, got.status, got.header, got.body)
		}
	}
	unary, stream := `{"path":"users:me"}`, enveloped(0, `{"path":"users:me"}`)
	for kind, body := range map[string]string{"application/json": unary, "application/grpc-web+json": stream, "application/proto": ""} {
		got := g.procedure(queryProcedure, kind, body, "Origin", page)
		checkCORS(t, got.header, page, true)
		got = g.procedure(queryProcedure, kind, body, "Origin", foreign, "Sec-Fetch-Site", "cross-site")
		checkCORS(t, got.header, foreign, false)
		if got.header.Get("Error-Reason")+got.header.Get("Trailer-Error-Reason") != "CROSS_SITE" {
			t.Errorf("%s: HTTP %d %v", kind, got.status, got.header)
		}
	}
	got := g.procedure(subscribeProcedure, "application/connect+json", stream, "Origin", foreign, "Sec-Fetch-Site", "cross-site")
	if got.status != http.StatusOK || !strings.Contains(got.body, `"permission_denied"`) || got.header.Get("Content-Type") != "application/connect+json" {
		t.Errorf("a stream: HTTP %d %s", got.status, got.body)
	}
}

// One port for all: native gRPC, REST, Connect and gRPC-Web, over HTTP/1.1 and HTTP/2.
func TestConnectOnOnePort(t *testing.T) {
	t.Parallel()
	g := start(t, ports(t)["shared port"])
	g.add("a")
	http2 := *g
	http2.client = http2Client(t)
	for name, g := range map[string]*gateway{"HTTP/1.1": g, "HTTP/2": &http2} {
		onWires(t, func(t *testing.T, wire string) {
			if got := g.over(t, wire).mustCall(g.context(), convex.Query, "counter:get", `{"name":"a"}`); got != "1" {
				t.Errorf("%s: %s", name, got)
			}
			wantValue(t, result(g.over(t, wire).subscribe(g.context(), counterQuery("a"))), "1")
		})
	}
	if got := g.procedure(queryProcedure, "application/grpc", ""); got.status != http.StatusUnsupportedMediaType || !strings.Contains(got.body, "over HTTP/2") {
		t.Errorf("gRPC over HTTP/1.1: HTTP %d %s", got.status, got.body)
	}
}

// A stream that has no event of its own for long gets heartbeats, unless its caller chooses.
func TestHeartbeatsOverConnect(t *testing.T) {
	t.Parallel()
	g := start(t)
	began := time.Now()
	ctx, cancel := context.WithTimeout(g.context(), time.Minute)
	defer cancel()
	streams := map[string]*subscription{}
	for _, wire := range []string{"Connect, JSON", "gRPC-Web, protobuf"} {
		streams[wire] = g.over(t, wire).subscribe(ctx, counterQuery("quiet"))
		result(streams[wire])
	}
	for wire, stream := range streams {
		if got := stream.next(); got.GetConnection().GetState() != gatewayv1.Connection_STATE_CONNECTED || time.Since(began) < 14*time.Second {
			t.Errorf("%s: %v after %v", wire, got, time.Since(began))
		}
	}
}

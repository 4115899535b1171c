package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	spb "google.golang.org/genproto/googleapis/rpc/status"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	convexapp "convexgateway/examples/convex-app"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

func withSample(c *Config) { c.APIFiles = convexapp.API() }

func strictly(c *Config) { c.StrictAPI = true }

// startRedacting runs a gateway before a deployment that hides errors, as those in production do.
func startRedacting(t *testing.T, change ...func(*Config)) *gateway {
	t.Helper()
	return startBefore(t, startDeployment(t, deployment.Config{Redact: true}), change...)
}

// refusal is what a call must be refused with before it reaches the deployment.
type refusal struct {
	code   codes.Code
	reason string
	http   int
	field  string // of google.rpc.BadRequest; empty: there is none
}

func (want refusal) check(t *testing.T, st *status.Status) {
	t.Helper()
	if st.Code() != want.code {
		t.Errorf("code %v, want %v: %s", st.Code(), want.code, st.Message())
	}
	field := ""
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetReason() != want.reason {
				t.Errorf("reason %s, want %s", detail.GetReason(), want.reason)
			}
		case *errdetails.BadRequest:
			violation := detail.GetFieldViolations()[0]
			if field = violation.GetField(); violation.GetDescription() == "" {
				t.Error("a violation without a description")
			}
		case *gatewayv1.FunctionError:
			if want.reason == "ARGUMENT_VALIDATION" || detail.GetReason() != want.reason {
				t.Errorf("%v", detail)
			}
		default:
			t.Errorf("detail %T", detail)
		}
	}
	if field != want.field || !strings.Contains(st.Message(), want.field) {
		t.Errorf("field %q, message %q, want %q", field, st.Message(), want.field)
	}
}

// Calls that cannot succeed are refused at the gateway, with the field named, for each way of calling; also where the deployment hides why.
func TestContract_refuses(t *testing.T) {
	t.Parallel()
	g := startRedacting(t, withSample)
	badArgs := func(field string) refusal { return refusal{codes.InvalidArgument, "ARGUMENT_VALIDATION", 400, field} }
	wrongKind := refusal{codes.InvalidArgument, "WRONG_FUNCTION_KIND", 400, ""}
	tests := []struct {
		kind       convex.Kind
		path, args string
		want       refusal
	}{
		{convex.Mutation, "messages:send", `{}`, badArgs("body")},
		{convex.Mutation, "messages.js:send", `{"body":1}`, badArgs("body")},
		{convex.Mutation, "messages:send", `{"body":"a","bodyy":"b"}`, badArgs("bodyy")},
		{convex.Query, "messages:list", `{"limit":{"$integer":"AQAAAAAAAAA="}}`, badArgs("limit")},
		{convex.Query, "messages:page", `{"paginationOpts":{"numItems":"1","cursor":null}}`, badArgs("paginationOpts.numItems")},
		{convex.Query, "messages:page", `{"paginationOpts":{"numItems":1}}`, badArgs("paginationOpts.cursor")},
		{convex.Action, "actions:sleep", `{"ms":null}`, badArgs("ms")},
		{convex.Query, "users:me", `{"x":1}`, badArgs("x")},
		{convex.Mutation, "users:me", `{}`, wrongKind},
		{convex.Action, "messages:send", `{"body":"x"}`, wrongKind},
		{convex.Query, "actions:sleep", `{"ms":1}`, wrongKind},
	}
	for _, test := range tests {
		t.Run(test.path+test.args, func(t *testing.T) {
			_, err := g.call(g.context(), test.kind, test.path, test.args)
			test.want.check(t, status.Convert(err))
			for _, body := range []struct{ route, text string }{
				{restRoute(test.kind), fmt.Sprintf(`{"path":%q,"args":%s}`, test.path, test.args)},
			} {
				got := g.rest("POST", body.route, body.text)
				if got.status != test.want.http {
					t.Errorf("HTTP %d %s", got.status, got.body)
				}
				test.want.check(t, status.FromProto(fromJSON(t, got.body, &spb.Status{})))
			}
		})
	}
}

// Streams are refused as calls are: a Subscribe before its first event, a target of a Watch by itself.
func TestContract_refusesStreams(t *testing.T) {
	t.Parallel()
	g := startRedacting(t, withSample)
	want := refusal{codes.InvalidArgument, "ARGUMENT_VALIDATION", 400, "limit"}
	sub := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "messages:list", ArgsJson: []byte(`{"limit":"x"}`)})
	_, err := sub.Recv()
	want.check(t, status.Convert(err))

	wrongKind := refusal{codes.InvalidArgument, "WRONG_FUNCTION_KIND", 400, ""}
	sub = g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "messages:send", ArgsJson: []byte(`{"body":"x"}`)})
	_, err = sub.Recv()
	wrongKind.check(t, status.Convert(err))

	screen := g.watchSet(g.context(),
		&gatewayv1.WatchQuery{Target: 1, Path: "messages:list", ArgsJson: []byte(`{"limit":"x"}`)},
		&gatewayv1.WatchQuery{Target: 2, Path: "counter:get", ArgsJson: []byte(`{"name":"n"}`)},
		&gatewayv1.WatchQuery{Target: 3, Path: "counter:add", ArgsJson: []byte(`{"name":"n"}`)},
	)
	for screen.shown[1].GetRemoved() == nil || screen.shown[2].GetValueJson() == nil || screen.shown[3].GetRemoved() == nil {
		if _, err := screen.receive(); err != nil {
			t.Fatal(err)
		}
	}
	if r := screen.shown[1].GetRemoved(); r.GetReason() != "ARGUMENT_VALIDATION" || !strings.HasPrefix(r.GetMessage(), "limit: ") {
		t.Errorf("target 1 is %v", r)
	}
	if r := screen.shown[3].GetRemoved(); r.GetReason() != "WRONG_FUNCTION_KIND" {
		t.Errorf("target 3 is %v", r)
	}
}

// What the files do not have is passed on, or, strictly, does not exist: internal functions never do.
func TestContract_strict(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	if got := g.mustCall(g.context(), convex.Query, "test:logs", `{}`); got != `"logged"` {
		t.Errorf("an unknown function returns %s", got)
	}
	strict := start(t, withSample, strictly)
	want := refusal{codes.NotFound, "FUNCTION_NOT_FOUND", 404, ""}
	for _, path := range []string{"test:logs", "no:such", "internal:secret"} {
		_, err := strict.call(strict.context(), convex.Query, path, `{}`)
		want.check(t, status.Convert(err))
		sub := strict.subscribe(strict.context(), &gatewayv1.SubscribeRequest{Path: path})
		_, err = sub.Recv()
		want.check(t, status.Convert(err))
	}
	if got := strict.mustCall(strict.context(), convex.Query, "counter:get", `{"name":"n"}`); got != "0" {
		t.Errorf("a known function returns %s", got)
	}
	_, err := New(Config{GRPCAddr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", StrictAPI: true}, Upstream{ConvexURL: "http://127.0.0.1:1"})
	if e, ok := errors.AsType[*ConfigError](err); !ok || e.Field != "StrictAPI" || e.Other != "API" {
		t.Errorf("strict without files: %v", err)
	}
	_, err = New(Config{GRPCAddr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", API: t.TempDir()}, Upstream{ConvexURL: "http://127.0.0.1:1"})
	if e, ok := errors.AsType[*ConfigError](err); !ok || e.Field != "API" {
		t.Errorf("a folder without a spec: %v", err)
	}
}

// specOf is a spec with one query test:named, whose argument name has a type.
func specOf(kind string) string {
	return `{"functions":[{"identifier":"test.js:named","functionType":"Query","visibility":{"kind":"public"},"returns":null,
		"args":{"type":"object","value":{"name":{"fieldType":{"type":"` + kind + `"},"optional":false}}}}]}`
}

// The files are read again on demand, and an open stream goes on. Files that cannot be read leave the old ones in use.
func TestContract_reload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "spec.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(specOf("string"))
	named := v.Object(v.Field("name", v.Any()))
	d := startDeployment(t, deployment.Config{Functions: append(deployment.SampleApp(), deployment.Query("test:named", named,
		func(_ *deployment.QueryCtx, args deployment.Args) (any, error) { return args["name"], nil }))})
	g := startBefore(t, d, func(c *Config) { c.API = dir })
	accepts := func(args string) bool {
		t.Helper()
		_, err := g.call(g.context(), convex.Query, "test:named", args)
		if err != nil && reasonOf(err) != "ARGUMENT_VALIDATION" {
			t.Fatal(err)
		}
		return err == nil
	}
	sub := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "counter:get", ArgsJson: []byte(`{"name":"reload"}`)})
	result(sub)
	if !accepts(`{"name":"a"}`) || accepts(`{"name":1}`) {
		t.Fatal("the first files are not in use")
	}
	write(specOf("number"))
	g.Reload()
	if accepts(`{"name":"a"}`) || !accepts(`{"name":1}`) {
		t.Error("the new files are not in use")
	}
	write(`{"functions":`)
	g.Reload()
	if accepts(`{"name":"a"}`) || !accepts(`{"name":1}`) {
		t.Error("the files before the bad one are not in use")
	}
	if !strings.Contains(g.logs.String(), "cannot be read again") {
		t.Error("the log has no error")
	}
	g.add("reload")
	if got := result(sub).GetValue().GetNumberValue(); got != 1 {
		t.Errorf("the open stream has %v", got)
	}
}

// A spec that has parts this gateway cannot read is served all the same, and warned of.
func TestContract_warns(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) {
		c.APIFiles = fstest.MapFS{"spec.json": {Data: []byte(strings.ReplaceAll(specOf("newest"), "test.js:named", "counter.js:get"))}}
	})
	if got := g.mustCall(g.context(), convex.Query, "counter:get", `{"name":"n"}`); got != "0" {
		t.Errorf("the function returns %s", got)
	}
	if logs := g.logs.String(); !strings.Contains(logs, "counter.js:get, args.name") || !strings.Contains(logs, "newest") {
		t.Errorf("logs %s", logs)
	}
}

// A function's own route gives the answers of the generic one: values, logs, errors, ETags, and for a query its stream.
func TestFunctionRoute(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, fromPage, func(c *Config) { c.ClusterKeys = Keys{NewKey()} })
	token := g.token(deployment.TokenRequest{User: "ada"})
	sent := g.rest("POST", "/v1/functions/messages/send", `{"body":"hello","channel":"own"}`, "Authorization", "Bearer "+token)
	var id struct{ Value string }
	if err := json.Unmarshal([]byte(sent.body), &id); err != nil || sent.status != 200 || id.Value == "" {
		t.Fatalf("HTTP %d %s", sent.status, sent.body)
	}
	own := g.rest("POST", "/v1/functions/messages/list", `{"channel":"own"}`)
	generic := g.rest("POST", "/v1/query", `{"path":"messages:list","args":{"channel":"own"}}`)
	if own.body != generic.body || own.status != 200 || !strings.Contains(own.body, `"author":"ada"`) {
		t.Errorf("HTTP %d %s, want %s", own.status, own.body, generic.body)
	}
	byGET := g.rest("GET", "/v1/functions/messages/list?args="+urlArgs(`{"channel":"own"}`), "", "Origin", page)
	tag := byGET.header.Get("ETag")
	if byGET.body != generic.body || tag == "" || !slices.Contains(byGET.header.Values("Vary"), "Accept") {
		t.Errorf("GET: HTTP %d %v %s", byGET.status, byGET.header, byGET.body)
	}
	checkCORS(t, byGET.header, page, true)
	again := g.rest("GET", "/v1/functions/messages/list?args="+urlArgs(`{"channel":"own"}`), "", "If-None-Match", tag)
	if again.status != 304 || again.body != "" {
		t.Errorf("with its ETag: HTTP %d %s", again.status, again.body)
	}
	if head := g.rest("HEAD", "/v1/functions/users/me", "", "Accept", "text/event-stream"); head.status != 200 {
		t.Errorf("HEAD: HTTP %d", head.status)
	}
	for _, empty := range []string{"", " ", "{}"} {
		if got := g.rest("POST", "/v1/functions/users/me", empty); got.body != `{"value":null}` {
			t.Errorf("body %q: HTTP %d %s", empty, got.status, got.body)
		}
	}
	for range 2 { // a mutation with an idempotency key runs once
		got := g.rest("POST", "/v1/functions/counter/add", `{"name":"once"}`, "Idempotency-Key", "0f8fad5b-d9cb-469f-a165-70867728950e")
		if got.status != 200 || !strings.Contains(got.body, `"value":1`) || !strings.Contains(got.body, `"commitTime"`) {
			t.Errorf("HTTP %d %s", got.status, got.body)
		}
	}
	if got := g.rest("POST", "/v1/functions/actions/sleep", `{"ms":1}`); got.body != `{"value":1}` {
		t.Errorf("action: HTTP %d %s", got.status, got.body)
	}
	if got := g.rest("POST", "/v1/functions/messages/clear", `{"channel":"own"}`); got.body != `{"value":{"$integer":"AQAAAAAAAAA="}}` {
		t.Errorf("Int64: HTTP %d %s", got.status, got.body)
	}
}

func urlArgs(args string) string {
	return strings.NewReplacer(`"`, "%22", `{`, "%7B", `}`, "%7D").Replace(args)
}

// With the Accept of server-sent events a query is followed, by GET and by POST, and resumes from its last event.
func TestFunctionRoute_streams(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	for i, open := range []func() *sseStream{
		func() *sseStream { return g.sse("GET", "/v1/functions/counter/get?args="+urlArgs(`{"name":"s"}`), "") },
		func() *sseStream { return g.sse("POST", "/v1/functions/counter/get", `{"name":"s"}`) },
	} {
		s := open()
		first := s.result()
		if want := fmt.Sprintf(`"value":%d`, i); first.name != "value" || !strings.Contains(first.data, want) || first.id == "" {
			t.Errorf("event %+v, want %s", first, want)
		}
		g.add("s")
		second := s.result()
		if want := fmt.Sprintf(`"value":%d`, i+1); !strings.Contains(second.data, want) {
			t.Errorf("event %+v, want %s", second, want)
		}
		resumed := g.sse("GET", "/v1/functions/counter/get?heartbeat=5s&args="+urlArgs(`{"name":"s"}`), "", "Last-Event-ID", second.id)
		if e := resumed.result(); e.name != "unchanged" {
			t.Errorf("event %+v after a reconnect", e)
		}
	}
	refused := g.rest("POST", "/v1/functions/counter/get", `{"name":1}`, "Accept", "text/event-stream")
	refusal{codes.InvalidArgument, "ARGUMENT_VALIDATION", 400, "name"}.check(t, status.FromProto(fromJSON(t, refused.body, &spb.Status{})))
	if refused.status != 400 {
		t.Errorf("HTTP %d", refused.status)
	}
	if got := g.rest("POST", "/v1/functions/counter/add", `{"name":"t"}`, "Accept", "text/event-stream"); got.body != `{"value":1}` {
		t.Errorf("a mutation with that Accept: HTTP %d %s", got.status, got.body)
	}
}

// A page follows a query by its own route with a ticket, as by the generic one.
func TestFunctionRoute_ticket(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, fromPage)
	issued := g.issue(g.token(deployment.TokenRequest{User: "ada"}), `{"subscribe":{"path":"users:me"}}`, "Origin", page)
	s := g.sse("GET", "/v1/functions/users/me?ticket="+issued.Ticket, "", "Origin", page)
	if e := s.result(); !strings.Contains(e.data, "user_ada") {
		t.Errorf("event %+v", e)
	}
}

// What a function's own route refuses.
func TestFunctionRoute_refuses(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	for name, c := range map[string]struct {
		method, route, body string
		status              int
		reason              string
	}{
		"no such function":       {"POST", "/v1/functions/messages/nope", "{}", 404, "FUNCTION_NOT_FOUND"},
		"an internal one":        {"POST", "/v1/functions/internal/secret", "{}", 404, "FUNCTION_NOT_FOUND"},
		"not in the files":       {"POST", "/v1/functions/test/logs", "{}", 404, "FUNCTION_NOT_FOUND"},
		"no function":            {"POST", "/v1/functions/messages", "{}", 404, "FUNCTION_NOT_FOUND"},
		"no path":                {"POST", "/v1/functions/a-b/c", "{}", 400, "INVALID_PATH"},
		"nothing":                {"POST", "/v1/functions/", "{}", 404, "FUNCTION_NOT_FOUND"},
		"a mutation by GET":      {"GET", "/v1/functions/messages/send?args=%7B%7D", "", 501, "METHOD_NOT_ALLOWED"},
		"a query by PUT":         {"PUT", "/v1/functions/users/me", "{}", 501, "METHOD_NOT_ALLOWED"},
		"bad arguments":          {"POST", "/v1/functions/messages/send", `{"body":7}`, 400, "ARGUMENT_VALIDATION"},
		"bad arguments by GET":   {"GET", "/v1/functions/counter/get?args=%7B%7D", "", 400, "ARGUMENT_VALIDATION"},
		"no arguments by GET":    {"GET", "/v1/functions/counter/get", "", 400, "ARGUMENT_VALIDATION"},
		"another path":           {"GET", "/v1/functions/users/me?path=counter:get", "", 400, "INVALID_REQUEST"},
		"another form":           {"GET", "/v1/functions/users/me?valueFormat=VALUE_FORMAT_JSON", "", 400, "INVALID_REQUEST"},
		"an unknown parameter":   {"GET", "/v1/functions/users/me?x=1", "", 400, "INVALID_REQUEST"},
		"a parameter of POST":    {"POST", "/v1/functions/users/me?args=%7B%7D", "{}", 400, "INVALID_REQUEST"},
		"no JSON":                {"POST", "/v1/functions/users/me", "{", 400, "INVALID_REQUEST"},
		"two values":             {"POST", "/v1/functions/users/me", `{}{}`, 400, "INVALID_VALUE"},
		"another field":          {"POST", "/v1/functions/messages/send", `{"body":"a"},"path":"users:me"`, 400, "INVALID_VALUE"},
		"an array":               {"POST", "/v1/functions/users/me", "[{}]", 400, "INVALID_VALUE"},
		"no value":               {"POST", "/v1/functions/values/echo", `{"value":{"$date":1}}`, 400, "INVALID_VALUE"},
		"another form of module": {"POST", "/v1/functions/users.js/me", "{}", 404, "FUNCTION_NOT_FOUND"},
		"an encoded letter":      {"POST", "/v1/functions/%75sers/me", "{}", 400, "INVALID_PATH"},
		"an encoded slash":       {"POST", "/v1/functions/users%2Fme", "{}", 404, "FUNCTION_NOT_FOUND"},
		"a doubled slash":        {"POST", "/v1/functions/users//me", "{}", 400, "INVALID_PATH"},
		"a slash behind":         {"POST", "/v1/functions/users/me/", "{}", 400, "INVALID_PATH"},
		"dots":                   {"POST", "/v1/functions/x/../users/me", "{}", 400, "INVALID_PATH"},
		"other case":             {"POST", "/V1/functions/users/me", "{}", 404, "ROUTE_NOT_FOUND"},
		"another method of spec": {"POST", "/v1/functions", "{}", 501, "METHOD_NOT_ALLOWED"},
	} {
		got := g.rest(c.method, c.route, c.body)
		status := c.status
		if status == 501 {
			status = 405
		}
		if got.status != status || !strings.Contains(got.body, `"`+c.reason+`"`) {
			t.Errorf("%s: HTTP %d %s, want %d %s", name, got.status, got.body, status, c.reason)
		}
		if allow := got.header.Get("Allow"); (allow != "") != (status == 405) {
			t.Errorf("%s: Allow %q", name, allow)
		}
	}
	without := start(t)
	for _, route := range []string{"/v1/functions/users/me", "/v1/functions"} {
		if got := without.rest("GET", route, ""); got.status != 404 || !strings.Contains(got.body, "ROUTE_NOT_FOUND") {
			t.Errorf("%s without --api: HTTP %d %s", route, got.status, got.body)
		}
	}
}

// A caller without a token is refused by a function's own route, too, where tokens are required.
func TestFunctionRoute_requiresAuth(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, func(c *Config) { c.RequireAuth = true })
	for _, accept := range []string{"*/*", "text/event-stream"} {
		if got := g.rest("GET", "/v1/functions/users/me", "", "Accept", accept); got.status != 401 {
			t.Errorf("Accept %s: HTTP %d %s", accept, got.status, got.body)
		}
	}
	if got := g.rest("POST", "/v1/functions/messages/send", `{"body":7}`); got.status != 401 {
		t.Errorf("bad arguments without a token: HTTP %d %s", got.status, got.body)
	}
}

// The contract is served to app developers, with an ETag, unless nothing is to be described.
func TestContract_described(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	checkedIn, err := os.ReadFile("../examples/convex-app/api/spec.json")
	if err != nil {
		t.Fatal(err)
	}
	got := g.rest("GET", "/v1/functions", "")
	if got.status != 200 || got.body != string(checkedIn) || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	if again := g.rest("GET", "/v1/functions", "", "If-None-Match", got.header.Get("ETag")); again.status != 304 {
		t.Errorf("with its ETag: HTTP %d", again.status)
	}
	document := g.rest("GET", "/openapi.json", "")
	for _, route := range []string{"/v1/functions/messages/list", "/v1/functions/counter/add", "/v1/query", "/v1/functions"} {
		if !strings.Contains(document.body, `"`+route+`": {`) {
			t.Errorf("the document has no %s", route)
		}
	}
	hidden := start(t, withSample, func(c *Config) { c.NoReflection = true })
	if got := hidden.rest("GET", "/v1/functions", ""); got.status != 404 {
		t.Errorf("without reflection: HTTP %d", got.status)
	}
	if got := hidden.rest("GET", "/openapi.json", ""); strings.Contains(got.body, "/v1/functions/messages") {
		t.Error("without reflection the document has the functions")
	}
	if got := hidden.rest("POST", "/v1/functions/users/me", ""); got.status != 200 {
		t.Errorf("without reflection: HTTP %d %s", got.status, got.body)
	}
}

package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"convexgateway/convex/spec"
)

// Queries, mutations and actions are called by their own methods, with arguments and results in their own types.
func TestTyped_calls(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, func(c *Config) { c.ClusterKeys = Keys{newClusterKey()} })
	c := g.typed()
	c.mustCall(g.context(), "messages.Messages.Send", `{"body":"first","author":"Ada"}`)
	keyed := metadata.AppendToOutgoingContext(g.context(), "idempotency-key", "0123456789012345678901")
	sent := c.mustCall(keyed, "messages.Messages.Send", `{"body":"second"}`)
	if again := c.mustCall(keyed, "messages.Messages.Send", `{"body":"second"}`); again != sent || !strings.Contains(sent, `"commitTime"`) {
		t.Errorf("%s, and with the same id %s", sent, again)
	}
	list := c.mustCall(g.context(), "messages.Messages.List", `{"limit":5}`)
	if strings.Count(list, `"body"`) != 2 || !strings.Contains(list, `"author":"Ada"`) {
		t.Errorf("%s", list)
	}
	if got := c.mustCall(g.context(), "messages.Messages.Clear", `{}`); !strings.Contains(got, `"value":"2"`) {
		t.Errorf("an int64 is %s", got)
	}
	if got := c.mustCall(g.context(), "actions.Actions.Sleep", `{"ms":1}`); !strings.HasPrefix(got, `{"value":`) {
		t.Errorf("an action: %s", got)
	}
	if got := c.mustCall(g.context(), "values.Values.Echo", `{"value":{"a":[null,1]}}`); got != `{"value":{"a":[null,1]}}` {
		t.Errorf("any value: %s", got)
	}
	later := metadata.AppendToOutgoingContext(g.context(), "min-read-time", "2026-01-02T03:04:05Z", "x-anonymous", "false")
	c.mustCall(later, "messages.Messages.List", `{}`)
	page := c.mustCall(g.context(), "messages.Messages.Page", `{"paginationOpts":{"numItems":3}}`)
	if !strings.Contains(page, `"isDone":true`) || !strings.Contains(page, `"continueCursor"`) {
		t.Errorf("a page: %s", page)
	}
}

// What is refused has code, reason and field as for the generic calls.
func TestTyped_refuses(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	with := func(pairs ...string) context.Context { return metadata.AppendToOutgoingContext(g.context(), pairs...) }
	for _, tt := range []struct {
		ctx            context.Context
		method, args   string
		code           codes.Code
		reason, inText string
	}{
		{g.context(), "messages.Messages.List", `{"limit":-1}`, codes.InvalidArgument, "CONVEX_ERROR", "limit must be"},
		{g.context(), "messages.Messages.Page", `{}`, codes.InvalidArgument, "ARGUMENT_VALIDATION", "paginationOpts: is required"},
		{g.context(), "messages.Messages.Page", `{"paginationOpts":{"endCursor":{}}}`, codes.InvalidArgument, "ARGUMENT_VALIDATION", "paginationOpts.endCursor"},
		{g.context(), "errors.Errors.Crash", `{}`, codes.Unknown, "FUNCTION_FAILED", ""},
		{with("x-anonymous", "yes"), "messages.Messages.List", `{}`, codes.InvalidArgument, "INVALID_VALUE", "x-anonymous"},
		{with("x-anonymous", "true", "x-anonymous", "true"), "messages.Messages.List", `{}`, codes.InvalidArgument, "INVALID_VALUE", "x-anonymous"},
		{with("x-anonymous", "true"), "messages.Messages.Send", `{"body":"x"}`, codes.InvalidArgument, "INVALID_VALUE", "for queries only"},
		{with("x-anonymous", "true"), "actions.Actions.Sleep", `{"ms":1}`, codes.InvalidArgument, "INVALID_VALUE", "for queries only"},
		{with("min-read-time", "soon"), "messages.Messages.List", `{}`, codes.InvalidArgument, "INVALID_VALUE", "min-read-time"},
		{with("min-read-time", "1960-01-01T00:00:00Z"), "messages.Messages.List", `{}`, codes.InvalidArgument, "INVALID_VALUE", "min-read-time"},
		{with("idempotency-key", "0123456789012345678901"), "actions.Actions.Sleep", `{"ms":1}`, codes.InvalidArgument, "INVALID_VALUE", "idempotency-key"},
		{with("authorization", "Bearer x"), "messages.Messages.List", `{}`, codes.Unauthenticated, "MALFORMED", ""},
	} {
		_, err := g.typed().call(tt.ctx, tt.method, tt.args)
		if status.Code(err) != tt.code || reasonOf(err) != tt.reason || !strings.Contains(status.Convert(err).Message(), tt.inText) {
			t.Errorf("%s %s: %v", tt.method, tt.args, err)
		}
	}
	for request, inText := range map[string]string{
		`{"options":{"heartbeat":"1s"}}`: "heartbeat", `{"options":{"resumeToken":"?"}}`: "resume_token",
	} {
		stream := g.typed().subscribe(g.context(), "messages.Messages.SubscribeList", request)
		if err := stream.RecvMsg(&reflectionv1.ServerReflectionResponse{}); reasonOf(err) != "INVALID_VALUE" || !strings.Contains(err.Error(), inText) {
			t.Errorf("%s: %v", request, err)
		}
	}
}

// A gateway that requires authentication does so for typed calls, too.
func TestTyped_requiresAuth(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, func(c *Config) { c.RequireAuth = true })
	if _, err := g.typed().call(g.context(), "messages.Messages.List", `{}`); reasonOf(err) != "NO_CREDENTIALS" {
		t.Errorf("%v", err)
	}
	if err := g.typed().subscribe(g.context(), "messages.Messages.SubscribeList", `{}`).RecvMsg(nil); reasonOf(err) != "NO_CREDENTIALS" {
		t.Errorf("%v", err)
	}
}

// A query's twin streams its results, resumes, and counts as a stream.
func TestTyped_streams(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	c := g.typed()
	const request = `{"args":{"channel":"typed","limit":2}}`
	a, b := c.subscribe(g.context(), "messages.Messages.SubscribeList", request), c.subscribe(g.context(), "messages.Messages.SubscribeList", request)
	for _, stream := range []typedStream{a, b} {
		if got := field(stream.next(), "value"); got != `{}` {
			t.Errorf("the first result is %s", got)
		}
	}
	if got := g.scrape()[`convexgateway_open_streams{method=/convex.app.messages.Messages/SubscribeList}`]; got != 2 {
		t.Errorf("%v streams are open", got)
	}
	c.mustCall(g.context(), "messages.Messages.Send", `{"channel":"typed","body":"hello","author":"Ada"}`)
	event := a.next()
	if got := field(event, "value"); !strings.Contains(got, `"body":"hello"`) || field(b.next(), "value") != got {
		t.Errorf("after a change: %s", got)
	}
	if field(event, "read_time") == "" || field(event, "resume_token") == "" {
		t.Errorf("%v", event)
	}
	resumed := c.subscribe(g.context(), "messages.Messages.SubscribeList", fmt.Sprintf(
		`{"args":{"channel":"typed","limit":2},"options":{"resumeToken":%q,"heartbeat":"5s"}}`, field(event, "resume_token")))
	if next := resumed.next(); !next.Has(next.Descriptor().Fields().ByName("unchanged")) {
		t.Errorf("a resumed stream has %v", next)
	}
	c.wantStreamedError(t, g)
}

// A deployment whose results differ from the contract is found by RESULT_MISMATCH, which names where; streams stay, and other calls are well.
// Fields that the contract does not have are left out, and counted.
func TestTyped_drift(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeContract(t, dir, sampleSpec(t, func(f *spec.Function) {
		switch f.Path.String() {
		case "messages:list":
			f.Returns = spec.Array{Element: spec.Object{Fields: []spec.Field{{Name: "author", Type: spec.Number}}}}
		case "counter:get":
			f.Returns = spec.NewUnion(spec.String, spec.Null)
		case "messages:page":
			f.Returns = spec.Object{Fields: []spec.Field{{Name: "isDone", Type: spec.Boolean}}}
		}
	}))
	g := start(t, func(c *Config) { c.API, c.AdminAddr = dir, "127.0.0.1:0" })
	c := g.typed()
	list := c.subscribe(g.context(), "messages.Messages.SubscribeList", `{}`)
	if got := field(list.next(), "value"); got != `{}` {
		t.Errorf("%s", got)
	}
	c.mustCall(g.context(), "messages.Messages.Send", `{"body":"x"}`)
	if got := field(list.next(), "function_error"); !strings.Contains(got, `"reason":"RESULT_MISMATCH"`) || !strings.Contains(got, "[0].author: want a number, not a string") {
		t.Errorf("on a stream: %s", got)
	}
	c.mustCall(g.context(), "messages.Messages.Clear", `{}`)
	if got := field(list.next(), "value"); got != `{}` {
		t.Errorf("after it fits again: %s", got)
	}
	_, err := c.call(g.context(), "counter.Counter.Get", `{"name":"x"}`)
	if status.Code(err) != codes.Internal || reasonOf(err) != "RESULT_MISMATCH" || !strings.Contains(err.Error(), "the result: want a string, not a number") {
		t.Errorf("%v", err)
	}
	if got := c.mustCall(g.context(), "messages.Messages.Page", `{"paginationOpts":{"numItems":1}}`); got != `{"value":{"isDone":true}}` {
		t.Errorf("%s", got)
	}
	metrics := g.scrape()
	if unknown, mismatches := metrics["convexgateway_unknown_result_fields_total{}"], metrics["convexgateway_result_mismatches_total{}"]; unknown < 2 || mismatches != 2 {
		t.Errorf("%v unknown fields, %v mismatches", unknown, mismatches)
	}
}

// A changed contract is served without a restart: streams go on, new methods are there, those that are gone say so, and files that do not fit
// together leave the old ones in use.
func TestTyped_reload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	only := func(names ...string) *spec.Spec {
		s := sampleSpec(t, func(*spec.Function) {})
		s.Modules = slices.DeleteFunc(s.Modules, func(m spec.Module) bool { return !slices.Contains(names, m.Path) })
		return s
	}
	writeContract(t, dir, only("counter"))
	g := start(t, func(c *Config) { c.API = dir })
	old := g.typed()
	stream := old.subscribe(g.context(), "counter.Counter.SubscribeGet", `{"args":{"name":"c"}}`)
	stream.next()
	writeContract(t, dir, only("messages"))
	g.Reload()
	g.typed().mustCall(g.context(), "messages.Messages.Send", `{"body":"x"}`)
	g.typed().over(t, "Connect, JSON").mustCall(g.context(), "messages.Messages.List", `{}`)
	_, err := old.call(g.context(), "counter.Counter.Get", `{"name":"c"}`)
	if status.Code(err) != codes.NotFound || reasonOf(err) != "FUNCTION_NOT_FOUND" {
		t.Errorf("a method that is gone: %v", err)
	}
	if err := old.subscribe(g.context(), "counter.Counter.SubscribeGet", `{}`).RecvMsg(nil); reasonOf(err) != "FUNCTION_NOT_FOUND" {
		t.Errorf("a stream that is gone: %v", err)
	}
	g.add("c")
	if got := field(stream.next(), "value"); got != `{"value":1}` {
		t.Errorf("the open stream has %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "convex/app/messages/messages.proto"), []byte("import \"convexgateway/v1/annotations.proto\";"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.Reload()
	g.typed().mustCall(g.context(), "messages.Messages.List", `{}`)
	if !strings.Contains(g.logs.String(), "cannot be read again") {
		t.Error("the log has no error")
	}
}

// Proto files that lack what the spec has are not served, because the numbers of the rest may be others then.
func TestTyped_lacking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeContract(t, dir, sampleSpec(t, func(*spec.Function) {}))
	changed := sampleSpec(t, func(f *spec.Function) {
		if f.Path.String() == "counter:get" {
			f.Args = spec.Object{Fields: []spec.Field{{Name: "newer", Type: spec.String}}}
		}
	})
	if err := os.WriteFile(filepath.Join(dir, "spec.json"), changed.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := New(Config{GRPCAddr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", API: dir}, Upstream{ConvexURL: "http://127.0.0.1:1"})
	if err == nil || !strings.Contains(err.Error(), "counter.proto: the field newer of GetRequest") {
		t.Errorf("%v", err)
	}
}

// Methods of the contract are served over Connect and gRPC-Web, too, in protobuf and in proto JSON.
func TestTyped_overConnect(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	onWires(t, func(t *testing.T, wire string) {
		c := g.typed().over(t, wire)
		channel := fmt.Sprintf("%q", wire)
		stream := c.subscribe(g.context(), "messages.Messages.SubscribeList", `{"args":{"channel":`+channel+`}}`)
		if got := field(stream.next(), "value"); got != `{}` {
			t.Errorf("the first result is %s", got)
		}
		c.mustCall(g.context(), "messages.Messages.Send", `{"channel":`+channel+`,"body":"é\u0000","author":"Ada"}`)
		want := c.mustCall(g.context(), "messages.Messages.List", `{"channel":`+channel+`}`)
		if got := field(stream.next(), "value"); got != want || !strings.Contains(got, `"author":"Ada"`) {
			t.Errorf("the stream has %s, a query %s", got, want)
		}
		if got := c.mustCall(g.context(), "messages.Messages.Clear", `{"channel":`+channel+`}`); !strings.Contains(got, `"value":"1"`) {
			t.Errorf("an int64 is %s", got)
		}
		if got := field(stream.next(), "value"); got != `{}` {
			t.Errorf("after all were removed: %s", got)
		}
		_, err := c.call(g.context(), "messages.Messages.Page", `{}`)
		if status.Code(err) != codes.InvalidArgument || reasonOf(err) != "ARGUMENT_VALIDATION" {
			t.Errorf("%v", err)
		}
		c.wantStreamedError(t, g)
	})
}

// Over Connect a request is JSON that curl sends, and unknown fields are errors.
func TestTyped_connectJSON(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	const list = "/convex.app.messages.Messages/List"
	if got := g.rest("POST", list, `{"limit":2}`, "Content-Type", "application/json"); got.status != 200 || got.body != `{}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := g.rest("POST", list, `{"limits":2}`, "Content-Type", "application/json"); got.status != 400 || !strings.Contains(got.body, "limits") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := g.rest("POST", "/convex.app.messages.Messages/Nothing", `{}`, "Content-Type", "application/json"); got.status != 501 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// Reflection lists the services of the contract and has their files, and what they import.
func TestTyped_reflection(t *testing.T) {
	t.Parallel()
	g := start(t, withSample)
	stream, err := reflectionv1.NewServerReflectionClient(g.conn).ServerReflectionInfo(g.context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(request *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
		t.Helper()
		if err := stream.Send(request); err != nil {
			t.Fatal(err)
		}
		response, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	listed := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
	if text := listed.String(); !strings.Contains(text, "convex.app.messages.Messages") || !strings.Contains(text, "convexgateway.v1.FunctionService") {
		t.Errorf("%s", text)
	}
	file := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{
		FileContainingSymbol: "convex.app.messages.ListEvent",
	}})
	if len(file.GetFileDescriptorResponse().GetFileDescriptorProto()) < 5 {
		t.Errorf("%v", file)
	}
}

// The arguments of a typed call count as they are in memory, and are given back.
func TestTyped_budget(t *testing.T) {
	t.Parallel()
	g := start(t, withSample, func(c *Config) { c.MemoryBudget = 30 << 20 }) // a caller has 15 MiB
	before := g.limits.Budget.Held()
	large := fmt.Sprintf(`{"body":%q}`, strings.Repeat("x", 7<<19))
	_, err := g.typed().call(g.context(), "messages.Messages.Send", large, grpc.MaxCallSendMsgSize(16<<20))
	if reasonOf(err) != "OVERLOADED" {
		t.Errorf("%v", err)
	}
	g.typed().mustCall(g.context(), "messages.Messages.Send", `{"body":"x"}`)
	eventually(t, "what the calls held is given back", func() bool { return g.limits.Budget.Held() <= before })
}

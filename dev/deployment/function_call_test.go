package deployment_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestHTTP_functionResponses(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		app.Query("logs:two", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) {
			ctx.Log("listing", 3.0, nil)
			ctx.Warn("slow")
			return nil, nil
		}),
		app.Query("logs:failing", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) {
			ctx.Error("room full")
			return nil, &app.ConvexError{Data: map[string]any{"code": "FULL", "left": int64(0)}}
		}),
		app.Query("bad:value", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return struct{}{}, nil }),
		app.Query("bad:panic", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { panic("secret") }),
		app.Query("bad:data", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return nil, &app.ConvexError{Data: 1} }),
	)})
	for name, test := range map[string]struct{ endpoint, body, want string }{
		"value":       {"query", `{"path":"values:echo","args":{"value":{"a":[1,"x",null]}}}`, `{"status":"success","value":{"a":[1,"x",null]}}`},
		"null":        {"query", `{"path":"values:echo","args":{"value":null}}`, `{"status":"success","value":null}`},
		"logs":        {"query", `{"path":"logs:two","args":{}}`, `{"status":"success","value":null,"logLines":["[LOG] 'listing' 3 null","[WARN] 'slow'"]}`},
		"positional":  {"query", `{"path":"values.js:echo","args":[{"value":true}]}`, `{"status":"success","value":true}`},
		"error":       {"query", `{"path":"errors:crash","args":{}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught Error: boom\n    at handler (../convex/errors.ts)\n"}`},
		"ConvexError": {"query", `{"path":"errors:convex","args":{"data":{"code":"FULL"}}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n    at handler (../convex/errors.ts)\n","errorData":{"code":"FULL"}}`},
		"data null":   {"mutation", `{"path":"errors:convexMutation","args":{"data":null}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: null\n    at handler (../convex/errors.ts)\n","errorData":null}`},
		"data text":   {"query", `{"path":"errors:convex","args":{"data":"no"}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: no\n    at handler (../convex/errors.ts)\n","errorData":"no"}`},
		"both":        {"query", `{"path":"logs:failing","args":{}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: {\"code\":\"FULL\",\"left\":\"0n\"}\n    at handler (../convex/logs.ts)\n","errorData":{"code":"FULL","left":"0"},"logLines":["[ERROR] 'room full'"]}`},
		"bad value":   {"query", `{"path":"bad:value","args":{}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nFunction bad.js:value return value invalid: struct {} is not a Convex value\n"}`},
		"bad data":    {"query", `{"path":"bad:data","args":{}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nConvexError with invalid data: a Go int is not a Convex value\n"}`},
		"panic":       {"query", `{"path":"bad:panic","args":{}}`, `{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught Error: the handler panicked\n    at handler (../convex/bad.ts)\n"}`},
		"action":      {"action", `{"path":"actions:sleep","args":{"ms":0}}`, `{"status":"success","value":0}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := devtest.Post(t, d, test.endpoint, test.body, devtest.RequestIDHeader, "r1")
			if got.Status != 200 || got.Header.Get("Content-Type") != "application/json" {
				t.Fatalf("%d %s %s", got.Status, got.Header.Get("Content-Type"), got.Body)
			}
			devtest.SameJSON(t, got.Body, test.want)
		})
	}
}

func TestHTTP_redacted(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Redact: true, Functions: []app.Function{
		app.Query("a:b", nil, func(ctx *app.QueryCtx, args app.Args) (any, error) {
			ctx.Log("secret")
			if args.Bool("own") {
				return nil, &app.ConvexError{Data: "kept"}
			}
			return nil, errors.New("secret")
		}),
	}})
	devtest.SameJSON(t, devtest.Post(t, d, "query", `{"path":"a:b","args":{}}`, devtest.RequestIDHeader, "r").Body,
		`{"status":"error","errorMessage":"[Request ID: r] Server Error"}`)
	devtest.SameJSON(t, devtest.Post(t, d, "query", `{"path":"a:b","args":{"own":true}}`, devtest.RequestIDHeader, "r").Body,
		`{"status":"error","errorMessage":"[Request ID: r] Server Error","errorData":"kept"}`)
}

func TestHTTP_refusals(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for name, test := range map[string]struct{ endpoint, body, want string }{
		"unknown":        {"query", `{"path":"messages:nope","args":{}}`, "Could not find public function for 'messages:nope'.\n"},
		"unknown module": {"action", `{"path":"x","args":{}}`, "Could not find public function for 'x'.\n"},
		"internal":       {"query", `{"path":"internal:secret","args":{}}`, "Could not find public function for 'internal:secret'.\n"},
		"wrong kind":     {"query", `{"path":"messages:send","args":{"body":"x"}}`, "Trying to execute messages.js:send as Query, but it is defined as Mutation.\n"},
		"wrong kind 2":   {"action", `{"path":"messages:list","args":{}}`, "Trying to execute messages.js:list as Action, but it is defined as Query.\n"},
		"system query":   {"query", `{"path":"_system/x:y","args":{}}`, "Operation query not permitted\n"},
		"validator": {"mutation", `{"path":"messages:send","args":{}}`, "ArgumentValidationError: Object is missing the required field `body`. Consider wrapping the " +
			"field validator in `v.optional(...)` if this is expected.\n\nObject: {}\nValidator: v.object({author: v.optional(v.string()), body: v.string(), channel: v.optional(v.string())})\n\n"},
		"two arguments": {"query", `{"path":"users:me","args":[{},{}]}`, "ArgumentValidationError: Expected to receive a single object as the function's argument. Instead received 2 arguments: [{}, {}]\n\n"},
		"no object":     {"query", `{"path":"users:me","args":3}`, "ArgumentValidationError: Expected to receive an object as the function's argument. Instead received: 3.0\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := devtest.Post(t, d, test.endpoint, test.body, devtest.RequestIDHeader, "r1")
			if got.Status != 200 {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
			want, _ := call.Marshal(map[string]string{"status": "error", "errorMessage": "[Request ID: r1] Server Error\n" + test.want})
			devtest.SameJSON(t, got.Body, string(want))
		})
	}
	huge := devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":"`+strings.Repeat("x", 16<<20)+`"}}`)
	if huge.Status != 200 || !strings.Contains(huge.Body, `Arguments for values.js:echo are too large (actual: 16.00 MiB, limit: 16 MiB)`) {
		t.Errorf("16 MiB of arguments: %d %.200s", huge.Status, huge.Body)
	}
	got := devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":{"$x":1}}}`)
	if got.Status != 200 || !strings.Contains(got.Body, "Invalid arguments for values.js:echo: ") {
		t.Errorf("a bad field name: %d %s", got.Status, got.Body)
	}
}

func TestHTTP_badRequests(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	const send = `{"path":"counter:add","args":{"name":"n"},"format":"xml"}`
	for name, test := range map[string]struct {
		endpoint, body string
		header         []string
		status         int
		code           string
	}{
		"no JSON":           {"query", `{`, nil, 400, "BadJsonBody"},
		"no object":         {"query", `[]`, nil, 400, "BadJsonBody"},
		"no args":           {"query", `{"path":"users:me"}`, nil, 400, "BadJsonBody"},
		"other case":        {"query", `{"Path":"users:me","args":{}}`, nil, 400, "BadJsonBody"},
		"path is no string": {"query", `{"path":null,"args":{}}`, nil, 400, "BadJsonBody"},
		"bad unicode":       {"query", "{\"path\":\"users:me\",\"args\":\"\xff\"}", nil, 400, "BadJsonBody"},
		"content type":      {"query", `{"path":"users:me","args":{}}`, []string{"Content-Type", "text/plain"}, 400, "BadJsonBody"},
		"too large":         {"query", `{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 16<<20+2000) + `"}}`, nil, 400, "BadJsonBody"},
		"bad path":          {"query", `{"path":"my-file:x","args":{}}`, nil, 400, "BadConvexFunctionIdentifier"},
		"bad format":        {"mutation", send, nil, 400, "BadFormat"},
		"bad client":        {"query", `{"path":"users:me","args":{}}`, []string{"Convex-Client", "npm"}, 400, "InvalidClientVersion"},
		"system action":     {"action", `{"path":"_system/a:b","args":{}}`, nil, 403, "SystemIdentityRequired"},
		"Basic":             {"query", `{"path":"users:me","args":{}}`, []string{"Authorization", "Basic abcdefg"}, 400, "InvalidAdminKey"},
		"short":             {"query", `{"path":"users:me","args":{}}`, []string{"Authorization", "Bearer"}, 400, "InvalidHeaderFailure"},
		"admin key":         {"query", `{"path":"users:me","args":{}}`, []string{"Authorization", "Convex a|b"}, 401, "BadAdminKey"},
		"no JWT":            {"query", `{"path":"users:me","args":{}}`, []string{"Authorization", "Bearer abc"}, 401, "InvalidAuthHeader"},
	} {
		t.Run(name, func(t *testing.T) {
			got := devtest.Post(t, d, test.endpoint, test.body, test.header...)
			if got.Status != test.status || !strings.Contains(got.Body, `"code":"`+test.code+`","message":"`) {
				t.Fatalf("%d %.300s", got.Status, got.Body)
			}
		})
	}
	if got := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 1.0 {
		t.Errorf("the mutation with a bad format left %v, want 1: it commits first", got)
	}
	if got := devtest.Post(t, d, "query", `{"path":"users:me","args":{}}`, "Content-Type", "application/vnd.x+json; charset=utf-8"); got.Status != 200 {
		t.Errorf("application/*+json: %d %s", got.Status, got.Body)
	}
}

func TestHTTP_defaultFormat(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	const body = `{"path":"values:echo","args":{"value":{"$integer":"KgAAAAAAAAA="}}%s}`
	for name, test := range map[string]struct{ client, format, want string }{
		"no header":   {"", "", `"42"`},
		"old npm":     {"npm-1.3.0", "", `{"$integer":"KgAAAAAAAAA="}`},
		"new npm":     {"npm-1.45.0", "", `"42"`},
		"old python":  {"python-convex-0.4.9", "", `{"$integer":"KgAAAAAAAAA="}`},
		"unknown":     {"my-client-0.0.1", "", `"42"`},
		"no version":  {"my-latest", "", `"42"`},
		"encoded":     {"", `,"format":"convex_encoded_json"`, `{"$integer":"KgAAAAAAAAA="}`},
		"export":      {"npm-1.3.0", `,"format":"export_json"`, `42`},
		"null format": {"", `,"format":null`, `"42"`},
	} {
		t.Run(name, func(t *testing.T) {
			var header []string
			if test.client != "" {
				header = []string{"Convex-Client", test.client}
			}
			got := devtest.Post(t, d, "query", strings.Replace(body, "%s", test.format, 1), header...)
			devtest.SameJSON(t, got.Body, `{"status":"success","value":`+test.want+`}`)
		})
	}
}

func TestHTTP_makesARequestID(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	got := devtest.Post(t, d, "query", `{"path":"errors:crash","args":{}}`)
	_, after, _ := strings.Cut(got.Body, "[Request ID: ")
	id, _, _ := strings.Cut(after, "]")
	if len(id) != 16 || strings.Trim(id, "0123456789abcdef") != "" {
		t.Errorf("request id %q is not 16 hex digits", id)
	}
}

func TestHTTP_valuesKeepTheirType(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for _, value := range []string{
		`{"$integer":"AAAAAAAAAAA="}`, `{"$integer":"//////////8="}`, `{"$integer":"/////////38="}`, `{"$integer":"AAAAAAAAAIA="}`,
		`{"$float":"AAAAAAAAAIA="}`, `{"$float":"AAAAAAAA+H8="}`, `{"$float":"AAAAAAAA8H8="}`, `{"$float":"AAAAAAAA8P8="}`,
		`{"$bytes":""}`, `{"$bytes":"ABCD"}`, `3`, `[[],{}]`, `{"` + strings.Repeat("x", 1024) + `":1}`,
		nested(62), // the arguments' array and object are two more levels
		`[` + strings.Repeat("1,", 8191) + `1]`, objectOf(1024),
	} {
		got := devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":`+value+`},"format":"convex_encoded_json"}`)
		text, isSuccess := strings.CutPrefix(got.Body, `{"status":"success","value":`)
		canonical, err := convex.Canonical([]byte(strings.TrimSuffix(text, "}")))
		if !isSuccess || err != nil || string(canonical) != value {
			t.Errorf("got %.200s, want %.200s", got.Body, value)
		}
	}
	got := devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":[3,0.5,1e21]},"format":"convex_encoded_json"}`)
	if want := `{"status":"success","value":[3.0,0.5,1e21]}`; got.Body != want {
		t.Errorf("got %s, want %s: a whole float is distinguished from an integer by its dot", got.Body, want)
	}
	for _, value := range []string{
		`{"$integer":"AAAAAAAAAAA=","x":1}`, `{"$integer":"AAA="}`, `{"$float":"AAAAAAAA+D8="}`, `{"$x":1}`, `{"é":1}`,
		`{"` + strings.Repeat("x", 1025) + `":1}`, `{"$commitTs":null}`, `[` + strings.Repeat("1,", 8192) + `1]`, nested(63), objectOf(1025),
	} {
		got := devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":`+value+`}}`)
		if got.Status != 200 || !strings.Contains(got.Body, "Invalid arguments for values.js:echo: ") {
			t.Errorf("%.40s: %d %s", value, got.Status, got.Body)
		}
	}
	devtest.SameJSON(t, devtest.Post(t, d, "query", `{"path":"values:echo","args":{"value":[{"$integer":"KgAAAAAAAAA="},{"$float":"AAAAAAAA+H8="}]}}`).Body,
		`{"status":"success","value":["42","NaN"]}`)
}

// objectOf is an object of that many fields, sorted.
func objectOf(fields int) string {
	var b strings.Builder
	for i := range fields {
		fmt.Fprintf(&b, `,"f%04d":1`, i)
	}
	return "{" + b.String()[1:] + "}"
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func TestHTTP_paths(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{
		app.Query("messages:list", nil, func(*app.QueryCtx, app.Args) (any, error) { return "list", nil }),
		app.Query("messages", nil, func(*app.QueryCtx, app.Args) (any, error) { return "default", nil }),
		app.Query("foo/bar:baz", nil, func(*app.QueryCtx, app.Args) (any, error) { return "nested", nil }),
	}})
	for path, want := range map[string]string{
		"messages:list": "list", "messages.js:list": "list", "messages": "default", "messages:default": "default", "foo/bar:baz": "nested",
	} {
		if got := devtest.MustCall(t, d, "query", path, `{}`); got != want {
			t.Errorf("%s: %v, want %s", path, got, want)
		}
	}
	for _, path := range []string{"a.b:c", "my-file:x", "x.ts:y", "/a:b", "./a:b", "../a:b", "a:b:c", "m:1x", "m:", "", "api.messages.list"} {
		got := devtest.Post(t, d, "query", `{"path":"`+path+`","args":{}}`)
		if got.Status != 400 || !strings.Contains(got.Body, "BadConvexFunctionIdentifier") {
			t.Errorf("%q: %d %s", path, got.Status, got.Body)
		}
	}
}

func TestRunByURL(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		app.Query("foo/bar:baz", nil, func(*app.QueryCtx, app.Args) (any, error) { return int64(42), nil }),
		app.Query("foo/bar", nil, func(*app.QueryCtx, app.Args) (any, error) { return "default", nil }))})
	key := "Convex " + d.AdminKey()
	for name, test := range map[string]struct {
		path, body string
		header     []string
		status     int
		want       string
	}{
		"query":        {"users/me", `{"args":{}}`, nil, 200, `"value":null`},
		"mutation":     {"counter/add", `{"args":{"name":"n"}}`, nil, 200, `"value":1`},
		"nested":       {"foo/bar/baz", `{"args":{}}`, []string{"Convex-Client", "npm-1.3.0"}, 200, `"value":"42"`}, // format json for all clients
		"format":       {"foo/bar/baz", `{"args":{},"format":"convex_encoded_json"}`, nil, 200, `"value":{"$integer":"KgAAAAAAAAA="}`},
		"default":      {"foo/bar/default", `{"args":{}}`, nil, 200, `"value":"default"`},
		"escaped":      {"foo%2Fbar/b%61z", `{"args":{}}`, nil, 200, `"value":"42"`},
		"missing":      {"nope/nope", `{"args":{}}`, nil, 200, "Could not find function for 'nope:nope'. Did you forget to run `npx convex dev`?"},
		"internal":     {"internal/secret", `{"args":{}}`, nil, 200, "Could not find function for 'internal:secret'."},
		"as an admin":  {"internal/secret", `{"args":{}}`, []string{"Authorization", key}, 200, `"value":"secret"`},
		"one segment":  {"users", `{"args":{}}`, nil, 400, "MissingIdentifier"},
		"no segment":   {"", `{"args":{}}`, nil, 404, ""},
		"bad path":     {"a-b/c", `{"args":{}}`, nil, 400, "BadConvexFunctionIdentifier"},
		"no args":      {"users/me", `{}`, nil, 400, "BadJsonBody"},
		"bad format":   {"users/me", `{"args":{},"format":"xml"}`, nil, 400, "BadFormat"},
		"content type": {"users/me", `{"args":{}}`, []string{"Content-Type", "text/plain"}, 400, "BadJsonBody"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := devtest.Post(t, d, "run/"+test.path, test.body, test.header...); got.Status != test.status || !strings.Contains(got.Body, test.want) {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
}

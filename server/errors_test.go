package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/freeport"
)

// failure is the error that a call must fail with, over gRPC and over REST.
type failure struct {
	code     codes.Code
	reason   string
	http     int
	retry    bool // RetryInfo, retry-after-ms, Retry-After
	function bool // FunctionError
}

// checkStatus checks a gRPC error and its trailer against the contract, and returns its FunctionError.
func (want failure) checkStatus(t *testing.T, err error, trailer metadata.MD) *gatewayv1.FunctionError {
	t.Helper()
	st, ok := status.FromError(err)
	if !ok || st.Code() != want.code {
		t.Fatalf("error %v, want %v", err, want.code)
	}
	fe := want.checkDetails(t, st)
	if got := trailer.Get("error-reason"); !slices.Equal(got, []string{want.reason}) {
		t.Errorf("error-reason trailer %q, want %q", got, want.reason)
	}
	if got := trailer.Get("retry-after-ms"); (len(got) == 1 && got[0] != "0") != want.retry {
		t.Errorf("retry-after-ms trailer %q, want one: %v", got, want.retry)
	}
	want.checkPushback(t, trailer)
	if st.Message() == "" || len(st.Message()) > 384 {
		t.Errorf("message of %d bytes", len(st.Message()))
	}
	return fe
}

// checkPushback checks the trailer of gRPC's own retries: the delay of retry-after-ms, or -1.
func (want failure) checkPushback(t *testing.T, trailer metadata.MD) {
	t.Helper()
	delay := []string{"-1"}
	if want.retry {
		delay = trailer.Get("retry-after-ms")
	}
	if got := trailer.Get("grpc-retry-pushback-ms"); !slices.Equal(got, delay) {
		t.Errorf("grpc-retry-pushback-ms trailer %q, want %q", got, delay)
	}
}

// checkDetails checks the details that gRPC and REST have in common.
func (want failure) checkDetails(t *testing.T, st *status.Status) (fe *gatewayv1.FunctionError) {
	t.Helper()
	var info *errdetails.ErrorInfo
	var retry *errdetails.RetryInfo
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			info = detail
		case *errdetails.RetryInfo:
			retry = detail
		case *gatewayv1.FunctionError:
			fe = detail
		default:
			t.Errorf("detail of type %T", detail)
		}
	}
	if info.GetDomain() != "convexgateway" || info.GetReason() != want.reason {
		t.Errorf("ErrorInfo %v, want reason %s", info, want.reason)
	}
	if (retry.GetRetryDelay().AsDuration() > 0) != want.retry {
		t.Errorf("RetryInfo %v, want one: %v", retry, want.retry)
	}
	if (fe != nil) != want.function || (fe != nil && (fe.Reason != want.reason || fe.Code != int32(want.code))) {
		t.Errorf("FunctionError %v, want one: %v", fe, want.function)
	}
	return fe
}

// checkAnswer checks a REST answer against the contract, and returns its FunctionError.
func (want failure) checkAnswer(t *testing.T, got answer) *gatewayv1.FunctionError {
	t.Helper()
	if body, late := got.lateStatus(); late {
		return want.checkBody(t, body)
	}
	if got.status != want.http || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("HTTP %d %s: %.300s, want %d", got.status, got.header.Get("Content-Type"), got.body, want.http)
	}
	if (got.header.Get("Retry-After") != "") != want.retry {
		t.Errorf("Retry-After %q, want one: %v", got.header.Get("Retry-After"), want.retry)
	}
	if (got.header.Get("WWW-Authenticate") != "") != (want.code == codes.Unauthenticated) {
		t.Errorf("WWW-Authenticate %q with %v", got.header.Get("WWW-Authenticate"), want.code)
	}
	return want.checkBody(t, got.body)
}

// checkBody checks a google.rpc.Status as JSON.
func (want failure) checkBody(t *testing.T, body string) *gatewayv1.FunctionError {
	t.Helper()
	for _, detail := range jsonDetails(t, body) {
		if url, _ := detail["@type"].(string); !strings.HasPrefix(url, "type.googleapis.com/") {
			t.Errorf("detail %v has no @type", detail)
		}
	}
	st := status.FromProto(fromJSON(t, body, &spb.Status{}))
	if st.Code() != want.code {
		t.Errorf("code %v, want %v", st.Code(), want.code)
	}
	return want.checkDetails(t, st)
}

func jsonDetails(t *testing.T, body string) []map[string]any {
	t.Helper()
	var parsed struct {
		Details []map[string]any `json:"details"`
	}
	if err := json.Unmarshal([]byte(body), &parsed); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return parsed.Details
}

// fails calls a function over gRPC, over REST, and over Connect and gRPC-Web, which must all fail with want.
func (g *gateway) fails(t *testing.T, kind convex.Kind, path, args string, want failure) (overGRPC, overREST *gatewayv1.FunctionError) {
	t.Helper()
	var trailer metadata.MD
	_, err := g.call(g.context(), kind, path, args, grpc.Trailer(&trailer))
	overGRPC = want.checkStatus(t, err, trailer)
	for wire := range wires {
		var trailer metadata.MD
		_, err := g.over(t, wire).call(g.context(), kind, path, args, grpc.Trailer(&trailer))
		if got := want.checkStatus(t, err, trailer); isGRPCWeb(wire) && proto.Size(got) != proto.Size(overGRPC) {
			t.Errorf("%s: %v, over gRPC %v", wire, got, overGRPC)
		}
	}
	body := fmt.Sprintf(`{"path":%q,"args":%s}`, path, args)
	return overGRPC, want.checkAnswer(t, g.rest("POST", restRoute(kind), body))
}

func TestFunctionErrors(t *testing.T) {
	t.Parallel()
	g := start(t)
	convexError := func(code codes.Code, http int) failure {
		return failure{code: code, reason: "CONVEX_ERROR", http: http, function: true}
	}
	tests := map[string]struct {
		kind convex.Kind
		path string
		args string
		want failure
	}{
		"data":                  {convex.Query, "errors:convex", `{"data":{"a":1}}`, convexError(codes.FailedPrecondition, 400)},
		"null data":             {convex.Query, "errors:convex", `{"data":null}`, convexError(codes.FailedPrecondition, 400)},
		"text data":             {convex.Query, "errors:convex", `{"data":"NOT_FOUND"}`, convexError(codes.FailedPrecondition, 400)},
		"code of another type":  {convex.Query, "errors:convex", `{"data":{"code":5}}`, convexError(codes.FailedPrecondition, 400)},
		"code of another case":  {convex.Query, "errors:convex", `{"data":{"Code":"NOT_FOUND"}}`, convexError(codes.FailedPrecondition, 400)},
		"INVALID_ARGUMENT":      {convex.Query, "errors:convex", `{"data":{"code":"INVALID_ARGUMENT"}}`, convexError(codes.InvalidArgument, 400)},
		"NOT_FOUND":             {convex.Query, "errors:convex", `{"data":{"code":"NOT_FOUND"}}`, convexError(codes.NotFound, 404)},
		"ALREADY_EXISTS":        {convex.Query, "errors:convex", `{"data":{"code":"ALREADY_EXISTS"}}`, convexError(codes.AlreadyExists, 409)},
		"PERMISSION_DENIED":     {convex.Query, "errors:convex", `{"data":{"code":"PERMISSION_DENIED"}}`, convexError(codes.PermissionDenied, 403)},
		"FAILED_PRECONDITION":   {convex.Query, "errors:convex", `{"data":{"code":"FAILED_PRECONDITION"}}`, convexError(codes.FailedPrecondition, 400)},
		"OUT_OF_RANGE":          {convex.Query, "errors:convex", `{"data":{"code":"OUT_OF_RANGE"}}`, convexError(codes.OutOfRange, 400)},
		"OK":                    {convex.Query, "errors:convex", `{"data":{"code":"OK"}}`, convexError(codes.FailedPrecondition, 400)},
		"UNAVAILABLE":           {convex.Query, "errors:convex", `{"data":{"code":"UNAVAILABLE"}}`, convexError(codes.FailedPrecondition, 400)},
		"UNAUTHENTICATED":       {convex.Query, "errors:convex", `{"data":{"code":"UNAUTHENTICATED"}}`, convexError(codes.FailedPrecondition, 400)},
		"of a mutation":         {convex.Mutation, "errors:convexMutation", `{"data":{"code":"NOT_FOUND"}}`, convexError(codes.NotFound, 404)},
		"of an action":          {convex.Action, "actions:sleep", `{"ms":-1}`, convexError(codes.InvalidArgument, 400)},
		"crash":                 {convex.Query, "errors:crash", `{}`, failure{codes.Unknown, "FUNCTION_FAILED", 500, false, true}},
		"crash of a mutation":   {convex.Mutation, "errors:crashMutation", `{}`, failure{codes.Unknown, "FUNCTION_FAILED", 500, false, true}},
		"missing":               {convex.Query, "no:such", `{}`, failure{codes.NotFound, "FUNCTION_NOT_FOUND", 404, false, true}},
		"internal":              {convex.Query, "internal:secret", `{}`, failure{codes.NotFound, "FUNCTION_NOT_FOUND", 404, false, true}},
		"query as mutation":     {convex.Mutation, "users:me", `{}`, failure{codes.InvalidArgument, "WRONG_FUNCTION_KIND", 400, false, true}},
		"mutation as action":    {convex.Action, "messages:send", `{"body":"x"}`, failure{codes.InvalidArgument, "WRONG_FUNCTION_KIND", 400, false, true}},
		"argument missing":      {convex.Mutation, "messages:send", `{}`, failure{codes.InvalidArgument, "ARGUMENT_VALIDATION", 400, false, true}},
		"argument of two types": {convex.Query, "counter:get", `{"name":1}`, failure{codes.InvalidArgument, "ARGUMENT_VALIDATION", 400, false, true}},
		"path":                  {convex.Query, "a b:c", `{}`, failure{code: codes.InvalidArgument, reason: "INVALID_PATH", http: 400}},
		"no path":               {convex.Query, "", `{}`, failure{code: codes.InvalidArgument, reason: "INVALID_PATH", http: 400}},
		"value":                 {convex.Query, "values:echo", `{"value":{"$date":1}}`, failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { g.fails(t, test.kind, test.path, test.args, test.want) })
	}
}

func TestFunctionErrorIsComplete(t *testing.T) {
	t.Parallel()
	g := start(t)
	args := `{"data":{"code":"NOT_FOUND","message":"no such room","room":7}}`
	want := failure{codes.NotFound, "CONVEX_ERROR", 404, false, true}
	json, natural := g.fails(t, convex.Query, "errors:convex", args, want)
	sameJSON(t, string(json.GetDataJson()), `{"code":"NOT_FOUND","message":"no such room","room":7}`)
	if got := natural.GetData().GetStructValue().GetFields()["room"].GetNumberValue(); got != 7 {
		t.Errorf("room %v over REST", got)
	}
	if !strings.Contains(json.GetMessage(), "no such room") || json.GetTruncated() {
		t.Errorf("FunctionError %v", json)
	}
	_, err := g.call(g.context(), convex.Query, "errors:convex", args)
	if got := status.Convert(err).Message(); got != "no such room" {
		t.Errorf("message %q, want the data's", got)
	}
}

// data: null is a ConvexError(null); another error has no data.
func TestNullDataIsData(t *testing.T) {
	t.Parallel()
	g := start(t)
	got := g.rest("POST", "/v1/query", `{"path":"errors:convex","args":{"data":null}}`)
	for _, detail := range jsonDetails(t, got.body) {
		if data, present := detail["data"]; detail["reason"] == "CONVEX_ERROR" && detail["message"] != nil && (!present || data != nil) {
			t.Errorf("data %v, present: %v", data, present)
		}
	}
	crash := g.rest("POST", "/v1/query", `{"path":"errors:crash"}`)
	if strings.Contains(crash.body, `"data"`) {
		t.Errorf("a crash has data: %s", crash.body)
	}
}

func TestRedactedErrors(t *testing.T) {
	t.Parallel()
	g := startBefore(t, startDeployment(t, deployment.Config{Redact: true}))
	failed := failure{codes.Unknown, "FUNCTION_FAILED", 500, false, true}
	for path, kind := range map[string]convex.Kind{
		"errors:crash": convex.Query, "no:such": convex.Query, "users:me": convex.Mutation, "counter:get": convex.Query,
	} {
		g.fails(t, kind, path, `{}`, failed)
	}
	g.fails(t, convex.Query, "errors:convex", `{"data":{"code":"NOT_FOUND"}}`, failure{codes.NotFound, "CONVEX_ERROR", 404, false, true})
}

func TestDeploymentErrors(t *testing.T) {
	t.Parallel()
	system := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"code":%q,"message":"secret of the deployment"}`, code)
		}
	}
	unavailable := failure{code: codes.Unavailable, reason: "DEPLOYMENT_UNAVAILABLE", http: 503, retry: true}
	mutationLost := failure{code: codes.Unknown, reason: "MUTATION_OUTCOME_UNKNOWN", http: 500}
	actionLost := failure{code: codes.Unknown, reason: "ACTION_OUTCOME_UNKNOWN", http: 500}
	tests := map[string]struct {
		handle http.HandlerFunc
		kind   convex.Kind
		want   failure
	}{
		"rate limited":          {system(429, "TooManyRequests"), convex.Mutation, failure{codes.ResourceExhausted, "RATE_LIMITED", 429, true, false}},
		"overloaded":            {system(503, "ExpiredInQueue"), convex.Mutation, unavailable},
		"internal, query":       {system(500, "InternalServerError"), convex.Query, unavailable},
		"internal, mutation":    {system(500, "InternalServerError"), convex.Mutation, mutationLost},
		"internal, action":      {system(500, "InternalServerError"), convex.Action, actionLost},
		"answer lost, query":    {hangUp, convex.Query, unavailable},
		"answer lost, mutation": {hangUp, convex.Mutation, mutationLost},
		"answer lost, action":   {hangUp, convex.Action, actionLost},
		"token refused":         {system(401, "InvalidAuthHeader"), convex.Query, failure{code: codes.Unauthenticated, reason: "CONVEX_REJECTED", http: 401}},
		"issuer out of reach":   {system(503, "AuthProviderDiscoveryFailed"), convex.Query, failure{codes.Unavailable, "AUTH_BACKEND_UNAVAILABLE", 503, true, false}},
		"refused":               {system(400, "BadJsonBody"), convex.Query, failure{code: codes.Internal, reason: "DEPLOYMENT_REFUSED", http: 500}},
		"answer is not JSON":    {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, convex.Query, unavailable},
		"value is not JSON":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"success","value":[truth]}`) }, convex.Query, failure{code: codes.Internal, reason: "INTERNAL", http: 500}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := startFake(t, test.handle)
			if name != "value is not JSON" {
				g.fails(t, test.kind, "some:function", `{}`, test.want)
				return
			}
			var trailer metadata.MD // only the Struct lane parses the value
			_, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "some:function"}, grpc.Trailer(&trailer))
			test.want.checkStatus(t, err, trailer)
		})
	}
}

// The delay that the deployment asks for is the caller's, in all of its forms.
func TestRetryAfterIsHandedOn(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]string{"7": "7", "90": "90", "": "1", "soon": "1"} {
		g := startFake(t, func(w http.ResponseWriter, _ *http.Request) {
			if seconds != "" {
				w.Header().Set("Retry-After", seconds)
			}
			w.WriteHeader(http.StatusTooManyRequests)
		})
		got := g.rest("POST", "/v1/mutate", `{"path":"a:b"}`)
		if got.header.Get("Retry-After") != want || !strings.Contains(got.body, `"retryDelay":"`+want+`s"`) {
			t.Errorf("%q: Retry-After %q, %s", seconds, got.header.Get("Retry-After"), got.body)
		}
		var trailer metadata.MD
		_, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{Path: "a:b"}, grpc.Trailer(&trailer))
		if ms := trailer.Get("retry-after-ms"); err == nil || len(ms) != 1 || ms[0] != want+"000" {
			t.Errorf("%q: %v, retry-after-ms %q", seconds, err, ms)
		}
	}
}

// What is between gateway and deployment may answer as well. The operator's log names status, code and what to check.
func TestAnswersOfOthersThanTheDeployment(t *testing.T) {
	t.Parallel()
	want := failure{code: codes.Internal, reason: "DEPLOYMENT_REFUSED", http: 500}
	for status, check := range map[int]string{
		301: "redirect", 302: "redirect", 307: "redirect", 308: "redirect", 401: "a proxy or firewall", 403: "a proxy or firewall",
		404: ".convex.cloud", 407: "a proxy or firewall", 413: "raise its limit", 421: "leads to something else",
	} {
		var redirected atomic.Int32
		g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/elsewhere") {
				redirected.Add(1)
			}
			w.Header().Set("Location", "/api/elsewhere")
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(status)
			fmt.Fprint(w, "<html>secret of a proxy</html>")
		})
		got := g.rest("POST", "/v1/query", `{"path":"a:b"}`)
		want.checkAnswer(t, got)
		if !strings.Contains(got.body, fmt.Sprintf("HTTP %d", status)) || redirected.Load() != 0 {
			t.Errorf("%d: %s, %d redirects", status, got.body, redirected.Load())
		}
		lines := g.logs.find(t, map[string]any{"msg": "call", "upstream_status": float64(status)})
		if len(lines) != 1 || !strings.Contains(fmt.Sprint(lines[0]["check"]), check) || strings.Contains(g.logs.String(), "secret of") {
			t.Errorf("%d: logged %v", status, lines)
		}
	}
}

func TestDeploymentOutOfReach(t *testing.T) {
	t.Parallel()
	g := startUpstream(t, Upstream{ConvexURL: "http://" + freeport.Addr()}, func(c *Config) { c.UpstreamPatience = 300 * time.Millisecond })
	want := failure{code: codes.Unavailable, reason: "DEPLOYMENT_UNAVAILABLE", http: 503, retry: true}
	g.fails(t, convex.Query, "users:me", `{}`, want)
	g.fails(t, convex.Mutation, "messages:send", `{}`, want) // never sent: not an unknown outcome

	stream := g.subscribe(g.context(), counterQuery("a"))
	if got := stream.next().GetConnection().GetState(); got != gatewayv1.Connection_STATE_CONNECTING {
		t.Errorf("state %v, want CONNECTING", got)
	}
	want.checkStatus(t, stream.end(), stream.Trailer())
	if g.Ready() {
		t.Error("ready without a deployment")
	}
	if got := g.rest("GET", "/readyz", ""); got.status != 503 {
		t.Errorf("readyz: %d", got.status)
	}
}

// The details of a status are cut down for gRPC, whose trailers clients bound; REST bodies are complete.
func TestDetailsFit(t *testing.T) {
	t.Parallel()
	g := start(t)
	tests := map[string]struct {
		data, logs   int
		keptD, keptL bool
		cut          bool
	}{
		"small":     {100, 100, true, true, false},
		"long logs": {100, 8000, true, false, true},
		"long data": {8000, 100, false, false, true},
		"both long": {1 << 20, 30_000, false, false, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			args := fmt.Sprintf(`{"data":%d,"logs":%d}`, test.data, test.logs)
			want := failure{codes.NotFound, "CONVEX_ERROR", 404, false, true}
			cut, whole := g.fails(t, convex.Query, "test:bulky", args, want)
			if (len(cut.GetDataJson()) > test.data) != test.keptD || (len(cut.GetLogLines()) > 0) != test.keptL || cut.GetTruncated() != test.cut {
				t.Errorf("over gRPC: %d bytes of data, %d log lines, truncated %v",
					len(cut.GetDataJson()), len(cut.GetLogLines()), cut.GetTruncated())
			}
			filler := whole.GetData().GetStructValue().GetFields()["filler"].GetStringValue()
			if len(filler) != test.data || len(whole.GetLogLines()) != 1 || whole.GetTruncated() {
				t.Errorf("over REST: %d bytes of data, %d log lines, truncated %v", len(filler), len(whole.GetLogLines()), whole.GetTruncated())
			}
		})
	}
}

func TestTooManyStreams(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxStreamsPerCaller = 1 })
	want := failure{code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", http: 429, retry: true}
	first := g.subscribe(g.context(), counterQuery("a"))
	first.next()
	second := g.subscribe(g.context(), counterQuery("a"))
	want.checkStatus(t, second.end(), second.Trailer())
	want.checkAnswer(t, g.rest("GET", "/v1/subscribe?path=users:me", "", "Accept", "text/event-stream"))

	ada := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "ada"})), counterQuery("a"))
	ada.next() // the bound is per caller

	first.cancel()
	eventually(t, "there is room again", func() bool { return g.admits(g.context(), counterQuery("a")) })
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	g := start(t)
	got := g.rest("POST", "/v1/query", `{"path":"test:block"}`, "Grpc-Timeout", "200m")
	failure{code: codes.DeadlineExceeded, reason: "DEADLINE_EXCEEDED", http: 504}.checkAnswer(t, got)
}

// A call whose deadline passes before its token is verified has no outage of the issuer to report.
func TestDeadlineBeforeVerification(t *testing.T) {
	t.Parallel()
	g := start(t)
	for i, call := range []struct{ route, body string }{
		{"/v1/query", `{"path":"users:me"}`}, {"/v1/auth/refresh", `{"refreshKey":"` + testKey + `"}`}, {"/v1/auth/sign-out", `{}`},
		{"/v1/tickets", `{"authState":{}}`},
	} {
		token := g.token(deployment.TokenRequest{User: fmt.Sprint("late", i)}) // never verified before
		got := g.rest("POST", call.route, call.body, "Authorization", "Bearer "+token, "Grpc-Timeout", "1n")
		if got.status != http.StatusGatewayTimeout || !strings.Contains(got.body, "DEADLINE_EXCEEDED") {
			t.Errorf("%s: HTTP %d %s", call.route, got.status, got.body)
		}
	}
}

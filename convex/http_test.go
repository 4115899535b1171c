package convex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
)

// fakeAPI is a deployment's HTTP API with scripted answers, which records its requests.
type fakeAPI struct {
	mu       sync.Mutex
	answer   func(w http.ResponseWriter, r *http.Request)
	recorded []recordedRequest
}

type recordedRequest struct {
	method, path string
	header       http.Header
	body         string
	at           time.Time
}

func (a *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.recorded = append(a.recorded, recordedRequest{r.Method, r.URL.Path, r.Header.Clone(), string(body), time.Now()})
	a.mu.Unlock()
	a.answer(w, r)
}

func (a *fakeAPI) requests() []recordedRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.recorded)
}

func answering(status int, body string) *fakeAPI {
	return &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}}
}

// cutting reads a request and ends the connection after having written some of an answer.
func cutting(answer string) *fakeAPI {
	return &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = buffered.WriteString(answer)
		_ = buffered.Flush()
		_ = conn.Close()
	}}
}

func newTestHTTPClient(t *testing.T, l *memnet.Listener, opts HTTPOptions) *HTTPClient {
	t.Helper()
	opts.Transport = &http.Transport{DialContext: l.Dial}
	c, err := NewHTTPClient("http://deployment.test/", opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func testCall(t *testing.T, kind Kind) Call {
	return Call{Kind: kind, Path: mustPath(t, "messages:list"), Args: []byte(`{"a":{"$integer":"AQAAAAAAAAA="}}`)}
}

const success = `{"status":"success","value":null}`

// The retry table: how often each outcome is tried, and what the caller gets in the end.
func TestRetryTable(t *testing.T) {
	body := func(code string) string { return `{"code":"` + code + `","message":"text of ` + code + `"}` }
	type outcome struct {
		class Class
		tries int
	}
	const tries, conflicts = 3, 18 // those within 30 s
	again, once := outcome{Unavailable, tries}, outcome{OutcomeUnknown, 1}
	refused := [3]outcome{{Refused, 1}, {Refused, 1}, {Refused, 1}}
	limited := [3]outcome{{RateLimited, tries}, {RateLimited, tries}, {RateLimited, tries}}
	notRun := [3]outcome{again, again, again}
	rolledBack := [3]outcome{again, again, once}
	lost := [3]outcome{again, once, once}
	for _, tt := range []struct {
		status int
		code   string
		want   [3]outcome // query, mutation, action
	}{
		{400, "BadJsonBody", refused}, {400, "", refused}, {403, "OperationNotPermitted", refused}, {404, "", refused}, {409, "", refused},
		{421, "", refused}, {425, "", refused}, {301, "", refused}, {204, "", refused},
		{400, "BackendIsNotRunning", [3]outcome{{NotRunning, 1}, {NotRunning, 1}, {NotRunning, 1}}},
		{400, "AuthProviderDiscoveryFailed", [3]outcome{{AuthUnavailable, 1}, {AuthUnavailable, 1}, {AuthUnavailable, 1}}},
		{401, "InvalidAuthHeader", [3]outcome{{Unauthorized, 1}, {Unauthorized, 1}, {Unauthorized, 1}}},
		{408, "", lost},
		{429, "TooManyConcurrentRequests", limited}, {429, "TooManyWrites", limited},
		{429, "", [3]outcome{{RateLimited, tries}, {RateLimited, 1}, {RateLimited, 1}}}, {401, "", refused}, {407, "", refused}, {413, "", refused}, {302, "", refused}, {308, "", refused},
		{500, "InternalServerError", lost}, {500, "", lost}, {502, "", lost}, {504, "", lost}, {503, "", lost}, {503, "InternalServerError", lost},
		{503, "SubscriptionsWorkerFullError", lost}, {500, "ExpiredInQueue", lost},
		{503, "ExpiredInQueue", notRun}, {503, "WorkerOverloaded", notRun}, {503, "ExecuteFullError", notRun},
		{503, "IsolateNotClean", notRun}, {503, "InitialPermitTimeoutError", notRun}, {503, "UpstreamConnectError", notRun},
		{503, "OptimisticConcurrencyControlFailure", [3]outcome{again, {WriteConflict, conflicts}, once}}, {503, "CommitterFullError", rolledBack},
		{503, "TextIndexTooLarge", rolledBack}, {503, "VectorIndexTooLarge", rolledBack},
		{503, "SearchIndexesUnavailable", rolledBack}, {503, "VectorIndexesUnavailable", rolledBack}, {503, "TableSummariesUnavailable", rolledBack},
	} {
		for kind, want := range tt.want {
			kind := Kind(kind)
			bubble(t, fmt.Sprintf("%d %s of a %s", tt.status, tt.code, kind), func(t *testing.T) {
				text := ""
				if tt.code != "" {
					text = body(tt.code)
				}
				api := answering(tt.status, text)
				c := newTestHTTPClient(t, serve(t, api), HTTPOptions{})
				c.random = func() float64 { return 0.5 }
				result, err := c.Call(t.Context(), testCall(t, kind))
				var e *DeploymentError
				if !errors.As(err, &e) || result != nil {
					t.Fatalf("%v, %v", result, err)
				}
				if got := (outcome{e.Class, len(api.requests())}); got != want {
					t.Errorf("tried %d times, ends as %v; want %d and %v", got.tries, got.class, want.tries, want.class)
				}
				if e.Status != tt.status || e.Code != tt.code || e.Kind != kind || (tt.code != "") != (e.Message == "text of "+tt.code) {
					t.Errorf("error is %+v", *e)
				}
			})
		}
	}
}

// A mutation that loses races with other writes is tried until 200 ms before its deadline, and ends with the deployment's own words:
// recorded from convex-local-backend 94a42c3: 3f-occ.json.
func TestWriteConflicts(t *testing.T) {
	const words = `Documents read from or written to the "counters" table changed while this mutation was being run and on every subsequent retry. ` +
		`Another call to this mutation changed the document with ID "j576fk74qhcryknrd6v5xw8njn8k6f5g". See https://docs.convex.dev/error#1`
	for _, tt := range []struct {
		deadline time.Duration // 0: none
		lost     int           // races, before one is won
		wins     bool
	}{
		{0, 10, true}, {0, 1000, false}, {10 * time.Second, 4, true}, {10 * time.Second, 1000, false}, {300 * time.Millisecond, 1000, false},
	} {
		bubble(t, fmt.Sprintf("%d in %v", tt.lost, tt.deadline), func(t *testing.T) {
			attempts := 0
			api := &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
				if attempts++; attempts > tt.lost {
					_, _ = io.WriteString(w, success)
					return
				}
				w.WriteHeader(http.StatusServiceUnavailable)
				fmt.Fprintf(w, `{"code":"OptimisticConcurrencyControlFailure","message":%q}`, words)
			}}
			c := newTestHTTPClient(t, serve(t, api), HTTPOptions{})
			ctx, limit := t.Context(), 30*time.Second
			if tt.deadline > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.deadline)
				defer cancel()
				limit = tt.deadline - 200*time.Millisecond
			}
			began := time.Now()
			_, err := c.Call(ctx, testCall(t, Mutation))
			var e *DeploymentError
			if tt.wins != (err == nil) || !tt.wins && (!errors.As(err, &e) || e.Class != WriteConflict || e.Message != words) {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
			if last := api.requests()[attempts-1].at.Sub(began); last > limit {
				t.Errorf("the last of %d attempts is after %v", attempts, last)
			}
		})
	}
}

// The deployment's answers for a token whose issuer it cannot reach: recorded from convex-local-backend 94a42c3:
// 8-misc-auth.json, auth_query.json (no answer).
func TestUnreachableIssuer(t *testing.T) {
	const oidc, custom = "Auth provider discovery of http://127.0.0.1:4520 failed", "Could not fetch JWKS from URL 'http://127.0.0.1:4521/jwks': HTTP "
	type answer struct {
		status     int
		code, text string
	}
	answers := []answer{{400, "AuthProviderDiscoveryFailed", oidc}}
	for status, upstream := range map[string]int{
		"400 Bad Request": 400, "401 Unauthorized": 401, "403 Forbidden": 403, "404 Not Found": 404, "429 Too Many Requests": 429,
		"500 Internal Server Error": 503, "503 Service Unavailable": 503,
	} {
		answers = append(answers, answer{upstream, "AuthProviderDiscoveryFailed", oidc + ": " + status + " {}"},
			answer{401, "InvalidAuthHeader", custom + status + ". Check that the URL is correct and accessible."})
	}
	for _, a := range answers {
		for kind := range Action + 1 {
			bubble(t, fmt.Sprintf("%s of a %s", a.text, kind), func(t *testing.T) {
				api := answering(a.status, fmt.Sprintf(`{"code":%q,"message":%q}`, a.code, a.text))
				_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), testCall(t, kind))
				var e *DeploymentError
				if !errors.As(err, &e) || e.Class != AuthUnavailable || len(api.requests()) != 1 {
					t.Errorf("ends as %v after %d requests", err, len(api.requests()))
				}
			})
		}
	}
}

func TestLostConnections(t *testing.T) {
	for _, tt := range []struct {
		name string
		api  *fakeAPI
	}{
		{"no answer", cutting("")},
		{"half a header", cutting("HTTP/1.1 200 OK\r\nContent-")},
		{"half a body", cutting("HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n" + success[:10])},
		{"half a chunked body", cutting("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + success[:5] + "\r\n")},
		{"malformed JSON", answering(200, success[:10])},
		{"more than JSON", answering(200, success+"}")},
		{"another JSON", answering(200, `[]`)},
		{"no status", answering(200, `{"value":1}`)},
		{"success without a value", answering(200, `{"status":"success"}`)},
		{"unknown status", answering(200, `{"status":"pending","value":1}`)},
		{"log lines of another kind", answering(200, `{"status":"success","value":1,"logLines":[1]}`)},
	} {
		for kind, want := range map[Kind]Class{Query: Unavailable, Mutation: OutcomeUnknown, Action: OutcomeUnknown} {
			bubble(t, tt.name+" of a "+kind.String(), func(t *testing.T) {
				api := &fakeAPI{answer: tt.api.answer}
				c := newTestHTTPClient(t, serve(t, api), HTTPOptions{Attempts: 2})
				_, err := c.Call(t.Context(), testCall(t, kind))
				var e *DeploymentError
				if !errors.As(err, &e) || e.Class != want || e.Err == nil || e.Kind != kind {
					t.Errorf("ends as %v", err)
				}
				if tries := map[Kind]int{Query: 2, Mutation: 1, Action: 1}[kind]; len(api.requests()) != tries {
					t.Errorf("tried %d times; want %d", len(api.requests()), tries)
				}
			})
		}
	}
}

func TestUnreachableIsRetriedForAllKinds(t *testing.T) {
	for _, kind := range []Kind{Query, Mutation, Action} {
		bubble(t, kind.String(), func(t *testing.T) {
			l := memnet.Listen()
			l.Close()
			c := newTestHTTPClient(t, l, HTTPOptions{})
			_, err := c.Call(t.Context(), testCall(t, kind))
			var e *DeploymentError
			if !errors.As(err, &e) || e.Class != Unavailable || len(l.Dials) != 3 {
				t.Errorf("%v after %d dials", err, len(l.Dials))
			}
		})
	}
}

// A kept connection that breaks at its first write has carried nothing, however far the transport got.
func TestDeadKeptConnectionHasRunNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := serve(t, answering(200, success))
		var dead atomic.Bool
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := l.Dial(ctx, network, address)
			return &breakingConn{conn, &dead}, err
		}}
		c, err := NewHTTPClient("http://deployment.test", HTTPOptions{Transport: transport})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		if _, err := c.Call(t.Context(), testCall(t, Mutation)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		dead.Store(true)
		l.Close()
		_, err = c.Call(t.Context(), testCall(t, Mutation))
		var e *DeploymentError
		if !errors.As(err, &e) || e.Class != Unavailable {
			t.Errorf("%v", err)
		}
		if len(l.Dials) != 1+3 {
			t.Errorf("%d connections were dialed; want one, and one for each of three attempts", len(l.Dials))
		}
	})
}

// breakingConn fails to write once it is broken.
type breakingConn struct {
	net.Conn
	dead *atomic.Bool
}

func (c *breakingConn) Write(p []byte) (int, error) {
	if c.dead.Load() {
		return 0, errors.New("broken pipe")
	}
	return c.Conn.Write(p)
}

func TestRetryWaitsLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := answering(429, `{"code":"TooManyWrites"}`)
		c := newTestHTTPClient(t, serve(t, api), HTTPOptions{Attempts: 8})
		if _, err := c.Call(t.Context(), testCall(t, Mutation)); err == nil {
			t.Fatal("no error")
		}
		asked := api.requests()
		for i, ms := range []int{100, 200, 400, 800, 1600, 2000, 2000} {
			base := time.Duration(ms) * time.Millisecond
			if wait := asked[i+1].at.Sub(asked[i].at); wait < base/2 || wait > base*3/2 {
				t.Errorf("wait %d is %v; want about %v", i, wait, base)
			}
		}
	})
}

func TestRetrySucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.answer = func(w http.ResponseWriter, _ *http.Request) {
			if len(api.requests()) < 3 {
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"code":"TooManyConcurrentRequests"}`)
				return
			}
			_, _ = io.WriteString(w, success)
		}
		c := newTestHTTPClient(t, serve(t, api), HTTPOptions{})
		result, err := c.Call(t.Context(), testCall(t, Action))
		if err != nil || string(result.Value) != `null` {
			t.Errorf("%+v, %v", result, err)
		}
		asked := api.requests()
		if asked[0].body != asked[2].body || asked[2].body == "" {
			t.Errorf("bodies %q and %q", asked[0].body, asked[2].body)
		}
	})
}

func TestOneAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := answering(429, "")
		c := newTestHTTPClient(t, serve(t, api), HTTPOptions{Attempts: 1})
		if _, err := c.Call(t.Context(), testCall(t, Query)); err == nil || len(api.requests()) != 1 {
			t.Errorf("%v after %d requests", err, len(api.requests()))
		}
	})
}

func TestRequest(t *testing.T) {
	fixed := http.Header{"Content-Type": {"application/json"}, "Convex-Client": {ClientName}, "Accept-Encoding": nil}
	for _, tt := range []struct {
		name string
		call func(*Call)
		want http.Header // besides the fixed ones
	}{
		{"anonymous", func(*Call) {}, nil},
		// unchanged: the deployment makes tokenIdentifier of the issuer exactly as it is in the token
		{"token", func(c *Call) { c.Token = "a.b.c" }, http.Header{"Authorization": {"Bearer a.b.c"}}},
		{"caller", func(c *Call) { c.ForwardedFor, c.UserAgent = "203.0.113.7", "okhttp/5" }, http.Header{
			"X-Forwarded-For": {"203.0.113.7"}, "User-Agent": {"okhttp/5"},
		}},
		{"request id", func(c *Call) { c.RequestID = "id-1" }, http.Header{"Convex-Request-Id": {"id-1"}}},
	} {
		for _, kind := range []Kind{Query, Mutation, Action} {
			bubble(t, tt.name+" "+kind.String(), func(t *testing.T) {
				api := answering(200, success)
				call := testCall(t, kind)
				tt.call(&call)
				if _, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), call); err != nil {
					t.Fatal(err)
				}
				got := api.requests()[0]
				if got.method != http.MethodPost || got.path != "/api/"+kind.String() {
					t.Errorf("%s %s", got.method, got.path)
				}
				if want := `{"path":"messages:list","args":{"a":{"$integer":"AQAAAAAAAAA="}},"format":"convex_encoded_json"}`; got.body != want {
					t.Errorf("body %s\nwant %s", got.body, want)
				}
				want := maps.Clone(fixed)
				maps.Copy(want, tt.want)
				want.Set("Content-Length", fmt.Sprint(len(got.body)))
				got.header.Del("Accept-Encoding")
				delete(want, "Accept-Encoding")
				if !reflect.DeepEqual(got.header, want) {
					t.Errorf("headers %v\nwant %v", got.header, want)
				}
			})
		}
	}
}

func TestOwnTransportRequestsNoCompression(t *testing.T) {
	if tr := NewTransport(0); !tr.DisableCompression || tr.MaxIdleConnsPerHost < 100 || tr.Proxy == nil {
		t.Errorf("transport %+v", tr)
	}
}

func TestFunctionResponses(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       *Result
	}{
		{
			"value", `{"status":"success","value":{"count":{"$integer":"KgAAAAAAAAA="},"name":"ada"},"logLines":["[LOG] 'listing'"]}`,
			&Result{Value: []byte(`{"count":{"$integer":"KgAAAAAAAAA="},"name":"ada"}`), LogLines: []string{"[LOG] 'listing'"}},
		},
		{"fields in any order", `{ "x":[1,{}], "logLines":null, "value": null , "status":"success" }`, &Result{Value: []byte(`null`)}},
		{
			"ConvexError", `{"status":"error","errorMessage":"[Request ID: 5a2b8c19de014f7a] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n    at handler (../convex/rooms.ts:12:10)\n","errorData":{"code":"FULL"},"logLines":["[ERROR] 'room full'"]}`,
			&Result{Err: &FunctionError{
				Message: "[Request ID: 5a2b8c19de014f7a] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n    at handler (../convex/rooms.ts:12:10)\n",
				Data:    []byte(`{"code":"FULL"}`), LogLines: []string{"[ERROR] 'room full'"},
			}},
		},
		{"ConvexError of null", `{"status":"error","errorMessage":"m","errorData":null}`, &Result{Err: &FunctionError{Message: "m", Data: []byte(`null`)}}},
		{"Error", `{"status":"error","errorMessage":"[Request ID: 00c0ffee00c0ffee] Server Error"}`, &Result{Err: &FunctionError{Message: "[Request ID: 00c0ffee00c0ffee] Server Error"}}},
	} {
		for _, status := range []int{200, 560} {
			bubble(t, fmt.Sprint(tt.name, " ", status), func(t *testing.T) {
				api := answering(status, tt.body)
				result, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), testCall(t, Query))
				calls := slices.DeleteFunc(api.requests(), func(r recordedRequest) bool { return r.method != http.MethodPost }) // but the probe
				if len(calls) != 1 {
					t.Errorf("tried %d times", len(calls))
				}
				if tt.want.Err == nil {
					if err != nil || !reflect.DeepEqual(result, tt.want) {
						t.Errorf("%+v, %v", result, err)
					}
					return
				}
				var e *FunctionError
				if !errors.As(err, &e) || !reflect.DeepEqual(e, tt.want.Err) || result != nil {
					t.Errorf("%+v, %+v", result, e)
				}
			})
		}
	}
}

func TestOversizedAnswerIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(maxResponse+1))
			_, _ = io.WriteString(w, `{`)
		}}
		_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), testCall(t, Query))
		if !errors.Is(err, errResponseTooLarge) || len(api.requests()) != 1 {
			t.Errorf("%v after %d requests", err, len(api.requests()))
		}
	})
}

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }

func TestEndlessAnswerIsCutOff(t *testing.T) {
	text, err := readBody(&http.Response{Body: endless{}, ContentLength: -1}, nil)
	if !errors.Is(err, errResponseTooLarge) || len(text) > maxResponse+1 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestCanceledCall(t *testing.T) {
	for kind, want := range map[Kind]Class{Query: -1, Mutation: OutcomeUnknown, Action: OutcomeUnknown} {
		bubble(t, kind.String()+" while it runs", func(t *testing.T) {
			api := &fakeAPI{answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(ctx, testCall(t, kind))
			var e *DeploymentError
			switch isDeploymentError := errors.As(err, &e); {
			case !errors.Is(err, context.DeadlineExceeded) || len(api.requests()) != 1:
				t.Errorf("%v after %d requests", err, len(api.requests()))
			case want < 0 && isDeploymentError, want >= 0 && (!isDeploymentError || e.Class != want):
				t.Errorf("%v: it must be unknown whether a %s has run", err, kind)
			}
		})
		bubble(t, kind.String()+" before it is sent", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			c := newTestHTTPClient(t, memnet.Listen(), HTTPOptions{})                      // of which no connection is accepted
			if _, err := c.Call(ctx, testCall(t, kind)); err != context.DeadlineExceeded { //nolint:errorlint // exactly
				t.Errorf("ends as %v", err)
			}
		})
	}
	bubble(t, "while it waits to try again", func(t *testing.T) {
		api := answering(429, "")
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(ctx, testCall(t, Query))
		var e *DeploymentError
		if !errors.As(err, &e) || e.Class != RateLimited || time.Since(start) != 40*time.Millisecond || len(api.requests()) != 1 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestVersion(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		ok     bool
	}{{200, "1.2.3", true}, {500, "", false}, {404, "", false}} {
		bubble(t, fmt.Sprint(tt.status), func(t *testing.T) {
			api := answering(tt.status, tt.body)
			got, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Version(t.Context())
			if (err == nil) != tt.ok || got != tt.body || api.requests()[0].path != "/version" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	bubble(t, "unreachable", func(t *testing.T) {
		l := memnet.Listen()
		l.Close()
		var e *DeploymentError
		if _, err := newTestHTTPClient(t, l, HTTPOptions{}).Version(t.Context()); !errors.As(err, &e) || e.Class != Unavailable {
			t.Errorf("%v", err)
		}
	})
}

func TestDeploymentURLs(t *testing.T) {
	for text, want := range map[string]string{
		"https://happy-animal-123.convex.cloud": "https://happy-animal-123.convex.cloud",
		"http://127.0.0.1:3210/":                "http://127.0.0.1:3210",
		"https://host/behind/a/proxy/":          "https://host/behind/a/proxy",
		"":                                      "",
		"happy-animal-123.convex.cloud":         "",
		"ws://host":                             "",
		"https://":                              "",
		"https://host?x=1":                      "",
		"https://host#x":                        "",
		"https://user:secret@host":              "",
		"https://user:secret@host\x7f":          "",
	} {
		c, err := NewHTTPClient(text, HTTPOptions{})
		if (err == nil) != (want != "") || err == nil && c.url.String() != want {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error has the password: %v", text, err)
		}
	}
}

func FuzzParseFunctionResponse(f *testing.F) {
	for _, text := range []string{
		success, `{"status":"error","errorMessage":"m","errorData":{"a":[1]},"logLines":["x"]}`, `{"status":"success","value":{"a":[1,"]"]}}`, `[]`, `{`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := parseFunctionResponse(text)
		if (r == nil) == (err == nil) {
			t.Fatalf("%+v, %v", r, err)
		}
		if err == nil && (r.Value == nil) == (r.Err == nil) {
			t.Fatalf("%s is both or neither: %+v", text, r)
		}
		var want struct {
			Value     json.RawMessage `json:"value"`
			ErrorData json.RawMessage `json:"errorData"`
		}
		if err == nil && r.Err == nil && json.Unmarshal(text, &want) == nil && !json.Valid(r.Value) {
			t.Fatalf("value of %s is %s", text, r.Value)
		}
	})
}

// A call for which there is no connection fails at once, unsent, and as one that may be tried again.
func TestTooManyCallsUnderWay(t *testing.T) {
	for _, kind := range []Kind{Query, Mutation, Action} {
		bubble(t, kind.String(), func(t *testing.T) {
			release := make(chan struct{})
			api := &fakeAPI{answer: func(w http.ResponseWriter, _ *http.Request) {
				<-release
				_, _ = io.WriteString(w, `{"status":"success","value":null}`)
			}}
			c := newTestHTTPClient(t, serve(t, api), HTTPOptions{MaxConns: 2, Attempts: 1})
			var running sync.WaitGroup
			for range 2 {
				running.Go(func() {
					if _, err := c.Call(t.Context(), testCall(t, kind)); err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			_, err := c.Call(t.Context(), testCall(t, kind))
			if e, ok := errors.AsType[*DeploymentError](err); !ok || e.Class != Unavailable || len(api.requests()) != 2 {
				t.Errorf("%v after %d requests", err, len(api.requests()))
			}
			close(release)
			running.Wait()
			if _, err := c.Call(t.Context(), testCall(t, kind)); err != nil {
				t.Errorf("when there is a connection again: %v", err)
			}
		})
	}
	if got := NewTransport(7).MaxConnsPerHost; got != 7 {
		t.Errorf("%d connections may be dialled", got)
	}
}

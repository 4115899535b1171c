package deployment_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
	"convexgateway/internal/wait"
)

// Here is what the real backend did where testdata/golden has nothing: each test names the recording that it was written from.

// inMemory is a deployment in a bubble.
type inMemory struct {
	*deployment.Deployment
	t   *testing.T
	via *http.Client
}

func recorded(t *testing.T, cfg deployment.Config, test func(d inMemory)) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, cfg)
		test(inMemory{d, t, via})
	})
}

// request sends a request and returns the status and the body.
func (d inMemory) request(method, path, body string, header ...string) (int, string) {
	d.t.Helper()
	r, err := http.NewRequest(method, d.URL()+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := d.via.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

// is compares an answer with one recorded, whose placeholders are those of testdata/golden.
func (d inMemory) is(status int, body string, wantStatus int, want string) {
	d.t.Helper()
	if err := (bindings{}).match(want, body); status != wantStatus || err != nil {
		d.t.Errorf("%d, want %d; %v", status, wantStatus, err)
	}
}

func (d inMemory) dial() *devtest.SyncClient {
	d.t.Helper()
	return devtest.DialVia(d.t, d.Deployment, d.via, nil)
}

func (d inMemory) count(name string) string {
	d.t.Helper()
	_, body := d.request("POST", "/api/query", `{"path":"counter:get","args":{"name":"`+name+`"}}`)
	return body
}

// slowFunctions take time between their reads and writes.
func slowFunctions() []app.Function {
	name := v.Object(v.Field("name", v.String()), v.Field("ms", v.Number(), v.Optional))
	return append(app.Sample(),
		app.Mutation("slow:add", name, func(ctx *app.MutationCtx, args app.Args) (any, error) {
			value, err := app.CounterGet(&app.QueryCtx{DB: ctx.DB.Reader}, args)
			_ = wait.For(ctx, time.Duration(args.FloatOr("ms", 20))*time.Millisecond)
			if err != nil {
				return nil, err
			}
			_, err = app.CounterAdd(ctx, app.Args{"name": args["name"], "by": 1.0})
			return value, err
		}),
		app.Query("slow:get", name, func(ctx *app.QueryCtx, args app.Args) (any, error) {
			return nil, wait.For(ctx, time.Duration(args.Float("ms"))*time.Millisecond)
		}),
		app.Action("slow:act", name, func(ctx *app.ActionCtx, args app.Args) (any, error) {
			_ = wait.For(ctx, time.Duration(args.Float("ms"))*time.Millisecond)
			return ctx.RunMutation("counter:add", map[string]any{"name": args["name"]})
		}),
	)
}

const conflictText = `{"code":"OptimisticConcurrencyControlFailure","message":"Documents read from or written to the \"counters\" table changed ` +
	`while this mutation was being run and on every subsequent retry. Another call to this mutation changed the document with ID ` +
	`\"<id:1>\". See https://docs.convex.dev/error#1"}`

// Recorded from convex-local-backend 94a42c3: 3f-occ.json, http_occ.
func TestRecorded_contendedMutationsOverHTTPConflict(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		var group sync.WaitGroup
		var mu sync.Mutex
		succeeded, conflicts := 0, 0
		for range 40 {
			group.Go(func() {
				status, body := d.request("POST", "/api/mutation", `{"path":"slow:add","args":{"name":"hot","ms":100}}`)
				mu.Lock()
				defer mu.Unlock()
				if status == 200 {
					succeeded++
					return
				}
				conflicts++
				d.is(status, body, 503, conflictText)
			})
		}
		group.Wait()
		if conflicts == 0 || succeeded == 0 {
			t.Errorf("%d succeeded, %d had conflicts", succeeded, conflicts)
		}
		if got, want := d.count("hot"), fmt.Sprintf(`{"status":"success","value":%d.0}`, succeeded); got != want {
			t.Errorf("%s, want %s: what had a conflict was not done", got, want)
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 3f-occ.json, ws_occ. Mutations queued behind the one that lost are gone.
func TestRecorded_contendedMutationsCloseTheSocket(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		clients := make([]*devtest.SyncClient, 24)
		for i := range clients {
			clients[i] = d.dial()
			clients[i].Mutate(1, "slow:add", `{"name":"hot","ms":100}`)
		}
		answered, closed := 0, 0
		for _, c := range clients {
			ctx, cancel := devtest.Context()
			_, data, err := c.Socket.Read(ctx)
			cancel()
			switch {
			case err == nil && strings.Contains(string(data), `"success":true`):
				answered++
			case websocket.CloseStatus(err) == websocket.StatusTryAgainLater && strings.Contains(err.Error(), "OptimisticConcurrencyControlFailure"):
				closed++
			default:
				t.Errorf("%s, %v", data, err)
			}
		}
		if answered == 0 || closed == 0 {
			t.Errorf("%d answered, %d closed", answered, closed)
		}
		if got, want := d.count("hot"), fmt.Sprintf(`{"status":"success","value":%d.0}`, answered); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

const pausedText = "Cannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run."

// Recorded from convex-local-backend 94a42c3: 3a-paused.json, 12-stop-probe.json.
func TestRecorded_pausedDeployment(t *testing.T) {
	recorded(t, deployment.Config{}, func(d inMemory) {
		key := "Convex " + d.AdminKey()
		const session = "292a6217-226d-46c3-b841-d306a7a7f7f4"
		c := d.dial()
		c.Connect(session)
		c.Mutate(1, "counter:add", `{"name":"p"}`)
		first := c.Expect("MutationResponse")
		c.Expect("Transition")
		c.Add(0, 0, "counter:get", `{"name":"p"}`)
		c.UntilQuerySet(1)
		d.is200("POST", "/api/v1/pause_deployment", "", ``, "Authorization", key)

		const failed = "error: [Request ID: <rid>] Server Error\n" + pausedText + "\n"
		c.Expect("Transition")
		if err := (bindings{}).match(failed, c.Results[0]); err != nil || c.Last.EndVersion == c.Last.StartVersion {
			t.Errorf("the live query: %v", err)
		}
		c.Mutate(2, "counter:add", `{"name":"p"}`)
		if m := c.Response(); m.Success || !strings.Contains(string(m.Result), pausedText) || m.Ts != nil {
			t.Errorf("a mutation: %+v", m)
		}
		c.Act(3, "actions:sleep", `{"ms":1}`)
		if m := c.Response(); m.Success || !strings.Contains(string(m.Result), pausedText) {
			t.Errorf("an action: %+v", m)
		}
		again := d.dial() // upgrades and Connects work, and what is recorded is answered
		again.Connect(session)
		again.Mutate(1, "other:path", `{}`)
		if m := again.Response(); !m.Success || *m.Ts != *first.Ts {
			t.Errorf("a recorded mutation: %+v", m)
		}

		const refused = `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error\n` + pausedText + `\n"}`
		for _, header := range [][]string{nil, {"Authorization", key}} {
			for path, body := range map[string]string{
				"query": `{"path":"users:me","args":{}}`, "mutation": `{"path":"counter:add","args":{"name":"p"}}`, "action": `{"path":"nope","args":{}}`,
			} {
				status, text := d.request("POST", "/api/"+path, body, header...)
				d.is(status, text, 200, refused)
			}
		}
		d.is200("POST", "/api/query_batch", `{"queries":[{"path":"users:me","args":{}}]}`, `{"results":[`+refused+`]}`)
		d.is200("POST", "/api/function", `{"path":"users:me","args":{}}`, refused, "Authorization", key)
		d.is200("POST", "/api/query_ts", ``, `{"ts":"<ts:1>"}`)
		d.is200("POST", "/api/query", `{"path":"_system/frontend/backendState:backendState","args":{}}`, `{"status":"success","value":{"system":"none","usage_limit":"none","user":"paused"}}`, "Authorization", key)
		d.is200("GET", "/api/check_admin_key", ``, `{"success":true,"allowedOps":[],"isReadOnly":false}`, "Authorization", key)
		const probe = "/api/storage/c774e6f1-41b5-4a43-8c8f-62c05c78c90b"
		status, body := d.request("GET", probe, "")
		d.is(status, body, 400, `{"code":"BackendIsNotRunning","message":"Cannot perform this operation when the backend is not running"}`)
		if status, body := d.request("HEAD", probe, ""); status != 400 || body != "" {
			t.Errorf("HEAD: %d %s", status, body)
		}
		status, body = d.request("GET", "/http/anything", "")
		d.is(status, body, 500, `{"code":"[Request ID: <rid>] Server Error: `+pausedText+`","trace":"`+pausedText+`\n"}`)
		d.SetRedact(true)
		d.is200("POST", "/api/query", `{"path":"users:me","args":{}}`, `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error"}`)
		d.SetRedact(false)

		d.is200("POST", "/api/v1/unpause_deployment", "", ``, "Authorization", key)
		c.Until(func() bool { return c.Results[0] == "1" })
		status, body = d.request("GET", probe, "")
		d.is(status, body, 404, `{"code":"FileNotFound","message":"File c774e6f1-41b5-4a43-8c8f-62c05c78c90b not found"}`)
		if status, body := d.request("POST", "/api/v1/unpause_deployment", "", "Authorization", key); status != 400 || !strings.Contains(body, "UnpauseDeploymentFailed") {
			t.Errorf("twice: %d %s", status, body)
		}
		if status, _ := d.request("POST", "/api/v1/pause_deployment", ""); status != 403 {
			t.Errorf("without a key: %d", status)
		}
	})
}

// is200 sends a request whose answer is 200 with a recorded body.
func (d inMemory) is200(method, path, body, want string, header ...string) {
	d.t.Helper()
	status, got := d.request(method, path, body, header...)
	d.is(status, got, 200, want)
}

// Recorded from convex-local-backend 94a42c3: 3a-paused.json, s5.
func TestRecorded_actionThatRunsIntoAPause(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		c := d.dial()
		c.Act(1, "slow:act", `{"name":"a","ms":1500}`)
		wait.For(d.t.Context(), time.Second)
		if err := d.Stop(deployment.Paused); err != nil {
			t.Fatal(err)
		}
		var text string
		_ = json.Unmarshal([]byte(c.Response().Result), &text)
		if want := "Server Error\nUncaught Error: " + pausedText + "\n\n    at "; !strings.Contains(text, want) {
			t.Errorf("%s", text)
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 9b-expiry-usage.json, usageLimit.
func TestRecorded_usageLimit(t *testing.T) {
	recorded(t, deployment.Config{}, func(d inMemory) {
		if err := d.Stop(deployment.OverUsageLimit); err != nil {
			t.Fatal(err)
		}
		d.is200("POST", "/api/query", `{"path":"users:me","args":{}}`, `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error\nThis deployment has been disabled because it exceeded a configured usage limit. `+
			`Update or disable the usage limit in the Convex dashboard in deployment settings to resume function execution.\n"}`)
	})
}

const overloadText = `{"code":"TooManyConcurrentRequests","message":"Too many concurrent requests. Your backend is limited to 1 concurrent %s. ` +
	`To get more resources, upgrade to Convex Pro. If you are already on Convex Pro, please contact support."}`

// Recorded from convex-local-backend 94a42c3: 3e-overload.json, 3f-q.json.
func TestRecorded_noFreeSlot(t *testing.T) {
	for kind, test := range map[string]struct{ path, busy, next, plural string }{
		"query":    {"slow:get", `{"name":"x","ms":12000}`, `{"name":"y","ms":1}`, "querys"},
		"mutation": {"slow:add", `{"name":"x","ms":12000}`, `{"name":"y","ms":1}`, "mutations"},
		"action":   {"slow:act", `{"name":"x","ms":25000}`, `{"name":"y","ms":1}`, "actions"},
	} {
		recorded(t, deployment.Config{Functions: slowFunctions(), Slots: app.Slots{Queries: 1, Mutations: 1, Actions: 1}}, func(d inMemory) {
			done := make(chan int, 1)
			go func() {
				response, err := d.via.Post(d.URL()+"/api/"+kind, "application/json", strings.NewReader(`{"path":"`+test.path+`","args":`+test.busy+`}`))
				if err != nil {
					done <- 0
					return
				}
				_ = response.Body.Close()
				done <- response.StatusCode
			}()
			synctest.Wait()
			c := d.dial()
			switch kind {
			case "query":
				c.Add(0, 0, test.path, test.next)
			case "mutation":
				c.Mutate(1, test.path, test.next)
			default:
				c.Act(1, test.path, test.next)
			}
			c.ExpectClose(websocket.StatusTryAgainLater, "TooManyConcurrentRequests")
			status, body := d.request("POST", "/api/"+kind, `{"path":"`+test.path+`","args":`+test.next+`}`)
			d.is(status, body, 429, fmt.Sprintf(overloadText, test.plural))
			if status := <-done; status != 200 {
				t.Errorf("the running %s: %d", kind, status)
			}
		})
	}
}

// Recorded from convex-local-backend 94a42c3: 3g-redacted.json.
func TestRecorded_redaction(t *testing.T) {
	recorded(t, deployment.Config{Redact: true, Controls: true}, func(d inMemory) {
		key := "Convex " + d.AdminKey()
		const hidden = `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error"}`
		for _, test := range []struct{ body, key string }{
			{`{"path":"messages:nope","args":{}}`, ""}, {`{"path":"messages:send","args":{}}`, ""}, {`{"path":"values:echo","args":{}}`, ""},
			{`{"path":"errors:crash","args":{}}`, ""}, {`{"path":"_system/cli/modules:apiSpec","args":{}}`, ""}, {`{"path":"testing:big","args":{"bytes":16777215}}`, ""},
			{`{"path":"messages:page","args":{"paginationOpts":{"numItems":1,"cursor":"x"}}}`, ""}, {`{"path":"values:echo","args":{}}`, key}, {`{"path":"errors:crash","args":{}}`, key},
		} {
			header := []string{}
			if test.key != "" {
				header = []string{"Authorization", test.key}
			}
			d.is200("POST", "/api/query", test.body, hidden, header...)
		}
		d.is200("POST", "/api/query", `{"path":"errors:convex","args":{"data":{"code":"NOPE","n":{"$integer":"AQAAAAAAAAA="}}},"format":"convex_encoded_json"}`,
			`{"status":"error","errorMessage":"[Request ID: <rid>] Server Error","errorData":{"code":"NOPE","n":{"$integer":"AQAAAAAAAAA="}}}`)
		d.is200("POST", "/api/query", `{"path":"testing:log","args":{}}`, `{"status":"success","value":null}`)
		status, body := d.request("POST", "/api/query", `{"path":"users:me","args":{}}`, "Authorization", "Bearer garbage")
		d.is(status, body, 401, `{"code":"InvalidAuthHeader","message":"Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots."}`)
	})
}

// queryTs is the deployment's latest timestamp.
func (d inMemory) queryTs() uint64 {
	d.t.Helper()
	_, body := d.request("POST", "/api/query_ts", "")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(body, `{"ts":"`), `"}`))
	if err != nil || len(raw) != 8 {
		d.t.Fatal(body)
	}
	return binary.LittleEndian.Uint64(raw)
}

func tsText(ts uint64) string {
	return base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, ts))
}

// Recorded from convex-local-backend 94a42c3: 6-ts.json, maxObserved and at.
func TestRecorded_timestampsAreThoseOfCommits(t *testing.T) {
	recorded(t, deployment.Config{}, func(d inMemory) {
		latest := d.queryTs()
		wait.For(d.t.Context(), time.Hour)
		if now := d.queryTs(); now != latest {
			t.Errorf("%d, then %d, and nothing was committed", latest, now)
		}
		for given, accepted := range map[string]bool{
			`"` + tsText(latest) + `"`: true, `"` + tsText(latest+1) + `"`: false, `"` + tsText(uint64(time.Now().UnixNano())) + `"`: false, `null`: true, `"` + tsText(0) + `"`: true,
		} {
			c := d.dial()
			c.Send(`{"type":"Connect","sessionId":%q,"connectionCount":0,"lastCloseReason":null,"maxObservedTimestamp":%s}`, devtest.SessionID, given)
			if !accepted {
				c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
				continue
			}
			c.Add(0, 0, "users:me", `{}`)
			if m := c.Expect("Transition"); m.EndVersion.Ts != tsText(latest) {
				t.Errorf("%s: a transition to %s", given, m.EndVersion.Ts)
			}
		}
		const internal = `{"code":"InternalServerError","message":"Your request couldn't be completed. Try again later."}`
		at := func(ts string) (int, string) {
			return d.request("POST", "/api/query_at_ts", `{"path":"users:me","args":{},"ts":"`+ts+`"}`)
		}
		for ts, want := range map[string]int{tsText(latest): 200, tsText(latest + 1): 500, tsText(0): 503, "x": 500} {
			if status, body := at(ts); status != want || want != 200 && body != internal {
				t.Errorf("at %s: %d %s", ts, status, body)
			}
		}
		devtest.AddOne(t, d.Deployment, d.via)
		if status, _ := at(tsText(latest)); status != 503 {
			t.Errorf("an old timestamp, with a later commit: %d", status)
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 1f-cost-drop-drain-SIGINT.json, wsDrop, httpAbort and wsActionDrop.
func TestRecorded_runningMutationEndsWithItsSocket(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		for i, end := range []func(*devtest.SyncClient){
			func(c *devtest.SyncClient) { _ = c.Socket.CloseNow() },
			func(c *devtest.SyncClient) { _ = c.Socket.Close(websocket.StatusNormalClosure, "") },
		} {
			c := d.dial()
			c.Connect(devtest.SessionID)
			c.Mutate(i, "slow:add", `{"name":"m","ms":1000}`)
			c.Act(10+i, "slow:act", `{"name":"a","ms":1000}`)
			wait.For(d.t.Context(), 100*time.Millisecond)
			end(c)
		}
		wait.For(d.t.Context(), 5*time.Second)
		if m, a := d.count("m"), d.count("a"); m != `{"status":"success","value":0.0}` || a != `{"status":"success","value":2.0}` {
			t.Errorf("mutations %s, actions %s", m, a)
		}
		again := d.dial() // only a resend runs it
		again.Connect(devtest.SessionID)
		again.Mutate(0, "slow:add", `{"name":"m","ms":1000}`)
		if m := again.Response(); !m.Success || d.count("m") != `{"status":"success","value":1.0}` {
			t.Errorf("sent again: %+v, %s", m, d.count("m"))
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 9c-mutation-expiry.json: the first mutation that ends after the token's expiry commits
// without an answer, later ones do not run.
func TestRecorded_answerLostAtExpiry(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		token := devtest.MustToken(t, d.Deployment, deployment.TokenRequest{User: "alice", TTL: 2 * time.Second})
		c := d.dial()
		c.Connect(devtest.SessionID)
		c.Authenticate(0, token)
		for i := range 4 {
			c.Mutate(i, "slow:add", `{"name":"e","ms":800}`)
		}
		for i := range 2 {
			if m := c.Response(); m.Type != "MutationResponse" || m.RequestID != uint32(i) {
				t.Fatalf("%+v", m)
			}
		}
		m := c.Response()
		if m.Type != "AuthError" || m.Error != "Convex token identity expired" || *m.BaseVersion != 1 || m.AuthUpdateAttempted {
			t.Errorf("%+v", m)
		}
		c.ExpectClose(websocket.StatusNoStatusRcvd, "")
		if got := d.count("e"); got != `{"status":"success","value":3.0}` {
			t.Errorf("%s, want 3: two answered, one not", got)
		}
		again := d.dial()
		again.Connect(devtest.SessionID)
		again.Authenticate(0, devtest.MustToken(t, d.Deployment, deployment.TokenRequest{User: "alice"}))
		for i := range 4 {
			again.Mutate(i, "slow:add", `{"name":"e","ms":800}`)
			if m := again.Response(); !m.Success {
				t.Errorf("%d sent again: %+v", i, m)
			}
		}
		if got := d.count("e"); got != `{"status":"success","value":4.0}` {
			t.Errorf("%s, want 4", got)
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 8-misc.json, anonReplaysAlice, and 1a-replay.json.
func TestRecorded_recordsDoNotDependOnTheCaller(t *testing.T) {
	who := append(app.Sample(), app.Mutation("who:am", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		return ctx.Auth().GetUserIdentity()["subject"], nil
	}))
	recorded(t, deployment.Config{Functions: who}, func(d inMemory) {
		c := d.dial()
		c.Connect(devtest.SessionID)
		c.Authenticate(0, devtest.MustToken(t, d.Deployment, deployment.TokenRequest{User: "alice"}))
		c.Mutate(1, "who:am", `{}`)
		first := c.Response()
		for _, call := range []struct{ path, args string }{{"who:am", `{}`}, {"users:me", `{}`}, {"nope:nope", `{}`}, {"internal:secret", `{}`}, {"who:am", `{"x":1}`}} {
			anonymous := d.dial()
			anonymous.Connect(devtest.SessionID)
			anonymous.Mutate(1, call.path, call.args)
			if m := anonymous.Response(); !m.Success || string(m.Result) != string(first.Result) || *m.Ts != *first.Ts {
				t.Errorf("%v: %+v", call, m)
			}
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 1b-trick.json.
func TestRecorded_severalConnectsOnOneSocket(t *testing.T) {
	recorded(t, deployment.Config{}, func(d inMemory) {
		const own, derived = "f23c43d9-4bc8-463f-80a6-57eb91df775a", "28af0362-fbd2-891a-84a8-328fb301233d"
		c := d.dial()
		c.Connect(own)
		c.Add(0, 0, "counter:get", `{"name":"k"}`)
		c.UntilQuerySet(1)
		for range 300 {
			c.Connect(derived)
		}
		c.Mutate(0, "counter:add", `{"name":"k"}`)
		c.Connect(own)
		c.Mutate(0, "counter:add", `{"name":"k"}`)
		keyed, ordinary := c.Response(), c.Response()
		if string(keyed.Result) != "1" || string(ordinary.Result) != "2" {
			t.Errorf("%+v, %+v", keyed, ordinary)
		}
		c.Until(func() bool { return c.Results[0] == "2" })
		for session, want := range map[string]devtest.ServerMessage{own: ordinary, derived: keyed} {
			again := d.dial()
			again.Connect(session)
			again.Mutate(0, "counter:add", `{"name":"k"}`)
			if m := again.Response(); string(m.Result) != string(want.Result) || *m.Ts != *want.Ts {
				t.Errorf("%s: %+v", session, m)
			}
		}
		c.Add(1, 1, "counter:get", `{"name":"other"}`)
		c.UntilQuerySet(2) // each mutation may have a transition of its own before
		c.Send(`{"type":"Connect","sessionId":%q,"connectionCount":0,"lastCloseReason":null,"maxObservedTimestamp":"AAAAAAAAAHE="}`, derived)
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	})
}

// Recorded from convex-local-backend 94a42c3: 9b-expiry-usage.json, loss: a close loses answers that are ready.
func TestRecorded_badFrameEndsWhatIsQueued(t *testing.T) {
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		c := d.dial()
		c.Connect(devtest.SessionID)
		c.Mutate(0, "slow:add", `{"name":"l"}`)
		c.Mutate(1, "slow:add", `{"name":"l","ms":1000}`)
		if m := c.Response(); !m.Success {
			t.Fatalf("%+v", m)
		}
		c.Expect("Transition")
		c.Send(`{"type":"Action","requestId":9,"udfPath":"slow:act","args":{}}`)
		if m := c.Expect("FatalError"); m.Error != "Invalid arguments provided" {
			t.Errorf("%+v", m)
		}
		c.ExpectClose(websocket.StatusNoStatusRcvd, "")
	})
}

// Seen on convex-local-backend 94a42c3 with the spec of 2-spec.json: sockets outlive a deploy, every query runs again, only what differs is
// sent, and a function that was missing is found.
func TestRecorded_deployWithLiveQueries(t *testing.T) {
	echo := func(answer string) app.Function {
		return app.Query("deployed:get", v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return answer, nil })
	}
	recorded(t, deployment.Config{Functions: slowFunctions()}, func(d inMemory) {
		c := d.dial()
		c.Send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":%q}`, d.AdminKey())
		c.Add(0, 0, "deployed:get", `{}`)
		c.Add(1, 1, "users:me", `{}`)
		c.Add(2, 2, "_system/cli/modules:apiSpec", `{}`)
		c.UntilQuerySet(3)
		if !strings.Contains(c.Results[0], "Could not find public function for 'deployed:get'.") {
			t.Errorf("before: %s", c.Results[0])
		}
		c.Act(1, "slow:act", `{"name":"a","ms":1000}`)
		if err := d.Deploy(append(slowFunctions(), echo("one"))); err != nil {
			t.Fatal(err)
		}
		c.Expect("Transition")
		if len(c.Last.Modifications) != 2 || c.Results[0] != `"one"` || !strings.Contains(c.Results[2], "deployed.js:get") {
			t.Errorf("new: %+v", c.Last)
		}
		if m := c.Response(); !m.Success {
			t.Errorf("an action meanwhile: %+v", m)
		}
		c.Expect("Transition")
		if err := d.Deploy(append(slowFunctions(), echo("two"))); err != nil {
			t.Fatal(err)
		}
		c.Expect("Transition")
		if len(c.Last.Modifications) != 1 || c.Results[0] != `"two"` {
			t.Errorf("another body: %+v", c.Last)
		}
		d.is200("POST", "/api/query", `{"path":"_system/cli/convexUrl:siteUrl","args":{}}`, `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error\nCouldn't find \"siteUrl\" in module \"_system/cli/convexUrl.js\".\n"}`, "Authorization", "Convex "+d.AdminKey())
	})
}

// Recorded from convex-local-backend 94a42c3: 3c-socket.json, componentPath as anonymous and as admin.
func TestRecorded_componentPaths(t *testing.T) {
	recorded(t, deployment.Config{}, func(d inMemory) {
		const add = `{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"users:me","args":[{}],"componentPath":"nope"}]}`
		c := d.dial()
		c.Send(add)
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
		c = d.dial()
		c.Send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":%q}`, d.AdminKey())
		c.Send(add)
		c.UntilQuerySet(1)
		if err := (bindings{}).match("error: [Request ID: <rid>] Server Error\nComponent path 'nope' not found\n", c.Results[0]); err != nil {
			t.Error(err)
		}
	})
}

// Recorded from convex-local-backend 94a42c3: 5-identity.json, oidc2 and odd.
func TestRecorded_claimsWithReservedNames(t *testing.T) {
	who := append(app.Sample(), app.Query("who:am", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) {
		return ctx.Auth().GetUserIdentity() != nil, nil
	}))
	recorded(t, deployment.Config{Functions: who}, func(d inMemory) {
		me := func(path string, claims map[string]any) (int, string) {
			token := devtest.MustToken(t, d.Deployment, deployment.TokenRequest{User: "alice", Claims: claims})
			return d.request("POST", "/api/query", `{"path":"`+path+`","args":{}}`, "Authorization", "Bearer "+token)
		}
		_, body := me("users:me", map[string]any{"issuer": "spoof", "subject": "spoof", "tokenIdentifier": "spoof", "emailVerified": "spoof"})
		for _, field := range []string{"issuer", "subject", "tokenIdentifier", "emailVerified"} {
			if !strings.Contains(body, `"`+field+`":"spoof"`) {
				t.Errorf("%s: %s", field, body)
			}
		}
		status, body := me("who:am", map[string]any{"$dollar": 1})
		d.is(status, body, 200, `{"status":"error","errorMessage":"[Request ID: <rid>] Server Error\nUncaught Error: Field name $dollar starts with a '$', which is reserved.\n<stack>"}`)
	})
}

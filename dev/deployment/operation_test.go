package deployment

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/v"
)

func TestSync_item31_orderOfMutationsAndActions(t *testing.T) {
	release := make(chan struct{})
	d := startTest(t, Config{Functions: append(app.Sample(),
		app.Mutation("slow:add", v.Object(), func(*app.MutationCtx, app.Args) (any, error) { <-release; return nil, nil }),
	)})
	c := dialSync(t, d)
	c.connect(sessionA)
	c.mutate(0, "slow:add", `{}`)
	c.mutate(1, "counter:add", `{"name":"n"}`)
	c.mutate(2, "counter:add", `{"name":"n"}`)
	c.act(3, "actions:sleep", `{"ms":0}`)
	if m := c.response(); m.Type != "ActionResponse" || m.RequestID != 3 {
		t.Fatalf("got %+v, want the action to overtake", m)
	}
	close(release)
	for want := range uint32(3) {
		if m := c.response(); m.Type != "MutationResponse" || m.RequestID != want || !m.Success {
			t.Fatalf("got %+v, want the response to %d", m, want)
		}
	}
}

func TestSync_item32_transitionCoversTheMutation(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.connect(sessionA)
	c.mutate(0, "counter:add", `{"name":"n"}`)
	m := c.response()
	if m.Ts == nil {
		t.Fatalf("%+v has no ts", m)
	}
	ts := versionJSON{Ts: *m.Ts}.ts(t)
	c.until(func() bool { return c.version.ts(t) >= ts })
	c.mutate(1, "errors:convexMutation", `{"data":{"code":"FULL"}}`)
	m = c.response()
	if m.Success || m.Ts != nil || string(m.ErrorData) != `{"code":"FULL"}` || !strings.Contains(string(m.Result), "Uncaught ConvexError") {
		t.Fatalf("%+v", m)
	}
	c.expect("Transition") // after a failed one too
}

func TestSync_argsThatAreNoArrayFailTheMutation(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.send(`{"type":"Mutation","requestId":0,"udfPath":"counter:add","args":{}}`)
	if m := c.response(); m.Success || !strings.Contains(string(m.Result), "Invalid arguments provided") {
		t.Fatalf("%+v", m)
	}
}

func TestSync_tooManyActions(t *testing.T) {
	d := startTest(t, Config{Functions: []app.Function{app.Action("slow:work", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})}})
	c := dialSync(t, d)
	for i := range maxWaiting + 2 {
		c.act(i, "slow:work", `{}`)
	}
	c.expectClose(websocket.StatusTryAgainLater, "TooManyInflightActionsForSingleClient")
}

func TestSync_requestIDOfOperations(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.connect(strings.ToUpper(sessionA))
	c.mutate(5, "errors:crashMutation", `{}`)
	// The first 16 hex digits of sha256("6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e|5").
	if m := c.response(); !strings.HasPrefix(string(m.Result), `"[Request ID: 7f5f07f3d81b3134] Server Error\nUncaught Error: boom\n`) {
		t.Fatalf("%s", m.Result)
	}
}

func TestSync_item35_mutationsRunOnce(t *testing.T) {
	runs := 0
	fail := true
	d := startTest(t, Config{Functions: append(app.Sample(), app.Mutation("once:flaky", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		runs++
		ctx.Log("run")
		if fail {
			return nil, &app.ConvexError{Data: "flaky"}
		}
		return float64(runs), nil
	}))})
	first := dialSync(t, d)
	first.connect(sessionA)
	first.mutate(0, "once:flaky", `{}`)
	if m := first.response(); m.Success {
		t.Fatalf("%+v", m)
	}
	fail = false
	first.mutate(0, "once:flaky", `{}`) // a failed one runs again
	done := first.response()
	if !done.Success || string(done.Result) != "2" {
		t.Fatalf("%+v", done)
	}
	second := dialSync(t, d)
	second.connect(sessionA)
	second.mutate(0, "messages:send", `{"body":"another function"}`)
	again := second.response()
	if string(again.Result) != "2" || *again.Ts != *done.Ts || len(again.LogLines) != 1 || runs != 2 {
		t.Fatalf("repeat: %+v, runs %d; first: %+v", again, runs, done)
	}
	other := dialSync(t, d)
	other.mutate(0, "once:flaky", `{}`) // without a session
	if m := other.response(); string(m.Result) != "3" {
		t.Fatalf("%+v", m)
	}
}

func TestSync_item35_survivesARestart(t *testing.T) {
	store := newTestStore()
	d := startTest(t, Config{Store: store})
	c := dialSync(t, d)
	c.connect(sessionA)
	c.mutate(0, "counter:add", `{"name":"n"}`)
	done := c.response()
	d.Close()
	d = startTest(t, Config{Store: store})
	c = dialSync(t, d)
	c.connect(sessionA)
	c.mutate(0, "counter:add", `{"name":"n"}`)
	if again := c.response(); *again.Ts != *done.Ts || string(again.Result) != "1" {
		t.Fatalf("%+v, then %+v", done, again)
	}
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 1.0 {
		t.Errorf("counter is %v", got)
	}
}

func TestSync_item39_tooManyMutations(t *testing.T) {
	release := make(chan struct{})
	d := startTest(t, Config{Functions: []app.Function{app.Mutation("slow:add", v.Object(), func(*app.MutationCtx, app.Args) (any, error) { <-release; return nil, nil })}})
	defer close(release)
	c := dialSync(t, d)
	c.connect(sessionA)
	for i := range maxWaiting + 2 { // one runs, maxWaiting wait
		c.mutate(i, "slow:add", `{}`)
	}
	c.expectClose(websocket.StatusTryAgainLater, "TooManyConcurrentMutations")
}

func TestSync_actionOutlivesItsSocket(t *testing.T) {
	release, finished := make(chan struct{}), make(chan error)
	d := startTest(t, Config{Functions: []app.Function{app.Action("slow:work", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		<-release
		finished <- ctx.Err()
		return nil, nil
	})}})
	c := dialSync(t, d)
	c.act(0, "slow:work", "{}")
	c.add(0, 0, "nope", "{}")
	c.untilQuerySet(1) // the action has begun
	_ = c.ws.Close(websocket.StatusNormalClosure, "")
	close(release)
	if err := <-finished; err != nil {
		t.Errorf("the action was cancelled: %v", err)
	}
}

func TestSync_mutationTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := startPiped(t, Config{Functions: []app.Function{app.Mutation("slow:work", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})}})
		c := dialVia(t, d, via, nil)
		start := time.Now()
		c.mutate(0, "slow:work", "{}")
		c.expectClose(websocket.StatusInternalError, "InternalServerError")
		if got := time.Since(start); got != mutationTimeout {
			t.Errorf("after %v", got)
		}
	})
}

package sync_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	devsync "convexgateway/dev/deployment/sync"
	"convexgateway/dev/deployment/v"
)

func TestSync_orderOfMutationsAndActions(t *testing.T) {
	release := make(chan struct{})
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		app.Mutation("slow:add", v.Object(), func(*app.MutationCtx, app.Args) (any, error) { <-release; return nil, nil }),
	)})
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Mutate(0, "slow:add", `{}`)
	c.Mutate(1, "counter:add", `{"name":"n"}`)
	c.Mutate(2, "counter:add", `{"name":"n"}`)
	c.Act(3, "actions:sleep", `{"ms":0}`)
	if m := c.Response(); m.Type != "ActionResponse" || m.RequestID != 3 {
		t.Fatalf("got %+v, want the action to overtake", m)
	}
	close(release)
	for want := range uint32(3) {
		if m := c.Response(); m.Type != "MutationResponse" || m.RequestID != want || !m.Success {
			t.Fatalf("got %+v, want the response to %d", m, want)
		}
	}
}

func TestSync_transitionIncludesTheMutation(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Mutate(0, "counter:add", `{"name":"n"}`)
	m := c.Response()
	if m.Ts == nil {
		t.Fatalf("%+v has no ts", m)
	}
	ts := devtest.Version{Ts: *m.Ts}.Timestamp(t)
	c.Until(func() bool { return c.Version.Timestamp(t) >= ts })
	c.Mutate(1, "errors:convexMutation", `{"data":{"code":"FULL"}}`)
	m = c.Response()
	if m.Success || m.Ts != nil || string(m.ErrorData) != `{"code":"FULL"}` || !strings.Contains(string(m.Result), "Uncaught ConvexError") {
		t.Fatalf("%+v", m)
	}
	c.Expect("Transition") // after a failed one too
}

func TestSync_argsThatAreNoArrayFailTheMutation(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Send(`{"type":"Mutation","requestId":0,"udfPath":"counter:add","args":{}}`)
	if m := c.Response(); m.Success || !strings.Contains(string(m.Result), "Invalid arguments provided") {
		t.Fatalf("%+v", m)
	}
}

func TestSync_tooManyActions(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{app.Action("slow:work", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})}})
	c := devtest.Dial(t, d)
	for i := range devsync.MaxWaiting + 2 {
		c.Act(i, "slow:work", `{}`)
	}
	c.ExpectClose(websocket.StatusTryAgainLater, "TooManyInflightActionsForSingleClient")
}

func TestSync_requestIDOfOperations(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Connect(strings.ToUpper(devtest.SessionID))
	c.Mutate(5, "errors:crashMutation", `{}`)
	// The first 16 hex digits of sha256("6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e|5").
	if m := c.Response(); !strings.HasPrefix(string(m.Result), `"[Request ID: 7f5f07f3d81b3134] Server Error\nUncaught Error: boom\n`) {
		t.Fatalf("%s", m.Result)
	}
}

func TestSync_mutationsRunOnce(t *testing.T) {
	runs := 0
	fail := true
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Mutation("once:flaky", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		runs++
		ctx.Log("run")
		if fail {
			return nil, &app.ConvexError{Data: "flaky"}
		}
		return float64(runs), nil
	}))})
	first := devtest.Dial(t, d)
	first.Connect(devtest.SessionID)
	first.Mutate(0, "once:flaky", `{}`)
	if m := first.Response(); m.Success {
		t.Fatalf("%+v", m)
	}
	fail = false
	first.Mutate(0, "once:flaky", `{}`) // a failed one runs again
	done := first.Response()
	if !done.Success || string(done.Result) != "2" {
		t.Fatalf("%+v", done)
	}
	second := devtest.Dial(t, d)
	second.Connect(devtest.SessionID)
	second.Mutate(0, "messages:send", `{"body":"another function"}`)
	again := second.Response()
	if string(again.Result) != "2" || *again.Ts != *done.Ts || len(again.LogLines) != 1 || runs != 2 {
		t.Fatalf("repeat: %+v, runs %d; first: %+v", again, runs, done)
	}
	other := devtest.Dial(t, d)
	other.Mutate(0, "once:flaky", `{}`) // without a session
	if m := other.Response(); string(m.Result) != "3" {
		t.Fatalf("%+v", m)
	}
}

func TestSync_mutationsRunOnceOverARestart(t *testing.T) {
	store := devtest.NewStore()
	d := devtest.Start(t, deployment.Config{Store: store})
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Mutate(0, "counter:add", `{"name":"n"}`)
	done := c.Response()
	d.Close()
	d = devtest.Start(t, deployment.Config{Store: store})
	c = devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Mutate(0, "counter:add", `{"name":"n"}`)
	if again := c.Response(); *again.Ts != *done.Ts || string(again.Result) != "1" {
		t.Fatalf("%+v, then %+v", done, again)
	}
	if got := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 1.0 {
		t.Errorf("counter is %v", got)
	}
}

func TestSync_tooManyMutations(t *testing.T) {
	release := make(chan struct{})
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{app.Mutation("slow:add", v.Object(), func(*app.MutationCtx, app.Args) (any, error) { <-release; return nil, nil })}})
	defer close(release)
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	for i := range devsync.MaxWaiting + 2 { // one runs, MaxWaiting wait
		c.Mutate(i, "slow:add", `{}`)
	}
	c.ExpectClose(websocket.StatusTryAgainLater, "TooManyConcurrentMutations")
}

func TestSync_actionOutlastsItsSocket(t *testing.T) {
	release, finished := make(chan struct{}), make(chan error)
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{app.Action("slow:work", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		<-release
		finished <- ctx.Err()
		return nil, nil
	})}})
	c := devtest.Dial(t, d)
	c.Act(0, "slow:work", "{}")
	c.Add(0, 0, "nope", "{}")
	c.UntilQuerySet(1) // the action has begun
	_ = c.Socket.Close(websocket.StatusNormalClosure, "")
	close(release)
	if err := <-finished; err != nil {
		t.Errorf("the action was cancelled: %v", err)
	}
}

func TestSync_mutationTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{Functions: []app.Function{app.Mutation("slow:work", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})}})
		c := devtest.DialVia(t, d, via, nil)
		start := time.Now()
		c.Mutate(0, "slow:work", "{}")
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
		if got := time.Since(start); got != devsync.MutationTimeout {
			t.Errorf("after %v", got)
		}
	})
}

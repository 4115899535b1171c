package deployment_test

import (
	"context"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

// blocking is functions that block until they are released, and then send the error of their context.
type blocking struct {
	started chan struct{}
	release chan struct{}
	ended   chan error
}

func newBlocking() blocking {
	return blocking{make(chan struct{}, 4), make(chan struct{}), make(chan error, 4)}
}

func (b blocking) wait(ctx context.Context) {
	b.started <- struct{}{}
	<-b.release
	b.ended <- ctx.Err()
}

func (b blocking) functions() []app.Function {
	return append(app.Sample(),
		app.Mutation("blocking:add", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
			b.wait(ctx)
			return app.CounterAdd(ctx, app.Args{"name": "n"})
		}),
		app.Action("blocking:act", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
			b.wait(ctx)
			return ctx.RunMutation("counter:add", map[string]any{"name": "n"})
		}),
	)
}

func TestRestart_cancelsCalls(t *testing.T) {
	b := newBlocking()
	d := devtest.Start(t, deployment.Config{Functions: b.functions()})
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	ts := queryTs(t, d)
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"m"}`)
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Mutate(0, "blocking:add", `{}`)
	c.Act(1, "blocking:act", `{}`)
	dropped := make(chan error)
	for _, path := range []string{"mutation", "action"} {
		go func() {
			function := map[string]string{"mutation": "blocking:add", "action": "blocking:act"}[path]
			response, err := devtest.Client.Post(d.URL()+"/api/"+path, "application/json", strings.NewReader(`{"path":"`+function+`","args":{}}`))
			if err == nil {
				response.Body.Close()
			}
			dropped <- err
		}()
	}
	for range 4 {
		<-b.started
	}
	d.Restart(false)
	for range 2 {
		if err := <-dropped; err == nil {
			t.Error("an HTTP call outlived the restart")
		}
	}
	ctx, cancel := devtest.Context()
	defer cancel()
	if _, _, err := c.Socket.Read(ctx); websocket.CloseStatus(err) != websocket.StatusInternalError {
		t.Errorf("the socket: %v", err)
	}
	close(b.release)
	for range 4 {
		<-b.ended
	}
	if got := devtest.Post(t, d, "query_at_ts", `{"path":"users:me","args":{},"ts":"`+ts+`"}`); got.Status != 503 {
		t.Errorf("a snapshot outlived the restart: %d %s", got.Status, got.Body)
	}
	c = devtest.Dial(t, d) // the client reconnects and sends its mutation again
	c.Connect(devtest.SessionID)
	c.Mutate(0, "counter:add", `{"name":"n"}`)
	if m := c.Response(); string(m.Result) != "2" {
		t.Errorf("%+v, want the first and only commit after the restart", m)
	}
}

func TestRestart_keepsSockets(t *testing.T) {
	b := newBlocking()
	d := devtest.Start(t, deployment.Config{Functions: b.functions()})
	idle, busy := devtest.Dial(t, d), devtest.Dial(t, d)
	idle.Add(0, 0, "counter:get", `{"name":"n"}`)
	idle.UntilQuerySet(1)
	busy.Mutate(0, "blocking:add", `{}`)
	<-b.started
	d.Restart(true)
	close(b.release)
	busy.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	if err := <-b.ended; err == nil {
		t.Error("the context of a mutation outlived the restart")
	}
	idle.Mutate(0, "counter:add", `{"name":"n"}`)
	idle.Response()
	idle.Until(func() bool { return idle.Results[0] == "1" })
}

func TestRestart_dropsKeys(t *testing.T) {
	store, hits := devtest.NewStore(), 0
	url := devtest.StartIssuer(t, store.Clerk(), "", 200, "max-age=3600", &hits)
	d := devtest.Start(t, deployment.Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
	token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": url}})
	for range 2 {
		if got := devtest.WhoAmI(t, d, token); got.Status != 200 {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		d.Restart(true)
	}
	if hits != 2 {
		t.Errorf("%d fetches", hits)
	}
}

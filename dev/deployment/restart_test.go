package deployment

import (
	"context"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/v"
)

// doomed is functions that block until they are released, and tell what their context said then.
type doomed struct {
	started chan struct{}
	release chan struct{}
	ended   chan error
}

func newDoomed() doomed {
	return doomed{make(chan struct{}, 4), make(chan struct{}), make(chan error, 4)}
}

func (b doomed) wait(ctx context.Context) {
	b.started <- struct{}{}
	<-b.release
	b.ended <- ctx.Err()
}

func (b doomed) functions() []Function {
	return append(SampleApp(),
		Mutation("doomed:add", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
			b.wait(ctx)
			return counterAdd(ctx, Args{"name": "n"})
		}),
		Action("doomed:act", v.Object(), func(ctx *ActionCtx, _ Args) (any, error) {
			b.wait(ctx)
			return ctx.RunMutation("counter:add", map[string]any{"name": "n"})
		}),
	)
}

func TestRestart_whatRunsDies(t *testing.T) {
	b := newDoomed()
	d := startTest(t, Config{Functions: b.functions()})
	mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	ts := queryTs(t, d)
	mustCall(t, d, "mutation", "counter:add", `{"name":"m"}`)
	c := dialSync(t, d)
	c.connect(sessionA)
	c.mutate(0, "doomed:add", `{}`)
	c.act(1, "doomed:act", `{}`)
	dropped := make(chan error)
	for _, path := range []string{"mutation", "action"} {
		go func() {
			function := map[string]string{"mutation": "doomed:add", "action": "doomed:act"}[path]
			response, err := testClient.Post(d.URL()+"/api/"+path, "application/json", strings.NewReader(`{"path":"`+function+`","args":{}}`))
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
	ctx, cancel := testContext()
	defer cancel()
	if _, _, err := c.ws.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
		t.Errorf("the socket: %v", err)
	}
	close(b.release)
	for range 4 {
		<-b.ended
	}
	if got := post(t, d, "query_at_ts", `{"path":"users:me","args":{},"ts":"`+ts+`"}`); got.status != 503 {
		t.Errorf("a snapshot outlived the restart: %d %s", got.status, got.body)
	}
	c = dialSync(t, d) // the client comes back and sends its mutation again
	c.connect(sessionA)
	c.mutate(0, "counter:add", `{"name":"n"}`)
	if m := c.response(); string(m.Result) != "2" {
		t.Errorf("%+v, want the first and only commit after the restart", m)
	}
}

func TestRestart_keepsSockets(t *testing.T) {
	b := newDoomed()
	d := startTest(t, Config{Functions: b.functions()})
	idle, busy := dialSync(t, d), dialSync(t, d)
	idle.add(0, 0, "counter:get", `{"name":"n"}`)
	idle.untilQuerySet(1)
	busy.mutate(0, "doomed:add", `{}`)
	<-b.started
	d.Restart(true)
	close(b.release)
	busy.expectClose(websocket.StatusInternalError, "InternalServerError")
	if err := <-b.ended; err == nil {
		t.Error("the context of a mutation outlived the restart")
	}
	idle.mutate(0, "counter:add", `{"name":"n"}`)
	idle.response()
	idle.until(func() bool { return idle.results[0] == "1" })
}

func TestRestart_forgetsKeys(t *testing.T) {
	store, hits := newTestStore(), 0
	url := otherIssuer(t, store.Clerk(), "", 200, "max-age=3600", &hits)
	d := startTest(t, Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
	token := mustToken(t, d, TokenRequest{User: "ada", Claims: map[string]any{"iss": url}})
	for range 2 {
		if got := whoami(t, d, token); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		d.Restart(true)
	}
	if hits != 2 {
		t.Errorf("%d fetches", hits)
	}
}

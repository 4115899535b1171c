package deployment

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/v"
)

func TestStart_refuses(t *testing.T) {
	d := startTest(t, Config{})
	for name, cfg := range map[string]Config{
		"taken address": {Addr: strings.TrimPrefix(d.URL(), "http://")},
		"bad path":      {Addr: "127.0.0.1:0", Functions: []app.Function{app.Query("a-b:c", nil, nil)}},
		"twice":         {Addr: "127.0.0.1:0", Functions: []app.Function{app.Query("a:b", nil, nil), app.Action("a.js:b", nil, nil)}},
	} {
		if d, err := Start(context.Background(), cfg); err == nil {
			d.Close()
			t.Errorf("%s: started", name)
		}
	}
}

func TestClose_endsEverything(t *testing.T) {
	started := make(chan struct{}, 2)
	block := func(ctx context.Context) (any, error) {
		started <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	d := startTest(t, Config{Functions: []app.Function{
		app.Query("block:query", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) { return block(ctx) }),
		app.Action("block:action", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) { return block(ctx) }),
	}})
	c := dialSync(t, d)
	c.add(0, 0, "block:query", "{}")
	c.act(0, "block:action", "{}")
	<-started
	<-started
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := testClient.Get(d.URL() + "/version"); err == nil {
		t.Error("the address still answers")
	}
}

func TestStart_endsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	d, err := Start(ctx, Config{Addr: "127.0.0.1:0", Store: newTestStore()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	c := dialSync(t, d)
	cancel()
	readCtx, stop := testContext()
	defer stop()
	if _, _, err := c.ws.Read(readCtx); err == nil {
		t.Error("a socket outlived the context")
	}
}

func TestAction_callsFunctions(t *testing.T) {
	d := startTest(t, Config{Functions: append(app.Sample(), app.Action("do:all", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		if _, err := ctx.RunMutation("counter:add", map[string]any{"name": "n", "by": 5.0}); err != nil {
			return nil, err
		}
		count, err := ctx.RunQuery("counter:get", map[string]any{"name": "n"})
		if err != nil {
			return nil, err
		}
		secret, err := ctx.RunQuery("internal:secret", nil)
		if err != nil {
			return nil, err
		}
		me, err := ctx.RunQuery("users:me", nil)
		return []any{count, secret, me.(map[string]any)["subject"]}, err
	}), app.Action("do:fail", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		return ctx.RunAction("do:fail2", nil)
	}), app.InternalAction("do:fail2", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) {
		return ctx.RunMutation("errors:convexMutation", map[string]any{"data": "own"})
	}))})
	auth := []string{"Authorization", "Bearer " + mustToken(t, d, TokenRequest{User: "ada"})}
	sameJSON(t, post(t, d, "action", `{"path":"do:all","args":{}}`, auth...).body, `{"status":"success","value":[5,"secret","user_ada"]}`)
	if got := post(t, d, "action", `{"path":"do:fail","args":{}}`); got.status != http.StatusOK || !strings.Contains(got.body, `"errorData":"own"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

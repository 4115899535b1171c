package deployment_test

import (
	"context"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestStart_refuses(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for name, cfg := range map[string]deployment.Config{
		"taken address": {Addr: strings.TrimPrefix(d.URL(), "http://")},
		"bad path":      {Addr: "127.0.0.1:0", Functions: []app.Function{app.Query("a-b:c", nil, nil)}},
		"twice":         {Addr: "127.0.0.1:0", Functions: []app.Function{app.Query("a:b", nil, nil), app.Action("a.js:b", nil, nil)}},
	} {
		if d, err := deployment.Start(context.Background(), cfg); err == nil {
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
	d := devtest.Start(t, deployment.Config{Functions: []app.Function{
		app.Query("block:query", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) { return block(ctx) }),
		app.Action("block:action", v.Object(), func(ctx *app.ActionCtx, _ app.Args) (any, error) { return block(ctx) }),
	}})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "block:query", "{}")
	c.Act(0, "block:action", "{}")
	<-started
	<-started
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := devtest.Client.Get(d.URL() + "/version"); err == nil {
		t.Error("the address still answers")
	}
}

func TestStart_endsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	d, err := deployment.Start(ctx, deployment.Config{Addr: "127.0.0.1:0", Store: devtest.NewStore()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	c := devtest.Dial(t, d)
	cancel()
	readCtx, stop := devtest.Context()
	defer stop()
	if _, _, err := c.Socket.Read(readCtx); err == nil {
		t.Error("a socket stayed open after the end of the context")
	}
}

package app_test

import (
	"errors"
	"sync"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestMutations_areSerialisable(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	const clients, each = 8, 50
	var group sync.WaitGroup
	for range clients {
		c := devtest.Dial(t, d)
		group.Go(func() {
			for i := range each {
				c.Mutate(i, "counter:add", `{"name":"n"}`)
			}
			for range each {
				if m := c.Response(); !m.Success {
					t.Errorf("%s", m.Result)
				}
			}
		})
	}
	group.Wait()
	if got := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != float64(clients*each) {
		t.Errorf("counter is %v, want %d", got, clients*each)
	}
}

// A blocked mutation does not delay others, and runs again if what it read has changed.
func TestMutations_runAgainOnConflict(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	runs := 0
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Mutation("slow:double", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		counter, err := ctx.DB.Query("counters").WithIndex("by_name", store.Eq("name", "n")).First()
		if err != nil {
			return nil, err
		}
		if runs++; runs == 1 {
			close(started)
			<-release
		}
		return nil, ctx.DB.Patch(counter["_id"].(string), store.Document{"value": 2 * counter["value"].(float64)})
	}))})
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n","by":1}`)
	c := devtest.Dial(t, d)
	c.Mutate(0, "slow:double", `{}`)
	<-started
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n","by":10}`)
	close(release)
	c.Response()
	if got := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 22.0 || runs != 2 {
		t.Errorf("counter is %v after %d runs, want 22 after 2", got, runs)
	}
}

func TestMutations_failedOnesWriteNothing(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Mutation("bad:half", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
		if _, err := app.CounterAdd(ctx, app.Args{"name": "n"}); err != nil {
			return nil, err
		}
		return nil, errors.New("boom")
	}))})
	devtest.Post(t, d, "mutation", `{"path":"bad:half","args":{}}`)
	if got := devtest.MustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 0.0 {
		t.Errorf("counter is %v", got)
	}
}

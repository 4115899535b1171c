package deployment

import (
	"sync"
	"testing"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestMutations_areSerialisable(t *testing.T) {
	d := startTest(t, Config{})
	const clients, each = 8, 50
	var group sync.WaitGroup
	for range clients {
		c := dialSync(t, d)
		group.Go(func() {
			for i := range each {
				c.mutate(i, "counter:add", `{"name":"n"}`)
			}
			for range each {
				if m := c.response(); !m.Success {
					t.Errorf("%s", m.Result)
				}
			}
		})
	}
	group.Wait()
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != float64(clients*each) {
		t.Errorf("counter is %v, want %d", got, clients*each)
	}
}

// TestMutations_runAgainOnConflict: a blocked mutation holds nobody up, and runs again if what it read has changed.
func TestMutations_runAgainOnConflict(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	runs := 0
	d := startTest(t, Config{Functions: append(SampleApp(), Mutation("slow:double", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
		counter, err := findCounter(ctx.DB.Reader, "n")
		if err != nil {
			return nil, err
		}
		if runs++; runs == 1 {
			close(started)
			<-release
		}
		return nil, ctx.DB.Patch(counter["_id"].(string), store.Document{"value": 2 * counter["value"].(float64)})
	}))})
	mustCall(t, d, "mutation", "counter:add", `{"name":"n","by":1}`)
	c := dialSync(t, d)
	c.mutate(0, "slow:double", `{}`)
	<-started
	mustCall(t, d, "mutation", "counter:add", `{"name":"n","by":10}`)
	close(release)
	c.response()
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 22.0 || runs != 2 {
		t.Errorf("counter is %v after %d runs, want 22 after 2", got, runs)
	}
}

func TestMutations_failedOnesLeaveNothing(t *testing.T) {
	d := startTest(t, Config{Functions: append(SampleApp(), Mutation("bad:half", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
		if _, err := counterAdd(ctx, Args{"name": "n"}); err != nil {
			return nil, err
		}
		return nil, errBoom
	}))})
	post(t, d, "mutation", `{"path":"bad:half","args":{}}`)
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 0.0 {
		t.Errorf("counter is %v", got)
	}
}

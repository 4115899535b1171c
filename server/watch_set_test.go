package server

import (
	"context"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A set is changed by opening another: what is equal comes as unchanged, and no query runs again, since those of the first linger.
func TestSetIsChangedByAnother(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.Linger = patience })
	ctx, leave := context.WithCancel(g.context())
	first := g.watchSet(ctx, watchedCounter(1, "a"), watchedCounter(2, "b"))
	first.await(map[uint32]string{1: "0", 2: "0"})
	first.until(func() bool { return first.ofGroup(0).complete })
	leave()
	eventually(t, "the first set has ended", func() bool { return g.limits.Streams.Taken() == 0 })
	queries := []*gatewayv1.WatchQuery{watchedCounter(1, "b"), watchedCounter(2, "c"), watchedEven(3, "a")}
	queries[0].ResumeToken = first.shown[2].GetResumeToken()
	second := g.watchSet(g.context(), queries...)
	second.await(map[uint32]string{1: "unchanged", 2: "0", 3: "0"})
	if stats := g.dev.Stats(); stats.QueryRuns["counter:get"] != 3 || stats.SocketsOpened != 1 {
		t.Errorf("%d runs, %d sockets", stats.QueryRuns["counter:get"], stats.SocketsOpened)
	}
	g.add("b")
	second.await(map[uint32]string{1: "1"})
}

// What a query throws is its outcome, an unknown function included, and the target stays: the next deploy may mend it.
func TestTargetOutlastsItsErrors(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		s := open(g, watched(1, "later:get", ""), watchedCounter(2, "a"))
		s.await(map[uint32]string{1: "error FUNCTION_NOT_FOUND", 2: "0"})
		for _, want := range []string{`"now"`, "error FUNCTION_NOT_FOUND"} {
			functions := append(deployment.SampleApp(), testFunctions()...)
			if want == `"now"` {
				functions = append(functions, deployment.Query("later:get", v.Object(), func(*deployment.QueryCtx, deployment.Args) (any, error) {
					return "now", nil
				}))
			}
			if err := g.dev.Deploy(functions); err != nil {
				t.Fatal(err)
			}
			s.await(map[uint32]string{1: want})
		}
		g.add("a")
		s.await(map[uint32]string{2: "1"})
	})
}

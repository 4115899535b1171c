package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// bulky returns the counter of a name, and a text of that many bytes.
func bulky() deployment.Function {
	args := v.Object(v.Field("name", v.String()), v.Field("size", v.Number()), v.Field("part", v.Number()))
	return deployment.Query("test:counted", args, func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
		counter, err := ctx.DB.Query("counters").WithIndex("by_name", deployment.Eq("name", args.String("name"))).First()
		value := 0.0
		if counter != nil {
			value = counter["value"].(float64)
		}
		return []any{value, strings.Repeat("x", int(args.Float("size")))}, err
	})
}

func startBulky(t *testing.T, change ...func(*Config)) *gateway {
	t.Helper()
	functions := append(append(deployment.SampleApp(), testFunctions()...), bulky())
	return startBefore(t, startDeployment(t, deployment.Config{Functions: functions}), change...)
}

func watchedBulk(target uint32, name string, size int) *gatewayv1.WatchQuery {
	return watched(target, "test:counted", fmt.Sprintf(`{"name":%q,"size":%d,"part":%d}`, name, size, target))
}

// Parts that have begun are all sent, though their targets are removed, or the identity changes, meanwhile.
func TestBegunPartsAreSent(t *testing.T) {
	const targets = 4 // in two parts
	for name, interrupt := range map[string]func(g *gateway, w *watching){
		"a target is removed": func(_ *gateway, w *watching) {
			for target := uint32(1); target <= targets; target++ {
				w.remove(target)
			}
			w.checkpoint(&gatewayv1.Checkpoint{})
		},
		"another identity": func(g *gateway, w *watching) { w.token(g.ada("org_2", 2*time.Minute)) },
		"another result":   func(g *gateway, _ *watching) { g.straight("mutation", "counter:add", `{"name":"a"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			g := startBulky(t)
			w := g.watch(g.as(g.ada("org_1", time.Minute)))
			for target := uint32(1); target <= targets; target++ {
				w.add(watchedBulk(target, "a", 1<<20))
			}
			w.until(func() bool { return w.ofGroup(0).complete && len(w.shown) == targets })
			g.straight("mutation", "counter:add", `{"name":"a"}`)
			recv, sent := w.recv, []uint32{}
			begun, over := false, false
			w.recv = func() (*gatewayv1.WatchResponse, error) {
				r, err := recv()
				if r.GetMore() && !begun {
					begun = true
					interrupt(g, w)
				}
				for _, c := range r.GetChanges() {
					if !over {
						sent = append(sent, c.GetTarget())
					}
				}
				over = over || begun && !r.GetMore() && len(r.GetChanges()) > 0
				return r, err
			}
			w.until(func() bool { return over })
			if !slices.Equal(sent, []uint32{1, 2, 3, 4}) {
				t.Errorf("the parts have %d", sent)
			}
		})
	}
}

// A state over 3 MiB comes in parts that clients accept, a larger result alone, and each state is whole.
func TestLargeStatesComeInParts(t *testing.T) {
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := startBulky(t)
		var queries []*gatewayv1.WatchQuery
		for target := uint32(1); target <= 8; target++ {
			queries = append(queries, watchedBulk(target, "a", 1<<20))
		}
		queries[4] = watchedBulk(5, "a", 5<<20)
		want := []string{"[1 2] true", "[3 4] true", "[5] true", "[6 7] true", "[8] false"}
		if raceDetector {
			queries, want = queries[:4], []string{"[1 2] true", "[3 4] false"}
		}
		s := open(g, queries...)
		recv, parts := s.recv, []string{}
		s.recv = func() (*gatewayv1.WatchResponse, error) {
			r, err := recv()
			var targets []uint32
			for _, c := range r.GetChanges() {
				targets = append(targets, c.GetTarget())
			}
			if size := proto.Size(r); size > 3<<20 && !slices.Equal(targets, []uint32{5}) {
				t.Errorf("a response of %d bytes with %d", size, targets)
			}
			if len(targets) > 0 {
				parts = append(parts, fmt.Sprint(targets, r.GetMore()))
			}
			return r, err
		}
		s.until(func() bool { return s.ofGroup(0).complete && len(s.shown) == len(queries) })
		for n := range 2 {
			parts = nil
			g.add("a")
			targets, r := s.nextChanges()
			if len(targets) != len(queries) || !r.GetComplete() {
				t.Errorf("%d: %d", n, targets)
			}
			for _, target := range targets {
				if value := fmt.Sprintf(`[%d,"x`, n+1); !strings.HasPrefix(s.outcome(target), value) {
					t.Errorf("target %d: %.10s, want %s", target, s.outcome(target), value)
				}
			}
			if !slices.Equal(parts, want) {
				t.Errorf("parts %q, want %q", parts, want)
			}
		}
	})
}

package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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

// A state over 3 MiB comes in parts that clients accept, a larger result alone, and each state is whole.
func TestLargeStatesComeInParts(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := startBulky(t)
		var queries []*gatewayv1.WatchQuery
		for target := uint32(1); target <= 8; target++ {
			queries = append(queries, watchedBulk(target, "a", 1<<20))
		}
		queries[4] = watchedBulk(5, "a", 5<<20)
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
		s.until(func() bool { return s.ofGroup(0).complete && len(s.shown) == 8 })
		for n := range 3 {
			parts = nil
			g.add("a")
			targets, r := s.nextChanges()
			if len(targets) != 8 || !r.GetComplete() {
				t.Errorf("%d: %d", n, targets)
			}
			for _, target := range targets {
				if want := fmt.Sprintf(`[%d,"x`, n+1); !strings.HasPrefix(s.outcome(target), want) {
					t.Errorf("target %d: %.10s, want %s", target, s.outcome(target), want)
				}
			}
			if want := []string{"[1 2] true", "[3 4] true", "[5] true", "[6 7] true", "[8] false"}; !slices.Equal(parts, want) {
				t.Errorf("parts %q, want %q", parts, want)
			}
		}
	})
}

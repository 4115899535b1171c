package server

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// connected is a gateway with another connection of a client's.
func (g *gateway) connected() *gateway {
	g.t.Helper()
	other := *g
	conn, err := grpc.NewClient(g.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	other.conn, other.functions = conn, gatewayv1.NewFunctionServiceClient(conn)
	return &other
}

// A client that sends commands without an end and reads nothing has no more of them received than a bounded number, whatever they are, and
// delays nobody.
func TestCommandsWithoutAReader(t *testing.T) {
	const enough, tooMany, steps = 2_000, 20_000, 60
	path := strings.Repeat("x", 100) + " "
	for name, command := range map[string]func(n uint32) *gatewayv1.WatchRequest{
		"bad targets": func(n uint32) *gatewayv1.WatchRequest {
			return &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: watched(n, path, "")}}
		},
		"tokens": func(uint32) *gatewayv1.WatchRequest {
			return &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{Token: path}}
		},
		"targets": func(n uint32) *gatewayv1.WatchRequest {
			return &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: watchedCounter(n, path)}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t)
			step := followOther(g)
			w := g.connected().watch(g.context())
			var sent atomic.Int64
			go func() {
				for n := uint32(1); w.stream.Send(command(n)) == nil; n++ {
					sent.Store(int64(n))
				}
			}()
			eventually(t, "commands are sent", func() bool { return sent.Load() >= enough })
			for range steps {
				step()
			}
			if n := sent.Load(); n > tooMany {
				t.Errorf("%d commands were received", n)
			}
			w.cancel()
			eventually(t, "the stream has ended", func() bool { return g.limits.Streams.Taken() == 1 && g.live.Stats().Subscriptions == 1 })
		})
	}
}

// A client that asks for checkpoints without reading their answers ends its stream, or is not read further.
func TestCheckpointsWithoutAReader(t *testing.T) {
	const steps = 200
	g := start(t)
	step := followOther(g)
	w := g.connected().watch(g.context())
	w.add(watchedCounter(1, "a"))
	var sent, ended atomic.Int64
	go func() {
		for w.stream.Send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Checkpoint{Checkpoint: &gatewayv1.Checkpoint{}}}) == nil {
			sent.Add(1)
		}
		ended.Store(1)
	}()
	eventually(t, "checkpoints are sent", func() bool { return sent.Load() >= 1_000 || ended.Load() == 1 })
	before := heap()
	for range steps {
		step()
	}
	checkGrown(t, before, 16<<20)
	w.cancel()
	eventually(t, "the stream has ended", func() bool { return g.limits.Streams.Taken() == 1 && ended.Load() == 1 })
}

// A reader that stops within the parts of a large state has no more held however often the state changes, and delays nobody.
func TestReaderStopsWithinParts(t *testing.T) {
	const targets, size, changes = 8, 1 << 20, 20
	g := startBulky(t, func(c *Config) { c.MemoryBudget = testBudget })
	step := followOther(g)
	w := g.connected().watch(g.as(g.token(deployment.TokenRequest{User: "ada"})))
	for target := uint32(1); target <= targets; target++ {
		w.add(watchedBulk(target, "a", size))
	}
	w.until(func() bool { return w.shown[1] != nil })
	change := func() {
		for range changes {
			g.straight("mutation", "counter:add", `{"name":"a"}`)
			step()
		}
	}
	change()
	before := heap()
	change()
	if held := g.limits.Budget.Held(); held > testBudget {
		t.Errorf("%d bytes are held", held)
	}
	checkGrown(t, before, changes/2*targets*size)
	w.cancel()
	eventually(t, "nothing is held but the neighbour's stream", func() bool {
		runtime.GC()
		return g.limits.Budget.Held() < streamWindow && g.limits.Streams.Taken() == 1
	})
}

// Arguments that wait to be applied are held, while their client does not read; one with more than it may have loses its stream.
func TestArgumentsWithoutAReader(t *testing.T) {
	const size = 256 << 10
	g := startBulky(t, func(c *Config) { c.MemoryBudget = testBudget })
	step := followOther(g)
	w := g.connected().watch(g.as(g.token(deployment.TokenRequest{User: "ada"})))
	for target := uint32(1); target <= 4; target++ {
		w.add(watchedBulk(target, "a", 1<<20))
	}
	before := heap()
	var sent atomic.Int64
	go func() {
		for n := uint32(5); w.stream.Send(&gatewayv1.WatchRequest{
			Command: &gatewayv1.WatchRequest_Add{Add: watchedCounter(n, fmt.Sprint(n, strings.Repeat("x", size)))},
		}) == nil; n++ {
			sent.Store(int64(n))
		}
	}()
	eventually(t, "more is sent than may be held", func() bool { return g.limits.Streams.Taken() == 1 || sent.Load()*size >= 3*testBudget })
	step()
	if held := g.limits.Budget.Held(); held > testBudget {
		t.Errorf("%d bytes are held", held)
	}
	checkGrown(t, before, 2*testBudget)
	w.cancel()
	eventually(t, "nothing is held but the neighbour's stream", func() bool {
		runtime.GC()
		return g.limits.Budget.Held() < streamWindow && g.limits.Streams.Taken() == 1
	})
}

// A target whose result is over the bytes of its caller ends alone.
func TestTargetsOverTheBudgetEndAlone(t *testing.T) {
	t.Parallel()
	g := startBulky(t, func(c *Config) { c.MemoryBudget = testBudget })
	step := followOther(g)
	w := g.watch(g.as(g.token(deployment.TokenRequest{User: "ada"})))
	w.add(watchedCounter(1, "a"), watchedBulk(2, "b", 1<<10), watchedBulk(3, "b", 15<<20), watchedCounter(4, "a"))
	w.await(map[uint32]string{1: "0", 3: "removed OVERLOADED", 4: "0"})
	w.until(func() bool { return w.shown[2].GetValueJson() != nil })
	g.add("a")
	w.await(map[uint32]string{1: "1", 4: "1"})
	step()
}

// Connections that are cut within a command, or within a response, leave nothing behind. It is not parallel: it counts goroutines.
func TestWatchIsCut(t *testing.T) {
	for name, change := range ports(t) {
		t.Run(name, func(t *testing.T) {
			g := start(t, change)
			step := followOther(g)
			goroutines := runtime.NumGoroutine()
			for i := range 30 {
				conn := g.rawConn(g.GRPCAddr())
				framer := startHTTP2(t, conn)
				go func() { _, _ = io.Copy(io.Discard, conn) }()
				if err := writeHeaders(framer, 1, gatewayv1.FunctionService_Watch_FullMethodName); err != nil {
					t.Fatal(err)
				}
				opened := frameOf(t, &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Open{Open: &gatewayv1.WatchOptions{}}})
				added := frameOf(t, &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: watchedCounter(1, "a")}})
				data := append(opened, added...)
				if err := framer.WriteData(1, false, data[:len(data)-i]); err != nil {
					t.Fatal(err)
				}
				if i%2 == 0 {
					g.straight("mutation", "counter:add", `{"name":"a"}`)
				}
				_ = conn.Close()
			}
			eventually(t, "the streams have ended", func() bool { return g.limits.Streams.Taken() == 1 && g.live.Stats().Subscriptions == 1 })
			eventually(t, fmt.Sprintf("goroutines are back to %d", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines+8 })
			step()
		})
	}
}

// A Watch stream takes no goroutine more than a Subscribe stream.
func TestWatchTakesNoGoroutineMore(t *testing.T) {
	g := start(t)
	const streams = 300
	count := func(open func(ctx context.Context)) int {
		ctx, cancel := context.WithCancel(g.context())
		before := runtime.NumGoroutine()
		for range streams {
			open(ctx)
		}
		lowest := runtime.NumGoroutine()
		for range 200 { // those that end
			g.mustCall(g.context(), 0, "users:me", "{}")
			lowest = min(lowest, runtime.NumGoroutine())
		}
		cancel()
		eventually(t, "the streams have ended", func() bool { return g.limits.Streams.Taken() == 0 && runtime.NumGoroutine() <= before+5 })
		return lowest - before
	}
	subscribes := count(func(ctx context.Context) { result(g.subscribe(ctx, counterQuery("a"))) })
	watches := count(func(ctx context.Context) {
		w := g.watch(ctx)
		w.add(watchedCounter(1, "a"))
		w.until(func() bool { return w.ofGroup(0).complete })
	})
	if t.Logf("%d streams: %d goroutines of Subscribe, %d of Watch", streams, subscribes, watches); watches > subscribes+streams/10 {
		t.Errorf("%d goroutines of Subscribe, %d of Watch", subscribes, watches)
	}
}

// Each query counts as a call of its caller: over the rate its target is removed.
func TestQueriesOverTheRate(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t, func(c *Config) { c.MaxCallsPerSecond = 20 })
		var queries []*gatewayv1.WatchQuery
		for target := uint32(1); target <= 900; target++ {
			queries = append(queries, watchedCounter(target, "a"))
		}
		s := open(g, queries...)
		s.until(func() bool { return len(s.shown) == len(queries) })
		counts := map[string]int{}
		for target := range s.shown {
			counts[s.outcome(target)]++
		}
		if counts["0"] == 0 || counts["removed CALLER_RATE_LIMITED"] == 0 || len(counts) != 2 {
			t.Errorf("outcomes %v", counts)
		}
	})
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

const (
	slowQueryRuns  = 450             // ms that a slow query runs
	slowWritePause = time.Second / 5 // between writes
)

// slow measures the latency of updates for anonymous callers beside slow queries of others, all on a row that is written five times a
// second: without one, with one, and with ten, each after the time in which slow queries are to be separated.
func (b *bench) slow(ctx context.Context) error {
	settle := map[int]time.Duration{0: 2 * time.Second, 1: 15 * time.Second, 10: 40 * time.Second}
	latencies := map[int]*table.Series{0: {}, 1: {}, 10: {}}
	for range b.runs {
		if err := b.besideSlow(ctx, settle, latencies); err != nil {
			return err
		}
	}
	for _, n := range []int{1, 10} {
		b.add(table.Row{
			Target: "11", What: fmt.Sprintf("an update of a row that is written 5 times a second, beside %d slow queries of it (450 ms)", n),
			Unit: "p50 ms", Floor: "without slow queries", There: *latencies[0], Gateway: *latencies[n], Goal: table.Goal{Limit: 2},
		})
	}
	return nil
}

func (b *bench) besideSlow(ctx context.Context, settle map[int]time.Duration, latencies map[int]*table.Series) error {
	defer b.stopAll()
	_, d, err := b.own(ctx, "deployment")
	if err != nil {
		return err
	}
	g, err := b.gateway(ctx, d.URL)
	if err != nil {
		return err
	}
	client, closeConn, err := g.functions()
	if err != nil {
		return err
	}
	defer closeConn()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &followers{bench: b, client: client, changed: make(chan struct{}, 1)}
	for i := range b.count(100, 5) {
		if err := f.follow(ctx, i, 0); err != nil {
			return err
		}
	}
	slow := 0
	for _, n := range []int{0, 1, 10} {
		for ; slow < n; slow++ {
			if err := f.followSlow(ctx, slow); err != nil {
				return err
			}
		}
		b.logf("beside %d slow queries", n)
		if _, err := f.writes(ctx, d.URL, b.count(int(settle[n]/slowWritePause), 1)); err != nil {
			return err
		}
		waits, err := f.writes(ctx, d.URL, b.count(100, 3))
		if err != nil {
			return err
		}
		*latencies[n] = append(*latencies[n], micros(waits)/1000)
	}
	return nil
}

// followers are streams that follow one counter.
type followers struct {
	bench   *bench
	client  gatewayv1.FunctionServiceClient
	changed chan struct{} // one slot; a stream has a value

	mu     sync.Mutex
	values []float64 // of the streams that are measured
	at     time.Time // when the last of them had its value
}

// follow opens a stream that is measured.
func (f *followers) follow(ctx context.Context, id, ms int) error {
	i := len(f.values)
	f.values = append(f.values, math.NaN())
	return f.open(ctx, id, ms, func(value float64) {
		f.mu.Lock()
		f.values[i], f.at = value, time.Now()
		f.mu.Unlock()
		select {
		case f.changed <- struct{}{}:
		default:
		}
	})
}

// followSlow opens one whose query is slow.
func (f *followers) followSlow(ctx context.Context, i int) error {
	return f.open(ctx, 1_000+i, slowQueryRuns, func(float64) {})
}

func (f *followers) open(ctx context.Context, id, ms int, got func(float64)) error {
	stream, err := f.client.Subscribe(ctx, &gatewayv1.SubscribeRequest{
		Path: "testing:slowCounter", ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
		ArgsJson: fmt.Appendf(nil, `{"name":"bench","ms":%d,"id":%d}`, ms, id),
	})
	if err != nil {
		return err
	}
	go func() {
		for {
			e, err := stream.Recv()
			if err != nil {
				if ctx.Err() == nil {
					f.bench.faults.Add("a stream ended: %v", err)
				}
				return
			}
			var value float64
			if json.Unmarshal(e.GetValueJson(), &value) == nil {
				got(value)
			}
		}
	}()
	return nil
}

// writes writes n times, five times a second, and returns the median of how long it took until the last stream that is measured had the
// value.
func (f *followers) writes(ctx context.Context, url string, n int) (time.Duration, error) {
	var waits []time.Duration
	for range n {
		began := time.Now()
		want, err := add(ctx, url)
		if err != nil {
			return 0, err
		}
		last, err := f.wait(ctx, want)
		if err != nil {
			return 0, err
		}
		waits = append(waits, last.Sub(began))
		if err := wait.For(ctx, time.Until(began.Add(slowWritePause))); err != nil {
			return 0, err
		}
	}
	slices.Sort(waits)
	return waits[len(waits)/2], nil
}

// wait waits until all streams that are measured have a value or a newer one.
func (f *followers) wait(ctx context.Context, want float64) (time.Time, error) {
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for {
		f.mu.Lock()
		behind := slices.ContainsFunc(f.values, func(v float64) bool { return !(v >= want) }) // NaN too
		at := f.at
		f.mu.Unlock()
		if !behind {
			return at, nil
		}
		select {
		case <-f.changed:
		case <-late.C:
			return at, fmt.Errorf("no stream has %v after a minute", want)
		case <-ctx.Done():
			return at, ctx.Err()
		}
	}
}

// add adds one to the counter and returns its value.
func add(ctx context.Context, url string) (float64, error) {
	var answer struct {
		Status string
		Value  float64
	}
	body := map[string]any{"path": "counter:add", "args": map[string]any{"name": "bench"}, "format": "convex_encoded_json"}
	err := load.PostJSON(ctx, url+"/api/mutation", body, &answer)
	if err == nil && answer.Status != "success" {
		err = fmt.Errorf("counter:add: %s", answer.Status)
	}
	return answer.Value, err
}

package live_test

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
)

// countingConn counts what comes from the deployment.
type countingConn struct {
	net.Conn
	read *atomic.Int64
}

func (c countingConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.read.Add(int64(n))
	return n, err
}

// watched is a live query whose result changes with each bump, and the bytes that its socket has read.
type watched struct {
	sub  *live.Subscription
	read atomic.Int64
	bump func()
}

func watchRows(tb testing.TB, compress bool) *watched {
	tb.Helper()
	name := v.Object(v.Field("n", v.Number()))
	d, err := deployment.Start(tb.Context(), deployment.Config{Addr: "127.0.0.1:0", Functions: append(deployment.SampleApp(),
		deployment.Query("test:rows", name, func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
			counter, err := ctx.DB.Query("counters").WithIndex("by_name", deployment.Eq("name", "rows")).First()
			rows := make([]any, int(args.Float("n")))
			for i := range rows {
				rows[i] = map[string]any{"author": "user " + strconv.Itoa(i), "body": "a message of some length", "counter": counter != nil}
			}
			return map[string]any{"counter": counter, "rows": rows}, err
		}))})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	w := &watched{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return countingConn{conn, &w.read}, err
	}}
	client, err := live.New(d.URL(), live.Options{Compress: compress, HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close() })
	path, err := convex.ParsePath("test:rows")
	if err != nil {
		tb.Fatal(err)
	}
	if w.sub, err = client.Subscribe(convex.Credential{}, path, []byte(`{"n":200}`), live.SubscribeOptions{}); err != nil {
		tb.Fatal(err)
	}
	api, err := convex.NewHTTPClient(d.URL(), convex.HTTPOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(api.Close)
	add, err := convex.ParsePath("counter:add")
	if err != nil {
		tb.Fatal(err)
	}
	w.bump = func() {
		if _, err := api.Call(tb.Context(), convex.Call{Kind: convex.Mutation, Path: add, Args: []byte(`{"name":"rows"}`)}); err != nil {
			tb.Fatal(err)
		}
	}
	w.next(tb, nil)
	return w
}

// next waits for a result other than last.
func (w *watched) next(tb testing.TB, last *convex.Result) *convex.Result {
	tb.Helper()
	for state := w.sub.State(); ; {
		if state.Err != nil {
			tb.Fatal(state.Err)
		}
		if state.Result != nil && state.Result != last {
			return state.Result
		}
		var err error
		if state, err = w.sub.Next(tb.Context()); err != nil {
			tb.Fatal(err)
		}
	}
}

// Compression changes what is on the wire and nothing else.
func TestCompression(t *testing.T) {
	var sizes, read [2]int64
	for i, compress := range []bool{false, true} {
		w := watchRows(t, compress)
		first := w.next(t, nil)
		w.bump()
		second := w.next(t, first)
		sizes[i], read[i] = int64(len(first.Value)+len(second.Value)), w.read.Load()
	}
	if read[0] < sizes[0] || read[1]*4 > read[0] {
		t.Errorf("%d bytes of results were %d on the wire, and %d compressed", sizes[0], read[0], read[1])
	}
}

// BenchmarkCompression reports bytes on the wire for a result of about 15 KB.
func BenchmarkCompression(b *testing.B) {
	for name, compress := range map[string]bool{"off": false, "on": true} {
		b.Run(name, func(b *testing.B) {
			w := watchRows(b, compress)
			last := w.next(b, nil)
			before := w.read.Load()
			for b.Loop() {
				w.bump()
				last = w.next(b, last)
			}
			b.ReportMetric(float64(w.read.Load()-before)/float64(b.N), "wire-B/op")
			b.ReportMetric(float64(len(last.Value)), "value-B/op")
		})
	}
}

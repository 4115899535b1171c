package rpc

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"convexgateway/convex"
)

// way is how a call gets to the deployment: the label lane.
type way int

const (
	overHTTP    way = iota
	overSession     // the socket of the caller's session
	overKeyed       // a socket for mutations with request ids
	ways
)

var wayNames = [ways]string{"http", "session", "keyed"}

// kindNames are the values of the label kind.
var kindNames = map[convex.Kind]string{convex.Query: "query", convex.Mutation: "mutation", convex.Action: "action"}

// trip is the way of one call to the deployment and back. Over a socket it begins in a queue.
type trip struct {
	way   way
	kind  convex.Kind
	began time.Time
	sent  atomic.Int64 // nanoseconds after began; 0: not yet
}

func newTrip(by way, kind convex.Kind) *trip {
	return &trip{way: by, kind: kind, began: time.Now()}
}

// send notes that the call has been sent. Only the first time counts.
func (t *trip) send() { t.sent.CompareAndSwap(0, max(1, int64(time.Since(t.began)))) }

// stages returns how long the call was in the queue, and how long the deployment had it; answered is false if it was never sent.
func (t *trip) stages(took time.Duration) (queued, upstream time.Duration, answered bool) {
	sent := time.Duration(t.sent.Load())
	switch {
	case t.way == overHTTP:
		return 0, took, true
	case sent == 0 || sent > took: // or by another call that goes on
		return took, 0, false
	}
	return sent, took - sent, true
}

// spanName is the instrumentation scope of the spans here.
const spanName = "convexgateway"

// trace adds the stages to the call's span as its children. Over HTTP the request is one already.
func (t *trip) trace(ctx context.Context, took time.Duration) {
	parent := trace.SpanFromContext(ctx)
	if t.way == overHTTP || !parent.IsRecording() {
		return
	}
	queued, _, answered := t.stages(took)
	tracer := parent.TracerProvider().Tracer(spanName)
	child := func(name string, from, to time.Duration) {
		_, span := tracer.Start(ctx, name, trace.WithTimestamp(t.began.Add(from)), trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(attribute.String("convexgateway.lane", wayNames[t.way])))
		span.End(trace.WithTimestamp(t.began.Add(to)))
	}
	child("queue", 0, queued)
	if answered {
		child("deployment", queued, took)
	}
}

// tripMetrics observe trips. Safe for concurrent use.
type tripMetrics struct {
	upstream map[convex.Kind][ways]prometheus.Observer
	queue    prometheus.Histogram
}

func newTripMetrics(registry prometheus.Registerer) tripMetrics {
	buckets := prometheus.ExponentialBuckets(0.001, 2.5, 12)
	upstream := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "convexgateway_upstream_seconds", Help: "How long the deployment took for a call, with the way to it: over HTTP, over the socket of the caller's session, or over one for mutations with request ids (keyed).",
		Buckets: buckets,
	}, []string{"kind", "lane"})
	m := tripMetrics{upstream: map[convex.Kind][ways]prometheus.Observer{}, queue: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "convexgateway_queue_seconds", Help: "How long mutations and actions over sockets waited until they were sent: for a place, for the socket, or for another's answer.",
		Buckets: buckets,
	})}
	for kind, last := range map[convex.Kind]way{convex.Query: overHTTP, convex.Mutation: overKeyed, convex.Action: overSession} {
		var of [ways]prometheus.Observer
		for l := overHTTP; l <= last; l++ {
			of[l] = upstream.WithLabelValues(kindNames[kind], wayNames[l])
		}
		m.upstream[kind] = of
	}
	registry.MustRegister(upstream, m.queue)
	return m
}

// ended observes a trip that has ended, and adds its stages to the call's span.
func (m *callMetrics) ended(ctx context.Context, t *trip) {
	took := time.Since(t.began)
	t.trace(ctx, took)
	if m == nil {
		return
	}
	queued, upstream, answered := t.stages(took)
	if t.way != overHTTP {
		m.trips.queue.Observe(queued.Seconds())
	}
	if answered {
		m.trips.upstream[t.kind][t.way].Observe(upstream.Seconds())
	}
}

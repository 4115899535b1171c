package rpc

import (
	"errors"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"convexgateway/convex"
	"convexgateway/server/call"
)

// callMetrics count calls. Labels have few values, all fixed beforehand: no path, identity or address is among them. Safe for
// concurrent use; a nil one counts nothing.
type callMetrics struct {
	methods    map[string]bool // with a label of their own
	rpcs       *prometheus.CounterVec
	took       *prometheus.HistogramVec
	streams    *prometheus.GaugeVec
	delivery   prometheus.Histogram
	outcomes   *prometheus.CounterVec
	deployment *prometheus.CounterVec
}

// newCallMetrics registers the metrics of calls.
func newCallMetrics(registry prometheus.Registerer) *callMetrics {
	m := &callMetrics{
		methods: map[string]bool{},
		rpcs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_rpcs_total", Help: "Finished calls, over gRPC and REST.",
		}, []string{"method", "code"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "convexgateway_rpc_duration_seconds", Help: "How long unary calls took.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 12),
		}, []string{"method"}),
		streams: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "convexgateway_open_streams", Help: "Open streams.",
		}, []string{"method"}),
		delivery: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "convexgateway_delivery_seconds", Help: "From the deployment's message with a new result to the write on a client's stream.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 3, 12),
		}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_authentications_total", Help: "Calls by what became of their credential: AUTHENTICATED, ANONYMOUS, or the reason of its refusal.",
		}, []string{"outcome"}),
		deployment: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_deployment_errors_total", Help: "Calls that failed because of the deployment, by class.",
		}, []string{"class"}),
	}
	registry.MustRegister(m.rpcs, m.took, m.streams, m.delivery, m.outcomes, m.deployment)
	return m
}

// registerMethods gives the methods of services labels. Call it before the first call.
func (m *callMetrics) registerMethods(services map[string]grpc.ServiceInfo) {
	for service, info := range services {
		for _, method := range info.Methods {
			m.methods["/"+service+"/"+method.Name] = true
		}
	}
}

// label returns the label of a method. All methods that do not exist have one: callers can invent any number of them.
func (m *callMetrics) label(method string) string {
	if m.methods[method] {
		return method
	}
	return "unknown"
}

// began counts a stream that opens. The stream calls ended once.
func (m *callMetrics) began(method string) (ended func()) {
	if m == nil {
		return func() {}
	}
	open := m.streams.WithLabelValues(m.label(method))
	open.Inc()
	return open.Dec
}

// finished counts a call.
func (m *callMetrics) finished(method string, c *call.Call, code codes.Code, stream bool, took time.Duration) {
	if m == nil {
		return
	}
	method = m.label(method)
	m.rpcs.WithLabelValues(method, code.String()).Inc()
	if !stream {
		m.took.WithLabelValues(method).Observe(took.Seconds())
	}
	if outcome := c.Authentication(); outcome != "" {
		m.outcomes.WithLabelValues(outcome).Inc()
	}
	if failed, ok := errors.AsType[*convex.DeploymentError](c.Failure); ok {
		m.deployment.WithLabelValues(strings.ReplaceAll(failed.Class.String(), " ", "_")).Inc()
	}
}

// delivered observes how long a result took until it was sent on a stream.
func (m *callMetrics) delivered(r *convex.Result) {
	if m != nil && !r.Received.IsZero() {
		m.delivery.Observe(time.Since(r.Received).Seconds())
	}
}

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
	typed      TypedMethod     // the same, of the app's contract
	rpcs       *prometheus.CounterVec
	took       *prometheus.HistogramVec
	streams    *prometheus.GaugeVec
	delivery   prometheus.Histogram
	freshness  prometheus.Histogram
	trips      tripMetrics
	functions  *functionMetrics
	outcomes   *prometheus.CounterVec
	deployment *prometheus.CounterVec
	unknown    prometheus.Counter
	mismatches prometheus.Counter
}

// newCallMetrics registers the metrics of calls. All counters begin at 0, so that the first failure is an increase.
func newCallMetrics(registry prometheus.Registerer) *callMetrics {
	m := &callMetrics{
		methods: map[string]bool{}, trips: newTripMetrics(registry),
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
			Name: "convexgateway_delivery_seconds", Help: "From the deployment's message with a new result to the write on a client's stream; of the oldest, for a response with several.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 3, 12),
		}),
		freshness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "convexgateway_freshness_seconds", Help: "From a commit to the write of what it has changed on a client's stream. The clocks need not agree: their difference is that of the fastest message of late.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
		}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_authentications_total", Help: "Calls by what became of their credential: AUTHENTICATED, ANONYMOUS, or the reason of its refusal.",
		}, []string{"outcome"}),
		unknown: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "convexgateway_unknown_result_fields_total", Help: "Fields of results that the app's contract does not have, and that typed responses leave out.",
		}),
		mismatches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "convexgateway_result_mismatches_total", Help: "Results that do not fit the app's contract (RESULT_MISMATCH).",
		}),
		deployment: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_deployment_errors_total", Help: "Calls that failed because of the deployment, by class.",
		}, []string{"class"}),
	}
	registry.MustRegister(m.unknown, m.mismatches, m.rpcs, m.took, m.streams, m.delivery, m.freshness, m.outcomes, m.deployment)
	for _, outcome := range call.Outcomes() {
		m.outcomes.WithLabelValues(outcome)
	}
	for class := range convex.Classes() {
		m.deployment.WithLabelValues(classLabel(class))
	}
	return m
}

// registerMethods gives the methods of services labels. Call it before the first call.
func (m *callMetrics) registerMethods(services map[string]grpc.ServiceInfo) {
	for service, info := range services {
		for _, method := range info.Methods {
			name := "/" + service + "/" + method.Name
			m.methods[name] = true
			if !Exists(name) { // health, reflection
				continue
			}
			for code := codes.OK; code <= codes.Unauthenticated; code++ {
				m.rpcs.WithLabelValues(name, code.String())
			}
		}
	}
}

// label returns the label of a method. All methods that do not exist have one: callers can invent any number of them.
func (m *callMetrics) label(method string) string {
	if m.methods[method] || m.typed.find(method) != nil {
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
	if class, ok := failedClass(c.Failure); ok {
		m.deployment.WithLabelValues(classLabel(class)).Inc()
	}
}

func classLabel(class convex.Class) string { return strings.ReplaceAll(class.String(), " ", "_") }

// calledFunction observes a call of a function, which is no stream.
func (m *callMetrics) calledFunction(c *call.Call, e CallEnd) {
	if m != nil && m.functions != nil && c.Path != "" {
		m.functions.called(c.Path, time.Since(e.Started), e.fault(c))
	}
}

// failedClass returns the class of a call that failed because of the deployment.
func failedClass(err error) (convex.Class, bool) {
	if failed, ok := errors.AsType[*convex.DeploymentError](err); ok {
		return failed.Class, true
	}
	failed, ok := errors.AsType[*convex.FunctionError](err)
	return convex.NotRunning, ok && failed.Cause() == convex.Stopped
}

// transcoded counts what of a result did not fit the app's contract.
func (m *callMetrics) transcoded(unknown int, err error) {
	if m == nil {
		return
	}
	if unknown > 0 {
		m.unknown.Add(float64(unknown))
	}
	if _, ok := errors.AsType[*call.ResultError](err); ok {
		m.mismatches.Inc()
	}
}

// delivered observes how long a result took until it was sent on a stream, from the deployment's message and from the commit; nothing for nil.
func (m *callMetrics) delivered(r *convex.Result) {
	if m == nil || r == nil || r.Received.IsZero() {
		return
	}
	took := time.Since(r.Received)
	m.delivery.Observe(took.Seconds())
	if r.Age > 0 {
		m.freshness.Observe((r.Age + took).Seconds())
	}
}

package server

import (
	convexlive "convexgateway/convex/live"

	"errors"
	"math"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// metrics is what the gateway tells of itself. Labels have few values, all known beforehand: no path, identity or address
// is among them. It may be used concurrently; a nil one counts nothing.
type metrics struct {
	registry   *prometheus.Registry
	methods    map[string]bool // that have a label of their own
	rpcs       *prometheus.CounterVec
	took       *prometheus.HistogramVec
	streams    *prometheus.GaugeVec
	delivery   prometheus.Histogram
	outcomes   *prometheus.CounterVec
	deployment *prometheus.CounterVec
}

// newMetrics makes the metrics of one gateway.
func newMetrics(client *convexlive.Client) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(), methods: map[string]bool{ticketRoute: true},
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
	m.registry.MustRegister(m.rpcs, m.took, m.streams, m.delivery, m.outcomes, m.deployment, upstreamCollector{client},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watchKeys shows how old the issuers' keys are, and what their answers tell of this clock.
func (m *metrics) watchKeys(v *auth.ClerkVerifier) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_signing_keys_age_seconds",
		Help: "Since the keys of the issuer that is worst off were fetched. Over 900: it is out of reach; at 21600 its tokens are refused.",
	}, func() float64 { return v.KeyAge().Seconds() }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_clock_skew_seconds",
		Help: "How far this clock is ahead of the issuers', by the Date of their keys, to a second; NaN if they told none. At -5 fresh tokens are refused.",
	}, func() float64 {
		if ahead, known := v.ClockSkew(); known {
			return ahead.Seconds()
		}
		return math.NaN()
	}))
}

// watchConnections shows how many connections clients have, and how many they could not make.
func (m *metrics) watchConnections(limit *connLimit) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_connections", Help: "Open connections of clients, on all ports but the admin port.",
	}, func() float64 { return float64(limit.open.Load()) }), prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "convexgateway_refused_connections_total", Help: "Connections of clients over --max-connections, which were closed at once.",
	}, func() float64 { return float64(limit.refused.Load()) }))
}

// know gives the methods of services labels. It is called before the first call.
func (m *metrics) know(services map[string]grpc.ServiceInfo) {
	for service, info := range services {
		for _, method := range info.Methods {
			m.methods["/"+service+"/"+method.Name] = true
		}
	}
}

// label is what a method is counted as. Those that do not exist are one: a caller can think of any number of them.
func (m *metrics) label(method string) string {
	if m.methods[method] {
		return method
	}
	return "unknown"
}

// began counts a stream that opens; what it returns is called when it ends.
func (m *metrics) began(method string) (ended func()) {
	if m == nil {
		return func() {}
	}
	open := m.streams.WithLabelValues(m.label(method))
	open.Inc()
	return open.Dec
}

// finished counts a call.
func (m *metrics) finished(method string, c *call.Call, code codes.Code, stream bool, took time.Duration) {
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

// delivered notes that a result has left on a stream.
func (m *metrics) delivered(r *convex.Result) {
	if m != nil && !r.Received.IsZero() {
		m.delivery.Observe(time.Since(r.Received).Seconds())
	}
}

// upstreamCollector reads the figures of the sync client when they are asked for.
type upstreamCollector struct{ live *convexlive.Client }

var (
	upstreamSessions = gauge("upstream_sessions", "Identities with a session at the deployment.")
	upstreamSockets  = gauge("upstream_sockets", "Open sockets to the deployment.")
	upstreamQueries  = gauge("upstream_queries", "Queries that are live upstream, each shared by its subscribers.")
	audiences        = gauge("query_audiences", "Live queries by how many streams follow each. One that none follows lingers for the next.", "subscribers")
	subscriptions    = gauge("subscriptions", "Streams that follow a query or a session.")
	socketsLost      = counter("upstream_sockets_lost_total", "Ends of sockets to the deployment, by cause.", "cause")
	conflated        = counter("conflated_updates_total", "Results that a newer one replaced before a stream had sent them.")
	savedSockets     = counter("shared_sockets_total", "Subscriptions that needed no socket of their own.")
	savedQueries     = counter("shared_queries_total", "Subscriptions that needed no query of their own.")
	savedBytes       = counter("shared_bytes_total", "Bytes of results that the deployment did not have to send again.")
)

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("convexgateway_"+name, help, labels, nil)
}

func counter(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("convexgateway_"+name, help, labels, nil)
}

// Describe implements [prometheus.Collector].
func (upstreamCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		upstreamSessions, upstreamSockets, upstreamQueries, audiences, subscriptions, socketsLost, conflated, savedSockets, savedQueries, savedBytes,
	} {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (c upstreamCollector) Collect(to chan<- prometheus.Metric) {
	stats := c.live.Stats()
	for d, value := range map[*prometheus.Desc]int{
		upstreamSessions: stats.Sessions, upstreamSockets: stats.Sockets, upstreamQueries: stats.Queries, subscriptions: stats.Subscriptions,
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value))
	}
	for d, value := range map[*prometheus.Desc]uint64{
		conflated: stats.Conflated, savedSockets: stats.SharedSessions, savedQueries: stats.SharedQueries, savedBytes: stats.SharedBytes,
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value))
	}
	for class, n := range stats.QueriesBySubscribers {
		to <- prometheus.MustNewConstMetric(audiences, prometheus.GaugeValue, float64(n), convexlive.SubscriberBuckets[class])
	}
	for _, cause := range convexlive.LossCauses {
		to <- prometheus.MustNewConstMetric(socketsLost, prometheus.CounterValue, float64(stats.Lost[cause]), cause)
	}
}

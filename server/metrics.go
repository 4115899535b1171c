package server

import (
	"math"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
	"convexgateway/server/connlimit"
)

// newRegistry returns the registry of all metrics, with those of the process and of the sync client.
func newRegistry(client *convexlive.Client) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(upstreamCollector{client},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// registerKeys registers the age of the issuers' keys, and the difference between this clock and theirs.
func registerKeys(registry prometheus.Registerer, v *auth.ClerkVerifier) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_signing_keys_age_seconds",
		Help: "Since the keys of the issuer that is worst off were fetched. Over 900: it is out of reach; at 21600 its tokens are refused.",
	}, func() float64 { return v.KeyAge().Seconds() }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_clock_skew_seconds",
		Help: "How far this clock is ahead of the issuers', by the Date of their keys, to a second; NaN if they told none. At -5 fresh tokens are refused.",
	}, func() float64 {
		if ahead, measured := v.ClockSkew(); measured {
			return ahead.Seconds()
		}
		return math.NaN()
	}))
}

// registerBuild registers what the process was built from, so that replicas can be compared.
func registerBuild(registry prometheus.Registerer, b Build) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_build_info", Help: "1, with what the process was built from.",
		ConstLabels: prometheus.Labels{"version": b.Version, "commit": b.Commit, "go": b.Go},
	}, func() float64 { return 1 }))
}

// registerMaxima registers what may be open at most.
func registerMaxima(registry prometheus.Registerer, c Config) {
	for _, of := range []struct {
		name, help string
		value      int
	}{
		{"max_connections", "Connections of clients that may be open (--max-connections); 0: no limit.", c.MaxConnections},
		{"max_streams", "Streams that may be open (--max-streams); 0: no limit.", c.MaxStreams},
		{"max_upstream_sockets", "Sockets to the deployment that may be open (--max-upstream-sockets); 0: no limit.", c.MaxUpstreamSockets},
	} {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "convexgateway_" + of.name, Help: of.help}, func() float64 { return float64(of.value) }))
	}
}

// registerExchange registers whether there is a connection to the other replicas, if there is to be one.
func registerExchange(registry prometheus.Registerer, connected func() bool) {
	if connected == nil {
		return
	}
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_nats_connected", Help: "1 while there is a connection to NATS, over which replicas exchange sign-outs and revocations.",
	}, func() float64 {
		if connected() {
			return 1
		}
		return 0
	}))
}

// measuredFunctions returns the functions that have metrics of their own from the start.
func (s *Server) measuredFunctions() []string {
	if api := s.contract.API(); api != nil && len(s.cfg.MetricsFunctions) == 0 {
		return api.Paths()
	}
	return s.cfg.MetricsFunctions
}

// isMeasured reports whether a function has metrics of its own, because the contract has it now.
func (s *Server) isMeasured(path string) bool {
	api := s.contract.API()
	if api == nil || len(s.cfg.MetricsFunctions) > 0 {
		return false
	}
	p, err := convex.ParsePath(path)
	return err == nil && api.Function(p) != nil
}

// registerLimits registers what is held for callers, and how much may be.
func registerLimits(registry prometheus.Registerer, limits *call.Limits) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "convexgateway_" + name, Help: help}, value))
	}
	gauge("held_bytes", "Bytes of requests, responses and live queries that are held for callers, and of what is being read from the deployment.", func() float64 { return float64(limits.Budget.Held()) })
	gauge("memory_budget_bytes", "How many bytes may be held for callers; 0: no limit.", func() float64 { return float64(limits.Budget.Total()) })
	gauge("holding_callers", "Callers for whom something is held.", func() float64 { return float64(limits.Budget.Callers()) })
	gauge("calls_under_way", "Unary calls under way.", func() float64 { return float64(limits.Unary.Taken()) })
}

// registerConnections registers the numbers of open and of refused connections.
func registerConnections(registry prometheus.Registerer, limit *connlimit.Limit) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "convexgateway_connections", Help: "Open connections of clients, on all ports but the admin port.",
	}, func() float64 { return float64(limit.Open()) }), prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "convexgateway_refused_connections_total", Help: "Connections of clients over --max-connections or --max-connections-per-address, which were closed at once.",
	}, func() float64 { return float64(limit.Refused()) }))
}

// upstreamCollector collects the statistics of the sync client at each scrape.
type upstreamCollector struct{ live *convexlive.Client }

var (
	upstreamSessions     = gauge("upstream_sessions", "Identities with a session at the deployment.")
	upstreamSockets      = gauge("upstream_sockets", "Open sockets to the deployment.")
	upstreamQueries      = gauge("upstream_queries", "Queries that are live upstream, each shared by its subscribers.")
	queriesBySubscribers = gauge("query_audiences", "Live queries by how many streams follow each. One that none follows lingers for the next.", "subscribers")
	subscriptions        = gauge("subscriptions", "Streams that follow a query or a session.")
	socketsLost          = counter("upstream_sockets_lost_total", "Ends of sockets to the deployment, by cause.", "cause")
	conflated            = counter("conflated_updates_total", "Results that a newer one replaced before a stream had sent them.")
	moved                = counter("moved_queries_total", "Queries that were moved to another socket of their identity, because they or others on it are slow.")
	savedSockets         = counter("shared_sockets_total", "Subscriptions that needed no socket of their own.")
	savedQueries         = counter("shared_queries_total", "Subscriptions that needed no query of their own.")
	savedBytes           = counter("shared_bytes_total", "Bytes of results that the deployment did not have to send again.")
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
		upstreamSessions, upstreamSockets, upstreamQueries, queriesBySubscribers, subscriptions, socketsLost, conflated, moved, savedSockets, savedQueries, savedBytes,
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
		conflated: stats.Conflated, moved: stats.Moved, savedSockets: stats.SharedSessions, savedQueries: stats.SharedQueries, savedBytes: stats.SharedBytes,
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value))
	}
	for class, n := range stats.QueriesBySubscribers {
		to <- prometheus.MustNewConstMetric(queriesBySubscribers, prometheus.GaugeValue, float64(n), convexlive.SubscriberBuckets[class])
	}
	for _, cause := range convexlive.LossCauses {
		to <- prometheus.MustNewConstMetric(socketsLost, prometheus.CounterValue, float64(stats.Lost[cause]), cause)
	}
}

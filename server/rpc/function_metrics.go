package rpc

import (
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
)

// maxFunctions bounds the functions that have series of their own.
const maxFunctions = 200

// otherFunctions is the label of all others.
const otherFunctions = "other"

// Whose fault a failure is.
const (
	faultFunction = "function" // it threw
	faultCaller   = "caller"   // wrong arguments or credential, or over a limit
	faultService  = "service"  // of the gateway or the deployment
)

// functionMetrics observe the calls of each function, of the first maxFunctions that are known. Safe for concurrent use.
type functionMetrics struct {
	known  func(path string) bool // has series of its own; nil: none has
	took   *prometheus.HistogramVec
	errors *prometheus.CounterVec

	mu     sync.RWMutex
	series map[string]*functionSeries // of those that have their own, and of the others
}

// functionSeries are those of one function.
type functionSeries struct {
	took   prometheus.Observer
	errors map[string]prometheus.Counter // by fault
}

// newFunctionMetrics registers the metrics. names have series from the start, those that are known from their first call.
func newFunctionMetrics(registry prometheus.Registerer, names []string, known func(string) bool) *functionMetrics {
	m := &functionMetrics{
		known: known, series: map[string]*functionSeries{},
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "convexgateway_function_duration_seconds", Help: "How long calls of a function took: of those of --metrics-functions, else of --api, 200 at most. The rest are other.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}, []string{"function"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "convexgateway_function_errors_total", Help: "Calls of a function that failed, by whose fault it is: function (it threw), caller, or service (gateway or deployment).",
		}, []string{"function", "fault"}),
	}
	registry.MustRegister(m.took, m.errors)
	m.add(otherFunctions)
	for _, name := range slices.Sorted(slices.Values(names)) {
		if len(m.series) <= maxFunctions {
			m.add(name)
		}
	}
	return m
}

// add makes the series of a function. The caller holds mu, or is the only one.
func (m *functionMetrics) add(name string) *functionSeries {
	s := &functionSeries{took: m.took.WithLabelValues(name), errors: map[string]prometheus.Counter{}}
	for _, fault := range []string{faultFunction, faultCaller, faultService} {
		s.errors[fault] = m.errors.WithLabelValues(name, fault)
	}
	m.series[name] = s
	return s
}

// of returns the series of a function.
func (m *functionMetrics) of(path string) *functionSeries {
	m.mu.RLock()
	s, full := m.series[path], len(m.series) > maxFunctions
	other := m.series[otherFunctions]
	m.mu.RUnlock()
	switch {
	case s != nil:
		return s
	case full || m.known == nil || !m.known(path):
		return other
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s = m.series[path]; s != nil {
		return s
	}
	if len(m.series) > maxFunctions {
		return other
	}
	return m.add(path)
}

// called observes a call of a function that has ended. fault is empty for success, and for a call that its caller has cancelled.
func (m *functionMetrics) called(path string, took time.Duration, fault string) {
	s := m.of(path)
	s.took.Observe(took.Seconds())
	if fault != "" {
		s.errors[fault].Inc()
	}
}

// fault returns whose fault the end of a call is; empty if it has not failed.
func (e CallEnd) fault(c *call.Call) string {
	switch {
	case !e.failed():
		return ""
	case e.Problem.Code == codes.Internal || e.faulty(c):
		return faultService
	case e.Problem.Threw():
		return faultFunction
	}
	return faultCaller
}

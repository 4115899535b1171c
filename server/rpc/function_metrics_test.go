package rpc

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// functionLabels are the values of the label function.
func functionLabels(t *testing.T, registry *prometheus.Registry) map[string]uint64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]uint64{}
	for _, f := range families {
		if !strings.HasSuffix(f.GetName(), "function_duration_seconds") {
			continue
		}
		for _, m := range f.GetMetric() {
			calls[m.GetLabel()[0].GetValue()] = m.GetHistogram().GetSampleCount()
		}
	}
	return calls
}

// At most 200 functions have series of their own, whether they are known at the start or later; all others share one.
func TestFunctionsWithSeriesAreBounded(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 150 {
		names = append(names, fmt.Sprintf("m:f%03d", i))
	}
	registry := prometheus.NewRegistry()
	m := newFunctionMetrics(registry, names, func(path string) bool { return strings.HasPrefix(path, "m:") })
	if calls := functionLabels(t, registry); len(calls) != 151 {
		t.Errorf("%d at the start", len(calls))
	}
	for i := range 400 {
		m.called(fmt.Sprintf("m:f%03d", i), time.Millisecond, "")
		m.called(fmt.Sprintf("invented:f%03d", i), time.Millisecond, faultCaller)
	}
	calls := functionLabels(t, registry)
	if len(calls) != maxFunctions+1 || calls["m:f000"] != 1 || calls["m:f199"] != 1 || calls["other"] != 400+200 {
		t.Errorf("%d functions, %v", len(calls), calls)
	}
	many := newFunctionMetrics(prometheus.NewRegistry(), append(names, "m:a", "m:b", "z:z"), nil)
	if many.of("z:z") == many.of("unknown:x") || many.of("m:f999") != many.of("unknown:x") {
		t.Error("without a contract those that are named have series, and no others")
	}
}

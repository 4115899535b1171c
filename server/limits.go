package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// Places of health and reflection, which need no credential. Checks have no limit in all, so that callers who fill theirs do not make
// the checks of orchestrators fail.
const (
	maxProbes         = 1_000
	maxProbesOfCaller = 100
)

// maxRefusedPerSecond is how many credentials of an address are checked in a second if they are refused: enough for all phones behind
// it, whose tokens may end at the same time.
const maxRefusedPerSecond = 1_000

// newLimits makes the limits by which calls are admitted.
func newLimits(cfg Config) *call.Limits {
	return &call.Limits{
		Rate:     limit.NewRate(cfg.MaxCallsPerSecond),
		Refused:  limit.NewRate(maxRefusedPerSecond),
		Budget:   limit.NewBudget(cfg.MemoryBudget, budgetOfCaller(cfg.MemoryBudget, cfg.MaxRequestBytes), call.ErrOverloaded),
		Unary:    limit.NewPlaces(cfg.MaxCallsPerCaller, cfg.MaxCalls, call.ErrTooManyCalls, call.ErrOverloaded),
		Streams:  limit.NewPlaces(cfg.MaxStreamsPerCaller, cfg.MaxStreams, call.ErrTooManyStreams, call.ErrTooManyStreams),
		Checks:   limit.NewPlaces(maxProbesOfCaller, 0, call.ErrTooManyCalls, call.ErrTooManyCalls),
		Probes:   limit.NewPlaces(maxProbesOfCaller, maxProbes, call.ErrTooManyCalls, call.ErrTooManyCalls),
		Refusals: limit.NewRefusals(cfg.Logger),
	}
}

// registerLimits registers what is held for callers, and how much may be.
func registerLimits(registry prometheus.Registerer, limits *call.Limits) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "convexgateway_" + name, Help: help}, value))
	}
	gauge("held_bytes", "Bytes of requests and responses that are held for callers.", func() float64 { return float64(limits.Budget.Held()) })
	gauge("memory_budget_bytes", "How many bytes may be held for callers; 0: no limit.", func() float64 { return float64(limits.Budget.Total()) })
	gauge("holding_callers", "Callers for whom something is held.", func() float64 { return float64(limits.Budget.Callers()) })
	gauge("calls_under_way", "Unary calls under way.", func() float64 { return float64(limits.Unary.Taken()) })
}

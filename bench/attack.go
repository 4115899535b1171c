package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"syscall"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/payload"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// attackRun is an attack, and the latency of other callers before it and during it.
type attackRun struct {
	load.Attack
	with           string // what is special about the gateway
	bounded        bool   // the gateway has attackBudget
	held           bool   // the attackers stay connected until the server closes
	before, during waits
	grown          table.Series // MiB of the gateway's memory at most, beyond that of before; only with a budget
	own            table.Series // the attackers' own CPU, percent of a core
	floor          *attackRun   // the same attack, on a bare server that refuses all its calls; nil: not measured
}

// waits are latencies of the other callers: of calls, one at a time, and of updates, until the last stream has each.
type waits struct {
	call50, call99, update50, update99 table.Series // µs
	cpu                                table.Series // of the gateway, percent of a core
}

// attack measures what abusive clients do to other callers. The abusive clients are a process of their own with the lowest
// priority: in production they run on other machines.
func (b *bench) attack(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	v, err := b.newOthers(ctx, up, g, "")
	if err != nil {
		return err
	}
	attacks := b.attackRuns(g)
	for range b.runs {
		for _, s := range attacks {
			if err := b.measureAttack(ctx, s, v); err != nil {
				return fmt.Errorf("%s: %w", s.Kind, err)
			}
		}
	}
	v.close()
	b.finish(ctx, g)
	bounded, err := b.boundedAttacks(ctx)
	for _, s := range append(attacks, bounded...) {
		s.report(b)
	}
	return err
}

// attackRuns returns all attacks. Each is small enough that the load of the attackers does not hide that of the other callers.
func (b *bench) attackRuns(g *gateway) []*attackRun {
	of := func(kind string, attackers int, held bool) *attackRun {
		return &attackRun{Attack: load.Attack{Kind: kind, GRPC: g.grpc, HTTP: g.http, Attackers: attackers, From: attackersFrom, Live: wire.LivePath}, held: held}
	}
	return []*attackRun{
		of("silent connections", b.sockets(b.count(10_000, 200)), true),
		of("slow headers", b.count(1000, 50), true),
		of("slow bodies", b.count(1000, 50), true),
		of("slow readers", b.count(400, 20), true),
		of("ping flood", b.count(20, 4), false),
		of("rapid reset", b.count(10, 4), true),
		of("huge metadata", b.count(4, 4), false),
	}
}

// others are the callers that are not abusive.
type others struct {
	*caller
	streams subscribed
	gateway *gateway
	files   int // open in the gateway for them
	calls   int
	updates int
}

// newOthers connects the other callers, with a token unless that is empty.
func (b *bench) newOthers(ctx context.Context, up *fakeDeployment, g *gateway, token string) (*others, error) {
	c, err := grpcCaller("gateway", g.Process, g.grpc, gatewayv1.FunctionService_Query_FullMethodName, payload.StructRequest(), 0, payload.CheckValue)
	if err != nil {
		return nil, err
	}
	form := overGRPC
	if token != "" {
		c.call = c.call.As(token)
		form.request = func(stream int, resume string) load.Request {
			r := overGRPC.request(stream, resume)
			r.Token = "Bearer " + token
			return r
		}
	}
	if err := c.first(ctx); err != nil {
		return nil, err
	}
	s := newStreamServer("gateway", g.Process, g.grpc, up.feed, form)
	streams, err := b.subscribe(ctx, s, shape{streams: 100, conns: 10}, "", liveSize)
	return &others{
		caller: c, streams: streams, gateway: g, files: g.Files(), calls: b.count(2000, 50), updates: b.count(1000, 5),
	}, err
}

const liveSize = 2 << 10 // bytes of JSON

func (v *others) close() {
	v.streams.close()
	v.caller.close()
}

// measureAttack measures before an attack and during it, and waits until the gateway has closed the attackers' connections.
func (b *bench) measureAttack(ctx context.Context, s *attackRun, v *others) error {
	if _, err := rounds(ctx, v.streams, warmRounds, liveSize); err != nil {
		return err
	}
	v.Label = "before " + s.Kind
	if err := v.live(ctx, &s.before); err != nil {
		return err
	}
	memory, err := v.gateway.ResetPeak()
	if err != nil {
		return err
	}
	config, err := json.Marshal(s.Attack)
	if err != nil {
		return err
	}
	attackers, _, err := b.own(ctx, "attack", string(config))
	if err != nil {
		return err
	}
	defer attackers.Stop()
	if _, err := rounds(ctx, v.streams, b.count(4*fillRounds, 1), fillSize); err != nil { // fills the windows of slow readers
		return err
	}
	b.settle(ctx)
	connected := func() bool { return !s.held || v.gateway.Files()-v.files >= s.Attackers/2 }
	if err := b.until(ctx, patience, "the attackers are not connected", connected); err != nil {
		return err
	}
	v.Label = s.Kind
	start := time.Now()
	spent, err := attackers.Spend(func() error { return v.live(ctx, &s.during) })
	if err != nil {
		return err
	}
	if err := s.measureMemory(v.gateway, memory); err != nil {
		return err
	}
	s.own = append(s.own, share(spent, start))
	attackers.Stop()
	const spare = 20 // connections to the deployment
	return b.until(ctx, patience, "the gateway does not get rid of the attackers", func() bool { return v.gateway.Files() <= v.files+spare })
}

// live makes calls and updates, and records how long they took.
func (v *others) live(ctx context.Context, w *waits) error {
	var calls, updates []time.Duration
	start := time.Now()
	spent, err := v.Spend(func() (err error) {
		if calls, err = v.paced(ctx); err == nil {
			updates, err = rounds(ctx, v.streams, v.updates, liveSize)
		}
		return err
	})
	if err != nil {
		return err
	}
	w.cpu = append(w.cpu, share(spent, start))
	w.call50, w.call99 = append(w.call50, percentile(calls, 50)), append(w.call99, percentile(calls, 99))
	w.update50, w.update99 = append(w.update50, percentile(updates, 50)), append(w.update99, percentile(updates, 99))
	return nil
}

// share is CPU time since a moment, in percent of a core.
func share(spent time.Duration, since time.Time) float64 {
	return 100 * spent.Seconds() / time.Since(since).Seconds()
}

// paced makes calls, one at a time and a thousand a second at most, and returns how long each took, sorted.
func (v *others) paced(ctx context.Context) ([]time.Duration, error) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	all := make([]time.Duration, 0, v.calls)
	for range v.calls {
		took, err := v.call.Run(ctx, 1, 1, v.want)
		if err != nil {
			return nil, err
		}
		all = append(all, took...)
		<-tick.C
	}
	slices.Sort(all)
	return all, nil
}

// percentile of sorted times, in µs.
func percentile(sorted []time.Duration, percent int) float64 {
	return micros(sorted[min(len(sorted)*percent/100, len(sorted)-1)])
}

// report adds an attack's rows to the table.
func (s *attackRun) report(b *bench) {
	what := "beside " + s.name() + ": "
	const before = "before"
	b.add(table.Row{What: what + "a query over gRPC", Unit: "p50 µs", Floor: before, There: s.before.call50, Gateway: s.during.call50, Goal: table.AtMost(2)})
	b.add(table.Row{What: what + "the same", Unit: "p99 µs", Floor: before, There: s.before.call99, Gateway: s.during.call99, Goal: table.AtMost(2)})
	b.add(table.Row{What: what + "an update to 100 streams", Unit: "p50 µs", Floor: before, There: s.before.update50, Gateway: s.during.update50, Goal: table.AtMost(2)})
	b.add(table.Row{What: what + "the same", Unit: "p99 µs", Floor: before, There: s.before.update99, Gateway: s.during.update99, Goal: table.AtMost(2)})
	if s.floor != nil {
		const there = "the same attack on a bare server"
		b.add(table.Row{What: what + "a query over gRPC", Unit: "p99 µs", Floor: there, There: s.floor.during.call99, Gateway: s.during.call99, Goal: table.AtMost(2)})
		b.add(table.Row{What: what + "an update to 100 streams", Unit: "p99 µs", Floor: there, There: s.floor.during.update99, Gateway: s.during.update99, Goal: table.AtMost(2)})
	}
	if s.grown != nil {
		b.add(table.Row{What: what + "the gateway's memory", Unit: "MiB RSS more", Floor: "budget", There: s.budget(), Gateway: s.grown, Goal: table.AtMost(1.25)})
	}
	b.add(table.Row{What: what + "the gateway", Unit: "% of a core", Floor: before, There: s.before.cpu, Gateway: s.during.cpu})
	b.note("%s: the attackers themselves used %s %% of a core", s.name(), s.own)
}

// name is the attack with its size.
func (s *attackRun) name() string {
	if s.Calls > 1 {
		return fmt.Sprintf("%s %s%s", thousands(s.Attackers*s.Calls), s.Kind, s.with)
	}
	return fmt.Sprintf("%s attackers, %s%s", thousands(s.Attackers), s.Kind, s.with)
}

// startAttack runs the attackers in this process.
func startAttack(ctx context.Context, config string) error {
	var a load.Attack
	if err := json.Unmarshal([]byte(config), &a); err != nil {
		return err
	}
	const last = 19 // the lowest priority
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, last); err != nil {
		return err
	}
	return a.Start(ctx)
}

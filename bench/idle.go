package main

import (
	"context"
	"time"

	"convexgateway/bench/load"
)

// settle waits, so that the memory of idle streams is measured and not that of opening them.
func (b *bench) settle(ctx context.Context) {
	d := 3 * time.Second
	if b.quick {
		d = 100 * time.Millisecond
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// memoryOf returns how many KiB of memory each stream of a shape takes in a server that has just started.
func (b *bench) memoryOf(ctx context.Context, s *streamServer, sh shape) (float64, error) {
	one, err := b.subscribe(ctx, s, shape{streams: 1, conns: 1}, "", idleSize)
	if err != nil {
		return 0, err
	}
	one.close()
	before, err := s.rss()
	if err != nil {
		return 0, err
	}
	on, err := b.subscribe(ctx, s, sh, "", idleSize)
	if err != nil {
		return 0, err
	}
	defer on.close()
	b.settle(ctx)
	after, err := s.rss()
	return (after - before) / float64(sh.streams) / 1024, err
}

// idleSize is the size of the value that idle streams have been sent, in bytes.
const idleSize = 200

// idleCase is one kind of idle streams, and their figures.
type idleCase struct {
	sh    shape
	what  string
	form  form
	floor string
	goal  goal
	limit float64 // KiB

	there, gateway series
}

// idle measures the memory of streams on which nothing is sent, against that of the floors, each in a new process.
func (b *bench) idle(ctx context.Context) error {
	many, more, conns := b.count(10_000, 400), b.count(50_000, 800), b.count(100, 20)
	alone := b.sockets(many)
	cases := []*idleCase{
		{sh: shape{streams: many, conns: conns}, what: "idle gRPC streams, 100 a connection", form: overGRPC, floor: "fanout", goal: atMost(1.3), limit: 16},
		{sh: shape{streams: alone, conns: alone}, what: "idle gRPC streams, one a connection", form: overGRPC, floor: "fanout", goal: atMost(1.3), limit: 42},
		{sh: shape{streams: more, conns: 5 * conns}, what: "idle gRPC streams, 100 a connection", form: overGRPC, floor: "fanout", goal: atMost(1.3), limit: 16},
		{sh: shape{streams: alone, conns: alone}, what: "idle SSE streams", form: overSSE, floor: "sse", limit: 32},
	}
	for range b.runs {
		for _, c := range cases {
			if err := b.idleOnce(ctx, c); err != nil {
				return err
			}
		}
	}
	for _, c := range cases {
		what, name := thousands(c.sh.streams)+" "+c.what, "bare grpc-go"
		if c.floor == "sse" {
			name = "SSE by hand"
		}
		b.add(row{"5", what, "KiB RSS per stream", name, c.there, c.gateway, c.goal, false})
		b.add(row{"5", what, "KiB RSS per stream", "", nil, c.gateway, goal{limit: c.limit, unit: "KiB"}, false})
	}
	if !b.quick {
		b.note("50,000 streams on a connection each are not measured: a process may open %d files", b.maxFiles)
	}
	return nil
}

func (b *bench) idleOnce(ctx context.Context, c *idleCase) error {
	p, at, err := b.own(ctx, c.floor)
	if err != nil {
		return err
	}
	floor := newStreamServer(c.floor, p, at.GRPC, load.NewFeed("http://"+at.HTTP+"/bench/publish"), c.form)
	if c.floor == "sse" {
		floor.addr = at.HTTP
	}
	there, err := b.memoryOf(ctx, floor, c.sh)
	if err != nil {
		return err
	}
	b.stopAll()
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	gate := newStreamServer("gateway", g.process, g.grpc, up.feed, c.form)
	if c.floor == "sse" {
		gate.addr = g.http
	}
	gateway, err := b.memoryOf(ctx, gate, c.sh)
	if err != nil {
		return err
	}
	c.there, c.gateway = append(c.there, there), append(c.gateway, gateway)
	b.stopAll()
	return nil
}

package main

import (
	"context"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
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
	before, err := s.RSS()
	if err != nil {
		return 0, err
	}
	on, err := b.subscribe(ctx, s, sh, "", idleSize)
	if err != nil {
		return 0, err
	}
	defer on.close()
	b.settle(ctx)
	after, err := s.RSS()
	return (after - before) / float64(sh.streams) / 1024, err
}

// idleSize is the size of the value that idle streams have been sent, in bytes.
const idleSize = 200

// idleCase is one kind of idle streams, and their figures.
type idleCase struct {
	sh    shape
	What  string
	form  form
	Floor string // empty: none
	goal  table.Goal
	Limit float64 // KiB

	There, gateway table.Series
}

// idle measures the memory of streams on which nothing is sent, against that of the floors, each in a new process.
func (b *bench) idle(ctx context.Context) error {
	many, more, conns := b.count(10_000, 400), b.count(50_000, 800), b.count(100, 20)
	alone := b.sockets(many)
	cases := []*idleCase{
		{sh: shape{streams: many, conns: conns}, What: "idle gRPC streams, 100 a connection", form: overGRPC, Floor: "fanout", goal: table.AtMost(1.3), Limit: 16},
		{sh: shape{streams: alone, conns: alone}, What: "idle gRPC streams, one a connection", form: overGRPC, Floor: "fanout", goal: table.AtMost(1.3), Limit: 42},
		{sh: shape{streams: more, conns: 5 * conns}, What: "idle gRPC streams, 100 a connection", form: overGRPC, Floor: "fanout", goal: table.AtMost(1.3), Limit: 16},
		{sh: shape{streams: alone, conns: alone}, What: "idle SSE streams", form: overSSE, Floor: "sse", Limit: 32},
		{sh: shape{streams: alone, conns: alone}, What: "idle Connect streams", form: connectJSON},
	}
	for range b.runs {
		for _, c := range cases {
			if err := b.idleOnce(ctx, c); err != nil {
				return err
			}
		}
	}
	for _, c := range cases {
		what, name := thousands(c.sh.streams)+" "+c.What, "bare grpc-go"
		if c.Floor == "sse" {
			name = "SSE by hand"
		}
		if c.Floor == "" {
			b.add(table.Row{What: what, Unit: "KiB RSS per stream", Gateway: c.gateway})
			continue
		}
		b.add(table.Row{Target: "5", What: what, Unit: "KiB RSS per stream", Floor: name, There: c.There, Gateway: c.gateway, Goal: c.goal})
		b.add(table.Row{Target: "5", What: what, Unit: "KiB RSS per stream", Gateway: c.gateway, Goal: table.Goal{Limit: c.Limit, Unit: "KiB"}})
	}
	if !b.quick {
		b.note("50,000 streams on a connection each are not measured: a process may open %d files", b.maxFiles)
	}
	return nil
}

// idleFloor measures the floor.
func (b *bench) idleFloor(ctx context.Context, c *idleCase) error {
	p, at, err := b.own(ctx, c.Floor)
	if err != nil {
		return err
	}
	floor := newStreamServer(c.Floor, p, at.GRPC, load.NewFeed("http://"+at.HTTP+"/bench/publish"), c.form)
	if c.Floor == "sse" {
		floor.addr = at.HTTP
	}
	there, err := b.memoryOf(ctx, floor, c.sh)
	c.There = append(c.There, there)
	b.stopAll()
	return err
}

func (b *bench) idleOnce(ctx context.Context, c *idleCase) error {
	if c.Floor != "" {
		if err := b.idleFloor(ctx, c); err != nil {
			return err
		}
	}
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	gate := newStreamServer("gateway", g.Process, g.grpc, up.feed, c.form)
	if c.Floor != "fanout" {
		gate.addr = g.http
	}
	gateway, err := b.memoryOf(ctx, gate, c.sh)
	if err != nil {
		return err
	}
	c.gateway = append(c.gateway, gateway)
	b.stopAll()
	return nil
}

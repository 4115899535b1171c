package main

import (
	"context"
	"fmt"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/payload"
	"convexgateway/bench/process"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// inFlight is how many calls run at once: over gRPC on one connection, over HTTP/1.1 on one each.
const inFlight = 64

// caller is a measured server of unary calls, and its figures.
type caller struct {
	name string
	*process.Process
	addr  string
	call  load.Call
	check func(answer []byte) error // of the first response; all others must be equal to it
	ops   int                       // calls with many in flight
	close func()

	want    []byte       // the first response
	cpu     table.Series // µs of the server's CPU per call, many in flight
	latency table.Series // µs, one in flight, median of the calls
}

// measure makes calls with many in flight, then with one.
func (c *caller) measure(ctx context.Context) error {
	if err := c.first(ctx); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	if _, err := c.call.Run(ctx, c.ops/10, inFlight, c.want); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.Label = c.name + " call"
	spent, err := c.Spend(func() error {
		_, err := c.call.Run(ctx, c.ops, inFlight, c.want)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	took, err := c.call.Run(ctx, c.ops/5, 1, c.want)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.cpu = append(c.cpu, micros(spent)/float64(c.ops))
	c.latency = append(c.latency, micros(took[len(took)/2]))
	return nil
}

func (c *caller) first(ctx context.Context) (err error) {
	if c.want != nil {
		return nil
	}
	if c.want, err = c.call(ctx); err != nil {
		return err
	}
	return c.check(c.want)
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// inTurn measures the callers one after the other, in each run.
func (b *bench) inTurn(ctx context.Context, callers ...*caller) error {
	for range b.runs {
		for _, c := range callers {
			if err := c.measure(ctx); err != nil {
				return err
			}
		}
	}
	for _, c := range callers {
		c.close()
	}
	return nil
}

// unary measures a query over gRPC: the gateway with Value and with JSON as bytes, against P and a bare echo.
func (b *bench) unary(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	ops := b.count(20_000, 300)
	echo, err := b.grpcFloor(ctx, "echo", "", "/bench.Echo/Echo", wire.NewUpdate(1, wire.QuerySize), ops, payload.CheckNothing)
	if err != nil {
		return err
	}
	p, err := b.grpcFloor(ctx, "passthrough", up.url, gatewayv1.FunctionService_Query_FullMethodName, payload.JSONRequest(), ops, payload.CheckWholeAnswer)
	if err != nil {
		return err
	}
	value, err := grpcCaller("gateway", g.Process, g.grpc, gatewayv1.FunctionService_Query_FullMethodName, payload.StructRequest(), ops, payload.CheckValue)
	if err != nil {
		return err
	}
	text, err := grpcCaller("gateway", g.Process, g.grpc, gatewayv1.FunctionService_Query_FullMethodName, payload.JSONRequest(), ops, payload.CheckValueJSON)
	if err != nil {
		return err
	}
	quiet, err := b.gateway(ctx, up.url, "--log-level", "warn")
	if err != nil {
		return err
	}
	unlogged, err := grpcCaller("gateway", quiet.Process, quiet.grpc, gatewayv1.FunctionService_Query_FullMethodName, payload.StructRequest(), ops, payload.CheckValue)
	if err != nil {
		return err
	}
	if err := b.inTurn(ctx, echo, p, value, text, unlogged); err != nil {
		return err
	}
	const cpu, p50 = "CPU µs per call", "p50 µs"
	many, one := fmt.Sprintf("Query over gRPC, Value of 1 KiB, %d in flight", inFlight), "the same, 1 in flight"
	b.add(table.Row{Target: "1", What: many, Unit: cpu, Floor: "P", There: p.cpu, Gateway: value.cpu, Goal: table.AtMost(1.5)})
	b.add(table.Row{Target: "1", What: one, Unit: p50, Floor: "P", There: p.latency, Gateway: value.latency, Goal: table.AtMost(1.25)})
	b.add(table.Row{What: many + ", without logs of calls", Unit: cpu, Floor: "P", There: p.cpu, Gateway: unlogged.cpu})
	b.add(table.Row{What: "Query over gRPC, JSON lane, 64 in flight", Unit: cpu, Floor: "P", There: p.cpu, Gateway: text.cpu})
	b.add(table.Row{What: "the same, 1 in flight", Unit: p50, Floor: "P", There: p.latency, Gateway: text.latency})
	b.add(table.Row{What: many, Unit: cpu, Floor: "echo, bare grpc-go", There: echo.cpu, Gateway: value.cpu})
	b.finish(ctx, g)
	b.finish(ctx, quiet)
	return b.upstreamCalls(ctx, up)
}

// rest measures a query over REST, against net/http by hand.
func (b *bench) rest(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	p, at, err := b.own(ctx, "rest", up.url)
	if err != nil {
		return err
	}
	ops := b.count(20_000, 300)
	byHand := httpCaller("REST by hand", p, at.HTTP, payload.UpstreamBody(), ops, payload.CheckUpstreamAnswer)
	rest := httpCaller("gateway", g.Process, g.http, payload.RESTBody(), ops, payload.CheckUpstreamAnswer)
	if err := b.inTurn(ctx, byHand, rest); err != nil {
		return err
	}
	what := fmt.Sprintf("REST query, 1 KiB, %d in flight", inFlight)
	b.add(table.Row{Target: "2", What: what, Unit: "CPU µs per call", Floor: byHand.name, There: byHand.cpu, Gateway: rest.cpu, Goal: table.AtMost(2)})
	b.add(table.Row{What: "the same, 1 in flight", Unit: "p50 µs", Floor: byHand.name, There: byHand.latency, Gateway: rest.latency})
	b.finish(ctx, g)
	return b.upstreamCalls(ctx, up)
}

func grpcCaller(name string, p *process.Process, addr, method string, request []byte, ops int, check func([]byte) error) (*caller, error) {
	call, closeConn, err := load.GRPCCaller(addr, method, request)
	return &caller{name: name, Process: p, call: call, close: closeConn, ops: ops, check: check}, err
}

func (b *bench) grpcFloor(ctx context.Context, name, upstream, method string, request []byte, ops int, check func([]byte) error) (*caller, error) {
	p, at, err := b.own(ctx, name, upstream)
	if err != nil {
		return nil, err
	}
	return grpcCaller(name, p, at.GRPC, method, request, ops, check)
}

func httpCaller(name string, p *process.Process, addr string, body []byte, ops int, check func([]byte) error) *caller {
	call, closeConns := load.HTTPCaller("http://"+addr+"/v1/query", body)
	return &caller{name: name, Process: p, call: call, close: closeConns, ops: ops, check: check}
}

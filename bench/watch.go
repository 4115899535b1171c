package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
	"convexgateway/bench/wire"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// screenQueries is how many queries a screen has.
const screenQueries = 10

// livePath is the path of one of the queries of a screen. All have the same result.
func livePath(query int) string { return fmt.Sprint(wire.LivePath, query) }

// overSubscribes opens a stream for each of a number of queries.
func overSubscribes(queries int) form {
	f := overGRPC
	f.request = func(stream int, _ string) load.Request {
		return load.Request{
			Path: gatewayv1.FunctionService_Subscribe_FullMethodName, Message: encoded(&gatewayv1.SubscribeRequest{Path: livePath(stream % queries)}),
		}
	}
	return f
}

// overWatch opens one stream for a number of queries.
func overWatch(queries int) form {
	f := overGRPC
	f.decode = load.DecodeWatch(queries)
	r := load.Request{
		Path:    gatewayv1.FunctionService_Watch_FullMethodName,
		Message: encoded(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Open{Open: &gatewayv1.WatchOptions{}}}),
	}
	for query := range queries {
		add := &gatewayv1.WatchQuery{Target: uint32(query + 1), Path: livePath(query)}
		r.More = append(r.More, encoded(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: add}}))
	}
	f.request = func(int, string) load.Request { return r }
	return f
}

func encoded(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err) // our own message
	}
	return b
}

// screens are screens whose queries are followed in one of two ways.
type screens struct {
	form    form
	streams int // of each
	memory  table.Series
	cpu     table.Series
}

// watch measures screens of ten queries on one Watch stream each against those on ten Subscribe streams, and one query on either.
func (b *bench) watch(ctx context.Context) error {
	for _, c := range []struct {
		queries     int
		memory, cpu table.Goal
	}{{screenQueries, table.AtMost(0.35), table.AtMost(0.5)}, {1, table.AtMost(1.1), table.AtMost(1.1)}} {
		queries := c.queries
		one, many := &screens{form: overWatch(queries), streams: 1}, &screens{form: overSubscribes(queries), streams: queries}
		number := b.count(10_000, 200) / queries
		for range b.runs {
			for _, s := range []*screens{many, one} {
				if err := b.screensOnce(ctx, s, number); err != nil {
					return err
				}
			}
		}
		what := fmt.Sprintf("%s screens of %d queries by Watch, 2 KiB", thousands(number), queries)
		b.add(table.Row{What: what, Unit: "KiB RSS per screen", Floor: "Subscribe", There: many.memory, Gateway: one.memory, Goal: c.memory})
		b.add(table.Row{What: what, Unit: "CPU µs per screen and transition", Floor: "Subscribe", There: many.cpu, Gateway: one.cpu, Goal: c.cpu})
	}
	return nil
}

// screensOnce measures a number of screens in a new gateway.
func (b *bench) screensOnce(ctx context.Context, s *screens, number int) error {
	defer b.stopAll()
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	sh := shape{streams: number * s.streams, conns: b.count(100, 10), size: 2 << 10, rounds: b.count(40, 3)}
	server := newStreamServer("gateway", g.Process, g.grpc, up.feed, s.form)
	memory, err := b.memoryOf(ctx, server, sh)
	if err != nil {
		return err
	}
	s.memory = append(s.memory, memory*float64(s.streams))
	on, err := b.subscribe(ctx, server, sh, "", sh.size)
	if err != nil {
		return err
	}
	defer on.close()
	if _, err := rounds(ctx, on, warmRounds, sh.size); err != nil {
		return err
	}
	var spent time.Duration
	spent, err = server.Spend(func() error {
		_, err := rounds(ctx, on, sh.rounds, sh.size)
		return err
	})
	s.cpu = append(s.cpu, micros(spent)/float64(sh.rounds*number))
	return err
}

package main

import (
	"context"
	"time"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
)

// storm measures a reconnect storm: all connections are lost, and all streams are opened again at once with their resume
// tokens.
func (b *bench) storm(ctx context.Context) error {
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	p, at, err := b.own(ctx, "fanout")
	if err != nil {
		return err
	}
	floor := newStreamServer("bare grpc-go", p, at.GRPC, load.NewFeed("http://"+at.HTTP), overGRPC)
	gate := newStreamServer("gateway", g.Process, g.grpc, up.feed, overGRPC)
	sh := shape{streams: b.count(10_000, 400), conns: b.count(100, 20), size: 2 << 10}
	for range b.runs {
		for _, s := range []*streamServer{floor, gate} {
			if err := b.reconnect(ctx, s, sh); err != nil {
				return err
			}
		}
	}
	if err := b.checkStorm(ctx, up); err != nil {
		return err
	}
	what := "reconnect storm: " + sh.String() + ", resumed"
	b.add(table.Row{What: what, Unit: "CPU µs per stream", Floor: floor.name, There: floor.cpu[sh], Gateway: gate.cpu[sh]})
	b.add(table.Row{What: what, Unit: lastStream, Floor: floor.name, There: floor.last[sh], Gateway: gate.last[sh]})
	b.finish(ctx, g)
	return nil
}

func (b *bench) reconnect(ctx context.Context, s *streamServer, sh shape) error {
	on, err := b.subscribe(ctx, s, sh, "", sh.size)
	if err != nil {
		return err
	}
	b.settle(ctx)
	on.close()
	token := on.ResumeToken()
	if token == "" {
		token = "none" // the floor has no tokens, and sends the value again
	}
	s.Label = "storm"
	start := time.Now()
	spent, err := s.Spend(func() error {
		on, err = b.subscribe(ctx, s, sh, token, 0)
		return err
	})
	if err != nil {
		return err
	}
	s.cpu[sh] = append(s.cpu[sh], micros(spent)/float64(sh.streams))
	s.last[sh] = append(s.last[sh], micros(time.Since(start))/1000)
	on.close()
	return nil
}

// checkStorm checks that the deployment was not affected: in each run all streams had one query on one socket, which was kept
// during the storm.
func (b *bench) checkStorm(ctx context.Context, up *fakeDeployment) error {
	st, err := up.stats(ctx)
	if err == nil && (st.Opened > b.runs || st.Added > b.runs) {
		b.faults.Add("%d storms cost the deployment %d sockets and %d queries", b.runs, st.Opened, st.Added)
	}
	return err
}

package main

import (
	"convexgateway/bench/process"

	"context"

	"convexgateway/bench/load"
	"convexgateway/bench/upstream"
)

// fakeDeployment is a process of package upstream.
type fakeDeployment struct {
	*process.Process
	url  string
	feed *load.Feed
}

func (b *bench) upstream(ctx context.Context) (*fakeDeployment, error) {
	p, at, err := b.own(ctx, "upstream")
	if err != nil {
		return nil, err
	}
	return &fakeDeployment{Process: p, url: at.URL, feed: load.NewFeed(at.URL + "/bench/publish")}, nil
}

func (b *bench) upstreamAndGateway(ctx context.Context) (*fakeDeployment, *gateway, error) {
	up, err := b.upstream(ctx)
	if err != nil {
		return nil, nil, err
	}
	g, err := b.gateway(ctx, up.url)
	return up, g, err
}

func (u *fakeDeployment) stats(ctx context.Context) (st upstream.Stats, err error) {
	return st, load.GetJSON(ctx, u.url+"/bench/stats", &st)
}

// upstreamCalls checks the calls that the deployment received.
func (b *bench) upstreamCalls(ctx context.Context, u *fakeDeployment) error {
	st, err := u.stats(ctx)
	if err == nil && (st.Wrong > 0 || st.Calls == 0) {
		b.faults.Add("the deployment got %d right calls and %d wrong ones", st.Calls, st.Wrong)
	}
	return err
}

// oneQuery checks that all streams share one socket and one query.
func (b *bench) oneQuery(ctx context.Context, u *fakeDeployment) error {
	st, err := u.stats(ctx)
	if err == nil && (st.Sockets != 1 || st.Live != 1) {
		b.faults.Add("the streams of one query cost the deployment %d sockets and %d queries", st.Sockets, st.Live)
	}
	return err
}

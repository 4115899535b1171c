package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/grpc/metadata"

	"convexgateway/bench/load"
	"convexgateway/bench/table"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// mutations is a way to run mutations, and its figures.
type mutations struct {
	gateway *gateway
	client  gatewayv1.FunctionServiceClient
	token   string // empty: anonymous
	keyed   bool   // each has a request id

	cpu     table.Series // µs of the gateway's CPU per mutation, many in flight
	latency table.Series // µs, one in flight, median
	rate    table.Series // mutations of 20 ms a second, many in flight
}

// mutate measures mutations with a request id against those of a session, and, where there is no session, against those over HTTP.
func (b *bench) mutate(ctx context.Context) error {
	_, d, err := b.own(ctx, "deployment")
	if err != nil {
		return err
	}
	g, err := b.gateway(ctx, d.URL, "--clerk-issuer", d.Issuer, "--request-id-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
	if err != nil {
		return err
	}
	tokens, err := tokensOf(ctx, d.URL, 1)
	if err != nil {
		return err
	}
	client, closeConn, err := g.functions()
	if err != nil {
		return err
	}
	defer closeConn()
	session := &mutations{gateway: g, client: client, token: tokens[0]}
	keyed := &mutations{gateway: g, client: client, token: tokens[0], keyed: true}
	http := &mutations{gateway: g, client: client}
	pooled := &mutations{gateway: g, client: client, keyed: true}
	streams, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := session.open(streams); err != nil {
		return err
	}
	for range b.runs {
		for _, m := range []*mutations{session, keyed, http, pooled} {
			if err := m.measure(ctx, b.count(5_000, 50), b.count(2_000, 20)); err != nil {
				return err
			}
		}
	}
	cancel()
	what := "mutation with a request id, of a user with a stream"
	b.add(table.Row{Target: "9", What: what + ", 64 in flight", Unit: "CPU µs per call", Floor: "without", There: session.cpu, Gateway: keyed.cpu, Goal: table.Goal{Limit: 1.2}})
	b.add(table.Row{Target: "9", What: what + ", 1 in flight", Unit: "p50 µs", Floor: "without", There: session.latency, Gateway: keyed.latency, Goal: table.Goal{Limit: 1.2}})
	what = "mutation with a request id, anonymous"
	b.add(table.Row{What: what + ", 64 in flight", Unit: "CPU µs per call", Floor: "without, over HTTP", There: http.cpu, Gateway: pooled.cpu})
	b.add(table.Row{What: what + ", 1 in flight", Unit: "p50 µs", Floor: "without, over HTTP", There: http.latency, Gateway: pooled.latency})
	b.add(table.Row{What: what + ", of 20 ms, 64 in flight", Unit: "a second", Floor: "without, over HTTP", There: http.rate, Gateway: pooled.rate, Goal: table.Goal{Limit: 1 / 0.7}, Inverse: true})
	b.finish(ctx, g)
	return nil
}

// open opens a stream of the caller, which has a session then.
func (m *mutations) open(ctx context.Context) error {
	stream, err := m.client.Subscribe(m.as(ctx), &gatewayv1.SubscribeRequest{Path: "users:me"})
	if err == nil {
		_, err = stream.Recv()
	}
	return err
}

func (m *mutations) as(ctx context.Context) context.Context {
	if m.token == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+m.token)
}

func (m *mutations) measure(ctx context.Context, many, slow int) error {
	const send, slept = `{"body":"x"}`, `{"ms":20}`
	if _, _, err := m.run(ctx, many/10, inFlight, "messages:send", send); err != nil {
		return err
	}
	m.gateway.Label = "mutations"
	spent, err := m.gateway.Spend(func() error {
		_, _, err := m.run(ctx, many, inFlight, "messages:send", send)
		return err
	})
	if err != nil {
		return err
	}
	took, _, err := m.run(ctx, many/5, 1, "messages:send", send)
	if err != nil {
		return err
	}
	m.cpu, m.latency = append(m.cpu, micros(spent)/float64(many)), append(m.latency, micros(took[len(took)/2]))
	if m.token != "" {
		return nil
	}
	_, all, err := m.run(ctx, slow, inFlight, "testing:slow", slept)
	m.rate = append(m.rate, float64(slow)/all.Seconds())
	return err
}

// run runs n mutations and returns how long each took, sorted, and all of them.
func (m *mutations) run(ctx context.Context, n, inFlight int, path, args string) (took []time.Duration, all time.Duration, err error) {
	began := time.Now()
	took, err = load.Timed(n, inFlight, func() error {
		if err := m.call(ctx, path, args); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	return took, time.Since(began), err
}

func (m *mutations) call(ctx context.Context, path, args string) error {
	req := &gatewayv1.MutateRequest{Path: path, ArgsJson: []byte(args), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}
	if m.keyed {
		var id [16]byte
		_, _ = rand.Read(id[:])
		req.RequestId = hex.EncodeToString(id[:])
	}
	_, err := m.client.Mutate(m.as(ctx), req)
	return err
}

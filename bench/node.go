package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"convexgateway/bench/payload"
	"convexgateway/bench/process"
	"convexgateway/bench/table"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// node compares the gateway with one that is written by hand in Node, with grpc-js and Convex's npm client.
func (b *bench) node(ctx context.Context) error {
	if err := b.installNode(ctx); err != nil {
		return err
	}
	up, g, err := b.upstreamAndGateway(ctx)
	if err != nil {
		return err
	}
	const method = gatewayv1.FunctionService_Query_FullMethodName
	gate, err := grpcCaller("gateway", g.Process, g.grpc, method, payload.StructRequest(), b.count(20_000, 300), payload.CheckValue)
	if err != nil {
		return err
	}
	withClient, err := b.nodeCaller(ctx, up, "convex", payload.CheckValueJSON)
	if err != nil {
		return err
	}
	withHTTP, err := b.nodeCaller(ctx, up, "http", payload.CheckWholeAnswer)
	if err != nil {
		return err
	}
	if err := b.inTurn(ctx, gate, withClient, withHTTP); err != nil {
		return err
	}
	const cpu = "CPU µs per call"
	what := fmt.Sprintf("Query over gRPC, 1 KiB, %d in flight", inFlight)
	b.add(table.Row{Target: "8", What: what, Unit: cpu, Floor: "Node, ConvexHttpClient", There: withClient.cpu, Gateway: gate.cpu, Goal: table.AtLeast(4), Inverse: true})
	b.add(table.Row{Target: "8", What: what, Unit: cpu, Floor: "Node, node:http", There: withHTTP.cpu, Gateway: gate.cpu, Goal: table.AtLeast(1.5), Inverse: true})
	if err := b.nodeFanout(ctx, up, g, withClient.Process, withClient.addr); err != nil {
		return err
	}
	b.finish(ctx, g)
	return nil
}

func (b *bench) nodeFanout(ctx context.Context, up *fakeDeployment, g *gateway, p *process.Process, addr string) error {
	there := newStreamServer("Node", p, addr, up.feed, overGRPC)
	gate := newStreamServer("gateway", g.Process, g.grpc, up.feed, overGRPC)
	sh := shape{streams: b.count(1_000, 100), conns: 10, size: 2 << 10, rounds: b.count(60, 3)}
	if err := b.alternate(ctx, []shape{sh}, there, gate); err != nil {
		return err
	}
	b.add(table.Row{Target: "8", What: "fan-out: " + sh.String(), Unit: cpuPerMessage, Floor: "Node, ConvexClient", There: there.cpu[sh], Gateway: gate.cpu[sh], Goal: table.AtLeast(3), Inverse: true})
	b.add(table.Row{What: "fan-out: " + sh.String(), Unit: lastStream, Floor: "Node, ConvexClient", There: there.last[sh], Gateway: gate.last[sh], Inverse: true})
	return nil
}

// installNode installs the packages of the Node gateway, unless they are there.
func (b *bench) installNode(ctx context.Context) error {
	dir := filepath.Join(b.root, "bench", "node")
	wanted, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	installed, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !installed.ModTime().Before(wanted.ModTime()) {
		return nil
	}
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in bench/node (needs Node 20 and its registry): %w\n%s", err, out)
	}
	return nil
}

// nodeCaller starts the Node gateway in one of its forms.
func (b *bench) nodeCaller(ctx context.Context, up *fakeDeployment, form string, check func([]byte) error) (*caller, error) {
	cmd := exec.Command("node", filepath.Join(b.root, "bench", "node", "gateway.mjs"), form, up.url, filepath.Join(b.root, "proto"))
	p, err := b.launch(ctx, "node-"+form, cmd)
	if err != nil {
		return nil, err
	}
	at, err := readyLine(p.Line)
	if err != nil || at.GRPC == "" {
		return nil, errors.Join(fmt.Errorf("the Node gateway said %q", p.Line), err)
	}
	c, err := grpcCaller("Node, "+form, p, at.GRPC, gatewayv1.FunctionService_Query_FullMethodName, payload.JSONRequest(), b.count(6_000, 200), check)
	if c != nil {
		c.addr = at.GRPC
	}
	return c, err
}

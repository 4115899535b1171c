package server

import (
	"maps"
	"net"
	"slices"
	"testing"

	"golang.org/x/net/http2"
	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// floodOf makes calls on a connection, and returns how many of them have ended before the connection did.
func floodOf(t *testing.T, framer *http2.Framer, first uint32, calls int, headers ...string) (ended int) {
	t.Helper()
	go func() {
		for i := range uint32(calls) {
			writeCall(framer, first+2*i, gatewayv1.FunctionService_Action_FullMethodName, &gatewayv1.ActionRequest{Path: "actions:sleep"}, headers...)
		}
	}()
	for ended < calls {
		frame, err := framer.ReadFrame()
		if err != nil {
			break
		}
		if headers, ok := frame.(*http2.MetaHeadersFrame); ok && headers.StreamEnded() {
			ended++
		}
	}
	return ended
}

// A connection is closed if none of its calls has a credential that can be accepted; calls of health are none of them. One with an
// accepted call stays, and one of a trusted proxy, on which others' calls may be.
func TestConnectionsOfRefusedCalls(t *testing.T) {
	t.Parallel()
	const calls = 2_000
	for _, port := range slices.Sorted(maps.Keys(ports(t))) {
		for name, test := range map[string]struct {
			closed  bool
			before  func(g *gateway, conn net.Conn, framer *http2.Framer) // stream 1
			headers []string
			change  func(*Config)
		}{
			"no credential":   {closed: true},
			"bad credentials": {closed: true, headers: []string{"authorization", "Bearer x.y.z"}},
			"health": {closed: true, before: func(g *gateway, conn net.Conn, framer *http2.Framer) {
				writeCall(framer, 1, grpc_health_v1.Health_Check_FullMethodName, &grpc_health_v1.HealthCheckRequest{})
				wantOK(g, readStatus(g.t, conn, framer, 1))
			}},
			"an accepted call before": {before: func(g *gateway, conn net.Conn, framer *http2.Framer) {
				writeCall(framer, 1, gatewayv1.FunctionService_Query_FullMethodName, &gatewayv1.QueryRequest{Path: "users:me"},
					"authorization", "Bearer "+g.token(deployment.TokenRequest{User: "ada"}))
				wantOK(g, readStatus(g.t, conn, framer, 1))
			}},
			"a trusted proxy": {headers: []string{"x-forwarded-for", "192.0.2.1"}, change: func(c *Config) { c.TrustedProxies = []string{"127.0.0.1"} }},
		} {
			t.Run(port+", "+name, func(t *testing.T) {
				t.Parallel()
				changes := []func(*Config){ports(t)[port], func(c *Config) { c.RequireAuth = true }}
				if test.change != nil {
					changes = append(changes, test.change)
				}
				g := start(t, changes...)
				neighbour := g.as(g.token(deployment.TokenRequest{User: "neighbour"}))
				stream := g.subscribe(neighbour, counterQuery("neighbour"))
				wantValue(t, result(stream), "0")
				conn := g.rawConn(g.GRPCAddr())
				framer := startHTTP2(t, conn)
				if test.before != nil {
					test.before(g, conn, framer)
				}
				if ended := floodOf(t, framer, 3, calls, test.headers...); (ended < calls) != test.closed {
					t.Errorf("%d calls have ended", ended)
				}
				g.mustCall(neighbour, convex.Mutation, "counter:add", `{"name":"neighbour"}`)
				wantValue(t, stream.next(), "1")
			})
		}
	}
}

// wantOK fails the test unless a call has succeeded.
func wantOK(g *gateway, status map[string]string) {
	g.t.Helper()
	if status["grpc-status"] != "0" {
		g.t.Fatalf("%v", status)
	}
}

package server

import (
	"io"
	"net"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/dev/deployment"
)

// Over a bound of all streams, or of identities, the next one is refused, and the others go on.
func TestBoundsInAll(t *testing.T) {
	t.Parallel()
	full := failure{code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", http: 429, retry: true}
	t.Run("streams", func(t *testing.T) {
		t.Parallel()
		g := start(t, func(c *Config) { c.MaxStreams = 2 })
		first, second := g.subscribe(g.context(), counterQuery("b")), g.subscribe(g.context(), counterQuery("b"))
		wantValue(t, result(first), "0")
		wantValue(t, result(second), "0")
		third := g.subscribe(g.context(), counterQuery("b"))
		full.checkStatus(t, third.end(), third.Trailer())
		full.checkAnswer(t, g.rest("GET", counterRoute+counterArgs("b"), "", "Accept", "text/event-stream"))
		second.cancel()
		eventually(t, "there is room again", func() bool { return g.admits(g.context(), counterQuery("b")) })
		g.add("b")
		wantValue(t, first.next(), "1")
	})
	t.Run("identities", func(t *testing.T) {
		t.Parallel()
		g := start(t, func(c *Config) { c.MaxUpstreamSockets = 1 })
		as := func(user string) string { return g.token(deployment.TokenRequest{User: user}) }
		ada := g.subscribe(g.as(as("ada")), counterQuery("b"))
		wantValue(t, result(ada), "0")
		bob := g.subscribe(g.as(as("bob")), counterQuery("b"))
		full.checkStatus(t, bob.end(), bob.Trailer())
		ada.cancel()
		eventually(t, "an idle session is closed before its linger is over", func() bool { return g.admits(g.as(as("bob")), counterQuery("b")) })
	})
}

// A connection over the bound is for probes only, and closed at once if there are many; when another ends there is room again.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxConnections, c.MaxConnectionsPerAddress, c.AdminAddr = 3, -1, "127.0.0.1:0" })
	var open []net.Conn
	refused := func(conn net.Conn) bool {
		if _, err := conn.Write([]byte("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			return true
		}
		status := make([]byte, len("HTTP/1.1 200"))
		_, err := io.ReadFull(conn, status)
		return err != nil || string(status) != "HTTP/1.1 200"
	}
	for range 3 {
		conn := g.rawConn(g.HTTPAddr())
		if refused(conn) {
			t.Fatal("refused within the bound")
		}
		open = append(open, conn)
	}
	for range 100 { // at first answered with an error, later closed
		if !refused(g.rawConn(g.HTTPAddr())) {
			t.Fatal("one connection too many")
		}
		if g.connections.Refused() > 0 {
			break
		}
		g.rawConn(g.HTTPAddr())
	}
	seen := g.scrape()
	if open, refused := seen["convexgateway_connections{}"], seen["convexgateway_refused_connections_total{}"]; open != 3 || refused < 1 {
		t.Errorf("the metrics have %v connections and %v refused", open, refused)
	}
	_ = open[0].Close()
	eventually(t, "there is room again", func() bool { return !refused(g.rawConn(g.HTTPAddr())) })
}

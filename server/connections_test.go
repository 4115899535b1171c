package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// dialFrom connects from one of the addresses of loopback.
func dialFrom(ctx context.Context, from, to string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return d.DialContext(ctx, "tcp", to)
}

func (g *gateway) connFrom(from, to string) net.Conn {
	g.t.Helper()
	conn, err := dialFrom(g.context(), from, to)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// clientFrom returns gRPC connections from an address.
func (g *gateway) clientFrom(from string) *grpc.ClientConn {
	g.t.Helper()
	conn, err := grpc.NewClient("passthrough:///"+g.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, to string) (net.Conn, error) { return dialFrom(ctx, from, to) }))
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// restFrom makes a request over REST from an address, on a connection of its own.
func (g *gateway) restFrom(from, method, route, body string) answer {
	g.t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, to string) (net.Conn, error) { return dialFrom(ctx, from, to) }}
	defer transport.CloseIdleConnections()
	client := g.client
	defer func() { g.client = client }()
	g.client = &http.Client{Transport: transport}
	return g.rest(method, route, body)
}

// openConnections returns how many connections count.
func (g *gateway) openConnections() int { return g.connections.Open() }

// Silent connections over HTTP/2 from one address leave room for other addresses, on both ports.
func TestSilentConnectionsOfOneAddress(t *testing.T) {
	t.Parallel()
	const limit = 60
	g := start(t, func(c *Config) { c.MaxConnections = limit })
	opened := 0
	eventually(t, "the connections of one address are at its limit", func() bool { // the first may be closed already, because they are silent
		address := g.GRPCAddr()
		if opened++; opened%2 == 0 {
			address = g.HTTPAddr()
		}
		_, _ = io.WriteString(g.connFrom("127.0.0.2", address), http2.ClientPreface)
		return opened >= 3*limit && g.openConnections() >= limit/2
	})
	if _, err := gatewayv1.NewFunctionServiceClient(g.clientFrom("127.0.0.3")).Query(g.context(), &gatewayv1.QueryRequest{Path: "users:me"}); err != nil {
		t.Errorf("gRPC from another address: %v", err)
	}
	if got := g.restFrom("127.0.0.3", "POST", "/v1/query", `{"path":"users:me"}`); got.status != http.StatusOK {
		t.Errorf("REST from another address: HTTP %d", got.status)
	}
	if open := g.openConnections(); open > limit/2+2 {
		t.Errorf("%d connections", open)
	}
}

// When there is room for no connection, probes are answered, and nothing else is, on both ports and on one that both share.
func TestProbesOverTheLimit(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		t.Run(fmt.Sprintf("shared=%v", shared), func(t *testing.T) {
			t.Parallel()
			ports := func(*Config) {}
			if shared {
				ports = shareAPort(t)
			}
			g := start(t, ports, func(c *Config) { c.MaxConnections, c.MaxConnectionsPerAddress = 20, -1 })
			opened := 0
			eventually(t, "the gateway is full", func() bool { // the first may be closed already, because they are silent
				opened++
				g.connFrom(fmt.Sprintf("127.0.1.%d", opened%10+1), g.HTTPAddr())
				return opened >= 200 && g.openConnections() == 20
			})
			overloaded := failure{code: codes.Unavailable, reason: "OVERLOADED", http: http.StatusServiceUnavailable, retry: true}
			for _, route := range []string{"/healthz", "/readyz"} {
				if got := g.restFrom("127.0.0.2", "GET", route, ""); got.status != http.StatusOK {
					t.Errorf("%s: HTTP %d", route, got.status)
				}
			}
			overloaded.checkAnswer(t, g.restFrom("127.0.0.2", "POST", "/v1/query", `{"path":"users:me"}`))
			overloaded.checkAnswer(t, g.restFrom("127.0.0.2", "GET", "/v1/auth/state", ""))

			conn := g.clientFrom("127.0.0.3")
			if _, err := grpc_health_v1.NewHealthClient(conn).Check(g.context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
				t.Errorf("gRPC health: %v", err)
			}
			var trailer metadata.MD
			_, err := gatewayv1.NewFunctionServiceClient(conn).Query(g.context(), &gatewayv1.QueryRequest{Path: "users:me"}, grpc.Trailer(&trailer))
			overloaded.checkStatus(t, err, trailer)
			stream, err := conn.NewStream(g.context(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true},
				"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
			if err != nil {
				t.Fatal(err)
			}
			overloaded.checkStatus(t, stream.RecvMsg(nil), stream.Trailer())
		})
	}
}

// A flood of pings ends its own connection on the port of REST, and on one that gRPC shares with it; over TLS, too.
func TestPingFloodOverHTTP(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	t.Run("plain", func(t *testing.T) {
		t.Parallel()
		g := start(t, shareAPort(t))
		step := followOther(g)
		checkPingFlood(t, g.rawConn(g.HTTPAddr()))
		step()
	})
	t.Run("TLS", func(t *testing.T) {
		t.Parallel()
		g := start(t, withTLS, shareAPort(t))
		g.dial(credentials.NewTLS(trust.Clone()))
		step := followOther(g)
		config := trust.Clone()
		config.NextProtos = []string{"h2"}
		config.ServerName = "127.0.0.1"
		checkPingFlood(t, tls.Client(g.rawConn(g.HTTPAddr()), config))
		step()
	})
}

// checkPingFlood pings and reads all answers until the server ends the connection.
func checkPingFlood(t *testing.T, conn net.Conn) {
	t.Helper()
	framer := startHTTP2(t, conn)
	go func() {
		for range 100_000 {
			if framer.WritePing(false, [8]byte{1}) != nil {
				return
			}
		}
	}()
	if got := readGoAway(t, conn, framer); got != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("the connection ended with %v", got)
	}
}

// A connection without a call ends after the idle timeout, whether or not pings arrive on it; one with a stream does not.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.ConnectionIdleTimeout = 300 * time.Millisecond })
	h := start(t, func(c *Config) { c.ConnectionIdleTimeout = 300 * time.Millisecond }, shareAPort(t))
	step := followOther(g)
	for name, address := range map[string]string{"gRPC": g.GRPCAddr(), "shared": h.HTTPAddr()} {
		conn := g.rawConn(address)
		framer := startHTTP2(t, conn)
		if got := readGoAway(t, conn, framer); got != http2.ErrCodeNo {
			t.Errorf("%s: ended with %v", name, got)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%s: not closed: %v", name, err)
		}
	}
	conn := g.rawConn(g.HTTPAddr())
	_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	reader := bufio.NewReader(conn)
	resp, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := reader.ReadByte(); err != io.EOF {
		t.Errorf("HTTP/1.1: not closed: %v", err)
	}
	step()
}

// Behind a proxy that sends the PROXY protocol, functions see the address of its header, and X-Forwarded-For is read only if
// that is a trusted proxy's as well.
func TestProxyProtocol(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	for name, change := range map[string][]func(*Config){
		"two ports": {}, "one port": {shareAPort(t)}, "TLS": {withTLS}, "one port with TLS": {withTLS, shareAPort(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := make(chan string, 1)
			g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
				seen <- r.Header.Get("X-Forwarded-For")
				_, _ = io.WriteString(w, `{"status":"success","value":null}`)
			}, append(change, func(c *Config) { c.TrustedProxies = []string{"127.0.0.2", "203.0.113.0/24"} })...)
			p := proxied{gateway: g, secure: strings.Contains(name, "TLS")}
			for what, test := range map[string]struct{ from, client, forwardedFor, want string }{
				"version 1":                  {"127.0.0.2", "PROXY 198.51.100.7", "", "198.51.100.7"},
				"version 2":                  {"127.0.0.2", "198.51.100.7", "", "198.51.100.7"},
				"no header":                  {"127.0.0.2", "", "198.51.100.8", "198.51.100.8"},
				"a proxy behind a proxy":     {"127.0.0.2", "203.0.113.9", "198.51.100.8", "198.51.100.8"},
				"a client's X-Forwarded-For": {"127.0.0.2", "198.51.100.7", "6.6.6.6", "198.51.100.7"},
			} {
				p.from, p.client = test.from, test.client
				if err := p.overREST(trust, test.forwardedFor); err != nil {
					t.Errorf("%s: REST: %v", what, err)
				} else if got := <-seen; got != test.want {
					t.Errorf("%s: REST from %q, want %q", what, got, test.want)
				}
				if err := p.overGRPC(trust, test.forwardedFor); err != nil {
					t.Errorf("%s: gRPC: %v", what, err)
				} else if got := <-seen; got != test.want {
					t.Errorf("%s: gRPC from %q, want %q", what, got, test.want)
				}
			}
			p.from, p.client = "127.0.0.3", "198.51.100.7"
			if p.overREST(trust, "") == nil || p.overGRPC(trust, "") == nil {
				t.Error("the header of an untrusted sender was read")
			}
		})
	}
}

// proxied are connections to a gateway through a proxy.
type proxied struct {
	*gateway
	secure bool
	from   string // of the proxy
	client string // in the header; "PROXY " before it: of version 1; empty: no header
}

// dialer returns the proxy's way to the gateway.
func (p proxied) dialer(ctx context.Context, to string) (net.Conn, error) {
	conn, err := dialFrom(ctx, p.from, to)
	if err != nil || p.client == "" {
		return conn, err
	}
	client, first := strings.CutPrefix(p.client, "PROXY ")
	version := byte(2)
	if first {
		version = 1
	}
	header := proxyproto.HeaderProxyFromAddrs(version, &net.TCPAddr{IP: net.ParseIP(client), Port: 1}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 2})
	_, err = header.WriteTo(conn)
	return conn, err
}

// overREST makes a call over REST, with X-Forwarded-For unless that is empty.
func (p proxied) overREST(trust *tls.Config, forwardedFor string) error {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, to string) (net.Conn, error) { return p.dialer(ctx, to) }}
	defer transport.CloseIdleConnections()
	scheme := "http://"
	if p.secure {
		scheme, transport.TLSClientConfig = "https://", trust.Clone()
		transport.ForceAttemptHTTP2 = true
	}
	r, err := http.NewRequestWithContext(p.context(), http.MethodPost, scheme+p.HTTPAddr()+"/v1/query", strings.NewReader(`{"path":"a:b"}`))
	if err != nil {
		return err
	}
	if forwardedFor != "" {
		r.Header.Set("X-Forwarded-For", forwardedFor)
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return nil
}

// overGRPC makes a call over gRPC, with x-forwarded-for unless that is empty.
func (p proxied) overGRPC(trust *tls.Config, forwardedFor string) error {
	creds := insecure.NewCredentials()
	if p.secure {
		config := trust.Clone()
		config.ServerName = "127.0.0.1"
		creds = credentials.NewTLS(config)
	}
	conn, err := grpc.NewClient("passthrough:///"+p.GRPCAddr(), grpc.WithTransportCredentials(creds), grpc.WithContextDialer(p.dialer))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx := p.context()
	if forwardedFor != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-forwarded-for", forwardedFor)
	}
	_, err = gatewayv1.NewFunctionServiceClient(conn).Query(ctx, &gatewayv1.QueryRequest{Path: "a:b"})
	return err
}

// Signed-in phones behind one address, each with a connection and streams of its own, meet no limit.
func TestPhonesBehindOneAddress(t *testing.T) {
	t.Parallel()
	g := start(t)
	const phones, streams = 40, 8
	var opened []*subscription
	for phone := range phones {
		ctx := g.as(g.token(deployment.TokenRequest{User: fmt.Sprintf("phone%d", phone)}))
		client := *g
		client.functions = gatewayv1.NewFunctionServiceClient(g.clientFrom("127.0.0.2"))
		for range streams {
			opened = append(opened, client.subscribe(ctx, counterQuery("phones")))
		}
	}
	for _, stream := range opened {
		wantValue(t, result(stream), "0")
	}
	if open := g.openConnections(); open != phones {
		t.Errorf("%d connections", open)
	}
}

// The admin port has a bound of its own: further connections wait, and take no descriptor.
func TestConnectionsOfAdminPort(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	const request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
	var held []net.Conn
	for range maxAdminConnections {
		conn := g.rawConn(g.AdminAddr())
		_, _ = io.WriteString(conn, request)
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	next := g.rawConn(g.AdminAddr())
	_, _ = io.WriteString(next, request)
	_ = next.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := next.Read(make([]byte, 1)); err == nil {
		t.Error("there is no bound")
	}
	_ = held[0].Close()
	_ = next.SetReadDeadline(time.Now().Add(patience))
	if _, err := next.Read(make([]byte, 1)); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

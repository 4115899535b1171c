package floor

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"google.golang.org/grpc"
)

// Addresses are where a floor serves, host:port. An empty one is not served.
type Addresses struct {
	GRPC string `json:"grpc,omitempty"`
	HTTP string `json:"http,omitempty"`
}

// Start serves a floor by its name until ctx ends: echo, passthrough, refusing, rest, fanout or sse. upstream is the URL of the
// deployment behind it, if it has one.
func Start(ctx context.Context, name, upstream string) (Addresses, error) {
	switch name {
	case "echo":
		return serveGRPC(ctx, newEcho())
	case "passthrough":
		return serveGRPC(ctx, newPassthrough(upstream))
	case "refusing":
		server, err := newRefusing()
		if err != nil {
			return Addresses{}, err
		}
		return serveGRPC(ctx, server)
	case "rest":
		return serveHTTP(ctx, newREST(upstream))
	case "sse":
		return serveHTTP(ctx, newSSE())
	case "fanout":
		w := newFanout()
		grpc, err := serveGRPC(ctx, w.server())
		if err != nil {
			return grpc, err
		}
		control, err := serveHTTP(ctx, w)
		return Addresses{GRPC: grpc.GRPC, HTTP: control.HTTP}, err
	default:
		return Addresses{}, fmt.Errorf("there is no floor %q", name)
	}
}

func serveGRPC(ctx context.Context, s *grpc.Server) (Addresses, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Addresses{}, err
	}
	context.AfterFunc(ctx, s.Stop)
	go func() { _ = s.Serve(l) }()
	return Addresses{GRPC: l.Addr().String()}, nil
}

func serveHTTP(ctx context.Context, h http.Handler) (Addresses, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Addresses{}, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	go func() { _ = s.Serve(l) }()
	return Addresses{HTTP: l.Addr().String()}, nil
}

// newClient returns an HTTP client that keeps its idle connections to its one host.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.DisableCompression = 512, 512, true
	return &http.Client{Transport: t}
}

// readAll reads a body whose length is known into one allocation.
func readAll(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("upstream answered %s", resp.Status)
	}
	if resp.ContentLength < 0 {
		return io.ReadAll(resp.Body)
	}
	b := make([]byte, resp.ContentLength)
	_, err := io.ReadFull(resp.Body, b)
	return b, err
}

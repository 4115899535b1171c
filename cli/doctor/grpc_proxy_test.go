package doctor

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"convexgateway/dev/deployment"
)

// A quiet stream over gRPC is tried through the proxy: one that stays open, one that the proxy cuts, and a URL without gRPC.
func TestGRPCThroughProxy(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	s := startGateway(t, cfg)
	waitReady(t, s)
	cfg.Limit = DefaultLimit
	cfg.Through, cfg.Quiet = "http://"+s.GRPCAddr(), 100*time.Millisecond
	expect(t, cfg, "proxy: gRPC streams", OK, "open after", "")
	cfg.Through = "http://" + s.HTTPAddr()
	expect(t, cfg, "proxy: gRPC streams", Skip, "no gRPC", "")
	cfg.Through, cfg.Quiet = "http://"+cutter(t, s.GRPCAddr()), patience
	expect(t, cfg, "proxy: gRPC streams", Fail, "cut after", "grpc_read_timeout")
}

// cutter forwards connections to an address, and cuts each a moment after the first bytes of the other side's answer to a call have passed.
func cutter(t *testing.T, to string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); running.Wait() })
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				return
			}
			cut := time.AfterFunc(2*time.Second, func() { _ = client.Close(); _ = server.Close() })
			running.Go(func() { _, _ = io.Copy(server, client); _ = server.Close() })
			running.Go(func() { _, _ = io.Copy(client, server); _ = client.Close(); cut.Stop() })
		}
	})
	return l.Addr().String()
}

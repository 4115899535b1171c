package connlimit_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"

	"convexgateway/server/connlimit"
)

const patience = 30 * time.Second

// listenTCP opens a limited port.
func listenTCP(t *testing.T) net.Listener {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := connlimit.New(connlimit.Options{Logger: slog.New(slog.DiscardHandler)}).Listener(inner)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// A handler over gRPC reaches the address of its connection, and can close it.
func TestCloseFromGRPC(t *testing.T) {
	l := listenTCP(t)
	s := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		connlimit.FromContext(stream.Context()).Close()
		<-stream.Context().Done()
		return nil
	}))
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		s.Stop()
		<-served
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/a/b")
	if err == nil {
		err = stream.RecvMsg(nil)
	}
	if status.Code(err) != codes.Unavailable {
		t.Errorf("the call ended with %v", err)
	}
}

// A handler over HTTP reaches the address of its connection, and can close it.
func TestCloseFromHTTP(t *testing.T) {
	l := listenTCP(t)
	s := &http.Server{
		ConnContext: connlimit.ConnContext, ReadHeaderTimeout: patience,
		Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			connlimit.FromContext(r.Context()).Close()
			<-r.Context().Done()
		}),
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Close()
		<-served
	})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	resp, err := client.Get("http://" + l.Addr().String())
	if err == nil {
		_ = resp.Body.Close()
		t.Error("the connection is still open")
	}
}

// countingPool counts the buffers that are taken from it, and those that are not back.
type countingPool struct {
	mem.BufferPool
	taken, out atomic.Int64
}

func (p *countingPool) Get(size int) *[]byte {
	p.taken.Add(1)
	p.out.Add(1)
	return p.BufferPool.Get(size)
}

func (p *countingPool) Put(buffer *[]byte) {
	p.out.Add(-1)
	p.BufferPool.Put(buffer)
}

// No buffer is held while a connection is quiet.
func TestReadOnReady(t *testing.T) {
	l := listenTCP(t)
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	pool := &countingPool{BufferPool: mem.DefaultBufferPool()}
	reader := server.(interface {
		ReadOnReady(size int, pool mem.BufferPool) (*[]byte, int, error)
	})
	type result struct {
		text  string
		err   error
		taken int64 // buffers until then
	}
	results := make(chan result)
	go func() {
		for {
			buffer, n, err := reader.ReadOnReady(1024, pool)
			var text string
			if buffer != nil {
				text = string((*buffer)[:n])
				pool.Put(buffer)
			}
			results <- result{text, err, pool.taken.Load()}
			if err != nil {
				return
			}
		}
	}()
	var got result
	for _, text := range []string{"first", "second"} {
		for pool.taken.Load() == got.taken || pool.out.Load() != 0 { // until it has tried to read
			runtime.Gosched()
		}
		if _, err := io.WriteString(client, text); err != nil {
			t.Fatal(err)
		}
		if got = <-results; got.text != text || got.err != nil {
			t.Errorf("read %q, %v", got.text, got.err)
		}
	}
	_ = client.Close()
	if got := <-results; !errors.Is(got.err, io.EOF) || pool.out.Load() != 0 {
		t.Errorf("at the end %v, %d buffers held", got.err, pool.out.Load())
	}
}

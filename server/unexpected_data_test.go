package server

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// What a client sends on streams that do not read it, or in the least suitable frames.

// stuffing is a body of a message and of zeros after it, which does not end before it is closed.
type stuffing struct {
	message []byte
	zeros   int
	sent    *atomic.Int64 // zeros that were read; nil: not counted
	once    sync.Once
	closed  chan struct{}
}

func newStuffing(message proto.Message, zeros int, sent *atomic.Int64) *stuffing {
	wire, _ := proto.Marshal(message)
	header := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(wire)))
	return &stuffing{message: append(header, wire...), zeros: zeros, sent: sent, closed: make(chan struct{})}
}

func (s *stuffing) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *stuffing) Read(p []byte) (int, error) {
	if len(s.message) > 0 {
		n := copy(p, s.message)
		s.message = s.message[n:]
		return n, nil
	}
	n := min(len(p), s.zeros)
	if n == 0 {
		<-s.closed
		return 0, io.EOF
	}
	clear(p[:n])
	s.zeros -= n
	s.sent.Add(int64(n))
	return n, nil
}

// post makes a call over HTTP/2 by hand.
func (g *gateway) post(ctx context.Context, client *http.Client, method string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.GRPCAddr()+method, body)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	return client.Do(req)
}

// A client may send no more than a window on a stream that does not read, however fast it has sent before, and blocks nobody else on
// its connection with it.
func TestUnexpectedData(t *testing.T) {
	const streams, size = 50, 8 << 20
	for name, change := range ports(t) {
		t.Run(name, func(t *testing.T) {
			g, step := startBudgeted(t, change)
			client := http2Client(t)
			for range 5 { // the windows of gRPC's server grow by such calls, unless that is switched off
				body := newStuffing(&gatewayv1.MutateRequest{Path: "messages:send", ArgsJson: make([]byte, size)}, 0, nil)
				if resp, err := g.post(g.context(), client, gatewayv1.FunctionService_Mutate_FullMethodName, body); err == nil {
					_ = resp.Body.Close()
				}
			}
			ctx, cancel := context.WithCancel(g.context())
			defer cancel()
			var sent atomic.Int64
			for range streams {
				go func() {
					body := newStuffing(counterQuery("stranger"), size, &sent)
					if resp, err := g.post(ctx, client, gatewayv1.FunctionService_Subscribe_FullMethodName, body); err == nil {
						_, _ = io.Copy(io.Discard, resp.Body)
						_ = resp.Body.Close()
					}
				}()
			}
			eventually(t, "the windows are full", func() bool { return sent.Load() >= streams*(streamWindow-1<<10) })
			for range 5 {
				step()
				body := newStuffing(&gatewayv1.QueryRequest{Path: "users:me"}, 0, nil)
				resp, err := g.post(g.context(), client, gatewayv1.FunctionService_Query_FullMethodName, body)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.ReadFull(resp.Body, make([]byte, 1))
				_ = resp.Body.Close()
			}
			if sent := sent.Load(); name == "own port" && sent > streams*(streamWindow+64<<10) {
				t.Errorf("the client has sent %d bytes, want a window a stream", sent)
			}
		})
	}
}

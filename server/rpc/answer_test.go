package rpc

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// largeValue is a deployment whose functions return a text of a size.
type largeValue int

func (size largeValue) Call(context.Context, convex.Call) (*convex.Result, error) {
	return &convex.Result{Value: []byte(`"` + strings.Repeat("x", int(size)) + `"`)}, nil
}

// The connection of a client that takes nothing of an answer for a minute is closed; that of one which takes it slowly is not. Either way
// what was held for it is given back.
func TestAnswersMustBeTaken(t *testing.T) {
	t.Parallel()
	const size = 12 << 20
	for name, tt := range map[string]struct {
		rate   int // bytes in 50 s
		closed bool
	}{"at once": {2 * size, false}, "slowly": {1 << 20, false}, "not": {0, true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				budget := limit.NewBudget(200<<20, 0, call.ErrOverloaded)
				var closed atomic.Bool
				client := serveReceiver(t, true, largeValue(size), budget, func(o *Options) {
					o.CloseConn = func(context.Context) func() { return func() { closed.Store(true) } }
				})
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost,
					"http://gateway.test"+gatewayv1.FunctionService_Query_FullMethodName, bytes.NewReader(query(t, 10)))
				req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
				resp, err := client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if held := budget.Held(); tt.rate == 0 && held < size/2 {
					t.Errorf("%d bytes are held", held)
				}
				for range 20 {
					_, _ = io.CopyN(io.Discard, resp.Body, int64(tt.rate))
					time.Sleep(50 * time.Second) //nolint:forbidigo // the bubble's clock
				}
				if closed.Load() != tt.closed {
					t.Errorf("closed: %v", closed.Load())
				}
				_ = resp.Body.Close()
				client.CloseIdleConnections()
				for i := 0; i < 100 && budget.Held() != 0; i++ {
					synctest.Wait()
					runtime.GC()
				}
				if held := budget.Held(); held != 0 {
					t.Errorf("%d bytes are held at last", held)
				}
			})
		})
	}
}

// What a response takes is held until grpc-go frees its buffer, however small it is.
func TestAnswerIsHeldUntilItIsFreed(t *testing.T) {
	t.Parallel()
	if !mem.IsBelowBufferPoolingThreshold(minAnswer-1) || mem.IsBelowBufferPoolingThreshold(minAnswer) {
		t.Error("grpc-go frees buffers of another size")
	}
	for _, size := range []int{0, 1, 1 << 10, 1 << 20} {
		budget := limit.NewBudget(2<<20, 0, call.ErrOverloaded)
		hold := budget.Open("ada")
		message := wrapperspb.Bytes(make([]byte, size))
		a := newAnswer(message, SizeOf(message), hold, nil)
		data, err := a.marshal()
		if err != nil {
			t.Fatal(err)
		}
		hold.Close()
		if held := budget.Held(); held < int64(size+streamMemory) {
			t.Errorf("of %d bytes %d are held", size, held)
		}
		data.Free()
		if held := budget.Held(); held != 0 {
			t.Errorf("of %d bytes %d are held at the end", size, held)
		}
	}
}

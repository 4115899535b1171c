package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"convexgateway/bench/wire"
)

// Call makes one call and returns the bytes of its response.
type Call func(ctx context.Context) ([]byte, error)

// GRPCCaller calls a method with an encoded message. closeConn must be called.
func GRPCCaller(addr, method string, message []byte) (call Call, closeConn func(), err error) {
	cc, err := grpc.NewClient("passthrough:///"+addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(wire.Raw{}), grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		return nil, nil, err
	}
	call = func(ctx context.Context) ([]byte, error) {
		var answer []byte
		err := cc.Invoke(ctx, method, message, &answer)
		return answer, err
	}
	return call, func() { _ = cc.Close() }, nil
}

// As returns the call with a token.
func (call Call) As(token string) Call {
	return func(ctx context.Context) ([]byte, error) {
		return call(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token))
	}
}

// HTTPCaller posts a body. closeConns must be called.
func HTTPCaller(url string, body []byte) (call Call, closeConns func()) {
	transport := &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512, DisableCompression: true}
	client := &http.Client{Transport: transport}
	call = func(ctx context.Context) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err == nil && resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %.200s", resp.Status, answer)
		}
		return answer, err
	}
	return call, transport.CloseIdleConnections
}

// callLimit is how long one call may take.
const callLimit = 30 * time.Second

// Run makes n calls, inFlight at a time, and returns how long each took, sorted. Each response must be the bytes of want.
func (call Call) Run(ctx context.Context, n, inFlight int, want []byte) ([]time.Duration, error) {
	return Timed(n, inFlight, func() error { return call.once(ctx, want) })
}

// Timed runs do n times, inFlight at a time, and returns how long each took, sorted. After an error no more begin.
func Timed(n, inFlight int, do func() error) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	var next atomic.Int64
	var failure atomic.Pointer[error]
	var workers sync.WaitGroup
	for range inFlight {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && failure.Load() == nil; i = next.Add(1) - 1 {
				start := time.Now()
				if err := do(); err != nil {
					failure.CompareAndSwap(nil, &err)
				}
				took[i] = time.Since(start)
			}
		})
	}
	workers.Wait()
	if err := failure.Load(); err != nil {
		return nil, *err
	}
	slices.Sort(took)
	return took, nil
}

var errWrongAnswer = errors.New("an answer has other bytes than the first")

func (call Call) once(ctx context.Context, want []byte) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	got, err := call(ctx)
	if err == nil && !bytes.Equal(got, want) {
		err = errWrongAnswer
	}
	return err
}

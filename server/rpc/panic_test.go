package rpc

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/live"
)

// panicking is a deployment whose client has a bug.
type panicking struct{}

func (panicking) Call(context.Context, convex.Call) (*convex.Result, error) {
	panic("the secret of a caller")
}

func (panicking) Watch(convex.Credential, convexlive.WatchOptions) (*convexlive.Set, error) {
	panic("no watch")
}

func (panicking) Subscribe(convex.Credential, convex.Path, []byte, convexlive.SubscribeOptions) (*convexlive.Subscription, error) {
	panic("the secret of a caller")
}

func TestPanicIsInternal(t *testing.T) {
	t.Parallel()
	logs := &bytes.Buffer{}
	services := &Services{Options: Options{MaxRequest: 1 << 20}}
	i := &callInterceptor{log: &CallLog{Logger: slog.New(slog.NewJSONHandler(logs, nil))}, maxMessage: services.maxMessage, checkConn: services.checkConn}
	server := grpc.NewServer(grpc.StreamInterceptor(i.intercept()))
	streams := live.New(live.Options{Queries: panicking{}, Sessions: lease.NewRegistry(lease.Config{}), Logger: i.log.Logger})
	gatewayv1.RegisterFunctionServiceServer(AsStreams(server, i.intercept()), &functionService{functions: panicking{}, streams: streams})
	pipe := bufconn.Listen(1 << 16)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(pipe) }()
	conn, err := grpc.NewClient("passthrough:///pipe", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return pipe.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	client := gatewayv1.NewFunctionServiceClient(conn)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var trailer metadata.MD
	_, err = client.Query(ctx, &gatewayv1.QueryRequest{Path: "a:b"}, grpc.Trailer(&trailer))
	checkInternal(t, err, trailer)
	for range 2 { // the first has freed its place under the limit
		stream, err := client.Subscribe(ctx, &gatewayv1.SubscribeRequest{Path: "a:b"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = stream.Recv()
		checkInternal(t, err, stream.Trailer())
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the caller sees: %v", err)
		}
	}
	_ = conn.Close()
	server.Stop()
	<-done
	if text := logs.String(); strings.Contains(text, "secret") || !strings.Contains(text, "panic in a handler") || !strings.Contains(text, "panic_test.go") ||
		strings.Count(text, `"request_id"`) != 6 { // of three panics, and of the three calls
		t.Errorf("logs: %s", text)
	}
}

func checkInternal(t *testing.T, err error, trailer metadata.MD) {
	t.Helper()
	if reason := trailer.Get(reasonTrailer); status.Code(err) != codes.Internal || len(reason) != 1 || reason[0] != "INTERNAL" {
		t.Errorf("%v, reason %q", err, reason)
	}
}

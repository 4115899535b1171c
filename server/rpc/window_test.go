package rpc

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A call over net/http may outlive the handler of its request: what ends its reading then does not touch the response.
func TestInterruptAfterTheRequest(t *testing.T) {
	t.Parallel()
	returned, running, interrupted := make(chan struct{}), make(chan struct{}), make(chan struct{})
	calls := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		close(running)
		<-returned
		windowFrom(stream.Context()).interrupt()
		close(interrupted)
		return nil
	}))
	defer calls.Stop()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Protocols: new(http.Protocols), ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ServeHTTP(calls, w, r)
		close(returned)
	})}
	server.Protocols.SetUnencryptedHTTP2(true)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() { _ = server.Close(); <-served }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := gatewayv1.NewFunctionServiceClient(conn).Watch(ctx); err != nil {
		t.Fatal(err)
	}
	<-running
	cancel()
	<-interrupted
}

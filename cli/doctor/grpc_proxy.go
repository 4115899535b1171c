package doctor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	noGRPCHint = "if clients use gRPC, give its public URL to --through as well, in a run of its own"
	grpcCutFix = "raise the proxy's limits for quiet and for long streams over --heartbeat (nginx: grpc_read_timeout; HAProxy: timeout client and timeout server; Envoy: a route's timeout 0s), or lower --heartbeat"
)

// grpcStream opens a stream over gRPC, with the state of an anonymous caller. It must stay open by the gateway's heartbeats.
func (r *runner) grpcStream(ctx context.Context) Finding {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := r.dialThrough()
	if err != nil {
		return fail(err.Error(), urlFix)
	}
	defer func() { _ = conn.Close() }()
	tooLate := time.AfterFunc(r.Limit, cancel) // for the first event
	defer tooLate.Stop()
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/convexgateway.v1.AuthService/AuthState")
	if err == nil {
		err = stream.SendMsg(&emptypb.Empty{}) // as the request is without fields
	}
	if err == nil {
		err = stream.CloseSend()
	}
	if err == nil {
		err = stream.RecvMsg(&emptypb.Empty{})
	}
	if err != nil {
		return skip(fmt.Sprintf("no gRPC at this URL: %s; %s", status.Code(err), noGRPCHint))
	}
	tooLate.Stop()
	return r.staysOpenOverGRPC(stream, cancel)
}

// staysOpenOverGRPC waits until the stream has been open for Config.Quiet, and then cancels it.
func (r *runner) staysOpenOverGRPC(stream grpc.ClientStream, cancel func()) Finding {
	opened, events := time.Now(), 0
	enough := time.AfterFunc(r.Quiet, cancel)
	defer enough.Stop()
	for {
		err := stream.RecvMsg(&emptypb.Empty{})
		switch {
		case err == nil:
			events++
		case status.Code(err) == codes.Canceled && time.Since(opened) >= r.Quiet:
			return ok(fmt.Sprintf("open after %v, with %d heartbeats", r.Quiet, events))
		default:
			return fail(fmt.Sprintf("cut after %v: %s", time.Since(opened).Round(time.Second), status.Code(err)), grpcCutFix)
		}
	}
}

// dialThrough returns a connection for gRPC to the host of --through.
func (r *runner) dialThrough() (*grpc.ClientConn, error) {
	u, err := url.Parse(r.Through)
	if err != nil {
		return nil, err
	}
	creds, port := insecure.NewCredentials(), "80"
	if u.Scheme == "https" {
		creds, port = credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}), "443"
	}
	if u.Port() != "" {
		port = u.Port()
	}
	return grpc.NewClient(net.JoinHostPort(u.Hostname(), port), grpc.WithTransportCredentials(creds))
}

package rpc

import (
	"context"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// authService is AuthService; each RPC is in its own file.
type authService struct {
	gatewayv1.UnsafeAuthServiceServer // a new RPC breaks the build instead of answering UNIMPLEMENTED

	streams  *live.Streams
	identify func(context.Context) (*auth.Identity, *auth.Error) // checks a call's credential again
}

const (
	stateLoading         = gatewayv1.AuthStateResponse_STATE_LOADING
	stateAuthenticated   = gatewayv1.AuthStateResponse_STATE_AUTHENTICATED
	stateUnauthenticated = gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED
)

// AuthState streams whether the caller is signed in. The interceptors have checked its credential, but not refused it.
func (s *authService) AuthState(req *gatewayv1.AuthStateRequest, stream gatewayv1.AuthService_AuthStateServer) error {
	ctx := stream.Context()
	a := &authSink{stream: stream}
	a.out = a
	id, _ := auth.FromContext(ctx)
	problem := auth.ErrorFromContext(ctx)
	if problem != nil && problem.Class == auth.Unavailable {
		var err error
		if id, problem, err = s.awaitIssuer(ctx, req, a); err != nil {
			return err
		}
	}
	if problem != nil {
		if err := a.Ended(ctx, problem); err != nil {
			return err
		}
		return problem
	}
	if err := a.Open(ctx, s.streams, id, req, a); err != nil {
		return err
	}
	return a.Run()
}

// Pauses between attempts to check a credential whose issuer is unreachable, without jitter.
const (
	minIdentifyPause = time.Second
	maxIdentifyPause = 15 * time.Second
)

// awaitIssuer sends LOADING, again as heartbeat, and blocks until the credential can be checked. Its error is why the stream ended meanwhile.
func (s *authService) awaitIssuer(ctx context.Context, req *gatewayv1.AuthStateRequest, a *authSink) (*auth.Identity, *auth.Error, error) {
	if err := a.send(&gatewayv1.AuthStateResponse{State: stateLoading}); err != nil {
		return nil, nil, err
	}
	beats, stop, err := s.heartbeats(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	defer stop()
	retry := wait.Backoff{Max: maxIdentifyPause}
	again := time.NewTimer(retry.Next(minIdentifyPause))
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-s.streams.Draining.Done():
			return nil, nil, call.ErrDraining
		case <-beats:
			if err := a.Heartbeat(); err != nil {
				return nil, nil, err
			}
		case <-again.C:
			if id, problem := s.identify(ctx); problem == nil || problem.Class != auth.Unavailable {
				return id, problem, nil
			}
			again.Reset(retry.Next(minIdentifyPause))
		}
	}
}

// heartbeats returns the times of a stream's heartbeats; nil if it has none.
func (s *authService) heartbeats(ctx context.Context, req *gatewayv1.AuthStateRequest) (beats <-chan time.Time, stop func(), err error) {
	interval, err := s.streams.HeartbeatOf(ctx, req)
	if interval == 0 {
		return nil, func() {}, err
	}
	ticker := time.NewTicker(interval)
	return ticker.C, ticker.Stop, nil
}

// authSink is one AuthState stream, and sends its events.
type authSink struct {
	authEvents
	stream gatewayv1.AuthService_AuthStateServer
	live.Stream
}

// Subscribe implements [live.Sink]. It subscribes to the identity's session without a query: the deployment accepts or refuses
// the token. An anonymous caller has no session.
func (a *authSink) Subscribe(s *live.Stream, samePerson bool) (live.Source, error) {
	if before := s.Source(); before != nil {
		before.Close()
	}
	if err := a.begin(s.Identity(), samePerson); err != nil || s.Identity() == nil {
		return nil, err
	}
	return s.Subscribe(s.Identity(), convex.Path{}, nil, 0, "")
}

// Heartbeat implements [live.Sink]. It repeats the last state.
func (a *authSink) Heartbeat() error { return a.sendAuth(a.last) }

func (a *authSink) sendAuth(m *gatewayv1.AuthStateResponse) error {
	a.Sent()
	return a.stream.Send(m)
}

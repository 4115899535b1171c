package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
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
	id, _ := auth.FromContext(ctx)
	problem := auth.ErrorFromContext(ctx)
	if problem != nil && problem.Class == auth.Unavailable {
		var err error
		if id, problem, err = s.awaitIssuer(ctx, a); err != nil {
			return err
		}
	}
	if problem != nil {
		if err := a.Ended(ctx, problem); err != nil {
			return err
		}
		return problem
	}
	var w live.Stream
	if err := w.Open(ctx, s.streams, id, req, a); err != nil {
		return err
	}
	return w.Run()
}

// Pauses between attempts to check a credential whose issuer is unreachable, without jitter.
const (
	minIdentifyPause = time.Second
	maxIdentifyPause = 15 * time.Second
)

// awaitIssuer sends LOADING and blocks until the credential can be checked. Its error is why the stream ended meanwhile.
func (s *authService) awaitIssuer(ctx context.Context, a *authSink) (*auth.Identity, *auth.Error, error) {
	if err := a.send(&gatewayv1.AuthStateResponse{State: stateLoading}); err != nil {
		return nil, nil, err
	}
	retry := wait.Backoff{Max: maxIdentifyPause}
	for {
		again := time.NewTimer(retry.Next(minIdentifyPause))
		select {
		case <-ctx.Done():
			again.Stop()
			return nil, nil, ctx.Err()
		case <-s.streams.Draining:
			again.Stop()
			return nil, nil, call.ErrDraining
		case <-again.C:
		}
		if id, problem := s.identify(ctx); problem == nil || problem.Class != auth.Unavailable {
			return id, problem, nil
		}
	}
}

// authSink sends the events of one AuthState stream.
type authSink struct {
	stream gatewayv1.AuthService_AuthStateServer
	last   *gatewayv1.AuthStateResponse // nil before the first
}

// Subscribe implements [live.Sink]. It subscribes to the identity's session without a query: the deployment accepts or refuses
// the token. A user who is signed in stays AUTHENTICATED while a token with other claims is checked. An anonymous caller has
// no session.
func (a *authSink) Subscribe(s *live.Stream, samePerson bool) (*convexlive.Subscription, error) {
	if s.Identity() == nil {
		return nil, a.send(&gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: string(auth.ReasonNoCredentials)})
	}
	if !samePerson || a.last.GetState() != stateAuthenticated {
		if err := a.send(newAuthState(s.Identity(), stateLoading)); err != nil {
			return nil, err
		}
	}
	return s.Subscribe(convex.Path{}, nil, 0, "")
}

// Show implements [live.Sink].
func (a *authSink) Show(id *auth.Identity, state convexlive.State) error {
	authenticated := a.last.GetState() == stateAuthenticated && a.last.GetIdentityTag() == id.Tag()
	switch {
	case authenticated && state.IssuerUnreachable && !a.last.GetRefreshing():
		return a.Silent(id, auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
	case authenticated && !a.last.GetRefreshing():
		if !a.last.GetExpiresAt().AsTime().Equal(id.ExpiresAt) {
			a.last = newAuthState(id, stateAuthenticated) // renewed in time: no event, but the next heartbeat has the new expiry
		}
		return nil
	case live.Confirmed(state) && !state.IssuerUnreachable:
		return a.send(newAuthState(id, stateAuthenticated))
	}
	return nil
}

// TokenNeeded implements [live.Sink].
func (a *authSink) TokenNeeded(id *auth.Identity, by time.Time) error {
	if a.last.GetState() != stateAuthenticated || a.last.GetRefreshing() {
		return nil
	}
	m := newAuthState(id, stateAuthenticated)
	m.TokenNeededBy = timestamppb.New(by)
	return a.send(m)
}

// Silent implements [live.Sink]. The state has refreshing and the reason, which is TOKEN_EXPIRED if why is nil.
func (a *authSink) Silent(id *auth.Identity, why *auth.Error) error {
	m := newAuthState(id, a.last.GetState())
	m.Refreshing, m.Reason = true, string(auth.ReasonTokenExpired)
	if why != nil {
		m.Reason = string(why.Reason)
	}
	if proto.Equal(m, a.last) {
		return nil
	}
	return a.send(m)
}

// Ended implements [live.Sink]. If the stream ends because its credential is no longer valid, the last event is
// UNAUTHENTICATED. Other ends change no state.
func (a *authSink) Ended(_ context.Context, why error) error {
	p := call.ProblemOf(why)
	if p.Code != codes.Unauthenticated && p.Code != codes.PermissionDenied {
		return nil
	}
	return a.send(&gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: p.Reason})
}

// Heartbeat implements [live.Sink]. It repeats the last state.
func (a *authSink) Heartbeat() error { return a.stream.Send(a.last) }

func (a *authSink) send(m *gatewayv1.AuthStateResponse) error {
	a.last = m
	return a.stream.Send(m)
}

func newAuthState(id *auth.Identity, state gatewayv1.AuthStateResponse_State) *gatewayv1.AuthStateResponse {
	return &gatewayv1.AuthStateResponse{
		State:       state,
		ExpiresAt:   timestamppb.New(id.ExpiresAt),
		IdentityTag: id.Tag(),
		Identity: &gatewayv1.Identity{
			Issuer: id.Issuer, Subject: id.Subject, SessionId: id.SessionID,
			OrgId: id.OrgID, OrgRole: id.OrgRole, OrgSlug: id.OrgSlug, ActorSubject: id.ActorSubject,
		},
	}
}

package rpc

import (
	"convexgateway/server/live"

	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// authService is AuthService; each RPC stands in its own file.
type authService struct {
	gatewayv1.UnsafeAuthServiceServer // a new RPC must break the build, not answer UNIMPLEMENTED

	streams  *live.Streams
	identify func(context.Context) (*auth.Identity, *auth.Error) // looks at a call's credential once more
}

const (
	stateLoading         = gatewayv1.AuthStateResponse_STATE_LOADING
	stateAuthenticated   = gatewayv1.AuthStateResponse_STATE_AUTHENTICATED
	stateUnauthenticated = gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED
)

// AuthState streams whether the caller is signed in. Its credential was looked at, but not insisted on.
func (s *authService) AuthState(req *gatewayv1.AuthStateRequest, stream gatewayv1.AuthService_AuthStateServer) error {
	ctx := stream.Context()
	a := &authSink{send: stream.Send}
	id, _ := auth.FromContext(ctx)
	problem := auth.ErrorFromContext(ctx)
	if problem != nil && problem.Class == auth.Unavailable {
		var err error
		if id, problem, err = s.await(ctx, a); err != nil {
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

// Pauses between attempts to check a credential whose issuer is out of reach.
const (
	minIdentifyPause = time.Second
	maxIdentifyPause = 15 * time.Second
)

// await shows LOADING until the credential can be checked. Its error is why the stream ended meanwhile.
func (s *authService) await(ctx context.Context, a *authSink) (*auth.Identity, *auth.Error, error) {
	if err := a.tell(&gatewayv1.AuthStateResponse{State: stateLoading}); err != nil {
		return nil, nil, err
	}
	for pause := minIdentifyPause; ; pause = min(2*pause, maxIdentifyPause) {
		again := time.NewTimer(pause)
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

// authSink turns the life of a session into the events of one AuthState stream.
type authSink struct {
	send func(*gatewayv1.AuthStateResponse) error
	last *gatewayv1.AuthStateResponse
}

// Subscribe follows the identity's session, which proves the token to the deployment, and no query. A person who is
// signed in stays so while the deployment gets to know other claims of theirs. Without an identity there is nothing to follow.
func (a *authSink) Subscribe(s *live.Stream, samePerson bool) (*convexlive.Subscription, error) {
	if s.Identity() == nil {
		return nil, a.tell(&gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: string(auth.ReasonNoCredentials)})
	}
	if !samePerson || a.last.GetState() != stateAuthenticated {
		if err := a.tell(describe(s.Identity(), stateLoading)); err != nil {
			return nil, err
		}
	}
	return s.Subscribe(convex.Path{}, nil, 0)
}

func (a *authSink) Show(id *auth.Identity, state convexlive.State) error {
	wellKnown := a.last.GetState() == stateAuthenticated && a.last.GetIdentityTag() == id.Tag()
	switch {
	case wellKnown && state.IssuerUnreachable && !a.last.GetRefreshing():
		return a.Silent(id, auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
	case wellKnown && !a.last.GetRefreshing():
		if !a.last.GetExpiresAt().AsTime().Equal(id.ExpiresAt) {
			a.last = describe(id, stateAuthenticated) // renewed in time: no change of state, but what a heartbeat tells
		}
		return nil
	case live.Confirmed(state) && !state.IssuerUnreachable:
		return a.tell(describe(id, stateAuthenticated))
	}
	return nil
}

func (a *authSink) TokenNeeded(id *auth.Identity, by time.Time) error {
	if a.last.GetState() != stateAuthenticated || a.last.GetRefreshing() {
		return nil
	}
	m := describe(id, stateAuthenticated)
	m.TokenNeededBy = timestamppb.New(by)
	return a.tell(m)
}

// silent tells that a newer token is waited for: because the last one expired, unless why says more.
func (a *authSink) Silent(id *auth.Identity, why *auth.Error) error {
	m := describe(id, a.last.GetState())
	m.Refreshing, m.Reason = true, string(auth.ReasonTokenExpired)
	if why != nil {
		m.Reason = string(why.Reason)
	}
	if proto.Equal(m, a.last) {
		return nil
	}
	return a.tell(m)
}

// ended tells a caller whose credential is no longer good so before the status does. Other ends say nothing of it.
func (a *authSink) Ended(_ context.Context, why error) error {
	p := call.ProblemOf(why)
	if p.Code != codes.Unauthenticated && p.Code != codes.PermissionDenied {
		return nil
	}
	return a.tell(&gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: p.Reason})
}

func (a *authSink) Beat() error { return a.send(a.last) }

func (a *authSink) tell(m *gatewayv1.AuthStateResponse) error {
	a.last = m
	return a.send(m)
}

func describe(id *auth.Identity, state gatewayv1.AuthStateResponse_State) *gatewayv1.AuthStateResponse {
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

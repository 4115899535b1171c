package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// authEvents are the events about the caller's authentication of one stream: the present state, then each new one. They are a part of a
// [live.Sink].
type authEvents struct {
	out interface {
		sendAuth(*gatewayv1.AuthStateResponse) error
	}
	last *gatewayv1.AuthStateResponse // nil before the first
}

// noCredentials is the state of all callers without a credential. It is not changed.
var noCredentials = &gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: string(auth.ReasonNoCredentials)}

// begin sends the state in which a stream begins, or goes on under another identity. A user who is signed in stays AUTHENTICATED while a
// token with other claims is checked.
func (a *authEvents) begin(id *auth.Identity, samePerson bool) error {
	switch {
	case id == nil:
		return a.send(noCredentials)
	case samePerson && a.last.GetState() == stateAuthenticated:
		return nil
	}
	return a.send(newAuthState(id, stateLoading))
}

// Show implements [live.Sink].
func (a *authEvents) Show(id *auth.Identity, state convexlive.State) error {
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
func (a *authEvents) TokenNeeded(id *auth.Identity, by time.Time) error {
	if a.last.GetState() != stateAuthenticated || a.last.GetRefreshing() {
		return nil
	}
	m := newAuthState(id, stateAuthenticated)
	m.TokenNeededBy = timestamppb.New(by)
	return a.send(m)
}

// Silent implements [live.Sink]. The state has refreshing and the reason, which is TOKEN_EXPIRED if why is nil.
func (a *authEvents) Silent(id *auth.Identity, why *auth.Error) error {
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
func (a *authEvents) Ended(_ context.Context, why error) error {
	p := call.ProblemOf(why)
	if p.Code != codes.Unauthenticated && p.Code != codes.PermissionDenied {
		return nil
	}
	return a.send(&gatewayv1.AuthStateResponse{State: stateUnauthenticated, Reason: p.Reason})
}

func (a *authEvents) send(m *gatewayv1.AuthStateResponse) error {
	a.last = m
	return a.out.sendAuth(m)
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

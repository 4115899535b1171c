package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

func TestInterceptorCredentials(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	required, optional := newGateway(t, v, Required), newGateway(t, v, Optional)
	token := is.token(nil)
	tests := []struct {
		name   string
		g      *gateway
		values []string
		code   codes.Code
		reason Reason
	}{
		{"bearer", required, []string{"Bearer " + token}, ok, ""},
		{"none_required", required, nil, u, ReasonNoCredentials},
		{"none_optional", optional, nil, ok, ""},
		{"empty", required, []string{""}, u, ReasonMalformed},
		{"bearer_only", required, []string{"Bearer"}, u, ReasonMalformed},
		{"empty_bearer", required, []string{"Bearer "}, u, ReasonMalformed},
		{"basic", required, []string{"Basic YWRhOmFkYQ=="}, u, ReasonMalformed},
		{"bare_jwt", required, []string{token}, u, ReasonMalformed},
		{"two_spaces", required, []string{"Bearer  " + token}, ok, ""},
		{"many_spaces", optional, []string{"bearer" + strings.Repeat(" ", 7) + token}, ok, ""},
		{"spaces_only", optional, []string{"Bearer    "}, u, ReasonMalformed},
		{"two_in_one", required, []string{"Bearer " + token + ", Bearer " + token}, u, ReasonMalformed},
		{"bad_is_not_anonymous", optional, []string{"Bearer x"}, u, ReasonMalformed},
		{"convex_admin_key", optional, []string{"Convex dev:x|0123"}, u, ReasonMalformed},
		{"two_values", required, []string{"Bearer " + token, "Bearer " + token}, u, ReasonAmbiguousCredentials},
		{"one_of_two_bad", optional, []string{"Bearer " + token, ""}, u, ReasonAmbiguousCredentials},
		{"lower_case", required, []string{"bearer " + token}, ok, ""},
		{"upper_case", required, []string{"BEARER " + token}, ok, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var md []string
			for _, value := range tt.values {
				md = append(md, "authorization", value)
			}
			tt.g.expect(t, tt.code, tt.reason, md...)
		})
	}
}

func TestInterceptorPolicies(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	good, bad := bearerOf(is.token(nil)), bearerOf(is.token(edit{"aud": "x"}))
	const ada = "user_ada"
	tests := []struct {
		name   string
		v      Verifier
		policy Policy
		md     []string
		reason Reason // of the call
		sub    any    // as the handler sees it
		seen   any    // ErrorFromContext, as the handler sees it
	}{
		{"required_good", v, Required, good, "", ada, nil},
		{"required_bad", v, Required, bad, ReasonAudience, nil, nil},
		{"unknown_policy_is_strict", v, Policy(42), nil, ReasonNoCredentials, nil, nil},
		{"optional_good", v, Optional, good, "", ada, nil},
		{"optional_none", v, Optional, nil, "", nil, nil},
		{"optional_bad", v, Optional, bad, ReasonAudience, nil, nil},
		{"observed_good", v, Observed, good, "", ada, nil},
		{"observed_none", v, Observed, nil, "", nil, nil},
		{"observed_bad", v, Observed, bad, "", nil, "AUDIENCE"},
		{"open_good", v, Open, good, "", nil, nil},
		{"open_bad", v, Open, bad, "", nil, nil},
		{"no_issuer_none", nil, Optional, nil, "", nil, nil},
		{"no_issuer_required", nil, Required, nil, ReasonNoCredentials, nil, nil},
		{"no_issuer_good", nil, Optional, good, ReasonIssuer, nil, nil},
		{"no_issuer_malformed", nil, Optional, []string{"authorization", "x"}, ReasonMalformed, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGateway(t, tt.v, tt.policy)
			for kind, a := range map[string]answer{"unary": g.unary(tt.md...), "stream": g.stream(tt.md...)} {
				if a.reason != tt.reason || a.who["sub"] != tt.sub || a.who["reason"] != tt.seen {
					t.Errorf("%s: got %v", kind, a)
				}
			}
		})
	}
}

type brokenVerifier struct{}

func (brokenVerifier) Verify(context.Context, string) (*Identity, error) {
	return nil, errors.New("disk full")
}

// An error of a verifier that is no *Error neither signs a caller out nor accepts one.
func TestInterceptorForeignError(t *testing.T) {
	newGateway(t, brokenVerifier{}, Optional).expect(t, ua, ReasonAuthBackendUnavailable, bearerOf("x")...)
}

func TestInterceptorReturnsErrorsAsTheyAre(t *testing.T) {
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("authorization", "Basic x"))
	_, err := authenticate(ctx, nil, Required)
	var e *Error
	if !errors.As(err, &e) || e.Class != Unauthenticated || e.Reason != ReasonMalformed {
		t.Errorf("got %v", err)
	}
}

// A token with less than 2 s left is accepted for a call, but not for a stream.
func TestStreamsNeedTime(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	g := newGateway(t, newVerifier(t, is, nil), Required)
	md := bearerOf(is.token(edit{"exp": start.Unix() + 3}))
	g.expect(t, ok, "", md...)
	clock.advance(time.Second)
	g.expect(t, ok, "", md...) // exactly 2 s
	clock.advance(time.Millisecond)
	if a := g.unary(md...); a.code != ok {
		t.Errorf("unary: got %v", a)
	}
	if a := g.stream(md...); a.code != u || a.reason != ReasonTokenExpired {
		t.Errorf("stream: got %v", a)
	}
}

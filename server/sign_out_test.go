package server

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

func TestSignOut(t *testing.T) {
	t.Parallel()
	for name, signOut := range map[string]func(g *gateway, token string){
		"gRPC": func(g *gateway, token string) {
			if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
				g.t.Error(err)
			}
		},
		"REST": func(g *gateway, token string) {
			if got := g.rest("POST", "/v1/auth/sign-out", "{}", "Authorization", "Bearer "+token); got.status != 200 || got.body != "{}" {
				g.t.Errorf("HTTP %d %s", got.status, got.body)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t)
			token := g.token(deployment.TokenRequest{User: "ada"})
			stream := g.subscribe(g.as(token), counterQuery("s"))
			sse := g.sse("GET", counterRoute+counterArgs("s"), "", "Authorization", "Bearer "+token)
			state := g.authState(g.as(token), &gatewayv1.AuthStateRequest{})
			bob := g.subscribe(g.as(g.token(deployment.TokenRequest{User: "bob"})), counterQuery("s"))
			result(stream)
			sse.result()
			result(bob)
			state.nextThat(isAuthenticated)
			signOut(g, token)

			want := failure{code: codes.Unauthenticated, reason: "SIGNED_OUT", http: 401}
			want.checkStatus(t, stream.end(), stream.Trailer())
			e := sse.next()
			if e.name != "status" {
				t.Errorf("event %+v", e)
			}
			want.checkBody(t, e.data)
			if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != "SIGNED_OUT" {
				t.Errorf("event %v", event)
			}
			want.checkStatus(t, state.end(), state.Trailer())

			var trailer metadata.MD
			_, err := g.functions.Query(g.as(token), &gatewayv1.QueryRequest{Path: "users:me"}, grpc.Trailer(&trailer))
			want.checkStatus(t, err, trailer)
			want.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
			late := g.subscribe(g.as(token), counterQuery("s"))
			want.checkStatus(t, late.end(), late.Trailer())

			g.add("s")
			wantValue(t, bob.next(), "1") // other users' streams go on
		})
	}
}

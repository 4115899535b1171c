package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// overHTTP is how often the deployment's HTTP API ran a function.
func (g *gateway) overHTTP(kind convex.Kind, path string) int {
	for call, n := range g.dev.Stats().HTTPCalls {
		if call.Path == path && strings.EqualFold(fmt.Sprint(call.Kind), kind.String()) {
			return n
		}
	}
	return 0
}

func addTo(name string) *gatewayv1.MutateRequest {
	return &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"` + name + `"}`)}
}

// A mutation of a caller with an open stream goes over the stream's session: it has its commit time, and when it returns the
// gateway has results that reflect it.
func TestMutateOverSession(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.as(g.token(deployment.TokenRequest{User: "ada"}))
	stream := g.subscribe(ada, counterQuery("x"))
	wantValue(t, result(stream), "0")
	resp, err := g.functions.Mutate(ada, addTo("x"))
	if err != nil {
		t.Fatal(err)
	}
	if !resp.GetCommitTime().IsValid() || resp.GetCommitTime().AsTime().Year() < 2020 {
		t.Errorf("commit time %v", resp.GetCommitTime())
	}
	late := g.subscribe(ada, counterQuery("x"))
	wantValue(t, late.next(), "1") // from the cache, without a message to the deployment
	wantValue(t, stream.next(), "1")
	if n := g.overHTTP(convex.Mutation, "counter:add"); n != 0 {
		t.Errorf("%d calls over HTTP", n)
	}
	action, err := g.functions.Action(ada, &gatewayv1.ActionRequest{Path: "actions:sleep", ArgsJson: []byte(`{"ms":1}`)})
	if err != nil || action.GetValue().GetNumberValue() != 1 {
		t.Errorf("action: %v, %v", action, err)
	}
	want := failure{code: codes.NotFound, reason: "FUNCTION_NOT_FOUND", http: 404, function: true}
	var trailer metadata.MD
	_, err = g.functions.Mutate(ada, &gatewayv1.MutateRequest{Path: "internal:secret"}, grpc.Trailer(&trailer))
	want.checkStatus(t, err, trailer)
}

// Callers without an open stream, and those who may share their identity with others, call over HTTP.
func TestMutateOverHTTP(t *testing.T) {
	t.Parallel()
	g := start(t)
	result(g.subscribe(g.context(), counterQuery("x")))
	bob := g.as(g.token(deployment.TokenRequest{User: "bob"}))
	for _, ctx := range []context.Context{g.context(), bob} {
		resp, err := g.functions.Mutate(ctx, addTo("x"))
		if err != nil || resp.GetCommitTime() != nil {
			t.Errorf("%v, %v", resp, err)
		}
	}
	if n := g.overHTTP(convex.Mutation, "counter:add"); n != 2 {
		t.Errorf("%d calls over HTTP, want 2", n)
	}
}

// Mutations that are running while sockets are cut are applied exactly once each.
func TestMutationsSurviveCuts(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.as(g.token(deployment.TokenRequest{User: "ada"}))
	stream := g.subscribe(ada, counterQuery("x"))
	wantValue(t, result(stream), "0")
	const n = 40
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() {
			if _, err := g.functions.Mutate(ada, addTo("x")); err != nil {
				t.Error(err)
			}
		})
		if i%8 == 7 {
			g.dev.CutSockets()
		}
	}
	calls.Wait()
	for last := 0; last != n; {
		next, err := strconv.Atoi(canonicalText(t, result(stream).GetValueJson()))
		if err != nil || next <= last || next > n {
			t.Fatalf("%d after %d of %d, %v", next, last, n, err)
		}
		last = next
	}
	if over := g.overHTTP(convex.Mutation, "counter:add"); over != 0 {
		t.Errorf("%d calls over HTTP", over)
	}
}

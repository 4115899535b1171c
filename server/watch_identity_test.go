package server

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const (
	authenticated   = gatewayv1.AuthStateResponse_STATE_AUTHENTICATED
	unauthenticate  = gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED
	loadingIdentity = gatewayv1.AuthStateResponse_STATE_LOADING
)

// ada makes a token of Ada's in an organisation.
func (g *gateway) ada(org string, ttl time.Duration) string {
	return g.token(deployment.TokenRequest{User: "ada", TTL: ttl, Claims: map[string]any{"o": map[string]any{"id": org}}})
}

// A token on the stream with other claims is another identity: every target has a value under its tag, also where that is the same.
func TestTokenChangesIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	grouped := watched(3, "users:me", "")
	grouped.Group = 5
	w.add(watched(1, "users:me", ""), watchedCounter(2, "a"), grouped, watched(4, "errors:crash", ""))
	w.until(func() bool {
		return w.ofGroup(0).complete && w.ofGroup(5).complete && w.auth.GetState() == authenticated
	})
	before := w.ofGroup(0).tag
	if before == "" || before != w.ofGroup(5).tag || before != w.auth.GetIdentityTag() {
		t.Errorf("tags %q, %q, %q", before, w.ofGroup(5).tag, w.auth.GetIdentityTag())
	}
	clear(w.shown)
	w.token(g.ada("org_2", 2*time.Minute))
	if r := w.next(); r.GetAuth().GetState() != loadingIdentity || r.GetAuth().GetIdentity().GetOrgId() != "org_2" {
		t.Errorf("the change is not announced: %v", r)
	}
	w.await(map[uint32]string{2: "0", 4: "error FUNCTION_FAILED"})
	w.until(func() bool { return len(w.shown) == 4 && w.auth.GetState() == authenticated })
	if after := w.ofGroup(0).tag; after == before || after != w.ofGroup(5).tag || after != w.auth.GetIdentityTag() {
		t.Errorf("tags %q, %q, %q", after, w.ofGroup(5).tag, w.auth.GetIdentityTag())
	}
	g.add("a")
	w.await(map[uint32]string{2: "1"})
}

// A token that changes nothing but its expiry is no event, and loses nothing.
func TestTokensOnAStream(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	w.add(watchedCounter(1, "a"), watchedEven(2, "a"))
	w.await(map[uint32]string{1: "0", 2: "0"})
	w.until(func() bool { return w.auth.GetState() == authenticated })
	const writes = 60
	var work sync.WaitGroup
	work.Go(func() {
		for i := range 20 {
			w.token(g.ada("org_1", time.Duration(i+2)*time.Minute))
		}
	})
	work.Go(func() {
		for range writes {
			g.straight("mutation", "counter:add", `{"name":"a"}`)
		}
	})
	for last := 0; last < writes; {
		r := w.next()
		if r.GetAuth() != nil || r.GetConnection() != nil || len(r.GetChanges()) != 2 {
			t.Fatalf("%v", describe(r))
		}
		var n int
		if _, err := fmt.Sscan(w.outcome(1), &n); err != nil || n <= last || w.outcome(2) != oddOrEven(n) {
			t.Fatalf("after %d: %s, %s", last, w.outcome(1), w.outcome(2))
		}
		last = n
	}
	work.Wait()
}

// Tokens that are refused change nothing.
func TestRefusedTokensOnAStream(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	w.add(watchedCounter(1, "a"))
	w.await(map[uint32]string{1: "0"})
	w.until(func() bool { return w.auth.GetState() == authenticated })
	inForce := w.auth
	for name, test := range map[string]struct{ token, reason string }{
		"another user":    {g.token(deployment.TokenRequest{User: "bob", TTL: time.Hour}), "USER_MISMATCH"},
		"another session": {g.token(deployment.TokenRequest{User: "ada", TTL: time.Hour, Claims: map[string]any{"sid": "sess_other"}}), "USER_MISMATCH"},
		"older":           {g.ada("org_1", 30*time.Second), "TOKEN_SUPERSEDED"},
		"malformed":       {"a.b.c", "MALFORMED"},
		"empty":           {"", "MALFORMED"},
	} {
		w.token(test.token)
		r := w.next().GetAuth()
		if r.GetReason() != test.reason || r.GetState() != authenticated || r.GetIdentityTag() != inForce.GetIdentityTag() || !r.GetExpiresAt().AsTime().Equal(inForce.GetExpiresAt().AsTime()) {
			t.Errorf("%s: %v", name, r)
		}
	}
	g.add("a")
	w.await(map[uint32]string{1: "1"})
	anonymous := g.watch(g.context())
	anonymous.add(watchedCounter(1, "a"))
	anonymous.await(map[uint32]string{1: "1"})
	anonymous.token(g.ada("org_1", time.Hour))
	if r := anonymous.next().GetAuth(); r.GetReason() != "USER_MISMATCH" || r.GetState() != unauthenticate {
		t.Errorf("anonymous: %v", r)
	}
	g.add("a")
	anonymous.await(map[uint32]string{1: "2"})
}

// Signing out ends a stream of the session, after the state.
func TestSignOutEndsAWatch(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.ada("org_1", time.Minute)
	w := g.watch(g.as(token))
	w.add(watchedCounter(1, "a"))
	w.await(map[uint32]string{1: "0"})
	sets := []*screen{g.watchSet(g.as(token), watchedCounter(1, "a")), g.watchSSE(g.context(), []*gatewayv1.WatchQuery{watchedCounter(1, "a")}, "Authorization", "Bearer "+token)}
	for _, set := range sets {
		set.await(map[uint32]string{1: "0"})
	}
	bob := g.watch(g.as(g.token(deployment.TokenRequest{User: "bob"})))
	bob.add(watchedCounter(1, "a"))
	bob.await(map[uint32]string{1: "0"})
	if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	failure{code: codes.Unauthenticated, reason: "SIGNED_OUT"}.checkStatus(t, w.end(), w.stream.Trailer())
	for _, s := range append(sets, w.screen) {
		_ = s.end()
		if s.auth.GetState() != unauthenticate || s.auth.GetReason() != "SIGNED_OUT" {
			t.Errorf("the last state is %v", s.auth)
		}
	}
	g.add("a")
	bob.await(map[uint32]string{1: "1"})
}

// auth has what AuthState has: at first, after another token of another identity, and at the end.
func TestWatchHasWhatAuthStateHas(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.ada("org_1", time.Minute)
	w := g.watchWith(g.as(token), &gatewayv1.WatchOptions{RefreshKey: testKey})
	w.add(watchedCounter(1, "a"))
	states := g.authState(g.as(token), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
	both := func(state gatewayv1.AuthStateResponse_State) {
		t.Helper()
		for last := (*gatewayv1.AuthStateResponse)(nil); last.GetState() != state; {
			last = states.next()
			r := w.next()
			for ; r.GetAuth() == nil; r = w.next() {
			}
			if !proto.Equal(r.GetAuth(), last) {
				t.Errorf("%v in Watch, %v in AuthState", r.GetAuth(), last)
			}
		}
	}
	both(authenticated)
	newer := g.ada("org_2", 2*time.Minute)
	if _, err := g.auth.RefreshAuth(g.as(newer), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey}); err != nil {
		t.Fatal(err)
	}
	both(authenticated)
	if org := w.auth.GetIdentity().GetOrgId(); org != "org_2" {
		t.Errorf("the organisation is %q", org)
	}
	if _, err := g.auth.SignOut(g.as(newer), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	both(unauthenticate)
}

// A set is extended by RefreshAuth alone, and a Watch as well.
func TestRefreshAuthExtendsWatches(t *testing.T) {
	t.Parallel()
	g := start(t)
	options := &gatewayv1.WatchOptions{RefreshKey: testKey, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}
	w := g.watchWith(g.as(g.ada("org_1", time.Minute)), options)
	w.add(watched(1, "users:me", ""))
	queries := []*gatewayv1.WatchQuery{watched(1, "users:me", "")}
	stream, err := g.functions.WatchSet(g.as(g.ada("org_1", time.Minute)), &gatewayv1.WatchSetRequest{Options: options, Queries: queries})
	if err != nil {
		t.Fatal(err)
	}
	set := newScreen(t, stream.Recv).of(queries)
	for _, s := range []*screen{w.screen, set} {
		s.until(func() bool { return s.ofGroup(0).complete })
	}
	resp, err := g.auth.RefreshAuth(g.as(g.ada("org_2", 2*time.Minute)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey})
	if err != nil || resp.GetAdoptedStreams() != 2 {
		t.Errorf("%v, %v", resp, err)
	}
	for _, s := range []*screen{w.screen, set} {
		clear(s.shown)
		s.until(func() bool { return s.shown[1] != nil && s.ofGroup(0).tag == resp.GetIdentityTag() })
	}
}

// What a user sees, another does not, and nor do callers without a credential; a credential that is refused is no anonymous caller.
func TestWatchesOfIdentities(t *testing.T) {
	t.Parallel()
	g := start(t)
	tags, values := map[string]bool{}, map[string]bool{}
	for _, user := range []string{"ada", "bob", ""} {
		ctx := g.context()
		if user != "" {
			ctx = g.as(g.token(deployment.TokenRequest{User: user}))
		}
		w := g.watch(ctx)
		w.add(watched(1, "users:me", ""))
		w.until(func() bool { return w.shown[1] != nil })
		if tag := w.ofGroup(0).tag; tags[tag] || values[w.outcome(1)] || (tag == "") != (user == "") {
			t.Errorf("%s: tag %q, %s", user, tag, w.outcome(1))
		}
		tags[w.ofGroup(0).tag], values[w.outcome(1)] = true, true
	}
	w := g.watch(g.as("a.b.c"))
	unauthenticated("MALFORMED").checkStatus(t, w.end(), w.stream.Trailer())
	strict := startBefore(t, g.dev, func(c *Config) { c.RequireAuth = true })
	w = strict.watch(strict.context())
	unauthenticated("NO_CREDENTIALS").checkStatus(t, w.end(), w.stream.Trailer())
	if err := strict.watchSet(strict.context()).end(); reasonOf(err) != "NO_CREDENTIALS" {
		t.Errorf("%v", err)
	}
}

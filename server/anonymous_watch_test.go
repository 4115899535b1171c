package server

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// anonymously has a query of a group run without the caller's identity.
func anonymously(q *gatewayv1.WatchQuery, group uint32) *gatewayv1.WatchQuery {
	q.Group, q.Anonymous = group, true
	return q
}

// On one stream own queries see their caller, and anonymous ones nobody, whatever the order in which they are added.
func TestAnonymousGroups(t *testing.T) {
	t.Parallel()
	for name, queries := range map[string][]*gatewayv1.WatchQuery{
		"own first":       {watched(1, "users:me", ""), anonymously(watched(2, "users:me", ""), 5)},
		"anonymous first": {anonymously(watched(1, "users:me", ""), 5), watched(2, "users:me", "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t)
			token := g.ada("org_1", time.Minute)
			w := g.watch(g.as(token))
			w.add(queries...)
			screens := []*screen{w.screen, g.watchSet(g.as(token), queries...), g.watchSSE(g.context(), queries, "Authorization", "Bearer "+token)}
			for _, s := range screens {
				s.until(func() bool {
					return s.ofGroup(0).complete && s.ofGroup(5).complete && s.auth.GetState() == authenticated
				})
				for _, q := range queries {
					if sees := strings.Contains(s.outcome(q.GetTarget()), "user_ada"); sees == q.GetAnonymous() {
						t.Errorf("anonymous %v: %s", q.GetAnonymous(), s.outcome(q.GetTarget()))
					}
				}
				if s.ofGroup(0).tag != s.auth.GetIdentityTag() || s.ofGroup(5).tag != "" {
					t.Errorf("tags %q, %q", s.ofGroup(0).tag, s.ofGroup(5).tag)
				}
			}
			if stats := g.dev.Stats(); stats.SocketsOpened != 2 || stats.Authenticates != 1 {
				t.Errorf("%d sockets, %d Authenticate messages", stats.SocketsOpened, stats.Authenticates)
			}
		})
	}
}

// A caller with anonymous groups only has no socket of its own, and shares its queries with callers of all kinds.
func TestAnonymousGroupsNeedNoSession(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxUpstreamSockets = 1 })
	ada, nobody := g.watch(g.aUser("ada")), g.watch(g.context())
	ada.checkpoint(&gatewayv1.Checkpoint{Group: 3}) // of a group without targets
	ada.add(anonymously(watchedCounter(1, "a"), 5), anonymously(watchedCounter(2, "b"), 6))
	nobody.add(watchedCounter(1, "a"), anonymously(watchedCounter(2, "b"), 6))
	set := g.watchSet(g.aUser("bob"), anonymously(watchedCounter(1, "a"), 0), anonymously(watchedCounter(2, "b"), 0))
	screens := []*screen{ada.screen, nobody.screen, set}
	for _, s := range screens {
		s.await(map[uint32]string{1: "0", 2: "0"})
	}
	for _, s := range []*screen{ada.screen, set} {
		s.until(func() bool { return s.auth.GetState() == authenticated })
	}
	carl := g.subscribe(g.aUser("carl"), anonymousCounter("a"))
	wantValue(t, result(carl), "0")
	g.straight("mutation", "counter:add", `{"name":"a"}`)
	for _, s := range screens {
		s.await(map[uint32]string{1: "1", 2: "0"})
	}
	wantValue(t, carl.next(), "1")
	if stats := g.dev.Stats(); stats.SocketsOpened != 1 || stats.Authenticates != 0 || stats.QueryRuns["counter:get"] != 3 {
		t.Errorf("%d sockets, %d Authenticate messages, %d runs", stats.SocketsOpened, stats.Authenticates, stats.QueryRuns["counter:get"])
	}
}

// A query that differs from its group ends the stream; when the group has ended, another may be of another kind.
func TestAnonymousGroupsAreOfOneKind(t *testing.T) {
	t.Parallel()
	g := start(t)
	want := failure{code: codes.InvalidArgument, reason: "INVALID_VALUE"}
	for _, first := range []bool{false, true} {
		for _, path := range []string{"counter:get", "not a path"} { // also one that is not followed
			a, b := watchedCounter(1, "a"), watchedCounter(2, "a")
			a.Anonymous, b.Anonymous, b.Path = first, !first, path
			w := g.watch(g.aUser("ada"))
			w.add(a, b)
			err := w.end()
			want.checkStatus(t, err, w.stream.Trailer())
			if !strings.Contains(err.Error(), "anonymous") {
				t.Errorf("%v", err)
			}
			if err := g.watchSet(g.aUser("ada"), a, b).end(); !strings.Contains(err.Error(), "anonymous") {
				t.Errorf("WatchSet: %v", err)
			}
		}
	}
	w := g.watch(g.aUser("ada"))
	w.add(watched(1, "users:me", ""))
	w.until(func() bool { return strings.Contains(w.outcome(1), "user_ada") })
	w.remove(1)
	w.add(anonymously(watched(2, "users:me", ""), 0))
	w.await(map[uint32]string{2: "null"})
	w.remove(2)
	w.add(watched(3, "users:me", ""))
	w.until(func() bool { return strings.Contains(w.outcome(3), "user_ada") })
}

// After a change of identity own queries have new results, and anonymous ones go on as they were.
func TestAnonymousGroupsOutliveAnIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	w.add(watched(1, "users:me", ""), anonymously(watchedCounter(2, "a"), 5))
	w.until(func() bool {
		return w.ofGroup(0).complete && w.ofGroup(5).complete && w.auth.GetState() == authenticated
	})
	before := w.ofGroup(0).tag
	clear(w.shown)
	w.token(g.ada("org_2", 2*time.Minute))
	w.until(func() bool { return w.shown[1] != nil && w.auth.GetState() == authenticated })
	if w.ofGroup(0).tag == before || w.shown[2] != nil {
		t.Errorf("tag %q after %q, the anonymous group had %v", w.ofGroup(0).tag, before, w.shown[2])
	}
	g.add("a")
	w.await(map[uint32]string{2: "1"})
	w.add(anonymously(watchedCounter(3, "a"), 5)) // the session of anonymous queries is still the one
	w.await(map[uint32]string{3: "1"})
	if stats := g.dev.Stats(); stats.SocketsOpened != 3 || stats.Authenticates != 2 {
		t.Errorf("%d sockets, %d Authenticate messages", stats.SocketsOpened, stats.Authenticates)
	}
}

// Tokens on a stream with anonymous groups only extend it, and stay at the gateway.
func TestAnonymousGroupsTakeTokens(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	w.add(anonymously(watchedCounter(1, "a"), 5))
	w.await(map[uint32]string{1: "0"})
	w.token("a.b.c")
	w.until(func() bool { return w.auth.GetReason() == "MALFORMED" })
	w.token(g.ada("org_2", 2*time.Minute))
	w.until(func() bool { return w.auth.GetIdentity().GetOrgId() == "org_2" && w.auth.GetState() == authenticated })
	g.straight("mutation", "counter:add", `{"name":"a"}`)
	w.await(map[uint32]string{1: "1"})
	if stats := g.dev.Stats(); stats.SocketsOpened != 1 || stats.Authenticates != 0 {
		t.Errorf("%d sockets, %d Authenticate messages", stats.SocketsOpened, stats.Authenticates)
	}
	w.add(watched(2, "users:me", "")) // now the token is needed: the newest
	w.until(func() bool { return strings.Contains(w.outcome(2), "user_ada") })
	if _, err := g.auth.SignOut(g.aUser("ada"), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	if err := w.end(); reasonOf(err) != "SIGNED_OUT" {
		t.Errorf("%v", err)
	}
}

// An anonymous group follows its caller's mutation with its own read time, for which a checkpoint waits.
func TestAnonymousGroupsFollowMutations(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.aUser("ada")
	w := g.watch(ada)
	w.add(watchedCounter(1, "a"), anonymously(watchedCounter(2, "a"), 5), anonymously(watchedEven(3, "a"), 5))
	w.await(map[uint32]string{1: "0", 2: "0", 3: "0"})
	for n := 1; n <= 10; n++ {
		resp, err := g.functions.Mutate(ada, &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"a"}`)})
		if err != nil || resp.GetCommitTime() == nil {
			t.Fatalf("%v, %v", resp, err)
		}
		checked := w.ofGroup(5).checked
		w.checkpoint(&gatewayv1.Checkpoint{Group: 5, MinReadTime: resp.GetCommitTime()})
		w.until(func() bool { return w.ofGroup(5).checked > checked })
		if w.ofGroup(5).read.Before(resp.GetCommitTime().AsTime()) || w.outcome(3) != oddOrEven(n) {
			t.Errorf("at %v after %v: %s", w.ofGroup(5).read, resp.GetCommitTime().AsTime(), w.outcome(3))
		}
	}
}

// The operator's public functions do not concern Watch.
func TestPublicFunctionsAreNotOfWatch(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.PublicFunctions = []string{"users:*"} })
	w := g.watch(g.aUser("ada"))
	w.add(watched(1, "users:me", ""))
	w.until(func() bool { return strings.Contains(w.outcome(1), "user_ada") })
}

// Resume tokens of Watch are exchanged with Subscribe's of the same kind, and never with the other kind.
func TestAnonymousGroupsResume(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.aUser("ada")
	w := g.watch(ada)
	w.add(watchedCounter(1, "r"), anonymously(watchedCounter(2, "r"), 5))
	w.await(map[uint32]string{1: "0", 2: "0"})
	own, anonymous := w.shown[1].GetResumeToken(), w.shown[2].GetResumeToken()
	resumed := func(q *gatewayv1.WatchQuery, token string) *gatewayv1.WatchQuery {
		q.ResumeToken = token
		return q
	}
	w.add(resumed(watchedCounter(3, "r"), anonymous), resumed(watchedCounter(4, "r"), own),
		resumed(anonymously(watchedCounter(5, "r"), 5), own), resumed(anonymously(watchedCounter(6, "r"), 5), anonymous))
	w.await(map[uint32]string{3: "0", 4: "unchanged", 5: "0", 6: "unchanged"})
	req := counterQuery("r")
	req.ResumeToken = anonymous
	if event := result(g.subscribe(g.context(), req)); event.GetUnchanged() == nil {
		t.Errorf("%v", event)
	}
}

package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/auth/service"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A key that leaves the file ends its streams on every replica, those on behalf of users, too; other keys of the same service, and other
// services, go on.
func TestRemovedKeyEndsItsStreams(t *testing.T) {
	t.Parallel()
	leaving, leavingHash := newKey()
	staying, stayingHash := newKey()
	other, otherHash := newKey()
	acting := service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}}
	f := startServices(t, []service.Entry{
		{Name: "billing", Keys: []string{leavingHash, stayingHash}, Rules: acting}, {Name: "jobs", Keys: []string{otherHash}},
	})
	type followed struct {
		name   string
		stream *subscription
	}
	var ending, going []followed
	for i, replica := range []*gateway{f.gateway, f.before(t, f.dev)} {
		open := func(name string, header []string) followed {
			s := followed{fmt.Sprintf("%s on replica %d", name, i), replica.subscribe(outgoing(replica.context(), header), counterQuery("a"))}
			wantValue(t, result(s.stream), "0")
			return s
		}
		ending = append(ending, open("leaving", as(leaving)), open("leaving, for ada", as(leaving, "user_ada")))
		going = append(going, open("staying", as(staying)), open("staying, for ada", as(staying, "user_ada")), open("other", as(other)))
	}
	f.write(t, []service.Entry{{Name: "billing", Keys: []string{stayingHash}, Rules: acting}, {Name: "jobs", Keys: []string{otherHash}}})
	for _, s := range ending {
		if err := s.stream.end(); codeOf(err) != codes.Unauthenticated || reasonOf(err) != string(auth.ReasonServiceRevoked) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	if _, err := f.call(f.as(leaving), convex.Query, "users:me", "{}"); reasonOf(err) != string(auth.ReasonUnknownService) {
		t.Errorf("a call with the key that has left: %v", err)
	}
	f.add("a")
	for _, s := range going {
		wantValue(t, result(s.stream), "1")
		s.stream.cancel()
	}
}

// A service whose rules have changed opens its streams again: the error is one after which clients do.
func TestChangedEntryEndsItsStreams(t *testing.T) {
	t.Parallel()
	key, hash := newKey()
	f := startServices(t, []service.Entry{{Name: "billing", Keys: []string{hash}}})
	stream := f.subscribe(f.as(key), counterQuery("a"))
	defer stream.cancel()
	wantValue(t, result(stream), "0")
	f.write(t, []service.Entry{{Name: "billing", Keys: []string{hash}, Rules: service.Rules{Functions: []string{"users:*"}, Claims: map[string]any{"role": "clerk"}}}})
	if err := stream.end(); codeOf(err) != codes.Unavailable || reasonOf(err) != string(auth.ReasonServiceChanged) {
		t.Errorf("the stream ends with %v", err)
	}
	again := f.subscribe(f.as(key), counterQuery("a"))
	defer again.cancel()
	if err := again.end(); reasonOf(err) != "FUNCTION_NOT_ALLOWED" {
		t.Errorf("the next stream: %v", err)
	}
	want := serviceIdentity("billing")
	want.Role = "clerk"
	if got := parseSeen(t, f.mustCall(f.as(key), convex.Query, "users:me", "{}")); got != want {
		t.Errorf("functions see %v, want %v", got, want)
	}
}

// A service that proves itself by a token of its platform has streams as long as that; a newer one extends them.
func TestWorkloadTokens(t *testing.T) {
	t.Parallel()
	f := newServiceFixture(t, nil)
	f.run(t)
	f.write(t, []service.Entry{
		{Name: "billing", Tokens: []service.Workload{{Issuer: f.dev.IssuerURL(), Audience: deployment.WorkloadAudience, Subject: "workload:bill*"}}},
		{Name: "jobs", Tokens: []service.Workload{{Issuer: f.dev.IssuerURL(), Audience: deployment.WorkloadAudience, Subject: "workload:jobs"}}},
	})
	workload := func(name string, ttl time.Duration, claims map[string]any) string {
		return f.token(deployment.TokenRequest{Service: name, TTL: ttl, Claims: claims})
	}
	eventually(t, "the file is read again", func() bool {
		_, err := f.call(f.as(workload("jobs", time.Minute, nil)), convex.Query, "users:me", "{}")
		return err == nil
	})
	for name, test := range map[string]struct{ token, subject, reason string }{
		"billing":                {workload("billing", time.Minute, nil), "service:billing", ""},
		"by its pattern":         {workload("billing-2", time.Minute, nil), "service:billing", ""},
		"another workload":       {workload("other", time.Minute, nil), "", string(auth.ReasonUnknownService)},
		"another audience":       {workload("billing", time.Minute, map[string]any{"aud": "somebody"}), "", "AUDIENCE"},
		"users' audience":        {workload("billing", time.Minute, map[string]any{"aud": "convex"}), "", "SUBJECT"},
		"two audiences":          {workload("billing", time.Minute, map[string]any{"aud": []string{"x", deployment.WorkloadAudience}}), "", "AUDIENCE"},
		"a user's token":         {f.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"aud": deployment.WorkloadAudience}}), "", string(auth.ReasonUnknownService)},
		"without an end":         {workload("billing", time.Minute, map[string]any{"exp": nil}), "", "MALFORMED"},
		"for two days":           {workload("billing", 48*time.Hour, nil), "", "TOKEN_LIFETIME"},
		"signed by another":      {withSignatureOf(workload("billing", time.Minute, nil), workload("other", time.Minute, nil)), "", "BAD_SIGNATURE"},
		"of another issuer":      {workload("billing", time.Minute, map[string]any{"iss": "https://evil.test"}), "", "ISSUER"},
		"expired":                {workload("billing", time.Minute, map[string]any{"exp": time.Now().Add(-time.Second).Unix(), "iat": time.Now().Add(-time.Minute).Unix()}), "", "TOKEN_EXPIRED"},
		"reserved claims inside": {workload("billing", time.Minute, map[string]any{"tokenIdentifier": "x", "role": "admin"}), "service:billing", ""},
	} {
		resp, err := f.call(f.as(test.token), convex.Query, "users:me", "{}")
		if reasonOf(err) != test.reason {
			t.Errorf("%s: %v, want %q", name, err, test.reason)
		}
		if err == nil {
			if got := parseSeen(t, string(resp.GetValueJson())); got != (seenAs{Subject: test.subject, Issuer: servicesIssuer}) {
				t.Errorf("%s is seen as %v", name, got)
			}
		}
	}
	longer := workload("billing-2", time.Hour, nil)
	var short string
	var kept, left *subscription
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		short = workload("billing", lifetime, nil)
		request := counterQuery("a")
		request.RefreshKey = testKey + lifetime.String()
		kept, left = f.subscribe(f.as(short), request), f.subscribe(f.as(short), counterQuery("a"))
		t.Cleanup(kept.cancel)
		t.Cleanup(left.cancel)
		if err := haveValue("0", kept, left); err != nil {
			return err
		}
		resp, err := f.auth.RefreshAuth(f.as(longer), &gatewayv1.RefreshAuthRequest{RefreshKey: request.RefreshKey})
		if err == nil && resp.GetAdoptedStreams() != 1 {
			t.Errorf("RefreshAuth: %v", resp)
		}
		return err
	})
	if err := left.end(); reasonOf(err) != "TOKEN_EXPIRED" {
		t.Errorf("the stream that was not extended: %v", err)
	}
	if f.admits(f.as(short), counterQuery("a")) {
		t.Error("the token is still accepted")
	}
	f.add("a")
	wantValue(t, result(kept), "1")
}

// A newer workload token extends the streams on other replicas, too, also those on behalf of a user.
func TestWorkloadTokensOfReplicas(t *testing.T) {
	t.Parallel()
	f := newServiceFixture(t, nil)
	hub := &lease.Hub{}
	join := func(c *Config) { c.Exchange = hub.Join() }
	f.run(t, join)
	entry := service.Entry{
		Name:   "billing",
		Tokens: []service.Workload{{Issuer: f.dev.IssuerURL(), Audience: deployment.WorkloadAudience, Subject: deployment.WorkloadSubject("billing")}},
		Rules:  service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}},
	}
	f.write(t, []service.Entry{entry})
	eventually(t, "the file is read again", func() bool {
		_, err := f.call(f.as(f.token(deployment.TokenRequest{Service: "billing"})), convex.Query, "users:me", "{}")
		return err == nil
	})
	other := f.before(t, f.dev, join)
	longer := f.token(deployment.TokenRequest{Service: "billing", TTL: time.Hour})
	for _, subjects := range [][]string{nil, {"user_ada"}} {
		var short string
		var kept *subscription
		whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
			short = f.token(deployment.TokenRequest{Service: "billing", TTL: lifetime})
			request := counterQuery("a")
			request.RefreshKey = testKey + lifetime.String() + fmt.Sprint(subjects)
			kept = other.subscribe(actingFor(other.as(short), subjects...), request)
			t.Cleanup(kept.cancel)
			if err := haveValue("0", kept); err != nil {
				return err
			}
			_, err := f.auth.RefreshAuth(actingFor(f.as(longer), subjects...), &gatewayv1.RefreshAuthRequest{RefreshKey: request.RefreshKey})
			return err
		})
		eventually(t, "the token has expired", func() bool { return !f.admits(f.as(short), counterQuery("a")) })
		f.mustCall(f.context(), convex.Mutation, "counter:add", `{"name":"a"}`)
		wantValue(t, result(kept), "1")
		f.mustCall(f.context(), convex.Mutation, "counter:add", `{"name":"a","by":-1}`)
	}
}

// withSignatureOf is a token with the signature of another one.
func withSignatureOf(token, other string) string {
	return token[:strings.LastIndexByte(token, '.')] + other[strings.LastIndexByte(other, '.'):]
}

// A mutation with a request id is a user's, whichever service acts; services of their own are apart.
func TestRequestIDsOfServices(t *testing.T) {
	t.Parallel()
	billing, billingHash := newKey()
	jobs, jobsHash := newKey()
	acting := service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}}
	g := startServices(t, []service.Entry{
		{Name: "billing", Keys: []string{billingHash}, Rules: acting}, {Name: "jobs", Keys: []string{jobsHash}, Rules: acting},
	}, func(c *Config) { c.ClusterKeys = Keys{newClusterKey()} })
	ada := g.token(deployment.TokenRequest{User: "ada"})
	add := func(id string, header []string) {
		t.Helper()
		if _, err := g.functions.Mutate(outgoing(g.context(), header), &gatewayv1.MutateRequest{
			Path: "counter:add", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, id), RequestId: id,
		}); err != nil {
			t.Fatal(err)
		}
	}
	count := func(id string) string {
		return g.mustCall(g.context(), convex.Query, "counter:get", fmt.Sprintf(`{"name":%q}`, id))
	}
	one := randomID()
	for _, header := range [][]string{as(billing, "user_ada"), as(billing, "user_ada"), as(jobs, "user_ada")} {
		add(one, header)
	}
	if n := count(one); n != "1" {
		t.Errorf("for one user it was committed %s times", n)
	}
	each := randomID()
	for _, header := range [][]string{as(billing, "user_ada"), as(billing, "user_bob"), as(billing), as(jobs), as(ada), nil} {
		add(each, header)
		add(each, header)
	}
	if n := count(each); n != "6" {
		t.Errorf("for six users it was committed %s times", n)
	}
}

// A service has its share of the streams, more or less than others.
func TestShareOfAService(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{Share: 0.2, OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}},
		func(c *Config) { c.MaxStreams, c.MaxStreamsPerCaller = 20, 2 })
	for name, test := range map[string]struct {
		header []string
		want   int
	}{"the service": {as(key), 4}, "a user that it acts for": {as(key, "user_ada"), 2}} {
		for i := range test.want {
			s := g.subscribe(outgoing(g.context(), test.header), counterQuery("a"))
			defer s.cancel()
			if _, err := s.until(isResult); err != nil {
				t.Fatalf("%s, stream %d: %v", name, i+1, err)
			}
		}
		s := g.subscribe(outgoing(g.context(), test.header), counterQuery("a"))
		if err := s.end(); reasonOf(err) != "TOO_MANY_STREAMS" {
			t.Errorf("%s has one more: %v", name, err)
		}
		s.cancel()
	}
}

// Streams of one service with several keys, over several ways, are one query upstream; those of a user for whom it acts another.
func TestStreamsOfAServiceShare(t *testing.T) {
	t.Parallel()
	first, firstHash := newKey()
	second, secondHash := newKey()
	g := startServices(t, []service.Entry{{Name: "billing", Keys: []string{firstHash, secondHash}, Rules: service.Rules{
		OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}},
	}}})
	tags := map[string]int{}
	for _, header := range [][]string{as(first), as(second), as(first), as(first, "user_ada"), as(second, "user_ada"), as(first, "user_bob")} {
		s := g.subscribe(outgoing(g.context(), header), counterQuery("a"))
		defer s.cancel()
		tags[result(s).GetIdentityTag()]++
	}
	if stats := g.live.Stats(); len(tags) != 3 || stats.Sessions != 3 || stats.Queries != 3 {
		t.Errorf("%d identities, %d sessions, %d queries", len(tags), stats.Sessions, stats.Queries)
	}
}

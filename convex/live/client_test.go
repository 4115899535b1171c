package live

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/memnet"
	"convexgateway/internal/syncfake"
)

var anonymous convex.Credential

func TestEqualQueriesAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		first := subscribeWith(t, c, anonymous, "messages:list", `{"a":1}`, SubscribeOptions{})
		s := p.Socket()
		if g := s.Greeting(false); g.Set.Calls() != `+0 messages:list{"a":1}` || s.Header.Get("Convex-Client") != convex.ClientName {
			t.Errorf("the first socket starts with %s, %v", g.Set.Calls(), s.Header)
		}
		same := subscribeWith(t, c, anonymous, "messages.js:list", `{"a":1}`, SubscribeOptions{})
		s.Quiet()
		other := subscribeWith(t, c, anonymous, "messages:list", `{"a":2}`, SubscribeOptions{})
		if got := s.Next("ModifyQuerySet").Calls(); got != `+1 messages:list{"a":2}` {
			t.Errorf("other arguments: %s", got)
		}
		another := subscribeWith(t, c, anonymous, "messages:page", `{"a":1}`, SubscribeOptions{})
		if got := s.Next("ModifyQuerySet").Calls(); got != `+2 messages:page{"a":1}` {
			t.Errorf("other path: %s", got)
		}
		s.Answer(1, syncfake.Updated(0, `"x"`), syncfake.Updated(1, `"y"`), syncfake.Updated(2, `"z"`))
		a, b := first.has(t, `connected confirmed "x"`), same.has(t, `connected confirmed "x"`)
		if a.Result != b.Result {
			t.Error("equal queries have results of their own")
		}
		other.has(t, `connected confirmed "y"`)
		another.has(t, `connected confirmed "z"`)
		subscribeWith(t, c, anonymous, "messages:list", `{"a":1}`, SubscribeOptions{}).changed(t, `connected confirmed "x"`)
		s.Quiet()
		p.NoSocket(0)
	})
}

func TestIdentitiesShareNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		sockets := map[string]*syncfake.Socket{}
		subs := map[string]*Subscription{}
		for _, who := range []convex.Credential{anonymous, credential("ada", 1, time.Hour), credential("bob", 1, time.Hour)} {
			sub := subscribe(t, c, who, "users:me")
			s := p.Socket()
			g := s.Greeting(who.Identity != (convex.Identity{}))
			if g.Token != who.Token || g.Set.Calls() != `+0 users:me{}` {
				t.Errorf("%s starts with %+v", who.Token, g)
			}
			sockets[who.Token], subs[who.Token] = s, sub
		}
		for token, s := range sockets {
			s.Answer(1, syncfake.Updated(0, `"`+token+`"`))
		}
		for token, sub := range subs {
			sub.has(t, `connected confirmed "`+token+`"`)
		}
		same := subscribe(t, c, credential("ada", 2, time.Minute), "users:me")
		same.has(t, `connected confirmed "ada#1"`)
		p.NoSocket(time.Second)
	})
}

func TestSessionWithoutQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "")
		sub.has(t, "connecting")
		s := p.Socket()
		if g := s.Greeting(true); g.Set.Calls() != "" || g.Token != "ada#1" {
			t.Errorf("starts with %+v", g)
		}
		sub.unchanged(t)
		s.Answer(1)
		sub.changed(t, "connected confirmed")
	})
}

func TestQueryLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Linger: 5 * time.Second})
		subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		sub := subscribe(t, c, anonymous, "b:b")
		s.Next("ModifyQuerySet")
		s.Answer(1, syncfake.Updated(1, `1`))
		synctest.Wait()
		for range 3 { // each time within the linger
			sub.Close()
			time.Sleep(4900 * time.Millisecond)
			sub = subscribe(t, c, anonymous, "b:b")
			sub.has(t, `connected confirmed 1`)
			s.Quiet()
		}
		sub.Close()
		sub.Close()
		start := time.Now()
		if got := s.Next("ModifyQuerySet").Calls(); got != "-1" || time.Since(start) != 5*time.Second {
			t.Errorf("%s after %v", got, time.Since(start))
		}
		again := subscribe(t, c, anonymous, "b:b")
		if got := s.Next("ModifyQuerySet").Calls(); got != "+2 b:b{}" {
			t.Errorf("added again: %s", got)
		}
		s.Answer(2, `{"type":"QueryRemoved","queryId":1}`, syncfake.Updated(2, `2`))
		again.has(t, `connected confirmed 2`)
	})
}

func TestSessionLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Linger: 5 * time.Second})
		ada := credential("ada", 1, time.Hour)
		sub := subscribe(t, c, ada, "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.has(t, `connected confirmed 1`)
		sub.Close()
		time.Sleep(4900 * time.Millisecond)
		sub = subscribe(t, c, ada, "a:a")
		sub.has(t, `connected confirmed 1`)
		time.Sleep(time.Minute / 2)
		s.Quiet()
		sub.Close()
		start := time.Now()
		s.Gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("the socket ends after %v", time.Since(start))
		}
		c.mu.Lock()
		if len(c.sessions) != 0 {
			t.Errorf("%d sessions are left", len(c.sessions))
		}
		c.mu.Unlock()
		subscribe(t, c, ada, "a:a").has(t, "connecting")
		if g := p.Socket().Greeting(true); g.Connect.ConnectionCount != 0 {
			t.Errorf("a new session starts with %+v", g.Connect)
		}
	})
}

func TestNoLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{Linger: -1}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		start := time.Now()
		sub.Close()
		s.Gone()
		if time.Since(start) != 0 {
			t.Errorf("the socket ends after %v", time.Since(start))
		}
	})
}

func TestClientClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		following := subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		left := subscribe(t, c, anonymous, "b:b")
		left.Close() // its query lingers
		p.Refuse <- 503
		dialing := subscribeWith(t, c, credential("ada", 1, time.Hour), "a:a", `{}`, SubscribeOptions{NotBefore: 1, MaxWait: time.Hour})
		parked := subscribe(t, c, credential("bob", 1, -time.Hour), "a:a")
		synctest.Wait()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		for _, sub := range []*Subscription{following, left, dialing, parked} {
			if state := sub.State(); !errors.Is(state.Err, ErrClosed) {
				t.Errorf("state is %s", state.text())
			}
			sub.Renew(credential("ada", 2, time.Hour))
			sub.Close()
		}
		if _, err := following.Next(t.Context()); err != nil {
			t.Error(err)
		}
		if sub, err := c.Subscribe(anonymous, convex.Path{}, nil, SubscribeOptions{}); !errors.Is(err, ErrClosed) || sub != nil {
			t.Errorf("subscribing gives %v, %v", sub, err)
		}
		s.Gone()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseWhileDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := memnet.Listen()            // no connection is accepted
		t.Cleanup(func() { l.Close() }) // for net/http, which continues to dial
		c := newClient(t, l, Options{})
		sub := subscribe(t, c, anonymous, "a:a")
		synctest.Wait()
		start := time.Now()
		c.Close()
		if !errors.Is(sub.State().Err, ErrClosed) || time.Since(start) != 0 {
			t.Errorf("%s after %v", sub.State().text(), time.Since(start))
		}
	})
}

// Without an HTTP client the sync client has its own, and leaves no connection behind: goleak finds them.
func TestOwnHTTPClient(t *testing.T) {
	refusals := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		refusals <- struct{}{}
	}))
	defer server.Close()
	c, err := New(server.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Subscribe(anonymous, convex.Path{}, nil, SubscribeOptions{}); err != nil {
		t.Fatal(err)
	}
	<-refusals
	c.Close()
	if c.opts.HTTPClient == nil || c.opts.HTTPClient.Transport == http.DefaultTransport {
		t.Error("it shares the connections of others")
	}
}

func TestDeploymentURLs(t *testing.T) {
	for _, text := range []string{
		"https://happy-animal-123.convex.cloud", "http://127.0.0.1:3210/", "https://host/behind/a/proxy/", "", "ws://host",
		"https://host?x=1", "https://user:secret@host", "https://user:secret@host\x7f",
	} {
		_, want := convex.ParseURL(text)
		if _, err := New(text, Options{}); (err == nil) != (want == nil) {
			t.Errorf("%q: %v; want %v", text, err, want)
		}
	}
}

func TestSessionIDIsUUID(t *testing.T) {
	a, b := convex.RandomUUID(), convex.RandomUUID()
	if len(a) != 36 || a[14] != '4' || !strings.ContainsRune("89ab", rune(a[19])) || strings.Count(a, "-") != 4 || a == b {
		t.Errorf("session ids %s and %s", a, b)
	}
}

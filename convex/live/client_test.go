package live

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/memnet"
)

var anonymous convex.Credential

func TestEqualQueriesAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{})
		first := subscribeWith(t, c, anonymous, "messages:list", `{"a":1}`, SubscribeOptions{})
		s := p.socket()
		if g := s.greeting(false); g.set.calls() != `+0 messages:list{"a":1}` || s.header.Get("Convex-Client") != convex.ClientName {
			t.Errorf("the first socket starts with %s, %v", g.set.calls(), s.header)
		}
		same := subscribeWith(t, c, anonymous, "messages.js:list", `{"a":1}`, SubscribeOptions{})
		s.quiet()
		other := subscribeWith(t, c, anonymous, "messages:list", `{"a":2}`, SubscribeOptions{})
		if got := s.next("ModifyQuerySet").calls(); got != `+1 messages:list{"a":2}` {
			t.Errorf("other arguments: %s", got)
		}
		another := subscribeWith(t, c, anonymous, "messages:page", `{"a":1}`, SubscribeOptions{})
		if got := s.next("ModifyQuerySet").calls(); got != `+2 messages:page{"a":1}` {
			t.Errorf("other path: %s", got)
		}
		s.answer(1, updatedJSON(0, `"x"`), updatedJSON(1, `"y"`), updatedJSON(2, `"z"`))
		a, b := first.has(t, `connected confirmed "x"`), same.has(t, `connected confirmed "x"`)
		if a.Result != b.Result {
			t.Error("equal queries have results of their own")
		}
		other.has(t, `connected confirmed "y"`)
		another.has(t, `connected confirmed "z"`)
		subscribeWith(t, c, anonymous, "messages:list", `{"a":1}`, SubscribeOptions{}).told(t, `connected confirmed "x"`)
		s.quiet()
		p.noSocket(0)
	})
}

func TestIdentitiesShareNothing_item52(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{})
		sockets := map[string]*peerSocket{}
		subs := map[string]*Subscription{}
		for _, who := range []convex.Credential{anonymous, credential("ada", 1, time.Hour), credential("bob", 1, time.Hour)} {
			sub := subscribe(t, c, who, "users:me")
			s := p.socket()
			g := s.greeting(who.Identity != (convex.Identity{}))
			if g.token != who.Token || g.set.calls() != `+0 users:me{}` {
				t.Errorf("%s starts with %+v", who.Token, g)
			}
			sockets[who.Token], subs[who.Token] = s, sub
		}
		for token, s := range sockets {
			s.answer(1, updatedJSON(0, `"`+token+`"`))
		}
		for token, sub := range subs {
			sub.has(t, `connected confirmed "`+token+`"`)
		}
		same := subscribe(t, c, credential("ada", 2, time.Minute), "users:me")
		same.has(t, `connected confirmed "ada#1"`)
		p.noSocket(time.Second)
	})
}

func TestSessionWithoutQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{}), credential("ada", 1, time.Hour), "")
		sub.has(t, "connecting")
		s := p.socket()
		if g := s.greeting(true); g.set.calls() != "" || g.token != "ada#1" {
			t.Errorf("starts with %+v", g)
		}
		sub.notTold(t)
		s.answer(1)
		sub.told(t, "connected confirmed")
	})
}

func TestQueryLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{Linger: 5 * time.Second})
		subscribe(t, c, anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		sub := subscribe(t, c, anonymous, "b:b")
		s.next("ModifyQuerySet")
		s.answer(1, updatedJSON(1, `1`))
		synctest.Wait()
		for range 3 { // each time within the linger
			sub.Close()
			time.Sleep(4900 * time.Millisecond)
			sub = subscribe(t, c, anonymous, "b:b")
			sub.has(t, `connected confirmed 1`)
			s.quiet()
		}
		sub.Close()
		sub.Close()
		start := time.Now()
		if got := s.next("ModifyQuerySet").calls(); got != "-1" || time.Since(start) != 5*time.Second {
			t.Errorf("%s after %v", got, time.Since(start))
		}
		again := subscribe(t, c, anonymous, "b:b")
		if got := s.next("ModifyQuerySet").calls(); got != "+2 b:b{}" {
			t.Errorf("added again: %s", got)
		}
		s.answer(2, `{"type":"QueryRemoved","queryId":1}`, updatedJSON(2, `2`))
		again.has(t, `connected confirmed 2`)
	})
}

func TestSessionLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{Linger: 5 * time.Second})
		ada := credential("ada", 1, time.Hour)
		sub := subscribe(t, c, ada, "a:a")
		s := p.socket()
		s.greeting(true)
		s.answer(1, updatedJSON(0, `1`))
		sub.has(t, `connected confirmed 1`)
		sub.Close()
		time.Sleep(4900 * time.Millisecond)
		sub = subscribe(t, c, ada, "a:a")
		sub.has(t, `connected confirmed 1`)
		time.Sleep(time.Minute / 2)
		s.quiet()
		sub.Close()
		start := time.Now()
		s.gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("the socket ends after %v", time.Since(start))
		}
		c.mu.Lock()
		if len(c.sessions) != 0 {
			t.Errorf("%d sessions are left", len(c.sessions))
		}
		c.mu.Unlock()
		subscribe(t, c, ada, "a:a").has(t, "connecting")
		if g := p.socket().greeting(true); g.connect.ConnectionCount != 0 {
			t.Errorf("a new session starts with %+v", g.connect)
		}
	})
}

func TestNoLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{Linger: -1}), anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		start := time.Now()
		sub.Close()
		s.gone()
		if time.Since(start) != 0 {
			t.Errorf("the socket ends after %v", time.Since(start))
		}
	})
}

func TestClientClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{})
		following := subscribe(t, c, anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		left := subscribe(t, c, anonymous, "b:b")
		left.Close() // its query lingers
		p.refuse <- 503
		dialing := subscribeWith(t, c, credential("ada", 1, time.Hour), "a:a", `{}`, SubscribeOptions{NotBefore: 1, Hold: time.Hour})
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
		s.gone()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseWhileDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, listener: memnet.Listen()} // nobody accepts
		t.Cleanup(func() { p.listener.Close() })    // for net/http, which goes on dialing
		c := p.client(Options{})
		sub := subscribe(t, c, anonymous, "a:a")
		synctest.Wait()
		start := time.Now()
		c.Close()
		if !errors.Is(sub.State().Err, ErrClosed) || time.Since(start) != 0 {
			t.Errorf("%s after %v", sub.State().text(), time.Since(start))
		}
	})
}

// Without an HTTP client the sync client has its own, and leaves no connection behind: goleak sees them.
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

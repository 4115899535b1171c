package live

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/leaktest"
	"convexgateway/internal/memnet"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// newClient makes a client of a listener's server without jitter, closed when the test ends.
func newClient(t *testing.T, l *memnet.Listener, opts Options) *Client {
	t.Helper()
	opts.HTTPClient = l.HTTPClient()
	if opts.random == nil {
		opts.random = func() float64 { return 0.5 }
	}
	c, err := New("http://deployment.test", opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// credential is one of a named caller; n is different for each of its tokens.
func credential(name string, n int, lifetime time.Duration) convex.Credential {
	return convex.Credential{
		Identity: sha256.Sum256([]byte(name)), Token: fmt.Sprintf("%s#%d", name, n),
		Issued: time.Now(), Expires: time.Now().Add(lifetime),
	}
}

// subscribe follows a query, or with an empty path only the session.
func subscribe(t *testing.T, c *Client, who convex.Credential, path string) *Subscription {
	t.Helper()
	return subscribeWith(t, c, who, path, `{}`, SubscribeOptions{})
}

func subscribeWith(t *testing.T, c *Client, who convex.Credential, path, args string, opts SubscribeOptions) *Subscription {
	t.Helper()
	var p convex.Path
	if path != "" {
		p = mustPath(t, path)
	}
	sub, err := c.Subscribe(who, p, []byte(args), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Close)
	return sub
}

// text is a state in one line: link, whether confirmed, and the result.
func (s State) text() string {
	text := s.Link.String()
	if s.Confirmed {
		text += " confirmed"
	}
	switch {
	case s.Err != nil:
		text = "ended: " + s.Err.Error()
	case s.Result == nil:
	case s.Result.Err != nil:
		text += " threw " + s.Result.Err.Message
	default:
		text += " " + string(s.Result.Value)
	}
	return text
}

// has checks a subscriber's state once all goroutines wait.
func (sub *Subscription) has(t *testing.T, want string) State {
	t.Helper()
	synctest.Wait()
	state := sub.State()
	if state.text() != want {
		t.Errorf("state is %q; want %q", state.text(), want)
	}
	return state
}

// changed checks that a subscriber was signalled since State was last called, and its state.
func (sub *Subscription) changed(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	select {
	case <-sub.Ready():
	default:
		t.Errorf("nothing has changed; want %q", want)
	}
	sub.has(t, want)
}

// unchanged checks that it was not.
func (sub *Subscription) unchanged(t *testing.T) {
	t.Helper()
	synctest.Wait()
	select {
	case <-sub.Ready():
		t.Errorf("changed to %q", sub.State().text())
	default:
	}
}

// bubble runs a subtest with time of its own.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func mustPath(tb testing.TB, text string) convex.Path {
	tb.Helper()
	p, err := convex.ParsePath(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

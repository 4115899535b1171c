package deployment

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/credential"
)

func TestSync_item40_authenticate(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.add(0, 0, "users:me", `{}`)
	c.add(1, 1, "counter:get", `{"name":"n"}`)
	c.untilQuerySet(2)
	if c.results[0] != "null" {
		t.Fatalf("anonymous: %s", c.results[0])
	}
	runs := d.Stats().QueryRuns["counter:get"]
	c.authenticate(0, mustToken(t, d, TokenRequest{User: "ada"}))
	c.until(func() bool { return c.version.Identity == 1 })
	if len(c.last.Modifications) != 1 || !strings.Contains(c.results[0], `"subject":"user_ada"`) || d.Stats().QueryRuns["counter:get"] != runs+1 {
		t.Fatalf("%+v, counter:get ran %d times more", c.last, d.Stats().QueryRuns["counter:get"]-runs)
	}
	c.authenticate(1, mustToken(t, d, TokenRequest{User: "ada", TTL: time.Hour})) // item 52: the same user refreshed
	c.until(func() bool { return c.version.Identity == 2 })
	if len(c.last.Modifications) != 0 {
		t.Errorf("a refresh sent %+v", c.last.Modifications)
	}
	c.send(`{"type":"Authenticate","baseVersion":2,"tokenType":"None"}`)
	c.until(func() bool { return c.version.Identity == 3 })
	if c.results[0] != "null" || d.Stats().Authenticates != 3 {
		t.Errorf("signed out: %s, %d Authenticates", c.results[0], d.Stats().Authenticates)
	}
}

func TestSync_item41_badToken(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.authenticate(0, mustToken(t, d, TokenRequest{User: "ada"}))
	c.until(func() bool { return c.version.Identity == 1 })
	c.authenticate(1, mustToken(t, d, TokenRequest{User: "ada", Claims: map[string]any{"exp": 1}}))
	if m := c.expect("AuthError"); m.BaseVersion == nil || *m.BaseVersion != 1 || !m.AuthUpdateAttempted || m.Error != "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired." {
		t.Errorf("%+v", m)
	}
	c.expectClose(websocket.StatusNoStatusRcvd, "")

	c = dialSync(t, d)
	c.send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":"a|b"}`)
	if m := c.expect("AuthError"); !m.AuthUpdateAttempted {
		t.Errorf("%+v", m)
	}
	c.expectClose(websocket.StatusNoStatusRcvd, "")
}

func TestSync_item41_expiryShowsAtTheNextUse(t *testing.T) {
	for name, use := range map[string]func(*syncClient, *Deployment, *http.Client){
		"mutation":  func(c *syncClient, _ *Deployment, _ *http.Client) { c.mutate(0, "counter:add", `{"name":"x"}`) },
		"action":    func(c *syncClient, _ *Deployment, _ *http.Client) { c.act(0, "actions:sleep", `{"ms":0}`) },
		"query set": func(c *syncClient, _ *Deployment, _ *http.Client) { c.add(1, 1, "users:me", `{}`) },
		"recomputation": func(_ *syncClient, d *Deployment, via *http.Client) {
			addOne(t, d, via)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, via := startPiped(t, Config{})
				c := dialVia(t, d, via, nil)
				c.authenticate(0, mustToken(t, d, TokenRequest{User: "ada", TTL: 10 * time.Second}))
				c.add(0, 0, "counter:get", `{"name":"n"}`)
				c.until(func() bool { return c.version.QuerySet == 1 && c.version.Identity == 1 })
				at := time.Now()
				c.expect("Ping") // the token expires meanwhile, and nothing happens
				if time.Since(at) < 10*time.Second {
					t.Fatalf("a Ping after %v", time.Since(at))
				}
				use(c, d, via)
				if m := c.expect("AuthError"); m.AuthUpdateAttempted || *m.BaseVersion != 1 || m.Error != "Convex token identity expired" {
					t.Errorf("%+v", m)
				}
				c.expectClose(websocket.StatusNoStatusRcvd, "")
			})
		})
	}
}

// addOne writes counter n over HTTP.
func addOne(t *testing.T, d *Deployment, via *http.Client) {
	t.Helper()
	response, err := via.Post(d.URL()+"/api/mutation", "application/json", strings.NewReader(`{"path":"counter:add","args":{"name":"n"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", response.StatusCode, err)
	}
}

func TestSync_discoveryFailureClosesByClass(t *testing.T) {
	for status, want := range map[int]websocket.StatusCode{500: websocket.StatusTryAgainLater, 429: websocket.StatusTryAgainLater, 404: websocket.StatusNormalClosure} {
		store, hits := newTestStore(), 0
		url := otherIssuer(t, store.Clerk(), "", status, "", &hits)
		d := startTest(t, Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
		c := dialSync(t, d)
		c.authenticate(0, mustToken(t, d, TokenRequest{User: "ada", Claims: map[string]any{"iss": url}}))
		c.expectClose(want, "AuthProviderDiscoveryFailed")
	}
}

package sync_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/devtest"
)

func TestSync_authenticate(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "users:me", `{}`)
	c.Add(1, 1, "counter:get", `{"name":"n"}`)
	c.UntilQuerySet(2)
	if c.Results[0] != "null" {
		t.Fatalf("anonymous: %s", c.Results[0])
	}
	runs := d.Stats().QueryRuns["counter:get"]
	c.Authenticate(0, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"}))
	c.Until(func() bool { return c.Version.Identity == 1 })
	if len(c.Last.Modifications) != 1 || !strings.Contains(c.Results[0], `"subject":"user_ada"`) || d.Stats().QueryRuns["counter:get"] != runs+1 {
		t.Fatalf("%+v, counter:get ran %d times more", c.Last, d.Stats().QueryRuns["counter:get"]-runs)
	}
	c.Authenticate(1, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", TTL: time.Hour})) // another token of the same user
	c.Until(func() bool { return c.Version.Identity == 2 })
	if len(c.Last.Modifications) != 0 {
		t.Errorf("a refresh sent %+v", c.Last.Modifications)
	}
	c.Send(`{"type":"Authenticate","baseVersion":2,"tokenType":"None"}`)
	c.Until(func() bool { return c.Version.Identity == 3 })
	if c.Results[0] != "null" || d.Stats().Authenticates != 3 {
		t.Errorf("signed out: %s, %d Authenticates", c.Results[0], d.Stats().Authenticates)
	}
}

func TestSync_badToken(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Authenticate(0, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"}))
	c.Until(func() bool { return c.Version.Identity == 1 })
	c.Authenticate(1, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"exp": 1}}))
	if m := c.Expect("AuthError"); m.BaseVersion == nil || *m.BaseVersion != 1 || !m.AuthUpdateAttempted || m.Error != "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired." {
		t.Errorf("%+v", m)
	}
	c.ExpectClose(websocket.StatusNoStatusRcvd, "")

	c = devtest.Dial(t, d)
	c.Send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":"a|b"}`)
	if m := c.Expect("AuthError"); !m.AuthUpdateAttempted {
		t.Errorf("%+v", m)
	}
	c.ExpectClose(websocket.StatusNoStatusRcvd, "")
}

func TestSync_expiryFailsTheNextUse(t *testing.T) {
	for name, use := range map[string]func(*devtest.SyncClient, *deployment.Deployment, *http.Client){
		"mutation": func(c *devtest.SyncClient, _ *deployment.Deployment, _ *http.Client) {
			c.Mutate(0, "counter:add", `{"name":"x"}`)
		},
		"action": func(c *devtest.SyncClient, _ *deployment.Deployment, _ *http.Client) {
			c.Act(0, "actions:sleep", `{"ms":0}`)
		},
		"query set": func(c *devtest.SyncClient, _ *deployment.Deployment, _ *http.Client) { c.Add(1, 1, "users:me", `{}`) },
		"recomputation": func(_ *devtest.SyncClient, d *deployment.Deployment, via *http.Client) {
			devtest.AddOne(t, d, via)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, via := devtest.StartInMemory(t, deployment.Config{})
				c := devtest.DialVia(t, d, via, nil)
				c.Authenticate(0, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", TTL: 10 * time.Second}))
				c.Add(0, 0, "counter:get", `{"name":"n"}`)
				c.Until(func() bool { return c.Version.QuerySet == 1 && c.Version.Identity == 1 })
				at := time.Now()
				c.Expect("Ping") // the token expires meanwhile, and nothing happens
				if time.Since(at) < 10*time.Second {
					t.Fatalf("a Ping after %v", time.Since(at))
				}
				use(c, d, via)
				if m := c.Expect("AuthError"); m.AuthUpdateAttempted || *m.BaseVersion != 1 || m.Error != "Convex token identity expired" {
					t.Errorf("%+v", m)
				}
				c.ExpectClose(websocket.StatusNoStatusRcvd, "")
			})
		})
	}
}

func TestSync_discoveryFailureClosesByClass(t *testing.T) {
	for status, want := range map[int]websocket.StatusCode{500: websocket.StatusTryAgainLater, 429: websocket.StatusTryAgainLater, 404: websocket.StatusNormalClosure} {
		store, hits := devtest.NewStore(), 0
		url := devtest.StartIssuer(t, store.Clerk(), "", status, "", &hits)
		d := devtest.Start(t, deployment.Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
		c := devtest.Dial(t, d)
		c.Authenticate(0, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": url}}))
		c.ExpectClose(want, "AuthProviderDiscoveryFailed")
	}
}

func TestSync_impersonating(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	authenticate := func(field string) *devtest.SyncClient {
		c := devtest.Dial(t, d)
		c.Add(0, 0, "users:me", `{}`)
		c.Add(1, 1, "internal:secret", `{}`)
		c.Send(`{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":%q%s}`, d.AdminKey(), field)
		return c
	}
	for field, want := range map[string]string{
		``:                                       `null`,
		`,"actingAs":` + devtest.ActingUser:      `null`, // not the field's name
		`,"impersonating":null`:                  `null`,
		`,"impersonating":` + devtest.ActingUser: `"subject":"user_123"`,
		`,"acting_as":` + devtest.ActingUser:     `"subject":"user_123"`,
		`,"actingAs":1,"acting_as":{"tokenIdentifier":"x|y","custom":{"a":[1]}}`: `{"custom":{"a":[1]},"tokenIdentifier":"x|y"}`,
	} {
		c := authenticate(field)
		c.Until(func() bool { return c.Version.Identity == 1 && c.Version.QuerySet == 2 })
		if !strings.Contains(c.Results[0], want) || c.Results[1] != `"secret"` {
			t.Errorf("%s: %v", field, c.Results)
		}
	}
	for _, field := range []string{`,"impersonating":{}`, `,"impersonating":` + devtest.ActingUser + `,"acting_as":` + devtest.ActingUser} {
		c := authenticate(field)
		for m := c.Next(); m.Type != "FatalError"; m = c.Next() {
			if m.EndVersion.Identity != 0 {
				t.Fatalf("%s: accepted", field)
			}
		}
		c.ExpectClose(websocket.StatusNoStatusRcvd, "")
	}
}

package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/internal/syncfake"
)

const refusedJSON = `{"type":"AuthError","error":"Could not verify OIDC token claim.","baseVersion":%d,"authUpdateAttempted":true}`

const expiredJSON = `{"type":"AuthError","error":"Convex token identity expired","baseVersion":%d,"authUpdateAttempted":false}`

func unauthorized(t *testing.T, sub *Subscription) {
	t.Helper()
	synctest.Wait()
	var e *convex.DeploymentError
	if state := sub.State(); !errors.As(state.Err, &e) || e.Class != convex.Unauthorized {
		t.Errorf("state is %q; want it ended as unauthorized", state.text())
	}
}

func TestRejectedTokenEndsItsOwners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		long, short := credential("ada", 1, time.Hour), credential("ada", 2, time.Minute)
		bad := []*Subscription{subscribe(t, c, long, "a:a"), subscribe(t, c, long, "b:b"), subscribe(t, c, long, "")}
		good := subscribe(t, c, short, "a:a")
		s := p.Socket()
		s.Next("Connect")
		if token := s.Next("Authenticate").Value; token != long.Token {
			t.Errorf("%s was chosen", token)
		}
		s.Send(refusedJSON, 0)
		s.End(1005, "")
		for _, sub := range bad {
			unauthorized(t, sub)
		}
		good.has(t, "connecting")
		unauthorized(t, subscribe(t, c, long, "a:a")) // at once
		s = p.Socket()
		if g := s.Greeting(true); g.Token != short.Token || g.Connect.LastCloseReason != "AuthError" {
			t.Errorf("%+v", g)
		}
		s.Answer(1, syncfake.Updated(0, `1`))
		good.changed(t, "connected confirmed 1")
		unauthorized(t, subscribe(t, c, long, "a:a"))
		good.Renew(long)
		unauthorized(t, good)
		p.NoSocket(time.Second)
	})
}

func TestRejectedTokenOfAllIsTriedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		ada := credential("ada", 1, time.Hour)
		for i := range 20 {
			sub := subscribe(t, c, ada, "a:a")
			if i == 0 {
				s := p.Socket()
				s.Greeting(true)
				s.Send(refusedJSON, 0)
				s.End(1005, "")
			}
			unauthorized(t, sub)
			p.NoSocket(time.Second)
		}
	})
}

// A session whose token has expired waits for a newer one, and does not connect anonymously meanwhile.
func TestSessionWithExpiredTokenWaitsForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		sub := subscribe(t, c, credential("ada", 1, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		for range 3 {
			time.Sleep(20 * time.Second)
			s.Send(`{"type":"Ping"}`)
		}
		s.Quiet()
		s.Send(expiredJSON, 1)
		s.End(1005, "")
		sub.changed(t, "reconnecting confirmed 1")
		p.NoSocket(10 * time.Minute)
		late := subscribe(t, c, credential("ada", 1, -time.Minute), "a:a") // expired on arrival
		late.changed(t, "reconnecting confirmed 1")
		p.NoSocket(time.Minute)
		sub.Renew(credential("ada", 2, time.Minute))
		s = p.Socket()
		if g := s.Greeting(true); g.Token != "ada#2" {
			t.Errorf("%+v", g)
		}
		s.Answer(2, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
	})
}

// The deployment's clock is ahead: a token that has expired there is no error, though it has some time left here.
func TestExpiredByTheDeploymentsClock(t *testing.T) {
	for name, message := range map[string]string{"in use": expiredJSON, "on arrival": refusedJSON} {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, 4*time.Second), "a:a")
			s := p.Socket()
			s.Greeting(true)
			if name == "in use" {
				s.Answer(1)
			}
			s.Send(message, s.Version.Identity)
			s.End(1005, "")
			p.NoSocket(time.Minute)
			if err := sub.State().Err; err != nil {
				t.Errorf("ended with %v", err)
			}
			sub.Renew(credential("ada", 2, time.Hour))
			p.Socket().Greeting(true)
		})
	}
}

// The token in force expires while a newer one is on its way: the newer one is not refused.
func TestExpiryDuringRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		synctest.Wait()
		time.Sleep(40 * time.Second)
		s.Send(`{"type":"Ping"}`)
		time.Sleep(19 * time.Second)
		sub.Renew(credential("ada", 2, time.Minute))
		s.Next("Authenticate")
		s.Send(expiredJSON, 1)
		s.End(1005, "")
		s = p.Socket()
		if g := s.Greeting(true); g.Token != "ada#2" {
			t.Errorf("%+v", g)
		}
		s.Answer(2, syncfake.Updated(0, `1`))
		sub.has(t, "connected confirmed 1")
	})
}

// A token that expires before it is confirmed is the refused one, whatever was confirmed on sockets before.
func TestExpiryBeforeConfirmation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		sub.Renew(credential("ada", 2, 2*time.Hour))
		synctest.Wait()
		s.Cut()
		s = p.Socket()
		s.Greeting(true)
		s.Send(expiredJSON, 0)
		s.End(1005, "")
		p.NoSocket(time.Minute)
		sub.has(t, "reconnecting confirmed")
	})
}

func TestStaleAuthErrorIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		synctest.Wait()
		time.Sleep(40 * time.Second)
		sub.Renew(credential("ada", 2, time.Hour))
		s.Send(`{"type":"Ping"}`)
		s.Next("Authenticate")
		s.Answer(2)
		s.Send(refusedJSON, 0)
		sub.has(t, "connected confirmed")
		s.Answer(3, syncfake.Updated(0, `1`))
		sub.has(t, "connected confirmed 1")
	})
}

// issuerEnds are the ends of a socket whose token the deployment could not check, and how often such a socket comes: recorded
// from convex-local-backend 94a42c3: 8-misc-auth.json (statuses), ws_auth_tokens.json (refused, closed). The bodies that are no
// keys are texts of its source, crates/authentication/src/lib.rs. An issuer that does not answer has no end: the socket is
// silent.
var issuerEnds = func() map[string]func(*syncfake.Socket) {
	says := func(text string) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) {
			s.Send(`{"type":"AuthError","error":%q,"baseVersion":%d,"authUpdateAttempted":true}`, text, s.Version.Identity)
			s.End(1005, "")
		}
	}
	closes := func(code int) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) { s.End(code, "AuthProviderDiscoveryFailed") }
	}
	ends := map[string]func(*syncfake.Socket){
		"OIDC out of reach, or garbage": says("Auth provider discovery of http://127.0.0.1:4520 failed"),
		"OIDC 404":                      closes(1000), "OIDC 429": closes(1013), "OIDC 500": closes(1013), "OIDC 503": closes(1013),
		"customJwt garbage": says("Invalid JWKS response body from 'http://127.0.0.1:4521/jwks'. The response is not valid JSON or doesn't match the expected JWKS format."),
		"customJwt page":    says("Invalid Content-Type 'text/html' when fetching JWKS from 'http://127.0.0.1:4521/jwks'. Expected 'application/json' or 'application/jwk-set+json'."),
		"no answer":         func(s *syncfake.Socket) { s.Gone() },
	}
	for _, status := range []string{"400 Bad Request", "401 Unauthorized", "403 Forbidden"} {
		ends["OIDC "+status[:3]] = says("Auth provider discovery of http://127.0.0.1:4520 failed: " + status + " {}")
	}
	for _, status := range []string{
		"400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "429 Too Many Requests", "500 Internal Server Error", "503 Service Unavailable",
	} {
		ends["customJwt "+status[:3]] = says("Could not fetch JWKS from URL 'http://127.0.0.1:4521/jwks': HTTP " + status + ". Check that the URL is correct and accessible.")
	}
	return ends
}()

// An issuer out of the deployment's reach ends nobody's stream: the same token is tried again and again, and is accepted within
// seconds of the issuer's return, however long that took.
func TestUnreachableIssuerRefusesNoToken(t *testing.T) {
	for name, end := range issuerEnds {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			ada := credential("ada", 1, time.Hour)
			sub := subscribe(t, c, ada, "a:a")
			var ended time.Time
			for began := time.Now(); time.Since(began) < 10*time.Minute; {
				s := p.Socket()
				if pause := time.Since(ended); !ended.IsZero() && pause > 4*time.Second {
					t.Errorf("the next attempt comes after %v", pause)
				}
				if g := s.Greeting(true); g.Token != ada.Token {
					t.Errorf("%+v", g)
				}
				opened := time.Now()
				end(s)
				if ended = time.Now(); ended.Sub(opened) > 20*time.Second || !ended.Equal(opened) && opened.Sub(began) > time.Minute && ended.Sub(opened) > 10*time.Second {
					t.Errorf("a socket without an answer lasts %v", ended.Sub(opened))
				}
				if state := sub.has(t, "connecting"); !state.IssuerUnreachable {
					t.Error("it is not said why")
				}
			}
			var refused *convex.DeploymentError
			if state := subscribe(t, c, ada, "b:b").State(); !errors.As(state.Err, &refused) || refused.Class != convex.AuthUnavailable {
				t.Errorf("a newcomer is at %q", state.text())
			}
			mutate(t, c, ada, "m:m").fails(t, convex.AuthUnavailable)
			s := p.Socket()
			s.Greeting(true)
			s.Answer(1, syncfake.Updated(0, `1`))
			if state := sub.has(t, "connected confirmed 1"); state.IssuerUnreachable {
				t.Error("the issuer is still said to be out of reach")
			}
		})
	}
}

// The same at a renewal: the stream goes on with the token that was accepted before, or the newer one.
func TestUnreachableIssuerAtRenewal(t *testing.T) {
	for name, end := range issuerEnds {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			sub := subscribe(t, c, credential("ada", 1, time.Minute), "a:a")
			s := p.Socket()
			s.Greeting(true)
			s.Answer(1, syncfake.Updated(0, `1`))
			synctest.Wait()
			time.Sleep(51 * time.Second)
			sub.Renew(credential("ada", 2, time.Hour))
			s.Next("Authenticate")
			end(s)
			if state := sub.has(t, "reconnecting confirmed 1"); !state.IssuerUnreachable {
				t.Error("it is not said why")
			}
			s = p.Socket()
			if g := s.Greeting(true); g.Token != "ada#2" {
				t.Errorf("%+v", g)
			}
			s.Answer(2)
			sub.has(t, "connected confirmed 1")
		})
	}
}

// A deployment that is slow to run queries says Ping meanwhile: its issuer is not at fault.
func TestSlowQueriesAreNoUnreachableIssuer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "a:a")
		s := p.Socket()
		s.Greeting(true)
		for range 10 {
			time.Sleep(15 * time.Second)
			s.Send(`{"type":"Ping"}`)
		}
		s.Answer(1, syncfake.Updated(0, `1`))
		if state := sub.has(t, "connected confirmed 1"); state.IssuerUnreachable {
			t.Error("the issuer is said to be out of reach")
		}
	})
}

// A token that names itself like the deployment's code for an unreachable issuer is refused as any other.
func TestRefusalWithTheIssuersCodeInIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Send(`{"type":"AuthError","error":%q,"baseVersion":0,"authUpdateAttempted":true}`,
			"Could not decode token. The JWT's 'kid' (key ID) header is 'AuthProviderDiscoveryFailed', does this key match any key in the provider's JWKS?")
		s.End(1005, "")
		unauthorized(t, sub)
	})
}

// At most one token is sent for each lifetime, from a sixth or 10 s before its end on, however often callers renew theirs.
func TestRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		start := time.Now()
		sub := subscribe(t, c, credential("ada", 0, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		time.Sleep(time.Second / 2)
		for second := 1; second <= 300; second++ {
			time.Sleep(time.Second)
			sub.Renew(credential("ada", second, time.Minute))
			if second%15 == 0 { // as a deployment does
				s.Send(`{"type":"Ping"}`)
			}
			subscribe(t, c, credential("ada", second, 30*time.Second), "a:a").Close()
		}
		sub.unchanged(t)
		sent := 0
		for range len(s.Messages) {
			sent++
			if m := s.Next("Authenticate"); m.Value != "ada#49" || m.BaseVersion != 1 {
				t.Errorf("sent %+v", m)
			}
		}
		if sent != 1 { // the first is not confirmed yet: no other may follow
			t.Errorf("%d tokens were sent before one was confirmed", sent)
		}
		s.Answer(2)
		if m := s.Next("Authenticate"); m.Value != "ada#300" || time.Since(start) != 300500*time.Millisecond {
			t.Errorf("sent %+v after %v", m, time.Since(start))
		}
		s.Answer(3)
		sub.unchanged(t)
		s.Quiet()
	})
}

func TestRenewalAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		start := time.Now()
		sub := subscribe(t, newClient(t, p.Listener, Options{Silence: time.Hour}), credential("ada", 0, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		age := time.Duration(0) // of the token in force
		for n := 1; n <= 5; n++ {
			due := time.Since(start) + 50*time.Second - age // 10 s before the end of the token in force
			time.Sleep(time.Duration(35-5*n) * time.Second)
			sub.Renew(credential("ada", n, time.Minute))
			issued := time.Now()
			s.Quiet()
			m := s.Next("Authenticate")
			if m.Value != fmt.Sprintf("ada#%d", n) || time.Since(start) != due {
				t.Errorf("%+v after %v; want %v", m, time.Since(start), due)
			}
			s.Answer(syncfake.Timestamp(n + 1))
			age = time.Since(issued)
		}
		sub.Renew(credential("bob", 1, 24*time.Hour)) // of another identity
		time.Sleep(2 * time.Minute)
		s.Quiet()
		sub.has(t, "connected confirmed")
	})
}

func TestLateRenewalIsSentAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{Silence: time.Hour}), credential("ada", 0, time.Minute), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		time.Sleep(70 * time.Second) // expired, and the deployment has not checked yet
		s.Quiet()
		start := time.Now()
		sub.Renew(credential("ada", 1, time.Minute))
		if s.Next("Authenticate"); time.Since(start) != 0 {
			t.Errorf("sent after %v", time.Since(start))
		}
	})
}

// A new token is refused: its owner ends, the others continue with theirs.
func TestRefusedRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		renewing, staying := subscribe(t, c, credential("ada", 1, time.Minute), "a:a"), subscribe(t, c, credential("ada", 2, time.Minute-time.Second), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1, syncfake.Updated(0, `1`))
		synctest.Wait()
		time.Sleep(51 * time.Second)
		renewing.Renew(credential("ada", 3, time.Hour))
		s.Next("Authenticate")
		s.Send(refusedJSON, 1)
		s.End(1005, "")
		unauthorized(t, renewing)
		s = p.Socket()
		if g := s.Greeting(true); g.Token != "ada#2" {
			t.Errorf("%+v", g)
		}
		s.Answer(2, syncfake.Updated(0, `1`))
		staying.has(t, "connected confirmed 1")
	})
}

func TestTokenOfReconnectIsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(1)
		sub.Renew(credential("ada", 2, 2*time.Hour))
		s.Quiet()
		s.Cut()
		if g := p.Socket().Greeting(true); g.Token != "ada#2" {
			t.Errorf("%+v", g)
		}
	})
}

func TestNeverAnonymousForAnIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		tokenless := credential("eve", 1, time.Hour)
		tokenless.Token = ""
		subscribe(t, c, tokenless, "a:a")
		expired := subscribe(t, c, credential("ada", 1, -time.Second), "a:a")
		p.NoSocket(time.Minute)
		expired.Renew(credential("ada", 2, 2*time.Second))
		s := p.Socket()
		s.Greeting(true)
		p.Refuse <- 503 // the token expires while the deployment is unreachable
		p.Refuse <- 503
		p.Refuse <- 503
		p.Refuse <- 503
		p.Refuse <- 503
		s.Cut()
		p.NoSocket(time.Minute)
		expired.has(t, "connecting")
	})
}

func TestTokenExpiresWhileDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		dial := c.dial
		c.dial = func(ctx context.Context) (*transport.Socket, error) { time.Sleep(10 * time.Second); return dial(ctx) }
		sub := subscribe(t, c, credential("ada", 1, 5*time.Second), "a:a")
		s := p.Socket()
		s.Gone()
		if len(s.Messages) != 0 {
			t.Errorf("sent %+v", <-s.Messages)
		}
		p.NoSocket(time.Minute)
		sub.Renew(credential("ada", 2, time.Hour))
		p.Socket().Greeting(true)
	})
}

// Which token is sent, by what was refused.
func TestBestToken(t *testing.T) {
	now := time.Unix(1000, 0)
	token := func(name string, ttl time.Duration) convex.Credential {
		return convex.Credential{Token: name, Expires: now.Add(ttl)}
	}
	long, short, over := token("long", time.Hour), token("short", time.Minute), token("over", 0)
	for _, tt := range []struct {
		refused    string
		candidates []convex.Credential
		want       string
	}{
		{"", nil, ""},
		{"", []convex.Credential{short, long, over}, "long"},
		{"long", []convex.Credential{short, long}, "short"},
		{"long", []convex.Credential{long, over}, ""},
	} {
		c := credentials{refused: tt.refused}
		if best, found := c.best(slices.Values(tt.candidates), now); best.Token != tt.want || found != (tt.want != "") {
			t.Errorf("without %q: %q, %t; want %q", tt.refused, best.Token, found, tt.want)
		}
	}
}

// Which token a refusal is for, and whether its owners get an error.
func TestRefusedToken(t *testing.T) {
	now := time.Unix(1000, 0)
	old := convex.Credential{Token: "old", Expires: now.Add(time.Second)}
	newer := convex.Credential{Token: "newer", Expires: now.Add(time.Hour)}
	for _, tt := range []struct {
		name           string
		sent, accepted convex.Credential
		attempted      bool
		want           string
		refusal        bool
	}{
		{"rejected", newer, convex.Credential{}, true, "newer", true},
		{"rejected after an accepted one", newer, old, true, "newer", true},
		{"rejected at its end", old, convex.Credential{}, true, "old", false},
		{"expired", old, old, false, "old", false},
		{"expired while another is on its way", newer, old, false, "old", false},
		{"expired before anything was accepted", newer, convex.Credential{}, false, "newer", false},
	} {
		var c credentials
		token, err := c.refuse(tokens{sent: tt.sent, accepted: tt.accepted}, &protocol.AuthError{UpdateAttempted: tt.attempted}, now)
		if token != tt.want || (err != nil) != tt.refusal || !errors.Is(c.refusalOf(token), err) || c.refusalOf("") != nil || c.refusalOf("other") != nil {
			t.Errorf("%s: %q, %v", tt.name, token, err)
		}
	}
}

func TestRenewFrom(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct{ lifetime, lead time.Duration }{
		{time.Minute, 10 * time.Second}, {time.Hour, 10 * time.Minute}, {30 * time.Second, 10 * time.Second},
		{6 * time.Second, 3 * time.Second}, {0, 0},
	} {
		c := convex.Credential{Issued: now, Expires: now.Add(tt.lifetime)}
		if got := c.Expires.Sub(renewFrom(c)); got != tt.lead {
			t.Errorf("a token of %v is renewed %v ahead; want %v", tt.lifetime, got, tt.lead)
		}
	}
	if c := (convex.Credential{Expires: now}); now.Sub(renewFrom(c)) != 10*time.Second {
		t.Errorf("a token without an issue time is renewed %v ahead", now.Sub(renewFrom(c)))
	}
}

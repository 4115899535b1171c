package auth

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/jwktest"
)

func TestKeysRotation(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	v := newVerifier(t, is, nil)
	if err := refetch(v); err != nil {
		t.Fatal(err)
	}
	g := newGateway(t, v, Required)

	t.Run("same_kid", func(t *testing.T) {
		g.expect(t, ok, "", bearerOf(is.token(nil))...)
		is.publish(jwktest.Of(is.keyID, keyB()))
		is.key = keyB()
		g.expect(t, ok, "", bearerOf(is.token(nil))...)
		if n := is.fetches.Load(); n != 2 {
			t.Errorf("%d fetches, want 2", n)
		}
	})
	t.Run("wrong_key_many_times", func(t *testing.T) {
		is.key = keyA()
		for i := range 20 {
			g.expect(t, u, ReasonBadSignature, bearerOf(is.token(edit{"jti": fmt.Sprint(i)}))...)
		}
		if n := is.fetches.Load(); n != 2 {
			t.Errorf("%d fetches, want 2", n)
		}
		clock.advance(10 * time.Second)
		g.expect(t, u, ReasonBadSignature, bearerOf(is.token(nil))...)
		if n := is.fetches.Load(); n != 3 {
			t.Errorf("%d fetches, want 3", n)
		}
	})
}

func TestKeysOutage(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	v := newVerifier(t, is, nil)
	g := newGateway(t, v, Required)

	t.Run("nothing_cached", func(t *testing.T) {
		is.fail()
		g.expect(t, ua, ReasonAuthBackendUnavailable, bearerOf(is.token(nil))...)
		if v.Ready() {
			t.Error("ready without keys")
		}
		if n := is.fetches.Load(); n != 1 {
			t.Errorf("%d fetches within a second, want 1", n)
		}
		is.publish(jwktest.Of(is.keyID, is.key))
		clock.advance(time.Second)
		g.expect(t, ok, "", bearerOf(is.token(nil))...)
		if !v.Ready() {
			t.Error("not ready")
		}
	})
	is.fail()
	for _, age := range []time.Duration{0, 6 * time.Minute, 5*time.Hour + 50*time.Minute} {
		t.Run("keys_aged_"+age.String(), func(t *testing.T) {
			clock.advance(age)
			g.expect(t, ok, "", bearerOf(is.token(nil))...)
			if err := refetch(v); err == nil {
				t.Error("the outage is over")
			}
		})
	}
	t.Run("unknown_kid_cannot_be_decided", func(t *testing.T) {
		g.expect(t, ua, ReasonAuthBackendUnavailable, bearerOf(is.tokenWith(edit{"kid": "ins_new"}, nil))...)
	})
	t.Run("past_hard_limit", func(t *testing.T) {
		seen := is.token(edit{"exp": clock.Now().Unix() + 3600})
		g.expect(t, ok, "", bearerOf(seen)...)
		clock.advance(5 * time.Minute)
		g.expect(t, ua, ReasonAuthBackendUnavailable, bearerOf(is.token(nil))...)
		g.expect(t, ua, ReasonAuthBackendUnavailable, bearerOf(seen)...)
		is.publish(jwktest.Of(is.keyID, is.key))
		clock.advance(time.Second)
		g.expect(t, ok, "", bearerOf(is.token(nil))...)
	})
}

// A token that cannot be checked has the identity that it claims, if that could be a caller's; no other refusal has one.
func TestClaimedIdentity(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	v := newVerifier(t, is, nil)
	good := identityOf(t, v, is.token(nil))
	forged := func(token string) string { return strings.Join(append(parts(token)[:2], "AAAA"), ".") }
	is.fail()
	unknown := edit{"kid": "ins_new"}
	for name, test := range map[string]struct {
		token  string
		reason Reason
		same   bool // sign-in as good
	}{
		"good":           {is.tokenWith(unknown, nil), ReasonAuthBackendUnavailable, true},
		"no signature":   {forged(is.tokenWith(unknown, nil)), ReasonAuthBackendUnavailable, true},
		"another user":   {is.tokenWith(unknown, edit{"sub": "user_bob"}), ReasonAuthBackendUnavailable, false},
		"no session":     {is.tokenWith(unknown, edit{"sid": nil}), ReasonAuthBackendUnavailable, false},
		"another issuer": {is.tokenWith(unknown, edit{"iss": "https://other.example"}), ReasonIssuer, false},
		"no user":        {is.tokenWith(unknown, edit{"sub": 7}), ReasonAuthBackendUnavailable, false},
		"no expiry":      {is.tokenWith(unknown, edit{"exp": "soon"}), ReasonAuthBackendUnavailable, false},
		"no claims":      {sign(is.key, mustJSON(is.header(unknown)), []byte("{}")), ReasonIssuer, false},
		"garbage":        {"a.b.c", ReasonMalformed, false},
		"bad signature":  {forged(is.token(nil)), ReasonBadSignature, false},
	} {
		clock.advance(10 * time.Second) // so that the keys are fetched
		_, err := v.Verify(t.Context(), test.token)
		var refusal *Error
		if !errors.As(err, &refusal) || refusal.Reason != test.reason {
			t.Errorf("%s: %v, want %s", name, err, test.reason)
			continue
		}
		claimed := refusal.Claimed
		if same := claimed != nil && claimed.SameSignIn(good); same != test.same || claimed != nil && refusal.Class != Unavailable {
			t.Errorf("%s: claims %v", name, claimed)
		}
	}
}

// The age of the keys shows an outage long before tokens are refused.
func TestKeyAge(t *testing.T) {
	clock := newTestClock()
	is, other := newIssuer(t, clock, keyA()), newIssuer(t, clock, keyB())
	v := newVerifier(t, is, func(c *Config) { c.Issuers = append(c.Issuers, other.url()) })
	if age := v.KeyAge(); age != 0 {
		t.Errorf("%v without keys", age)
	}
	identityOf(t, v, is.token(nil))
	clock.advance(time.Hour)
	is.fail()
	if err := refetch(v); err == nil {
		t.Error("no outage")
	}
	if age := v.KeyAge(); age != time.Hour {
		t.Errorf("%v, want 1h", age)
	}
	is.publish(jwktest.Of(is.keyID, is.key))
	if err := refetch(v); err != nil || v.KeyAge() != 0 {
		t.Errorf("%v after %v", v.KeyAge(), err)
	}
	if fixed := newVerifier(t, is, func(c *Config) { c.PublicKey = pemOf(&keyA().PublicKey) }); fixed.KeyAge() != 0 {
		t.Error("a key of the configuration has an age")
	}
}

func TestKeysRefreshInBackground(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	v := newVerifier(t, is, nil)
	token := is.token(edit{"exp": start.Unix() + 3600})
	identityOf(t, v, token)

	clock.advance(4 * time.Minute)
	identityOf(t, v, token)
	if n := is.fetches.Load(); n != 1 {
		t.Fatalf("%d fetches of fresh keys", n)
	}
	// A stale set serves at once, even while the issuer hangs; hits of the token cache refresh, too.
	release := make(chan struct{})
	is.respond(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, _ = w.Write(mustJSON(map[string]any{"keys": []any{jwktest.Of("ins_next", keyB())}}))
	})
	clock.advance(2 * time.Minute)
	for range 10 {
		identityOf(t, v, token)
		identityOf(t, v, is.token(nil))
	}
	close(release)
	if err := refetch(v); err != nil { // joins the fetch under way
		t.Fatal(err)
	}
	if n := is.fetches.Load(); n > 3 {
		t.Errorf("%d fetches", n)
	}
	if _, err := v.Verify(context.Background(), token); reasonOf(err) != ReasonUnknownKey {
		t.Errorf("the old key still counts: %v", err)
	}
}

// hanging never answers for one host and passes everything else on.
type hanging struct {
	host string
	next http.RoundTripper
}

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == h.host {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return h.next.RoundTrip(r)
}

// In a bubble of its own time, so that five seconds pass at once and exactly.
func TestKeysHang(t *testing.T) {
	key := keyA()
	synctest.Test(t, func(t *testing.T) {
		is := newOfflineIssuer(key)
		const slow, quick = "https://clerk.slow.example", "https://clerk.quick.example"
		v := newVerifier(t, is, func(c *Config) {
			c.Issuers = []string{slow, quick}
			c.HTTPClient = &http.Client{Transport: hanging{"clerk.slow.example", is.client().Transport}}
		})
		token := func(iss string) string { return is.token(edit{"iss": iss}) }
		begin := time.Now()
		var wg sync.WaitGroup
		for range 10 { // they share one fetch
			wg.Go(func() {
				_, err := v.Verify(t.Context(), token(slow))
				if took := time.Since(begin); reasonOf(err) != ReasonAuthBackendUnavailable || took != 5*time.Second {
					t.Errorf("hang: got %v after %v", err, took)
				}
			})
		}
		wg.Go(func() {
			_, err := v.Verify(t.Context(), token(quick))
			if took := time.Since(begin); err != nil || took != 0 {
				t.Errorf("other_issuer: got %v after %v", err, took)
			}
		})
		wg.Wait()
	})
}

func TestKeysCallerMayLeave(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	release := make(chan struct{})
	is.respond(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	v := newVerifier(t, is, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.Verify(ctx, is.token(nil)); reasonOf(err) != ReasonAuthBackendUnavailable {
		t.Errorf("got %v", err)
	}
	v.Close() // must not wait for the issuer
	if _, err := v.Verify(context.Background(), is.token(nil)); reasonOf(err) != ReasonAuthBackendUnavailable {
		t.Errorf("closed: got %v", err)
	}
	close(release)
}

// An equal key keeps its pointer across refreshes, which the cache of verified tokens relies on.
func TestKeysKeepUnchanged(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	token := is.token(nil)
	first := identityOf(t, v, token)
	if err := refetch(v); err != nil {
		t.Fatal(err)
	}
	if identityOf(t, v, token) != first {
		t.Error("verified again after a refresh without changes")
	}
	if _, hit := v.verified.Get(sha256.Sum256([]byte(token)), start); !hit {
		t.Error("not in the cache")
	}
}

func pemOf(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// With a configured key nothing is fetched, and key ids are ignored.
func TestPublicKey(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, func(c *Config) { c.PublicKey = pemOf(&keyA().PublicKey) })
	if !v.Ready() {
		t.Error("not ready, though there is nothing to wait for")
	}
	if err := v.Prefetch(t.Context()); err != nil {
		t.Error(err)
	}
	g := newGateway(t, v, Required)
	g.expect(t, ok, "", bearerOf(is.token(nil))...)
	g.expect(t, ok, "", bearerOf(is.token(nil))...) // out of the cache
	g.expect(t, ok, "", bearerOf(is.tokenWith(edit{"kid": "ins_other"}, nil))...)
	g.expect(t, u, ReasonMalformed, bearerOf(is.tokenWith(edit{"kid": nil}, nil))...)
	g.expect(t, u, ReasonBadSignature, bearerOf(sign(keyB(), mustJSON(is.header(nil)), mustJSON(is.claims(nil))))...)
	g.expect(t, u, ReasonTokenExpired, bearerOf(is.token(edit{"exp": start.Unix()}))...)
	g.expect(t, u, ReasonIssuer, bearerOf(is.token(edit{"iss": "https://other.example"}))...)
	if n := is.fetches.Load(); n != 0 {
		t.Errorf("%d fetches", n)
	}
}

func TestPublicKeyIsOfOneIssuer(t *testing.T) {
	for _, issuers := range [][]string{nil, {"https://a.example", "https://b.example"}} {
		_, err := NewClerkVerifier(Config{
			Issuers: issuers, PublicKey: pemOf(&keyA().PublicKey), OtherIssuers: []Issuer{{URL: "https://c.example", ApplicationID: "x"}},
		})
		if err == nil || !strings.Contains(err.Error(), "exactly one Clerk issuer") {
			t.Errorf("got %v", err)
		}
	}
}

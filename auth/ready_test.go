package auth

import (
	"context"
	"net/http"
	"testing"
	"time"

	"convexgateway/internal/jwktest"
)

// outages are ways in which an issuer is out of reach.
var outages = map[string]http.HandlerFunc{
	"500":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
	"404":          http.NotFound,
	"no key":       func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) },
	"a login page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
	"cut":          func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"silent":       func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
}

// An issuer beside the main one takes readiness away by no kind of outage, and the keys that were fetched are not fetched again
// while the gateway becomes ready.
func TestReadyWithoutSideIssuer(t *testing.T) {
	t.Parallel()
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newTestClock()
			main, side := newIssuer(t, clock, keyA()), newIssuer(t, clock, keyB())
			side.respond(outage)
			other := Issuer{URL: side.url() + "/other", Keys: side.url() + jwksPath}
			v := newVerifier(t, main, func(c *Config) {
				c.Issuers = append(c.Issuers, side.url())
				c.OtherIssuers = []Issuer{other}
			})
			for range 5 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // all of which a check that waits for the side issuer takes
				if err := v.Prefetch(ctx); err != nil || ctx.Err() != nil || !v.Ready() {
					t.Fatalf("ready %v, %v, %v", v.Ready(), err, ctx.Err())
				}
				cancel()
			}
			if n := main.fetches.Load(); n != 1 {
				t.Errorf("the main issuer's keys were fetched %d times", n)
			}
			identityOf(t, v, main.token(nil))
		})
	}
}

// Without the main issuer's keys the gateway is not ready, whatever others answer.
func TestNotReadyWithoutMainIssuer(t *testing.T) {
	t.Parallel()
	clock := newTestClock()
	main, side := newIssuer(t, clock, keyA()), newIssuer(t, clock, keyB())
	main.fail()
	v := newVerifier(t, main, func(c *Config) { c.Issuers = append(c.Issuers, side.url()) })
	for range 3 {
		if err := v.Prefetch(t.Context()); err == nil || v.Ready() {
			t.Fatalf("ready %v, %v", v.Ready(), err)
		}
	}
	if n := side.fetches.Load(); n != 1 {
		t.Errorf("the side issuer's keys were fetched %d times", n)
	}
	main.publish(jwktest.Of(main.keyID, main.key))
	if err := v.Prefetch(t.Context()); err != nil || !v.Ready() {
		t.Errorf("ready %v, %v", v.Ready(), err)
	}
}

// Without a Clerk issuer the keys of any issuer are enough.
func TestReadyByAnyOtherIssuer(t *testing.T) {
	t.Parallel()
	o, down := newOIDC(t, newTestClock()), newOIDC(t, newTestClock())
	down.Close()
	v := o.verifier(t, nil, down.asIssuer(), o.asIssuer())
	if v.Ready() {
		t.Error("ready without keys")
	}
	if err := v.Prefetch(t.Context()); err != nil || !v.Ready() {
		t.Errorf("ready %v, %v", v.Ready(), err)
	}
	none := o.verifier(t, nil, down.asIssuer())
	if err := none.Prefetch(t.Context()); err == nil || none.Ready() {
		t.Errorf("ready %v, %v", none.Ready(), err)
	}
}

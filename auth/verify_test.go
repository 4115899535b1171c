package auth

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// However many streams arrive with a token at once, it is verified once and all of them share its identity.
func TestVerifyTogether(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	for range 20 {
		token := is.token(edit{"jti": time.Now().String()})
		ids := make([]*Identity, 8)
		var calls sync.WaitGroup
		for i := range ids {
			calls.Go(func() { ids[i], _ = v.Verify(t.Context(), token) })
		}
		calls.Wait()
		for _, id := range ids {
			if id == nil || id != ids[0] {
				t.Fatal("verified more than once")
			}
		}
	}
}

// slow answers after a pause.
type slow struct {
	pause time.Duration
	next  http.RoundTripper
}

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.pause) //nolint:forbidigo // the bubble's clock
	return s.next.RoundTrip(r)
}

// Calls that share a verification each wait as long as their own context lasts, and the end of the first one does not fail
// the others. A call with another token does not wait for them.
func TestVerifyTogetherEndsWithEachContext(t *testing.T) {
	key := keyA()
	synctest.Test(t, func(t *testing.T) {
		is := newOfflineIssuer(key)
		const pause = 3 * time.Second
		v := newVerifier(t, is, func(c *Config) {
			c.HTTPClient = &http.Client{Transport: slow{pause, is.client().Transport}}
		})
		token, begin := is.token(nil), time.Now()
		ids := make([]*Identity, 5)
		var calls sync.WaitGroup
		for i, patience := range []time.Duration{time.Second, time.Minute, 2 * time.Second, time.Minute, time.Minute} {
			calls.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				var err error
				ids[i], err = v.Verify(ctx, token)
				took := time.Since(begin)
				if patience < pause && (reasonOf(err) != ReasonAuthBackendUnavailable || took != patience) {
					t.Errorf("a call that may wait %v: %v after %v", patience, err, took)
				}
				if patience > pause && (err != nil || took != pause) {
					t.Errorf("a call that may wait %v: %v after %v", patience, err, took)
				}
			})
			synctest.Wait() // so that the first one begins
		}
		if _, err := v.Verify(t.Context(), is.token(edit{"iss": "https://other.example"})); reasonOf(err) != ReasonIssuer || time.Since(begin) != 0 {
			t.Errorf("another token: %v after %v", err, time.Since(begin))
		}
		calls.Wait()
		if ids[1] != ids[3] || ids[1] != ids[4] {
			t.Error("verified more than once")
		}
	})
}

// A verification runs on a goroutine of its own; its panic is the caller's.
func TestVerifyPanicsAsItsCaller(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	issuers := v.issuers
	v.issuers = map[string]acceptedIssuer{is.url(): {algorithms: []string{"RS256"}}} // without keys
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
		v.issuers = issuers
		if _, err := v.Verify(t.Context(), is.token(nil)); err != nil {
			t.Errorf("the same token afterwards: %v", err)
		}
	}()
	_, _ = v.Verify(t.Context(), is.token(nil))
}

package auth

import (
	"context"
	"crypto/sha256"
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
	if n := len(v.underWay.tokens); n != 0 {
		t.Errorf("%d are said to be under way", n)
	}
}

func TestUnderWayWaitsForOneOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var u underWay
		token, other := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
		leave := u.enter(t.Context(), token)
		u.enter(t.Context(), other)()
		start := time.Now()
		time.AfterFunc(time.Minute, leave)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		u.enter(impatient, token)()
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("who gives up after a second has waited for %v", waited)
		}
		u.enter(t.Context(), token)()
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("who waits for a minute has waited for %v", waited)
		}
		if len(u.tokens) != 0 {
			t.Errorf("%d tokens are kept", len(u.tokens))
		}
	})
}

// The stack of a signature is not the caller's, but its panic is.
func TestVerifyPanicsAsItsCaller(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	closing := v.issuers
	v.issuers = map[string]trusted{is.url(): {algorithms: []string{"RS256"}}} // without keys
	t.Cleanup(func() { v.issuers = closing })
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
		if len(v.underWay.tokens) != 0 {
			t.Error("it is still under way")
		}
	}()
	_, _ = v.Verify(t.Context(), is.token(nil))
}

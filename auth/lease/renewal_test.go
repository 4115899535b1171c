package lease

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"convexgateway/auth"
)

// mint is a Minter and Verifier that answers as a test sets it, and records when it was asked.
type mint struct {
	mu     sync.Mutex
	asked  []time.Duration // after began
	began  time.Time
	answer func(attempt int) (*auth.Identity, error)
	made   map[string]*auth.Identity
}

func (m *mint) Mint(_ context.Context, sessionID string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, time.Since(m.began))
	id, err := m.answer(len(m.asked))
	if err != nil {
		return "", err
	}
	token := sessionID + time.Now().String()
	m.made[token] = id
	return token, nil
}

func (m *mint) Verify(_ context.Context, token string) (*auth.Identity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.made[token], nil
}

func (m *mint) attempts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.asked)
}

// inRenewal runs a test with a registry whose tokens are minted.
func inRenewal(t *testing.T, answer func(p people, attempt int) (*auth.Identity, error), test func(t *testing.T, r *Registry, m *mint, p people)) {
	m := &mint{made: map[string]*auth.Identity{}}
	inRegistry(t, Config{Grace: 10 * time.Second, Minter: m, Verifier: m}, func(t *testing.T, r *Registry, p people) {
		m.began = p.began
		m.answer = func(attempt int) (*auth.Identity, error) { return answer(p, attempt) }
		test(t, r, m, p)
	})
}

// fresh is a token of ada, made now.
func fresh(p people, _ int) (*auth.Identity, error) {
	return p.ada(int(time.Since(p.began).Seconds())), nil
}

// A session with a thousand streams mints one token a period, in time, and its streams stay live.
func TestOneRenewalForAThousandStreams(t *testing.T) {
	inRenewal(t, fresh, func(t *testing.T, r *Registry, m *mint, p people) {
		var streams []*Lease
		first := p.ada(0)
		for i := range 1000 {
			key := ""
			if i%2 == 0 {
				key = key1
			}
			streams = append(streams, openLease(r, first, key))
		}
		for i := range 10 {
			late := openLease(r, p.ada(-i), "") // with an older token
			defer late.Close()
			advance(time.Minute)
			for _, l := range streams {
				if now := l.State(); now.Phase != Live || now.Err != nil || !now.Identity.ExpiresAt.After(time.Now()) {
					t.Fatalf("after %v: %+v", time.Since(p.began), now)
				}
			}
		}
		if n := m.attempts(); n < 12 || n > 14 { // every 45 to 47 s
			t.Errorf("minted %d times in ten minutes: %v", n, m.asked)
		}
		for _, l := range streams {
			l.Close()
		}
	})
}

// Nothing is minted for a session without streams, nor for a token without a session.
func TestRenewalNeedsAStream(t *testing.T) {
	inRenewal(t, fresh, func(t *testing.T, r *Registry, m *mint, p people) {
		gone, template := openLease(r, p.ada(0), key1), r.Open(p.person("user_ada", "", 0, 1), "")
		defer template.Close()
		gone.Close()
		advance(10 * time.Minute)
		if m.attempts() > 0 || len(r.renewals.minted)+len(r.renewals.running) > 0 {
			t.Errorf("minted at %v", m.asked)
		}
		if err := template.State().Err; reasonOf(err) != auth.ReasonTokenExpired || template.CanRenew() {
			t.Errorf("template token: %v", err)
		}
	})
}

// A client that refreshes first leaves nothing to mint.
func TestNoRenewalAfterRefresh(t *testing.T) {
	inRenewal(t, fresh, func(t *testing.T, r *Registry, m *mint, p people) {
		l := openLease(r, p.ada(0), key1)
		defer l.Close()
		for i := range 10 {
			advance(40 * time.Second)
			if _, err := r.Refresh(p.ada(40*(i+1)), key1); err != nil {
				t.Fatal(err)
			}
		}
		if m.attempts() > 0 {
			t.Errorf("minted at %v", m.asked)
		}
	})
}

// An outage of the issuer signs nobody out: the next attempt waits, and the streams get the reason.
func TestOutageOfTheIssuerSignsNobodyOut(t *testing.T) {
	tests := map[string]struct {
		failure error
		pause   time.Duration // at least, before the second attempt
	}{
		"429":          {refused{7 * time.Second}, 7 * time.Second},
		"key_refused":  {refused{}, time.Second},
		"out_of_reach": {errors.New("no route to host"), time.Second},
		"unavailable":  {auth.NewError(auth.ReasonAuthBackendUnavailable, nil), time.Second},
	}
	for name, tt := range tests {
		t.Run(name+"/heals", func(t *testing.T) {
			answer := func(p people, attempt int) (*auth.Identity, error) {
				if attempt == 1 {
					return nil, tt.failure
				}
				return fresh(p, attempt)
			}
			inRenewal(t, answer, func(t *testing.T, r *Registry, m *mint, p people) {
				l := openLease(r, p.ada(0), "")
				defer l.Close()
				advance(69 * time.Second)
				if now := l.State(); now.Err != nil || now.RefreshErr != nil || now.Phase != Live {
					t.Errorf("state %+v", now)
				}
				if m.attempts() != 2 || m.asked[1]-m.asked[0] < tt.pause {
					t.Errorf("asked at %v", m.asked)
				}
			})
		})
		t.Run(name+"/lasts", func(t *testing.T) {
			inRenewal(t, func(people, int) (*auth.Identity, error) { return nil, tt.failure }, func(t *testing.T, r *Registry, _ *mint, p people) {
				l, keyed := openLease(r, p.ada(0), ""), r.Open(p.ada(0), key1)
				defer l.Close()
				defer keyed.Close()
				advance(58 * time.Second)
				if now := keyed.State(); now.Phase != TokenNeeded { // the client may succeed where the gateway fails
					t.Errorf("keyed: phase %v", now.Phase)
				}
				advance(11 * time.Second)
				if now := l.State(); now.Phase != Silent || reasonOf(now.RefreshErr) != auth.ReasonAuthBackendUnavailable || now.Err != nil {
					t.Errorf("in the grace: %+v", now)
				}
				advance(time.Second)
				if err := l.State().Err; reasonOf(err) != auth.ReasonAuthBackendUnavailable {
					t.Errorf("ended with %v", err)
				}
				if len(r.renewals.running) > 1 {
					t.Errorf("%d renewals", len(r.renewals.running))
				}
			})
		})
	}
}

// A session that is over ends its streams with the reason, and its tokens are refused.
func TestRenewalOfARevokedSession(t *testing.T) {
	revoked := func(people, int) (*auth.Identity, error) { return nil, auth.NewError(auth.ReasonSessionRevoked, nil) }
	inRenewal(t, revoked, func(t *testing.T, r *Registry, m *mint, p people) {
		l, other := openLease(r, p.ada(0), ""), r.Open(p.bob(0), "")
		defer l.Close()
		m.answer = func(attempt int) (*auth.Identity, error) {
			if attempt == 1 {
				return revoked(p, attempt)
			}
			return nil, errors.New("only one session was over")
		}
		advance(44 * time.Second)
		other.Close()
		advance(10 * time.Second)
		if err := l.State().Err; reasonOf(err) != auth.ReasonSessionRevoked {
			t.Errorf("ended with %v", err)
		}
		if err := r.deny.Check(p.ada(30)); reasonOf(err) != auth.ReasonSessionRevoked {
			t.Errorf("its tokens: %v", err)
		}
		if m.attempts() != 1 || len(r.renewals.running) != 0 {
			t.Errorf("asked at %v, running %d", m.asked, len(r.renewals.running))
		}
	})
}

// A minted token of another session is never adopted.
func TestMintedTokenOfAnotherSession(t *testing.T) {
	theirs := func(p people, _ int) (*auth.Identity, error) { return p.bob(int(time.Since(p.began).Seconds())), nil }
	inRenewal(t, theirs, func(t *testing.T, r *Registry, _ *mint, p people) {
		l := openLease(r, p.ada(0), "")
		defer l.Close()
		advance(2 * time.Minute)
		if now := l.State(); now.Identity.Subject != "user_ada" || reasonOf(now.Err) != auth.ReasonAuthBackendUnavailable {
			t.Errorf("state %+v", now)
		}
	})
}

// Close ends renewals that are under way.
func TestCloseEndsRenewals(t *testing.T) {
	fails := func(people, int) (*auth.Identity, error) { return nil, errors.New("no") }
	inRenewal(t, fails, func(t *testing.T, r *Registry, m *mint, p people) {
		l := openLease(r, p.ada(0), "")
		defer l.Close()
		advance(50 * time.Second)
		r.Close()
		asked := m.attempts()
		advance(time.Hour)
		if asked == 0 || m.attempts() != asked {
			t.Errorf("asked %d times, then %d", asked, m.attempts())
		}
	})
}

// refused is how a Backend API fails that asks for a pause.
type refused struct{ pause time.Duration }

func (e refused) Error() string             { return "refused" }
func (e refused) RetryAfter() time.Duration { return e.pause }
func (e refused) Unwrap() error             { return auth.NewError(auth.ReasonAuthBackendUnavailable, nil) }

package lease

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/auth"
)

var (
	key1 = strings.Repeat("1", 22)
	key2 = strings.Repeat("2", 22)
)

// person is an identity whose token was issued at iat, and is good for a minute.
func person(iat time.Time, subject, sessionID string, claims byte) *auth.Identity {
	id := auth.Identity{Issuer: "https://a", Subject: subject, SessionID: sessionID, IssuedAt: iat, ExpiresAt: iat.Add(time.Minute)}
	return auth.NewIdentity(id, "token", [32]byte{claims})
}

// people makes identities in the time of a test's bubble.
type people struct{ began time.Time }

func (p people) person(subject, sessionID string, issued int, claims byte) *auth.Identity {
	return person(p.began.Add(time.Duration(issued)*time.Second), subject, sessionID, claims)
}

func (p people) ada(issued int) *auth.Identity { return p.person("user_ada", "sess_ada", issued, 1) }
func (p people) bob(issued int) *auth.Identity { return p.person("user_bob", "sess_bob", issued, 2) }

// inRegistry runs a test in a bubble with a clock of its own.
func inRegistry(t *testing.T, c Config, test func(t *testing.T, r *Registry, p people)) {
	c.Logger = quiet()
	synctest.Test(t, func(t *testing.T) {
		r := NewRegistry(c)
		defer r.Close()
		test(t, r, people{time.Now()})
	})
}

func isClosed(before <-chan struct{}) bool {
	select {
	case <-before:
		return true
	default:
		return false
	}
}

// advance moves the bubble's clock and waits until all goroutines are blocked.
func advance(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the bubble's clock
	synctest.Wait()
}

// A revocation ends streams and refuses tokens also if the issuer's clock is ahead, as far as that is accepted.
func TestRevocationOfIssuerAhead(t *testing.T) {
	for _, revoked := range []auth.Revocation{
		{Issuer: "https://a", Subject: "user_ada", Reason: auth.ReasonUserBanned},
		{Issuer: "https://a", SessionID: "sess_ada", Reason: auth.ReasonSessionRevoked},
	} {
		for ahead, denied := range map[int]bool{-60: true, 0: true, 1: true, 3: true, 5: true, 6: false} {
			inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
				l := openLease(r, p.ada(ahead), "")
				defer l.Close()
				if n := r.Revoke(revoked); (n == 1) != denied {
					t.Errorf("%v, issued %d s ahead: %d streams end", revoked, ahead, n)
				}
				late := openLease(r, p.ada(ahead), "")
				defer late.Close()
				if refused := late.State().Err != nil; refused != denied {
					t.Errorf("%v, issued %d s ahead: refused %v", revoked, ahead, refused)
				}
			})
		}
	}
}

func TestRefresh(t *testing.T) {
	type stream struct {
		id  *auth.Identity
		key string
	}
	p := people{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)} // when a bubble begins
	ada, bob := p.ada, p.bob
	template := func(issued int, claims byte) *auth.Identity { return p.person("user_ada", "", issued, claims) }
	tests := []struct {
		name    string
		streams []stream
		id      *auth.Identity
		key     string
		adopted []int // indexes of the streams that get the token
		count   int
		reason  auth.Reason
	}{
		{"newer", []stream{{ada(0), key1}, {ada(5), key1}}, ada(50), key1, []int{0, 1}, 2, ""},
		{"other_key_untouched", []stream{{ada(0), key1}, {ada(0), key2}, {ada(0), ""}}, ada(50), key1, []int{0}, 1, ""},
		{"organization_switch", []stream{{ada(0), key1}}, p.person("user_ada", "sess_ada", 50, 9), key1, []int{0}, 1, ""},
		{"no_stream", nil, ada(50), key1, nil, 0, ""},
		{"anonymous_stream", []stream{{nil, key1}}, ada(50), key1, nil, 0, ""},
		{"equal", []stream{{ada(50), key1}, {ada(50), key1}}, ada(50), key1, nil, 2, ""},
		{"superseded", []stream{{ada(90), key1}}, ada(50), key1, nil, 0, auth.ReasonTokenSuperseded},
		{"same_expiry_other_claims", []stream{{ada(50), key1}}, p.person("user_ada", "sess_ada", 50, 9), key1, nil, 0, auth.ReasonTokenSuperseded},
		{"other_user", []stream{{bob(0), key1}}, ada(50), key1, nil, 0, auth.ReasonUserMismatch},
		{"other_user_too", []stream{{ada(0), key1}, {bob(0), key1}}, ada(50), key1, []int{0}, 1, ""},
		{"others_first", []stream{{bob(90), key1}, {p.person("user_eve", "sess_eve", 0, 1), key1}, {ada(0), key1}}, ada(50), key1, []int{2}, 1, ""},
		{"other_session_too", []stream{{p.person("user_ada", "sess_new", 0, 1), key1}, {ada(0), key1}}, ada(50), key1, []int{1}, 1, ""},
		{"template_of_other_claims_too", []stream{{template(0, 2), key1}, {template(0, 1), key1}}, template(50, 1), key1, []int{1}, 1, ""},
		{"other_user_with_newer_token", []stream{{ada(60), key1}, {bob(0), key1}}, ada(50), key1, nil, 0, auth.ReasonTokenSuperseded},
		{"other_session", []stream{{ada(0), key1}}, p.person("user_ada", "sess_new", 50, 1), key1, nil, 0, auth.ReasonUserMismatch},
		{"template", []stream{{template(0, 1), key1}}, template(50, 1), key1, []int{0}, 1, ""},
		{"template_other_claims", []stream{{template(0, 1), key1}}, template(50, 2), key1, nil, 0, auth.ReasonUserMismatch},
		{"template_for_session", []stream{{ada(0), key1}}, template(50, 1), key1, nil, 0, auth.ReasonUserMismatch},
		{"without_identity", []stream{{ada(0), key1}}, nil, key1, nil, 0, auth.ReasonNoCredentials},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inRegistry(t, Config{}, func(t *testing.T, r *Registry, _ people) {
				var opened []*Lease
				for _, st := range tt.streams {
					l := openLease(r, st.id, st.key)
					defer l.Close()
					opened = append(opened, l)
				}
				var signals []<-chan struct{}
				for _, l := range opened {
					signals = append(signals, l.State().Changed())
				}
				count, err := r.Refresh(tt.id, tt.key)
				if count != tt.count || reasonOf(err) != tt.reason || (err == nil) != (tt.reason == "") {
					t.Errorf("got %d, %v", count, err)
				}
				want := map[int]bool{}
				for _, i := range tt.adopted {
					want[i] = true
				}
				for i, l := range opened {
					now := l.State()
					has := now.Identity == tt.id
					if has != want[i] || isClosed(signals[i]) != want[i] || isClosed(now.Changed()) || now.Err != nil {
						t.Errorf("stream %d: adopted %v, signalled %v, error %v", i, has, isClosed(signals[i]), now.Err)
					}
				}
			})
		})
	}
}

// Streams of one session and key are one: a stream that is opened with a newer token brings it to the others, and one
// opened with an older token has the newer one at once.
func TestStreamsOfOneKeyShare(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		first, apart := openLease(r, p.ada(0), key1), openLease(r, p.ada(0), key2)
		newer := p.ada(30)
		second, third := openLease(r, newer, key1), openLease(r, p.ada(10), key1)
		defer first.Close()
		defer apart.Close()
		defer second.Close()
		defer third.Close()
		if first.State().Identity != newer || third.State() != first.State() {
			t.Error("streams of one key differ")
		}
		if apart.State().Identity == newer {
			t.Error("another key got the token")
		}
	})
}

func openLease(r *Registry, id *auth.Identity, key string) *Lease {
	l := r.Open(id, key)
	return &l
}

// phases returns those of a lease, in order, until it ends.
func phases(l *Lease) (got []Phase) {
	for now := l.State(); ; now = l.State() {
		got = append(got, now.Phase)
		if now.Changed() == nil {
			return got
		}
		<-now.Changed()
	}
}

func TestPhases(t *testing.T) {
	tests := []struct {
		name, key string
		id        func(people) *auth.Identity
		want      []Phase
		lasts     time.Duration
	}{
		{"with_a_key", key1, func(p people) *auth.Identity { return p.ada(0) }, []Phase{Live, TokenNeeded, Silent, Ended}, 70 * time.Second},
		{"without", "", func(p people) *auth.Identity { return p.ada(0) }, []Phase{Live, Ended}, time.Minute},
		{"almost_expired", key1, func(p people) *auth.Identity { return p.ada(-58) }, []Phase{Live, Silent, Ended}, 12 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, p people) {
				l := openLease(r, tt.id(p), tt.key)
				defer l.Close()
				got := phases(l)
				if len(got) != len(tt.want) {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
				for i := range got {
					if got[i] != tt.want[i] {
						t.Errorf("got %v, want %v", got, tt.want)
					}
				}
				if err := l.State().Err; reasonOf(err) != auth.ReasonTokenExpired || time.Since(p.began) != tt.lasts {
					t.Errorf("ended after %v with %v", time.Since(p.began), err)
				}
			})
		})
	}
}

// A refresh starts the phases over, from every phase but the last.
func TestRefreshInEachPhase(t *testing.T) {
	for _, at := range []time.Duration{0, 46 * time.Second, 59 * time.Second, 69 * time.Second} {
		inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, p people) {
			l := openLease(r, p.ada(0), key1)
			defer l.Close()
			advance(at)
			if n, err := r.Refresh(p.ada(60), key1); n != 1 || err != nil {
				t.Errorf("after %v: %d, %v", at, n, err)
			}
			if now := l.State(); now.Phase != Live || !now.SilentFrom.After(time.Now()) {
				t.Errorf("after %v: phase %v", at, now.Phase)
			}
			advance(70 * time.Second) // 120 s after the beginning its token would be silent
			if now := l.State(); now.Err != nil && at < 59*time.Second {
				t.Errorf("after %v: %v", at, now.Err)
			}
		})
	}
}

// A stream whose token could not be refreshed during an outage of the issuer ends with that reason, not with TOKEN_EXPIRED.
func TestStreamsEndWithTheOutageOfTheIssuer(t *testing.T) {
	inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, p people) {
		l := openLease(r, p.ada(0), key1)
		other := openLease(r, p.bob(0), key2)
		defer l.Close()
		defer other.Close()
		advance(50 * time.Second)
		r.RefreshFailed(key1, uncheckable(p.ada(50)))
		r.RefreshFailed("", uncheckable(p.ada(50)))
		if now := l.State(); now.RefreshErr == nil || now.Phase != TokenNeeded || now.Err != nil {
			t.Errorf("state %+v", now)
		}
		advance(time.Minute)
		if err := l.State().Err; reasonOf(err) != auth.ReasonAuthBackendUnavailable {
			t.Errorf("ended with %v", err)
		}
		if err := other.State().Err; reasonOf(err) != auth.ReasonTokenExpired {
			t.Errorf("another stream ended with %v", err)
		}
	})
	inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, p people) {
		l := openLease(r, p.ada(0), key1)
		defer l.Close()
		r.RefreshFailed(key1, uncheckable(p.ada(5)))
		if _, err := r.Refresh(p.ada(5), key1); err != nil || l.State().RefreshErr != nil {
			t.Errorf("the failed refresh outlives a new token: %v", err)
		}
	})
}

// uncheckable is the error of a token that claims to be this identity's.
func uncheckable(claimed *auth.Identity) *auth.Error {
	err := auth.NewError(auth.ReasonAuthBackendUnavailable, nil)
	err.Claimed = claimed
	return err
}

// A token that cannot be checked changes nothing for streams that it could not extend if it were good.
func TestUncheckableTokenOfStranger(t *testing.T) {
	p := people{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)} // when a bubble begins
	elsewhere := *p.ada(50)
	elsewhere.Issuer = "https://b"
	for name, test := range map[string]struct {
		opened, claimed *auth.Identity
		key             string
		concerned       bool
	}{
		"own":                          {p.ada(0), p.ada(50), key1, true},
		"own, of another organization": {p.ada(0), p.person("user_ada", "sess_ada", 50, 9), key1, true},
		"own, without a session id":    {p.person("user_ada", "", 0, 1), p.person("user_ada", "", 50, 1), key1, true},
		"garbage":                      {p.ada(0), nil, key1, false},
		"another user":                 {p.ada(0), p.bob(50), key1, false},
		"another user in the session":  {p.ada(0), p.person("user_bob", "sess_ada", 50, 1), key1, false},
		"another session":              {p.ada(0), p.person("user_ada", "sess_new", 50, 1), key1, false},
		"no session":                   {p.ada(0), p.person("user_ada", "", 50, 1), key1, false},
		"other claims, no session":     {p.person("user_ada", "", 0, 1), p.person("user_ada", "", 50, 2), key1, false},
		"another issuer":               {p.ada(0), &elsewhere, key1, false},
		"another key":                  {p.ada(0), p.ada(50), key2, false},
		"no newer token":               {p.ada(50), p.ada(50), key1, false},
		"older token":                  {p.ada(50), p.ada(0), key1, false},
	} {
		t.Run(name, func(t *testing.T) {
			inRegistry(t, Config{Grace: 10 * time.Second}, func(t *testing.T, r *Registry, _ people) {
				l := openLease(r, test.opened, key1)
				defer l.Close()
				before := l.State()
				r.RefreshFailed(test.key, uncheckable(test.claimed))
				if concerned := l.State() != before || l.State().RefreshErr != nil; concerned != test.concerned {
					t.Errorf("concerned: %v", concerned)
				}
				advance(2 * time.Minute)
				want := auth.ReasonTokenExpired
				if test.concerned {
					want = auth.ReasonAuthBackendUnavailable
				}
				if err := l.State().Err; reasonOf(err) != want {
					t.Errorf("ended with %v, want %s", err, want)
				}
			})
		})
	}
}

func TestRefreshKeyLengths(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		for _, tt := range []struct {
			length int
			weak   bool
		}{{0, true}, {21, true}, {22, false}, {256, false}, {257, true}} {
			key := strings.Repeat("k", tt.length)
			l := openLease(r, p.ada(0), key)
			_, err := r.Refresh(p.ada(1), key)
			if errors.Is(err, ErrWeakRefreshKey) != tt.weak || errors.Is(CheckRefreshKey(key), ErrWeakRefreshKey) != tt.weak {
				t.Errorf("%d bytes: got %v", tt.length, err)
			}
			if l.CanRefresh() == tt.weak || l.CanRenew() == tt.weak {
				t.Errorf("%d bytes: registered %v", tt.length, l.CanRefresh())
			}
			l.Close()
		}
	})
}

func TestSignOut(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		open := func(id *auth.Identity, key string) *Lease {
			l := openLease(r, id, key)
			t.Cleanup(l.Close)
			return l
		}
		mine := []*Lease{open(p.ada(-5), key1), open(p.ada(-9), "")}
		others := []*Lease{
			open(p.person("user_ada", "sess_other", -5, 1), key1), open(p.bob(-5), key2),
			open(p.person("user_ada", "", -5, 1), ""), open(nil, ""),
		}
		before := mine[0].State().Changed()
		if n := r.SignOut(p.ada(-5)); n != 2 {
			t.Errorf("ended %d streams, want 2", n)
		}
		for i, l := range mine {
			if now := l.State(); reasonOf(now.Err) != auth.ReasonSignedOut || now.Changed() != nil {
				t.Errorf("stream %d: error %v", i, now.Err)
			}
		}
		if !isClosed(before) {
			t.Error("not signalled")
		}
		for i, l := range others {
			if now := l.State(); now.Err != nil || isClosed(now.Changed()) {
				t.Errorf("other stream %d ended: %v", i, now.Err)
			}
		}
		if n := r.SignOut(p.ada(-5)) + r.SignOut(nil); n != 0 {
			t.Errorf("ended %d streams again", n)
		}

		late := open(p.ada(-1), key1) // verified before the sign-out, opened after it
		if now := late.State(); reasonOf(now.Err) != auth.ReasonSignedOut {
			t.Errorf("a stream was missed: %v", now.Err)
		}
		if _, err := r.Refresh(p.ada(0), key1); reasonOf(err) != auth.ReasonSignedOut {
			t.Errorf("a token was missed: %v", err)
		}
		if err := r.deny.Check(p.ada(0)); reasonOf(err) != auth.ReasonSignedOut {
			t.Errorf("not on the deny list: %v", err)
		}

		if n := r.SignOut(p.person("user_ada", "", -5, 1)); n != 1 || others[0].State().Err != nil || others[2].State().Err == nil {
			t.Errorf("template token: ended %d streams", n)
		}
	})
}

// Revoking a user ends all its sessions, and its streams without one.
func TestRevokeUser(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		streams := map[*Lease]auth.Reason{
			openLease(r, p.ada(0), key1):                             auth.ReasonUserDeleted,
			openLease(r, p.person("user_ada", "sess_2", 0, 3), key2): auth.ReasonUserDeleted,
			openLease(r, p.person("user_ada", "", 0, 1), ""):         auth.ReasonUserDeleted,
			openLease(r, p.bob(0), ""):                               "",
		}
		if n := r.Revoke(auth.Revocation{Issuer: "https://a", Subject: "user_ada", Reason: auth.ReasonUserDeleted}); n != 3 {
			t.Errorf("ended %d streams, want 3", n)
		}
		for l, want := range streams {
			if now := l.State(); reasonOf(now.Err) != want {
				t.Errorf("%v ended with %v, want %q", now.Identity, now.Err, want)
			}
			l.Close()
		}
	})
}

func TestClosedLeasesLeaveNothing(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		var all []*Lease
		for i := range 10 {
			all = append(all, openLease(r, p.ada(i), key1), openLease(r, p.ada(i), ""))
		}
		r.SignOut(p.bob(0))
		now := all[0].State()
		for _, l := range all {
			l.Close()
			l.Close()
		}
		if len(r.credentials)+len(r.byRefreshKey)+len(r.bySignIn)+len(r.byUser) != 0 {
			t.Errorf("left over: %d, %d, %d, %d", len(r.credentials), len(r.byRefreshKey), len(r.bySignIn), len(r.byUser))
		}
		if now != all[0].State() || isClosed(now.Changed()) {
			t.Error("closing is not a change")
		}
	})
}

// Readers, refreshes and a sign-out at once: every stream ends, none misses it.
func TestRefreshesAndSignOutAtOnce(t *testing.T) {
	inRegistry(t, Config{}, func(t *testing.T, r *Registry, p people) {
		var opened, ended sync.WaitGroup
		for range 50 {
			opened.Add(1)
			ended.Go(func() {
				l := openLease(r, p.ada(0), key1)
				defer l.Close()
				opened.Done()
				for now := l.State(); now.Err == nil; now = l.State() {
					if now.Identity.Subject != "user_ada" {
						t.Error("another caller")
					}
					<-now.Changed()
				}
			})
		}
		for i := range 20 {
			ended.Go(func() { _, _ = r.Refresh(p.ada(i), key1) })
		}
		opened.Wait()
		if n := r.SignOut(p.ada(30)); n != 50 {
			t.Errorf("ended %d streams, want 50", n)
		}
		ended.Wait()
		if len(r.credentials)+len(r.byRefreshKey)+len(r.bySignIn)+len(r.byUser) != 0 {
			t.Errorf("left over: %d credentials", len(r.credentials))
		}
	})
}

// A refresh or revocation on one replica reaches the streams of the others, and nobody else's.
func TestNoticesReachOtherReplicas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hub Hub
		p := people{time.Now()}
		newer := p.ada(20)
		replica := func() *Registry {
			r := NewRegistry(Config{Logger: quiet(), Exchange: hub.Join(), Verifier: verifierFunc(func(token string) (*auth.Identity, error) {
				if token != newer.Token() {
					return nil, auth.NewError(auth.ReasonMalformed, nil)
				}
				return newer, nil
			})})
			t.Cleanup(r.Close)
			return r
		}
		a, b := replica(), replica()
		mine, far := openLease(a, p.ada(0), key1), openLease(b, p.ada(0), key1)
		others := openLease(b, p.bob(0), key2)
		defer mine.Close()
		defer far.Close()
		defer others.Close()
		advance(20 * time.Second)
		if n, err := a.Refresh(newer, key1); n != 1 || err != nil {
			t.Errorf("refreshed %d, %v", n, err)
		}
		if far.State().Identity != newer {
			t.Error("the other replica's stream was not refreshed")
		}
		b.receive(Notice{Refresh: &Refresh{KeyHash: hashKey(key2), Token: newer.Token()}})
		if others.State().Identity == newer {
			t.Error("another user's stream was refreshed")
		}
		if n := a.Revoke(auth.Revocation{Issuer: "https://a", SessionID: "sess_ada", Reason: auth.ReasonSessionRevoked}); n != 1 {
			t.Errorf("ended %d", n)
		}
		if err := far.State().Err; reasonOf(err) != auth.ReasonSessionRevoked {
			t.Errorf("the other replica's stream: %v", err)
		}
		if err := b.deny.Check(p.ada(0)); reasonOf(err) != auth.ReasonSessionRevoked {
			t.Errorf("the other replica accepts the token: %v", err)
		}
		if err := others.State().Err; err != nil {
			t.Errorf("another user: %v", err)
		}
	})
}

type verifierFunc func(token string) (*auth.Identity, error)

func (f verifierFunc) Verify(_ context.Context, token string) (*auth.Identity, error) {
	return f(token)
}

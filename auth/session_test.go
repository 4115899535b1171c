package auth

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	key1 = strings.Repeat("1", 22)
	key2 = strings.Repeat("2", 22)
)

// person is an identity whose token was issued some seconds after the start.
func person(subject, sessionID string, issued int, claims byte) *Identity {
	iat := start.Add(time.Duration(issued) * time.Second)
	return &Identity{Issuer: "https://a", Subject: subject, SessionID: sessionID, IssuedAt: iat, ExpiresAt: iat.Add(time.Minute),
		cred: &credential{key: [32]byte{claims}}}
}

func ada(issued int) *Identity { return person("user_ada", "sess_ada", issued, 1) }

func isClosed(before <-chan struct{}) bool {
	select {
	case <-before:
		return true
	default:
		return false
	}
}

func TestSessionsRefresh(t *testing.T) {
	bob := func(issued int) *Identity { return person("user_bob", "sess_bob", issued, 2) }
	template := func(issued int, claims byte) *Identity { return person("user_ada", "", issued, claims) }
	type stream struct {
		id  *Identity
		key string
	}
	tests := []struct {
		name    string
		streams []stream
		id      *Identity
		key     string
		adopted []int // indexes of the streams that get the token
		count   int
		reason  Reason
	}{
		{"newer", []stream{{ada(0), key1}, {ada(5), key1}}, ada(50), key1, []int{0, 1}, 2, ""},
		{"other_key_untouched", []stream{{ada(0), key1}, {ada(0), key2}, {ada(0), ""}}, ada(50), key1, []int{0}, 1, ""},
		{"organization_switch", []stream{{ada(0), key1}}, person("user_ada", "sess_ada", 50, 9), key1, []int{0}, 1, ""},
		{"no_stream", nil, ada(50), key1, nil, 0, ""},
		{"anonymous_stream", []stream{{nil, key1}}, ada(50), key1, nil, 0, ""},
		{"equal", []stream{{ada(50), key1}, {ada(50), key1}}, ada(50), key1, nil, 2, ""},
		{"equal_and_older", []stream{{ada(50), key1}, {ada(0), key1}}, ada(50), key1, []int{1}, 2, ""},
		{"one_stream_has_newer", []stream{{ada(90), key1}, {ada(0), key1}}, ada(50), key1, []int{1}, 1, ""},
		{"superseded", []stream{{ada(90), key1}}, ada(50), key1, nil, 0, ReasonTokenSuperseded},
		{"same_expiry_other_claims", []stream{{ada(50), key1}}, person("user_ada", "sess_ada", 50, 9), key1, nil, 0, ReasonTokenSuperseded},
		{"other_user", []stream{{bob(0), key1}}, ada(50), key1, nil, 0, ReasonUserMismatch},
		{"other_user_too", []stream{{ada(0), key1}, {bob(0), key1}}, ada(50), key1, nil, 0, ReasonUserMismatch},
		{"other_session", []stream{{ada(0), key1}}, person("user_ada", "sess_new", 50, 1), key1, nil, 0, ReasonUserMismatch},
		{"template", []stream{{template(0, 1), key1}}, template(50, 1), key1, []int{0}, 1, ""},
		{"template_other_claims", []stream{{template(0, 1), key1}}, template(50, 2), key1, nil, 0, ReasonUserMismatch},
		{"template_for_session", []stream{{ada(0), key1}}, template(50, 1), key1, nil, 0, ReasonUserMismatch},
		{"without_identity", []stream{{ada(0), key1}}, nil, key1, nil, 0, ReasonNoCredentials},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSessions(newTestClock().Now)
			var opened []*Lease
			var signals []<-chan struct{}
			for _, st := range tt.streams {
				l := s.Open(st.id, st.key)
				defer l.Close()
				opened, signals = append(opened, l), append(signals, l.Changed())
			}
			count, err := s.Refresh(tt.id, tt.key)
			if count != tt.count || reasonOf(err) != tt.reason || (err == nil) != (tt.reason == "") {
				t.Errorf("got %d, %v", count, err)
			}
			want := map[int]bool{}
			for _, i := range tt.adopted {
				want[i] = true
			}
			for i, l := range opened {
				has := l.Identity() == tt.id
				if has != want[i] || isClosed(signals[i]) != want[i] || isClosed(l.Changed()) || l.Err() != nil {
					t.Errorf("stream %d: adopted %v, signalled %v, error %v", i, has, isClosed(signals[i]), l.Err())
				}
			}
		})
	}
}

func TestSessionsRefreshKey(t *testing.T) {
	s := NewSessions(newTestClock().Now)
	for _, tt := range []struct {
		length int
		weak   bool
	}{{0, true}, {21, true}, {22, false}, {256, false}, {257, true}} {
		key := strings.Repeat("k", tt.length)
		l := s.Open(ada(0), key)
		_, err := s.Refresh(ada(1), key)
		if errors.Is(err, ErrWeakRefreshKey) != tt.weak || errors.Is(CheckRefreshKey(key), ErrWeakRefreshKey) != tt.weak {
			t.Errorf("%d bytes: got %v", tt.length, err)
		}
		if l.keyed == tt.weak {
			t.Errorf("%d bytes: registered %v", tt.length, l.keyed)
		}
		l.Close()
	}
}

func TestSessionsSignOut(t *testing.T) {
	s := NewSessions(newTestClock().Now)
	mine := []*Lease{s.Open(ada(-5), key1), s.Open(ada(-9), "")}
	others := []*Lease{
		s.Open(person("user_ada", "sess_other", -5, 1), key1), s.Open(person("user_bob", "sess_bob", -5, 2), key2),
		s.Open(person("user_ada", "", -5, 1), ""), s.Open(nil, ""),
	}
	before := mine[0].Changed()
	if n := s.SignOut(ada(-5)); n != 2 {
		t.Errorf("ended %d streams, want 2", n)
	}
	for i, l := range mine {
		if reasonOf(l.Err()) != ReasonSignedOut || !isClosed(l.Changed()) {
			t.Errorf("stream %d: error %v", i, l.Err())
		}
	}
	if !isClosed(before) {
		t.Error("not signalled")
	}
	for i, l := range others {
		if l.Err() != nil || isClosed(l.Changed()) {
			t.Errorf("other stream %d ended: %v", i, l.Err())
		}
	}
	if n := s.SignOut(ada(-5)) + s.SignOut(nil); n != 0 {
		t.Errorf("ended %d streams again", n)
	}

	late := s.Open(ada(-1), key1) // verified before the sign-out, opened after it
	if reasonOf(late.Err()) != ReasonSignedOut || !isClosed(late.Changed()) {
		t.Errorf("a stream slipped through: %v", late.Err())
	}
	if _, err := s.Refresh(ada(0), key1); reasonOf(err) != ReasonSignedOut {
		t.Errorf("a token slipped through: %v", err)
	}
	if err := s.DenyList().Check(ada(0)); reasonOf(err) != ReasonSignedOut {
		t.Errorf("not on the deny list: %v", err)
	}

	if n := s.SignOut(person("user_ada", "", -5, 1)); n != 1 || others[0].Err() != nil || others[2].Err() == nil {
		t.Errorf("template token: ended %d streams", n)
	}
}

func TestSessionsForgetClosedStreams(t *testing.T) {
	s := NewSessions(newTestClock().Now)
	var all []*Lease
	for i := range 10 {
		all = append(all, s.Open(ada(i), key1))
	}
	s.SignOut(person("user_bob", "sess_bob", 0, 1))
	for _, l := range all {
		l.Close()
		l.Close()
	}
	if len(s.refresh) != 0 || len(s.bySession) != 0 {
		t.Errorf("left over: %d, %d", len(s.refresh), len(s.bySession))
	}
	if all[0].Err() != nil || isClosed(all[0].Changed()) {
		t.Error("closing is not a change")
	}
}

// Readers, refreshes and a sign-out at once: every stream ends, none misses it.
func TestSessionsConcurrently(t *testing.T) {
	s := NewSessions(func() time.Time { return start.Add(time.Hour) })
	var opened, ended sync.WaitGroup
	for range 50 {
		opened.Add(1)
		ended.Go(func() {
			l := s.Open(ada(0), key1)
			defer l.Close()
			opened.Done()
			for {
				signal := l.Changed()
				if l.Err() != nil {
					return
				}
				if l.Identity().Subject != "user_ada" {
					t.Error("another caller")
				}
				<-signal
			}
		})
	}
	for i := range 20 {
		ended.Go(func() { _, _ = s.Refresh(ada(i), key1) })
	}
	opened.Wait()
	if n := s.SignOut(ada(30)); n != 50 {
		t.Errorf("ended %d streams, want 50", n)
	}
	ended.Wait()
	if len(s.refresh) != 0 || len(s.bySession) != 0 {
		t.Errorf("left over: %d, %d", len(s.refresh), len(s.bySession))
	}
}

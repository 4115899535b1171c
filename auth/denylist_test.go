package auth

import (
	"testing"
	"time"
)

func TestDenyList(t *testing.T) {
	at := func(seconds int, change func(*Identity)) *Identity {
		id := &Identity{Issuer: "https://a", Subject: "user_a", SessionID: "sess_a", IssuedAt: start.Add(time.Duration(seconds) * time.Second)}
		if change != nil {
			change(id)
		}
		return id
	}
	template := func(id *Identity) { id.SessionID = "" }
	tests := []struct {
		name      string
		out, then *Identity
		refused   bool
	}{
		{"same_token", at(-10, nil), at(-10, nil), true},
		{"earlier_token", at(-10, nil), at(-30, nil), true},
		{"later_token_issued_before", at(-10, nil), at(-1, nil), true},
		{"issued_in_the_same_second", at(-10, nil), at(0, nil), true},
		{"issued_a_second_later", at(-10, nil), at(1, nil), false},
		{"issuer_clock_ahead", at(3, nil), at(3, nil), true},
		{"issuer_clock_ahead_later_token", at(3, nil), at(4, nil), false},
		{"other_session", at(-10, nil), at(-10, func(id *Identity) { id.SessionID = "sess_b" }), false},
		{"other_issuer", at(-10, nil), at(-10, func(id *Identity) { id.Issuer = "https://b" }), false},
		{"template_token", at(-10, template), at(-20, template), true},
		{"template_token_of_another_user", at(-10, template), at(-10, func(id *Identity) { template(id); id.Subject = "user_b" }), false},
		{"template_token_spares_sessions", at(-10, template), at(-10, nil), false},
		{"session_spares_template_tokens", at(-10, nil), at(-10, template), false},
		{"anonymous_later", at(-10, nil), nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := newTestClock()
			clock.advance(300 * time.Millisecond) // within a second
			d := NewDenyList(clock.Now)
			out := SignOut(tt.out)
			if out.IssuedUpTo.Before(clock.Now()) {
				out.IssuedUpTo = clock.Now()
			}
			d.Add(out)
			err := d.Check(tt.then)
			if refused := reasonOf(err) == ReasonSignedOut; refused != tt.refused || !refused && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Revocations of one session or user in any order, and more than once, refuse what each of them refuses.
func TestRevocationsMerge(t *testing.T) {
	session := Revocation{Issuer: "https://a", SessionID: "sess_1", Reason: ReasonSessionEnded}
	user := Revocation{Issuer: "https://a", Subject: "user_ada", Reason: ReasonUserBanned}
	template := Revocation{Issuer: "https://a", Subject: "user_ada", OneSignIn: true, Reason: ReasonSignedOut}
	for _, r := range []Revocation{session, user, template} {
		at := func(seconds int) Revocation {
			later := r
			later.IssuedUpTo = start.Add(time.Duration(seconds) * time.Second)
			return later
		}
		for _, order := range [][]int{{10, 0}, {0, 10}, {10, 0, 10, -3600}, {5, 10, 5}, {10, 10}, {-86400, 10, -86400}} {
			d := NewDenyList(newTestClock().Now)
			for _, seconds := range order {
				d.Add(at(seconds))
			}
			sid := map[bool]string{true: "", false: "sess_1"}[r.OneSignIn]
			if err := d.Check(person("user_ada", sid, 10)); reasonOf(err) != r.Reason {
				t.Errorf("%+v in the order %v: %v", r, order, err)
			}
			if err := d.Check(person("user_ada", sid, 11)); err != nil {
				t.Errorf("%+v in the order %v refuses a later token: %v", r, order, err)
			}
		}
	}
}

func TestDenialsLastAsLongAsTokens(t *testing.T) {
	clock := newTestClock()
	d := NewDenyList(clock.Now)
	d.cover(2 * time.Hour)
	d.cover(time.Minute) // another verifier's; must not shorten
	id := &Identity{Issuer: "https://a", SessionID: "sess_a", IssuedAt: start}
	d.Add(SignOut(id))
	clock.advance(2 * time.Hour)
	if err := d.Check(id); reasonOf(err) != ReasonSignedOut {
		t.Errorf("dropped while a token may be valid: %v", err)
	}
	clock.advance(clockLeeway)
	if err := d.Check(id); err != nil {
		t.Errorf("kept too long: %v", err)
	}
}

// person is an identity whose token was issued some seconds after the start.
func person(subject, sessionID string, issued int) *Identity {
	return &Identity{Issuer: "https://a", Subject: subject, SessionID: sessionID, IssuedAt: start.Add(time.Duration(issued) * time.Second)}
}

// Revoking a user refuses the tokens of all its sessions, and those without one.
func TestDenyListOfUsers(t *testing.T) {
	clock := newTestClock()
	d := NewDenyList(clock.Now)
	d.Add(Revocation{Issuer: "https://a", Subject: "user_ada", IssuedUpTo: start, Reason: ReasonUserDeleted})
	d.Add(Revocation{Issuer: "https://a", SessionID: "sess_bob", IssuedUpTo: start, Reason: ReasonSessionRevoked})
	for _, tt := range []struct {
		id     *Identity
		reason Reason
	}{
		{person("user_ada", "sess_1", 0), ReasonUserDeleted},
		{person("user_ada", "", -5), ReasonUserDeleted},
		{person("user_ada", "sess_bob", 0), ReasonSessionRevoked},
		{person("user_ada", "sess_1", 1), ""},
		{person("user_bob", "sess_2", 0), ""},
	} {
		if err := d.Check(tt.id); reasonOf(err) != tt.reason {
			t.Errorf("%v: got %v, want %q", tt.id, err, tt.reason)
		}
	}
}

package nats

import (
	"testing"
	"time"
)

func noted(n byte, at time.Time) message {
	return message{ID: id{n}, From: id{99}, At: at, Notice: ticket}
}

func TestRecentNotices(t *testing.T) {
	r := newRecent()
	if !r.add(noted(1, moment), moment) || r.add(noted(1, moment), moment) {
		t.Error("a notice must be new once")
	}
	revoked := message{ID: id{2}, At: moment, Notice: revocation}
	r.add(revoked, moment)
	r.add(message{ID: id{3}, At: moment.Add(time.Second), Notice: refresh}, moment.Add(time.Second))
	for _, test := range []struct {
		from, now time.Duration
		want      int
	}{{0, 0, 3}, {time.Second, time.Second, 1}, {0, keepTickets, 3}, {0, keepTickets + time.Second, 2}, {0, keepRevocations, 1}, {0, keepRevocations + 1, 0}} {
		if got := r.since(moment.Add(test.from), moment.Add(test.now)); len(got) != test.want {
			t.Errorf("since %v at %v: %d, want %d", test.from, test.now, len(got), test.want)
		}
	}
}

// A repeated notice keeps its time, so that replicas do not keep it longer by sending it to each other.
func TestRecentNoticesAreDropped(t *testing.T) {
	r := newRecent()
	now := moment
	for range 5 {
		r.add(noted(1, moment), now)
		now = now.Add(keepTickets / 2)
	}
	if got := r.since(time.Time{}, now); len(got) != 0 {
		t.Errorf("%d kept", len(got))
	}
	r.add(noted(2, now.Add(24*time.Hour)), now) // whose clock is ahead
	if got := r.since(time.Time{}, now.Add(keepTickets+1)); len(got) != 0 {
		t.Errorf("%d kept", len(got))
	}
	if r.add(noted(2, now.Add(24*time.Hour)), now.Add(23*time.Hour)) {
		t.Error("a notice whose replica's clock is ahead is new again")
	}
	if r.tickets.messages.Len() != 1 { // the id of that notice
		t.Errorf("%d ids left", r.tickets.messages.Len())
	}
}

// Each kind of message is new once, and not at all when it is older than it is kept.
func TestMessagesAreNewOnce(t *testing.T) {
	recall := message{ID: id{7}, At: moment, Recall: true}
	for _, test := range []struct {
		m    message
		keep time.Duration
	}{
		{message{ID: id{4}, At: moment, Notice: revocation}, 24 * time.Hour}, {message{ID: id{5}, At: moment, Notice: refresh}, time.Minute},
		{noted(6, moment), time.Minute}, {recall, time.Minute},
	} {
		for _, late := range []time.Duration{-time.Hour, -time.Second, 0, test.keep / 2, test.keep} {
			r := newRecent()
			if !r.add(test.m, moment.Add(late)) {
				t.Errorf("%+v is not new after %v", test.m, late)
			}
			for again := moment.Add(late); again.Before(moment.Add(3 * test.keep)); again = again.Add(test.keep / 3) {
				if r.add(test.m, again) {
					t.Errorf("%+v is new again after %v", test.m, again.Sub(moment))
				}
			}
		}
		for _, late := range []time.Duration{1, time.Second, 100 * time.Hour} {
			if newRecent().add(test.m, moment.Add(test.keep+late)) {
				t.Errorf("%+v is new when it is too old by %v", test.m, late)
			}
		}
	}
}

func TestExpiringSetIsBounded(t *testing.T) {
	s := newExpiringSet(2, time.Hour)
	for i := byte(1); i <= 3; i++ {
		s.add(noted(i, moment), moment)
	}
	if got := s.messages.Values(moment); len(got) != 2 || got[0].ID != (id{2}) || s.messages.Len() != 2 {
		t.Errorf("%+v", got)
	}
	if !s.add(noted(1, moment), moment) {
		t.Error("what was dropped is not new")
	}
}

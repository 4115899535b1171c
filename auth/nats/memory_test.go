package nats

import (
	"testing"
	"time"
)

func noted(n byte, at time.Time) message {
	return message{ID: id{n}, From: id{99}, At: at, Notice: ticket}
}

func TestMemory(t *testing.T) {
	m := newMemory()
	if !m.add(noted(1, moment), moment) || m.add(noted(1, moment), moment) {
		t.Error("a notice is not new once")
	}
	revoked := message{ID: id{2}, At: moment, Notice: revocation}
	m.add(revoked, moment)
	m.add(message{ID: id{3}, At: moment.Add(time.Second), Notice: refresh}, moment.Add(time.Second))
	for _, test := range []struct {
		from, now time.Duration
		want      int
	}{{0, 0, 3}, {time.Second, time.Second, 1}, {0, rememberTickets, 3}, {0, rememberTickets + time.Second, 2}, {0, rememberRevocations, 1}, {0, rememberRevocations + 1, 0}} {
		if got := m.since(moment.Add(test.from), moment.Add(test.now)); len(got) != test.want {
			t.Errorf("since %v at %v: %d, want %d", test.from, test.now, len(got), test.want)
		}
	}
}

// A repeated notice keeps its time, so that replicas do not keep each other's memory alive.
func TestMemoryForgets(t *testing.T) {
	m := newMemory()
	now := moment
	for range 5 {
		m.add(noted(1, moment), now)
		now = now.Add(rememberTickets / 2)
	}
	if got := m.since(time.Time{}, now); len(got) != 0 {
		t.Errorf("%d remembered", len(got))
	}
	m.add(noted(2, now.Add(24*time.Hour)), now) // of a clock that is ahead
	if got := m.since(time.Time{}, now.Add(rememberTickets+1)); len(got) != 0 {
		t.Errorf("%d remembered", len(got))
	}
	if len(m.tickets.known) != 0 {
		t.Errorf("%d ids left", len(m.tickets.known))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := newShelf(2, time.Hour)
	for i := byte(1); i <= 3; i++ {
		s.add(noted(i, moment), moment)
	}
	if len(s.order) != 2 || s.order[0].ID != (id{2}) || len(s.known) != 2 {
		t.Errorf("%+v", s)
	}
	if !s.add(noted(1, moment), moment) {
		t.Error("what was pushed out is not new")
	}
}

package call_test

import (
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// A user counts wherever the calls come from; an anonymous caller by the network of the address, or, behind one that hides its clients',
// by the connection.
func TestCallerOf(t *testing.T) {
	t.Parallel()
	l := &call.Limits{Hides: func(address string) bool { return address == "10.0.0.1" }}
	ada := &auth.Identity{Issuer: "https://a.test", Subject: "ada"}
	for _, tt := range []struct {
		address, peer string
		id            *auth.Identity
		want          string
	}{
		{"10.0.0.1", "10.0.0.1:40", ada, "user https://a.test ada"},
		{"192.0.2.1", "192.0.2.1:40", nil, "address 192.0.2.1"},
		{"2001:db8::1:2:3:4", "[2001:db8::1:2:3:4]:40", nil, "address 2001:db8::/64"},
		{"10.0.0.1", "10.0.0.1:40", nil, "connection 10.0.0.1:40"},
		{"10.0.0.1", "10.0.0.9:40", nil, "address 10.0.0.1"}, // by X-Forwarded-For
	} {
		if got := l.CallerOf(&call.Call{Address: tt.address, Peer: tt.peer}, tt.id); got != tt.want {
			t.Errorf("%s at %s: %q, want %q", tt.address, tt.peer, got, tt.want)
		}
	}
}

// What an admitted call has taken is given back once; one that is refused has taken nothing.
func TestAdmit(t *testing.T) {
	t.Parallel()
	l := &call.Limits{
		Budget: limit.NewBudget(100, 100, call.ErrOverloaded), Unary: limit.NewPlaces(1, 0, call.ErrTooManyCalls, call.ErrOverloaded),
	}
	var first, second call.Call
	if err := l.Admit(&first, "ada", call.Unary, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := first.Hold.Take(60); err != nil {
		t.Fatal(err)
	}
	if err := l.Admit(&second, "ada", call.Unary, time.Now()); err == nil || second.Hold != nil || second.Caller() != "ada" {
		t.Errorf("the second call: %v, hold %v", err, second.Hold)
	}
	second.Release()
	if n := l.Unary.Taken(); n != 1 {
		t.Errorf("%d places are taken", n)
	}
	for range 2 {
		first.Release()
	}
	if l.Unary.Taken() != 0 || l.Budget.Held() != 0 || l.Budget.Callers() != 0 {
		t.Errorf("%d places, %d bytes, %d callers", l.Unary.Taken(), l.Budget.Held(), l.Budget.Callers())
	}
}

package lease

import (
	"sync"
	"time"

	"convexgateway/auth"
)

// Exchange passes notices between the replicas of a gateway. Each replica acts on what it hears itself at once; the
// exchange tells the others, at least once, in no particular order.
type Exchange interface {
	// Publish tells the other replicas. It does not wait for them, and may be called concurrently.
	Publish(Notice)
	// Subscribe has hear called with each notice of another replica, until stop is called; not after it has returned.
	Subscribe(hear func(Notice)) (stop func())
}

// Notice is what replicas tell each other. Exactly one field is set; a replica ignores what it does not know.
type Notice struct {
	Revocation *auth.Revocation `json:",omitempty"`
	Refresh    *Refresh         `json:",omitempty"`
	Ticket     *UsedTicket      `json:",omitempty"`
}

// Refresh is a newer token for the streams with a refresh key. Whoever carries it must keep it secret.
type Refresh struct {
	Secret [32]byte // SHA-256 of the refresh key
	Token  string
}

// UsedTicket is a one-time ticket that has been used.
type UsedTicket struct {
	ID    [16]byte
	Until time.Time // it is void from then on by itself
}

// Hub is an exchange between replicas in one process.
type Hub struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

// Join returns one replica's end of the hub.
func (h *Hub) Join() Exchange { return &member{h} }

type member struct{ hub *Hub }

type listener struct {
	member *member
	hear   func(Notice)
}

// Publish implements [Exchange]. It returns when the others have heard.
func (m *member) Publish(n Notice) {
	m.hub.mu.Lock()
	defer m.hub.mu.Unlock()
	for l := range m.hub.listeners {
		if l.member != m {
			l.hear(n)
		}
	}
}

// Subscribe implements [Exchange].
func (m *member) Subscribe(hear func(Notice)) (stop func()) {
	l := &listener{m, hear}
	m.hub.mu.Lock()
	defer m.hub.mu.Unlock()
	if m.hub.listeners == nil {
		m.hub.listeners = map[*listener]struct{}{}
	}
	m.hub.listeners[l] = struct{}{}
	return func() {
		m.hub.mu.Lock()
		defer m.hub.mu.Unlock()
		delete(m.hub.listeners, l)
	}
}

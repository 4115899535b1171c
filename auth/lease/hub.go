package lease

import "sync"

// Hub is an exchange between replicas in one process. Safe for concurrent use.
type Hub struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

type listener struct {
	member  *member
	receive func(Notice)
}

// member is one replica's end of a hub.
type member struct{ hub *Hub }

// Join returns one replica's end of the hub.
func (h *Hub) Join() Exchange { return &member{h} }

// Publish implements [Exchange]. It returns when the others have handled the notice.
func (m *member) Publish(n Notice) {
	m.hub.mu.Lock()
	defer m.hub.mu.Unlock()
	for l := range m.hub.listeners {
		if l.member != m {
			l.receive(n)
		}
	}
}

// Subscribe implements [Exchange].
func (m *member) Subscribe(receive func(Notice)) (stop func()) {
	l := &listener{m, receive}
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

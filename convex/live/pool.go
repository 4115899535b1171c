package live

import (
	"context"
	"slices"

	"convexgateway/convex"
)

const (
	defaultMutationSockets = 32
	// maxPooled is how many mutations one socket of a pool may have: they run one after the other.
	maxPooled = 8
)

// pool is the sockets for mutations with keys of callers whose mutations have no order. Each is a session without subscribers. The client's mu
// guards it.
type pool struct {
	client  *Client
	members map[convex.Identity][]*member
	freed   chan struct{} // closed when a mutation has ended; nil unless somebody waits
}

// member is one session of a pool.
type member struct {
	session *session
	running int // mutations
}

// take returns the session of an identity that runs the fewest mutations, a new one where all run some and there may be more, with a
// place for one. It waits for a place.
func (p *pool) take(ctx context.Context, identity convex.Identity) (s *session, free func(), err error) {
	for {
		m, freed, err := p.find(identity)
		if m != nil || err != nil {
			return p.taken(m, err)
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, nil, ErrQueueFull
		}
	}
}

func (p *pool) taken(m *member, err error) (*session, func(), error) {
	if err != nil {
		return nil, nil, err
	}
	return m.session, func() { p.free(m) }, nil
}

// find finds a member with a place; if there is none, freed is closed when that may have changed.
func (p *pool) find(identity convex.Identity) (m *member, freed chan struct{}, err error) {
	c := p.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, nil, ErrClosed
	}
	members := p.members[identity]
	for _, other := range members {
		if m == nil || other.running < m.running {
			m = other
		}
	}
	if (m == nil || m.running > 0) && len(members) < c.opts.MutationSockets {
		if added := p.add(identity); added != nil {
			m = added
		}
	}
	switch {
	case m == nil:
		return nil, nil, ErrTooManySessions
	case m.running >= maxPooled:
		if p.freed == nil {
			p.freed = make(chan struct{})
		}
		return nil, p.freed, nil
	}
	m.running++
	m.session.joining.Add(1)
	return m, nil, nil
}

// add opens one more; nil if there are too many sockets. The caller holds mu.
func (p *pool) add(identity convex.Identity) *member {
	c := p.client
	if !c.hasSocket() && (len(p.members[identity]) > 0 || !c.makeRoom()) {
		return nil
	}
	c.others++
	m := &member{session: c.newSession(identity, convex.RandomUUID(), 1)}
	m.session.retire = func() bool { return p.remove(m, identity) }
	p.members[identity] = append(p.members[identity], m)
	return m
}

// remove takes out a member that runs nothing.
func (p *pool) remove(m *member, identity convex.Identity) bool {
	c := p.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.running > 0 {
		return false
	}
	p.members[identity] = slices.DeleteFunc(p.members[identity], func(other *member) bool { return other == m })
	if len(p.members[identity]) == 0 {
		delete(p.members, identity)
	}
	c.others--
	return true
}

// free notes that a mutation has ended.
func (p *pool) free(m *member) {
	p.client.mu.Lock()
	defer p.client.mu.Unlock()
	m.running--
	p.wake()
}

// wake wakes those that wait. The caller holds mu.
func (p *pool) wake() {
	if p.freed != nil {
		close(p.freed)
		p.freed = nil
	}
}

// dedicatedSession returns a session of its own for one mutation.
func (c *Client) dedicatedSession(identity convex.Identity, sessionID string) (s *session, free func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.sessions == nil:
		return nil, nil, ErrClosed
	case !c.hasSocket():
		return nil, nil, ErrTooManySessions
	}
	c.others++
	s = c.newSession(identity, sessionID, 1)
	s.retire = func() bool { return false } // free ends it
	s.joining.Add(1)
	return s, func() {
		s.cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.others--
	}, nil
}

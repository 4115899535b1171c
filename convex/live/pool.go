package live

import (
	"context"
	"slices"
	"time"

	"convexgateway/convex"
)

const (
	defaultMutationSockets = 32
	// maxPooled is how many mutations one socket of a pool may have: they run one after the other, and the second is on its way meanwhile.
	maxPooled = 2
	// connectPatience is how long a member may be without its socket before those with theirs are used alone.
	connectPatience = time.Second
)

// pool is the sockets for mutations with keys of callers whose mutations have no order. Each is a session without subscribers. The client's mu
// guards it.
type pool struct {
	client  *Client
	members map[convex.Identity][]*member
	lines   map[convex.Identity]*line // of those who wait; none is empty
}

// member is one session of a pool.
type member struct {
	session *session
	running int // mutations, with abandoned ones while they are on its socket
	left    int // of those: abandoned
}

// line is who waits for a place: callers take turns, each with its calls in their order.
type line struct {
	turns   []string // callers that wait, the next one first
	waiting map[string][]*waiter
}

// waiter is one mutation that waits.
type waiter struct {
	key   *convex.RequestKey
	place chan *member // one slot; sent to by serve, received by its take; closed when the client closes
}

// take returns the member of an identity that runs the fewest mutations, a new one where all run some and there may be more, with a place
// for one. It waits for a place, in turn with other callers.
func (p *pool) take(ctx context.Context, identity convex.Identity, call convex.Call) (*member, error) {
	m, w, err := p.find(identity, call)
	if m != nil || err != nil {
		return m, err
	}
	select {
	case m = <-w.place:
		if m == nil {
			return nil, ErrClosed
		}
		return m, nil
	case <-ctx.Done():
		p.leave(identity, call.Caller, w)
		return nil, ErrQueueFull
	}
}

// find finds a member with a place, or joins the line.
func (p *pool) find(identity convex.Identity, call convex.Call) (m *member, w *waiter, err error) {
	c := p.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, nil, ErrClosed
	}
	l := p.lines[identity]
	if l == nil {
		if m = p.place(identity, call.Key); m != nil {
			return m, nil, nil
		}
		if len(p.members[identity]) == 0 {
			return nil, nil, ErrTooManySessions
		}
		l = &line{waiting: map[string][]*waiter{}}
		p.lines[identity] = l
	}
	return nil, l.add(call), nil
}

// add lets a mutation wait.
func (l *line) add(call convex.Call) *waiter {
	w := &waiter{key: call.Key, place: make(chan *member, 1)}
	if len(l.waiting[call.Caller]) == 0 {
		l.turns = append(l.turns, call.Caller)
	}
	l.waiting[call.Caller] = append(l.waiting[call.Caller], w)
	return w
}

// remove takes one out. It reports false if it does not wait any more.
func (l *line) remove(caller string, w *waiter) bool {
	i := slices.Index(l.waiting[caller], w)
	if i < 0 {
		return false
	}
	if l.waiting[caller] = slices.Delete(l.waiting[caller], i, i+1); len(l.waiting[caller]) == 0 {
		delete(l.waiting, caller)
		l.turns = slices.DeleteFunc(l.turns, func(other string) bool { return other == caller })
	}
	return true
}

// next is whose turn it is.
func (l *line) next() (caller string, w *waiter) { return l.turns[0], l.waiting[l.turns[0]][0] }

// take takes out whose turn it is; its caller's next call is behind those of the others.
func (l *line) take() {
	caller, w := l.next()
	l.remove(caller, w)
	if len(l.waiting[caller]) > 0 {
		l.turns = append(l.turns[1:], caller)
	}
}

// place takes a place for a mutation; nil if there is none. The caller holds mu.
func (p *pool) place(identity convex.Identity, key *convex.RequestKey) *member {
	best := p.least(identity)
	if best == nil || best.running > 0 {
		if added := p.add(identity, key); added != nil {
			best = added
		}
	}
	if best == nil || p.client.opts.DedicatedSockets && best.running > 0 {
		return nil
	}
	best.running++
	best.session.joining.Add(1)
	return best
}

// least is the member with a place that runs the fewest mutations; nil if none has a place. While others have their sockets, one that is
// without may have one mutation, and none if that takes long: it would fail all of them at once. The caller holds mu.
func (p *pool) least(identity convex.Identity) (best *member) {
	members := p.members[identity]
	connected := slices.ContainsFunc(members, func(m *member) bool { return m.session.downSince.Load() == 0 })
	for _, m := range members {
		room := maxPooled
		if since := m.session.downSince.Load(); since != 0 && connected {
			room = 1
			if time.Since(time.Unix(0, since)) > connectPatience {
				room = 0
			}
		}
		if m.running < room && (best == nil || m.running < best.running) {
			best = m
		}
	}
	return best
}

// add opens one more; nil if there may be none. A dedicated one has the session of its key. The caller holds mu.
func (p *pool) add(identity convex.Identity, key *convex.RequestKey) *member {
	c, id := p.client, convex.RandomUUID()
	if c.opts.DedicatedSockets {
		id = key.SessionID
	}
	members := p.members[identity]
	if len(members) >= c.opts.MutationSockets || !c.hasSocket() && (len(members) > 0 || !c.makeRoom()) {
		return nil
	}
	c.others++
	m := &member{session: c.newSession(identity, id, 1)}
	m.session.retire = func() bool { return p.retire(m) }
	p.members[identity] = append(members, m)
	return m
}

// retire takes out a member that runs nothing for anybody.
func (p *pool) retire(m *member) bool {
	p.client.mu.Lock()
	defer p.client.mu.Unlock()
	if m.running > m.left {
		return false
	}
	p.remove(m)
	return true
}

// remove takes out a member. The caller holds mu.
func (p *pool) remove(m *member) {
	identity := m.session.credentials.identity
	before := len(p.members[identity])
	p.members[identity] = slices.DeleteFunc(p.members[identity], func(other *member) bool { return other == m })
	if len(p.members[identity]) < before {
		p.client.others--
	}
	if len(p.members[identity]) == 0 {
		delete(p.members, identity)
	}
}

// free notes that a mutation has ended. A dedicated member ends with it.
func (p *pool) free(m *member) {
	c := p.client
	c.mu.Lock()
	defer c.mu.Unlock()
	m.running--
	if c.opts.DedicatedSockets {
		m.session.cancel()
		p.remove(m)
	}
	if c.sessions != nil {
		p.serve(m.session.credentials.identity)
	}
}

// abandon notes that nobody waits for a mutation that is on a socket still; freeAbandoned follows. The session may end before.
func (p *pool) abandon(m *member) {
	p.client.mu.Lock()
	defer p.client.mu.Unlock()
	m.left++
}

// freeAbandoned notes that it has left its socket.
func (p *pool) freeAbandoned(m *member) {
	p.client.mu.Lock()
	m.left--
	p.client.mu.Unlock()
	p.free(m)
}

// serve gives places to those who wait. The caller holds mu.
func (p *pool) serve(identity convex.Identity) {
	l := p.lines[identity]
	for l != nil && len(l.turns) > 0 {
		_, w := l.next()
		m := p.place(identity, w.key)
		if m == nil {
			return
		}
		l.take()
		w.place <- m
	}
	delete(p.lines, identity)
}

// leave takes out one who waits, and gives back a place that it got meanwhile.
func (p *pool) leave(identity convex.Identity, caller string, w *waiter) {
	p.client.mu.Lock()
	l := p.lines[identity]
	waits := l != nil && l.remove(caller, w)
	if waits && len(l.turns) == 0 {
		delete(p.lines, identity)
	}
	p.client.mu.Unlock()
	if waits {
		return
	}
	if m := <-w.place; m != nil { // nil if the client was closed
		m.session.loop.post(func() { // as a run would do
			m.session.joining.Add(-1)
			m.session.lingerIfIdle()
		})
		p.free(m)
	}
}

// close sends away those who wait. The caller holds mu.
func (p *pool) close() {
	for _, l := range p.lines {
		for _, waiting := range l.waiting {
			for _, w := range waiting {
				close(w.place)
			}
		}
	}
	clear(p.lines)
}

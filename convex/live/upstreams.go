package live

import (
	"hash/maphash"
	"iter"

	"convexgateway/convex"
)

const (
	defaultSockets          = 3 // of an identity
	defaultAnonymousSockets = 8 // of the anonymous callers, who have one identity
	// leastSockets is with how many sockets slow queries and those that may be poison go to sockets of their own: the first, one for
	// slow queries, and one for trials.
	leastSockets = 3
)

// socketsOf is how many sockets an identity may have.
func (o *Options) socketsOf(identity convex.Identity) int {
	switch {
	case o.SocketsPerIdentity > 0:
		return o.SocketsPerIdentity
	case identity == convex.Identity{}:
		return defaultAnonymousSockets
	}
	return defaultSockets
}

// upstreams are those of a session: the first, which is always there, and others, which are opened when there is something to put on
// them. The others have places: the first half is for slow queries, the rest for trials.
type upstreams struct {
	first  *upstream
	others []*upstream // by place; nil where there is none
	size   int         // how many there may be, with the first
}

// all are those that are there, the first one first.
func (us *upstreams) all() iter.Seq[*upstream] {
	return func(yield func(*upstream) bool) {
		if !yield(us.first) {
			return
		}
		for _, u := range us.others {
			if u != nil && !yield(u) {
				return
			}
		}
	}
}

// separate reports whether there are sockets for slow queries and for trials.
func (us *upstreams) separate() bool { return us.size >= leastSockets }

// slowPlaces is how many of the places are for slow queries.
func (us *upstreams) slowPlaces() int { return (us.size - 1) / 2 }

// callerSeed makes the place of a caller's slow queries differ between processes.
var callerSeed = maphash.MakeSeed()

// slowPlace is that of a caller's slow queries: they share a socket, so that they delay each other first.
func (us *upstreams) slowPlace(caller string) int {
	return int(maphash.String(callerSeed, caller) % uint64(us.slowPlaces()))
}

// openUpstream returns the upstream at a place, a new one if there is none; nil if no more sockets may be opened.
func (s *session) openUpstream(place int) *upstream {
	us := &s.upstreams
	if us.others == nil {
		us.others = make([]*upstream, us.size-1)
	}
	if us.others[place] == nil {
		if !s.takeSocket() {
			return nil
		}
		u := newUpstream(s)
		u.status = us.first.status
		u.status.Link = Connecting
		u.machine.Narrow()
		us.others[place] = u
	}
	return us.others[place]
}

// closeUpstream closes one that is not the first.
func (s *session) closeUpstream(u *upstream) {
	for place, other := range s.upstreams.others {
		if other == u {
			s.upstreams.others[place] = nil
			stop(u.lingering)
			u.link.drop("")
			u.close()
			s.freeSocket()
		}
	}
}

package live

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// A transition may bring the results of all queries of a socket at once, so that their sum is bounded. Where it is large, the largest go to
// their callers' slow sockets: what they take on the way delays the others, too.

// ErrTooManyBytes ends a query for whose result there is no room on a socket of its identity.
var ErrTooManyBytes = errors.New("convex: the live results of one identity are too many bytes")

const (
	heavySocket = 64 << 20  // bytes of results from which the first socket's largest move to another
	fullSocket  = 192 << 20 // bytes of results that a socket may have: a message of the deployment may have 256 MiB
)

// lighten has results of a socket go where they delay fewer, or end, if they are too many bytes.
func (u *upstream) lighten() {
	s := u.session
	bytes := u.machine.ResultBytes()
	if bytes <= s.opts.heavySocket || u.trial != nil {
		return
	}
	first := u == s.upstreams.first && s.upstreams.separate()
	if !first && bytes <= s.opts.fullSocket {
		return
	}
	largest := u.largest()
	if first {
		var moving []*sharedQuery
		for _, q := range largest {
			if bytes <= s.opts.heavySocket/2 {
				break
			}
			if q.primary != nil {
				continue // it ends when its groups have moved
			}
			bytes -= q.resultBytes()
			if q.next == nil && q.speed.set == nil {
				moving = append(moving, q)
			}
		}
		s.separateHeavy(moving)
		bytes = u.machine.ResultBytes()
	}
	for _, q := range largest {
		if bytes <= s.opts.fullSocket {
			return
		}
		bytes -= q.resultBytes()
		s.endings = append(s.endings, endOf{q, ErrTooManyBytes})
	}
}

// largest are the queries that it serves or that move to it, those of the caller with most bytes first, and of each the largest first.
func (u *upstream) largest() []*sharedQuery {
	callers := map[string]int{}
	queries := make([]*sharedQuery, 0, len(u.queries))
	for _, q := range u.queries {
		callers[q.caller] += q.resultBytes()
		queries = append(queries, q)
	}
	for _, q := range u.arriving {
		callers[q.caller] += q.resultBytes()
		queries = append(queries, q)
	}
	slices.SortFunc(queries, func(a, b *sharedQuery) int {
		return cmp.Or(
			cmp.Compare(callers[b.caller], callers[a.caller]), cmp.Compare(a.caller, b.caller),
			cmp.Compare(b.resultBytes(), a.resultBytes()), cmp.Compare(a.id, b.id),
		)
	})
	return queries
}

func (q *sharedQuery) resultBytes() int {
	if result := q.at.machine.Result(q.id); result != nil {
		return len(result.Value)
	}
	return 0
}

// separateHeavy moves queries to their callers' slow sockets, where they stay.
func (s *session) separateHeavy(queries []*sharedQuery) {
	for place, list := range s.byPlace(queries) {
		u := s.openUpstream(place)
		if u == nil {
			continue
		}
		for _, q := range list {
			q.speed = speed{slowSince: time.Now(), heavy: true}
		}
		s.move(list, u)
	}
}

package live

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/websocket"
)

// What the deployment cannot bear ends the socket of all, and it does not say whose it was. Everything that was sent and
// not answered when a socket ended so is suspect. A new socket starts without the suspects; when it is up they are sent
// one at a time, each when the one before is answered. The one after which the socket ends again is guilty.

// maxStrikes is how many sockets in a row may end over something before it is suspect, and again before it is guilty,
// where the deployment does not say that the client is wrong: it may have trouble of its own.
const maxStrikes = 2

// verdict is what the end of a socket tells.
type verdict struct {
	queries  []queryID  // guilty; still in the query set
	requests []*request // guilty; still pending
	all      bool       // the deployment takes not even a socket without anything on it
}

// judge looks at what was on a socket that the deployment has just ended, before it is forgotten. fatal is whether the
// deployment says that the client is wrong. It marks suspects, and returns who is guilty.
func judge(qs *querySet, rq *requestQueue, fatal bool) (v verdict) {
	requests := rq.underWay()
	switch count := len(qs.unanswered) + len(requests); {
	case !fatal:
		return strike(qs, rq, count == 1)
	case count > 1:
		qs.suspectUnanswered(len(requests) > 0)
		for _, r := range requests {
			r.suspect = true
		}
	case count == 1:
		v.queries, v.requests = slices.Collect(maps.Keys(qs.unanswered)), requests
	case len(qs.suspects) == len(qs.queries):
		v.all = true
	default:
		qs.suspectAll()
	}
	return v
}

// strike counts the end of a socket against what was on it for the first time. What was on it alone and repeatedly, while
// the rest was well, is guilty. Queries that the deployment has answered to before are not: it is itself in trouble.
func strike(qs *querySet, rq *requestQueue, alone bool) (v verdict) {
	others := len(qs.queries)+len(rq.pending) > 1
	for _, id := range slices.Sorted(maps.Keys(qs.unanswered)) {
		switch q := qs.queries[id]; {
		case q.suspect:
			if qs.rotate(q) {
				v.queries = append(v.queries, id)
			}
		case !q.proven:
			if q.strikes++; q.strikes >= maxStrikes && others {
				qs.suspectOne(id)
			}
		}
	}
	for _, r := range rq.underWay() {
		r.strikes++
		switch {
		case r.strikes < maxStrikes || r.kind == convex.Action:
		case !r.suspect:
			r.suspect, r.strikes = true, 0
		case alone:
			v.requests = append(v.requests, r)
		}
	}
	return v
}

// isolating reports whether there are queries that are kept apart.
func (qs *querySet) isolating() bool { return len(qs.suspects) > 0 }

// try sends the next suspect when everything else on the socket is answered.
func (qs *querySet) try() [][]byte {
	if !qs.isolating() || !qs.confirmed() {
		return nil
	}
	id := qs.suspects[0]
	return [][]byte{qs.modify([]queryModification{qs.queries[id].add(id)})}
}

// prove notes what the deployment has answered to, and returns the suspect if it is among it.
func (qs *querySet) prove() (acquitted []queryID) {
	for id, q := range qs.unanswered {
		if q.sentIn > qs.remote.QuerySet {
			continue
		}
		delete(qs.unanswered, id)
		if q.suspect {
			acquitted = append(acquitted, id)
			qs.suspects = slices.DeleteFunc(qs.suspects, func(other queryID) bool { return other == id })
		}
		q.proven, q.suspect, q.strikes = true, false, 0
	}
	return acquitted
}

// suspectUnanswered suspects the queries that were not answered on this socket: the newcomers or, if there are none and
// others are not suspect either, all of them.
func (qs *querySet) suspectUnanswered(others bool) {
	ids := slices.Sorted(maps.Keys(qs.unanswered))
	newcomers := slices.DeleteFunc(slices.Clone(ids), func(id queryID) bool { return qs.queries[id].proven })
	if others || len(newcomers) > 0 {
		ids = newcomers
	}
	for _, id := range ids {
		qs.suspectOne(id)
	}
}

func (qs *querySet) suspectAll() {
	for _, id := range slices.Sorted(maps.Keys(qs.queries)) {
		qs.suspectOne(id)
	}
}

func (qs *querySet) suspectOne(id queryID) {
	q := qs.queries[id]
	if !q.suspect {
		qs.suspects = append(qs.suspects, id)
	}
	q.suspect, q.proven, q.strikes = true, false, 0
}

// rotate puts a suspect behind the others, and counts this against it if others were well on the same socket.
func (qs *querySet) rotate(q *liveQuery) (guilty bool) {
	qs.suspects = append(qs.suspects[1:], qs.suspects[0])
	if len(qs.queries) > len(qs.suspects) {
		q.strikes++
	}
	return q.strikes >= maxStrikes
}

// underWay are the requests that were sent on this socket and are not answered.
func (rq *requestQueue) underWay() (list []*request) {
	for _, r := range rq.pending {
		if r.onSocket && r.answered == nil {
			list = append(list, r)
		}
	}
	return list
}

// isolating reports whether there are requests that are sent one at a time.
func (rq *requestQueue) isolating() bool {
	return slices.ContainsFunc(rq.pending, func(r *request) bool { return r.suspect && r.answered == nil })
}

// convictedFor is how long those who ask for a query that was found guilty are told so at once.
const convictedFor = time.Minute

// condemned ends the socket, which the deployment has given up, and those who are guilty of it. err is what they are told.
func (s *session) condemned(reason string, fatal bool, err error) {
	v := judge(s.set, &s.requests, fatal)
	s.dropSocket(reason)
	for _, id := range v.queries {
		s.convict(s.byID[id], err)
	}
	s.requests.fail(err, func(r *request) bool { return v.all || slices.Contains(v.requests, r) })
	if v.all {
		s.endAll(err)
		for _, q := range s.queries {
			s.forget(q) // whatever was wrong must not meet those who come next
		}
	}
	s.lingerIfIdle()
}

// convict ends a query and those who follow it.
func (s *session) convict(q *sharedQuery, err error) {
	s.opts.Logger.Error("a query has ended the socket to the deployment and is taken off", "path", q.key.path.String())
	for _, sub := range slices.Clone(q.subs) {
		s.end(sub, err)
	}
	stop(q.linger)
	q.guilty = err
	delete(s.byID, q.id)
	s.set.remove(q.id)
	q.linger = s.after(convictedFor, func() { delete(s.queries, q.key) })
}

// condemns reports whether the end of a socket may be the fault of something on it: the codes of get-convex/convex-backend
// crates/errors/src/lib.rs for errors of a function's run. Trouble with the token's issuer is not.
func condemns(err error, reason string) bool {
	var ce websocket.CloseError
	return errors.As(err, &ce) && (ce.Code == websocket.StatusInternalError || ce.Code == websocket.StatusTryAgainLater) &&
		!strings.HasPrefix(reason, "AuthProviderDiscoveryFailed")
}

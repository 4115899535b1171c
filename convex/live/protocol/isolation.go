package protocol

import (
	"maps"
	"slices"

	"convexgateway/convex"
)

// Poison isolation. A query or request that makes the deployment fail ends the socket of all, and the end does not name it.
// Everything that was sent and not answered when a socket ended so is quarantined. A new socket starts without it; when that
// socket is up, what is quarantined is sent one at a time, each when the one before is answered. The one after which the socket
// ends again is the culprit. Where another machine tries them, they stay off this one's sockets until they are restored or removed.

// maxFailures is how many sockets in a row may end over something before it is quarantined, and again before it is the culprit,
// where the deployment sends no FatalError: the fault may be its own.
const maxFailures = 2

// diagnosis is what follows from the end of a socket.
type diagnosis struct {
	queries  []QueryID  // culprits; still in the query set
	requests []*Request // culprits; still pending
	all      bool       // the deployment refuses even a socket without anything on it
}

// failed reports whether a request is to fail.
func (d diagnosis) failed(r *Request) bool { return d.all || slices.Contains(d.requests, r) }

// classify examines what was on a socket that the deployment has just ended, before disconnect. It quarantines what may be
// poison, and returns the culprits.
func classify(qs *querySet, rq *requestQueue, end Ending) (d diagnosis) {
	requests, others := rq.unanswered(), len(qs.queries)+len(rq.pending) > 1
	switch count := len(qs.unanswered) + len(qs.gone) + len(requests); {
	case end.TooLarge && count == 0:
		return d // results of queries that were well before; the next socket has them in batches
	case end.RolledBack != nil:
		return recordFailure(qs, nil, end, false, others)
	case !end.Fatal:
		return recordFailure(qs, requests, end, count == 1, others)
	case count > 1:
		qs.quarantineUnanswered(len(requests) > 0)
		for _, r := range requests {
			r.quarantined = true
		}
	case count == 1:
		d.queries, d.requests = slices.Collect(maps.Keys(qs.unanswered)), requests
	case len(qs.quarantined) == len(qs.queries):
		d.all = true
	default:
		qs.quarantineAll()
	}
	return d
}

// recordFailure counts the end of a socket against what was on it for the first time. What was on it alone and repeatedly,
// while the rest was well, is the culprit. Queries that the deployment has answered before are not: the fault is its own. Where another
// machine tries them, they are quarantined all the same, because they may be too many at once.
func recordFailure(qs *querySet, requests []*Request, end Ending, alone, others bool) (d diagnosis) {
	qs.narrow()
	for _, id := range slices.Sorted(maps.Keys(qs.unanswered)) {
		switch q := qs.queries[id]; {
		case q.quarantined:
			if qs.requeue(q) {
				d.queries = append(d.queries, id)
			}
		case !q.answered || qs.quarantinesAnswered && !end.early:
			if q.failures++; q.failures >= maxFailures && others {
				qs.quarantine(id)
			}
		}
	}
	for _, r := range requests {
		r.failures++
		switch {
		case r.failures < maxFailures || r.Kind == convex.Action:
		case !r.quarantined:
			r.quarantined, r.failures = true, 0
		case alone:
			d.requests = append(d.requests, r)
		}
	}
	return d
}

// isolating reports whether there are quarantined queries that are to be tried on this socket.
func (qs *querySet) isolating() bool { return len(qs.quarantined) > 0 && !qs.elsewhere }

// probe sends the next quarantined query when everything else on the socket is answered. Newcomers and those that were on a socket
// that ended take turns, so that the latter, which may be many and slow, hold up no newcomer.
func (qs *querySet) probe() [][]byte {
	if !qs.isolating() || !qs.confirmed() {
		return nil
	}
	if i := slices.IndexFunc(qs.quarantined, func(id QueryID) bool { return qs.queries[id].newcomer == qs.newcomersTurn }); i > 0 {
		id := qs.quarantined[i]
		qs.quarantined = slices.Insert(slices.Delete(qs.quarantined, i, i+1), 0, id)
	}
	qs.newcomersTurn = !qs.newcomersTurn
	id := qs.quarantined[0]
	return [][]byte{qs.modify([]queryModification{qs.queries[id].add(id)})}
}

// markAnswered notes what the deployment has answered to, and returns the quarantined query if it is among it.
func (qs *querySet) markAnswered() (cleared []QueryID) {
	for id, q := range qs.gone {
		if q.sentIn <= qs.remote.QuerySet {
			qs.inFlight -= q.weight
			delete(qs.gone, id)
		}
	}
	before := len(qs.unanswered)
	defer func() {
		if len(qs.unanswered) < before {
			qs.widen()
		}
	}()
	for id, q := range qs.unanswered {
		if q.sentIn > qs.remote.QuerySet {
			continue
		}
		qs.answered(id)
		q.missing = !q.read && q.result != nil
		if q.quarantined {
			cleared = append(cleared, id)
			qs.quarantined = slices.DeleteFunc(qs.quarantined, func(other QueryID) bool { return other == id })
		}
		q.answered, q.quarantined, q.newcomer, q.failures = true, false, false, 0
	}
	return cleared
}

// quarantineUnanswered quarantines the queries that were not answered on this socket: those that were never answered or, if
// there are none and requests is false, all of them. requests is whether unanswered requests may be poison, too.
func (qs *querySet) quarantineUnanswered(requests bool) {
	ids := slices.Sorted(maps.Keys(qs.unanswered))
	newcomers := slices.DeleteFunc(slices.Clone(ids), func(id QueryID) bool { return qs.queries[id].answered })
	if requests || len(newcomers) > 0 {
		ids = newcomers
	}
	for _, id := range ids {
		qs.quarantine(id)
	}
}

func (qs *querySet) quarantineAll() {
	for _, id := range slices.Sorted(maps.Keys(qs.queries)) {
		qs.quarantine(id)
	}
}

func (qs *querySet) quarantine(id QueryID) {
	q := qs.queries[id]
	if !q.quarantined {
		qs.quarantined = append(qs.quarantined, id)
	}
	q.quarantined, q.answered, q.failures = true, false, 0
}

// requeue puts a quarantined query behind the others, and counts the failure if others were well on the same socket. It
// reports whether the query is the culprit.
func (qs *querySet) requeue(q *liveQuery) (culprit bool) {
	qs.quarantined = append(qs.quarantined[1:], qs.quarantined[0])
	q.newcomer = false
	if len(qs.queries) > len(qs.quarantined) {
		q.failures++
	}
	return q.failures >= maxFailures
}

package protocol

import (
	"maps"
	"slices"

	"convexgateway/convex"
)

// A deployment answers to many queries in one transition, and to a new socket that has all of a session's queries with all of their
// results. So that neither what is queued for it nor what it sends grows without a bound, queries wait while those under way weigh
// too much.

const (
	// maxInFlight is what the queries that were sent and are not answered may weigh: bytes of arguments and of the results that were
	// last known. A query that is heavier is sent alone.
	maxInFlight = 16 << 20
	// maxModifyBytes is where modifications are split over several messages: the deployment takes frames of 16 MiB.
	maxModifyBytes = 8 << 20
	// maxUnderWay is how many of them may be under way however little they weigh.
	maxUnderWay = 16 << 10
)

// weigh returns about how many bytes a query and its answer will have. A result that is not known is taken for the mean of the others.
func (qs *querySet) weigh(q *liveQuery) int {
	least := qs.maxInFlight / maxUnderWay
	const enough = 8 // results for a mean; with fewer, 256 queries may be under way
	switch {
	case q.result != nil:
		return least + len(q.args) + len(q.result.Value)
	case qs.results.count < enough:
		return least + len(q.args) + qs.maxInFlight/256
	}
	return least + len(q.args) + qs.results.bytes/qs.results.count
}

// resultSizes sums the results of a query set.
type resultSizes struct{ count, bytes int }

// replace counts a result in place of another; nil is none.
func (s *resultSizes) replace(before, now *convex.Result) {
	if before != nil {
		s.count, s.bytes = s.count-1, s.bytes-len(before.Value)
	}
	if now != nil {
		s.count, s.bytes = s.count+1, s.bytes+len(now.Value)
	}
}

// hasRoom reports whether a query may be sent beside those under way.
func (qs *querySet) hasRoom(q *liveQuery) bool {
	return qs.inFlight == 0 || qs.inFlight+qs.weigh(q) <= qs.maxInFlight
}

// addAll sends the whole set but for the quarantined, in the order the queries were made, or its beginning, even if that is empty.
func (qs *querySet) addAll() [][]byte {
	qs.waiting = slices.DeleteFunc(slices.Sorted(maps.Keys(qs.queries)), func(id QueryID) bool { return qs.queries[id].quarantined })
	qs.later = qs.lastID
	if messages := qs.sendWaiting(); len(messages) > 0 {
		return messages
	}
	return [][]byte{qs.modify(nil)}
}

// sendWaiting sends the waiting queries for which there is room, the first ones first; a light one does not wait for a heavy one.
func (qs *querySet) sendWaiting() (messages [][]byte) {
	var mods []queryModification
	size, weight := 0, 0
	qs.waiting = slices.DeleteFunc(qs.waiting, func(id QueryID) bool {
		q := qs.queries[id]
		if under := qs.inFlight + weight; under > 0 && under+qs.weigh(q) > qs.maxInFlight {
			return false
		}
		weight += qs.weigh(q)
		m := q.add(id)
		if size += m.size(); size > maxModifyBytes && len(mods) > 0 {
			messages = append(messages, qs.modify(mods))
			mods, size, weight = nil, m.size(), qs.weigh(q)
		}
		mods = append(mods, m)
		return true
	})
	if len(mods) > 0 {
		messages = append(messages, qs.modify(mods))
	}
	return messages
}

// starting reports whether queries wait that were there when the socket started.
func (qs *querySet) starting() bool { return len(qs.waiting) > 0 && qs.waiting[0] < qs.later }

// unwait takes a query out of those that wait, and reports whether it was one.
func (qs *querySet) unwait(id QueryID) bool {
	i, waits := slices.BinarySearch(qs.waiting, id) // ids grow
	if waits {
		qs.waiting = slices.Delete(qs.waiting, i, i+1)
	}
	return waits
}

// answered notes that a query is not under way any more.
func (qs *querySet) answered(id QueryID) {
	if q := qs.unanswered[id]; q != nil {
		qs.inFlight -= q.weight
		delete(qs.unanswered, id)
	}
}

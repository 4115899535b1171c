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
	// maxUnknown is how many may be under way of whose results nothing is known: a function returns 16 MiB at most, and a message of the
	// deployment may have 256.
	maxUnknown = 15
	// maxSizes bounds the functions whose results' sizes are noted.
	maxSizes = 1_000
	// mostUnanswered is how many of them may be under way however little they weigh.
	mostUnanswered = 16 << 10
)

// weigh returns about how many bytes a query and its answer will have. A result that is not known is taken for one of the same function,
// or, if none is known, for one as large as a function may return.
func (qs *querySet) weigh(q *liveQuery) int {
	weight := qs.maxInFlight/mostUnanswered + len(q.args)
	if q.result != nil {
		return weight + len(q.result.Value)
	}
	if q.expected > 0 {
		return weight + q.expected
	}
	if size, known := qs.sizes[q.path]; known {
		return weight + size
	}
	return weight + qs.maxInFlight/maxUnknown
}

// noteSize notes the size of a function's result. Small ones after a large one lower what is expected only little by little.
func (qs *querySet) noteSize(path convex.Path, size int) {
	if len(qs.sizes) >= maxSizes {
		qs.sizes = nil
	}
	if qs.sizes == nil {
		qs.sizes = map[convex.Path]int{}
	}
	before := qs.sizes[path]
	qs.sizes[path] = max(size, before-before/8)
}

// replaceResult counts a result in place of another; nil is none.
func (qs *querySet) replaceResult(before, now *convex.Result) {
	if before != nil {
		qs.resultBytes -= len(before.Value)
	}
	if now != nil {
		qs.resultBytes += len(now.Value)
	}
}

// hasRoom reports whether a query may be sent beside those under way and others, of a weight, that are sent with it.
func (qs *querySet) hasRoom(q *liveQuery, others, weight int) bool {
	count, under := len(qs.unanswered)+len(qs.gone)+others, qs.inFlight+weight
	return under == 0 || under+qs.weigh(q) <= qs.maxInFlight && (qs.maxUnanswered == 0 || count < qs.maxUnanswered)
}

// narrow has half as many queries under way at once, after the deployment has ended a socket over them: it may have too much to do.
func (qs *querySet) narrow() {
	if count := len(qs.unanswered) + len(qs.gone); qs.narrows && count > 1 {
		qs.maxUnanswered = count / 2
	}
}

// widen has one more of them under way, after answers.
func (qs *querySet) widen() {
	if qs.maxUnanswered == 0 {
		return
	}
	if qs.maxUnanswered++; qs.maxUnanswered > mostUnanswered {
		qs.maxUnanswered = 0
	}
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
	size, weight, held := 0, 0, false
	qs.waiting = slices.DeleteFunc(qs.waiting, func(id QueryID) bool {
		q := qs.queries[id]
		if held && id >= qs.later || !qs.hasRoom(q, len(mods), weight) {
			held = held || id < qs.later // a heavy one that was there at the start waits for no newcomers
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

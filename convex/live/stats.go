package live

import (
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// Stats is what a Client has at one moment, and what it has counted since it was made.
type Stats struct {
	Sessions      int // identities with a session
	Sockets       int // open to the deployment
	Queries       int // live upstream
	Subscriptions int // that follow them, or only a session; each target of a set is one

	QueriesBySubscribers [len(SubscriberBuckets)]int // live queries by how many subscriptions follow each

	SharedSessions uint64            // subscriptions that found their session already there
	SharedQueries  uint64            // and those that found their query
	SharedBytes    uint64            // of results, that subscribers got beyond the first
	Moved          uint64            // queries that were moved to another socket of their identity
	Conflated      uint64            // results that a newer one replaced before their subscriber had read them
	Lost           map[string]uint64 // ends of sockets, by cause: one of LossCauses
}

// LossCauses are all keys of Stats.Lost: the connection broke or fell silent, the deployment was overloaded, closed it for another
// reason, refused a token, or either side broke the protocol.
var LossCauses = []string{"connection_lost", "silence", "overloaded", "closed", "auth", "protocol"}

// SubscriberBuckets are the classes of Stats.QueriesBySubscribers. Queries without subscribers linger for a moment.
var SubscriberBuckets = [...]string{"0", "1", "2-9", "10-99", "100-999", "1000-9999", "10000+"}

// bucketOf is the class of a query with n subscribers.
func bucketOf(n int) int {
	if n < 2 {
		return n
	}
	return min(1+len(strconv.Itoa(n)), len(SubscriberBuckets)-1)
}

// Stats returns the present figures. They are read one after the other, while things go on.
func (c *Client) Stats() Stats { return c.stats.snapshot() }

// counters are the live figures. Any goroutine may change them.
type counters struct {
	sessions, sockets, queries, subscriptions                    atomic.Int64
	sharedSessions, sharedQueries, sharedBytes, conflated, moved atomic.Uint64

	audiences [len(SubscriberBuckets)]atomic.Int64 // but for the first, which is what the others leave of queries

	mu   sync.Mutex
	lost map[string]uint64
}

func (s *counters) snapshot() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	queries := int(s.queries.Load())
	return Stats{
		Sessions: int(s.sessions.Load()), Sockets: int(s.sockets.Load()), Queries: queries, QueriesBySubscribers: s.buckets(queries),
		Subscriptions: int(s.subscriptions.Load()), SharedSessions: s.sharedSessions.Load(), SharedQueries: s.sharedQueries.Load(),
		SharedBytes: s.sharedBytes.Load(), Conflated: s.conflated.Load(), Moved: s.moved.Load(), Lost: maps.Clone(s.lost),
	}
}

// buckets divides queries by their subscribers.
func (s *counters) buckets(queries int) (all [len(SubscriberBuckets)]int) {
	all[0] = queries
	for class := 1; class < len(all); class++ {
		all[class] = int(s.audiences[class].Load())
		all[0] -= all[class]
	}
	all[0] = max(all[0], 0) // the figures are not of one moment
	return all
}

// countSubscribers counts that a query has other subscribers now.
func (s *counters) countSubscribers(before, now int) {
	if from, to := bucketOf(before), bucketOf(now); from != to {
		s.audiences[from].Add(-1)
		s.audiences[to].Add(1)
	}
}

// countLoss counts the end of a socket by its cause: reasons are any text of the deployment, causes are few.
func (s *counters) countLoss(reason string) {
	if reason == "" { // the session has ended
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil {
		s.lost = map[string]uint64{}
	}
	s.lost[lossCause(reason)]++
}

func lossCause(reason string) string {
	switch {
	case reason == protocol.ConnectionLost:
		return "connection_lost"
	case reason == errSilence.Error():
		return "silence"
	case reason == "AuthError", convex.IssuerUnreachable(reason, ""):
		return "auth"
	case reason == "FatalError", strings.HasPrefix(reason, protocol.ErrProtocol.Error()):
		return "protocol"
	case convex.Overloaded(reason):
		return "overloaded"
	}
	return "closed"
}

// sizeOf is how many bytes of JSON a result has.
func sizeOf(r *convex.Result) int {
	if r.Err != nil {
		return len(r.Err.Data)
	}
	return len(r.Value)
}

package sync

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// maxParallelQueries is how many queries of one socket run at a time. Convex also shares 16 slots among all sockets of a
// deployment; here there is no such bound.
const maxParallelQueries = 20

// query is one subscription of a session.
type query struct {
	id      uint32
	path    call.Path
	args    json.RawMessage
	journal string

	component string

	reads store.ReadSet // nil: the query has to run
	asOf  uint64        // nothing in reads has changed up to here
	hash  *[sha256.Size]byte
}

// computation is a transition being made.
type computation struct {
	end     version
	at      *store.Snapshot
	removed []modification
	runs    []queryRun
	err     error
}

type queryRun struct {
	id   uint32
	call call.Call
	out  call.Outcome
}

// noticeCommits marks the session dirty if a commit has written into a query's read set. While the answer to the session's own commit
// is on the way it does nothing: that answer comes first, and one transition follows.
func (s *session) noticeCommits() {
	if !s.dirty && !s.committed.Load() && s.dropStale() {
		s.dirty = true
	}
}

// dropStale drops the read sets that commits have written into, and reports whether there are any.
func (s *session) dropStale() (any bool) {
	for _, q := range s.queries {
		if q.reads == nil {
			continue
		}
		changed, asOf := s.cfg.Database.Changed(q.reads, q.asOf)
		q.asOf = asOf
		if changed {
			q.reads, any = nil, true
		}
	}
	return any
}

// beginTransition starts to compute a transition if one is due. All its results are of one timestamp.
func (s *session) beginTransition() error {
	if !s.dirty || s.computing || s.unsent >= maxUnsentTransitions {
		return nil
	}
	if err := s.checkExpiry(); err != nil {
		return err
	}
	s.dirty = false
	if s.received.Identity > s.sent.Identity {
		for _, q := range s.queries {
			q.reads = nil
		}
	}
	c := computation{}
	var err error
	if c.removed, err = s.applyPending(); err != nil {
		return err
	}
	s.dropStale()
	c.at = s.cfg.Database.Latest()
	c.end = version{s.received.QuerySet, s.received.Identity, call.Timestamp(c.at.Ts)}
	for _, q := range s.queries {
		if q.reads == nil {
			c.runs = append(c.runs, s.queryRun(q, c.at))
		}
	}
	s.computing = true
	s.cfg.Spawn(func() { s.compute(c) })
	return nil
}

// applyPending applies the client's modifications to the query set.
func (s *session) applyPending() (removed []modification, err error) {
	for _, m := range s.pending {
		_, live := s.queries[m.queryID]
		switch {
		case m.remove && live:
			delete(s.queries, m.queryID)
			removed = append(removed, queryRemoved{"QueryRemoved", m.queryID})
		case !m.remove && !live && (m.componentPath == "" || s.identity.IsAdmin()):
			s.queries[m.queryID] = &query{id: m.queryID, path: m.path, args: m.args, journal: m.journal, component: m.componentPath}
		default: // an unknown id removed, a live one reused, or a component addressed by no admin
			return nil, call.ErrInternal
		}
	}
	s.pending = nil
	return removed, nil
}

func (s *session) queryRun(q *query, at *store.Snapshot) queryRun {
	return queryRun{id: q.id, call: call.Call{
		Kind: call.Query, Path: q.path, Args: q.args, Identity: s.identity, At: at, Journal: q.journal, Component: q.component,
	}}
}

// compute runs a transition's queries and sends them to the session's goroutine.
func (s *session) compute(c computation) {
	c.err = s.runQueries(c.runs)
	select {
	case s.computed <- c:
	case <-s.socket.ctx.Done():
	}
}

// runQueries runs queries, some at a time, and fills in their outcomes.
func (s *session) runQueries(runs []queryRun) error {
	var group sync.WaitGroup
	slots := make(chan struct{}, maxParallelQueries)
	errs := make([]error, len(runs))
	for i := range runs {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			runs[i].out, errs[i] = s.cfg.Run(s.socket.ctx, runs[i].call)
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// finishTransition sends what has changed.
func (s *session) finishTransition(c computation) error {
	s.computing = false
	if c.err != nil {
		return c.err
	}
	modifications := map[uint32]modification{}
	for _, m := range c.removed {
		modifications[m.query()] = m
	}
	for _, run := range c.runs {
		if s.queries[run.id].complete(run.out, c.at.Ts) {
			modifications[run.id] = newModification(run.id, run.out, s.cfg.Redacts())
		}
	}
	t := transition{Type: "Transition", StartVersion: s.sent, EndVersion: c.end, ClientClockSkew: s.clockSkew, Modifications: []modification{}}
	for _, m := range modifications {
		t.Modifications = append(t.Modifications, m)
	}
	slices.SortFunc(t.Modifications, func(a, b modification) int { return cmp.Compare(a.query(), b.query()) })
	s.sent = c.end
	s.unsent++
	s.send(t)
	s.noticeCommits() // those made while the queries ran
	return nil
}

// complete stores a run's outcome and reports whether it differs from the one before.
func (q *query) complete(out call.Outcome, ts uint64) bool {
	q.reads, q.asOf, q.journal = out.Reads, ts, out.Journal
	if q.reads == nil {
		q.reads = store.ReadSet{} // refused before it read anything: only another identity or another list of functions could change that
	}
	hash := hashOf(out)
	same := q.hash != nil && *q.hash == hash
	q.hash = &hash
	return !same
}

// hashOf identifies an outcome by its result or error text, and by its log lines. The request id is no part of it.
func hashOf(o call.Outcome) (sum [sha256.Size]byte) {
	h := sha256.New()
	if o.Failure != nil {
		fmt.Fprintf(h, "failure %d %s", len(o.Failure.Text), o.Failure.Text)
	} else {
		fmt.Fprintf(h, "result %d %s", len(o.Encoded), o.Encoded)
	}
	for _, line := range o.LogLines {
		fmt.Fprintf(h, " %d %s", len(line), line)
	}
	h.Sum(sum[:0])
	return sum
}

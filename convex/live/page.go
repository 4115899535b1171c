package live

import "convexgateway/convex"

// pageState is how a query goes on that began with a journal.
type pageState struct {
	journal string // it begins with; empty: none
	phase   pagePhase
}

type pagePhase uint8

const (
	begun      pagePhase = iota // without a journal, or it has had a result with one
	resumed                     // with a journal, and without a result yet
	restarting                  // without it, because it has failed with it
)

// take returns the journal with which the query is made live, once; nil is none.
func (p *pageState) take() *string {
	if p.journal == "" {
		return nil
	}
	journal := p.journal
	p.journal, p.phase = "", resumed
	return &journal
}

// pageGoesOn follows up on a result of a query, and reports whether it is to be delivered. A query that fails with a journal begins without
// it: production deployments do not say why it failed. If it fails again, that is the function's own error.
func (s *session) pageGoesOn(q *sharedQuery, result *convex.Result) bool {
	switch {
	case q.page.phase == resumed && result.Err != nil:
		q.page.phase = restarting
		s.loop.post(func() { s.restartPage(q) })
		return false
	case q.page.phase == restarting && result.Err == nil:
		s.endings = append(s.endings, endOf{q, ErrPageRestart})
		return false
	}
	q.page.phase = begun
	return true
}

// restartPage makes a query live again without a journal.
func (s *session) restartPage(q *sharedQuery) {
	if !s.live(q) {
		return
	}
	s.stay(q)
	u, old := q.at, q.id
	u.add(q)
	u.remove(old)
}

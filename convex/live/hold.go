package live

import "convexgateway/convex"

// Hold is what is held for one caller. It may be used concurrently.
type Hold interface {
	Take(n int) error // holds n more bytes, or fails and holds no more than before
	Give(n int)
	Close() // gives all back
}

const (
	argCopies    = 2 // of a query's arguments: its key, and what is sent
	resultCopies = 2 // of its result: as it was sent, and one wire form
	// maxPayers is how many subscribers are tried when the one for whom a query is held has no room for it, or leaves.
	maxPayers = 16
)

// account is for whom a query's arguments and newest result are held.
type account struct {
	payer payer // nil before the first subscriber
	hold  Hold  // nil: nothing is counted
	bytes int
}

// payer follows a query for a caller.
type payer interface{ asksFor() (caller string) }

// payers are some of those who follow a query, maxPayers at most.
func (q *sharedQuery) payers() (list []payer) {
	for _, sub := range q.subs[:min(len(q.subs), maxPayers)] {
		list = append(list, sub)
	}
	for t := range q.targeted {
		if len(list) == maxPayers {
			break
		}
		list = append(list, t)
	}
	return list
}

// sizeOfArgs is what a query takes without its result.
func (q *sharedQuery) sizeOfArgs() int { return argCopies * len(q.key.args) }

// pay has a query held for its first subscriber.
func (s *session) pay(q *sharedQuery, first payer) error {
	if s.opts.Hold == nil || q.account.payer != nil {
		return nil
	}
	hold := s.opts.Hold(first.asksFor())
	if err := hold.Take(q.sizeOfArgs()); err != nil {
		hold.Close()
		return err
	}
	q.account = account{payer: first, hold: hold, bytes: q.sizeOfArgs()}
	return nil
}

// takeOn has a query that lingers held for its first new subscriber.
func (s *session) takeOn(q *sharedQuery, first payer) error {
	if q.users() > 0 || q.account.hold == nil {
		return nil
	}
	if caller := first.asksFor(); caller != q.caller {
		hold := s.opts.Hold(caller)
		if err := hold.Take(q.account.bytes); err != nil {
			hold.Close()
			return err
		}
		q.account.hold.Close()
		q.account.hold, q.caller = hold, caller
	}
	q.account.payer = first
	return nil
}

// resize counts a query with another result. If nobody has room for it, it fails.
func (s *session) resize(q *sharedQuery, result *convex.Result) error {
	a := &q.account
	if a.hold == nil || result == nil {
		return nil
	}
	bytes := q.sizeOfArgs() + resultCopies*sizeOf(result)
	if bytes == a.bytes {
		return nil
	}
	if bytes < a.bytes {
		a.hold.Give(a.bytes - bytes)
		a.bytes = bytes
		return nil
	}
	err := a.hold.Take(bytes - a.bytes)
	if err != nil && !s.repay(q, bytes) {
		return err
	}
	a.bytes = bytes
	return nil
}

// repay has a query held for another of its subscribers. It reports false if none of them has room for it.
func (s *session) repay(q *sharedQuery, bytes int) bool {
	for _, other := range q.payers() {
		caller := other.asksFor()
		if caller == q.caller {
			continue
		}
		hold := s.opts.Hold(caller)
		if hold.Take(bytes) != nil {
			hold.Close()
			continue
		}
		q.account.hold.Close()
		q.account, q.caller = account{payer: other, hold: hold, bytes: bytes}, caller
		return true
	}
	return false
}

// unpay has a query held for another when a subscriber leaves. While nobody has room for it, it stays as it is.
func (s *session) unpay(q *sharedQuery, left payer) {
	if q.account.payer != left || q.users() == 0 {
		return
	}
	for _, other := range q.payers() {
		if other.asksFor() == q.caller {
			q.account.payer = other
			return
		}
	}
	s.repay(q, q.account.bytes)
}

// release gives back what is held for a query.
func (a *account) release() {
	if a.hold != nil {
		a.hold.Close()
	}
	*a = account{}
}

// endOf is a query that ends after the present event, and why.
type endOf struct {
	query *sharedQuery
	err   error
}

// endQueries ends those queries, and their subscribers.
func (s *session) endQueries() {
	list := s.endings
	s.endings = nil
	for _, o := range list {
		s.endSubscribers(o.query, o.err)
		s.dropQuery(o.query)
	}
}

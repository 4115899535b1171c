package live

import (
	"cmp"
	"sync"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// Info is what an operator is shown of an open stream.
type Info struct {
	Subject, Session string // of its caller; empty if anonymous
	Path             string // of its function; empty for AuthState, and for a Watch, which has many
	Client           string // user agent, 64 bytes at most
	Address          string // of the caller
	Protocol         string
	Opened           time.Time
	Bytes            int64 // of the events sent so far
}

// Filter selects streams. A field that is empty selects all, and the zero Filter all streams.
type Filter struct {
	Subject, Session string
	// Path is that of a function, as its canonical form. Of a Watch it selects those that follow the function.
	Path string
	// Before, unless it is zero, leaves out streams that were opened later.
	Before time.Time
}

// follower is a sink of several queries.
type follower interface {
	// Follows reports whether one of them is of the function with a canonical path.
	Follows(path string) bool
}

// order asks a stream to end with an error, if it follows a path. It is not changed.
type order struct {
	path string // empty: whatever it follows
	err  error
}

// openStreams are the open streams. Safe for concurrent use.
type openStreams struct {
	mu  sync.Mutex
	all map[*Stream]opening
}

// opening is what is kept of how a stream was opened.
type opening struct {
	at     instant
	caller *auth.Identity // nil for anonymous
}

func (o *openStreams) add(s *Stream, caller *auth.Identity) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all[s] = opening{now(), caller}
}

func (o *openStreams) remove(s *Stream) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, s)
}

// List returns streams that a filter selects, limit at most, and how many it selects. Of streams that follow many queries none is selected by path.
func (s *Streams) List(f Filter, limit int) (found []Info, all int) {
	s.open.mu.Lock()
	defer s.open.mu.Unlock()
	for stream, opened := range s.open.all {
		if !f.selects(opened) || f.Path != "" && !stream.runs(f.Path) {
			continue
		}
		if all++; len(found) < limit {
			found = append(found, stream.info(opened))
		}
	}
	return found, all
}

// Disconnect asks the streams that a filter selects to end with an error, and returns how many it has asked. A Watch that is asked for a path ends
// only if it follows it.
func (s *Streams) Disconnect(f Filter, why error) (asked int) {
	s.open.mu.Lock()
	defer s.open.mu.Unlock()
	for stream, opened := range s.open.all {
		_, many := stream.sink.(follower)
		if !f.selects(opened) || f.Path != "" && !many && !stream.runs(f.Path) {
			continue
		}
		asked++
		stream.ordered.Store(&order{f.Path, why})
		stream.wakeUp()
	}
	return asked
}

// selects reports whether a filter selects a stream that was opened so, its path aside.
func (f Filter) selects(o opening) bool {
	id := cmp.Or(o.caller, &auth.Identity{})
	return (f.Subject == "" || f.Subject == id.Subject) && (f.Session == "" || f.Session == id.SessionID) &&
		(f.Before.IsZero() || o.at.time().Before(f.Before))
}

// runs reports whether a stream is of one function, with a canonical path.
func (s *Stream) runs(path string) bool {
	p, err := convex.ParsePath(call.From(s.ctx).Path)
	return err == nil && p.Canonical() == path
}

// maxClient bounds the user agent in an Info, in bytes.
const maxClient = 64

func (s *Stream) info(opened opening) Info {
	c := call.From(s.ctx)
	i := Info{
		Path: c.Path, Client: call.CutText(c.UserAgent, maxClient), Address: c.Address, Protocol: c.Protocol.String(), Opened: opened.at.time(),
	}
	if c.Sent != nil {
		i.Bytes = c.Sent.Load()
	}
	if id := opened.caller; id != nil {
		i.Subject, i.Session = id.Subject, id.SessionID
	}
	return i
}

// obey returns the error that an operator has asked the stream to end with; nil if none has, or it is of a query that the stream does not follow.
func (s *Stream) obey() error {
	o := s.ordered.Swap(nil)
	if o == nil {
		return nil
	}
	if many, ok := s.sink.(follower); ok && o.path != "" && !many.Follows(o.path) {
		return nil
	}
	return o.err
}

package deployment

import (
	"maps"
	"strings"
	"sync"

	"convexgateway/convex"
)

// Stats counts what a deployment has seen since its start.
type Stats struct {
	Sockets       int            `json:"sockets"`       // sync sockets open now
	SocketsOpened int            `json:"socketsOpened"` // and ever
	HTTPCalls     map[Call]int   `json:"httpCalls"`     // function calls over HTTP whose path could be read
	QueryRuns     map[string]int `json:"queryRuns"`     // query executions, over HTTP and sync, by path
	Authenticates int            `json:"authenticates"` // Authenticate messages received
	Frames        int            `json:"frames"`        // messages received from clients on sync sockets
}

// Call is a kind of HTTP function call.
type Call struct {
	Kind Kind
	Path string // `messages:list`
}

// MarshalText is the call as a key of JSON: `query messages:list`.
func (c Call) MarshalText() ([]byte, error) {
	return []byte(strings.ToLower(c.Kind.String()) + " " + c.Path), nil
}

// counters is the live Stats. Any number of goroutines may use it.
type counters struct {
	mu sync.Mutex
	Stats
}

func newCounters() *counters {
	return &counters{Stats: Stats{HTTPCalls: map[Call]int{}, QueryRuns: map[string]int{}}}
}

func (c *counters) count(change func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.Stats)
}

func (c *counters) called(kind Kind, path convex.Path) {
	c.count(func(s *Stats) { s.HTTPCalls[Call{kind, path.String()}]++ })
}

func (c *counters) queryRan(path convex.Path) {
	c.count(func(s *Stats) { s.QueryRuns[path.String()]++ })
}

func (c *counters) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.Stats
	s.HTTPCalls, s.QueryRuns = maps.Clone(s.HTTPCalls), maps.Clone(s.QueryRuns)
	return s
}

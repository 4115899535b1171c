package deployment

import (
	"maps"
	"strings"
	"sync"

	"convexgateway/dev/deployment/call"
)

// Stats are numbers of sockets, messages and calls since the deployment's start.
type Stats struct {
	Sockets       int            `json:"sockets"`       // sync sockets open now
	SocketsOpened int            `json:"socketsOpened"` // ever opened
	HTTPCalls     map[Call]int   `json:"httpCalls"`     // function calls over HTTP whose path could be read
	QueryRuns     map[string]int `json:"queryRuns"`     // query executions, over HTTP and sync, by path
	Authenticates int            `json:"authenticates"` // Authenticate messages received
	Frames        int            `json:"frames"`        // messages received from clients on sync sockets
}

// Call is a kind of HTTP function call.
type Call struct {
	Kind call.Kind
	Path string // `messages:list`
}

// MarshalText is the call as a key of JSON: `query messages:list`.
func (c Call) MarshalText() ([]byte, error) {
	return []byte(strings.ToLower(c.Kind.String()) + " " + c.Path), nil
}

// Stats returns the counts so far.
func (d *Deployment) Stats() Stats {
	sockets := d.sync.Counts()
	d.stats.mu.Lock()
	defer d.stats.mu.Unlock()
	return Stats{
		Sockets: sockets.Open, SocketsOpened: sockets.Opened, Authenticates: sockets.Authenticates, Frames: sockets.Frames,
		HTTPCalls: maps.Clone(d.stats.httpCalls), QueryRuns: maps.Clone(d.stats.queryRuns),
	}
}

// counters is the live part of Stats that the sync endpoint does not count. Any number of goroutines may use it.
type counters struct {
	mu        sync.Mutex
	httpCalls map[Call]int
	queryRuns map[string]int
}

func newCounters() *counters {
	return &counters{httpCalls: map[Call]int{}, queryRuns: map[string]int{}}
}

func (c *counters) called(kind call.Kind, path call.Path) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.httpCalls[Call{kind, path.String()}]++
}

func (c *counters) queryRan(path call.Path) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queryRuns[path.String()]++
}

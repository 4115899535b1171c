package live

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/internal/syncfake"

	"github.com/coder/websocket"
)

const (
	slowRun = 450 * time.Millisecond // of a query whose path begins with slow
	fastRun = time.Millisecond       // of all others of a socket together
)

// computing is a deployment that computes one transition of a socket at a time, which takes as long as its slowest query. Every query
// returns the number of the last write, but for those of the module slowequal, which are slow and return the same always.
type computing struct {
	mu      sync.Mutex
	number  int
	commit  time.Time
	sockets map[*computed]struct{}
	opened  int
	fast    string                                   // a path that is not slow any more
	padding int                                      // bytes of each result whose path begins with large
	largest int                                      // bytes of results in one transition
	ends    func(slow int) (code int, reason string) // of a socket that has queries that slow; 0: none
}

// computed is one socket of it.
type computed struct {
	*syncfake.Socket
	queries map[protocol.QueryID]string
	ran     map[protocol.QueryID]int // with which number each was run last
	changed chan struct{}            // one slot
}

func (d *computing) serve(peer *syncfake.Socket) {
	s := &computed{Socket: peer, queries: map[protocol.QueryID]string{}, ran: map[protocol.QueryID]int{}, changed: make(chan struct{}, 1)}
	d.mu.Lock()
	d.sockets[s] = struct{}{}
	d.opened++
	d.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.changed {
			if !d.compute(s) {
				return
			}
		}
	}()
	for {
		m, err := s.Read()
		if err != nil {
			break
		}
		d.mu.Lock()
		d.take(s, m)
		d.mu.Unlock()
	}
	d.mu.Lock()
	delete(d.sockets, s)
	close(s.changed)
	d.mu.Unlock()
	<-done
}

func (d *computing) take(s *computed, m syncfake.Message) {
	_ = s.Take(m)
	for _, mod := range m.Modifications {
		delete(s.ran, mod.QueryID)
		if delete(s.queries, mod.QueryID); mod.Type == "Add" {
			s.queries[mod.QueryID] = mod.UDFPath
			s.ran[mod.QueryID] = -1
		}
	}
	if m.Type == "ModifyQuerySet" {
		s.wake()
	}
}

func (s *computed) wake() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// compute runs what has changed and sends one transition. It reports false at the socket's end.
func (d *computing) compute(s *computed) bool {
	d.mu.Lock()
	number, end := d.number, syncfake.Version{QuerySet: s.Received.QuerySet, Identity: s.Received.Identity, TS: syncfake.Timestamp(d.commit.UnixNano())}
	takes, slow, bytes := fastRun, 0, 0
	var results []string
	for id, path := range s.queries {
		if s.ran[id] == number {
			continue
		}
		first := s.ran[id] < 0
		s.ran[id] = number
		if strings.HasPrefix(path, "slow") && path != d.fast {
			takes = slowRun
			slow++
		}
		if equal := strings.HasPrefix(path, "slowequal"); first || !equal {
			value := strconv.Itoa(number)
			switch {
			case equal:
				value = "0"
			case strings.HasPrefix(path, "large"):
				value = fmt.Sprintf(`"%0*d"`, d.padding, number)
			}
			results = append(results, syncfake.Updated(id, value))
			bytes += len(value)
		}
	}
	ends := d.ends
	d.largest = max(d.largest, bytes)
	d.mu.Unlock()
	if ends != nil && slow > 0 {
		if code, reason := ends(slow); code != 0 {
			s.End(code, reason)
			return false
		}
	}
	time.Sleep(takes)
	text := syncfake.TransitionSent(s.Version, end, syncfake.Timestamp(time.Now().UnixNano()), results...)
	if len(results) == 0 && end.QuerySet == s.Version.QuerySet && end.Identity == s.Version.Identity {
		return true // nothing has changed
	}
	s.Version = end
	return s.Conn.Write(context.Background(), websocket.MessageText, []byte(text)) == nil
}

// write commits a change of what all queries read.
func (d *computing) write() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.number++
	d.commit = time.Now()
	for s := range d.sockets {
		s.wake()
	}
}

// newest is the number of the last write.
func (d *computing) newest() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.number
}

// seen is how many sockets were opened, and the bytes of the largest transition.
func (d *computing) seen() (opened, largest int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened, d.largest
}

// writeFor writes five times a second.
func (d *computing) writeFor(period time.Duration) {
	for end := time.Now().Add(period); time.Now().Before(end); {
		time.Sleep(200 * time.Millisecond)
		d.write()
	}
}

// startComputing makes a deployment and a client of it.
func startComputing(t *testing.T, opts Options) (*computing, *Client, *syncfake.Endpoint) {
	d := &computing{sockets: map[*computed]struct{}{}, commit: time.Now()}
	p := syncfake.New(t)
	p.Serve = d.serve
	if opts.Silence == 0 {
		opts.Silence = time.Hour
	}
	return d, newClient(t, p.Listener, opts), p
}

// end closes the client, and lets the deployment finish what it is at.
func (d *computing) end(c *Client) {
	_ = c.Close()
	time.Sleep(2 * slowRun)
	synctest.Wait()
}

// latencies measures how long after each of n writes, five a second, a subscriber has its value, and returns the median.
func (d *computing) latencies(t *testing.T, sub *Subscription, n int) time.Duration {
	t.Helper()
	var list []time.Duration
	for range n {
		time.Sleep(200 * time.Millisecond)
		d.write()
		began := time.Now()
		for want := strconv.Itoa(d.newest()); time.Since(began) < 199*time.Millisecond; {
			if state := sub.State(); state.Result != nil && string(state.Result.Value) == want {
				break
			}
			time.Sleep(time.Millisecond)
		}
		list = append(list, time.Since(began))
		time.Sleep(199*time.Millisecond - time.Since(began))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// Slow queries on a row that is written five times a second are separated from a thousand others, which then have each value as soon as
// without them.
func TestSlowQueriesAreSeparated(t *testing.T) {
	for _, tt := range []struct {
		name   string
		who    func() convex.Credential
		slow   []string
		within time.Duration
	}{
		{"one of the anonymous", func() convex.Credential { return anonymous }, []string{"slow:q0"}, 15 * time.Second},
		{"ten of the anonymous", func() convex.Credential { return anonymous }, slowPaths("slow", 10), 40 * time.Second},
		{"one of a user", func() convex.Credential { return credential("ada", 1, time.Hour) }, []string{"slow:q0"}, 15 * time.Second},
		{"ten of a user", func() convex.Credential { return credential("ada", 1, time.Hour) }, slowPaths("slow", 10), 40 * time.Second},
		{"one with equal results", func() convex.Credential { return anonymous }, []string{"slowequal:q0"}, 30 * time.Second},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			d, c, _ := startComputing(t, Options{})
			who := tt.who()
			var others []*Subscription
			for i := range 1_000 {
				others = append(others, subscribe(t, c, who, fmt.Sprintf("m:f%d", i)))
			}
			d.writeFor(time.Second)
			before := d.latencies(t, others[0], 5)
			for _, path := range tt.slow {
				subscribe(t, c, who, path)
			}
			d.writeFor(tt.within)
			first := c.sessions[who.Identity].upstreams.first
			if n := len(first.queries); n != len(others) {
				t.Errorf("the first socket has %d queries after %v", n, tt.within)
			}
			for _, q := range first.queries {
				if strings.HasPrefix(q.key.path.String(), "slow") {
					t.Errorf("%s is on the first socket", q.key.path)
				}
			}
			if after := d.latencies(t, others[500], 20); after > 2*before {
				t.Errorf("others have a value after %v; %v without slow queries", after, before)
			}
			d.end(c)
		})
	}
}

func slowPaths(module string, n int) (paths []string) {
	for i := range n {
		paths = append(paths, fmt.Sprintf("%s:q%d", module, i))
	}
	return paths
}

// Closes of the socket while one caller has many slow queries under way do not delay newcomers: those that may be poison are tried on a
// socket of their own, where they are divided until the deployment takes them.
func TestNewcomersBesideManySlowQueries(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		d.ends = func(slow int) (int, string) { // recorded from convex-local-backend 94a42c3: more slow queries than slots
			if slow > 8 {
				return 1013, "TooManyConcurrentRequests"
			}
			return 0, ""
		}
		for i := range 60 {
			subscribeWith(t, c, anonymous, fmt.Sprintf("slow:f%d", i), `{}`, SubscribeOptions{Caller: "a"})
		}
		var newcomers []*Subscription
		for i := range 100 {
			began := time.Now()
			sub := subscribeWith(t, c, anonymous, fmt.Sprintf("m:f%d", i), `{}`, SubscribeOptions{Caller: fmt.Sprint(i)})
			newcomers = append(newcomers, sub)
			for sub.State().Result == nil && time.Since(began) < time.Minute {
				time.Sleep(10 * time.Millisecond)
			}
			if took := time.Since(began); took > 10*time.Second || i >= 20 && took > slowRun+50*time.Millisecond {
				t.Errorf("newcomer %d has its value after %v", i, took)
			}
			time.Sleep(200 * time.Millisecond)
		}
		time.Sleep(3 * time.Minute)
		for i, sub := range newcomers {
			if state := sub.State(); state.Err != nil || state.Link != Connected {
				t.Errorf("newcomer %d: %s", i, state.text())
			}
		}
		for sub := range c.sessions[anonymous.Identity].subscribers.all {
			if state := sub.State(); state.Result == nil || state.Link != Connected {
				t.Errorf("%s: %s", sub.query.key.path, state.text())
			}
		}
		opened, _ := d.seen()
		t.Logf("%d sockets", opened)
		d.end(c)
	})
}

// A query that is not slow any more goes back, also from beside others that are.
func TestQueryThatIsFastAgain(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		for i := range 20 {
			subscribe(t, c, anonymous, fmt.Sprintf("m:f%d", i))
		}
		slow, other := subscribe(t, c, anonymous, "slow:q0"), subscribe(t, c, anonymous, "slow:q1")
		d.writeFor(10 * time.Second)
		upstreams := &c.sessions[anonymous.Identity].upstreams
		if slow.query.at == upstreams.first || other.query.at != slow.query.at {
			t.Fatal("slow queries are not beside each other")
		}
		d.mu.Lock()
		d.fast = "slow:q0"
		d.mu.Unlock()
		d.writeFor(150 * time.Second) // it is tried again once a minute
		if slow.query.at != upstreams.first || other.query.at == upstreams.first {
			t.Errorf("the fast one is on the first socket: %t; the slow one: %t", slow.query.at == upstreams.first, other.query.at == upstreams.first)
		}
		d.end(c)
	})
}

// While the deployment is slow for everybody, few sessions open more sockets, which would make it slower.
func TestSlowDeploymentGetsFewSockets(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		const users = 100
		for i := range users {
			for k := range 3 {
				subscribe(t, c, credential(fmt.Sprint(i), 1, time.Hour), fmt.Sprintf("slow:q%d", k))
			}
		}
		peak := 0
		for range 20 {
			d.writeFor(time.Second)
			peak = max(peak, c.Stats().Sockets)
		}
		if beside := peak - users; beside == 0 || beside > minBeside+users/besideShare {
			t.Errorf("%d sockets beside those of %d users", beside, users)
		}
		d.end(c)
	})
}

package live

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/syncfake"
)

// largeResults is a deployment that answers each message of a client in one transition, with a result of a size for each query that
// the message adds. Queries whose path begins with m:small have small ones.
type largeResults struct {
	size int

	mu      sync.Mutex
	largest int // bytes of results in one transition
	queued  int // most bytes of arguments in messages that came before one was answered
	sockets []*syncfake.Socket
}

func (d *largeResults) serve(s *syncfake.Socket) {
	d.mu.Lock()
	d.sockets = append(d.sockets, s)
	d.mu.Unlock()
	result := `"` + strings.Repeat("x", d.size) + `"`
	for ts := syncfake.Timestamp(1); ; ts++ {
		m, err := s.Read()
		if err != nil {
			return
		}
		_ = s.Take(m)
		var results []string
		args, size := 0, 0
		for _, mod := range m.Modifications {
			if mod.Type != "Add" {
				continue
			}
			value := result
			if strings.HasPrefix(mod.UDFPath, "m:small") {
				value = `"small"`
			}
			results = append(results, syncfake.Updated(mod.QueryID, value))
			size += len(value)
			args += len(mod.Args[0])
		}
		d.mu.Lock()
		d.largest, d.queued = max(d.largest, size), max(d.queued, args)
		d.mu.Unlock()
		if m.Type == "ModifyQuerySet" && s.TryAnswer(ts, results...) != nil {
			return
		}
	}
}

// cut cuts the newest socket.
func (d *largeResults) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sockets[len(d.sockets)-1].Cut()
}

// A hundred live queries of half a megabyte lose their socket, and have all of their results again: in transitions of a bounded size.
func TestManyLargeQueriesAfterACut(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		const queries, size = 100, 500_000
		d := &largeResults{size: size}
		p := syncfake.New(t)
		p.Serve = d.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		var subs []*Subscription
		for i := range queries {
			subs = append(subs, subscribe(t, c, anonymous, fmt.Sprintf("m:f%d", i)))
		}
		check := func(when string) {
			t.Helper()
			for i, sub := range subs {
				if state := sub.State(); state.Link != Connected || state.Result == nil || len(state.Result.Value) != size+2 {
					t.Fatalf("%s, query %d is at %.40q", when, i, state.text())
				}
			}
		}
		pass(time.Minute)
		check("at first")
		d.largest = 0
		d.cut()
		pass(time.Minute)
		check("after the cut")
		if d.largest > 17<<20 || len(d.sockets) != 2 {
			t.Errorf("a transition had %d bytes of results; %d sockets were opened", d.largest, len(d.sockets))
		}
	})
}

// pass lets time pass in the bubble.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Queries with large arguments go out one at a time, and a newcomer's beside them; neither ends the socket.
func TestManyLargeArguments(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d := &largeResults{size: 10}
		p := syncfake.New(t)
		p.Serve = d.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		var subs []*Subscription
		for i := range 6 {
			args := fmt.Sprintf(`{"n":%d,"x":"%s"}`, i, strings.Repeat("x", 15_000_000))
			subs = append(subs, subscribeWith(t, c, anonymous, "m:f", args, SubscribeOptions{}))
		}
		subs = append(subs, subscribe(t, c, anonymous, "m:small"))
		pass(time.Minute)
		for i, sub := range subs {
			if state := sub.State(); state.Link != Connected || state.Result == nil {
				t.Errorf("query %d is at %.40q", i, state.text())
			}
		}
		if d.queued > 16_000_000 || len(d.sockets) != 1 {
			t.Errorf("%d bytes of arguments came at once; %d sockets were opened", d.queued, len(d.sockets))
		}
	})
}

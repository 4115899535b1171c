package server

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

var propertyWrites = flag.Int64("writes", 1_500, "how many writes TestQueriesNeverDiffer makes")

// property is one run of TestQueriesNeverDiffer.
type property struct {
	*gateway
	t      *testing.T
	all    int64 // writes in all
	writes atomic.Int64
	seen   atomic.Int64 // states that were compared
}

// Two queries over one counter never differ within one state, over each wire, while sockets are cut, targets come and go, and readers are
// slow or resume.
func TestQueriesNeverDiffer(t *testing.T) {
	p := &property{gateway: start(t), t: t, all: *propertyWrites}
	if raceDetector {
		p.all = min(p.all, 200)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*patience*time.Duration(1+p.all/1_500))
	defer cancel()
	var readers sync.WaitGroup
	for _, pause := range []int64{0, 30} {
		readers.Go(func() { p.follow(p.watchSet(ctx, pair(1, 2)...), pause) })
		readers.Go(func() { p.follow(p.watchSSE(ctx, pair(1, 2)), pause) })
		readers.Go(func() { p.changeTargets(p.watch(ctx), pause) })
		readers.Go(func() { p.resume(ctx, pause) })
	}
	for p.writes.Load() < p.all {
		g := p.gateway
		g.straight("mutation", "counter:add", `{"name":"p"}`)
		n := p.writes.Add(1)
		if n%37 == 0 && n < p.all-100 {
			g.dev.CutSockets()
		}
		for p.seen.Load() < n/10 && ctx.Err() == nil { // readers may be slower than writes
			p.rest("GET", "/healthz", "")
		}
	}
	readers.Wait()
	t.Logf("%d states compared", p.seen.Load())
	if p.seen.Load() < p.all/10 {
		t.Error("too few")
	}
}

// pair is two queries over one counter.
func pair(first, second uint32) []*gatewayv1.WatchQuery {
	return []*gatewayv1.WatchQuery{watchedCounter(first, "p"), watchedEven(second, "p")}
}

// check compares two targets if they are of one complete state. It returns the value.
func (p *property) check(s *screen, first, second uint32, last int64) int64 {
	value, even := s.outcome(first), s.outcome(second)
	if !s.ofGroup(0).complete || value == "" || even == "" || value == "unchanged" || even == "unchanged" {
		return last
	}
	n := int64(-1)
	if _, err := fmt.Sscan(value, &n); err != nil || even != oddOrEven(int(n)) || n < last {
		p.t.Errorf("%s and %s in one state, after %d", value, even, last)
	}
	if odd := s.shown[second].GetFunctionError().GetDataJson(); odd != nil {
		if want := fmt.Sprintf(`{"code":"OUT_OF_RANGE","odd":%d}`, n); canonicalText(p.t, odd) != want {
			p.t.Errorf("%s in one state with %d", odd, n)
		}
	}
	p.seen.Add(1)
	return n
}

// wait waits until some more writes have been made, as a slow reader would.
func (p *property) wait(writes int64) {
	for until := p.writes.Load() + rand.Int64N(writes+1); writes > 0 && p.writes.Load() < min(until, p.all); {
		p.rest("GET", "/healthz", "")
	}
}

// follow reads one set until it has all writes.
func (p *property) follow(s *screen, pause int64) {
	for last := int64(0); last < p.all; {
		p.wait(pause)
		if _, err := s.receive(); err != nil {
			p.t.Errorf("after %d: %v", last, err)
			return
		}
		last = p.check(s, 1, 2, last)
	}
}

// changeTargets removes and adds the two targets at random.
func (p *property) changeTargets(w *watching, pause int64) {
	first, second := uint32(1), uint32(2)
	w.add(pair(first, second)...)
	for last := int64(0); last < p.all; {
		p.wait(pause)
		if _, err := w.receive(); err != nil {
			p.t.Errorf("after %d: %v", last, err)
			return
		}
		last = p.check(w.screen, first, second, last)
		switch rand.IntN(8) {
		case 0:
			w.remove(first)
			first = max(first, second) + 1
			w.add(watchedCounter(first, "p"))
		case 1:
			w.remove(second)
			second = max(first, second) + 1
			w.add(watchedEven(second, "p"))
		case 2:
			w.checkpoint(&gatewayv1.Checkpoint{})
		}
	}
	w.cancel()
}

// resume closes its stream now and then, and goes on with the tokens that it has.
func (p *property) resume(ctx context.Context, pause int64) {
	tokens, values := [2]string{}, [2]*gatewayv1.TargetChange{}
	for last := int64(0); last < p.all; {
		ctx, cancel := context.WithCancel(ctx)
		queries := pair(1, 2)
		queries[0].ResumeToken, queries[1].ResumeToken = tokens[0], tokens[1]
		s := p.watchSet(ctx, queries...)
		for range 1 + rand.IntN(20) {
			p.wait(pause)
			if _, err := s.receive(); err != nil {
				p.t.Errorf("after %d: %v", last, err)
				cancel()
				return
			}
			for i := range values {
				if c := s.shown[uint32(i+1)]; c.GetUnchanged() != nil {
					tokens[i] = c.GetResumeToken()
					c = proto.CloneOf(values[i])
					s.shown[uint32(i+1)] = c
				}
			}
			last = p.check(s, 1, 2, last)
			if last == p.all {
				break
			}
		}
		for i := range values {
			if c := s.shown[uint32(i+1)]; c != nil {
				values[i], tokens[i] = c, c.GetResumeToken()
			}
		}
		cancel()
	}
}

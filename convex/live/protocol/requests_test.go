package protocol

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
)

// queueTest is a queue, and the names of its requests.
type queueTest struct {
	requestQueue
	t     *testing.T
	named map[string]*Request
}

// queued fills a queue: names that start with m are mutations, others actions.
func queued(t *testing.T, names ...string) *queueTest {
	t.Helper()
	q := &queueTest{t: t, named: map[string]*Request{}}
	for _, name := range names {
		if err := q.enqueue(name); err != nil {
			t.Fatal(err)
		}
	}
	return q
}

func (q *queueTest) enqueue(name string) error {
	kind := convex.Action
	if strings.HasPrefix(name, "m") {
		kind = convex.Mutation
	}
	q.named[name] = &Request{Kind: kind, Path: mustPath(q.t, "m:"+name), Args: []byte(`{}`)}
	return q.add(q.named[name])
}

// text is an outcome in one line, after the request's name.
func (o Outcome) text() string {
	var failed *convex.FunctionError
	name := o.Request.Path.Function() + "="
	switch {
	case o.Err == nil:
		return name + string(o.Result.Value)
	case errors.As(o.Err, &failed):
		return name + "threw " + failed.Message
	default:
		return name + o.Err.Error()
	}
}

// has checks the outcomes so far, sorted.
func (q *queueTest) has(want ...string) {
	q.t.Helper()
	var got []string
	for _, o := range q.ended {
		got = append(got, o.text())
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		q.t.Errorf("ended are %q; want %q", got, want)
	}
}

// mutationJSON and actionJSON are requests of functions m:name as they are sent.
func mutationJSON(id int, name string) string {
	return fmt.Sprintf(`{"type":"Mutation","requestId":%d,"udfPath":"m:%s","args":[{}]}`, id, name)
}

func actionJSON(id int, name string) string {
	return fmt.Sprintf(`{"type":"Action","requestId":%d,"udfPath":"m:%s","args":[{}]}`, id, name)
}

func succeeded(id uint32, value string, committed Timestamp) *Response {
	return &Response{id, &convex.Result{Value: []byte(value), Timestamp: uint64(committed)}}
}

func threw(id uint32, message string) *Response {
	return &Response{id, &convex.Result{Err: &convex.FunctionError{Message: message}}}
}

func TestRequestsAreSentOnceInOrder(t *testing.T) {
	q := queued(t, "m1", "a1", "m2")
	wantMessages(t, "release", q.release(), mutationJSON(0, "m1"), actionJSON(1, "a1"), mutationJSON(2, "m2"))
	wantMessages(t, "release again", q.release())
	if err := q.enqueue("m3"); err != nil {
		t.Fatal(err)
	}
	wantMessages(t, "release of one more", q.release(), mutationJSON(3, "m3"))
	q.has()
}

// When a request ends, by what comes in which order. The queries reflect time 10 at first.
func TestRequestEnds(t *testing.T) {
	const unknown = "deployment error: outcome unknown: ConnectionLost"
	for _, tt := range []struct {
		name  string
		steps func(*requestQueue)
		ended []string
	}{
		{"nothing", func(*requestQueue) {}, nil},
		{"success alone", func(rq *requestQueue) { rq.respond(succeeded(0, `1`, 20), 10) }, nil},
		{"success, then too early", func(rq *requestQueue) { rq.respond(succeeded(0, `1`, 20), 10); rq.reach(19) }, nil},
		{"success, then reached", func(rq *requestQueue) { rq.respond(succeeded(0, `1`, 20), 10); rq.reach(20) }, []string{"m1=1"}},
		{"success, then beyond", func(rq *requestQueue) { rq.respond(succeeded(0, `1`, 20), 10); rq.reach(21); rq.reach(22) }, []string{"m1=1"}},
		{"reached, then success", func(rq *requestQueue) { rq.reach(20); rq.respond(succeeded(0, `1`, 20), 20) }, []string{"m1=1"}},
		{"success twice", func(rq *requestQueue) {
			rq.respond(succeeded(0, `1`, 20), 10)
			rq.respond(succeeded(0, `1`, 20), 10)
			rq.reach(20)
			rq.respond(succeeded(0, `1`, 20), 20)
		}, []string{"m1=1"}},
		{"a mutation throws", func(rq *requestQueue) { rq.respond(threw(0, "x"), 10) }, []string{"m1=threw x"}},
		{"an action returns", func(rq *requestQueue) { rq.respond(succeeded(1, `2`, 0), 10) }, []string{"a1=2"}},
		{"an action throws", func(rq *requestQueue) { rq.respond(threw(1, "x"), 10) }, []string{"a1=threw x"}},
		{"out of order", func(rq *requestQueue) {
			rq.respond(succeeded(1, `2`, 0), 10)
			rq.respond(succeeded(2, `3`, 15), 10)
			rq.respond(succeeded(0, `1`, 12), 10)
			rq.reach(14)
		}, []string{"a1=2", "m1=1"}},
		{"to no request", func(rq *requestQueue) { rq.respond(succeeded(9, `1`, 0), 10) }, nil},
		{"disconnect", func(rq *requestQueue) { rq.disconnect(nil); rq.reach(99) }, []string{"a1=" + unknown}},
		{"answered, disconnect, reached", func(rq *requestQueue) {
			rq.respond(succeeded(0, `1`, 20), 10)
			rq.disconnect(nil)
			rq.reach(20)
		}, []string{"a1=" + unknown, "m1=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := queued(t, "m1", "a1", "m2")
			q.release()
			tt.steps(&q.requestQueue)
			q.has(tt.ended...)
		})
	}
}

func TestReconnectResendsMutations(t *testing.T) {
	q := queued(t, "m1", "a1", "m2")
	q.release()
	q.respond(succeeded(0, `1`, 20), 10)
	q.disconnect(nil)
	for _, name := range []string{"a2", "m3"} {
		if err := q.enqueue(name); err != nil {
			t.Fatal(err)
		}
	}
	wantMessages(t, "release", q.release(), mutationJSON(0, "m1"), mutationJSON(2, "m2"), actionJSON(3, "a2"), mutationJSON(4, "m3"))
	q.respond(succeeded(0, `1`, 20), 20) // the repeat's answer, after a transition that covers it
	q.has("a1=deployment error: outcome unknown: ConnectionLost", "m1=1")
	q.disconnect(nil)
	wantMessages(t, "the second release", q.release(), mutationJSON(2, "m2"), mutationJSON(4, "m3"))
}

func TestAbandon(t *testing.T) {
	q := queued(t, "m1", "m2", "a1")
	q.abandon(q.named["m1"])
	wantMessages(t, "release", q.release(), mutationJSON(1, "m2"), actionJSON(2, "a1"))
	q.abandon(q.named["m2"])
	if !q.awaited() || len(q.pending) != 2 {
		t.Errorf("awaited %t, %d pending", q.awaited(), len(q.pending))
	}
	q.abandon(q.named["a1"])
	if q.awaited() || len(q.pending) != 2 {
		t.Errorf("awaited %t, %d pending: on the socket they count", q.awaited(), len(q.pending))
	}
	q.abandon(q.named["m1"])
	q.disconnect(nil)
	wantMessages(t, "release on a new socket", q.release())
	q.has("a1=deployment error: outcome unknown: ConnectionLost", "m2=deployment error: outcome unknown: ConnectionLost")
}

func TestFail(t *testing.T) {
	q := queued(t, "m1", "m2")
	q.release()
	if err := q.enqueue("m3"); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("refused")
	q.fail(cause, func(r *Request) bool { return r.id != 0 })
	q.has("m2=deployment error: outcome unknown: refused", "m3=refused")
	if len(q.pending) != 1 || q.pending[0].id != 0 {
		t.Errorf("%d are pending", len(q.pending))
	}
}

func TestCaps(t *testing.T) {
	if MaxPendingMutations >= 1000 || MaxPendingActions >= 1000 {
		t.Error("the deployment takes 999")
	}
	q := queued(t)
	for kind, limit := range map[convex.Kind]int{convex.Mutation: MaxPendingMutations, convex.Action: MaxPendingActions} {
		for i := range limit + 3 {
			err := q.add(&Request{Kind: kind})
			if wantFull := i >= limit; errors.Is(err, ErrQueueFull) != wantFull {
				t.Fatalf("%v %d: %v", kind, i, err)
			}
		}
	}
	first := q.pending[0]
	q.release()
	q.respond(threw(first.id, "x"), 0)
	if err := q.add(&Request{Kind: first.Kind}); err != nil {
		t.Errorf("with room for one: %v", err)
	}
	if err := q.add(&Request{Kind: first.Kind}); !errors.Is(err, ErrQueueFull) {
		t.Errorf("without room: %v", err)
	}
}

func TestPendingBytesAreCapped(t *testing.T) {
	q := queued(t)
	add := func(kind convex.Kind, size int) error {
		return q.add(&Request{Kind: kind, Args: make([]byte, size)})
	}
	for _, tt := range []struct {
		kind convex.Kind
		size int
		full bool
	}{
		{convex.Mutation, 16 << 20, false}, {convex.Action, 16<<20 - 10, false}, {convex.Mutation, 11, true}, {convex.Action, 11, true}, {convex.Mutation, 10, false}, {convex.Mutation, 1, true},
	} {
		if err := add(tt.kind, tt.size); errors.Is(err, ErrQueueFull) != tt.full {
			t.Errorf("%v of %d bytes: %v", tt.kind, tt.size, err)
		}
	}
}

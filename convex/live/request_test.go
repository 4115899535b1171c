package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
)

// ends notes the ends of requests, by their names.
type ends map[string][]string

// request makes one that notes its end.
func (e ends) request(t *testing.T, name string, kind convex.Kind) *request {
	t.Helper()
	r := &request{kind: kind, path: mustPath(t, "m:"+name), args: []byte(`{}`)}
	r.done = func(result *convex.Result, err error) {
		var text string
		var failed *convex.FunctionError
		switch {
		case err == nil:
			text = string(result.Value)
		case errors.As(err, &failed):
			text = "threw " + failed.Message
		default:
			text = err.Error()
		}
		e[name] = append(e[name], text)
	}
	return r
}

// has checks how requests have ended: name=end, sorted.
func (e ends) has(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for name, list := range e {
		got = append(got, name+"="+strings.Join(list, "+"))
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("ended are %q; want %q", got, want)
	}
}

// queued fills a queue: names that start with m are mutations, others actions.
func queued(t *testing.T, names ...string) (*requestQueue, map[string]*request, ends) {
	t.Helper()
	rq, requests, ended := &requestQueue{}, map[string]*request{}, ends{}
	for _, name := range names {
		kind := convex.Action
		if strings.HasPrefix(name, "m") {
			kind = convex.Mutation
		}
		requests[name] = ended.request(t, name, kind)
		if err := rq.add(requests[name]); err != nil {
			t.Fatal(err)
		}
	}
	return rq, requests, ended
}

// mutationJSON and actionJSON are requests of functions m:name as they are sent.
func mutationJSON(id int, name string) string {
	return fmt.Sprintf(`{"type":"Mutation","requestId":%d,"udfPath":"m:%s","args":[{}]}`, id, name)
}

func actionJSON(id int, name string) string {
	return fmt.Sprintf(`{"type":"Action","requestId":%d,"udfPath":"m:%s","args":[{}]}`, id, name)
}

func succeeded(id uint32, value string, committed timestamp) *requestResponse {
	return &requestResponse{id, &convex.Result{Value: []byte(value), Timestamp: uint64(committed)}}
}

func threw(id uint32, message string) *requestResponse {
	return &requestResponse{id, &convex.Result{Err: &convex.FunctionError{Message: message}}}
}

func TestRequestsAreSentOnceInOrder_item31(t *testing.T) {
	rq, _, ended := queued(t, "m1", "a1", "m2")
	wantMessages(t, "release", rq.release(), mutationJSON(0, "m1"), actionJSON(1, "a1"), mutationJSON(2, "m2"))
	wantMessages(t, "release again", rq.release())
	if err := rq.add(ended.request(t, "m3", convex.Mutation)); err != nil {
		t.Fatal(err)
	}
	wantMessages(t, "release of one more", rq.release(), mutationJSON(3, "m3"))
	ended.has(t)
}

// When a request is done, by what comes in which order. The queries reflect time 10 at first.
func TestRequestIsDone_items32to34(t *testing.T) {
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
		{"to nobody", func(rq *requestQueue) { rq.respond(succeeded(9, `1`, 0), 10) }, nil},
		{"disconnect", func(rq *requestQueue) { rq.disconnect(); rq.reach(99) }, []string{"a1=" + unknown}},
		{"answered, disconnect, reached", func(rq *requestQueue) {
			rq.respond(succeeded(0, `1`, 20), 10)
			rq.disconnect()
			rq.reach(20)
		}, []string{"a1=" + unknown, "m1=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rq, _, ended := queued(t, "m1", "a1", "m2")
			rq.release()
			tt.steps(rq)
			ended.has(t, tt.ended...)
		})
	}
}

func TestReconnectResendsMutations_items36and37(t *testing.T) {
	rq, _, ended := queued(t, "m1", "a1", "m2")
	rq.release()
	rq.respond(succeeded(0, `1`, 20), 10)
	rq.disconnect()
	for _, r := range []*request{ended.request(t, "a2", convex.Action), ended.request(t, "m3", convex.Mutation)} {
		if err := rq.add(r); err != nil {
			t.Fatal(err)
		}
	}
	wantMessages(t, "release", rq.release(), mutationJSON(0, "m1"), mutationJSON(2, "m2"), actionJSON(3, "a2"), mutationJSON(4, "m3"))
	rq.respond(succeeded(0, `1`, 20), 20) // the repeat's answer, after a transition that covers it
	ended.has(t, "a1=deployment error: outcome unknown: ConnectionLost", "m1=1")
	rq.disconnect()
	wantMessages(t, "the second release", rq.release(), mutationJSON(2, "m2"), mutationJSON(4, "m3"))
}

func TestAbandon(t *testing.T) {
	rq, requests, ended := queued(t, "m1", "m2", "a1")
	rq.abandon(requests["m1"])
	wantMessages(t, "release", rq.release(), mutationJSON(1, "m2"), actionJSON(2, "a1"))
	rq.abandon(requests["m2"])
	if !rq.awaited() || len(rq.pending) != 2 {
		t.Errorf("awaited %t, %d pending", rq.awaited(), len(rq.pending))
	}
	rq.abandon(requests["a1"])
	if rq.awaited() || len(rq.pending) != 2 {
		t.Errorf("awaited %t, %d pending: on the socket they count", rq.awaited(), len(rq.pending))
	}
	rq.abandon(requests["m1"])
	rq.disconnect()
	wantMessages(t, "release on a new socket", rq.release())
	ended.has(t, "a1=deployment error: outcome unknown: ConnectionLost", "m2=deployment error: outcome unknown: ConnectionLost")
}

func TestFail(t *testing.T) {
	rq, _, ended := queued(t, "m1", "m2")
	rq.release()
	if err := rq.add(ended.request(t, "m3", convex.Mutation)); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("refused")
	rq.fail(cause, func(r *request) bool { return r.id != 0 })
	ended.has(t, "m2=deployment error: outcome unknown: refused", "m3=refused")
	if len(rq.pending) != 1 || rq.pending[0].id != 0 {
		t.Errorf("%d are pending", len(rq.pending))
	}
}

func TestCaps_item39(t *testing.T) {
	if maxPendingMutations >= 1000 || maxPendingActions >= 1000 {
		t.Error("the deployment takes 999")
	}
	rq, ended := &requestQueue{}, ends{}
	for kind, limit := range map[convex.Kind]int{convex.Mutation: maxPendingMutations, convex.Action: maxPendingActions} {
		for i := range limit + 3 {
			err := rq.add(ended.request(t, "f", kind))
			if wantFull := i >= limit; errors.Is(err, ErrQueueFull) != wantFull {
				t.Fatalf("%v %d: %v", kind, i, err)
			}
		}
	}
	first := rq.pending[0]
	rq.release()
	rq.respond(threw(first.id, "x"), 0)
	if err := rq.add(ended.request(t, "f", first.kind)); err != nil {
		t.Errorf("with room for one: %v", err)
	}
	if err := rq.add(ended.request(t, "f", first.kind)); !errors.Is(err, ErrQueueFull) {
		t.Errorf("without room: %v", err)
	}
}

func TestPendingBytesAreCapped(t *testing.T) {
	rq, ended := &requestQueue{}, ends{}
	add := func(kind convex.Kind, size int) error {
		r := ended.request(t, "f", kind)
		r.args = make([]byte, size)
		return rq.add(r)
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

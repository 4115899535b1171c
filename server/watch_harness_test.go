package server

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// screen is what a client of Watch or WatchSet has: the newest outcome of each of its targets. It checks that every response keeps to the
// contract.
type screen struct {
	t       *testing.T
	recv    func() (*gatewayv1.WatchResponse, error)
	group   map[uint32]uint32 // of each target that was added
	shown   map[uint32]*gatewayv1.TargetChange
	groups  map[uint32]*groupOnScreen
	auth    *gatewayv1.AuthStateResponse // the newest
	pending map[uint32]*gatewayv1.WatchResponse
}

// groupOnScreen is the newest state of a group.
type groupOnScreen struct {
	read       time.Time
	complete   bool
	connection gatewayv1.Connection_State
	tag        string
	checked    int // responses with a read time and without changes
}

func newScreen(t *testing.T, recv func() (*gatewayv1.WatchResponse, error)) *screen {
	return &screen{
		t: t, recv: recv, group: map[uint32]uint32{}, shown: map[uint32]*gatewayv1.TargetChange{}, groups: map[uint32]*groupOnScreen{},
		pending: map[uint32]*gatewayv1.WatchResponse{},
	}
}

func (s *screen) ofGroup(number uint32) *groupOnScreen {
	if s.groups[number] == nil {
		s.groups[number] = &groupOnScreen{}
	}
	return s.groups[number]
}

// receive waits for a whole state, and shows it. It returns what is new, of all parts together.
func (s *screen) receive() (*gatewayv1.WatchResponse, error) {
	for {
		r, err := s.recv()
		if err != nil {
			return nil, err
		}
		if r = s.joined(r); r == nil {
			continue
		}
		s.show(r)
		return r, nil
	}
}

// joined returns a whole state; nil while parts of it are to come.
func (s *screen) joined(r *gatewayv1.WatchResponse) *gatewayv1.WatchResponse {
	if begun := s.pending[r.GetGroup()]; begun != nil && r.GetAuth() == nil {
		if !proto.Equal(begun.GetReadTime(), r.GetReadTime()) || begun.GetIdentityTag() != r.GetIdentityTag() || r.GetConnection() != nil || len(r.GetChanges()) == 0 {
			s.t.Errorf("%v between the parts of %v", r, begun.GetReadTime())
		}
		r = proto.CloneOf(r)
		r.Changes = append(begun.GetChanges(), r.GetChanges()...)
		r.Connection = begun.GetConnection()
		delete(s.pending, r.GetGroup())
	}
	if !r.GetMore() {
		return r
	}
	if r.GetComplete() || r.GetReadTime() == nil || len(r.GetChanges()) == 0 {
		s.t.Errorf("a part that is not the last: %v", describe(r))
	}
	s.pending[r.GetGroup()] = r
	return nil
}

func (s *screen) show(r *gatewayv1.WatchResponse) {
	if auth := r.GetAuth(); auth != nil {
		if r.GetGroup() != 0 || len(r.GetChanges()) > 0 || r.GetReadTime() != nil || r.GetConnection() != nil || r.GetComplete() {
			s.t.Errorf("auth with something else: %v", r)
		}
		s.auth = auth
		return
	}
	if s.auth == nil {
		s.t.Errorf("%v before auth", describe(r))
	}
	g := s.ofGroup(r.GetGroup())
	if g.read.After(r.GetReadTime().AsTime()) && r.GetReadTime() != nil {
		s.t.Errorf("group %d goes back from %v to %v", r.GetGroup(), g.read, r.GetReadTime().AsTime())
	}
	if r.GetReadTime() != nil {
		g.read = r.GetReadTime().AsTime()
	}
	if len(r.GetChanges()) == 0 && r.GetReadTime() != nil {
		g.checked++
	}
	if r.GetConnection() != nil {
		g.connection = r.GetConnection().GetState()
		g.complete = g.complete && g.connection == gatewayv1.Connection_STATE_CONNECTED
	}
	if r.GetReadTime() != nil {
		g.complete = r.GetComplete()
	}
	g.tag = r.GetIdentityTag()
	results := 0
	for _, c := range r.GetChanges() {
		s.showChange(r, c)
		if c.GetRemoved() == nil {
			results++
		}
	}
	if onlyEnds := len(r.GetChanges()) > 0 && results == 0; onlyEnds == (r.GetReadTime() != nil) && len(r.GetChanges()) > 0 {
		s.t.Errorf("read time of %v", describe(r))
	}
}

func (s *screen) showChange(r *gatewayv1.WatchResponse, c *gatewayv1.TargetChange) {
	group, added := s.group[c.GetTarget()]
	removed := c.GetRemoved() != nil
	if !added || group != r.GetGroup() || c.GetOutcome() == nil || removed == (c.GetResumeToken() != "") {
		s.t.Errorf("change %v of group %d", c, r.GetGroup())
	}
	if c.GetUnchanged() != nil && s.shown[c.GetTarget()] != nil {
		s.t.Errorf("target %d is unchanged a second time", c.GetTarget())
	}
	if s.shown[c.GetTarget()] = c; removed {
		if c.GetRemoved().GetCode() == 0 || c.GetRemoved().GetReason() == "" || c.GetRemoved().GetMessage() == "" {
			s.t.Errorf("removed: %v", c)
		}
	}
}

// describe is a response without its values.
func describe(r *gatewayv1.WatchResponse) string {
	r = proto.CloneOf(r)
	for _, c := range r.GetChanges() {
		switch c.GetOutcome().(type) {
		case *gatewayv1.TargetChange_Value, *gatewayv1.TargetChange_ValueJson:
			c.Outcome = nil
		}
	}
	return r.String()
}

// outcome returns the newest outcome of a target as text: its value, or the reason of an error.
func (s *screen) outcome(target uint32) string {
	switch c := s.shown[target]; {
	case c == nil:
		return ""
	case c.GetRemoved() != nil:
		return "removed " + c.GetRemoved().GetReason()
	case c.GetFunctionError() != nil:
		return "error " + c.GetFunctionError().GetReason()
	case c.GetUnchanged() != nil:
		return "unchanged"
	case c.GetValue() != nil:
		text, err := protojson.Marshal(c.GetValue())
		if err != nil {
			s.t.Fatal(err)
		}
		return canonicalText(s.t, text)
	default:
		return canonicalText(s.t, c.GetValueJson())
	}
}

// next waits for a state, which must come.
func (s *screen) next() *gatewayv1.WatchResponse {
	s.t.Helper()
	r, err := s.receive()
	if err != nil {
		s.t.Fatalf("the stream ended: %v", err)
	}
	return r
}

// until waits until a condition holds.
func (s *screen) until(holds func() bool) {
	s.t.Helper()
	for !holds() {
		s.next()
	}
}

// await waits until targets have those outcomes.
func (s *screen) await(outcomes map[uint32]string) {
	s.t.Helper()
	s.until(func() bool {
		for target, want := range outcomes {
			if s.outcome(target) != want {
				return false
			}
		}
		return true
	})
}

// nextChanges waits for a state with changes, and returns the targets that it names.
func (s *screen) nextChanges() (targets []uint32, r *gatewayv1.WatchResponse) {
	s.t.Helper()
	for r = s.next(); len(r.GetChanges()) == 0; r = s.next() {
	}
	for _, c := range r.GetChanges() {
		targets = append(targets, c.GetTarget())
	}
	slices.Sort(targets)
	return targets, r
}

// end waits for the end, and returns its error.
func (s *screen) end() error {
	for {
		if _, err := s.receive(); err != nil {
			return err
		}
	}
}

// watching is a Watch stream with its client's screen.
type watching struct {
	*screen
	stream grpc.BidiStreamingClient[gatewayv1.WatchRequest, gatewayv1.WatchResponse]
	cancel context.CancelFunc
}

// watch opens a Watch stream in the JSON lane.
func (g *gateway) watch(ctx context.Context) *watching {
	g.t.Helper()
	return g.watchWith(ctx, &gatewayv1.WatchOptions{ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON})
}

func (g *gateway) watchWith(ctx context.Context, options *gatewayv1.WatchOptions) *watching {
	g.t.Helper()
	w := g.watchRaw(ctx)
	w.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Open{Open: options}})
	return w
}

// watchRaw opens a stream on which nothing has been sent.
func (g *gateway) watchRaw(ctx context.Context) *watching {
	g.t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	stream, err := g.functions.Watch(ctx)
	if err != nil {
		g.t.Fatal(err)
	}
	return &watching{newScreen(g.t, stream.Recv), stream, cancel}
}

// send sends a command. If the stream has ended, that is seen when the client receives.
func (w *watching) send(m *gatewayv1.WatchRequest) { _ = w.stream.Send(m) }

func (w *watching) add(queries ...*gatewayv1.WatchQuery) {
	for _, q := range queries {
		w.group[q.GetTarget()] = q.GetGroup()
		w.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: q}})
	}
}

func (w *watching) remove(target uint32) {
	w.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Remove{Remove: target}})
}

func (w *watching) token(token string) {
	w.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{Token: token}})
}

func (w *watching) checkpoint(c *gatewayv1.Checkpoint) {
	w.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Checkpoint{Checkpoint: c}})
}

// watchSet opens a WatchSet stream over gRPC in the JSON lane.
func (g *gateway) watchSet(ctx context.Context, queries ...*gatewayv1.WatchQuery) *screen {
	g.t.Helper()
	stream, err := g.functions.WatchSet(ctx, &gatewayv1.WatchSetRequest{
		Options: &gatewayv1.WatchOptions{ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}, Queries: queries,
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return newScreen(g.t, stream.Recv).of(queries)
}

// watchSSE opens a WatchSet stream of server-sent events.
func (g *gateway) watchSSE(ctx context.Context, queries []*gatewayv1.WatchQuery, header ...string) *screen {
	g.t.Helper()
	body, err := protojson.Marshal(&gatewayv1.WatchSetRequest{Queries: queries})
	if err != nil {
		g.t.Fatal(err)
	}
	events, err := g.openSSE(ctx, "POST", "/v1/watch", string(body), header...)
	if err != nil {
		g.t.Fatal(err)
	}
	return newScreen(g.t, func() (*gatewayv1.WatchResponse, error) { return watchResponse(g.t, events.next()) }).of(queries)
}

// watchResponse reads an event, and checks its name. The event status is an error.
func watchResponse(t *testing.T, e sseEvent) (*gatewayv1.WatchResponse, error) {
	t.Helper()
	if e.name == "status" {
		return nil, fmt.Errorf("status %s", e.data)
	}
	r := fromJSON(t, e.data, &gatewayv1.WatchResponse{})
	want := "connection"
	switch {
	case len(r.GetChanges()) > 0 || r.GetReadTime() != nil:
		want = "snapshot"
	case r.GetAuth() != nil:
		want = "auth"
	}
	if e.name != want || e.id != "" {
		t.Errorf("event %s with the id %q: %s", e.name, e.id, e.data)
	}
	return r, nil
}

// of sets the targets that were added.
func (s *screen) of(queries []*gatewayv1.WatchQuery) *screen {
	for _, q := range queries {
		s.group[q.GetTarget()] = q.GetGroup()
	}
	return s
}

// watched is a query with arguments in JSON.
func watched(target uint32, path, args string) *gatewayv1.WatchQuery {
	q := &gatewayv1.WatchQuery{Target: target, Path: path}
	if args != "" {
		q.ArgsJson = []byte(args)
	}
	return q
}

// watchedCounter is a query of a counter; its value is a number.
func watchedCounter(target uint32, name string) *gatewayv1.WatchQuery {
	return watched(target, "counter:get", fmt.Sprintf(`{"name":%q}`, name))
}

// watchedEven is another query of a counter: its value, or an error while that is odd.
func watchedEven(target uint32, name string) *gatewayv1.WatchQuery {
	return watched(target, "test:even", fmt.Sprintf(`{"name":%q}`, name))
}

// oddOrEven is the outcome of watchedEven.
func oddOrEven(n int) string {
	if n%2 == 1 {
		return "error CONVEX_ERROR"
	}
	return fmt.Sprint(n)
}

// inStructLane has the arguments as a Struct.
func inStructLane(t *testing.T, q *gatewayv1.WatchQuery) *gatewayv1.WatchQuery {
	t.Helper()
	q.Args = fromJSON(t, string(q.GetArgsJson()), &structpb.Struct{})
	q.ArgsJson = nil
	return q
}

// overEachWire runs a test of a fixed set of queries over each wire that has them.
func overEachWire(t *testing.T, test func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen)) {
	t.Helper()
	for name, open := range map[string]func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen{
		"Watch": func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen {
			w := g.watch(g.context())
			w.add(queries...)
			return w.screen
		},
		"WatchSet": func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen { return g.watchSet(g.context(), queries...) },
		"SSE":      func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen { return g.watchSSE(g.context(), queries) },
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

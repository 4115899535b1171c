package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// auth comes first; then all queries of a group together, and each transition as one response.
func TestWatch(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		s := open(g, watchedCounter(1, "a"), watchedEven(2, "a"), watchedCounter(3, "b"))
		if first := s.next(); first.GetAuth().GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || first.GetAuth().GetReason() != "NO_CREDENTIALS" {
			t.Errorf("first %v", first)
		}
		s.await(map[uint32]string{1: "0", 2: "0", 3: "0"})
		s.until(func() bool { return s.ofGroup(0).complete })
		for n := 1; n <= 3; n++ {
			g.add("a")
			targets, r := s.nextChanges()
			if !slices.Equal(targets, []uint32{1, 2}) || !r.GetComplete() || r.GetConnection() != nil || r.GetIdentityTag() != "" {
				t.Errorf("%v", describe(r))
			}
			if s.outcome(1) != fmt.Sprint(n) || s.outcome(2) != oddOrEven(n) {
				t.Errorf("%d: %s, %s", n, s.outcome(1), s.outcome(2))
			}
		}
		g.add("b")
		if targets, _ := s.nextChanges(); !slices.Equal(targets, []uint32{3}) {
			t.Errorf("changes of %d", targets)
		}
	})
}

// Both value formats have the same values, errors and logs.
func TestWatchInBothFormats(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, format := range []gatewayv1.ValueFormat{gatewayv1.ValueFormat_VALUE_FORMAT_UNSPECIFIED, gatewayv1.ValueFormat_VALUE_FORMAT_JSON} {
		w := g.watchWith(g.context(), &gatewayv1.WatchOptions{ValueFormat: format})
		echo := watched(1, "values:echo", `{"value":{"a":[1,2.5,"x",null,{"$integer":"AQAAAAAAAAA="}]}}`)
		w.add(inStructLane(t, echo), watched(2, "errors:convex", `{"data":{"code":"OUT_OF_RANGE","n":[1]}}`), watched(3, "test:logs", ""))
		w.await(map[uint32]string{1: `{"a":[1,2.5,"x",null,{"$integer":"AQAAAAAAAAA="}]}`, 2: "error CONVEX_ERROR", 3: `"logged"`})
		inJSON := format == gatewayv1.ValueFormat_VALUE_FORMAT_JSON
		fe := w.shown[2].GetFunctionError()
		if fe.GetCode() != int32(codes.OutOfRange) || (fe.GetData() == nil) != inJSON || (fe.DataJson != nil) != inJSON {
			t.Errorf("%v: %v", format, fe)
		}
		if (w.shown[1].GetValue() == nil) != inJSON || len(w.shown[3].GetLogLines()) != 2 {
			t.Errorf("%v: %v", format, w.shown)
		}
	}
}

// A command that breaks the rules ends the stream, and names its field.
func TestWatchProtocolErrors(t *testing.T) {
	t.Parallel()
	g := start(t)
	opened := &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Open{Open: &gatewayv1.WatchOptions{}}}
	options := func(o *gatewayv1.WatchOptions) []*gatewayv1.WatchRequest {
		return []*gatewayv1.WatchRequest{{Command: &gatewayv1.WatchRequest_Open{Open: o}}}
	}
	add := func(targets ...uint32) (list []*gatewayv1.WatchRequest) {
		list = append(list, opened)
		for _, target := range targets {
			list = append(list, &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: watchedCounter(target, "a")}})
		}
		return list
	}
	for name, test := range map[string]struct {
		commands []*gatewayv1.WatchRequest
		field    string
	}{
		"nothing":            {nil, "open"},
		"an empty command":   {[]*gatewayv1.WatchRequest{{}}, "open"},
		"add first":          {add(1)[1:], "open"},
		"a token first":      {[]*gatewayv1.WatchRequest{{Command: &gatewayv1.WatchRequest_Token{Token: "a.b.c"}}}, "open"},
		"a removal first":    {[]*gatewayv1.WatchRequest{{Command: &gatewayv1.WatchRequest_Remove{Remove: 1}}}, "open"},
		"a checkpoint first": {[]*gatewayv1.WatchRequest{{Command: &gatewayv1.WatchRequest_Checkpoint{Checkpoint: &gatewayv1.Checkpoint{}}}}, "open"},
		"opened twice":       {[]*gatewayv1.WatchRequest{opened, opened}, "open"},
		"empty later":        {[]*gatewayv1.WatchRequest{opened, {}}, "command"},
		"target 0":           {add(0), "target"},
		"the same target":    {add(1, 1), "target"},
		"a lower target":     {add(5, 4), "target"},
		"a checkpoint before 1970": {[]*gatewayv1.WatchRequest{opened, {Command: &gatewayv1.WatchRequest_Checkpoint{
			Checkpoint: &gatewayv1.Checkpoint{MinReadTime: &timestamppb.Timestamp{Seconds: -1}},
		}}}, "min_read_time"},
		"format":          {options(&gatewayv1.WatchOptions{ValueFormat: 7}), "value_format"},
		"short heartbeat": {options(&gatewayv1.WatchOptions{Heartbeat: &durationpb.Duration{Seconds: 1}}), "heartbeat"},
		"weak key":        {options(&gatewayv1.WatchOptions{RefreshKey: "weak"}), "refresh_key"},
	} {
		t.Run(name, func(t *testing.T) {
			w := g.watchRaw(g.context())
			w.group[1], w.group[5] = 0, 0
			for _, command := range test.commands {
				w.send(command)
			}
			_ = w.stream.CloseSend()
			err := w.end()
			failure{code: codes.InvalidArgument, reason: "INVALID_VALUE"}.checkStatus(t, err, w.stream.Trailer())
			if !strings.Contains(err.Error(), test.field+":") {
				t.Errorf("%v does not name %s", err, test.field)
			}
		})
	}
	for name, targets := range map[string][]uint32{"target 0": {0}, "the same target": {1, 1}, "a lower target": {2, 1}} {
		var queries []*gatewayv1.WatchQuery
		for _, target := range targets {
			queries = append(queries, watchedCounter(target, "a"))
		}
		err := g.watchSet(g.context(), queries...).end()
		if reasonOf(err) != "INVALID_VALUE" || !strings.Contains(err.Error(), "target:") {
			t.Errorf("%s in a set: %v", name, err)
		}
	}
}

// What is wrong with a query ends its target alone, or is its outcome.
func TestBadTargetsEndAlone(t *testing.T) {
	t.Parallel()
	bad := map[string]*gatewayv1.WatchQuery{
		"removed INVALID_PATH":     {Path: "a b"},
		"removed INVALID_VALUE":    {Path: "a:b", ArgsJson: []byte(`[]`)},
		"removed INVALID_VALUE ":   {Path: "a:b", ArgsJson: []byte(`{"a":"\ud800"}`)},
		"removed INVALID_VALUE  ":  {Path: "a:b", ResumeToken: "not base64!"},
		"removed INVALID_VALUE   ": {Path: "a:b", MinReadTime: &timestamppb.Timestamp{Seconds: -1}},
		"removed INVALID_PATH  ":   {},
		"error FUNCTION_NOT_FOUND": {Path: "no:such"},
		"error WRONG_FUNCTION_KIND": {
			Path: "counter:add", ArgsJson: []byte(`{"name":"a"}`),
		},
		"error ARGUMENT_VALIDATION": {Path: "counter:get", ArgsJson: []byte(`{"color":1}`)},
	}
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		queries := []*gatewayv1.WatchQuery{watchedCounter(1, "a"), watchedCounter(2, "b")}
		queries[1].Group = 1
		want := map[uint32]string{}
		for outcome, q := range bad {
			target := uint32(len(queries) + 1)
			queries = append(queries, &gatewayv1.WatchQuery{
				Target: target, Path: q.GetPath(), ArgsJson: q.GetArgsJson(), ResumeToken: q.GetResumeToken(), MinReadTime: q.GetMinReadTime(), Group: target % 2,
			})
			want[target] = strings.TrimSpace(outcome)
		}
		s := open(g, queries...)
		want[1], want[2] = "0", "0"
		s.await(want)
		s.until(func() bool { return s.ofGroup(0).complete && s.ofGroup(1).complete })
		g.add("a")
		s.await(map[uint32]string{1: "1"})
		if opened := g.dev.Stats().SocketsOpened; opened != 1 {
			t.Errorf("%d sockets", opened)
		}
	})
}

// A target that has ended is not named any more, and its number is not used again; an unknown one is ignored.
func TestRemovedTargets(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.context())
	w.add(watchedCounter(1, "a"), watchedCounter(2, "b"))
	w.await(map[uint32]string{1: "0", 2: "0"})
	w.remove(1)
	w.remove(1)
	w.remove(77)
	w.checkpoint(&gatewayv1.Checkpoint{})
	w.until(func() bool { return w.ofGroup(0).checked > 0 }) // the commands have been applied
	g.add("a")
	g.add("b")
	if targets, r := w.nextChanges(); !slices.Equal(targets, []uint32{2}) || !r.GetComplete() {
		t.Errorf("%v", describe(r))
	}
	w.add(watchedCounter(3, "a"))
	w.await(map[uint32]string{3: "1"})
	w.remove(2)
	w.remove(3)
	w.add(watchedCounter(4, "a"))
	w.await(map[uint32]string{4: "1"})
	eventually(t, "queries that are not followed have ended", func() bool { return g.live.Stats().Subscriptions == 1 })
}

// A stream has a thousand targets, and each gets its changes.
func TestThousandTargets(t *testing.T) {
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		var queries []*gatewayv1.WatchQuery
		want := map[uint32]string{}
		for target := uint32(1); target <= 1003; target++ {
			q := watchedCounter(target, fmt.Sprint(target))
			q.Group = target % 3
			if queries = append(queries, q); target == 500 {
				q.Path = "a b"
			}
			want[target] = "0"
		}
		want[500], want[1002], want[1003] = "removed INVALID_PATH", "removed TOO_MANY_STREAMS", "removed TOO_MANY_STREAMS"
		s := open(g, queries...)
		s.await(want)
		for target := uint32(1); target <= 1001; target += 100 {
			g.add(fmt.Sprint(target))
			s.await(map[uint32]string{target: "1"})
		}
	})
}

// When a target has ended, another has its place.
func TestTargetsAreCountedAtOnce(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.context())
	for target := uint32(1); target <= 1001; target++ {
		w.add(watchedCounter(target, "a"))
	}
	w.await(map[uint32]string{1000: "0", 1001: "removed TOO_MANY_STREAMS"})
	w.remove(7)
	w.add(watchedCounter(1002, "a"), watchedCounter(1003, "a"))
	w.await(map[uint32]string{1002: "0", 1003: "removed TOO_MANY_STREAMS"})
}

// Half-close ends the commands, and not the stream.
func TestWatchAfterHalfClose(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, wait := range []bool{false, true} {
		w := g.watch(g.context())
		w.add(watchedCounter(1, fmt.Sprint(wait)))
		if wait {
			w.await(map[uint32]string{1: "0"})
		}
		if err := w.stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		w.await(map[uint32]string{1: "0"})
		for n := 1; n <= 3; n++ {
			g.add(fmt.Sprint(wait))
			w.await(map[uint32]string{1: fmt.Sprint(n)})
		}
	}
}

// Groups are apart, and each is whole.
func TestGroups(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		queries := []*gatewayv1.WatchQuery{watchedCounter(1, "a"), watchedEven(2, "a"), watchedCounter(3, "a"), watchedCounter(4, "b")}
		queries[2].Group, queries[3].Group = 7, 7
		s := open(g, queries...)
		s.until(func() bool { return s.ofGroup(0).complete && s.ofGroup(7).complete })
		g.add("a")
		for range 2 {
			targets, r := s.nextChanges()
			if want := map[uint32][]uint32{0: {1, 2}, 7: {3}}[r.GetGroup()]; !slices.Equal(targets, want) || !r.GetComplete() {
				t.Errorf("%v", describe(r))
			}
		}
		g.add("b")
		if targets, r := s.nextChanges(); r.GetGroup() != 7 || !slices.Equal(targets, []uint32{4}) {
			t.Errorf("%v", describe(r))
		}
	})
}

// A drain ends a stream, whether its client sends commands or not; over a port of its own, and over one that REST shares.
func TestWatchEndsInADrain(t *testing.T) {
	t.Parallel()
	for name, change := range ports(t) {
		for _, halfClosed := range []bool{false, true} {
			t.Run(fmt.Sprint(name, halfClosed), func(t *testing.T) {
				g := start(t, change)
				w := g.watch(g.context())
				w.add(watchedCounter(1, "a"))
				w.await(map[uint32]string{1: "0"})
				if halfClosed {
					_ = w.stream.CloseSend()
				}
				set := g.watchSet(g.context(), watchedCounter(1, "a"))
				set.await(map[uint32]string{1: "0"})
				stopped := make(chan error, 1)
				go func() { stopped <- g.stop() }()
				failure{code: codes.Unavailable, reason: "DRAINING", retry: true}.checkStatus(t, w.end(), w.stream.Trailer())
				if err := set.end(); reasonOf(err) != "DRAINING" {
					t.Errorf("the set: %v", err)
				}
				if err := <-stopped; err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// Over a port that REST shares, commands and tokens are received as they come.
func TestWatchOverASharedPort(t *testing.T) {
	t.Parallel()
	g := start(t, ports(t)["shared port"])
	token := g.ada("org_1", time.Minute)
	w := g.watch(g.as(token))
	for target := uint32(1); target <= 1000; target++ {
		w.add(watchedCounter(target, fmt.Sprint(target)))
	}
	w.await(map[uint32]string{1: "0", 1000: "0"})
	w.token(g.ada("org_2", 2*time.Minute))
	w.until(func() bool { return w.auth.GetIdentity().GetOrgId() == "org_2" && w.auth.GetState() == authenticated })
	w.until(func() bool { return w.ofGroup(0).complete && w.ofGroup(0).tag == w.auth.GetIdentityTag() })
	g.add("999")
	w.await(map[uint32]string{999: "1"})
	if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	failure{code: codes.Unauthenticated, reason: "SIGNED_OUT"}.checkStatus(t, w.end(), w.stream.Trailer())
}

// A heartbeat repeats the link of the lowest group.
func TestWatchHeartbeat(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watchWith(g.context(), &gatewayv1.WatchOptions{Heartbeat: durationpb.New(5 * time.Second)})
	q := watchedCounter(1, "a")
	q.Group = 3
	w.add(q)
	w.await(map[uint32]string{1: "0"})
	if r := w.next(); r.GetGroup() != 3 || r.GetConnection().GetState() != gatewayv1.Connection_STATE_CONNECTED || r.GetReadTime() != nil {
		t.Errorf("%v", r)
	}
}

// Nothing is sent for what does not change.
func TestWatchIsSilent(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.context())
	w.add(watchedCounter(1, "a"))
	w.await(map[uint32]string{1: "0"})
	g.add("b")
	g.add("a")
	if targets, r := w.nextChanges(); !slices.Equal(targets, []uint32{1}) || w.outcome(1) != "1" {
		t.Errorf("%v", describe(r))
	}
}

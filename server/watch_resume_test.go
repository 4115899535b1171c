package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A target that is resumed is unchanged, or has its new value; on other replicas, too, and with tokens of Subscribe.
func TestWatchResumes(t *testing.T) {
	t.Parallel()
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		g := start(t)
		replica := startBefore(t, g.dev)
		first := open(g, watchedCounter(1, "a"), watchedCounter(2, "b"), watched(3, "errors:crash", ""), watchedCounter(4, "c"))
		first.until(func() bool { return first.ofGroup(0).complete })
		subscribed := result(g.subscribe(g.context(), counterQuery("d"))).GetResumeToken()
		g.add("b")
		queries := []*gatewayv1.WatchQuery{
			watchedCounter(1, "a"), watchedCounter(2, "b"), watched(3, "errors:crash", ""), watchedCounter(4, "c"), watchedCounter(5, "d"), watchedCounter(6, "a"),
		}
		for i, q := range queries[:4] {
			q.ResumeToken = first.shown[uint32(i+1)].GetResumeToken()
		}
		queries[3].Path, queries[3].ArgsJson = "counter:get", []byte(`{"name":"another query"}`)
		queries[4].ResumeToken = subscribed
		want := map[uint32]string{1: "unchanged", 2: "1", 3: "unchanged", 4: "0", 5: "unchanged", 6: "0"}
		for _, at := range []*gateway{g, replica} {
			again := open(at, queries...)
			again.await(want)
			token := again.shown[1].GetResumeToken()
			g.add("a")
			again.until(func() bool { return again.outcome(1) == again.outcome(6) })
			req := counterQuery("a")
			req.ResumeToken = token
			if event := result(at.subscribe(at.context(), req)); event.GetUnchanged() != nil {
				t.Error("the token of an older result")
			}
			req.ResumeToken = again.shown[1].GetResumeToken()
			if event := result(at.subscribe(at.context(), req)); event.GetUnchanged() == nil {
				t.Errorf("Subscribe: %v", event)
			}
			queries[0].ResumeToken = again.shown[1].GetResumeToken()
			want[6] = again.outcome(6)
		}
	})
}

// The token of another identity's result matches nothing.
func TestWatchResumesForItsIdentityOnly(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.watch(g.as(g.ada("org_1", time.Minute)))
	ada.add(watchedCounter(1, "a"))
	ada.await(map[uint32]string{1: "0"})
	q := watchedCounter(1, "a")
	q.ResumeToken = ada.shown[1].GetResumeToken()
	for user, want := range map[string]string{"bob": "0", "": "0", "ada": "unchanged"} {
		ctx := g.context()
		switch user {
		case "ada":
			ctx = g.as(g.ada("org_1", time.Minute))
		case "bob":
			ctx = g.as(g.token(deployment.TokenRequest{User: user}))
		}
		w := g.watch(ctx)
		w.add(q)
		w.until(func() bool { return w.shown[1] != nil })
		if w.outcome(1) != want {
			t.Errorf("%q: %s", user, w.outcome(1))
		}
	}
}

// watchedPage is a query of five messages.
func watchedPage(target uint32, id, token string) *gatewayv1.WatchQuery {
	q := watched(target, "messages:page", fmt.Sprintf(`{"paginationOpts":{"numItems":5,"cursor":null,"id":%s}}`, id))
	q.ResumeToken = token
	return q
}

// textsOf are those of a page.
func textsOf(t *testing.T, s *screen, target uint32) string {
	t.Helper()
	var page struct{ Page []struct{ Body string } }
	if err := json.Unmarshal([]byte(s.outcome(target)), &page); err != nil {
		t.Fatalf("%s: %v", s.outcome(target), err)
	}
	var list []string
	for _, row := range page.Page {
		list = append(list, row.Body)
	}
	return strings.Join(list, " ")
}

// Pages go on at another replica where they ended; where that is not possible they end alone, with PAGE_RESTART.
func TestWatchedPagesOutliveTheGateway(t *testing.T) {
	t.Parallel()
	d, key := startDeployment(t, deployment.Config{}), newClusterKey()
	withKeys := func(keys ...Key) func(*Config) { return func(c *Config) { c.ClusterKeys = keys } }
	g := startBefore(t, d, withKeys(key))
	sendMessages(g, 1, 10)
	w := g.watch(g.context())
	w.add(watchedPage(1, "1", ""))
	w.until(func() bool { return w.shown[1] != nil })
	if got := textsOf(t, w.screen, 1); got != "10 9 8 7 6" {
		t.Errorf("page %s", got)
	}
	token := w.shown[1].GetResumeToken()
	if err := g.stop(); err != nil {
		t.Error(err)
	}
	other := startBefore(t, d, withKeys(newClusterKey(), key))
	sendMessages(other, 11, 13)
	overEachWire(t, func(t *testing.T, open func(g *gateway, queries ...*gatewayv1.WatchQuery) *screen) {
		s := open(other, watchedPage(1, "1", token), watchedPage(2, "2", ""), watchedPage(3, "3", token))
		s.until(func() bool { return s.ofGroup(0).complete })
		for target, want := range map[uint32]string{1: "13 12 11 10 9 8 7 6", 2: "13 12 11 10 9", 3: "13 12 11 10 9"} {
			if got := textsOf(t, s, target); got != want {
				t.Errorf("page %d: %s; want %s", target, got, want)
			}
		}
		elsewhere := startBefore(t, startDeployment(t, deployment.Config{}), withKeys(key))
		s = open(elsewhere, watchedPage(1, "1", token), watchedCounter(2, "a"))
		s.await(map[uint32]string{1: "removed PAGE_RESTART", 2: "0"})
		elsewhere.add("a")
		s.await(map[uint32]string{2: "1"})
	})
}

// The first outcome of a target reflects its min_read_time, and a checkpoint's answer states that all of the group does.
func TestCheckpoints(t *testing.T) {
	t.Parallel()
	writer := start(t, func(c *Config) { c.ClusterKeys = Keys{newClusterKey()} })
	late := startDelay(t, strings.TrimPrefix(writer.dev.URL(), "http://"), 20*time.Millisecond)
	reader := startUpstream(t, Upstream{ConvexURL: "http://" + late, Issuers: []string{writer.dev.IssuerURL()}}, func(c *Config) { c.MaxReadWait = patience })
	w := reader.watch(reader.context())
	w.add(watchedCounter(1, "n"), watchedEven(2, "n"))
	w.await(map[uint32]string{1: "0", 2: "0"})
	for i := range 10 {
		written, err := writer.functions.Mutate(writer.context(), &gatewayv1.MutateRequest{
			Path: "counter:add", ArgsJson: []byte(`{"name":"n"}`), RequestId: randomID(),
		})
		if err != nil {
			t.Fatal(err)
		}
		checked := w.ofGroup(0).checked
		w.checkpoint(&gatewayv1.Checkpoint{MinReadTime: written.GetCommitTime()})
		w.until(func() bool { return w.ofGroup(0).checked > checked })
		if n := i + 1; w.outcome(1) != fmt.Sprint(n) || w.outcome(2) != oddOrEven(n) || w.ofGroup(0).read.Before(written.GetCommitTime().AsTime()) {
			t.Errorf("%d: %s, %s at %v", n, w.outcome(1), w.outcome(2), w.ofGroup(0).read)
		}
		q := watchedCounter(uint32(i+3), fmt.Sprint("of its own", i))
		q.Path, q.ArgsJson, q.MinReadTime, q.Group = "counter:get", []byte(`{"name":"n"}`), written.GetCommitTime(), uint32(i+1)
		w.add(q)
		w.until(func() bool { return w.shown[q.GetTarget()] != nil })
		if got := w.outcome(q.GetTarget()); got != fmt.Sprint(i+1) || w.ofGroup(q.GetGroup()).read.Before(written.GetCommitTime().AsTime()) {
			t.Errorf("%s at %v", got, w.ofGroup(q.GetGroup()).read)
		}
	}
}

// A checkpoint of the latest commit is answered at once, one of a group without targets without a time, and one of a time ahead of the
// deployment's with the time that is reached.
func TestCheckpointsOfOtherTimes(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxReadWait = patience })
	w := g.watch(g.context())
	w.add(watchedCounter(1, "a"))
	w.await(map[uint32]string{1: "0"})
	w.checkpoint(&gatewayv1.Checkpoint{Group: 9})
	r := w.next()
	for ; r.GetGroup() != 9; r = w.next() {
	}
	if r.GetReadTime() != nil || len(r.GetChanges()) > 0 || r.GetConnection() != nil {
		t.Errorf("of a group without targets: %v", r)
	}
	for _, at := range []*timestamppb.Timestamp{nil, timestamppb.New(time.Now().Add(time.Hour))} {
		before, checked := w.ofGroup(0).read, w.ofGroup(0).checked
		g.straight("mutation", "counter:add", `{"name":"another"}`)
		w.checkpoint(&gatewayv1.Checkpoint{MinReadTime: at})
		w.until(func() bool { return w.ofGroup(0).checked > checked })
		if read := w.ofGroup(0).read; !read.After(before) || read.After(time.Now().Add(time.Minute)) || !w.ofGroup(0).complete {
			t.Errorf("%v after %v", read, before)
		}
	}
}

// A checkpoint that is under way when the identity changes is answered under the new one.
func TestCheckpointOutlivesAChangeOfIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	w := g.watch(g.as(g.ada("org_1", time.Minute)))
	w.add(watchedCounter(1, "a"))
	w.until(func() bool { return w.ofGroup(0).complete && w.auth.GetState() == authenticated })
	before, checked := w.ofGroup(0).tag, w.ofGroup(0).checked
	ahead := timestamppb.New(time.Now().Add(time.Hour))
	for range 3 {
		w.checkpoint(&gatewayv1.Checkpoint{MinReadTime: ahead})
	}
	w.token(g.ada("org_2", 2*time.Minute))
	w.until(func() bool { return w.ofGroup(0).checked == checked+3 })
	w.until(func() bool { return w.ofGroup(0).tag != before && w.ofGroup(0).complete })
}

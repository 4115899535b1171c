package deployment

import (
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// TestReadSets_precision: a write re-runs exactly the queries whose range it touches.
func TestReadSets_precision(t *testing.T) {
	perChannel := func(path string, handler func(*store.DatabaseQuery) (any, error)) Function {
		return Query(path, v.Object(v.Field("channel", v.String())), func(ctx *QueryCtx, args Args) (any, error) {
			return handler(ctx.DB.Query("messages").WithIndex("by_channel", store.Eq("channel", args.String("channel"))))
		})
	}
	count := func(docs []store.Document, err error) (any, error) { return float64(len(docs)), err }
	d := startTest(t, Config{Functions: append(SampleApp(),
		perChannel("q:a", func(q *store.DatabaseQuery) (any, error) { return count(q.Collect()) }),
		perChannel("q:b", func(q *store.DatabaseQuery) (any, error) { return count(q.Collect()) }),
		perChannel("q:oldest", func(q *store.DatabaseQuery) (any, error) { return count(q.Take(2)) }),
		perChannel("q:newest", func(q *store.DatabaseQuery) (any, error) { return count(q.Order(store.Desc).Take(2)) }),
		Query("q:all", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) { return count(ctx.DB.Query("messages").Collect()) }),
		Query("q:get", v.Object(v.Field("id", v.ID("messages"))), func(ctx *QueryCtx, args Args) (any, error) {
			return ctx.DB.Get(args.String("id"))
		}),
		Query("q:fresh", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) { return count(ctx.DB.Query("made_later").Collect()) }),
		Mutation("m:delete", v.Object(v.Field("id", v.ID("messages"))), func(ctx *MutationCtx, args Args) (any, error) {
			return nil, ctx.DB.Delete(args.String("id"))
		}),
		Mutation("m:insert", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
			return ctx.DB.Insert("made_later", store.Document{"a": 1.0})
		}),
	)})
	var ids []string
	for i := range 4 {
		ids = append(ids, mustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"%d","channel":"a"}`, i)).(string))
	}
	other := mustCall(t, d, "mutation", "messages:send", `{"body":"x","channel":"b"}`).(string)

	c := dialSync(t, d)
	c.connect(sessionA)
	queries := []string{"q:a", "q:b", "q:oldest", "q:newest", "q:all", "q:get", "q:fresh"}
	for i, path := range queries {
		args := `{"channel":"a"}`
		switch path {
		case "q:b":
			args = `{"channel":"b"}`
		case "q:all", "q:fresh":
			args = `{}`
		case "q:get":
			args = `{"id":"` + ids[1] + `"}`
		}
		c.add(uint32(i), uint32(i), path, args)
	}
	c.untilQuerySet(uint32(len(queries)))

	for n, step := range []struct{ mutation, args, reruns string }{
		{"messages:send", `{"body":"5","channel":"a"}`, "q:a q:newest q:all"}, // behind the two oldest
		{"messages:send", `{"body":"y","channel":"b"}`, "q:b q:all"},
		{"m:delete", `{"id":"` + ids[2] + `"}`, "q:a q:all"}, // neither of the oldest two nor of the newest two
		{"m:delete", `{"id":"` + ids[1] + `"}`, "q:a q:oldest q:all q:get"},
		{"m:delete", `{"id":"` + other + `"}`, "q:b q:all"},
		{"counter:add", `{"name":"n"}`, ""},
		{"m:insert", `{}`, "q:fresh"},
	} {
		before := d.Stats().QueryRuns
		c.mutate(n, step.mutation, step.args)
		m := c.response()
		if !m.Success {
			t.Fatalf("%s: %s", step.mutation, m.Result)
		}
		ts := versionJSON{Ts: *m.Ts}.ts(t)
		c.until(func() bool { return c.version.ts(t) >= ts })
		var reran []string
		for _, path := range queries {
			if d.Stats().QueryRuns[path] > before[path] {
				reran = append(reran, path)
			}
		}
		if got := strings.Join(reran, " "); got != step.reruns {
			t.Errorf("%s %s re-ran %q, want %q", step.mutation, step.args, got, step.reruns)
		}
	}
}

// TestSnapshots_areConsistent: a transition never shows half of a mutation.
func TestSnapshots_areConsistent(t *testing.T) {
	const total = 1000.0
	account := v.Object(v.Field("name", v.String()))
	d := startTest(t, Config{Functions: append(SampleApp(),
		Mutation("bank:move", v.Object(v.Field("by", v.Number())), func(ctx *MutationCtx, args Args) (any, error) {
			for _, step := range []Args{{"name": "a", "by": -args.Float("by")}, {"name": "b", "by": args.Float("by")}} {
				if _, err := counterAdd(ctx, step); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}),
		Query("bank:balance", account, counterGet),
	)})
	mustCall(t, d, "mutation", "counter:add", `{"name":"a","by":1000}`)
	reader, writers := dialSync(t, d), []*syncClient{dialSync(t, d), dialSync(t, d)}
	reader.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[
		{"type":"Add","queryId":0,"udfPath":"bank:balance","args":[{"name":"a"}]},{"type":"Add","queryId":1,"udfPath":"bank:balance","args":[{"name":"b"}]}]}`)
	reader.untilQuerySet(1)
	const moves = 100
	for _, w := range writers {
		for i := range moves {
			w.mutate(i, "bank:move", `{"by":1}`)
		}
	}
	reader.until(func() bool {
		var a, b float64
		if _, err := fmt.Sscan(reader.results[0]+" "+reader.results[1], &a, &b); err != nil || a+b != total {
			t.Fatalf("balances %v", reader.results)
		}
		return b == 2*moves
	})
}

func TestSync_parallelRunsOfOneTransition(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	var adds []string
	for i := range 3 * maxParallelQueries {
		adds = append(adds, fmt.Sprintf(`{"type":"Add","queryId":%d,"udfPath":"values:echo","args":[{"value":%d}]}`, i, i))
	}
	c.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[%s]}`, strings.Join(adds, ","))
	c.expect("Transition")
	if len(c.last.Modifications) != 3*maxParallelQueries || c.results[7] != "7" {
		t.Errorf("%d results", len(c.last.Modifications))
	}
}

func TestSync_item28_unchangedResultIsNotSentAgain(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.add(0, 0, "counter:get", `{"name":"n"}`)
	c.untilQuerySet(1)
	before, runs := c.version.ts(t), d.Stats().QueryRuns["counter:get"]
	c.mutate(0, "counter:add", `{"name":"n","by":0}`) // writes the row, does not change the result
	if m := c.response(); !m.Success {
		t.Fatalf("%+v", m)
	}
	c.until(func() bool { return d.Stats().QueryRuns["counter:get"] > runs && c.version.ts(t) > before })
	if c.results[0] != "0" || len(c.last.Modifications) != 0 {
		t.Errorf("transition %+v, result %s", c.last, c.results[0])
	}
}

func TestSync_queriesAreAddedFailAndAreRemoved(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.connect(sessionA)
	c.add(0, 0, "values:echo", `{"value":{"$integer":"KgAAAAAAAAA="}}`)
	c.untilQuerySet(1)
	c.add(1, 1, "errors:convex", `{"data":[1]}`)
	c.untilQuerySet(2)
	c.add(2, 2, "nope:nope", `{}`)
	c.untilQuerySet(3)
	if c.results[0] != `{"$integer":"KgAAAAAAAAA="}` || !strings.Contains(c.results[1], "Uncaught ConvexError: [1]") ||
		!strings.Contains(c.results[2], "Could not find public function for 'nope:nope'.") {
		t.Errorf("results %v", c.results)
	}
	if c.last.ClientClockSkew == nil || c.last.ServerTs == 0 {
		t.Errorf("no clock skew or server time: %+v", c.last)
	}
	c.remove(3, 1)
	c.untilQuerySet(4)
	if _, there := c.results[1]; there || c.last.Modifications[0].Type != "QueryRemoved" {
		t.Errorf("after Remove: %+v", c.last)
	}
}

func TestSync_item53_journalKeepsThePage(t *testing.T) {
	d := startTest(t, Config{})
	for i := range 5 {
		mustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"m%d"}`, i))
	}
	const page = `{"paginationOpts":{"numItems":2,"cursor":null,"id":1}}`
	c := dialSync(t, d)
	c.add(0, 0, "messages:page", page)
	c.untilQuerySet(1)
	journal := c.last.Modifications[0].Journal
	if journal == nil || bodies(c.results[0]) != "m4 m3" {
		t.Fatalf("%v, journal %v", c.results[0], journal)
	}
	c.mutate(0, "messages:send", `{"body":"m5"}`)
	c.response()
	c.until(func() bool { return bodies(c.results[0]) == "m5 m4 m3" }) // the range stays, the page grows

	again := dialSync(t, d) // a reconnect sends the journal
	again.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:page","args":[%s],"journal":%q}]}`, page, *journal)
	again.untilQuerySet(1)
	if bodies(again.results[0]) != "m5 m4 m3" {
		t.Errorf("after a reconnect: %s", bodies(again.results[0]))
	}
	bad := dialSync(t, d)
	bad.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:page","args":[%s],"journal":"0a1b2c"}]}`, page)
	bad.untilQuerySet(1)
	if !strings.Contains(bad.results[0], "InvalidCursor") {
		t.Errorf("a bad journal: %s", bad.results[0])
	}
}

// TestSync_failedQueriesHeal: what a failing query has read counts too, so that the next write can heal it.
func TestSync_failedQueriesHeal(t *testing.T) {
	d := startTest(t, Config{Functions: append(SampleApp(), Query("shy:get", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) {
		counter, err := findCounter(ctx.DB, "n")
		if err != nil || counter == nil {
			return nil, &ConvexError{Data: "not yet"}
		}
		return counter["value"], nil
	}))})
	c := dialSync(t, d)
	c.add(0, 0, "shy:get", `{}`)
	c.untilQuerySet(1)
	if m := c.last.Modifications[0]; m.Type != "QueryFailed" || string(m.ErrorData) != `"not yet"` || m.LogLines == nil {
		t.Fatalf("%+v", m)
	}
	mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	c.until(func() bool { return c.results[0] == "1" })
}

package sync_test

import (
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/store"
	devsync "convexgateway/dev/deployment/sync"
	"convexgateway/dev/deployment/v"
)

// A write re-runs exactly the queries whose range it touches.
func TestReadSets_precision(t *testing.T) {
	perChannel := func(path string, handler func(*store.DatabaseQuery) (any, error)) app.Function {
		return app.Query(path, v.Object(v.Field("channel", v.String())), func(ctx *app.QueryCtx, args app.Args) (any, error) {
			return handler(ctx.DB.Query("messages").WithIndex("by_channel", store.Eq("channel", args.String("channel"))))
		})
	}
	count := func(docs []store.Document, err error) (any, error) { return float64(len(docs)), err }
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		perChannel("q:a", func(q *store.DatabaseQuery) (any, error) { return count(q.Collect()) }),
		perChannel("q:b", func(q *store.DatabaseQuery) (any, error) { return count(q.Collect()) }),
		perChannel("q:oldest", func(q *store.DatabaseQuery) (any, error) { return count(q.Take(2)) }),
		perChannel("q:newest", func(q *store.DatabaseQuery) (any, error) { return count(q.Order(store.Desc).Take(2)) }),
		app.Query("q:all", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) { return count(ctx.DB.Query("messages").Collect()) }),
		app.Query("q:get", v.Object(v.Field("id", v.ID("messages"))), func(ctx *app.QueryCtx, args app.Args) (any, error) {
			return ctx.DB.Get(args.String("id"))
		}),
		app.Query("q:fresh", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) { return count(ctx.DB.Query("made_later").Collect()) }),
		app.Mutation("m:delete", v.Object(v.Field("id", v.ID("messages"))), func(ctx *app.MutationCtx, args app.Args) (any, error) {
			return nil, ctx.DB.Delete(args.String("id"))
		}),
		app.Mutation("m:insert", v.Object(), func(ctx *app.MutationCtx, _ app.Args) (any, error) {
			return ctx.DB.Insert("made_later", store.Document{"a": 1.0})
		}),
	)})
	var ids []string
	for i := range 4 {
		ids = append(ids, devtest.MustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"%d","channel":"a"}`, i)).(string))
	}
	other := devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"x","channel":"b"}`).(string)

	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
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
		c.Add(uint32(i), uint32(i), path, args)
	}
	c.UntilQuerySet(uint32(len(queries)))

	for n, step := range []struct{ mutation, args, reruns string }{
		{"messages:send", `{"body":"5","channel":"a"}`, "q:a q:newest q:all"}, // after the two oldest
		{"messages:send", `{"body":"y","channel":"b"}`, "q:b q:all"},
		{"m:delete", `{"id":"` + ids[2] + `"}`, "q:a q:all"}, // neither of the oldest two nor of the newest two
		{"m:delete", `{"id":"` + ids[1] + `"}`, "q:a q:oldest q:all q:get"},
		{"m:delete", `{"id":"` + other + `"}`, "q:b q:all"},
		{"counter:add", `{"name":"n"}`, ""},
		{"m:insert", `{}`, "q:fresh"},
	} {
		before := d.Stats().QueryRuns
		c.Mutate(n, step.mutation, step.args)
		m := c.Response()
		if !m.Success {
			t.Fatalf("%s: %s", step.mutation, m.Result)
		}
		ts := devtest.Version{Ts: *m.Ts}.Timestamp(t)
		c.Until(func() bool { return c.Version.Timestamp(t) >= ts })
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

// No transition has half of a mutation.
func TestSnapshots_areConsistent(t *testing.T) {
	const total = 1000.0
	account := v.Object(v.Field("name", v.String()))
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(),
		app.Mutation("bank:move", v.Object(v.Field("by", v.Number())), func(ctx *app.MutationCtx, args app.Args) (any, error) {
			for _, step := range []app.Args{{"name": "a", "by": -args.Float("by")}, {"name": "b", "by": args.Float("by")}} {
				if _, err := app.CounterAdd(ctx, step); err != nil {
					return nil, err
				}
			}
			return nil, nil
		}),
		app.Query("bank:balance", account, app.CounterGet),
	)})
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"a","by":1000}`)
	reader, writers := devtest.Dial(t, d), []*devtest.SyncClient{devtest.Dial(t, d), devtest.Dial(t, d)}
	reader.Send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[
		{"type":"Add","queryId":0,"udfPath":"bank:balance","args":[{"name":"a"}]},{"type":"Add","queryId":1,"udfPath":"bank:balance","args":[{"name":"b"}]}]}`)
	reader.UntilQuerySet(1)
	const moves = 100
	for _, w := range writers {
		for i := range moves {
			w.Mutate(i, "bank:move", `{"by":1}`)
		}
	}
	reader.Until(func() bool {
		var a, b float64
		if _, err := fmt.Sscan(reader.Results[0]+" "+reader.Results[1], &a, &b); err != nil || a+b != total {
			t.Fatalf("balances %v", reader.Results)
		}
		return b == 2*moves
	})
}

func TestSync_parallelRunsOfOneTransition(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	var adds []string
	for i := range 3 * devsync.MaxParallelQueries {
		adds = append(adds, fmt.Sprintf(`{"type":"Add","queryId":%d,"udfPath":"values:echo","args":[{"value":%d}]}`, i, i))
	}
	c.Send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[%s]}`, strings.Join(adds, ","))
	c.Expect("Transition")
	if len(c.Last.Modifications) != 3*devsync.MaxParallelQueries || c.Results[7] != "7" {
		t.Errorf("%d results", len(c.Last.Modifications))
	}
}

func TestSync_unchangedResultIsNotSentAgain(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "counter:get", `{"name":"n"}`)
	c.UntilQuerySet(1)
	before, runs := c.Version.Timestamp(t), d.Stats().QueryRuns["counter:get"]
	c.Mutate(0, "counter:add", `{"name":"n","by":0}`) // writes the row, does not change the result
	if m := c.Response(); !m.Success {
		t.Fatalf("%+v", m)
	}
	c.Until(func() bool { return d.Stats().QueryRuns["counter:get"] > runs && c.Version.Timestamp(t) > before })
	if c.Results[0] != "0" || len(c.Last.Modifications) != 0 {
		t.Errorf("transition %+v, result %s", c.Last, c.Results[0])
	}
}

func TestSync_queriesAreAddedFailAndAreRemoved(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Add(0, 0, "values:echo", `{"value":{"$integer":"KgAAAAAAAAA="}}`)
	c.UntilQuerySet(1)
	c.Add(1, 1, "errors:convex", `{"data":[1]}`)
	c.UntilQuerySet(2)
	c.Add(2, 2, "nope:nope", `{}`)
	c.UntilQuerySet(3)
	if c.Results[0] != `{"$integer":"KgAAAAAAAAA="}` || !strings.Contains(c.Results[1], "Uncaught ConvexError: [1]") ||
		!strings.Contains(c.Results[2], "Could not find public function for 'nope:nope'.") {
		t.Errorf("results %v", c.Results)
	}
	if c.Last.ClientClockSkew == nil || c.Last.ServerTs == 0 {
		t.Errorf("no clock skew or server time: %+v", c.Last)
	}
	c.Remove(3, 1)
	c.UntilQuerySet(4)
	if _, there := c.Results[1]; there || c.Last.Modifications[0].Type != "QueryRemoved" {
		t.Errorf("after Remove: %+v", c.Last)
	}
}

func TestSync_journalKeepsThePage(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for i := range 5 {
		devtest.MustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"m%d"}`, i))
	}
	const page = `{"paginationOpts":{"numItems":2,"cursor":null,"id":1}}`
	c := devtest.Dial(t, d)
	c.Add(0, 0, "messages:page", page)
	c.UntilQuerySet(1)
	journal := c.Last.Modifications[0].Journal
	if journal == nil || devtest.MessageBodies(c.Results[0]) != "m4 m3" {
		t.Fatalf("%v, journal %v", c.Results[0], journal)
	}
	c.Mutate(0, "messages:send", `{"body":"m5"}`)
	c.Response()
	c.Until(func() bool { return devtest.MessageBodies(c.Results[0]) == "m5 m4 m3" }) // the range stays, the page grows

	again := devtest.Dial(t, d) // a reconnect sends the journal
	again.Send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:page","args":[%s],"journal":%q}]}`, page, *journal)
	again.UntilQuerySet(1)
	if devtest.MessageBodies(again.Results[0]) != "m5 m4 m3" {
		t.Errorf("after a reconnect: %s", devtest.MessageBodies(again.Results[0]))
	}
	bad := devtest.Dial(t, d)
	bad.Send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"messages:page","args":[%s],"journal":"0a1b2c"}]}`, page)
	bad.UntilQuerySet(1)
	if m := bad.Last.Modifications[0]; !strings.HasSuffix(m.ErrorMessage, "Server Error\nFailed to parse cursor\n") || m.ErrorData != nil {
		t.Errorf("a bad journal: %s", bad.Results[0])
	}
}

// The reads of a failing query count, too, so that it runs again after the next write.
func TestSync_failedQueriesRecover(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Query("maybe:get", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) {
		counter, err := ctx.DB.Query("counters").WithIndex("by_name", store.Eq("name", "n")).First()
		if err != nil || counter == nil {
			return nil, &app.ConvexError{Data: "not yet"}
		}
		return counter["value"], nil
	}))})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "maybe:get", `{}`)
	c.UntilQuerySet(1)
	if m := c.Last.Modifications[0]; m.Type != "QueryFailed" || string(m.ErrorData) != `"not yet"` || m.LogLines == nil {
		t.Fatalf("%+v", m)
	}
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	c.Until(func() bool { return c.Results[0] == "1" })
}

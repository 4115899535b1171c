package live_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
)

func TestBehaviour_values(t *testing.T) {
	d := newTarget(t)
	for name, run := range d.routes() {
		for _, value := range []string{
			`null`, `true`, `false`,
			`0`, `-1.5`, `1e300`, `5e-324`, `9007199254740993`,
			`{"$float":"AAAAAAAAAIA="}`, `{"$float":"AAAAAAAA+H8="}`, `{"$float":"AAAAAAAA8H8="}`, `{"$float":"AAAAAAAA8P8="}`, // −0, NaN, ±∞
			`{"$integer":"AAAAAAAAAAA="}`, `{"$integer":"AAAAAAAAAIA="}`, `{"$integer":"/////////38="}`,
			`""`, `"é 😀 \u0000 \" \\ / \u2028 \u007f"`, `"` + strings.Repeat("long ", 20_000) + `"`,
			`{"$bytes":""}`, `{"$bytes":"AAEC/w=="}`,
			`[]`, `[1,[null,{"$integer":"AQAAAAAAAAA="}],{"$bytes":"AA=="}]`,
			`{}`, `{"b":{"c":{"$float":"AAAAAAAA+H8="}},"a":["x"],"B_1":false}`,
			strings.Repeat("[", 60) + strings.Repeat("]", 60),
		} {
			want, err := convex.Canonical([]byte(value))
			if err != nil {
				t.Fatal(err)
			}
			result, err := run(newCall(t, convex.Query, "values:echo", `{"value":%s}`, value))
			if err != nil {
				t.Errorf("%s of %.80s: %v", name, value, err)
				continue
			}
			if got, err := convex.Canonical(result.Value); string(got) != string(want) {
				t.Errorf("%s of %.80s: got %.80s, %v", name, value, got, err)
			}
		}
	}
}

func TestBehaviour_kinds(t *testing.T) {
	d := newTarget(t)
	if version, err := d.http.Version(ctx(t)); version == "" || err != nil {
		t.Errorf("version %q, %v", version, err)
	}
	for name, run := range d.routes() {
		counter := unique()
		for _, step := range []struct {
			call convex.Call
			want any
		}{
			{newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter), 0.0},
			{newCall(t, convex.Mutation, "counter:add", `{"name":%q}`, counter), 1.0},
			{newCall(t, convex.Mutation, "counter:add", `{"name":%q,"by":2.5}`, counter), 3.5},
			{newCall(t, convex.Query, "counter.js:get", `{"name":%q}`, counter), 3.5},
			{newCall(t, convex.Action, "actions:sleep", `{"ms":1}`), 1.0},
			{newCall(t, convex.Query, "users:me", ``), nil},
		} {
			result, err := run(step.call)
			if err != nil || decoded(t, result) != step.want {
				t.Errorf("%s over %s: got %v, %v; want %v", step.call.Path, name, result, err, step.want)
			}
		}
	}
}

// failure is a call that must fail.
type failure struct {
	call  convex.Call
	cause convex.Cause
	text  string // in the error's first line
	data  string // canonical, of a ConvexError
}

func failures(t *testing.T) []failure {
	t.Helper()
	return []failure{
		{newCall(t, convex.Query, "errors:convex", `{"data":{"code":"X","n":{"$integer":"AQAAAAAAAAA="}}}`), convex.ThrewData, "ConvexError", `{"code":"X","n":{"$integer":"AQAAAAAAAAA="}}`},
		{newCall(t, convex.Query, "errors:convex", `{"data":null}`), convex.ThrewData, "ConvexError", `null`},
		{newCall(t, convex.Mutation, "errors:convexMutation", `{"data":"text"}`), convex.ThrewData, "ConvexError", `"text"`},
		{newCall(t, convex.Mutation, "messages:send", `{"channel":%q,"body":""}`, unique()), convex.ThrewData, "ConvexError", `{"code":"INVALID_ARGUMENT","message":"body must not be empty"}`},
		{newCall(t, convex.Action, "actions:sleep", `{"ms":-1}`), convex.ThrewData, "ConvexError", `{"code":"INVALID_ARGUMENT","message":"ms must be from 0 to 600000"}`},
		{newCall(t, convex.Query, "errors:crash", ``), convex.Threw, "Uncaught Error: boom", ""},
		{newCall(t, convex.Mutation, "errors:crashMutation", ``), convex.Threw, "Uncaught Error: boom", ""},
		{newCall(t, convex.Query, "messages:missing", ``), convex.NotFound, "messages:missing", ""},
		{newCall(t, convex.Mutation, "nowhere:missing", ``), convex.NotFound, "nowhere:missing", ""},
		{newCall(t, convex.Query, "messages:send", `{"body":"x"}`), convex.WrongKind, "as Query", ""},
		{newCall(t, convex.Mutation, "messages:list", ``), convex.WrongKind, "as Mutation", ""},
		{newCall(t, convex.Action, "counter:add", `{"name":"x"}`), convex.WrongKind, "as Action", ""},
		{newCall(t, convex.Query, "counter:get", `{"name":{"$integer":"AQAAAAAAAAA="}}`), convex.BadArguments, "ArgumentValidationError", ""},
		{newCall(t, convex.Mutation, "messages:send", ``), convex.BadArguments, "ArgumentValidationError", ""},
		{newCall(t, convex.Action, "actions:sleep", `{"ms":1,"more":2}`), convex.BadArguments, "ArgumentValidationError", ""},
	}
}

// check compares an error with what must come. Where texts are redacted, nothing is left of them but data.
func (f failure) check(t *testing.T, route string, err error, redacted bool) {
	t.Helper()
	var got *convex.FunctionError
	if !errors.As(err, &got) {
		t.Errorf("%s over %s: %v", f.call.Path, route, err)
		return
	}
	if redacted {
		f.text = ""
		if f.cause != convex.ThrewData {
			f.cause = convex.Threw
		}
	}
	data, _ := convex.Canonical(got.Data)
	if got.Cause() != f.cause || string(data) != f.data || !strings.Contains(got.Summary(), f.text) || redacted != (got.Summary() == "") {
		t.Errorf("%s over %s: %v, %q, data %s; want %+v", f.call.Path, route, got.Cause(), got.Message, got.Data, f)
	}
}

func TestBehaviour_functionErrors(t *testing.T) {
	d := newTarget(t)
	d.testFailures(d.redacts())
}

// A real deployment redacts or does not; the embedded one is tested both ways.
func TestBehaviour_functionErrorsRedacted(t *testing.T) {
	needsEmbedded(t, "whether a real deployment redacts is not for a client to turn")
	d := newTarget(t)
	d.embedded.SetRedact(true)
	d.testFailures(true)
}

// redacts finds out whether a real deployment hides texts, as production does. The embedded one does if it is configured to.
func (d *target) redacts() bool {
	d.t.Helper()
	var crash *convex.FunctionError
	if _, err := d.overHTTP(newCall(d.t, convex.Query, "errors:crash", ``)); !errors.As(err, &crash) {
		d.t.Fatalf("errors:crash: %v", err)
	}
	return d.embedded == nil && crash.Summary() == ""
}

func (d *target) testFailures(redacted bool) {
	d.t.Helper()
	for name, run := range d.routes() {
		for _, f := range failures(d.t) {
			_, err := run(f.call)
			f.check(d.t, name, err, redacted)
		}
	}
}

func TestBehaviour_internalFunctionLooksMissing(t *testing.T) {
	d := newTarget(t)
	for name, run := range d.routes() {
		texts := map[string]string{}
		for _, path := range []string{"internal:secret", "internal:absent"} {
			var got *convex.FunctionError
			if _, err := run(newCall(t, convex.Query, path, ``)); !errors.As(err, &got) {
				t.Fatalf("%s over %s: %v", path, name, err)
			}
			texts[path] = got.Cause().String() + strings.ReplaceAll(got.Summary(), path, "")
		}
		if texts["internal:secret"] != texts["internal:absent"] {
			t.Errorf("over %s: %q", name, texts)
		}
	}
}

func TestBehaviour_liveQuery(t *testing.T) {
	d := newTarget(t)
	channel, other := unique(), unique()
	here := d.follow(convex.Credential{}, newCall(t, convex.Query, "messages:list", `{"channel":%q}`, channel))
	there := d.follow(convex.Credential{}, newCall(t, convex.Query, "messages:list", `{"channel":%q}`, other))
	d.await(there, d.lists(""))
	if first := d.await(here, d.lists("")); first.Link != live.Connected || !first.Confirmed || first.Result.Timestamp == 0 {
		t.Errorf("first state %+v", first)
	}
	d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":"one"}`, channel)
	before := d.await(here, d.lists("one"))
	for _, body := range []string{"x", "y"} { // with the second, all that the first could cause has come
		d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":%q}`, other, body)
		d.await(there, func(s live.State) bool { return strings.HasSuffix(bodies(decoded(t, s.Result)), body) })
	}
	after := here.State()
	if after.ReadTime <= before.ReadTime { // the other channel's transitions are of the same socket
		t.Errorf("read at %d, then at %d", before.ReadTime, after.ReadTime)
	}
	if after.ReadTime = before.ReadTime; after != before {
		t.Errorf("another channel's messages changed %+v to %+v", before, after)
	}
	d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":"two"}`, channel)
	if after = d.await(here, d.lists("one two")); after.Result.Timestamp <= before.Result.Timestamp {
		t.Errorf("time went from %d to %d", before.Result.Timestamp, after.Result.Timestamp)
	}
}

func TestBehaviour_sharing(t *testing.T) {
	d := newTarget(t)
	call := newCall(t, convex.Query, "counter:get", `{"name":%q}`, unique())
	first := d.follow(convex.Credential{}, call)
	d.await(first, hasResult)
	second := d.follow(convex.Credential{}, call)
	if second.State().Result == nil || second.State().Result != first.State().Result {
		t.Errorf("the second of two equal subscriptions starts with %+v", second.State())
	}
	first.Close()
	if state := first.State(); !errors.Is(state.Err, live.ErrClosed) {
		t.Errorf("closed: %+v", state)
	}
	if _, err := d.overHTTP(convex.Call{Kind: convex.Mutation, Path: newCall(t, convex.Mutation, "counter:add", ``).Path, Args: call.Args}); err != nil {
		t.Fatal(err)
	}
	d.await(second, d.is(1.0))
	if d.embedded != nil {
		if stats := d.embedded.Stats(); stats.SocketsOpened != 1 || stats.QueryRuns["counter:get"] != 2 {
			t.Errorf("%d sockets, %d runs", stats.SocketsOpened, stats.QueryRuns["counter:get"])
		}
	}
}

// An error is a result like another: it disturbs no other query, and is replaced when the function returns again.
func TestBehaviour_functionErrorHeals(t *testing.T) {
	needsEmbedded(t, "no function of the sample app throws at first and returns later")
	positive := deployment.Query("heal:positive", v.Object(v.Field("name", v.String())), func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
		counter, err := ctx.DB.Query("counters").WithIndex("by_name", deployment.Eq("name", args.String("name"))).First()
		if err == nil && (counter == nil || counter["value"].(float64) <= 0) {
			return nil, &deployment.ConvexError{Data: "not positive"}
		}
		return counter["value"], err
	})
	d := newTarget(t, positive)
	counter := unique()
	sub := d.follow(convex.Credential{}, newCall(t, convex.Query, "heal:positive", `{"name":%q}`, counter))
	neighbour := d.follow(convex.Credential{}, newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter))
	threw := func(s live.State) bool {
		return s.Result != nil && s.Result.Err != nil && string(s.Result.Err.Data) == `"not positive"`
	}
	d.await(sub, threw)
	for _, step := range []struct {
		by, sum float64
		wanted  func(live.State) bool
	}{{2, 2, d.is(2.0)}, {-3, -1, threw}, {2, 1, d.is(1.0)}} {
		d.value(convex.Mutation, "counter:add", `{"name":%q,"by":%v}`, counter, step.by)
		d.await(sub, step.wanted)
		d.await(neighbour, d.is(step.sum))
	}
}

// Results survive a lost socket, and mutations run once however often the socket is lost.
func TestBehaviour_reconnect(t *testing.T) {
	needsEmbedded(t, "a client cannot cut a real deployment's sockets")
	d := newTarget(t)
	counter := unique()
	sub := d.follow(convex.Credential{}, newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter))
	d.await(sub, d.is(0.0))
	for n := 1.0; n <= 3; n++ {
		d.embedded.CutSockets()
		result, ran, err := d.sync.Run(ctx(t), convex.Credential{}, newCall(t, convex.Mutation, "counter:add", `{"name":%q}`, counter))
		if err != nil || !ran || decoded(t, result) != n {
			t.Fatalf("add %v: %v, %t, %v", n, result, ran, err)
		}
		d.await(sub, func(s live.State) bool { return s.Link == live.Connected && d.is(n)(s) })
	}
	if got := d.embedded.Stats().SocketsOpened; got != 4 {
		t.Errorf("%d sockets", got)
	}
}

func TestBehaviour_run(t *testing.T) {
	d := newTarget(t)
	counter := unique()
	add := newCall(t, convex.Mutation, "counter:add", `{"name":%q}`, counter)
	if result, ran, err := d.sync.Run(ctx(t), convex.Credential{}, add); ran || result != nil || err != nil {
		t.Errorf("without a session: %v, %t, %v", result, ran, err)
	}
	sub := d.follow(convex.Credential{}, newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter))
	if result, ran, err := d.sync.Run(ctx(t), convex.Credential{}, newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter)); ran || result != nil || err != nil {
		t.Errorf("a query: %v, %t, %v", result, ran, err)
	}
	var last uint64
	for n := 1.0; n <= 3; n++ {
		result, ran, err := d.sync.Run(ctx(t), convex.Credential{}, add)
		if err != nil || !ran || decoded(t, result) != n || result.Timestamp <= last {
			t.Fatalf("add %v: %+v, %t, %v; committed before at %d", n, result, ran, err, last)
		}
		last = result.Timestamp
		if state := sub.State(); !d.is(n)(state) || state.Result.Timestamp < last {
			t.Errorf("add %v has returned, and the query is %+v", n, state)
		}
	}
}

// Mutations that are called at once commit one after the other, in one order for results and commit times.
func TestBehaviour_runOrder(t *testing.T) {
	d := newTarget(t)
	counter := unique()
	sub := d.follow(convex.Credential{}, newCall(t, convex.Query, "counter:get", `{"name":%q}`, counter))
	add := newCall(t, convex.Mutation, "counter:add", `{"name":%q}`, counter)
	const calls = 20
	type commit struct {
		value float64
		at    uint64
	}
	commits, limit := make([]commit, calls), ctx(t)
	var group sync.WaitGroup
	for i := range commits {
		group.Go(func() {
			result, _, err := d.sync.Run(limit, convex.Credential{}, add)
			if err != nil || result == nil {
				t.Errorf("add: %v, %v", result, err)
				return
			}
			value, _ := convex.Decode(result.Value)
			commits[i].value, _ = value.(float64)
			commits[i].at = result.Timestamp
		})
	}
	group.Wait()
	slices.SortFunc(commits, func(a, b commit) int { return int(a.value - b.value) })
	for i, c := range commits {
		if c.value != float64(i+1) || i > 0 && c.at <= commits[i-1].at {
			t.Fatalf("values and commit times %v", commits)
		}
	}
	if state := sub.State(); !d.is(float64(calls))(state) {
		t.Errorf("all have returned, and the query is %+v", state)
	}
}

func TestBehaviour_pages(t *testing.T) {
	d := newTarget(t)
	channel := unique()
	for _, body := range []string{"one", "two", "three"} {
		d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":%q}`, channel, body)
	}
	const first = `{"channel":%q,"paginationOpts":{"cursor":null,"numItems":2}}`
	const next = `{"channel":%q,"paginationOpts":{"cursor":%q,"numItems":2}}`
	page := d.value(convex.Query, "messages:page", first, channel).(map[string]any)
	if bodies(page["page"]) != "three two" || page["isDone"] != false {
		t.Fatalf("first page %v", page)
	}
	page = d.value(convex.Query, "messages:page", next, channel, page["continueCursor"]).(map[string]any)
	if bodies(page["page"]) != "one" || page["isDone"] != true {
		t.Errorf("second page %v", page)
	}

	// A page that is followed keeps its end: what is new makes it longer, and the one behind it stays as it is.
	followed := d.follow(convex.Credential{}, newCall(t, convex.Query, "messages:page", first, channel))
	shown := func(s live.State) string { return bodies(decoded(t, s.Result).(map[string]any)["page"]) }
	cursor := decoded(t, d.await(followed, hasResult).Result).(map[string]any)["continueCursor"]
	behind := d.follow(convex.Credential{}, newCall(t, convex.Query, "messages:page", next, channel, cursor))
	d.await(behind, hasResult)
	d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":"four"}`, channel)
	d.await(followed, func(s live.State) bool { return shown(s) == "four three two" })
	if got := shown(behind.State()); got != "one" {
		t.Errorf("the page behind shows %s", got)
	}
}

func TestBehaviour_clear(t *testing.T) {
	d := newTarget(t)
	for name, run := range d.routes() {
		channel := unique()
		for range 2 {
			d.value(convex.Mutation, "messages:send", `{"channel":%q,"body":"x"}`, channel)
		}
		for _, want := range []int64{2, 0} {
			result, err := run(newCall(t, convex.Mutation, "messages:clear", `{"channel":%q}`, channel))
			if err != nil || decoded(t, result) != want {
				t.Errorf("over %s: %v, %v; want %d", name, result, err, want)
			}
		}
	}
}

func TestBehaviour_signedIn(t *testing.T) {
	d := newTarget(t)
	ada := d.signIn()
	want := subject(t, ada.Token)
	me := newCall(t, convex.Query, "users:me", ``)
	signedIn := me
	signedIn.Token = ada.Token
	overHTTP, err := d.overHTTP(signedIn)
	if err != nil {
		t.Fatal(err)
	}
	sub, anonymous := d.follow(ada, me), d.follow(convex.Credential{}, me)
	state := d.await(sub, hasResult)
	d.await(anonymous, d.is(nil))
	for route, result := range map[string]*convex.Result{"HTTP": overHTTP, "session": state.Result} {
		if user, _ := decoded(t, result).(map[string]any); user["subject"] != want || user["issuer"] == nil {
			t.Errorf("over %s the caller is not the token's", route)
		}
	}
	if !state.Confirmed {
		t.Error("a result came and the identity is not confirmed")
	}
}

// A mutation over a session runs as the session's caller.
func TestBehaviour_signedInRun(t *testing.T) {
	d := newTarget(t)
	ada := d.signIn()
	channel := unique()
	sub := d.follow(ada, newCall(t, convex.Query, "messages:list", `{"channel":%q}`, channel))
	result, ran, err := d.sync.Run(ctx(t), ada, newCall(t, convex.Mutation, "messages:send", `{"channel":%q,"body":"signed"}`, channel))
	if err != nil || !ran || result.Timestamp == 0 {
		t.Fatalf("%v, %t, %v", result, ran, err)
	}
	messages, _ := decoded(t, sub.State().Result).([]any)
	if bodies(messages) != "signed" {
		t.Fatalf("after the mutation the query shows %q", bodies(messages))
	}
	message := messages[0].(map[string]any)
	if author := message["author"]; author == "" || author == "anonymous" || message["id"] != decoded(t, result) {
		t.Error("the message is not the caller's")
	}
}

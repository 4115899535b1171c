package store_test

import (
	"fmt"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func pageOf(t *testing.T, d *deployment.Deployment, numItems int, cursor, more string) (page map[string]any, names string) {
	t.Helper()
	args := fmt.Sprintf(`{"paginationOpts":{"numItems":%d,"cursor":%s%s}}`, numItems, cursor, more)
	page = devtest.MustCall(t, d, "query", "messages:page", args).(map[string]any)
	var list []string
	for _, doc := range page["page"].([]any) {
		list = append(list, doc.(map[string]any)["body"].(string))
	}
	return page, strings.Join(list, " ")
}

func quoted(cursor any) string { return fmt.Sprintf("%q", cursor) }

func TestPaginate_endsAfterTheLastDocument(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for i := range 5 {
		devtest.MustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"m%d"}`, i))
	}
	first, names := pageOf(t, d, 2, "null", "")
	if names != "m4 m3" || first["isDone"] != false || first["splitCursor"] != nil || first["pageStatus"] != nil {
		t.Fatalf("first page %v", first)
	}
	if again, _ := pageOf(t, d, 2, "null", ""); again["continueCursor"] != first["continueCursor"] {
		t.Error("an unchanged page has another cursor")
	}
	second, names := pageOf(t, d, 3, quoted(first["continueCursor"]), "")
	if names != "m2 m1 m0" || second["isDone"] != false {
		t.Fatalf("second page %v", second)
	}
	last, names := pageOf(t, d, 3, quoted(second["continueCursor"]), "")
	if names != "" || last["isDone"] != true {
		t.Fatalf("last page %v", last)
	}
	if beyond, names := pageOf(t, d, 3, quoted(last["continueCursor"]), ""); names != "" || beyond["isDone"] != true {
		t.Fatalf("page after the last %v", beyond)
	}
	// endCursor takes precedence over numItems; a split gives the same documents in two pages.
	whole, names := pageOf(t, d, 1, "null", `,"endCursor":`+quoted(second["continueCursor"]))
	if names != "m4 m3 m2 m1 m0" || whole["continueCursor"] != second["continueCursor"] {
		t.Fatalf("whole page %v", whole)
	}
	_, upper := pageOf(t, d, 1, "null", `,"endCursor":`+quoted(whole["splitCursor"]))
	_, lower := pageOf(t, d, 1, quoted(whole["splitCursor"]), `,"endCursor":`+quoted(whole["continueCursor"]))
	if upper != "m4 m3 m2" || lower != "m1 m0" {
		t.Errorf("split pages %q and %q", upper, lower)
	}
}

func TestPaginate_ascending(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Query("page:up", v.Object(v.Field("paginationOpts", app.PaginationOptions())),
		func(ctx *app.QueryCtx, args app.Args) (any, error) {
			return ctx.DB.Query("messages").Paginate(args.Object("paginationOpts"))
		}))})
	for i := range 3 {
		devtest.MustCall(t, d, "mutation", "messages:send", fmt.Sprintf(`{"body":"m%d"}`, i))
	}
	c := devtest.Dial(t, d)
	c.Connect(devtest.SessionID)
	c.Add(0, 0, "page:up", `{"paginationOpts":{"numItems":2,"cursor":null}}`)
	c.UntilQuerySet(1)
	if got := devtest.MessageBodies(c.Results[0]); got != "m0 m1" {
		t.Fatalf("page %s", got)
	}
	c.Mutate(0, "messages:clear", `{}`)
	if m := c.Response(); string(m.Result) != `{"$integer":"AwAAAAAAAAA="}` {
		t.Errorf("cleared %s", m.Result)
	}
	c.Until(func() bool { return devtest.MessageBodies(c.Results[0]) == "" })
}

func TestPaginate_misuse(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Query("page:twice", v.Object(v.Field("paginationOpts", app.PaginationOptions())),
		func(ctx *app.QueryCtx, args app.Args) (any, error) {
			if _, err := ctx.DB.Query("messages").Paginate(args.Object("paginationOpts")); err != nil {
				return nil, err
			}
			return ctx.DB.Query("messages").Paginate(args.Object("paginationOpts"))
		}))})
	devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"x"}`)
	page, _ := pageOf(t, d, 1, "null", "")
	cursor := quoted(page["continueCursor"])
	const data = `"errorData":{"isConvexSystemError":true,"paginationError":"InvalidCursor"}`
	for name, test := range map[string]struct{ body, want string }{
		"other query": {`{"path":"messages:page","args":{"channel":"other","paginationOpts":{"numItems":1,"cursor":` + cursor + `}}}`, data},
		"unreadable":  {`{"path":"messages:page","args":{"paginationOpts":{"numItems":1,"cursor":"abc"}}}`, "Uncaught Error: Failed to parse cursor"},
		"no items":    {`{"path":"messages:page","args":{"paginationOpts":{"numItems":0,"cursor":null}}}`, "Must request at least 1 document while paginating"},
		"NaN items":   {`{"path":"messages:page","args":{"paginationOpts":{"numItems":{"$float":"AAAAAAAA+H8="},"cursor":null}}}`, "invalid type: null, expected usize"},
		"int items":   {`{"path":"messages:page","args":{"paginationOpts":{"numItems":{"$integer":"AQAAAAAAAAA="},"cursor":null}}}`, "ArgumentValidationError: "},
		"twice":       {`{"path":"page:twice","args":{"paginationOpts":{"numItems":1,"cursor":null}}}`, "ran multiple paginated queries"},
	} {
		if got := devtest.Post(t, d, "query", test.body); got.Status != 200 || !strings.Contains(got.Body, test.want) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

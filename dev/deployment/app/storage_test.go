package app_test

import (
	"errors"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestStorage_inFunctions(t *testing.T) {
	file := v.Object(v.Field("id", v.String()))
	d := devtest.Start(t, deployment.Config{Controls: true, Tables: []store.Table{}, Functions: []app.Function{
		app.Query("q:url", file, func(ctx *app.QueryCtx, args app.Args) (any, error) { return ctx.Storage.GetURL(args.String("id")) }),
		app.Query("q:get", file, func(ctx *app.QueryCtx, args app.Args) (any, error) { return ctx.DB.Get(args.String("id")) }),
		app.Query("q:table", nil, func(ctx *app.QueryCtx, _ app.Args) (any, error) { return ctx.DB.Query("_storage").First() }),
		app.Mutation("m:insert", nil, func(ctx *app.MutationCtx, _ app.Args) (any, error) {
			return ctx.DB.Insert("_storage", store.Document{})
		}),
		app.Mutation("m:undone", file, func(ctx *app.MutationCtx, args app.Args) (any, error) {
			if err := ctx.Storage.Delete(args.String("id")); err != nil {
				return nil, err
			}
			if url, err := ctx.Storage.GetURL(args.String("id")); url != "" || err != nil {
				t.Errorf("the mutation still gets %q, %v", url, err)
			}
			return nil, errors.New("boom")
		}),
		app.Action("a:all", file, func(ctx *app.ActionCtx, args app.Args) (any, error) {
			if _, err := ctx.Storage.GetURL(args.String("id")); err != nil {
				return nil, err
			}
			return ctx.Storage.GenerateUploadURL(), ctx.Storage.Delete(args.String("id"))
		}),
		app.Mutation("m:first", nil, func(ctx *app.MutationCtx, _ app.Args) (any, error) { return ctx.DB.Insert("t", store.Document{}) }),
	}})
	id := devtest.Upload(t, d, "hello", "text/plain")
	first := devtest.MustCall(t, d, "mutation", "m:first", `{}`).(string)

	c := devtest.Dial(t, d)
	c.Add(0, 0, "q:url", `{"id":"`+id+`"}`)
	c.UntilQuerySet(1)
	if !strings.HasPrefix(c.Results[0], `"`+d.URL()+`/api/storage/`) {
		t.Fatalf("url %s", c.Results[0])
	}
	devtest.Post(t, d, "mutation", `{"path":"m:undone","args":{"id":"`+id+`"}}`)
	if got := devtest.MustCall(t, d, "query", "q:url", `{"id":"`+id+`"}`); got == "" {
		t.Error("a failed mutation deleted the file")
	}
	devtest.MustCall(t, d, "action", "a:all", `{"id":"`+id+`"}`)
	c.Until(func() bool { return c.Results[0] == `""` }) // the deletion re-runs the query

	for _, test := range []struct{ endpoint, path, id, want string }{
		{"query", "q:url", first, "Invalid argument `storageId` for `storage.getUrl`"},
		{"query", "q:url", "no id", "Invalid argument `storageId` for `storage.getUrl`"},
		{"query", "q:get", id, "System tables can only be accessed with db.system."},
		{"query", "q:table", "", "System tables can only be accessed with db.system."},
		{"mutation", "m:insert", "", "System tables can only be accessed with db.system."},
		{"mutation", "m:undone", id, "storage id " + id + " not found"},
		{"action", "a:all", id, "storage id " + id + " not found"},
	} {
		want, _ := call.Marshal(test.want)
		if got := devtest.Post(t, d, test.endpoint, `{"path":"`+test.path+`","args":{"id":"`+test.id+`"}}`); !strings.Contains(got.Body, strings.Trim(string(want), `"`)) {
			t.Errorf("%s %s: %s", test.path, test.id, got.Body)
		}
	}
}

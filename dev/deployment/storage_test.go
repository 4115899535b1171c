package deployment

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestStorage_inFunctions(t *testing.T) {
	file := v.Object(v.Field("id", v.String()))
	d := startTest(t, Config{Controls: true, Tables: []store.Table{}, Functions: []Function{
		Query("q:url", file, func(ctx *QueryCtx, args Args) (any, error) { return ctx.Storage.GetURL(args.String("id")) }),
		Query("q:get", file, func(ctx *QueryCtx, args Args) (any, error) { return ctx.DB.Get(args.String("id")) }),
		Query("q:table", nil, func(ctx *QueryCtx, _ Args) (any, error) { return ctx.DB.Query("_storage").First() }),
		Mutation("m:insert", nil, func(ctx *MutationCtx, _ Args) (any, error) { return ctx.DB.Insert("_storage", store.Document{}) }),
		Mutation("m:undone", file, func(ctx *MutationCtx, args Args) (any, error) {
			if err := ctx.Storage.Delete(args.String("id")); err != nil {
				return nil, err
			}
			if url, err := ctx.Storage.GetURL(args.String("id")); url != "" || err != nil {
				t.Errorf("the mutation still sees %q, %v", url, err)
			}
			return nil, errBoom
		}),
		Action("a:all", file, func(ctx *ActionCtx, args Args) (any, error) {
			if _, err := ctx.Storage.GetURL(args.String("id")); err != nil {
				return nil, err
			}
			return ctx.Storage.GenerateUploadURL(), ctx.Storage.Delete(args.String("id"))
		}),
		Mutation("m:first", nil, func(ctx *MutationCtx, _ Args) (any, error) { return ctx.DB.Insert("t", store.Document{}) }),
	}})
	id := upload(t, d, "hello", "text/plain")
	first := mustCall(t, d, "mutation", "m:first", `{}`).(string)

	c := dialSync(t, d)
	c.add(0, 0, "q:url", `{"id":"`+id+`"}`)
	c.untilQuerySet(1)
	if !strings.HasPrefix(c.results[0], `"`+d.URL()+`/api/storage/`) {
		t.Fatalf("url %s", c.results[0])
	}
	post(t, d, "mutation", `{"path":"m:undone","args":{"id":"`+id+`"}}`)
	if got := mustCall(t, d, "query", "q:url", `{"id":"`+id+`"}`); got == "" {
		t.Error("a failed mutation deleted the file")
	}
	mustCall(t, d, "action", "a:all", `{"id":"`+id+`"}`)
	c.until(func() bool { return c.results[0] == `""` }) // the deletion re-runs the query

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
		if got := post(t, d, test.endpoint, `{"path":"`+test.path+`","args":{"id":"`+test.id+`"}}`); !strings.Contains(got.body, strings.Trim(string(want), `"`)) {
			t.Errorf("%s %s: %s", test.path, test.id, got.body)
		}
	}
}

// upload stores a file and returns its id.
func upload(t *testing.T, d *Deployment, content, contentType string) string {
	t.Helper()
	url := mustCall(t, d, "mutation", "testing:upload", `{}`).(string)
	sum := sha256.Sum256([]byte(content))
	got := do(t, "POST", url, content, "Content-Type", contentType, "Digest", "sha-256="+base64.StdEncoding.EncodeToString(sum[:]))
	id, ok := strings.CutPrefix(got.body, `{"storageId":"`)
	if got.status != 200 || !ok {
		t.Fatalf("%d %s", got.status, got.body)
	}
	return strings.TrimSuffix(id, `"}`)
}

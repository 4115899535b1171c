package deployment

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"convexgateway/dev/deployment/v"
)

func TestStorage_inFunctions(t *testing.T) {
	file := v.Object(v.Field("id", v.String()))
	d := startTest(t, Config{Controls: true, Tables: []Table{}, Functions: []Function{
		Query("q:url", file, func(ctx *QueryCtx, args Args) (any, error) { return ctx.Storage.GetURL(args.String("id")) }),
		Query("q:get", file, func(ctx *QueryCtx, args Args) (any, error) { return ctx.DB.Get(args.String("id")) }),
		Query("q:table", nil, func(ctx *QueryCtx, _ Args) (any, error) { return ctx.DB.Query("_storage").First() }),
		Mutation("m:insert", nil, func(ctx *MutationCtx, _ Args) (any, error) { return ctx.DB.Insert("_storage", Document{}) }),
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
		Mutation("m:first", nil, func(ctx *MutationCtx, _ Args) (any, error) { return ctx.DB.Insert("t", Document{}) }),
	}})
	id := upload(t, d, "hello", "text/plain")
	if number, _, err := decodeID(id); err != nil || number != storageTableNumber {
		t.Errorf("id %s: table %d, %v", id, number, err)
	}
	first := mustCall(t, d, "mutation", "m:first", `{}`).(string)
	if number, _, _ := decodeID(first); number != firstUserTable {
		t.Errorf("the first user table has number %d", number)
	}

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
		want, _ := marshal(test.want)
		if got := post(t, d, test.endpoint, `{"path":"`+test.path+`","args":{"id":"`+test.id+`"}}`); !strings.Contains(got.body, strings.Trim(string(want), `"`)) {
			t.Errorf("%s %s: %s", test.path, test.id, got.body)
		}
	}
}

func TestUploadKey(t *testing.T) {
	now := time.Unix(1_790_000_000, 500)
	k, other := uploadKey{1}, uploadKey{2}
	token := k.token(now)
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"fresh":       {k.check(token, now), ""},
		"last second": {k.check(token, now.Add(uploadTokenLife-time.Second)), ""},
		"expired":     {k.check(token, now.Add(uploadTokenLife)), "StorageTokenExpired"},
		"other key":   {other.check(token, now), "StorageTokenInvalid"},
		"changed":     {k.check("A"+token[1:len(token)-1]+"A", now), "StorageTokenInvalid"},
		"empty":       {k.check("", now), "StorageTokenInvalid"},
		"no base64":   {k.check("?", now), "StorageTokenInvalid"},
	} {
		if (test.err == nil) != (test.want == "") || test.err != nil && asServerError(test.err).code != test.want {
			t.Errorf("%s: %v", name, test.err)
		}
	}
}

func FuzzUploadKey_check(f *testing.F) {
	now, k := time.Unix(1_790_000_000, 0), uploadKey{1}
	good := k.token(now)
	f.Add(good)
	f.Add(strings.Repeat("A", len(good)))
	f.Fuzz(func(t *testing.T, token string) {
		if k.check(token, now) == nil && token != good {
			t.Fatalf("%q is taken", token)
		}
	})
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

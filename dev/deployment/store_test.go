package deployment

import (
	"testing"

	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestStore_declareIndexesWhatIsThere(t *testing.T) {
	kept := newTestStore()
	d := startTest(t, Config{Store: kept})
	mustCall(t, d, "mutation", "messages:send", `{"body":"x","author":"ada"}`)
	d.Close()
	d = startTest(t, Config{Store: kept,
		Tables: []store.Table{{Name: "messages", Indexes: []store.Index{{Name: "by_author", Fields: []string{"author"}}}}},
		Functions: []Function{Query("q:by", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) {
			doc, err := ctx.DB.Query("messages").WithIndex("by_author", store.Eq("author", "ada")).First()
			return doc["body"], err
		})}})
	if got := mustCall(t, d, "query", "q:by", `{}`); got != "x" {
		t.Errorf("got %v", got)
	}
}

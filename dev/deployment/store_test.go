package deployment_test

import (
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

func TestStore_newIndexesHoldOldDocuments(t *testing.T) {
	kept := devtest.NewStore()
	d := devtest.Start(t, deployment.Config{Store: kept})
	devtest.MustCall(t, d, "mutation", "messages:send", `{"body":"x","author":"ada"}`)
	d.Close()
	d = devtest.Start(t, deployment.Config{Store: kept,
		Tables: []store.Table{{Name: "messages", Indexes: []store.Index{{Name: "by_author", Fields: []string{"author"}}}}},
		Functions: []app.Function{app.Query("q:by", v.Object(), func(ctx *app.QueryCtx, _ app.Args) (any, error) {
			doc, err := ctx.DB.Query("messages").WithIndex("by_author", store.Eq("author", "ada")).First()
			return doc["body"], err
		})}})
	if got := devtest.MustCall(t, d, "query", "q:by", `{}`); got != "x" {
		t.Errorf("got %v", got)
	}
}

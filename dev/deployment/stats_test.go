package deployment_test

import (
	"encoding/json"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/devtest"
)

func TestStats_countsCalls(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	devtest.MustCall(t, d, "query", "users:me", `{}`)
	devtest.MustCall(t, d, "query", "users:me", `{}`)
	devtest.MustCall(t, d, "mutation", "messages:clear", `{}`)
	stats := d.Stats()
	if stats.HTTPCalls[deployment.Call{call.Query, "users:me"}] != 2 || stats.HTTPCalls[deployment.Call{call.Mutation, "messages:clear"}] != 1 || stats.QueryRuns["users:me"] != 2 {
		t.Errorf("%+v", stats)
	}
	text, err := json.Marshal(stats)
	if err != nil {
		t.Fatal(err)
	}
	devtest.SameJSON(t, string(text), `{"sockets":0,"socketsOpened":0,"httpCalls":{"query users:me":2,"mutation messages:clear":1},"queryRuns":{"users:me":2},"authenticates":0,"frames":0}`)
}

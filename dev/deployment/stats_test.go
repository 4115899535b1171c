package deployment

import (
	"encoding/json"
	"testing"

	"convexgateway/dev/deployment/call"
)

func TestStats_countsCalls(t *testing.T) {
	d := startTest(t, Config{})
	mustCall(t, d, "query", "users:me", `{}`)
	mustCall(t, d, "query", "users:me", `{}`)
	mustCall(t, d, "mutation", "messages:clear", `{}`)
	stats := d.Stats()
	if stats.HTTPCalls[Call{call.Query, "users:me"}] != 2 || stats.HTTPCalls[Call{call.Mutation, "messages:clear"}] != 1 || stats.QueryRuns["users:me"] != 2 {
		t.Errorf("%+v", stats)
	}
	text, err := json.Marshal(stats)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, string(text), `{"sockets":0,"socketsOpened":0,"httpCalls":{"query users:me":2,"mutation messages:clear":1},"queryRuns":{"users:me":2},"authenticates":0,"frames":0}`)
}

package deployment_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

// queryTs returns the deployment's timestamp.
func queryTs(t *testing.T, d *deployment.Deployment) string {
	t.Helper()
	var answer struct {
		Ts string `json:"ts"`
	}
	if got := devtest.Do(t, "POST", d.URL()+"/api/query_ts", ""); got.Status != 200 || json.Unmarshal([]byte(got.Body), &answer) != nil {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	return answer.Ts
}

func TestQueryAt_sameSnapshot(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	ts := queryTs(t, d)
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	for _, at := range []struct{ ts, want string }{{ts, "1"}, {ts, "1"}, {queryTs(t, d), "2"}} {
		got := devtest.Post(t, d, "query_at_ts", `{"path":"counter:get","args":{"name":"n"},"ts":"`+at.ts+`"}`)
		devtest.SameJSON(t, got.Body, `{"status":"success","value":`+at.want+`}`)
	}
	future, _ := json.Marshal(call.Timestamp(time.Now().Add(time.Minute).UnixNano()))
	for ts, status := range map[string]int{string(future): 500, `"AAAAAAAAAAA="`: 503, `"x"`: 500} {
		got := devtest.Post(t, d, "query_at_ts", `{"path":"counter:get","args":{"name":"n"},"ts":`+ts+`}`)
		if got.Status != status || !strings.Contains(got.Body, `"code":"InternalServerError"`) {
			t.Errorf("ts %s: %d %s", ts, got.Status, got.Body)
		}
	}
	for body, code := range map[string]string{
		`{"path":"counter:get","args":{}}`:                     "BadJsonBody",
		`{"path":"counter:get","args":{},"ts":1}`:              "BadJsonBody",
		`{"path":"a-b:c","args":{},"ts":"` + ts + `"}`:         "BadConvexFunctionIdentifier",
		`{"args":{},"ts":"` + ts + `"}`:                        "BadJsonBody",
		`{"path":"counter:get","ts":"` + ts + `"}`:             "BadJsonBody",
		`{"path":"counter:get","args":{},"ts":` + ts[:1] + `}`: "BadJsonBody",
	} {
		if got := devtest.Post(t, d, "query_at_ts", body); got.Status != 400 || !strings.Contains(got.Body, code) {
			t.Errorf("%s: %d %s", body, got.Status, got.Body)
		}
	}
}

func TestQueryBatch(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Query("slow:get", v.Object(), func(*app.QueryCtx, app.Args) (any, error) {
		close(started)
		<-release
		return "slow", nil
	}))})
	answered := make(chan devtest.Answer)
	go func() {
		answered <- devtest.Post(t, d, "query_batch", `{"queries":[
			{"path":"counter:get","args":{"name":"n"}},
			{"path":"slow:get","args":{}},
			{"path":"counter:get","args":{"name":"n"}},
			{"path":"errors:convex","args":{"data":{"$integer":"AQAAAAAAAAA="}},"format":"convex_encoded_json"}]}`, devtest.RequestIDHeader, "r1")
	}()
	<-started
	devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`) // between the queries
	close(release)
	got := <-answered
	devtest.SameJSON(t, got.Body, `{"results":[{"status":"success","value":0},{"status":"success","value":"slow"},{"status":"success","value":0},
		{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: \"1n\"\n    at handler (../convex/errors.ts)\n",
		"errorData":{"$integer":"AQAAAAAAAAA="}}]}`)

	devtest.SameJSON(t, devtest.Post(t, d, "query_batch", `{"queries":[]}`).Body, `{"results":[]}`)
	for query, code := range map[string]string{
		`{"path":"a-b:c","args":{}}`:                   "BadConvexFunctionIdentifier",
		`{"path":"users:me","args":{},"format":"xml"}`: "BadFormat",
		`{"path":"users:me"}`:                          "BadJsonBody",
		`7`:                                            "BadJsonBody",
	} {
		got := devtest.Post(t, d, "query_batch", fmt.Sprintf(`{"queries":[{"path":"users:me","args":{}},%s]}`, query))
		if got.Status != 400 || !strings.Contains(got.Body, code) {
			t.Errorf("%s: %d %s", query, got.Status, got.Body)
		}
	}
	for _, body := range []string{`{}`, `{"queries":null}`, `{"queries":{}}`} {
		if got := devtest.Post(t, d, "query_batch", body); got.Status != 400 || !strings.Contains(got.Body, "BadJsonBody") {
			t.Errorf("%s: %d %s", body, got.Status, got.Body)
		}
	}
}

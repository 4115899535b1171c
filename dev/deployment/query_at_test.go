package deployment

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"convexgateway/dev/deployment/v"
)

// queryTs asks for the deployment's timestamp.
func queryTs(t *testing.T, d *Deployment) string {
	t.Helper()
	var answer struct {
		Ts string `json:"ts"`
	}
	if got := do(t, "POST", d.URL()+"/api/query_ts", ""); got.status != 200 || json.Unmarshal([]byte(got.body), &answer) != nil {
		t.Fatalf("%d %s", got.status, got.body)
	}
	return answer.Ts
}

func TestQueryAt_item15_sameSnapshot(t *testing.T) {
	d := startTest(t, Config{})
	mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	ts := queryTs(t, d)
	mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`)
	for _, at := range []struct{ ts, want string }{{ts, "1"}, {ts, "1"}, {queryTs(t, d), "2"}} {
		got := post(t, d, "query_at_ts", `{"path":"counter:get","args":{"name":"n"},"ts":"`+at.ts+`"}`)
		sameJSON(t, got.body, `{"status":"success","value":`+at.want+`}`)
	}
	future, _ := json.Marshal(timestamp(time.Now().Add(time.Minute).UnixNano()))
	for ts, status := range map[string]int{string(future): 500, `"AAAAAAAAAAA="`: 503, `"x"`: 500} {
		got := post(t, d, "query_at_ts", `{"path":"counter:get","args":{"name":"n"},"ts":`+ts+`}`)
		if got.status != status || !strings.Contains(got.body, `"code":"InternalServerError"`) {
			t.Errorf("ts %s: %d %s", ts, got.status, got.body)
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
		if got := post(t, d, "query_at_ts", body); got.status != 400 || !strings.Contains(got.body, code) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

func TestQueryBatch_item15(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	d := startTest(t, Config{Functions: append(SampleApp(), Query("slow:get", v.Object(), func(*QueryCtx, Args) (any, error) {
		close(started)
		<-release
		return "slow", nil
	}))})
	answered := make(chan answer)
	go func() {
		answered <- post(t, d, "query_batch", `{"queries":[
			{"path":"counter:get","args":{"name":"n"}},
			{"path":"slow:get","args":{}},
			{"path":"counter:get","args":{"name":"n"}},
			{"path":"errors:convex","args":{"data":{"$integer":"AQAAAAAAAAA="}},"format":"convex_encoded_json"}]}`, requestID, "r1")
	}()
	<-started
	mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`) // between the queries
	close(release)
	got := <-answered
	sameJSON(t, got.body, `{"results":[{"status":"success","value":0},{"status":"success","value":"slow"},{"status":"success","value":0},
		{"status":"error","errorMessage":"[Request ID: r1] Server Error\nUncaught ConvexError: \"1n\"\n    at handler (../convex/errors.ts)\n",
		"errorData":{"$integer":"AQAAAAAAAAA="}}]}`)

	sameJSON(t, post(t, d, "query_batch", `{"queries":[]}`).body, `{"results":[]}`)
	for query, code := range map[string]string{
		`{"path":"a-b:c","args":{}}`:                   "BadConvexFunctionIdentifier",
		`{"path":"users:me","args":{},"format":"xml"}`: "BadFormat",
		`{"path":"users:me"}`:                          "BadJsonBody",
		`7`:                                            "BadJsonBody",
	} {
		got := post(t, d, "query_batch", fmt.Sprintf(`{"queries":[{"path":"users:me","args":{}},%s]}`, query))
		if got.status != 400 || !strings.Contains(got.body, code) {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
	}
	for _, body := range []string{`{}`, `{"queries":null}`, `{"queries":{}}`} {
		if got := post(t, d, "query_batch", body); got.status != 400 || !strings.Contains(got.body, "BadJsonBody") {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

package app_test

import (
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestSample_counter(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for _, test := range []struct {
		endpoint, path, args string
		want                 any
	}{
		{"query", "counter:get", `{"name":"n"}`, 0.0},
		{"mutation", "counter:add", `{"name":"n"}`, 1.0},
		{"mutation", "counter:add", `{"name":"n","by":2.5}`, 3.5},
		{"query", "counter:get", `{"name":"n"}`, 3.5},
		{"query", "counter:get", `{"name":"m"}`, 0.0},
		{"action", "actions:sleep", `{"ms":1}`, 1.0},
		{"query", "users:me", `{}`, nil},
	} {
		if got := devtest.MustCall(t, d, test.endpoint, test.path, test.args); got != test.want {
			t.Errorf("%s %s: %v, want %v", test.path, test.args, got, test.want)
		}
	}
	for _, ms := range []string{"-1", "1e9", `{"$float":"AAAAAAAA+H8="}`} {
		if got := devtest.Post(t, d, "action", `{"path":"actions:sleep","args":{"ms":`+ms+`}}`); !strings.Contains(got.Body, `"code":"INVALID_ARGUMENT"`) {
			t.Errorf("sleep %s: %s", ms, got.Body)
		}
	}
}

package app_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestSampleTesting(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	if got := devtest.MustCall(t, d, "query", "testing:big", `{"bytes":1000}`); got != strings.Repeat("x", 1000) {
		t.Errorf("testing:big returned %v", got)
	}
	for _, bytes := range []string{"-1", "1e9", `{"$float":"AAAAAAAA+H8="}`} {
		if got := devtest.Post(t, d, "query", `{"path":"testing:big","args":{"bytes":`+bytes+`}}`); !strings.Contains(got.Body, "INVALID_ARGUMENT") {
			t.Errorf("testing:big of %s: %s", bytes, got.Body)
		}
	}
	devtest.SameJSON(t, devtest.Post(t, d, "query", `{"path":"testing:log","args":{}}`).Body, `{"status":"success","value":null,"logLines":["[DEBUG] 'debug'",
		"[INFO] 'info'","[LOG] 'log' 1 null {\n  a: true\n}","[WARN] 'warn'","[ERROR] 'error'"]}`)
}

func TestSampleTesting_slow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := devtest.StartInMemory(t, deployment.Config{Controls: true})
		c := devtest.DialVia(t, d, via, nil)
		start := time.Now()
		c.Add(0, 0, "testing:slowCounter", `{"name":"a","ms":450,"id":1}`)
		if c.UntilQuerySet(1); time.Since(start) != 450*time.Millisecond {
			t.Errorf("a slow query is answered after %v", time.Since(start))
		}
		start = time.Now()
		c.Mutate(0, "testing:slow", `{"ms":1500}`)
		if m := c.Response(); string(m.Result) != "1500" || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("%+v after %v", m, time.Since(start))
		}
	})
}

func TestSampleTesting_rows(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	insert := func(position string) string {
		return devtest.MustCall(t, d, "mutation", "testing:insertRow", `{"position":`+position+`}`).(string)
	}
	ids := []string{insert("1"), insert("3"), insert("2"), insert("1")}
	devtest.MustCall(t, d, "mutation", "testing:deleteRow", `{"id":"`+ids[1]+`"}`)
	page := devtest.MustCall(t, d, "query", "testing:rows", `{"paginationOpts":{"numItems":5,"cursor":null}}`).(map[string]any)
	var got []string
	for _, row := range page["page"].([]any) {
		got = append(got, row.(map[string]any)["_id"].(string))
	}
	if want := []string{ids[0], ids[3], ids[2]}; !slices.Equal(got, want) || page["isDone"] != true {
		t.Errorf("%v, want %v", page, want)
	}
}

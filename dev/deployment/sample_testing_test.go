package deployment

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSampleTesting(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	if got := mustCall(t, d, "query", "testing:big", `{"bytes":1000}`); got != strings.Repeat("x", 1000) {
		t.Errorf("testing:big returned %v", got)
	}
	for _, bytes := range []string{"-1", "1e9", `{"$float":"AAAAAAAA+H8="}`} {
		if got := post(t, d, "query", `{"path":"testing:big","args":{"bytes":`+bytes+`}}`); !strings.Contains(got.body, "INVALID_ARGUMENT") {
			t.Errorf("testing:big of %s: %s", bytes, got.body)
		}
	}
	sameJSON(t, post(t, d, "query", `{"path":"testing:log","args":{}}`).body, `{"status":"success","value":null,"logLines":["[DEBUG] 'debug'",
		"[INFO] 'info'","[LOG] 'log' 1 null {\"a\":true}","[WARN] 'warn'","[ERROR] 'error'"]}`)
}

func TestSampleTesting_slow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := startPiped(t, Config{Controls: true})
		c := dialVia(t, d, via, nil)
		start := time.Now()
		c.mutate(0, "testing:slow", `{"ms":1500}`)
		if m := c.response(); string(m.Result) != "1500" || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("%+v after %v", m, time.Since(start))
		}
	})
}

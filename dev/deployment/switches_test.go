package deployment

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

const me = `{"path":"users:me","args":{}}`

func TestFailNext(t *testing.T) {
	d := startTest(t, Config{})
	d.FailNext(2, Failure{503, "ExpiredInQueue", "Too many."})
	const add = `{"path":"counter:add","args":{"name":"n"}}`
	for _, endpoint := range []string{"mutation", "function"} {
		got := post(t, d, endpoint, add)
		if got.status != 503 || got.body != `{"code":"ExpiredInQueue","message":"Too many."}` {
			t.Errorf("%s: %d %s", endpoint, got.status, got.body)
		}
	}
	if got := mustCall(t, d, "mutation", "counter:add", `{"name":"n"}`); got != 1.0 {
		t.Errorf("the third call returns %v: a failed one has run", got)
	}
	d.FailNext(1, Failure{Status: 408})
	if got := post(t, d, "query", me); got.status != 408 || got.body != "" {
		t.Errorf("%d %q", got.status, got.body)
	}
	d.FailNext(1, Failure{})
	if response, err := testClient.Post(d.URL()+"/api/query", "application/json", strings.NewReader(me)); err == nil {
		response.Body.Close()
		t.Errorf("a dropped connection answers %d", response.StatusCode)
	}
	d.FailNext(5, Failure{Status: 500})
	d.FailNext(0, Failure{})
	if got := post(t, d, "query", me); got.status != 200 {
		t.Errorf("after the plan was withdrawn: %d", got.status)
	}
}

func TestFailNextUpgrades(t *testing.T) {
	d := startTest(t, Config{})
	d.FailNextUpgrades(1, 503)
	ctx, cancel := testContext()
	defer cancel()
	dial := func() *http.Response {
		ws, response, err := websocket.Dial(ctx, d.URL()+"/api/sync", &websocket.DialOptions{HTTPClient: testClient})
		if err == nil {
			_ = ws.CloseNow()
		}
		return response
	}
	if response := dial(); response == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the first upgrade: %v", response)
	}
	if got := post(t, d, "query", me); got.status != 200 {
		t.Errorf("a call fails too: %d", got.status)
	}
	d.FailNextUpgrades(1, 0)
	if response := dial(); response != nil {
		t.Errorf("a dropped upgrade: %v", response)
	}
	if response := dial(); response == nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("the last upgrade: %v", response)
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, via := startPiped(t, Config{})
		d.Delay(3 * time.Second)
		start := time.Now()
		addOne(t, d, via)
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("an HTTP call took %v", took)
		}
		c := dialVia(t, d, via, nil)
		c.connect(sessionA)
		start = time.Now()
		c.add(0, 0, "users:me", `{}`)
		c.untilQuerySet(1)
		c.mutate(0, "counter:add", `{"name":"n"}`)
		c.response()
		c.act(1, "actions:sleep", `{"ms":0}`)
		c.response()
		if took := time.Since(start); took != 9*time.Second {
			t.Errorf("a query, a mutation and an action took %v", took)
		}
		d.Delay(0)
		start = time.Now()
		addOne(t, d, via)
		if took := time.Since(start); took != 0 {
			t.Errorf("without delay: %v", took)
		}
	})
}

func TestSetRedact(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	const crash = `{"path":"errors:crash","args":{}}`
	d.SetRedact(true)
	if got := post(t, d, "query", crash, requestID, "r1"); got.body != `{"status":"error","errorMessage":"[Request ID: r1] Server Error"}` {
		t.Errorf("redacted: %s", got.body)
	}
	if got := post(t, d, "query", `{"path":"testing:log","args":{}}`); strings.Contains(got.body, "logLines") {
		t.Errorf("redacted: %s", got.body)
	}
	if got := whoami(t, d, mustToken(t, d, TokenRequest{User: "a", Claims: map[string]any{"aud": "x"}})); strings.Contains(got.body, "OIDC(") {
		t.Errorf("redacted: %s", got.body)
	}
	d.SetRedact(false)
	if got := post(t, d, "query", crash); !strings.Contains(got.body, "Uncaught Error: boom") {
		t.Errorf("not redacted: %s", got.body)
	}
}

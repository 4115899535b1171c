package deployment_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestFailNext(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	d.FailNext(2, deployment.Failure{503, "ExpiredInQueue", "Too many."})
	const add = `{"path":"counter:add","args":{"name":"n"}}`
	for _, endpoint := range []string{"mutation", "function"} {
		got := devtest.Post(t, d, endpoint, add)
		if got.Status != 503 || got.Body != `{"code":"ExpiredInQueue","message":"Too many."}` {
			t.Errorf("%s: %d %s", endpoint, got.Status, got.Body)
		}
	}
	if got := devtest.MustCall(t, d, "mutation", "counter:add", `{"name":"n"}`); got != 1.0 {
		t.Errorf("the third call returns %v: a failed one has run", got)
	}
	d.FailNext(1, deployment.Failure{Status: 408})
	if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != 408 || got.Body != "" {
		t.Errorf("%d %q", got.Status, got.Body)
	}
	d.FailNext(1, deployment.Failure{})
	if response, err := devtest.Client.Post(d.URL()+"/api/query", "application/json", strings.NewReader(devtest.UsersMe)); err == nil {
		response.Body.Close()
		t.Errorf("a dropped connection answers %d", response.StatusCode)
	}
	d.FailNext(5, deployment.Failure{Status: 500})
	d.FailNext(0, deployment.Failure{})
	if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != 200 {
		t.Errorf("after the plan was withdrawn: %d", got.Status)
	}
}

func TestFailNextUpgrades(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	d.FailNextUpgrades(1, 503)
	ctx, cancel := devtest.Context()
	defer cancel()
	dial := func() *http.Response {
		ws, response, err := websocket.Dial(ctx, d.URL()+"/api/sync", &websocket.DialOptions{HTTPClient: devtest.Client})
		if err == nil {
			_ = ws.CloseNow()
		}
		return response
	}
	if response := dial(); response == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the first upgrade: %v", response)
	}
	if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != 200 {
		t.Errorf("a call fails too: %d", got.Status)
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
		d, via := devtest.StartInMemory(t, deployment.Config{})
		d.Delay(3 * time.Second)
		start := time.Now()
		devtest.AddOne(t, d, via)
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("an HTTP call took %v", took)
		}
		c := devtest.DialVia(t, d, via, nil)
		c.Connect(devtest.SessionID)
		start = time.Now()
		c.Add(0, 0, "users:me", `{}`)
		c.UntilQuerySet(1)
		c.Mutate(0, "counter:add", `{"name":"n"}`)
		c.Response()
		c.Act(1, "actions:sleep", `{"ms":0}`)
		c.Response()
		if took := time.Since(start); took != 9*time.Second {
			t.Errorf("a query, a mutation and an action took %v", took)
		}
		d.Delay(0)
		start = time.Now()
		devtest.AddOne(t, d, via)
		if took := time.Since(start); took != 0 {
			t.Errorf("without delay: %v", took)
		}
	})
}

func TestSetRedact(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	const crash = `{"path":"errors:crash","args":{}}`
	d.SetRedact(true)
	if got := devtest.Post(t, d, "query", crash, devtest.RequestIDHeader, "r1"); got.Body != `{"status":"error","errorMessage":"[Request ID: r1] Server Error"}` {
		t.Errorf("redacted: %s", got.Body)
	}
	if got := devtest.Post(t, d, "query", `{"path":"testing:log","args":{}}`); strings.Contains(got.Body, "logLines") {
		t.Errorf("redacted: %s", got.Body)
	}
	if got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "a", Claims: map[string]any{"aud": "x"}})); strings.Contains(got.Body, "OIDC(") {
		t.Errorf("redacted: %s", got.Body)
	}
	d.SetRedact(false)
	if got := devtest.Post(t, d, "query", crash); !strings.Contains(got.Body, "Uncaught Error: boom") {
		t.Errorf("not redacted: %s", got.Body)
	}
}

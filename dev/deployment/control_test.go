package deployment_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func mustControl(t *testing.T, d *deployment.Deployment, action, body string) {
	t.Helper()
	if got := devtest.Do(t, "POST", d.URL()+"/dev/control/"+action, body); got.Status != 200 || got.Body != "{}" {
		t.Fatalf("%s %s: %d %s", action, body, got.Status, got.Body)
	}
}

func TestControl(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	open := func() *devtest.SyncClient {
		c := devtest.Dial(t, d)
		c.Add(0, 0, "users:me", `{}`)
		c.UntilQuerySet(1)
		return c
	}
	isCut := func(c *devtest.SyncClient) {
		t.Helper()
		ctx, cancel := devtest.Context()
		defer cancel()
		if _, _, err := c.Socket.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
			t.Errorf("not cut: %v", err)
		}
	}
	c := open()
	mustControl(t, d, "cut", ``)
	isCut(c)
	c = open()
	mustControl(t, d, "close", `{"code":1013,"reason":"CommitterFullError"}`)
	c.ExpectClose(1013, "CommitterFullError")
	c = open()
	mustControl(t, d, "close", `{}`)
	c.ExpectClose(websocket.StatusNoStatusRcvd, "")
	c = open()
	mustControl(t, d, "restart", `{"keepSockets":true}`)
	c.Add(1, 1, "users:me", `{}`)
	c.UntilQuerySet(2)
	mustControl(t, d, "restart", ``)
	c.ExpectClose(websocket.StatusInternalError, "InternalServerError")

	mustControl(t, d, "fail", `{"status":500,"code":"InternalServerError","message":"m"}`)
	if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != 500 || got.Body != `{"code":"InternalServerError","message":"m"}` {
		t.Errorf("fail: %d %s", got.Status, got.Body)
	}
	mustControl(t, d, "fail", `{"n":2,"status":429}`)
	for _, want := range []int{429, 429, 200} {
		if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != want {
			t.Errorf("fail: %d, want %d", got.Status, want)
		}
	}
	mustControl(t, d, "fail_upgrades", `{"status":503}`)
	if got := devtest.Do(t, "GET", d.URL()+"/api/sync", ""); got.Status != 503 {
		t.Errorf("fail_upgrades: %d", got.Status)
	}
	mustControl(t, d, "redact", `{"on":true}`)
	if !d.Redacts() {
		t.Error("redact did nothing")
	}
	mustControl(t, d, "redact", `{"on":false}`)
	mustControl(t, d, "delay", `{"ms":1}`)
	if d.Delayed() != time.Millisecond {
		t.Error("delay did nothing")
	}
	mustControl(t, d, "delay", `{"ms":0}`)
	mustControl(t, d, "pause", ``)
	mustControl(t, d, "resume", `{}`)
	if got := devtest.Post(t, d, "query", devtest.UsersMe); got.Status != 200 {
		t.Errorf("after all: %d %s", got.Status, got.Body)
	}

	var stats deployment.Stats
	if err := json.Unmarshal([]byte(devtest.Do(t, "GET", d.URL()+"/dev/control/stats", "").Body), &struct {
		SocketsOpened *int `json:"socketsOpened"`
	}{&stats.SocketsOpened}); err != nil || stats.SocketsOpened != 4 {
		t.Errorf("stats: %+v, %v", stats, err)
	}
	key := devtest.Do(t, "GET", d.URL()+"/dev/control/admin_key", "")
	devtest.SameJSON(t, key.Body, `{"adminKey":"`+d.AdminKey()+`"}`)
}

func TestControl_refuses(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	for _, test := range []struct{ action, body string }{
		{"close", `{"code":999}`}, {"close", `{"code":5000}`}, {"close", `{"reson":"x"}`}, {"fail", `{"status":700}`}, {"fail", `[]`},
		{"fail_upgrades", `{"status":1}`}, {"delay", `{"ms":-1}`}, {"delay", `{"ms":1e9}`}, {"redact", `{"on":1}`}, {"pause", `x`},
	} {
		if got := devtest.Do(t, "POST", d.URL()+"/dev/control/"+test.action, test.body); got.Status != 400 || !strings.Contains(got.Body, "BadControlRequest") {
			t.Errorf("%+v: %d %s", test, got.Status, got.Body)
		}
	}
	plain := devtest.Start(t, deployment.Config{})
	for _, test := range []struct{ method, path string }{{"POST", "pause"}, {"POST", "restart"}, {"GET", "stats"}, {"GET", "admin_key"}} {
		if got := devtest.Do(t, test.method, plain.URL()+"/dev/control/"+test.path, ""); got.Status != 404 {
			t.Errorf("without controls, %s: %d", test.path, got.Status)
		}
	}
	if got := devtest.Post(t, plain, "query", `{"path":"testing:log","args":{}}`); !strings.Contains(got.Body, "Could not find public function") {
		t.Errorf("without controls: %s", got.Body)
	}
}

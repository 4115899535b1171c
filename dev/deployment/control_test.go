package deployment

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func mustControl(t *testing.T, d *Deployment, action, body string) {
	t.Helper()
	if got := do(t, "POST", d.URL()+"/dev/control/"+action, body); got.status != 200 || got.body != "{}" {
		t.Fatalf("%s %s: %d %s", action, body, got.status, got.body)
	}
}

func TestControl(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	open := func() *syncClient {
		c := dialSync(t, d)
		c.add(0, 0, "users:me", `{}`)
		c.untilQuerySet(1)
		return c
	}
	isCut := func(c *syncClient) {
		t.Helper()
		ctx, cancel := testContext()
		defer cancel()
		if _, _, err := c.ws.Read(ctx); err == nil || websocket.CloseStatus(err) != -1 {
			t.Errorf("not cut: %v", err)
		}
	}
	c := open()
	mustControl(t, d, "cut", ``)
	isCut(c)
	c = open()
	mustControl(t, d, "close", `{"code":1013,"reason":"CommitterFullError"}`)
	c.expectClose(1013, "CommitterFullError")
	c = open()
	mustControl(t, d, "close", `{}`)
	c.expectClose(websocket.StatusNoStatusRcvd, "")
	c = open()
	mustControl(t, d, "restart", `{"keepSockets":true}`)
	c.add(1, 1, "users:me", `{}`)
	c.untilQuerySet(2)
	mustControl(t, d, "restart", ``)
	isCut(c)

	mustControl(t, d, "fail", `{"status":500,"code":"InternalServerError","message":"m"}`)
	if got := post(t, d, "query", me); got.status != 500 || got.body != `{"code":"InternalServerError","message":"m"}` {
		t.Errorf("fail: %d %s", got.status, got.body)
	}
	mustControl(t, d, "fail", `{"n":2,"status":429}`)
	for _, want := range []int{429, 429, 200} {
		if got := post(t, d, "query", me); got.status != want {
			t.Errorf("fail: %d, want %d", got.status, want)
		}
	}
	mustControl(t, d, "fail_upgrades", `{"status":503}`)
	if got := do(t, "GET", d.URL()+"/api/sync", ""); got.status != 503 {
		t.Errorf("fail_upgrades: %d", got.status)
	}
	mustControl(t, d, "redact", `{"on":true}`)
	if !d.redacts() {
		t.Error("redact did nothing")
	}
	mustControl(t, d, "redact", `{"on":false}`)
	mustControl(t, d, "delay", `{"ms":1}`)
	if d.switches.delay.Load() != 1e6 {
		t.Error("delay did nothing")
	}
	mustControl(t, d, "delay", `{"ms":0}`)
	mustControl(t, d, "pause", ``)
	mustControl(t, d, "resume", `{}`)
	if got := post(t, d, "query", me); got.status != 200 {
		t.Errorf("after all: %d %s", got.status, got.body)
	}

	var stats Stats
	if err := json.Unmarshal([]byte(do(t, "GET", d.URL()+"/dev/control/stats", "").body), &struct {
		SocketsOpened *int `json:"socketsOpened"`
	}{&stats.SocketsOpened}); err != nil || stats.SocketsOpened != 4 {
		t.Errorf("stats: %+v, %v", stats, err)
	}
	key := do(t, "GET", d.URL()+"/dev/control/admin_key", "")
	sameJSON(t, key.body, `{"adminKey":"`+d.AdminKey()+`"}`)
}

func TestControl_refuses(t *testing.T) {
	d := startTest(t, Config{Controls: true})
	for _, test := range []struct{ action, body string }{
		{"close", `{"code":999}`}, {"close", `{"code":5000}`}, {"close", `{"reson":"x"}`}, {"fail", `{"status":700}`}, {"fail", `[]`},
		{"fail_upgrades", `{"status":1}`}, {"delay", `{"ms":-1}`}, {"delay", `{"ms":1e9}`}, {"redact", `{"on":1}`}, {"pause", `x`},
	} {
		if got := do(t, "POST", d.URL()+"/dev/control/"+test.action, test.body); got.status != 400 || !strings.Contains(got.body, "BadControlRequest") {
			t.Errorf("%+v: %d %s", test, got.status, got.body)
		}
	}
	plain := startTest(t, Config{})
	for _, test := range []struct{ method, path string }{{"POST", "pause"}, {"POST", "restart"}, {"GET", "stats"}, {"GET", "admin_key"}} {
		if got := do(t, test.method, plain.URL()+"/dev/control/"+test.path, ""); got.status != 404 {
			t.Errorf("without controls, %s: %d", test.path, got.status)
		}
	}
	if got := post(t, plain, "query", `{"path":"testing:log","args":{}}`); !strings.Contains(got.body, "Could not find public function") {
		t.Errorf("without controls: %s", got.body)
	}
}

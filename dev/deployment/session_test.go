package deployment

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/v"
)

func TestSync_item26_wrongBaseVersion(t *testing.T) {
	d := startTest(t, Config{})
	c := dialSync(t, d)
	c.add(3, 0, "users:me", "{}")
	if m := c.expect("FatalError"); m.Error != "Base version 3 passed up doesn't match the current version 0" {
		t.Errorf("%+v", m)
	}
	c.expectClose(websocket.StatusNoStatusRcvd, "")

	c = dialSync(t, d)
	c.send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":0,"modifications":[]}`)
	c.expectClose(websocket.StatusInternalError, "InternalServerError")

	c = dialSync(t, d)
	c.send(`{"type":"Authenticate","baseVersion":1,"tokenType":"None"}`)
	c.expectClose(websocket.StatusInternalError, "InternalServerError")
}

func TestSync_item27_oneTransitionForTwoMessages(t *testing.T) {
	release := make(chan struct{})
	d := startTest(t, Config{Functions: append(app.Sample(), app.Query("slow:first", v.Object(), func(*app.QueryCtx, app.Args) (any, error) {
		<-release
		return nil, nil
	}))})
	c := dialSync(t, d)
	c.add(0, 0, "slow:first", "{}")
	c.add(1, 1, "users:me", "{}")
	c.add(2, 2, "users:me", "{}")
	c.act(0, "actions:sleep", `{"ms":0}`) // answered once the messages before it are handled
	if c.response().Type != "ActionResponse" {
		t.Fatal("no ActionResponse")
	}
	close(release)
	c.untilQuerySet(3)
	if c.last.StartVersion.QuerySet != 1 || len(c.last.Modifications) != 2 {
		t.Errorf("last transition %+v, want one for versions 2 and 3", c.last)
	}
}

func TestSync_item29_badMessages(t *testing.T) {
	d := startTest(t, Config{})
	for name, text := range map[string]string{
		"no JSON":      `{`,
		"unknown type": `{"type":"Hello"}`,
		"bad path":     `{"type":"Mutation","requestId":0,"udfPath":"my-file:x","args":[{}]}`,
		"bad session":  `{"type":"Connect","sessionId":"x","connectionCount":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := dialSync(t, d)
			c.send("%s", text)
			if m := c.expect("FatalError"); !strings.HasPrefix(m.Error, "Received Invalid JSON on websocket: ") {
				t.Errorf("%+v", m)
			}
			c.expectClose(websocket.StatusNoStatusRcvd, "")
		})
	}
	t.Run("duplicate Add", func(t *testing.T) {
		c := dialSync(t, d)
		c.add(0, 7, "users:me", "{}")
		c.untilQuerySet(1)
		c.add(1, 7, "users:me", "{}")
		c.expectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("unknown Remove", func(t *testing.T) {
		c := dialSync(t, d)
		c.remove(0, 7)
		c.expectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("component", func(t *testing.T) {
		c := dialSync(t, d)
		c.send(`{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{}],"componentPath":"c"}`)
		c.expectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("binary", func(t *testing.T) {
		c := dialSync(t, d)
		ctx, cancel := testContext()
		defer cancel()
		if err := c.ws.Write(ctx, websocket.MessageBinary, []byte("{}")); err != nil {
			t.Fatal(err)
		}
		c.expectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("action args", func(t *testing.T) {
		c := dialSync(t, d)
		c.send(`{"type":"Action","requestId":0,"udfPath":"actions:sleep","args":{}}`)
		if m := c.expect("FatalError"); m.Error != "Invalid arguments provided" {
			t.Errorf("%+v", m)
		}
		c.expectClose(websocket.StatusNoStatusRcvd, "")
	})
	t.Run("system action", func(t *testing.T) {
		c := dialSync(t, d)
		c.act(0, "_system/a:b", "{}")
		c.expect("FatalError")
		c.expectClose(websocket.StatusNormalClosure, "SystemIdentityRequired")
	})
}

func TestSync_item47_clockNeverGoesBack(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	store := newTestStore()
	d := startTest(t, Config{Store: store, Now: func() time.Time { return now }})
	observe := func(d *Deployment, ts uint64) *syncClient {
		c := dialSync(t, d)
		c.send(`{"type":"Connect","sessionId":%q,"connectionCount":1,"lastCloseReason":null,"maxObservedTimestamp":%q}`, sessionA,
			base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, ts)))
		return c
	}
	observe(d, uint64(now.Add(time.Second).UnixNano())).expectClose(websocket.StatusInternalError, "InternalServerError")
	c := observe(d, uint64(now.UnixNano()))
	c.mutate(0, "counter:add", `{"name":"n"}`)
	first := versionJSON{Ts: *c.response().Ts}.ts(t)
	d.Close()

	now = now.Add(-time.Hour) // the wall clock is set back
	d = startTest(t, Config{Store: store, Now: func() time.Time { return now }})
	c = observe(d, first)
	c.mutate(1, "counter:add", `{"name":"n"}`)
	if second := (versionJSON{Ts: *c.response().Ts}).ts(t); second <= first {
		t.Errorf("commits at %d, then at %d", first, second)
	}

	fresh := startTest(t, Config{}) // an empty store, on the wall clock
	c = observe(fresh, uint64(time.Now().UnixNano()))
	c.add(0, 0, "users:me", `{}`)
	c.untilQuerySet(1)
}

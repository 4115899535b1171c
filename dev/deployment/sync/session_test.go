package sync_test

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/devtest"
	"convexgateway/dev/deployment/v"
)

func TestSync_wrongBaseVersion(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	c := devtest.Dial(t, d)
	c.Add(3, 0, "users:me", "{}")
	if m := c.Expect("FatalError"); m.Error != "Base version 3 passed up doesn't match the current version 0" {
		t.Errorf("%+v", m)
	}
	c.ExpectClose(websocket.StatusNoStatusRcvd, "")

	c = devtest.Dial(t, d)
	c.Send(`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":0,"modifications":[]}`)
	c.ExpectClose(websocket.StatusInternalError, "InternalServerError")

	c = devtest.Dial(t, d)
	c.Send(`{"type":"Authenticate","baseVersion":1,"tokenType":"None"}`)
	c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
}

func TestSync_oneTransitionForTwoMessages(t *testing.T) {
	release := make(chan struct{})
	d := devtest.Start(t, deployment.Config{Functions: append(app.Sample(), app.Query("slow:first", v.Object(), func(*app.QueryCtx, app.Args) (any, error) {
		<-release
		return nil, nil
	}))})
	c := devtest.Dial(t, d)
	c.Add(0, 0, "slow:first", "{}")
	c.Add(1, 1, "users:me", "{}")
	c.Add(2, 2, "users:me", "{}")
	c.Act(0, "actions:sleep", `{"ms":0}`) // answered once the messages before it are handled
	if c.Response().Type != "ActionResponse" {
		t.Fatal("no ActionResponse")
	}
	close(release)
	c.UntilQuerySet(3)
	if c.Last.StartVersion.QuerySet != 1 || len(c.Last.Modifications) != 2 {
		t.Errorf("last transition %+v, want one for versions 2 and 3", c.Last)
	}
}

func TestSync_badMessages(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for name, text := range map[string]string{
		"no JSON":      `{`,
		"unknown type": `{"type":"Hello"}`,
		"bad path":     `{"type":"Mutation","requestId":0,"udfPath":"my-file:x","args":[{}]}`,
		"bad session":  `{"type":"Connect","sessionId":"x","connectionCount":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := devtest.Dial(t, d)
			c.Send("%s", text)
			if m := c.Expect("FatalError"); !strings.HasPrefix(m.Error, "Received Invalid JSON on websocket: ") {
				t.Errorf("%+v", m)
			}
			c.ExpectClose(websocket.StatusNoStatusRcvd, "")
		})
	}
	t.Run("duplicate Add", func(t *testing.T) {
		c := devtest.Dial(t, d)
		c.Add(0, 7, "users:me", "{}")
		c.UntilQuerySet(1)
		c.Add(1, 7, "users:me", "{}")
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("unknown Remove", func(t *testing.T) {
		c := devtest.Dial(t, d)
		c.Remove(0, 7)
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("component", func(t *testing.T) {
		c := devtest.Dial(t, d)
		c.Send(`{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{}],"componentPath":"c"}`)
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("binary", func(t *testing.T) {
		c := devtest.Dial(t, d)
		ctx, cancel := devtest.Context()
		defer cancel()
		if err := c.Socket.Write(ctx, websocket.MessageBinary, []byte("{}")); err != nil {
			t.Fatal(err)
		}
		c.ExpectClose(websocket.StatusInternalError, "InternalServerError")
	})
	t.Run("action args", func(t *testing.T) {
		c := devtest.Dial(t, d)
		c.Send(`{"type":"Action","requestId":0,"udfPath":"actions:sleep","args":{}}`)
		if m := c.Expect("FatalError"); m.Error != "Invalid arguments provided" {
			t.Errorf("%+v", m)
		}
		c.ExpectClose(websocket.StatusNoStatusRcvd, "")
	})
	t.Run("system action", func(t *testing.T) {
		c := devtest.Dial(t, d)
		c.Act(0, "_system/a:b", "{}")
		c.Expect("FatalError")
		c.ExpectClose(websocket.StatusNormalClosure, "SystemIdentityRequired")
	})
}

func TestSync_timestampsNeverDecrease(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	store := devtest.NewStore()
	d := devtest.Start(t, deployment.Config{Store: store, Now: func() time.Time { return now }})
	observe := func(d *deployment.Deployment, ts uint64) *devtest.SyncClient {
		c := devtest.Dial(t, d)
		c.Send(`{"type":"Connect","sessionId":%q,"connectionCount":1,"lastCloseReason":null,"maxObservedTimestamp":%q}`, devtest.SessionID,
			base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, ts)))
		return c
	}
	observe(d, uint64(now.Add(time.Second).UnixNano())).ExpectClose(websocket.StatusInternalError, "InternalServerError")
	c := observe(d, uint64(now.UnixNano()))
	c.Mutate(0, "counter:add", `{"name":"n"}`)
	first := devtest.Version{Ts: *c.Response().Ts}.Timestamp(t)
	d.Close()

	now = now.Add(-time.Hour) // the wall clock is set back
	d = devtest.Start(t, deployment.Config{Store: store, Now: func() time.Time { return now }})
	c = observe(d, first)
	c.Mutate(1, "counter:add", `{"name":"n"}`)
	if second := (devtest.Version{Ts: *c.Response().Ts}).Timestamp(t); second <= first {
		t.Errorf("commits at %d, then at %d", first, second)
	}

	before := time.Now()
	fresh := devtest.Start(t, deployment.Config{}) // an empty store, on the wall clock
	c = observe(fresh, uint64(before.UnixNano()))
	c.Add(0, 0, "users:me", `{}`)
	c.UntilQuerySet(1)
}

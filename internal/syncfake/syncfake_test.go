package syncfake_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/internal/syncfake"
)

// client is the other end, written out by hand.
type client struct {
	t        *testing.T
	conn     *websocket.Conn
	received chan string // closed when the socket ends
}

func dial(t *testing.T, e *syncfake.Endpoint) client {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws://deployment.test/api/sync", &websocket.DialOptions{HTTPClient: e.HTTPClient()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	c := client{t, conn, make(chan string, 10)}
	go func() {
		defer close(c.received)
		for {
			_, text, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			c.received <- string(text)
		}
	}()
	return c
}

func (c client) send(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c client) receives(want string) {
	c.t.Helper()
	if got := <-c.received; got != want {
		c.t.Errorf("got %s; want %s", got, want)
	}
}

func TestScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := syncfake.New(t)
		e.Refuse <- 503
		if _, _, err := websocket.Dial(t.Context(), "ws://deployment.test", &websocket.DialOptions{HTTPClient: e.HTTPClient()}); err == nil {
			t.Error("a refused request opens a socket")
		}
		e.NoSocket(time.Second)
		c := dial(t, e)
		c.send(`{"type":"Connect","sessionId":"s","connectionCount":1,"maxObservedTimestamp":"AQAAAAAAAAA="}`,
			`{"type":"Authenticate","baseVersion":0,"tokenType":"User","value":"token"}`,
			`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"a:a","args":[{"b":1}]}]}`)
		s := e.Socket()
		g := s.Greeting(true)
		if g.Connect.SessionID != "s" || *g.Connect.MaxObservedTimestamp != 1 || g.Token != "token" || g.Set.Calls() != `+0 a:a{"b":1}` {
			t.Errorf("%+v", g)
		}
		s.Answer(2, syncfake.Updated(0, `[1]`), syncfake.Failed(1, "boom"))
		c.receives(`{"type":"Transition","startVersion":{"querySet":0,"identity":0,"ts":"AAAAAAAAAAA="},` +
			`"endVersion":{"querySet":1,"identity":1,"ts":"AgAAAAAAAAA="},"modifications":[` +
			`{"type":"QueryUpdated","queryId":0,"value":[1],"logLines":[],"journal":null},` +
			`{"type":"QueryFailed","queryId":1,"errorMessage":"boom","logLines":[],"journal":null}],"clientClockSkew":0,"serverTs":1}`)
		c.send(`{"type":"Mutation","requestId":7,"udfPath":"m:m","args":[{}]}`, `{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Remove","queryId":0}]}`)
		if got := s.Next("Mutation").Calls() + s.Next("ModifyQuerySet").Calls(); got != `#7 m:m{}-0` {
			t.Error(got)
		}
		s.Respond(7, `true`, 3)
		c.receives(`{"type":"MutationResponse","requestId":7,"success":true,"result":true,"ts":"AwAAAAAAAAA=","logLines":["[LOG] 'x'"]}`)
		s.Quiet()
		_ = c.conn.CloseNow()
		s.Gone()
	})
}

// Versions that the protocol does not allow are errors, wherever the script takes its messages.
func TestTakeChecksVersions(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"type":"Authenticate","baseVersion":0,"tokenType":"User"}`:    true,
		`{"type":"Authenticate","baseVersion":1,"tokenType":"User"}`:    false,
		`{"type":"Authenticate","baseVersion":0,"tokenType":"None"}`:    false,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1}`:      true,
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":2}`:      false,
		`{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2}`:      false,
		`{"type":"Mutation","requestId":1,"udfPath":"m:m","args":[{}]}`: true,
	} {
		var s syncfake.Socket
		var m syncfake.Message
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if err := s.Take(m); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A script of its own reads what Next would.
func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := syncfake.New(t)
		e.Serve = func(s *syncfake.Socket) {
			for {
				m, err := s.Read()
				if err != nil {
					return
				}
				_ = s.Conn.Write(context.Background(), websocket.MessageText, []byte(m.Type))
			}
		}
		c := dial(t, e)
		c.send(`{"type":"Connect"}`)
		c.receives("Connect")
		e.Socket().Cut()
	})
}

package devtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
)

// SyncClient is a sync client that a test drives message by message. It fails the test if a transition
// does not follow from the one before.
type SyncClient struct {
	t       *testing.T
	Socket  *websocket.Conn
	Version Version
	Results map[uint32]string // encoded results, or "error: " and the text
	Last    ServerMessage     // the last transition
}

// SessionID is a client session's id.
const SessionID = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"

// Dial opens a socket.
func Dial(t *testing.T, d *deployment.Deployment) *SyncClient {
	t.Helper()
	return DialVia(t, d, Client, nil)
}

// DialVia opens a socket with an HTTP client and more headers.
func DialVia(t *testing.T, d *deployment.Deployment, via *http.Client, header http.Header) *SyncClient {
	t.Helper()
	ctx, cancel := Context()
	defer cancel()
	ws, _, err := websocket.Dial(ctx, d.URL()+"/api/sync", &websocket.DialOptions{HTTPClient: via, HTTPHeader: header}) //nolint:bodyclose // the library does
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return NewSyncClient(t, ws)
}

// NewSyncClient is the client of a new socket.
func NewSyncClient(t *testing.T, ws *websocket.Conn) *SyncClient {
	ws.SetReadLimit(-1)
	return &SyncClient{t: t, Socket: ws, Version: Version{Ts: "AAAAAAAAAAA="}, Results: map[uint32]string{}}
}

// Send sends a message; args are formatted in as JSON text.
func (c *SyncClient) Send(format string, args ...any) {
	c.t.Helper()
	ctx, cancel := Context()
	defer cancel()
	if err := c.Socket.Write(ctx, websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

// Connect sends a Connect message.
func (c *SyncClient) Connect(session string) {
	c.t.Helper()
	c.Send(`{"type":"Connect","sessionId":%q,"connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":%d}`, session, time.Now().UnixMilli())
}

// Add subscribes to one more query, as one more query set version.
func (c *SyncClient) Add(base, id uint32, path, args string) {
	c.t.Helper()
	c.Send(`{"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,"modifications":[{"type":"Add","queryId":%d,"udfPath":%q,"args":[%s]}]}`, base, base+1, id, path, args)
}

// Remove unsubscribes a query, as one more query set version.
func (c *SyncClient) Remove(base, id uint32) {
	c.t.Helper()
	c.Send(`{"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,"modifications":[{"type":"Remove","queryId":%d}]}`, base, base+1, id)
}

// Mutate sends a Mutation message.
func (c *SyncClient) Mutate(id int, path, args string) {
	c.t.Helper()
	c.Send(`{"type":"Mutation","requestId":%d,"udfPath":%q,"args":[%s]}`, id, path, args)
}

// Act sends an Action message.
func (c *SyncClient) Act(id int, path, args string) {
	c.t.Helper()
	c.Send(`{"type":"Action","requestId":%d,"udfPath":%q,"args":[%s]}`, id, path, args)
}

// Authenticate sends a user's token.
func (c *SyncClient) Authenticate(base uint32, token string) {
	c.t.Helper()
	c.Send(`{"type":"Authenticate","baseVersion":%d,"tokenType":"User","value":%q}`, base, token)
}

// Next returns the next message and applies it if it is a transition. Pings are messages too.
func (c *SyncClient) Next() ServerMessage {
	c.t.Helper()
	ctx, cancel := Context()
	defer cancel()
	kind, data, err := c.Socket.Read(ctx)
	if err != nil || kind != websocket.MessageText {
		c.t.Fatalf("reading: %v, %v", kind, err)
	}
	var m ServerMessage
	if err := json.Unmarshal(data, &m); err != nil {
		c.t.Fatalf("%v: %s", err, data)
	}
	if m.Type == "Transition" {
		c.Apply(m)
	}
	return m
}

// Apply checks a transition and applies its modifications to Results.
func (c *SyncClient) Apply(m ServerMessage) {
	c.t.Helper()
	if m.StartVersion != c.Version {
		c.t.Fatalf("transition from %+v, but the client is at %+v", m.StartVersion, c.Version)
	}
	if m.EndVersion.Timestamp(c.t) < c.Version.Timestamp(c.t) || m.EndVersion.QuerySet < c.Version.QuerySet || m.EndVersion.Identity < c.Version.Identity {
		c.t.Fatalf("a transition decreases a version: %+v", m)
	}
	for i, mod := range m.Modifications {
		if i > 0 && m.Modifications[i-1].QueryID >= mod.QueryID {
			c.t.Fatalf("modifications out of order: %+v", m.Modifications)
		}
		switch mod.Type {
		case "QueryUpdated":
			c.Results[mod.QueryID] = string(mod.Value)
		case "QueryFailed":
			c.Results[mod.QueryID] = "error: " + mod.ErrorMessage
		case "QueryRemoved":
			delete(c.Results, mod.QueryID)
		}
	}
	c.Version, c.Last = m.EndVersion, m
}

// Expect returns the next message, which has to be of that type.
func (c *SyncClient) Expect(kind string) ServerMessage {
	c.t.Helper()
	m := c.Next()
	if m.Type != kind {
		c.t.Fatalf("got %+v, want a %s", m, kind)
	}
	return m
}

// Until reads transitions until ok.
func (c *SyncClient) Until(ok func() bool) {
	c.t.Helper()
	for !ok() {
		c.Expect("Transition")
	}
}

// UntilQuerySet reads until the client is at a query set version.
func (c *SyncClient) UntilQuerySet(version uint32) {
	c.t.Helper()
	c.Until(func() bool { return c.Version.QuerySet >= version })
}

// Response skips transitions and returns the next response.
func (c *SyncClient) Response() ServerMessage {
	c.t.Helper()
	for {
		if m := c.Next(); m.Type != "Transition" {
			return m
		}
	}
}

// ExpectClose reads to the close frame; other messages than Ping before it fail the test. Code 1005 is an empty frame.
func (c *SyncClient) ExpectClose(code websocket.StatusCode, reason string) {
	c.t.Helper()
	ctx, cancel := Context()
	defer cancel()
	for {
		_, data, err := c.Socket.Read(ctx)
		if string(data) == `{"type":"Ping"}` {
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != code || closed.Reason != reason {
			c.t.Fatalf("got %v after %s, want close %d %q", err, data, code, reason)
		}
		return
	}
}

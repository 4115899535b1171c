package deployment

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/convex"
	"convexgateway/internal/memnet"
)

// syncClient is a sync client that a test drives message by message. It holds every transition to the one before.
type syncClient struct {
	t       *testing.T
	ws      *websocket.Conn
	version versionJSON
	results map[uint32]string // encoded results, or "error: " and the text
	last    serverJSON        // the last transition
}

type versionJSON struct {
	QuerySet uint32 `json:"querySet"`
	Identity uint32 `json:"identity"`
	Ts       string `json:"ts"`
}

func (v versionJSON) ts(t *testing.T) uint64 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(v.Ts)
	if err != nil || len(raw) != 8 {
		t.Fatalf("ts %q", v.Ts)
	}
	return binary.LittleEndian.Uint64(raw)
}

// serverJSON is any message of the deployment.
type serverJSON struct {
	Type                string             `json:"type"`
	StartVersion        versionJSON        `json:"startVersion"`
	EndVersion          versionJSON        `json:"endVersion"`
	Modifications       []modificationJSON `json:"modifications"`
	ClientClockSkew     *int64             `json:"clientClockSkew"`
	ServerTs            int64              `json:"serverTs"`
	RequestID           uint32             `json:"requestId"`
	Success             bool               `json:"success"`
	Result              valueJSON          `json:"result"`
	Ts                  *string            `json:"ts"`
	LogLines            []string           `json:"logLines"`
	ErrorData           valueJSON          `json:"errorData"`
	Error               string             `json:"error"`
	BaseVersion         *uint32            `json:"baseVersion"`
	AuthUpdateAttempted bool               `json:"authUpdateAttempted"`
}

type modificationJSON struct {
	Type         string    `json:"type"`
	QueryID      uint32    `json:"queryId"`
	Value        valueJSON `json:"value"`
	ErrorMessage string    `json:"errorMessage"`
	ErrorData    valueJSON `json:"errorData"`
	LogLines     []string  `json:"logLines"`
	Journal      *string   `json:"journal"`
}

const sessionA = "6f1f9a37-6f0f-4f0f-8f11-0a3b1a2c3d4e"

func dialSync(t *testing.T, d *Deployment) *syncClient {
	t.Helper()
	return dialVia(t, d, testClient, nil)
}

func dialVia(t *testing.T, d *Deployment, via *http.Client, header http.Header) *syncClient {
	t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	ws, _, err := websocket.Dial(ctx, d.URL()+"/api/sync", &websocket.DialOptions{HTTPClient: via, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	ws.SetReadLimit(-1)
	return &syncClient{t: t, ws: ws, version: versionJSON{Ts: "AAAAAAAAAAA="}, results: map[uint32]string{}}
}

func testContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 10*time.Minute) // of a synctest's time; go test has its own limit
}

// send sends a message; args are formatted in as JSON text.
func (c *syncClient) send(format string, args ...any) {
	c.t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	if err := c.ws.Write(ctx, websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *syncClient) connect(session string) {
	c.t.Helper()
	c.send(`{"type":"Connect","sessionId":%q,"connectionCount":0,"lastCloseReason":"InitialConnect","clientTs":%d}`, session, time.Now().UnixMilli())
}

// add subscribes to one more query, as one more query set version.
func (c *syncClient) add(base, id uint32, path, args string) {
	c.t.Helper()
	c.send(`{"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,"modifications":[{"type":"Add","queryId":%d,"udfPath":%q,"args":[%s]}]}`, base, base+1, id, path, args)
}

func (c *syncClient) remove(base, id uint32) {
	c.t.Helper()
	c.send(`{"type":"ModifyQuerySet","baseVersion":%d,"newVersion":%d,"modifications":[{"type":"Remove","queryId":%d}]}`, base, base+1, id)
}

func (c *syncClient) mutate(id int, path, args string) {
	c.t.Helper()
	c.send(`{"type":"Mutation","requestId":%d,"udfPath":%q,"args":[%s]}`, id, path, args)
}

func (c *syncClient) act(id int, path, args string) {
	c.t.Helper()
	c.send(`{"type":"Action","requestId":%d,"udfPath":%q,"args":[%s]}`, id, path, args)
}

func (c *syncClient) authenticate(base uint32, token string) {
	c.t.Helper()
	c.send(`{"type":"Authenticate","baseVersion":%d,"tokenType":"User","value":%q}`, base, token)
}

// next returns the next message and applies it if it is a transition. Pings are messages too.
func (c *syncClient) next() serverJSON {
	c.t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	kind, data, err := c.ws.Read(ctx)
	if err != nil || kind != websocket.MessageText {
		c.t.Fatalf("reading: %v, %v", kind, err)
	}
	var m serverJSON
	if err := json.Unmarshal(data, &m); err != nil {
		c.t.Fatalf("%v: %s", err, data)
	}
	if m.Type == "Transition" {
		c.apply(m)
	}
	return m
}

func (c *syncClient) apply(m serverJSON) {
	c.t.Helper()
	if m.StartVersion != c.version {
		c.t.Fatalf("transition from %+v, but the client is at %+v", m.StartVersion, c.version)
	}
	if m.EndVersion.ts(c.t) < c.version.ts(c.t) || m.EndVersion.QuerySet < c.version.QuerySet || m.EndVersion.Identity < c.version.Identity {
		c.t.Fatalf("transition goes back: %+v", m)
	}
	for i, mod := range m.Modifications {
		if i > 0 && m.Modifications[i-1].QueryID >= mod.QueryID {
			c.t.Fatalf("modifications out of order: %+v", m.Modifications)
		}
		switch mod.Type {
		case "QueryUpdated":
			c.results[mod.QueryID] = string(mod.Value)
		case "QueryFailed":
			c.results[mod.QueryID] = "error: " + mod.ErrorMessage
		case "QueryRemoved":
			delete(c.results, mod.QueryID)
		}
	}
	c.version, c.last = m.EndVersion, m
}

// expect returns the next message, which has to be of that type.
func (c *syncClient) expect(kind string) serverJSON {
	c.t.Helper()
	m := c.next()
	if m.Type != kind {
		c.t.Fatalf("got %+v, want a %s", m, kind)
	}
	return m
}

// until reads transitions until ok.
func (c *syncClient) until(ok func() bool) {
	c.t.Helper()
	for !ok() {
		c.expect("Transition")
	}
}

// untilQuerySet reads until the client is at a query set version.
func (c *syncClient) untilQuerySet(version uint32) {
	c.t.Helper()
	c.until(func() bool { return c.version.QuerySet >= version })
}

// response skips transitions and returns the next response.
func (c *syncClient) response() serverJSON {
	c.t.Helper()
	for {
		if m := c.next(); m.Type != "Transition" {
			return m
		}
	}
}

// expectClose reads to the close frame; other messages than Ping before it fail the test. Code 1005 is an empty frame.
func (c *syncClient) expectClose(code websocket.StatusCode, reason string) {
	c.t.Helper()
	ctx, cancel := testContext()
	defer cancel()
	for {
		_, data, err := c.ws.Read(ctx)
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

// startPiped runs a deployment on in-memory connections. Call it, and close, inside the bubble.
func startPiped(t *testing.T, cfg Config) (d *Deployment, via *http.Client) {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = newTestStore()
	}
	listener := memnet.Listen()
	cfg.Listener = listener
	d, err := Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, &http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableKeepAlives: true}}
}

// bodies lists the bodies of a page of messages.
func bodies(page string) string {
	var decoded struct {
		Page []struct {
			Body string `json:"body"`
		} `json:"page"`
	}
	_ = json.Unmarshal([]byte(page), &decoded)
	var list []string
	for _, m := range decoded.Page {
		list = append(list, m.Body)
	}
	return strings.Join(list, " ")
}

// valueJSON is a value's text in canonical form: tests compare values, not how a float is written.
type valueJSON []byte

func (v *valueJSON) UnmarshalJSON(text []byte) (err error) {
	*v, err = convex.Canonical(text)
	return err
}

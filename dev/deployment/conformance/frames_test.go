package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/convex"
	"convexgateway/convex/live"
)

// fixtureLines is what the crate wrote.
func fixtureLines(t *testing.T, from string) []json.RawMessage {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", filepath.Base(fixture)))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := readLines(string(text))
	if err != nil {
		t.Fatal(err)
	}
	var frames []json.RawMessage
	for _, l := range lines {
		if l.From == from {
			frames = append(frames, l.Frame)
		}
	}
	if len(frames) == 0 {
		t.Fatalf("no frame from %s", from)
	}
	return frames
}

// The deployment accepts every client message that the crate writes: it answers the next one, or refuses the credential.
func TestFixture_clientFrames(t *testing.T) {
	d := startDeployment(t)
	const probe = `{"type":"Action","requestId":9,"udfPath":"actions:sleep","args":[{"ms":0}]}`
	for _, frame := range fixtureLines(t, "client") {
		c := dial(t, d.URL())
		for _, message := range [][]byte{frame, []byte(probe)} {
			if err := c.Write(t.Context(), websocket.MessageText, message); err != nil {
				t.Fatal(err)
			}
		}
		if kind := lastKind(t.Context(), c); kind != "ActionResponse" && kind != "AuthError" {
			t.Errorf("%s: %s", frame, kind)
		}
	}
}

// lastKind reads to the first message that is the last of an exchange.
func lastKind(ctx context.Context, c *websocket.Conn) string {
	for {
		kind, err := readKind(ctx, c)
		if err != nil {
			return err.Error()
		}
		if kind != "Transition" && kind != "MutationResponse" && kind != "Ping" {
			return kind
		}
	}
}

// scripted is a deployment whose messages a test writes.
type scripted struct {
	*httptest.Server
	sockets chan *websocket.Conn
}

func startScripted(t *testing.T) *scripted {
	s := &scripted{sockets: make(chan *websocket.Conn, 9)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := websocket.Accept(w, r, nil); err == nil {
			s.sockets <- c
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// opened waits for the next socket and reads its first two messages: Connect and ModifyQuerySet.
func (s *scripted) opened(t *testing.T) (*websocket.Conn, []byte) {
	t.Helper()
	c := <-s.sockets
	t.Cleanup(func() { c.CloseNow() })
	var sent []byte
	for range 2 {
		_, message, err := c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, message...)
	}
	return c, sent
}

// The client accepts every server message that the crate writes, in the fixture's order.
func TestFixture_serverFrames(t *testing.T) {
	s := startScripted(t)
	// one socket: by the times of these frames every transition is slow
	client, err := live.New(s.URL, live.Options{SocketsPerIdentity: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	path, _ := convex.ParsePath("values:echo")
	sub, err := client.Subscribe(convex.Credential{}, path, []byte(`{}`), live.SubscribeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	socket, _ := s.opened(t)
	for _, frame := range fixtureLines(t, "server") {
		if err := socket.Write(t.Context(), websocket.MessageText, frame); err != nil {
			t.Fatal(err)
		}
		switch kind, want := expected(t, frame); {
		case want != nil:
			if err := await(t.Context(), sub, func(s live.State) bool { return s.Result != nil && sameResult(t, s.Result, want) }); err != nil {
				t.Fatalf("%s: %v", frame, err)
			}
		case kind == "AuthError":
			var sent []byte
			socket, sent = s.opened(t)
			for _, part := range []string{`"lastCloseReason":"AuthError"`, `"maxObservedTimestamp":"BQAAAAAAAAA="`, `"journal":"journal"`} {
				if !bytes.Contains(sent, []byte(part)) {
					t.Errorf("after %s the client sent %s", frame, sent)
				}
			}
		case kind == "FatalError":
			var ended *convex.DeploymentError
			if err := await(t.Context(), sub, func(live.State) bool { return false }); !errors.As(err, &ended) || ended.Code != "FatalError" {
				t.Errorf("after %s: %v", frame, err)
			}
		}
	}
}

// outcome is a modification of query 0.
type outcome struct {
	QueryID      int             `json:"queryId"`
	Value        json.RawMessage `json:"value"`
	ErrorMessage string          `json:"errorMessage"`
	ErrorData    json.RawMessage `json:"errorData"`
	LogLines     []string        `json:"logLines"`
}

// expected is a frame's kind and the new outcome of query 0, if it has one.
func expected(t *testing.T, frame []byte) (kind string, want *outcome) {
	t.Helper()
	var message struct {
		Type          string    `json:"type"`
		Modifications []outcome `json:"modifications"`
	}
	if err := json.Unmarshal(frame, &message); err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(message.Modifications, func(o outcome) bool { return o.QueryID == 0 }); i >= 0 {
		want = &message.Modifications[i]
	}
	return message.Type, want
}

func sameResult(t *testing.T, got *convex.Result, want *outcome) bool {
	t.Helper()
	if got.Err != nil {
		return got.Err.Message == want.ErrorMessage && string(got.Err.Data) == string(want.ErrorData) && slices.Equal(got.Err.LogLines, want.LogLines)
	}
	if _, err := convex.Canonical(got.Value); err != nil {
		t.Errorf("value %s: %v", got.Value, err)
	}
	return string(got.Value) == string(want.Value) && slices.Equal(got.LogLines, want.LogLines)
}

// The recording has every kind of message.
func TestRecordFrames(t *testing.T) {
	dir := t.TempDir()
	if err := recordFrames(t.Context(), startDeployment(t), dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, recording))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := readLines(string(text))
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]int{}
	for _, l := range lines {
		kind, _ := expected(t, l.Frame)
		recorded[l.From+" "+kind]++
	}
	for _, kind := range []string{
		"client Connect", "client Authenticate", "client ModifyQuerySet", "client Mutation", "client Action", "server Transition",
		"server TransitionChunk", "server MutationResponse", "server ActionResponse", "server AuthError", "server FatalError",
	} {
		if recorded[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}

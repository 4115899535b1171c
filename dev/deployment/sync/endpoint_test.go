package sync

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
	"convexgateway/internal/memnet"
)

// fakePause is a Pauser that a test sets.
type fakePause struct{ paused bool }

func (p *fakePause) Wait(context.Context) bool            { return true }
func (p *fakePause) Paused() bool                         { return p.paused }
func (p *fakePause) Silence(last time.Time) time.Duration { return time.Since(last) }

// startEndpoint serves an endpoint whose calls all return null, and opens a socket to it.
func startEndpoint(t *testing.T) (*Endpoint, *websocket.Conn) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	type connKey struct{}
	e := NewEndpoint(ctx, Config{
		Database: store.New(),
		Run: func(context.Context, call.Call) (call.Outcome, error) {
			return call.Outcome{Encoded: []byte("null")}, nil
		},
		Redacts: func() bool { return false }, Running: func() context.Context { return ctx }, Spawn: work.Go,
		Conn:  func(r *http.Request) net.Conn { return r.Context().Value(connKey{}).(net.Conn) },
		Pause: &fakePause{}, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	listener := memnet.Listen()
	server := &http.Server{Handler: e, ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }}
	work.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() { cancel(); e.CutSockets(); _ = server.Close(); work.Wait() })
	via := &http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableKeepAlives: true}}
	ws, _, err := websocket.Dial(ctx, "http://endpoint/api/sync", &websocket.DialOptions{HTTPClient: via})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return e, ws
}

func TestEndpoint_errorsEndSocketsByClass(t *testing.T) {
	const none = websocket.StatusNoStatusRcvd
	for class, want := range map[call.Class]struct {
		last   string
		code   websocket.StatusCode
		reason string
	}{
		call.BadRequest:              {"FatalError", none, ""},
		call.Conflict:                {"FatalError", none, ""},
		call.Unauthenticated:         {"AuthError", none, ""},
		call.AuthUpdateFailed:        {"AuthError", none, ""},
		call.Forbidden:               {"FatalError", 1000, "Code"},
		call.PaginationLimit:         {"FatalError", 1000, "Code"},
		call.NotFound:                {"", 1000, "Code"},
		call.ClientDisconnect:        {"", 1000, "Code"},
		call.RateLimited:             {"", 1013, "Code"},
		call.Overloaded:              {"", 1013, "Code"},
		call.RejectedBeforeExecution: {"", 1013, "Code"},
		call.FeatureUnavailable:      {"", 1013, "Code"},
		call.OCC:                     {"", 1013, "Code"},
		call.OutOfRetention:          {"", 1013, "Code"},
		call.Misdirected:             {"", 1013, "Code"},
		call.TooEarly:                {"", 1013, "Code"},
		call.Operational:             {"", 1011, "Code"},
		call.InternalError:           {"", 1011, "Code"},
	} {
		synctest.Test(t, func(t *testing.T) {
			e, ws := startEndpoint(t)
			const add = `{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"a:b","args":[{}]}]}`
			if err := ws.Write(t.Context(), websocket.MessageText, []byte(add)); err != nil {
				t.Fatal(err)
			}
			if m := readMessage(t, ws); m.Type != "Transition" {
				t.Fatalf("%+v", m)
			}
			failed := call.NewError(class, "Code", "Message")
			for _, s := range e.open() {
				s.end(failed)
			}
			if want.last != "" {
				if m := readMessage(t, ws); m.Type != want.last || m.Error != "Message" || m.AuthUpdateAttempted != (class == call.AuthUpdateFailed) {
					t.Errorf("class %d: %+v", class, m)
				}
			}
			_, data, err := ws.Read(t.Context())
			var closed websocket.CloseError
			if !errors.As(err, &closed) || closed.Code != want.code || closed.Reason != want.reason {
				t.Errorf("class %d: %v after %s", class, err, data)
			}
		})
	}
}

func readMessage(t *testing.T, ws *websocket.Conn) (m struct {
	Type                string `json:"type"`
	Error               string `json:"error"`
	AuthUpdateAttempted bool   `json:"authUpdateAttempted"`
}) {
	t.Helper()
	_, data, err := ws.Read(t.Context())
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment"
)

func startDeployment(t *testing.T) *deployment.Deployment {
	t.Helper()
	d, err := deployment.Start(context.Background(), deployment.Config{Addr: "127.0.0.1:0", Controls: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), url+"/api/sync", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c
}

func TestRecorder(t *testing.T) {
	var out bytes.Buffer
	r, err := startRecorder(startDeployment(t).URL(), &out)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, r.url)
	const bad = `{"type":"ModifyQuerySet","baseVersion":3,"newVersion":4,"modifications":[]}`
	if err := c.Write(t.Context(), websocket.MessageText, []byte(bad)); err != nil {
		t.Fatal(err)
	}
	if kind, err := readKind(t.Context(), c); kind != "FatalError" {
		t.Errorf("passed on %s, %v", kind, err)
	}
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusNoStatusRcvd {
		t.Errorf("ended with %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	lines, err := readLines(out.String())
	if err != nil || len(lines) != 2 || lines[0].From != "client" || string(lines[0].Frame) != bad || lines[1].From != "server" {
		t.Errorf("recorded %s, %v", out.Bytes(), err)
	}
}

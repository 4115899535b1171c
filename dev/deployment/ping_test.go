package deployment

import (
	"testing"

	"convexgateway/dev/deployment/call"
)

func TestPause_noPongs(t *testing.T) {
	d := startTest(t, Config{})
	s := newSocket(d.sync, call.ClientVersion{}, nil)
	defer s.cancel(nil)
	if !s.onPing(t.Context(), nil) {
		t.Error("no Pong")
	}
	d.Pause()
	if s.onPing(t.Context(), nil) {
		t.Error("a Pong while paused")
	}
}

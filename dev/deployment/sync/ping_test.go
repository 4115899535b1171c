package sync

import (
	"testing"

	"convexgateway/dev/deployment/call"
)

func TestPause_noPongs(t *testing.T) {
	pause := &fakePause{}
	s := newSocket(NewEndpoint(t.Context(), Config{Pause: pause}), call.ClientVersion{}, nil)
	defer s.cancel(nil)
	if !s.onPing(t.Context(), nil) {
		t.Error("no Pong")
	}
	pause.paused = true
	if s.onPing(t.Context(), nil) {
		t.Error("a Pong while paused")
	}
}

package deployment

import (
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/wait"
)

func TestGate_silence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, heard := newGate(), time.Now()
		wait.For(t.Context(), time.Second)
		if got := g.Silence(heard); got != time.Second {
			t.Errorf("open: %v", got)
		}
		g.close()
		wait.For(t.Context(), time.Minute)
		if got := g.Silence(heard); got != 0 {
			t.Errorf("shut: %v", got)
		}
		g.reopen()
		wait.For(t.Context(), 2*time.Second)
		if got := g.Silence(heard); got != 2*time.Second {
			t.Errorf("open again: %v", got)
		}
		if got := g.Silence(time.Now()); got != 0 {
			t.Errorf("just heard: %v", got)
		}
	})
}

package deployment

import (
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/wait"
)

func TestPause_silence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, last := newPause(), time.Now()
		wait.For(t.Context(), time.Second)
		if got := p.Silence(last); got != time.Second {
			t.Errorf("before: %v", got)
		}
		p.start()
		wait.For(t.Context(), time.Minute)
		if got := p.Silence(last); got != 0 {
			t.Errorf("paused: %v", got)
		}
		p.end()
		wait.For(t.Context(), 2*time.Second)
		if got := p.Silence(last); got != 2*time.Second {
			t.Errorf("after: %v", got)
		}
		if got := p.Silence(time.Now()); got != 0 {
			t.Errorf("just now: %v", got)
		}
	})
}

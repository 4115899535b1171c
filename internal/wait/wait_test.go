package wait_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/wait"
)

func TestForWaitsOrEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		if err := wait.For(ctx, 10*time.Second); err != nil || time.Since(began) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if err := wait.For(ctx, 0); err != nil {
			t.Error(err)
		}
		if err := wait.For(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if err := wait.For(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestBackoffDoublesUpToItsMaximum(t *testing.T) {
	b := wait.Backoff{Max: time.Second, Random: func() float64 { return 0.5 }}
	for i, want := range []int64{100, 200, 400, 800, 1000, 1000} {
		if got := b.Next(100 * time.Millisecond); got.Milliseconds() != want {
			t.Errorf("pause %d is %v", i, got)
		}
	}
	b.Reset()
	if got := b.Next(100 * time.Millisecond); got != 100*time.Millisecond {
		t.Errorf("after Reset %v", got)
	}
}

func TestBackoffJitter(t *testing.T) {
	for random, want := range map[float64]time.Duration{0: 50, 0.5: 100, 0.999: 149} {
		b := wait.Backoff{Max: time.Second, Random: func() float64 { return random }}
		if got := b.Next(100 * time.Millisecond); got/time.Millisecond != want {
			t.Errorf("with %g the pause is %v", random, got)
		}
	}
	b := wait.Backoff{Max: 16 * time.Second}
	for i := range 100 { // far past where doubling would overflow
		if d := b.Next(3 * time.Second); d < 1500*time.Millisecond || d > 24*time.Second {
			t.Errorf("pause %d is %v", i, d)
		}
	}
}

// Every calls until its context ends, and no call runs beside another.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var calls []time.Duration
		began := time.Now()
		wait.Every(ctx, time.Second, func() {
			calls = append(calls, time.Since(began))
			if len(calls) == 3 {
				cancel()
			}
		})
		if want := []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}; !slices.Equal(calls, want) {
			t.Errorf("called after %v, want %v", calls, want)
		}
	})
}

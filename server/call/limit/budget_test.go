package limit

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
)

var errOver = errors.New("over")

func TestBudget(t *testing.T) {
	t.Parallel()
	b := NewBudget(100, 60, errOver)
	ada, bob := b.Open("ada"), b.Open("bob")
	take := func(h *Hold, n int, want error) {
		t.Helper()
		if err := h.Take(n); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", n, err, want)
		}
	}
	take(ada, 60, nil)
	take(ada, 1, errOver) // over her share
	take(b.Open("ada"), 1, errOver)
	take(bob, 41, errOver) // over the sum
	take(bob, 40, nil)
	ada.Give(10)
	take(ada, 11, errOver)
	take(ada, 10, nil)
	part := ada.Part(30) // in memory already: never refused
	if held := b.Held(); held != 130 {
		t.Errorf("%d bytes are held", held)
	}
	ada.Close()
	ada.Close()
	ada.Give(5) // after the end of its call
	if held := b.Held(); held != 70 {
		t.Errorf("%d bytes are held after the call's end", held)
	}
	part.Close()
	bob.Close()
	if held := b.Held(); held != 0 {
		t.Errorf("%d bytes are held at last", held)
	}
	if unlimited := NewBudget(0, 0, errOver).Open("ada"); unlimited.Take(1<<40) != nil {
		t.Error("a budget without a limit refuses")
	}
	var none *Hold
	if none.Take(1<<40) != nil || none.Part(1) != nil {
		t.Error("no hold refuses")
	}
	none.Give(1)
	none.Close()
}

// Whatever calls do at the same time, in the end nothing is held, and no account stays.
func TestBudgetAtOnce(t *testing.T) {
	t.Parallel()
	b := NewBudget(1_000, 400, errOver)
	var work sync.WaitGroup
	for worker := range 8 {
		work.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			for range 2_000 {
				h := b.Open([]string{"ada", "bob", "eve"}[random.IntN(3)])
				var parts []*Hold
				for range random.IntN(5) {
					switch n := random.IntN(300); random.IntN(3) {
					case 0:
						if h.Take(n) == nil && n > 10 {
							h.Give(10)
						}
					case 1:
						parts = append(parts, h.Part(n))
					default:
						h.Close()
					}
				}
				h.Close()
				for _, part := range parts {
					part.Close()
				}
			}
		})
	}
	work.Wait()
	if b.Held() != 0 || b.Callers() != 0 {
		t.Errorf("%d bytes are held for %d callers", b.Held(), b.Callers())
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	over, full := errors.New("over"), errors.New("full")
	p := NewPlaces(2, 3, over, full)
	for _, want := range []struct {
		caller string
		err    error
	}{{"ada", nil}, {"ada", nil}, {"ada", over}, {"bob", nil}, {"bob", full}, {"eve", full}} {
		if err := p.Take(want.caller); !errors.Is(err, want.err) {
			t.Errorf("%s: %v, want %v", want.caller, err, want.err)
		}
	}
	p.Free("ada")
	if err := p.Take("eve"); err != nil {
		t.Errorf("after one was freed: %v", err)
	}
	for _, caller := range []string{"ada", "bob", "eve"} {
		p.Free(caller)
	}
	if p.Taken() != 0 || len(p.taken) != 0 {
		t.Errorf("%d places are taken, by %v", p.Taken(), p.taken)
	}
	var none *Places
	if none.Take("ada") != nil || none.Taken() != 0 {
		t.Error("no places refuse")
	}
	none.Free("ada")
}

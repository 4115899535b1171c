package call

import (
	"errors"
	"testing"
)

// What is taken for a call that has ended is not held: nobody would give it back.
func TestHoldAfterItsEnd(t *testing.T) {
	t.Parallel()
	b := NewBudget(100, 50)
	hold := b.Open("ada")
	if err := hold.Take(40); err != nil {
		t.Fatal(err)
	}
	part := hold.Part(20)
	hold.Close()
	if err := hold.Take(30); !errors.Is(err, ErrOverloaded) {
		t.Errorf("after the end: %v", err)
	}
	hold.Give(5)
	hold.Close()
	if held := b.Held(); held != 20 {
		t.Errorf("%d bytes are held, want those of the part", held)
	}
	part.Close()
	part.Close()
	if b.Held() != 0 || b.Callers() != 0 {
		t.Errorf("%d bytes of %d callers are held", b.Held(), b.Callers())
	}
}

// A caller has its share, and all together have the total.
func TestBudgetShares(t *testing.T) {
	t.Parallel()
	b := NewBudget(100, 60)
	ada, bob := b.Open("ada"), b.Open("bob")
	defer ada.Close()
	defer bob.Close()
	for _, step := range []struct {
		hold    *Hold
		bytes   int
		refused bool
	}{{ada, 50, false}, {ada, 11, true}, {ada, 10, false}, {bob, 41, true}, {bob, 40, false}, {b.Open("cy"), 1, true}} {
		if err := step.hold.Take(step.bytes); (err != nil) != step.refused {
			t.Errorf("%d bytes: %v", step.bytes, err)
		}
	}
}

package limit

import (
	"errors"
	"testing"
)

// A caller with a share has that part of all places and bytes, more or less than others; others are as before.
func TestShares(t *testing.T) {
	t.Parallel()
	shares := Shares(func(caller string) float64 {
		return map[string]float64{"large": 0.5, "small": 0.1, "tiny": 0.001}[caller]
	})
	over, full := errors.New("over"), errors.New("full")
	for caller, want := range map[string]int{"large": 10, "small": 2, "tiny": 1, "other": 4} {
		p := NewPlaces(4, 20, over, full)
		p.Shares = shares
		taken := 0
		for p.Take(caller) == nil {
			taken++
		}
		if taken != want {
			t.Errorf("%s has %d places, want %d", caller, taken, want)
		}
		b := NewBudget(20, 4, over)
		b.Shares = shares
		hold := b.Open(caller)
		if hold.Take(want) != nil || !errors.Is(hold.Take(1), over) {
			t.Errorf("%s holds %d bytes, want %d", caller, b.Held(), want)
		}
		hold.Close()
	}
	p := NewPlaces(4, 0, over, full) // there is no part of no limit
	p.Shares = shares
	for range 4 {
		if err := p.Take("large"); err != nil {
			t.Error(err)
		}
	}
	if err := p.Take("large"); !errors.Is(err, over) {
		t.Errorf("without a limit in all: %v", err)
	}
}

package limit

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// What is read waits for room, but for one at a time, however full the budget is. Callers have what it leaves.
func TestReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := errors.New("over")
		b := NewBudget(100, 0, over)
		h := b.Open("caller")
		if err := h.Take(90); err != nil {
			t.Fatal(err)
		}
		r := b.Reading()
		r.Await(50) // the first passes
		r.Add(10)
		if held := b.Held(); held != 150 {
			t.Errorf("%d bytes are held", held)
		}
		var waiting sync.WaitGroup
		done := make(chan int, 2)
		for i := range 2 {
			waiting.Go(func() { r.Await(20); done <- i })
		}
		if err := h.Take(1); !errors.Is(err, over) {
			t.Errorf("a caller: %v", err)
		}
		synctest.Wait()
		if len(done) > 0 {
			t.Error("another does not wait")
		}
		h.Give(80) // 10 of a caller, and 60
		synctest.Wait()
		if len(done) != 1 {
			t.Errorf("%d of 2 have room for 20 of 100", len(done))
		}
		r.Give(60)
		waiting.Wait()
		r.Give(40)
		h.Close()
		if held := b.Held(); held != 0 {
			t.Errorf("%d bytes are held", held)
		}
		var none *Budget
		none.Reading().Await(1)
		none.Reading().Give(1)
	})
}

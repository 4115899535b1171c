package load

import (
	"fmt"
	"sync"
)

// Faults are mistakes of a server. It may be used concurrently.
type Faults struct {
	mu    sync.Mutex
	seen  map[string]int
	order []string
}

// Add records a fault. Equal texts are counted, not repeated.
func (f *Faults) Add(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen == nil {
		f.seen = map[string]int{}
	}
	if f.seen[text]++; f.seen[text] == 1 {
		f.order = append(f.order, text)
	}
}

// List returns the faults in the order in which they were first added.
func (f *Faults) List() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]string, 0, len(f.order))
	for _, text := range f.order {
		if n := f.seen[text]; n > 1 {
			text = fmt.Sprintf("%s (%d times)", text, n)
		}
		list = append(list, text)
	}
	return list
}

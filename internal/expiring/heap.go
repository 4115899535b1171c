package expiring

import (
	"cmp"
	"container/heap"
)

// byEnd implements [heap.Interface]: the entry that ends soonest is the first.
type byEnd[K comparable, V any] []*entry[K, V]

var _ heap.Interface = (*byEnd[int, int])(nil)

func compare[K comparable, V any](a, b *entry[K, V]) int {
	return cmp.Or(a.until.Compare(b.until), cmp.Compare(a.put, b.put))
}

func (h byEnd[K, V]) Len() int           { return len(h) }
func (h byEnd[K, V]) Less(i, j int) bool { return compare(h[i], h[j]) < 0 }

func (h byEnd[K, V]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements [heap.Interface].
func (h *byEnd[K, V]) Push(x any) {
	e := x.(*entry[K, V])
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop implements [heap.Interface].
func (h *byEnd[K, V]) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}

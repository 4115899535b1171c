package store

import (
	"bytes"
	"iter"
	"math/rand/v2"
)

// tree is an immutable sorted map from keys to documents, a treap: with and without return a new one that shares all nodes but
// those on the path to the key. A nil *tree is empty. Any number of goroutines may read one.
type tree struct {
	key         []byte
	doc         Document
	priority    uint64
	left, right *tree
}

// with returns the tree with key set to doc.
func (t *tree) with(key []byte, doc Document) *tree {
	less, _, greater := t.split(key)
	return join(join(less, &tree{key: key, doc: doc, priority: rand.Uint64()}), greater)
}

// without returns the tree without key.
func (t *tree) without(key []byte) *tree {
	less, _, greater := t.split(key)
	return join(less, greater)
}

// get returns the document at key.
func (t *tree) get(key []byte) (Document, bool) {
	for t != nil {
		switch bytes.Compare(key, t.key) {
		case -1:
			t = t.left
		case 1:
			t = t.right
		default:
			return t.doc, true
		}
	}
	return nil, false
}

func (t *tree) split(key []byte) (less, equal, greater *tree) {
	if t == nil {
		return nil, nil, nil
	}
	n := *t
	switch bytes.Compare(key, t.key) {
	case -1:
		less, equal, n.left = t.left.split(key)
		return less, equal, &n
	case 1:
		n.right, equal, greater = t.right.split(key)
		return &n, equal, greater
	default:
		return t.left, t, t.right
	}
}

// join puts two trees together; all keys of a are less than all of b.
func join(a, b *tree) *tree {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.priority > b.priority:
		n := *a
		n.right = join(a.right, b)
		return &n
	default:
		n := *b
		n.left = join(a, b.left)
		return &n
	}
}

// ascend yields the keys of an interval in ascending order: O(log n) to the first, O(1) to the next.
func (t *tree) ascend(in interval) iter.Seq2[[]byte, Document] {
	return func(yield func([]byte, Document) bool) { t.walkUp(in, yield) }
}

// descend yields the keys of an interval in descending order.
func (t *tree) descend(in interval) iter.Seq2[[]byte, Document] {
	return func(yield func([]byte, Document) bool) { t.walkDown(in, yield) }
}

func (t *tree) walkUp(in interval, yield func([]byte, Document) bool) bool {
	if t == nil {
		return true
	}
	if !in.endsBefore(t.key) {
		if in.startsAfter(t.key) {
			return t.right.walkUp(in, yield)
		}
		return t.left.walkUp(in, yield) && yield(t.key, t.doc) && t.right.walkUp(in, yield)
	}
	return t.left.walkUp(in, yield)
}

func (t *tree) walkDown(in interval, yield func([]byte, Document) bool) bool {
	if t == nil {
		return true
	}
	if !in.endsBefore(t.key) {
		if in.startsAfter(t.key) {
			return t.right.walkDown(in, yield)
		}
		return t.right.walkDown(in, yield) && yield(t.key, t.doc) && t.left.walkDown(in, yield)
	}
	return t.left.walkDown(in, yield)
}

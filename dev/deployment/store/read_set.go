package store

import (
	"bytes"
	"slices"
	"sort"
)

// interval is the keys from start (inclusive) to end (exclusive); a nil end is no end.
type interval struct{ start, end []byte }

var everything = interval{}

func (in interval) startsAfter(key []byte) bool { return bytes.Compare(key, in.start) < 0 }
func (in interval) endsBefore(key []byte) bool {
	return in.end != nil && bytes.Compare(key, in.end) >= 0
}
func (in interval) holds(key []byte) bool { return !in.startsAfter(key) && !in.endsBefore(key) }

func (in interval) isEmpty() bool { return in.end != nil && bytes.Compare(in.start, in.end) >= 0 }

// indexName names an index of a table.
type indexName struct{ table, index string }

// ReadSet is what a function read: ranges of indexes. A write outside of them cannot change the function's result. Not for
// concurrent use until it is sealed.
type ReadSet map[indexName][]interval

func (r ReadSet) add(index indexName, in interval) {
	if !in.isEmpty() {
		r[index] = append(r[index], in)
	}
}

// seal sorts and merges the intervals, so that touches can search them.
func (r ReadSet) seal() {
	for index, intervals := range r {
		slices.SortFunc(intervals, func(a, b interval) int { return bytes.Compare(a.start, b.start) })
		merged := intervals[:1]
		for _, in := range intervals[1:] {
			last := &merged[len(merged)-1]
			if last.endsBefore(in.start) {
				merged = append(merged, in)
			} else if last.end != nil && (in.end == nil || bytes.Compare(in.end, last.end) > 0) {
				last.end = in.end
			}
		}
		r[index] = merged
	}
}

// touches reports whether any of the writes is inside the sealed read set.
func (r ReadSet) touches(writes []write) bool {
	return slices.ContainsFunc(writes, func(w write) bool {
		intervals := r[w.index]
		after := sort.Search(len(intervals), func(i int) bool { return intervals[i].startsAfter(w.key) })
		return after > 0 && intervals[after-1].holds(w.key)
	})
}

// write is a key of an index whose document a commit added, removed or changed.
type write struct {
	index indexName
	key   []byte
	id    string // of the document
}

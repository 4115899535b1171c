package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTree_isAnImmutableSortedMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var tr *tree
	model := map[string]bool{}
	type version struct {
		tree *tree
		keys []string
	}
	var versions []version
	for range 2000 {
		key := fmt.Sprintf("%03d", random.IntN(300))
		if random.IntN(3) == 0 {
			tr = tr.without([]byte(key))
			delete(model, key)
		} else {
			tr = tr.with([]byte(key), Document{"key": key})
			model[key] = true
		}
		versions = append(versions, version{tr, slices.Sorted(maps.Keys(model))})
	}
	for _, v := range versions[len(versions)-200:] {
		var up, down []string
		for key := range v.tree.ascend(everything) {
			up = append(up, string(key))
		}
		for key := range v.tree.descend(everything) {
			down = append(down, string(key))
		}
		slices.Reverse(down)
		if !slices.Equal(up, v.keys) || !slices.Equal(down, v.keys) {
			t.Fatalf("orders differ from the model: %v, %v, %v", up, down, v.keys)
		}
	}
}

func TestTree_yieldsIntervals(t *testing.T) {
	var tr *tree
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		tr = tr.with([]byte(key), nil)
	}
	for _, test := range []struct{ start, end, want string }{
		{"", "", "abcde"}, {"b", "", "bcde"}, {"b", "d", "bc"}, {"", "a", ""}, {"bb", "cc", "c"}, {"x", "", ""},
	} {
		in := interval{start: []byte(test.start)}
		if test.end != "" {
			in.end = []byte(test.end)
		}
		var up, down string
		for key := range tr.ascend(in) {
			up += string(key)
		}
		for key := range tr.descend(in) {
			down = string(key) + down
		}
		if up != test.want || down != test.want {
			t.Errorf("[%s, %s): up %q, down %q, want %q", test.start, test.end, up, down, test.want)
		}
	}
	if _, ok := tr.get([]byte("c")); !ok {
		t.Error("c is missing")
	}
	if _, ok := tr.get([]byte("cc")); ok {
		t.Error("cc is there")
	}
}

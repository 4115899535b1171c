package store

import "testing"

func TestReadSet_touches(t *testing.T) {
	index, other := indexName{"t", "i"}, indexName{"t", "j"}
	reads := ReadSet{}
	for _, in := range []interval{
		{[]byte("m"), []byte("p")}, {[]byte("b"), []byte("d")}, {[]byte("c"), []byte("e")}, {[]byte("x"), nil}, {[]byte("q"), []byte("q")},
	} {
		reads.add(index, in)
	}
	reads.seal()
	if n := len(reads[index]); n != 3 {
		t.Errorf("%d intervals after merging, want 3", n)
	}
	for key, want := range map[string]bool{"a": false, "b": true, "d": true, "e": false, "m": true, "p": false, "q": false, "x": true, "zz": true} {
		if got := reads.touches([]write{{index, []byte(key), "id"}}); got != want {
			t.Errorf("touches(%s) = %v", key, got)
		}
		if reads.touches([]write{{other, []byte(key), "id"}}) {
			t.Errorf("a write to another index touches")
		}
	}
}

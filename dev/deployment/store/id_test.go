package store

import (
	"strings"
	"testing"
	"time"
)

func TestEncodeID_matchesConvex(t *testing.T) {
	internal := [internalIDLen]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20439 >> 8, 20439 & 0xff}
	const want = "j57020g30g2gc1r81450p30d1s7xevpq"
	if got := encodeID(10_001, internal); got != want {
		t.Fatalf("encodeID = %s, want %s", got, want)
	}
	table, decoded, err := decodeID(want)
	if err != nil || table != 10_001 || decoded != internal {
		t.Fatalf("decodeID = %d, %x, %v", table, decoded, err)
	}
	for i := range want {
		for _, other := range "0123456789abcdefghjkmnpqrstvwxyz" {
			changed := want[:i] + string(other) + want[i+1:]
			if _, _, err := decodeID(changed); (err == nil) != (changed == want) {
				t.Fatalf("decodeID(%s): %v", changed, err)
			}
		}
	}
}

func TestDecodeID_refuses(t *testing.T) {
	for _, id := range []string{"", "x", strings.Repeat("0", 31), strings.Repeat("z", 37), strings.ToUpper("j57020g30g2gc1r81450p30d1s7xevpq"), strings.Repeat("j", 1<<20)} {
		if _, _, err := decodeID(id); err == nil {
			t.Errorf("decodeID(%.40q) succeeded", id)
		}
	}
}

func TestNewID(t *testing.T) {
	day := time.Date(2026, 1, 1, 23, 0, 0, 0, time.UTC)
	a, b := newID(firstUserTable, day), newID(firstUserTable, day)
	if a == b || len(a) != 32 {
		t.Fatalf("ids %s and %s", a, b)
	}
	_, internal, err := decodeID(a)
	if err != nil || int(internal[14])<<8|int(internal[15]) != int(day.Unix()/86400) {
		t.Fatalf("%x, %v: the id does not hold its day", internal, err)
	}
}

func FuzzDecodeID(f *testing.F) {
	f.Add("j57020g30g2gc1r81450p30d1s7xevpq")
	f.Add("")
	f.Fuzz(func(t *testing.T, id string) {
		table, internal, err := decodeID(id)
		if err == nil && encodeID(table, internal) != id {
			t.Fatalf("%q does not encode to itself", id)
		}
	})
}

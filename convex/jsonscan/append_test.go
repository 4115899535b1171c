package jsonscan

import (
	"encoding/json"
	"math"
	"testing"
)

// encoding/json writes numbers as JavaScript does, too.
func FuzzAppendNumber(f *testing.F) {
	for _, n := range []float64{0, math.Copysign(0, -1), 1, -1.5, 1e20, 1e21, 1e-6, 1e-7, 1e-10, 5e-324, math.MaxFloat64, 0.1, 1e100} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n float64) {
		if math.IsInf(n, 0) || math.IsNaN(n) {
			return
		}
		want, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if got := AppendNumber(nil, n); string(got) != string(want) {
			t.Fatalf("%g is written %s; encoding/json says %s", n, got, want)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	var dst []byte
	b.Run("number", func(b *testing.B) {
		for b.Loop() {
			dst = AppendNumber(dst[:0], 1766000000123.5)
		}
	})
	b.Run("string", func(b *testing.B) {
		for b.Loop() {
			dst = AppendString(dst[:0], `She said: "hello" twice.`)
		}
	})
}

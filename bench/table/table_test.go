package table

import (
	"testing"
)

func TestRow(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Row{
		"| 1 | x | µs | P | 2.00 (1.00–3.00) | 4.00 (3.00–5.00) | 2.00 (1.67–3.00) | ≤ 1.5 | **not met** |": {
			"1", "x", "µs", "P", Series{1, 2, 3}, Series{3, 4, 5}, AtMost(1.5), false,
		},
		"| 8 | x | µs | Node | 10.0 | 2.00 | 5.00 | ≥ 4 | met |": {"8", "x", "µs", "Node", Series{10}, Series{2}, AtLeast(4), true},
		"| 5 | x | KiB |  |  | 40.0 |  | ≤ 42 KiB | met |":       {"5", "x", "KiB", "", nil, Series{40}, Goal{Limit: 42, Unit: "KiB"}, false},
		"|  | x | ms | W | 4.00 | 2.00 | 0.50 |  |  |":           {"", "x", "ms", "W", Series{4}, Series{2}, Goal{}, false},
	} {
		if got := r.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

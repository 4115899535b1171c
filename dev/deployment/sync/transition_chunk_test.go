package sync

import (
	"strings"
	"testing"
)

func TestChunks_cutBetweenCharacters(t *testing.T) {
	text := strings.Repeat("x", maxWhole-1) + "ü" + strings.Repeat("y", maxWhole)
	parts := chunks([]byte(text))
	if len(parts) != 3 || parts[0].Chunk+parts[1].Chunk+parts[2].Chunk != text || len(parts[0].Chunk) != maxWhole-1 || parts[2].TotalParts != 3 {
		t.Errorf("%d parts, the first of %d bytes", len(parts), len(parts[0].Chunk))
	}
}

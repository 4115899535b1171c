package sync

import (
	"strconv"
	"unicode/utf8"
)

// maxWhole is the size of the largest transition in one message, and of the largest chunk, in bytes: MAX_MESSAGE_SIZE of
// get-convex/convex-backend crates/local_backend/src/subs/mod.rs.
const maxWhole = 5_000_000

// transitionChunk is a part of a transition's text. The id is the length of the text, so that two transitions may have the same.
type transitionChunk struct {
	Type         string `json:"type"`
	Chunk        string `json:"chunk"`
	PartNumber   int    `json:"partNumber"` // from 0
	TotalParts   int    `json:"totalParts"`
	TransitionID string `json:"transitionId"`
}

// chunks cuts a transition's text into parts of at most maxWhole bytes, between characters.
func chunks(text []byte) []transitionChunk {
	var parts []transitionChunk
	id := strconv.Itoa(len(text))
	for len(text) > 0 {
		end := min(maxWhole, len(text))
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}
		parts = append(parts, transitionChunk{"TransitionChunk", string(text[:end]), len(parts), 0, id})
		text = text[end:]
	}
	for i := range parts {
		parts[i].TotalParts = len(parts)
	}
	return parts
}

package jsontext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Eight bytes of text are looked at in one step, as the lanes of a word, the first byte in the lowest. A comparison leaves a
// mark, the highest bit, in each lane that is equal.
//
// Within a container quotes tell what is string: the xor of their marks up to a lane is whether it is in one, and the last
// lane says so for the next word. Brackets are marked, those within strings are dropped, and the rest are only counted: the
// container cannot end in a word that has fewer closing ones than there are levels open.
const (
	eachByte = 0x0101010101010101
	marks    = 0x80 * eachByte
)

// equal marks the lanes of x that are c. It is right for ASCII: of other bytes the caller takes care.
func equal(x uint64, c byte) uint64 { return ^((x ^ uint64(c)*eachByte) + 0x7f*eachByte) & marks }

// skipContainer consumes an object or array.
func (s *Scanner) skipContainer() error {
	depth, inText := 0, false
	for s.pos < len(s.data) {
		depth, inText = s.skipWords(depth, inText)
		if depth, inText = s.skipBytes(depth, inText); depth == 0 && !inText {
			return nil
		}
	}
	return ErrUnexpectedEnd
}

// skipWords consumes words up to one with an escape or a byte that is not ASCII, or in which the container might end. It
// returns the levels that are open then, and whether the position is within a string.
func (s *Scanner) skipWords(depth int, inText bool) (int, bool) {
	data, carry := s.data[s.pos:], uint64(0)
	if inText {
		carry = marks
	}
	n := 0
	for ; len(data)-n >= 8; n += 8 {
		x := binary.LittleEndian.Uint64(data[n:])
		if (x|equal(x, '\\'))&marks != 0 {
			break
		}
		quotes := equal(x, '"')
		quotes ^= quotes << 8
		quotes ^= quotes << 16
		quotes ^= quotes << 32
		text := quotes ^ carry
		folded := x | 0x20*eachByte // [ and ] become { and }
		closing := bits.OnesCount64(equal(folded, '}') &^ text)
		if closing >= depth {
			break
		}
		depth += bits.OnesCount64(equal(folded, '{')&^text) - closing
		carry = uint64(int64(text)>>63) & marks
	}
	s.pos += n
	return depth, carry != 0
}

// skipBytes consumes what skipWords does not: the bytes of one word, or to the end of the container or of a string that is
// not all ASCII.
func (s *Scanner) skipBytes(depth int, inText bool) (int, bool) {
	for end := min(s.pos+8, len(s.data)); s.pos < end; s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '"':
			inText = !inText
		case inText && c == '\\':
			s.pos++
		case inText && c >= utf8.RuneSelf:
			if s.skipRestOfText() != nil {
				return depth, true
			}
			return depth, false
		case inText:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				s.pos++
				return depth, false
			}
		}
	}
	s.pos = min(s.pos, len(s.data))
	return depth, inText
}

// plainPrefix is how many bytes of data, from its beginning, are ASCII that stands in a JSON string as it is; it stops short
// of the last word.
func plainPrefix(data []byte) int {
	n := 0
	for ; len(data)-n >= 8; n += 8 {
		x := binary.LittleEndian.Uint64(data[n:])
		control := ^((x & (0x60 * eachByte)) + 0x7f*eachByte) & marks // neither of the two bits of which all others have one
		if special := x&marks | equal(x, '"') | equal(x, '\\') | control; special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

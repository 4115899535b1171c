package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Text is read in words of eight bytes, the first byte lowest: arithmetic on a word works on its eight bytes at once,
// as long as no byte carries into the next. Masks have the top bit of each of their bytes set.
const (
	wordSize = 8
	ones     = 0x0101010101010101
	lows     = 0x7f * ones
	tops     = 0x80 * ones
)

func wordAt(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at:]) }

// equal is the mask of the bytes that are c: in word^c they are 0, and adding 0x7f makes the top bit of all others.
func equal(word uint64, c byte) uint64 {
	x := word ^ ones*uint64(c)
	return ^((x&lows + lows) | x) & tops
}

// count is the number of bytes in a mask: the multiplication adds them up in the highest. (bits.OnesCount64 checks each time
// whether the processor can do it.)
func count(mask uint64) int { return int((mask >> 7) * ones >> 56) }

// insides has the top bit of the bytes within strings, opening quotes included, if the word begins outside: a byte is inside if
// it has an odd number of quotes up to and including itself, which the multiplication counts. It is no mask: other bits are set.
func insides(quotes uint64) uint64 { return quotes * ones }

// skipWords consumes words of a container as long as they hold neither its end nor a backslash outside of strings or behind
// another, and returns the depth of brackets and whether the position is within a string.
//
// Most words are ASCII without a bracket or a backslash. Of those only counts whether their quotes are odd, as the bytes that
// are none then are too. With [, \ and ] moved to {, | and }, the bytes that matter are those from 0x7b to 0x7d: adding 5
// carries into the top bit from 0x7b on, and adding 2 from 0x7e on.
func (s *Scanner) skipWords(depth int, inside bool) (int, bool) {
	data, at := s.data, s.pos
	var before, escaped uint64 // all ones within a string; the top bit of the first byte if that follows a backslash
	if inside {
		before = ^uint64(0)
	}
	for ; at <= len(data)-wordSize; at += wordSize {
		word := wordAt(data, at)
		folded := word | ones*0x20
		if (word|(folded+ones*5)&^(folded+ones*2))&tops|escaped == 0 {
			others := (word ^ ones*'"' + lows) & tops
			before ^= uint64(int64(others*ones) >> 63)
			continue
		}
		backslashes := equal(word, '\\')
		escapes := backslashes<<8 | escaped
		in := insides(equal(word, '"')&^escapes) ^ before
		closing := count(equal(folded, '}') &^ in)
		if closing >= depth || backslashes&(escapes|^in) != 0 {
			break
		}
		depth += count(equal(folded, '{')&^in) - closing
		before = uint64(int64(in) >> 63)
		escaped = backslashes >> 56
	}
	s.pos = at + int(escaped>>7)
	return depth, before != 0
}

// skipContainer consumes an object or array: most of it by words, and byte by byte what they leave.
func (s *Scanner) skipContainer() error {
	depth, inside := 0, false
	for s.pos < len(s.data) {
		depth, inside = s.skipWords(depth, inside)
		if depth, inside = s.skipBytes(depth, inside); depth == 0 {
			return nil
		}
	}
	s.pos = len(s.data)
	return ErrUnexpectedEnd
}

// skipBytes consumes the bytes of one word, or to the end of the container, where depth is 0.
func (s *Scanner) skipBytes(depth int, inside bool) (int, bool) {
	for end := min(s.pos+wordSize, len(s.data)); s.pos < end; s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '"':
			inside = !inside
		case inside:
			if c == '\\' {
				s.pos++
			}
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				s.pos++
				return 0, false
			}
		}
	}
	return depth, inside
}

// plainPrefix is how many bytes of data, from its beginning, are ASCII that a JSON string holds unescaped; it stops short
// of the last word.
func plainPrefix(data []byte) int {
	n := 0
	for ; len(data)-n >= wordSize; n += wordSize {
		x := wordAt(data, n)
		control := ^((x & (0x60 * ones)) + 0x7f*ones) & tops // neither of the two bits of which all others have one
		if special := x&tops | equal(x, '"') | equal(x, '\\') | control; special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

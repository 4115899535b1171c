package jsontext

import (
	"bytes"
	"unicode/utf8"
)

// Check consumes one value whose containers are nested depth deep at most, and returns its text. Unlike Raw it trusts
// nothing.
func (s *Scanner) Check(depth int) ([]byte, error) {
	s.Peek()
	start := s.pos
	if err := s.check(depth); err != nil {
		return nil, err
	}
	return s.data[start:s.pos], nil
}

func (s *Scanner) check(depth int) error {
	switch s.Peek() {
	case '{', '[':
		if depth == 0 {
			return ErrSyntax
		}
		return s.checkContainer(depth - 1)
	case '"':
		return s.checkText()
	case 't':
		return s.Literal("true")
	case 'f':
		return s.Literal("false")
	case 'n':
		return s.Literal("null")
	default:
		_, err := s.Number()
		return err
	}
}

func (s *Scanner) checkContainer(depth int) error {
	if s.Peek() == '[' {
		return s.Elements(func(int) error { return s.check(depth) })
	}
	return s.Fields(func([]byte) error { return s.check(depth) })
}

// checkText consumes a string.
func (s *Scanner) checkText() error {
	if err := s.Expect('"'); err != nil {
		return err
	}
	var kept [utf8.UTFMax]byte
	for start := s.pos; s.pos < len(s.data); {
		c := s.data[s.pos]
		s.pos++
		switch {
		case c == '"':
			if !utf8.Valid(s.data[start:s.pos]) {
				return ErrNotUTF8
			}
			return nil
		case c == '\\':
			if _, err := s.escape(kept[:0]); err != nil {
				return err
			}
		case c < 0x20:
			return ErrSyntax
		}
	}
	return ErrUnexpectedEnd
}

// OneLine checks a text that is one value, nested depth deep at most, and returns it without line breaks.
func OneLine(text []byte, depth int) ([]byte, error) {
	s := NewScanner(text)
	value, err := s.Check(depth)
	if err == nil && !s.AtEnd() {
		err = ErrSyntax
	}
	if err != nil || !bytes.ContainsAny(value, "\r\n") {
		return value, err
	}
	isBreak := func(r rune) rune { // one in a string would be an error, so these are between values
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}
	return bytes.Map(isBreak, value), nil
}

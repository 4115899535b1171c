package convex

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// scanner reads one JSON text (RFC 8259) from front to back. It holds no state but its position, so that the canonical
// writer, the decoder and the envelope splitter share one grammar.
type scanner struct {
	data []byte
	pos  int
}

var (
	errUnexpectedEnd = errors.New("unexpected end of JSON")
	errSyntax        = errors.New("not valid JSON")
	errNotUTF8       = errors.New("string is not valid UTF-8")
	errSurrogate     = errors.New("string has a lone surrogate")
	errNumberRange   = errors.New("number does not fit a Float64")
)

// next skips white space and returns the byte that a value or mark starts with, without consuming it. 0 means the end.
func (s *scanner) next() byte {
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// accept consumes c if it is the next mark.
func (s *scanner) accept(c byte) bool {
	if s.next() != c || s.pos >= len(s.data) {
		return false
	}
	s.pos++
	return true
}

func (s *scanner) expect(c byte) error {
	if s.accept(c) {
		return nil
	}
	return s.unexpected()
}

func (s *scanner) unexpected() error {
	if s.pos >= len(s.data) {
		return errUnexpectedEnd
	}
	return errSyntax
}

// atEnd reports whether nothing but white space is left.
func (s *scanner) atEnd() bool {
	return s.next() == 0 && s.pos >= len(s.data)
}

func (s *scanner) literal(word string) error {
	if len(s.data)-s.pos < len(word) || string(s.data[s.pos:s.pos+len(word)]) != word {
		return s.unexpected()
	}
	s.pos += len(word)
	return nil
}

// number consumes a number. Text that overflows a Float64 is an error; text below its precision is rounded.
func (s *scanner) number() (float64, error) {
	start := s.pos
	if !s.numberSyntax() {
		return 0, s.unexpected()
	}
	text := s.data[start:s.pos]
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
	if err != nil {
		return 0, errNumberRange
	}
	return f, nil
}

// numberSyntax consumes -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)? and reports whether it was there.
func (s *scanner) numberSyntax() bool {
	s.skipByte('-')
	if !s.skipByte('0') && !s.digits() {
		return false
	}
	if s.skipByte('.') && !s.digits() {
		return false
	}
	if s.skipByte('e') || s.skipByte('E') {
		if !s.skipByte('+') {
			s.skipByte('-')
		}
		return s.digits()
	}
	return true
}

func (s *scanner) skipByte(c byte) bool {
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos]-'0' <= 9 {
		s.pos++
	}
	return s.pos > start
}

// text consumes a string and returns its content. The content is a part of the scanned bytes if the string has no
// escapes, so it must not be written to.
func (s *scanner) text() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	start, ascii := s.pos, true
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			content := s.data[start:s.pos]
			s.pos++
			if !ascii && !utf8.Valid(content) {
				return nil, errNotUTF8
			}
			return content, nil
		case c == '\\':
			return s.escapedText(append(make([]byte, 0, 2*(s.pos-start)+16), s.data[start:s.pos]...))
		case c < 0x20:
			return nil, errSyntax
		default:
			ascii = ascii && c < utf8.RuneSelf
			s.pos++
		}
	}
	return nil, errUnexpectedEnd
}

// escapedText goes on from the first escape of a string whose content so far is dst.
func (s *scanner) escapedText(dst []byte) ([]byte, error) {
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		s.pos++
		switch {
		case c == '"':
			if !utf8.Valid(dst) {
				return nil, errNotUTF8
			}
			return dst, nil
		case c == '\\':
			var err error
			if dst, err = s.escape(dst); err != nil {
				return nil, err
			}
		case c < 0x20:
			return nil, errSyntax
		default:
			dst = append(dst, c)
		}
	}
	return nil, errUnexpectedEnd
}

// escape consumes what follows a backslash.
func (s *scanner) escape(dst []byte) ([]byte, error) {
	if s.pos >= len(s.data) {
		return nil, errUnexpectedEnd
	}
	c := s.data[s.pos]
	s.pos++
	switch c {
	case '"', '\\', '/':
		return append(dst, c), nil
	case 'b':
		return append(dst, '\b'), nil
	case 'f':
		return append(dst, '\f'), nil
	case 'n':
		return append(dst, '\n'), nil
	case 'r':
		return append(dst, '\r'), nil
	case 't':
		return append(dst, '\t'), nil
	case 'u':
		return s.unicodeEscape(dst)
	}
	return nil, errSyntax
}

func (s *scanner) unicodeEscape(dst []byte) ([]byte, error) {
	r, err := s.hex4()
	if err != nil {
		return nil, err
	}
	if utf16.IsSurrogate(r) {
		if !s.skipByte('\\') || !s.skipByte('u') {
			return nil, errSurrogate
		}
		low, err := s.hex4()
		if err != nil {
			return nil, err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return nil, errSurrogate
		}
	}
	return utf8.AppendRune(dst, r), nil
}

func (s *scanner) hex4() (rune, error) {
	if len(s.data)-s.pos < 4 {
		return 0, errUnexpectedEnd
	}
	n, err := strconv.ParseUint(string(s.data[s.pos:s.pos+4]), 16, 16)
	if err != nil {
		return 0, errSyntax
	}
	s.pos += 4
	return rune(n), nil
}

// raw consumes one value by its brackets and quotes alone and returns its text. It trusts the text to be JSON inside:
// use it on what the deployment sent, where a full parse would cost more than all the rest.
func (s *scanner) raw() ([]byte, error) {
	s.next()
	start, depth := s.pos, 0
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case '"':
			if err := s.skipText(); err != nil {
				return nil, err
			}
			if depth == 0 {
				return s.data[start:s.pos], nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return s.scalar(start)
			}
			if depth--; depth == 0 {
				s.pos++
				return s.data[start:s.pos], nil
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return s.scalar(start)
			}
		}
		s.pos++
	}
	if depth > 0 {
		return nil, errUnexpectedEnd
	}
	return s.scalar(start)
}

// scalar checks the number or word that raw has just passed.
func (s *scanner) scalar(start int) ([]byte, error) {
	text := s.data[start:s.pos]
	switch string(text) {
	case "null", "true", "false":
		return text, nil
	}
	number := scanner{data: text}
	if !number.numberSyntax() || number.pos != len(text) {
		return nil, s.unexpected()
	}
	return text, nil
}

func (s *scanner) skipText() error {
	for s.pos++; s.pos < len(s.data); s.pos++ {
		switch s.data[s.pos] {
		case '"':
			s.pos++
			return nil
		case '\\':
			s.pos++
		}
	}
	return errUnexpectedEnd
}

// fields calls visit for every field of the object that comes next. visit consumes the field's value.
func (s *scanner) fields(visit func(name []byte) error) error {
	if err := s.expect('{'); err != nil {
		return err
	}
	if s.accept('}') {
		return nil
	}
	for {
		name, err := s.text()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := visit(name); err != nil {
			return err
		}
		if s.accept('}') {
			return nil
		}
		if err := s.expect(','); err != nil {
			return err
		}
	}
}

// elements calls visit for every element of the array that comes next. visit consumes the element.
func (s *scanner) elements(visit func(index int) error) error {
	if err := s.expect('['); err != nil {
		return err
	}
	if s.accept(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := visit(i); err != nil {
			return err
		}
		if s.accept(']') {
			return nil
		}
		if err := s.expect(','); err != nil {
			return err
		}
	}
}

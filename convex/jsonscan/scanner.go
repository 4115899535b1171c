package jsonscan

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// Scanner reads one JSON text. It has no state but its position, so that code which passes, checks or transcodes JSON
// shares one grammar. A Scanner is not for concurrent use; the text must not change while it reads.
type Scanner struct {
	data []byte
	pos  int
}

// NewScanner starts at the front of a text.
func NewScanner(text []byte) Scanner { return Scanner{data: text} }

// Rest is the text that has not been read yet.
func (s *Scanner) Rest() []byte { return s.data[s.pos:] }

// Errors of a text.
var (
	ErrUnexpectedEnd = errors.New("unexpected end of JSON")
	ErrSyntax        = errors.New("not valid JSON")
	ErrNotUTF8       = errors.New("string is not valid UTF-8")
	ErrSurrogate     = errors.New("string has a lone surrogate")
	ErrNumberRange   = errors.New("number does not fit a Float64")
)

// Peek skips white space and returns the byte that a value or mark starts with, without consuming it. 0 means the end.
func (s *Scanner) Peek() byte {
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// Accept consumes c if it is the next mark.
func (s *Scanner) Accept(c byte) bool {
	if s.Peek() != c || s.pos >= len(s.data) {
		return false
	}
	s.pos++
	return true
}

// Expect consumes c, which must be the next mark.
func (s *Scanner) Expect(c byte) error {
	if s.Accept(c) {
		return nil
	}
	return s.unexpected()
}

func (s *Scanner) unexpected() error {
	if s.pos >= len(s.data) {
		return ErrUnexpectedEnd
	}
	return ErrSyntax
}

// AtEnd reports whether nothing but white space is left.
func (s *Scanner) AtEnd() bool {
	return s.Peek() == 0 && s.pos >= len(s.data)
}

// Literal consumes a literal: true, false or null.
func (s *Scanner) Literal(literal string) error {
	if len(s.data)-s.pos < len(literal) || string(s.data[s.pos:s.pos+len(literal)]) != literal {
		return s.unexpected()
	}
	s.pos += len(literal)
	return nil
}

// Number consumes a number. Text that overflows a Float64 is an error; text below its precision is rounded.
func (s *Scanner) Number() (float64, error) {
	start := s.pos
	if !s.numberSyntax() {
		return 0, s.unexpected()
	}
	text := s.data[start:s.pos]
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64) //nolint:gosec // a view that ParseFloat does not keep; a copy for every number would cost more than the parse
	if err != nil {
		return 0, ErrNumberRange
	}
	return f, nil
}

// numberSyntax consumes -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)? and reports whether it was there.
func (s *Scanner) numberSyntax() bool {
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

func (s *Scanner) skipByte(c byte) bool {
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *Scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos]-'0' <= 9 {
		s.pos++
	}
	return s.pos > start
}

// Text consumes a string and returns its content. The content is a part of the scanned bytes if the string has no
// escapes, so it must not be written to.
func (s *Scanner) Text() ([]byte, error) {
	if err := s.Expect('"'); err != nil {
		return nil, err
	}
	start, ascii := s.pos, true
	for s.pos += plainPrefix(s.data[s.pos:]); s.pos < len(s.data); {
		switch c := s.data[s.pos]; {
		case c == '"':
			content := s.data[start:s.pos]
			s.pos++
			if !ascii && !utf8.Valid(content) {
				return nil, ErrNotUTF8
			}
			return content, nil
		case c == '\\':
			return s.escapedText(append(make([]byte, 0, 2*(s.pos-start)+16), s.data[start:s.pos]...))
		case c < 0x20:
			return nil, ErrSyntax
		default:
			ascii = ascii && c < utf8.RuneSelf
			s.pos++
		}
	}
	return nil, ErrUnexpectedEnd
}

// escapedText continues from the first escape of a string whose content so far is dst.
func (s *Scanner) escapedText(dst []byte) ([]byte, error) {
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		s.pos++
		switch {
		case c == '"':
			if !utf8.Valid(dst) {
				return nil, ErrNotUTF8
			}
			return dst, nil
		case c == '\\':
			var err error
			if dst, err = s.escape(dst); err != nil {
				return nil, err
			}
		case c < 0x20:
			return nil, ErrSyntax
		default:
			dst = append(dst, c)
		}
	}
	return nil, ErrUnexpectedEnd
}

// escape consumes what follows a backslash.
func (s *Scanner) escape(dst []byte) ([]byte, error) {
	if s.pos >= len(s.data) {
		return nil, ErrUnexpectedEnd
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
	return nil, ErrSyntax
}

func (s *Scanner) unicodeEscape(dst []byte) ([]byte, error) {
	r, err := s.hex4()
	if err != nil {
		return nil, err
	}
	if utf16.IsSurrogate(r) {
		if !s.skipByte('\\') || !s.skipByte('u') {
			return nil, ErrSurrogate
		}
		low, err := s.hex4()
		if err != nil {
			return nil, err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return nil, ErrSurrogate
		}
	}
	return utf8.AppendRune(dst, r), nil
}

func (s *Scanner) hex4() (rune, error) {
	if len(s.data)-s.pos < 4 {
		return 0, ErrUnexpectedEnd
	}
	n, err := strconv.ParseUint(string(s.data[s.pos:s.pos+4]), 16, 16)
	if err != nil {
		return 0, ErrSyntax
	}
	s.pos += 4
	return rune(n), nil
}

// Raw consumes one value by its brackets and quotes alone and returns its text. It does not check the JSON inside:
// use it on what the deployment sent, where a full parse would cost more than all the rest.
func (s *Scanner) Raw() ([]byte, error) {
	var err error
	first := s.Peek()
	start := s.pos
	switch first {
	case '"':
		err = s.skipText()
	case '{', '[':
		err = s.skipContainer()
	default:
		err = s.skipScalar()
	}
	if err != nil {
		return nil, err
	}
	return s.data[start:s.pos], nil
}

// skipScalar consumes a number or a literal.
func (s *Scanner) skipScalar() error {
	rest := s.data[s.pos:]
	if n := bytes.IndexAny(rest, ",]} \t\n\r"); n >= 0 {
		rest = rest[:n]
	}
	s.pos += len(rest)
	switch string(rest) {
	case "null", "true", "false":
		return nil
	}
	number := Scanner{data: rest}
	if !number.numberSyntax() || number.pos != len(rest) {
		return s.unexpected()
	}
	return nil
}

// skipText consumes a string without reading its escapes.
func (s *Scanner) skipText() error {
	s.pos++
	return s.skipRestOfText()
}

func (s *Scanner) skipRestOfText() error {
	for {
		n := bytes.IndexByte(s.data[s.pos:], '"')
		if n < 0 {
			s.pos = len(s.data)
			return ErrUnexpectedEnd
		}
		quote := s.pos + n
		for s.pos <= quote {
			escape := bytes.IndexByte(s.data[s.pos:quote], '\\')
			if escape < 0 {
				s.pos = quote + 1
				return nil
			}
			s.pos += escape + len(`\"`) // beyond the quote, if it is the quote that is escaped
		}
	}
}

// Fields calls visit for every field of the object that comes next. visit consumes the field's value.
func (s *Scanner) Fields(visit func(name []byte) error) error {
	if err := s.Expect('{'); err != nil {
		return err
	}
	if s.Accept('}') {
		return nil
	}
	for {
		name, err := s.Text()
		if err != nil {
			return err
		}
		if err := s.Expect(':'); err != nil {
			return err
		}
		if err := visit(name); err != nil {
			return err
		}
		if s.Accept('}') {
			return nil
		}
		if err := s.Expect(','); err != nil {
			return err
		}
	}
}

// Elements calls visit for every element of the array that comes next. visit consumes the element.
func (s *Scanner) Elements(visit func(index int) error) error {
	if err := s.Expect('['); err != nil {
		return err
	}
	if s.Accept(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := visit(i); err != nil {
			return err
		}
		if s.Accept(']') {
			return nil
		}
		if err := s.Expect(','); err != nil {
			return err
		}
	}
}

// Strings consumes an array of strings; null counts as empty.
func (s *Scanner) Strings() ([]string, error) {
	if s.Peek() == 'n' {
		return nil, s.Literal("null")
	}
	var list []string
	err := s.Elements(func(int) error {
		content, err := s.Text()
		list = append(list, string(content))
		return err
	})
	return list, err
}

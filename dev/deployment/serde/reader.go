package serde

import (
	"bytes"
	"errors"
	"fmt"
)

// maxDepth is the deepest nesting that is read, less one. Raw values may be deeper.
const maxDepth = 128

// Reader reads a JSON text from front to end, as the types in the program expect it. One goroutine uses it.
type Reader struct {
	text  []byte
	at    int
	depth int
	raw   bool // of any depth
}

// NewReader reads a text.
func NewReader(text []byte) *Reader { return &Reader{text: text} }

// End fails if anything but white space follows.
func (r *Reader) End() error {
	if _, ok := r.next(); ok {
		return r.failPeek(trailingCharacters)
	}
	return nil
}

// peek is the next byte, or 0 at the end.
func (r *Reader) peek() byte {
	if r.at >= len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// next is the next byte after white space.
func (r *Reader) next() (c byte, ok bool) {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case ' ', '\n', '\t', '\r':
			r.at++
		default:
			return c, true
		}
	}
	return 0, false
}

// fail is a syntax error after the last byte read.
func (r *Reader) fail(text string) error { return r.errorAt(true, text, r.at) }

// failPeek is a syntax error at the byte after it.
func (r *Reader) failPeek(text string) error {
	return r.errorAt(true, text, min(len(r.text), r.at+1))
}

// wrong is an error of a type.
func (r *Reader) wrong(text string) error { return r.errorAt(false, text, r.at) }

func (r *Reader) errorAt(syntax bool, text string, at int) error {
	lineStart := bytes.LastIndexByte(r.text[:at], '\n') + 1
	line := 1 + bytes.Count(r.text[:lineStart], []byte{'\n'})
	return &Error{Syntax: syntax, Text: text, Line: line, Column: at - lineStart}
}

// wrongType is the error of a value that is not of the expected type. It reads the value but for its contents.
func (r *Reader) wrongType(expected string) error {
	c, ok := r.next()
	if !ok {
		return r.failPeek(eofInValue)
	}
	what := map[byte]string{'[': "sequence", '{': "map"}[c]
	if what == "" {
		value, err := r.Value()
		if err != nil {
			return err
		}
		what = Unexpected(value)
	}
	return r.wrong(fmt.Sprintf("invalid type: %s, expected %s", what, expected))
}

// in adds the name of a field, or the index of an element, to the path of an error.
func in(step string, err error) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
	case e.Path == "":
		e.Path = step
	case e.Path[0] == '[':
		e.Path = step + e.Path
	default:
		e.Path = step + "." + e.Path
	}
	return err
}

// Fields are what a struct reads: for each field the function that reads its value.
type Fields map[string]func(*Reader) error

// Struct reads an object as a struct of that name. Fields that are not listed are skipped; required ones must be there, the first
// of them is reported.
func (r *Reader) Struct(name string, fields Fields, required ...string) error {
	c, ok := r.next()
	switch {
	case !ok:
		return r.failPeek(eofInValue)
	case c == '[':
		return r.noStruct(name, len(fields))
	case c != '{':
		return r.wrongType("struct " + name)
	}
	seen := map[string]bool{}
	err := r.object(func(key string) error {
		read, known := fields[key]
		switch {
		case !known:
			return r.Skip()
		case seen[key]:
			return r.wrong(fmt.Sprintf("duplicate field `%s`", key))
		}
		seen[key] = true
		return in(key, r.colonThen(read))
	})
	if err != nil {
		return err
	}
	for _, field := range required {
		if !seen[field] {
			return r.wrong(fmt.Sprintf("missing field `%s`", field))
		}
	}
	return nil
}

// noStruct is the error of an array in place of a struct. An array that has enough elements would be one in Rust; here it is none.
func (r *Reader) noStruct(name string, elements int) error {
	n := 0
	if err := r.seq(func(int) error { n++; return r.skip() }); err != nil {
		return err
	}
	plural := "s"
	if elements == 1 {
		plural = ""
	}
	return r.wrong(fmt.Sprintf("invalid length %d, expected struct %s with %d element%s", n, name, elements, plural))
}

// object reads the fields of an object that begins here. each is called after the key, and reads the colon and the value.
func (r *Reader) object(each func(key string) error) error {
	if err := r.deeper(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	r.at++
	for first := true; ; first = false {
		c, ok := r.next()
		switch {
		case !ok:
			return r.failPeek(eofInObject)
		case c == '}':
			r.at++
			return nil
		case !first && c != ',':
			return r.failPeek(expectedObjectEnd)
		case !first:
			r.at++
			if c, ok = r.next(); !ok {
				return r.failPeek(eofInValue)
			}
		}
		switch {
		case c == '}':
			return r.failPeek(trailingComma)
		case c != '"':
			return r.failPeek(keyMustBeString)
		}
		key, err := r.string()
		if err != nil {
			return err
		}
		if err := each(key); err != nil {
			return err
		}
	}
}

func (r *Reader) deeper() error {
	if r.depth++; r.depth == maxDepth && !r.raw {
		r.depth--
		return r.failPeek(tooDeep)
	}
	return nil
}

func (r *Reader) colon() error {
	c, ok := r.next()
	switch {
	case !ok:
		return r.failPeek(eofInObject)
	case c != ':':
		return r.failPeek(expectedColon)
	}
	r.at++
	return nil
}

func (r *Reader) colonThen(read func(*Reader) error) error {
	if err := r.colon(); err != nil {
		return err
	}
	return read(r)
}

// Seq reads an array, called expected. The elements are steps of the path.
func (r *Reader) Seq(expected string, element func(*Reader) error) error {
	c, ok := r.next()
	switch {
	case !ok:
		return r.failPeek(eofInValue)
	case c != '[':
		return r.wrongType(expected)
	}
	return r.seq(func(i int) error { return in(fmt.Sprintf("[%d]", i), element(r)) })
}

// seq reads an array that begins here.
func (r *Reader) seq(element func(i int) error) error {
	if err := r.deeper(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	r.at++
	for i := 0; ; i++ {
		c, ok := r.next()
		switch {
		case !ok:
			return r.failPeek(eofInList)
		case c == ']':
			r.at++
			return nil
		case i > 0 && c != ',':
			return r.failPeek(expectedListEnd)
		case i > 0:
			r.at++
			switch c, ok = r.next(); {
			case !ok:
				return r.failPeek(eofInValue)
			case c == ']':
				return r.failPeek(trailingComma)
			}
		}
		if err := element(i); err != nil {
			return err
		}
	}
}

// String reads a string.
func (r *Reader) String(into *string) error {
	c, ok := r.next()
	switch {
	case !ok:
		return r.failPeek(eofInValue)
	case c != '"':
		return r.wrongType("a string")
	}
	text, err := r.string()
	*into = text
	return err
}

// OptionalString reads a string or null.
func (r *Reader) OptionalString(into **string) error {
	if c, ok := r.next(); ok && c == 'n' {
		return r.ident("null")
	}
	*into = new(string)
	return r.String(*into)
}

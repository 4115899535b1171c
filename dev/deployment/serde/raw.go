package serde

import (
	"encoding/json"
	"unicode/utf8"
)

// Raw reads a value without what it means: neither the range of its numbers, nor its surrogates and nesting are checked.
func (r *Reader) Raw(into *json.RawMessage) error {
	if _, ok := r.next(); !ok {
		return r.failPeek(eofInValue)
	}
	start := r.at
	if err := r.skip(); err != nil {
		return err
	}
	if *into = r.text[start:r.at]; !utf8.Valid(*into) {
		return r.fail(invalidCodePoint)
	}
	return nil
}

// Skip reads a field's colon and value.
func (r *Reader) Skip() error {
	if err := r.colon(); err != nil {
		return err
	}
	return r.skip()
}

// skip reads a value of any depth.
func (r *Reader) skip() error {
	raw := r.raw
	defer func() { r.raw = raw }()
	r.raw = true
	c, ok := r.next()
	switch {
	case !ok:
		return r.failPeek(eofInValue)
	case c == '"':
		return r.skipString()
	case c == '-' || isDigit(c):
		_, err := r.skipNumber()
		return err
	case c == '{':
		return r.object(func(string) error { return r.Skip() })
	case c == '[':
		return r.seq(func(int) error { return r.skip() })
	default:
		return r.word(c)
	}
}

// word reads null, true or false.
func (r *Reader) word(first byte) error {
	switch first {
	case 'n':
		return r.ident("null")
	case 't':
		return r.ident("true")
	case 'f':
		return r.ident("false")
	default:
		return r.failPeek(expectedValue)
	}
}

func (r *Reader) ident(word string) error {
	r.at++
	for i := 1; i < len(word); i++ {
		if r.at >= len(r.text) {
			return r.fail(eofInValue)
		}
		r.at++
		if r.text[r.at-1] != word[i] {
			return r.fail(expectedIdent)
		}
	}
	return nil
}

func (r *Reader) skipString() error {
	r.at++
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return nil
		case c == '\\':
			if err := r.skipEscape(); err != nil {
				return err
			}
		case c < 0x20:
			return r.fail(controlCharacter)
		}
	}
	return r.fail(eofInString)
}

// skipEscape reads a backslash and what follows it, but for the last byte.
func (r *Reader) skipEscape() error {
	r.at++
	if r.at >= len(r.text) {
		return r.fail(eofInString)
	}
	c := r.text[r.at]
	if c != 'u' {
		if _, ok := escapes[c]; ok {
			return nil
		}
		r.at++
		return r.fail(invalidEscape)
	}
	r.at++
	_, err := r.hex()
	r.at--
	return err
}

package jsonscan

import "unicode/utf8"

// AppendCompact appends a text that is one value, whose containers are nested depth deep at most, without white space and
// with numbers as JavaScript prints them. Unlike Raw it checks all of the text.
func AppendCompact(dst, text []byte, depth int) ([]byte, error) {
	c := compactor{Scanner: NewScanner(text), dst: dst}
	if err := c.value(depth); err != nil {
		return nil, err
	}
	if !c.AtEnd() {
		return nil, ErrSyntax
	}
	return c.dst, nil
}

type compactor struct {
	Scanner
	dst []byte
}

func (c *compactor) value(depth int) error {
	switch c.Peek() {
	case '{':
		return c.container('{', '}', depth, c.field)
	case '[':
		return c.container('[', ']', depth, c.value)
	case '"':
		return c.text()
	case 't':
		return c.literal("true")
	case 'f':
		return c.literal("false")
	case 'n':
		return c.literal("null")
	}
	f, err := c.Number()
	if err != nil {
		return err
	}
	c.dst = AppendNumber(c.dst, f)
	return nil
}

func (c *compactor) literal(literal string) error {
	c.dst = append(c.dst, literal...)
	return c.Literal(literal)
}

// container copies an object or array, of whose members each call of member copies one.
func (c *compactor) container(begin, end byte, depth int, member func(depth int) error) error {
	if depth == 0 {
		return ErrSyntax
	}
	c.Accept(begin)
	c.dst = append(c.dst, begin)
	for last := c.Accept(end); !last; {
		if err := member(depth - 1); err != nil {
			return err
		}
		if last = c.Accept(end); !last {
			if err := c.mark(','); err != nil {
				return err
			}
		}
	}
	c.dst = append(c.dst, end)
	return nil
}

func (c *compactor) field(depth int) error {
	if err := c.text(); err != nil {
		return err
	}
	if err := c.mark(':'); err != nil {
		return err
	}
	return c.value(depth)
}

func (c *compactor) mark(mark byte) error {
	c.dst = append(c.dst, mark)
	return c.Expect(mark)
}

// text copies a string as it is written.
func (c *compactor) text() error {
	if err := c.Expect('"'); err != nil {
		return err
	}
	var kept [utf8.UTFMax]byte
	for start := c.pos; c.pos < len(c.data); {
		b := c.data[c.pos]
		c.pos++
		switch {
		case b == '"':
			written := c.data[start-1 : c.pos]
			if !utf8.Valid(written) {
				return ErrNotUTF8
			}
			c.dst = append(c.dst, written...)
			return nil
		case b == '\\':
			if _, err := c.escape(kept[:0]); err != nil {
				return err
			}
		case b < 0x20:
			return ErrSyntax
		}
	}
	return ErrUnexpectedEnd
}

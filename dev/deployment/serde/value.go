package serde

// Object is a JSON object. Of a key that is given twice the last value counts.
type Object struct {
	Keys   []string // in order of appearance, each once
	Values map[string]any
}

// Parse reads a whole text. Errors are *Error.
func Parse(text []byte) (any, error) {
	r := NewReader(text)
	value, err := r.Value()
	if err == nil {
		err = r.End()
	}
	return value, err
}

// Value reads any value.
func (r *Reader) Value() (any, error) {
	c, ok := r.next()
	switch {
	case !ok:
		return nil, r.failPeek(eofInValue)
	case c == '"':
		return r.string()
	case c == '-' || isDigit(c):
		return r.number()
	case c == '{':
		return r.objectValue()
	case c == '[':
		list := []any{}
		err := r.seq(func(int) error {
			element, err := r.Value()
			list = append(list, element)
			return err
		})
		return list, err
	default:
		err := r.word(c)
		if c == 'n' {
			return nil, err
		}
		return c == 't', err
	}
}

func (r *Reader) objectValue() (Object, error) {
	object := Object{Values: map[string]any{}}
	err := r.object(func(key string) error {
		if err := r.colon(); err != nil {
			return err
		}
		value, err := r.Value()
		if _, twice := object.Values[key]; !twice {
			object.Keys = append(object.Keys, key)
		}
		object.Values[key] = value
		return err
	})
	return object, err
}

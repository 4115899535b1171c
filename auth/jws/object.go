package jws

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a token's header and payload.
const maxDepth = 64

// Object is a JSON object in which no name occurs twice, at any depth. Numbers are kept as
// written (json.Number). Error texts name claims, never values.
type Object map[string]any

// parseObject is stricter than encoding/json where two readers of one token could
// otherwise disagree: duplicate names, invalid UTF-8 and unpaired surrogates are refused.
func parseObject(raw []byte) (Object, error) {
	switch {
	case !utf8.Valid(raw):
		return nil, errors.New("not UTF-8")
	case !json.Valid(raw):
		return nil, errors.New("not JSON")
	case hasLoneSurrogate(raw):
		return nil, fmt.Errorf("unpaired surrogate in a string%s", placeOf(raw, hasLoneSurrogate))
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err != nil {
		return nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("not an object")
	}
	return o, nil
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return nil, errors.New("not JSON")
	}
	switch t {
	case json.Delim('{'):
		return parseMembers(d, depth)
	case json.Delim('['):
		return parseElements(d, depth)
	}
	return t, nil
}

func parseMembers(d *json.Decoder, depth int) (map[string]any, error) {
	members := make(map[string]any)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errors.New("not JSON")
		}
		name, _ := t.(string)
		if _, duplicate := members[name]; duplicate {
			return nil, fmt.Errorf("%.*q occurs twice", maxNameBytes, name)
		}
		if members[name], err = parseValue(d, depth+1); err != nil {
			if depth == 0 {
				err = fmt.Errorf("%.*q: %w", maxNameBytes, name, err)
			}
			return nil, err
		}
	}
	_, err := d.Token() // the closing brace
	return members, err
}

func parseElements(d *json.Decoder, depth int) ([]any, error) {
	elements := []any{}
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		elements = append(elements, v)
	}
	_, err := d.Token() // the closing bracket
	return elements, err
}

// maxNameBytes bounds a name in an error.
const maxNameBytes = 64

// placeOf names the member of a JSON object whose value is bad, if there is one.
func placeOf(raw []byte, bad func([]byte) bool) string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members) // of another value than an object there are none
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if bad(members[name]) {
			return fmt.Sprintf(" of %.*q", maxNameBytes, name)
		}
	}
	return ""
}

// hasLoneSurrogate looks for a \uD800-\uDFFF escape that is not one half of a pair. Go reads
// it as U+FFFD, so that two different strings would become equal. raw is valid JSON.
func hasLoneSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if raw[i] != 'u' {
			continue
		}
		unit, _ := strconv.ParseUint(string(raw[i+1:i+5]), 16, 16)
		i += 4
		switch {
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return true
		case unit >= 0xD800 && unit <= 0xDBFF:
			if !isLowSurrogate(raw[i+1:]) {
				return true
			}
			i += 6
		}
	}
	return false
}

func isLowSurrogate(escape []byte) bool {
	if len(escape) < 6 || escape[0] != '\\' || escape[1] != 'u' {
		return false
	}
	unit, err := strconv.ParseUint(string(escape[2:6]), 16, 16)
	return err == nil && unit >= 0xDC00 && unit <= 0xDFFF
}

// RequireSpelling refuses an object with a name that differs from one of names only in
// case. Case-insensitive readers, encoding/json among them, would read one as the other.
func (o Object) RequireSpelling(names ...string) error {
	for have := range o {
		for _, want := range names {
			if have != want && strings.EqualFold(have, want) {
				return fmt.Errorf("misspelt %s", want)
			}
		}
	}
	return nil
}

// RefuseNames refuses an object with one of names, in any case.
func (o Object) RefuseNames(names ...string) error {
	for have := range o {
		for _, forbidden := range names {
			if strings.EqualFold(have, forbidden) {
				return fmt.Errorf("%s is not allowed", forbidden)
			}
		}
	}
	return nil
}

// Has reports whether a name has a value other than null.
func (o Object) Has(name string) bool { return o[name] != nil }

// Text returns a string, or "" for null or nothing.
func (o Object) Text(name string) (string, error) {
	switch v := o[name].(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", fmt.Errorf("%s is not a string", name)
}

// integer returns a whole number written without fraction and exponent.
func (o Object) integer(name string) (int64, error) {
	n, ok := o[name].(json.Number)
	if !ok {
		return 0, fmt.Errorf("%s is missing or not a number", name)
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not an integer", name)
	}
	return i, nil
}

// Object returns an object, or nil for null or nothing.
func (o Object) Object(name string) (Object, error) {
	switch v := o[name].(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return v, nil
	}
	return nil, fmt.Errorf("%s is not an object", name)
}

// Canonical is the object as JSON with sorted names, no spaces and numbers as written,
// without the given top-level names. Equal objects have equal canonical forms.
func (o Object) Canonical(without ...string) ([]byte, error) {
	rest := maps.Clone(o)
	for _, name := range without {
		delete(rest, name)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(rest); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

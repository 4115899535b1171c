package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"convexgateway/convex"
)

// MaxSize is the largest spec or schema that is read, in bytes.
const MaxSize = 64 << 20

// Parse reads a function spec: what `npx convex function-spec` prints, an object with the array functions, or that array alone, as a
// deployment returns it. What it cannot read it leaves out, or takes as Any, with a warning; it fails only where the text as a whole is no
// function spec.
func Parse(text []byte) (*Spec, []Warning, error) {
	entries, err := functionEntries(text)
	if err != nil {
		return nil, nil, err
	}
	var p parser
	for i, entry := range entries {
		p.entry(i, entry)
	}
	s := newSpec(p.functions, p.actions, func(f Function) {
		p.warnAs(f.Path.Canonical(), "", "is in the spec twice; the first is taken")
	})
	return s, p.warnings, nil
}

func functionEntries(text []byte) (entries []json.RawMessage, err error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("the function spec is larger than %d bytes", MaxSize)
	}
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("[")) {
		err = json.Unmarshal(text, &entries)
	} else {
		var whole struct {
			Functions *[]json.RawMessage `json:"functions"`
		}
		if err = json.Unmarshal(text, &whole); err == nil && whole.Functions == nil {
			err = errors.New("it has no array functions")
		}
		if err == nil {
			entries = *whole.Functions
		}
	}
	if err != nil {
		return nil, fmt.Errorf("this is no function spec: %w", err)
	}
	return entries, nil
}

// parser collects what it reads.
type parser struct {
	functions []Function
	actions   []HTTPAction
	warnings  []Warning
	current   string // the function that is being read
}

func (p *parser) warnAs(function, place, reason string) {
	p.warnings = append(p.warnings, Warning{Function: function, Place: place, Reason: reason})
}

// warn warns of a place in the current function.
func (p *parser) warn(place, format string, args ...any) {
	p.warnAs(p.current, place, fmt.Sprintf(format, args...))
}

// entryText is a function, or an HTTP action, of a spec.
type entryText struct {
	Identifier   string `json:"identifier"`
	FunctionType string `json:"functionType"`
	Visibility   struct {
		Kind string `json:"kind"`
	} `json:"visibility"`
	Args    json.RawMessage `json:"args"`
	Returns json.RawMessage `json:"returns"`
	Method  string          `json:"method"` // of an HTTP action
	Path    string          `json:"path"`   // of an HTTP action
}

// entry reads the i-th entry of a spec.
func (p *parser) entry(i int, text json.RawMessage) {
	p.current = fmt.Sprintf("function %d", i+1)
	var e entryText
	if err := json.Unmarshal(text, &e); err != nil {
		p.warn("", "cannot be read, and is left out: %v", err)
		return
	}
	if e.FunctionType == "HttpAction" {
		p.httpAction(e)
		return
	}
	path, err := convex.ParsePath(e.Identifier)
	if err != nil {
		p.warn("", "is left out: identifier %q: %v", e.Identifier, err)
		return
	}
	p.current = path.Canonical()
	if f, ok := p.function(path, e); ok {
		p.functions = append(p.functions, f)
	}
}

func (p *parser) function(path convex.Path, e entryText) (Function, bool) {
	f := Function{Path: path}
	switch e.FunctionType {
	case "Query":
		f.Kind = convex.Query
	case "Mutation":
		f.Kind = convex.Mutation
	case "Action":
		f.Kind = convex.Action
	default:
		p.warn("", "is left out: unknown type %q", e.FunctionType)
		return f, false
	}
	if e.Visibility.Kind != "public" {
		f.Visibility = Internal
		if e.Visibility.Kind != "internal" {
			p.warn("", "is taken as internal: unknown visibility %q", e.Visibility.Kind)
		}
	}
	f.Args = p.arguments(e.Args)
	if !isNull(e.Returns) {
		f.Returns = p.validator("returns", e.Returns, 0)
	}
	return f, true
}

func (p *parser) arguments(text json.RawMessage) Validator {
	if isNull(text) {
		return Any
	}
	args := p.validator("args", text, 0)
	if _, isObject := args.(Object); !isObject && args != Any {
		p.warn("args", "is no object; any arguments are taken")
		return Any
	}
	return args
}

func (p *parser) httpAction(e entryText) {
	if e.Method == "" || strings.ContainsFunc(e.Method+e.Path, isControl) || !strings.HasPrefix(e.Path, "/") {
		p.warn("", "is left out: an HTTP action with method %q and path %q", e.Method, e.Path)
		return
	}
	p.actions = append(p.actions, HTTPAction{Method: e.Method, Path: e.Path})
}

func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029'
}

func isNull(text json.RawMessage) bool { return len(text) == 0 || string(text) == "null" }

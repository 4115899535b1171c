package convex

import (
	"errors"
	"fmt"
	"strings"
)

// MaxPathSegment is the longest module segment of a function path, in bytes, with its `.js`.
const MaxPathSegment = 64

// Path is a function's name: a module, and an export of it. Rules: get-convex/convex-backend
// crates/convex/sync_types/src/{udf_path,module_path,path,function_name}.rs, but for paths that can never run. Paths compare with ==.
type Path struct {
	module   string // without .js
	function string
}

// ParsePath reads `module:function`, or `module` for its default export; `.js` may follow the module. Errors are
// *PathError.
func ParsePath(text string) (Path, error) {
	module, function := text, "default"
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		module, function = text[:i], text[i+1:]
	}
	stem, hasExtension := strings.CutSuffix(module, ".js")
	p := Path{module: stem, function: function}
	if err := checkModule(stem, hasExtension); err != nil {
		return Path{}, &PathError{Reason: err.Error()}
	}
	if err := checkIdentifier(function); err != nil {
		return Path{}, &PathError{Reason: "function name " + err.Error()}
	}
	return p, nil
}

// PathError is the reason why a text is not a function path.
type PathError struct{ Reason string }

func (e *PathError) Error() string { return "bad function path: " + e.Reason }

// String is the short form, as in the deployment's messages: `messages:list`, and `messages` for a default export.
// ParsePath reads it back.
func (p Path) String() string {
	switch {
	case strings.Contains(p.module, "."):
		return p.Canonical() // without its .js the name would seem to have another extension
	case p.function == "default":
		return p.module
	default:
		return p.module + ":" + p.function
	}
}

// Canonical is the full form: `messages.js:list`.
func (p Path) Canonical() string { return p.module + ".js:" + p.function }

// Module is the module without `.js`.
func (p Path) Module() string { return p.module }

// Function is the export's name.
func (p Path) Function() string { return p.function }

// IsZero reports whether p is no path.
func (p Path) IsZero() bool { return p == Path{} }

func checkModule(module string, hasExtension bool) error {
	if module == "" {
		return errors.New("module is missing")
	}
	if strings.HasPrefix(module, "/") {
		return errors.New("module must not start with /")
	}
	segments := strings.Split(module, "/")
	for i, segment := range segments {
		longest := MaxPathSegment
		if i == len(segments)-1 {
			longest -= len(".js")
			switch {
			case !hasExtension && strings.Contains(segment, ".") && strings.Trim(segment, ".") != "":
				return errors.New("module has an extension other than .js")
			case strings.LastIndexByte(strings.TrimSuffix(segment, ".js"), '.') > 0:
				// The deployment takes it and then fails, over a socket for all that share it.
				return errors.New("module has a dot within its name")
			}
		}
		if err := checkSegment(segment, longest); err != nil {
			return err
		}
	}
	return nil
}

func checkSegment(segment string, longest int) error {
	switch {
	case segment == "":
		return errors.New("module has an empty segment")
	case len(segment) > longest:
		return fmt.Errorf("module segment is longer than %d bytes, .js included", MaxPathSegment)
	case !strings.ContainsFunc(segment, isAlphanumeric):
		return errors.New("module segment has no letter or digit")
	case strings.ContainsFunc(segment, func(r rune) bool { return !isAlphanumeric(r) && r != '_' && r != '.' }):
		return errors.New("module has a character other than letters, digits, dots and underscores")
	}
	return nil
}

// checkIdentifier checks that a name is [A-Za-z_][A-Za-z0-9_]*, at most 64 bytes, not all underscores.
func checkIdentifier(name string) error {
	switch {
	case name == "":
		return errors.New("is empty")
	case len(name) > 64:
		return errors.New("is longer than 64 bytes")
	case name[0] >= '0' && name[0] <= '9':
		return errors.New("starts with a digit")
	case strings.Trim(name, "_") == "":
		return errors.New("is all underscores")
	case strings.ContainsFunc(name, func(r rune) bool { return !isAlphanumeric(r) && r != '_' }):
		return errors.New("has a character other than letters, digits and _")
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
}

package call

import (
	"strings"

	"convexgateway/dev/deployment/serde"
)

// Path is a function's name: a module, and an export of it. Rules and texts: get-convex/convex-backend
// crates/convex/sync_types/src/{udf_path,module_path,path,function_name}.rs. Unlike convex.Path it may name what can never run.
// Paths compare with ==.
type Path struct{ module, function string } // module without .js

// ParsePath reads `module:function`, or `module` for its default export.
func ParsePath(text string) (Path, error) {
	module, function := text, "default"
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		module, function = text[:i], text[i+1:]
	}
	module, err := parseModule(module)
	if err != nil {
		return Path{}, err
	}
	if err := checkIdentifier(function); err != nil {
		return Path{}, err
	}
	return Path{module, function}, nil
}

// parseModule normalises a module's path: empty and `.` segments go, and so does .js.
func parseModule(text string) (string, error) {
	var segments []string
	for i, segment := range strings.Split(text, "/") {
		switch {
		case segment == "" && i == 0 && text != "":
			return "", wording("Module paths must be relative (%s is absolute).", text)
		case segment == "" || segment == "." && i > 0:
		default:
			segments = append(segments, segment)
		}
	}
	last := len(segments) - 1
	if last < 0 || segments[last] == ".." || segments[last] == "." {
		return "", wording("Module path %s doesn't have a filename.", text)
	}
	stem, err := withoutJS(segments[last], text)
	if err != nil {
		return "", err
	}
	segments[last] = stem + ".js"
	for _, segment := range segments {
		if err := checkSegment(segment, text); err != nil {
			return "", err
		}
	}
	if segments[last] = stem; strings.LastIndexByte(stem, '.') > 0 {
		segments[last] = strings.TrimSuffix(stem, ".js")
	}
	return strings.Join(segments, "/"), nil
}

// withoutJS cuts .js off a file's name. It fails for another extension.
func withoutJS(file, module string) (string, error) {
	dot := strings.LastIndexByte(file, '.')
	switch {
	case dot <= 0: // none, or a name that begins with its only dot
		return file, nil
	case file[dot:] != ".js":
		return "", wording("Module path (%s) has an extension that isn't 'js'.", module)
	default:
		return file[:dot], nil
	}
}

func checkSegment(segment, module string) error {
	switch {
	case segment == ".":
		return wording("Invalid path component CurDir in %s.", module)
	case segment == "..":
		return wording("Invalid path component ParentDir in %s.", module)
	case len(segment) > 64:
		return wording("Path component is too long (%d > maximum 64): %s...", len(segment), segment[:64])
	case strings.ContainsFunc(segment, func(r rune) bool { return !isAlphanumeric(r) && r != '_' && r != '.' }):
		return wording("Path component %s can only contain alphanumeric characters, underscores, or periods.", segment)
	case !strings.ContainsFunc(segment, isAlphanumeric):
		return wording("Path component %s must have at least one alphanumeric character.", segment)
	}
	return nil
}

func checkIdentifier(name string) error {
	switch {
	case name == "":
		return wording("Identifier cannot be empty")
	case len(name) > 64:
		return wording("Identifier is too long (%d > maximum 64)", len(name))
	}
	for i, r := range name {
		switch {
		case i == 0 && r != '_' && (!isAlphanumeric(r) || r <= '9'):
			return wording("Invalid first character %s in %s: Identifiers must start with an alphabetic character or underscore",
				serde.DebugRune(r), name)
		case !isAlphanumeric(r) && r != '_':
			return wording("Identifier %s has invalid character %s: Identifiers can only contain alphanumeric characters or "+
				"underscores", name, serde.DebugRune(r))
		}
	}
	if strings.Trim(name, "_") == "" {
		return wording("Identifier %s cannot have exclusively underscores", name)
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
}

// Runs reports whether the module can ever run: the deployment itself fails for one whose file name has a dot inside, or neither
// letter nor digit.
func (p Path) Runs() bool {
	file := p.module[strings.LastIndexByte(p.module, '/')+1:]
	return strings.LastIndexByte(file, '.') <= 0 && strings.ContainsFunc(file, isAlphanumeric)
}

// String is the short form, as in error texts: `messages:list`, and `messages` for a default export.
func (p Path) String() string {
	if p.function == "default" {
		return p.module
	}
	return p.module + ":" + p.function
}

// Canonical is the full form: `messages.js:list`.
func (p Path) Canonical() string { return p.module + ".js:" + p.function }

// Module is the module without `.js`.
func (p Path) Module() string { return p.module }

// Function is the export's name.
func (p Path) Function() string { return p.function }

// IsSystem reports whether the function is one of the deployment's own.
func (p Path) IsSystem() bool { return strings.HasPrefix(p.module, "_system/") }

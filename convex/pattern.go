package convex

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// PathPatterns match function paths. The zero value matches none.
type PathPatterns struct{ match *regexp.Regexp }

// ParsePathPatterns reads patterns `module:function`, in which each `*` matches any characters but `/` and `:`. A `.js` may follow the
// module. Errors name the pattern.
func ParsePathPatterns(patterns []string) (PathPatterns, error) {
	if len(patterns) == 0 {
		return PathPatterns{}, nil
	}
	expressions := make([]string, len(patterns))
	for i, pattern := range patterns {
		path, err := parsePattern(pattern)
		if err != nil {
			return PathPatterns{}, fmt.Errorf("%.200q: %w", pattern, err)
		}
		expressions[i] = path
	}
	match, err := regexp.Compile("^(?:" + strings.Join(expressions, "|") + ")$")
	return PathPatterns{match}, err
}

// Match reports whether one of the patterns is that of a path.
func (p PathPatterns) Match(path Path) bool {
	return p.match != nil && p.match.MatchString(path.module+":"+path.function)
}

// wildcardName takes the place of a wildcard where a pattern is checked as a path. It is no module's extension, and short.
const wildcardName = "a"

// parsePattern returns the expression of a pattern.
func parsePattern(pattern string) (string, error) {
	if !strings.Contains(pattern, ":") {
		return "", errors.New("has no function: write module:* for all functions of a module, module:default for its default export")
	}
	if _, err := ParsePath(strings.ReplaceAll(pattern, "*", wildcardName)); err != nil {
		return "", err
	}
	at := strings.LastIndexByte(pattern, ':')
	path := strings.TrimSuffix(pattern[:at], ".js") + pattern[at:]
	return strings.ReplaceAll(regexp.QuoteMeta(path), `\*`, "[^/:]*"), nil
}

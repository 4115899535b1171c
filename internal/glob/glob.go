package glob

import "strings"

// Match reports whether a pattern matches the whole text. A * in the pattern matches any text, also the empty one; every other character
// for itself. It takes time in proportion to the product of both lengths at most.
func Match(pattern, text string) bool {
	first, rest, several := strings.Cut(pattern, "*")
	if !several {
		return pattern == text
	}
	text, found := strings.CutPrefix(text, first)
	if !found {
		return false
	}
	for {
		var part string
		part, rest, several = strings.Cut(rest, "*")
		if !several {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
}

// MatchAny reports whether one of several patterns matches the text.
func MatchAny(patterns []string, text string) bool {
	for _, pattern := range patterns {
		if Match(pattern, text) {
			return true
		}
	}
	return false
}

package call

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"convexgateway/dev/deployment/serde"
)

// semver is a semantic version, with what a comparison with release versions needs.
type semver struct {
	numbers    [3]int
	prerelease bool
}

var semverPattern = regexp.MustCompile(`^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)

func parseSemver(text string) (semver, bool) {
	match := semverPattern.FindStringSubmatch(text)
	if match == nil {
		return semver{}, false
	}
	v := semver{prerelease: match[4] != ""}
	for i := range v.numbers {
		v.numbers[i], _ = strconv.Atoi(match[i+1])
	}
	return v, true
}

// before reports whether v is older than a release.
func (v semver) before(release semver) bool {
	order := slices.Compare(v.numbers[:], release.numbers[:])
	return order < 0 || order == 0 && v.prerelease
}

// semverProblem is why a text is no semantic version, as Rust's semver crate says it.
func semverProblem(text string) string {
	if text == "" {
		return "empty string, expected a semver version"
	}
	for i, part := range []string{"major", "minor", "patch"} {
		digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
		switch {
		case digits > 1 && text[0] == '0':
			return "invalid leading zero in " + part + " version number"
		case digits == 0 && text == "":
			return "unexpected end of input while parsing " + part + " version number"
		case digits == 0:
			r, _ := utf8.DecodeRuneInString(text)
			return "unexpected character " + serde.DebugRune(r) + " while parsing " + part + " version number"
		}
		text = text[digits:]
		if i == 2 {
			break
		}
		switch {
		case text == "":
			return "unexpected end of input while parsing " + part + " version number"
		case text[0] != '.':
			r, _ := utf8.DecodeRuneInString(text)
			return "unexpected character " + serde.DebugRune(r) + " after " + part + " version number"
		}
		text = text[1:]
	}
	if text == "" {
		return "value of a version number exceeds u64::MAX"
	}
	r, _ := utf8.DecodeRuneInString(text)
	return "unexpected character " + serde.DebugRune(r) + " after patch version number"
}

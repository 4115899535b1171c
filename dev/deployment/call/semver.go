package call

import (
	"regexp"
	"slices"
	"strconv"
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

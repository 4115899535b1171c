package deployment

import (
	"fmt"
	"net/http"
	"strings"
)

// clientVersion is what a Convex-Client header says: `npm-1.45.0`.
type clientVersion struct {
	name    string // lower case; "" without a header
	version semver
	known   bool // the version could be read
}

// clientVersionOf reads a Convex-Client header.
func clientVersionOf(h http.Header) (clientVersion, error) {
	header := h.Get("Convex-Client")
	if header == "" {
		return clientVersion{}, nil
	}
	return parseClientVersion(header)
}

// parseClientVersion takes the longest suffix that is a semantic version; the name is what stands before it.
func parseClientVersion(header string) (clientVersion, error) {
	parts := strings.Split(header, "-")
	if len(parts) < 2 {
		return clientVersion{}, errBadRequest("InvalidClientVersion", fmt.Sprintf("Failed to parse client version string: '%s'. "+
			"Expected format is {client_name}-{semver}, e.g. my-esolang-client-0.0.1", header))
	}
	for i := 1; i < len(parts); i++ {
		if version, ok := parseSemver(strings.Join(parts[i:], "-")); ok {
			return clientVersion{strings.ToLower(strings.Join(parts[:i], "-")), version, true}, nil
		}
	}
	return clientVersion{name: strings.ToLower(parts[0])}, nil
}

// defaultFormat is the format of a request that names none. Old clients decoded nothing but the lossless one.
func (c clientVersion) defaultFormat() valueFormat {
	var clean semver
	switch c.name {
	case "npm", "npm-cli", "actions":
		clean = semver{numbers: [3]int{1, 4, 1}}
	case "python", "python-convex":
		clean = semver{numbers: [3]int{0, 5, 0}}
	default:
		return formatClean
	}
	if c.known && c.version.before(clean) {
		return formatEncoded
	}
	return formatClean
}

// firstWithChunks is the first npm client that takes transitions in parts: get-convex/convex-backend
// crates/common/src/version.rs.
var firstWithChunks = semver{numbers: [3]int{1, 28, 0}}

func (c clientVersion) takesChunks() bool {
	return c.name == "npm" && c.known && !c.version.before(firstWithChunks)
}

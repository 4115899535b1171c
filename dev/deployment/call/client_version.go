package call

import (
	"fmt"
	"net/http"
	"strings"
)

// ClientVersion is the content of a Convex-Client header: `npm-1.45.0`.
type ClientVersion struct {
	name    string // lower case; "" without a header
	version semver
	known   bool // the version could be read
}

// ClientVersionOf reads a Convex-Client header.
func ClientVersionOf(h http.Header) (ClientVersion, error) {
	header := h.Get("Convex-Client")
	if header == "" {
		return ClientVersion{}, nil
	}
	return parseClientVersion(header)
}

// parseClientVersion reads the longest suffix that is a semantic version; the name is the text before it.
func parseClientVersion(header string) (ClientVersion, error) {
	parts := strings.Split(header, "-")
	if len(parts) < 2 {
		return ClientVersion{}, NewBadRequest("InvalidClientVersion", fmt.Sprintf("Failed to parse client version string: '%s'. "+
			"Expected format is {client_name}-{semver}, e.g. my-esolang-client-0.0.1", header))
	}
	for i := 1; i < len(parts); i++ {
		if version, ok := parseSemver(strings.Join(parts[i:], "-")); ok {
			return ClientVersion{strings.ToLower(strings.Join(parts[:i], "-")), version, true}, nil
		}
	}
	return ClientVersion{name: strings.ToLower(parts[0])}, nil
}

// DefaultFormat is the format of responses to requests that name none. Old clients decode only the encoded one.
func (c ClientVersion) DefaultFormat() Format {
	var clean semver
	switch c.name {
	case "npm", "npm-cli", "actions":
		clean = semver{numbers: [3]int{1, 4, 1}}
	case "python", "python-convex":
		clean = semver{numbers: [3]int{0, 5, 0}}
	default:
		return Clean
	}
	if c.known && c.version.before(clean) {
		return Encoded
	}
	return Clean
}

// firstWithChunks is the first npm client that accepts transitions in parts: get-convex/convex-backend
// crates/common/src/version.rs.
var firstWithChunks = semver{numbers: [3]int{1, 28, 0}}

// TakesChunks reports whether the client accepts transitions in parts.
func (c ClientVersion) TakesChunks() bool {
	return c.name == "npm" && c.known && !c.version.before(firstWithChunks)
}

// NPMVersion is the version of an npm client, read from the path of its WebSocket.
func NPMVersion(text string) (ClientVersion, error) {
	version, ok := parseSemver(text)
	if !ok {
		return ClientVersion{}, NewBadRequest("InvalidClientVersion", "Failed to parse client version: "+text)
	}
	return ClientVersion{"npm", version, true}, nil
}

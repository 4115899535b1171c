package call

import (
	"fmt"
	"net/http"
	"strings"
)

// ClientVersion is the content of a Convex-Client header: `npm-1.45.0`.
type ClientVersion struct {
	name    string // lower case; "" without a header
	text    string // of the version
	version semver
	known   bool // the version could be read
}

// ClientVersionOf reads a Convex-Client header. It fails for a client that is too old.
func ClientVersionOf(h http.Header) (ClientVersion, error) {
	header, given := h["Convex-Client"]
	if !given {
		return ClientVersion{}, nil
	}
	c, err := parseClientVersion(header[0])
	if err == nil && c.unsupported() {
		err = NewBadRequest("ClientVersionUnsupported", c.deprecation())
	}
	return c, err
}

// parseClientVersion reads the longest suffix that is a semantic version; the name is the text before it.
func parseClientVersion(header string) (ClientVersion, error) {
	parts := strings.Split(header, "-")
	if len(parts) < 2 {
		return ClientVersion{}, NewBadRequest("InvalidClientVersion", fmt.Sprintf("Failed to parse client version string: '%s'. "+
			"Expected format is {client_name}-{semver}, e.g. my-esolang-client-0.0.1", header))
	}
	for i := 1; i < len(parts); i++ {
		text := strings.Join(parts[i:], "-")
		if version, ok := parseSemver(text); ok {
			return ClientVersion{strings.ToLower(strings.Join(parts[:i], "-")), text, version, true}, nil
		}
	}
	return ClientVersion{name: strings.ToLower(parts[0]), text: strings.Join(parts[1:], "-")}, nil
}

// oldClients are the newest versions that are not served any more, and how to update: get-convex/convex-backend
// crates/common/src/version.rs.
var oldClients = map[string]struct {
	newest semver
	update string
}{
	"npm":    {semver{numbers: [3]int{0, 19, 1}}, "`npx convex update` or `npm update`"},
	"python": {semver{numbers: [3]int{0, 0, 2}}, "`pip install --upgrade convex`"},
	"rust":   {semver{numbers: [3]int{0, 0, 1}}, "`cargo update -p convex` or by updating `Cargo.toml`"},
}

// newestDeprecated is the newest Python client that is served with a warning.
var newestDeprecated = semver{numbers: [3]int{0, 0, 3}}

func (c ClientVersion) unsupported() bool {
	old, listed := oldClients[c.name]
	return listed && (!c.known || !old.newest.before(c.version))
}

func (c ClientVersion) deprecated() bool {
	return c.name == "python" && c.known && !newestDeprecated.before(c.version)
}

// deprecation is the warning for an old client, or "".
func (c ClientVersion) deprecation() string {
	update := fmt.Sprintf("Update your Convex %s version with %s.", c.name, oldClients[c.name].update)
	switch {
	case c.unsupported():
		return fmt.Sprintf("The Convex %s package at version %s is no longer supported. %s", c.name, c.text, update)
	case c.deprecated():
		return fmt.Sprintf("The Convex %s package at %s is deprecated and will no longer be supported soon. When this version is no "+
			"longer supported, requests to Convex will fail, so it is best to upgrade and redeploy your application as soon as "+
			"possible. %s", c.name, c.text, update)
	default:
		return ""
	}
}

// SetDeprecation warns an old client.
func (c ClientVersion) SetDeprecation(h http.Header) {
	state := map[bool]string{true: "Unsupported", false: "UpgradeRequired"}[c.unsupported()]
	if message := c.deprecation(); message != "" {
		h.Set("X-Convex-Deprecation-State", state)
		h.Set("X-Convex-Deprecation-Message", message)
	}
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

// NPMVersion is the version of an npm client, read from the path of its WebSocket. It fails for a client that is too old.
func NPMVersion(text string) (ClientVersion, error) {
	version, ok := parseSemver(text)
	if !ok {
		return ClientVersion{}, NewBadRequest("InvalidClientVersion", "Failed to parse client version: "+semverProblem(text))
	}
	c := ClientVersion{"npm", text, version, true}
	if c.unsupported() {
		return c, NewBadRequest("ClientVersionUnsupported", c.deprecation())
	}
	return c, nil
}

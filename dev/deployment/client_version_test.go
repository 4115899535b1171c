package deployment

import "testing"

func TestClientVersion_defaultFormat(t *testing.T) {
	for header, want := range map[string]valueFormat{
		"npm-1.4.0": formatEncoded, "npm-1.4.1": formatClean, "npm-1.4.1-alpha.0": formatEncoded, "NPM-1.0.0": formatEncoded,
		"npm-cli-1.4.0": formatEncoded, "actions-1.3.9": formatEncoded, "python-0.4.9": formatEncoded, "python-convex-0.5.0": formatClean,
		"rust-0.0.2": formatClean, "my-own-client-1.0.0": formatClean, "npm-x": formatClean, "npm-": formatClean,
	} {
		client, err := parseClientVersion(header)
		if err != nil || client.defaultFormat() != want {
			t.Errorf("%s: %+v, %v", header, client, err)
		}
	}
	if _, err := parseClientVersion("npm"); err == nil {
		t.Error("npm has no version")
	}
	if got := (clientVersion{}).defaultFormat(); got != formatClean {
		t.Errorf("no header: %v", got)
	}
	if got, _ := parseClientVersion("npm-cli-1.2.3-rc-1"); got.name != "npm-cli" || got.version != (semver{[3]int{1, 2, 3}, true}) {
		t.Errorf("%+v", got)
	}
}

func TestClientVersion_takesChunks(t *testing.T) {
	for header, want := range map[string]bool{
		"npm-1.28.0": true, "npm-1.45.0": true, "NPM-2.0.0": true, "npm-1.27.9": false, "npm-1.28.0-alpha.1": false, "npm-latest": false,
		"npm-cli-1.45.0": false, "rust-1.45.0": false, "swift-1.45.0": false, "my-client-1.45.0": false,
	} {
		client, err := parseClientVersion(header)
		if err != nil || client.takesChunks() != want {
			t.Errorf("%s: %v, %v", header, client.takesChunks(), err)
		}
	}
	if (clientVersion{}).takesChunks() {
		t.Error("a client without a version takes chunks")
	}
}
